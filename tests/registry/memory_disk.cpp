#include "registry/memory_disk.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

namespace dangbo::testing {

namespace {

constexpr std::size_t kSector = 512;
constexpr int kShmLocks = SQLITE_SHM_NLOCK;

void put(std::string& file, std::int64_t offset, std::string_view bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  file.replace(at, bytes.size(), bytes);
}

bool coin(std::mt19937_64& random) {
  return (random() & 1U) != 0;
}

// Some sectors of a write; of one of them perhaps only the first bytes.
void put_in_part(std::string& file, std::int64_t offset, std::string_view bytes,
                 std::mt19937_64& random) {
  const std::size_t cut = coin(random) ? random() % (bytes.size() + 1) : bytes.size();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t place = static_cast<std::size_t>(offset) + at;
    const std::size_t length = std::min(bytes.size() - at, kSector - place % kSector);
    const std::size_t arrives = at < cut && cut < at + length ? cut - at : length;
    if (coin(random)) put(file, static_cast<std::int64_t>(place), bytes.substr(at, arrives));
    at += length;
  }
}

// The disk as it was synced, and what is still on the way to it.
class Playback {
 public:
  Playback(const DiskImage& before, bool syncs_lie) : syncs_lie_(syncs_lie) {
    int number = 0;
    for (const auto& [name, bytes] : before) {
      folder_[name] = ++number;
      files_[number] = bytes;
    }
  }

  void play(const DiskWrite& write) {
    switch (write.kind) {
      case DiskWrite::Kind::kCreate:
      case DiskWrite::Kind::kDelete:
        folder_changes_.push_back(&write);
        break;
      case DiskWrite::Kind::kWrite:
      case DiskWrite::Kind::kTruncate:
        pending_.push_back(&write);
        break;
      case DiskWrite::Kind::kSync:
        if (!syncs_lie_) sync(write.file);
        break;
      case DiskWrite::Kind::kFailedSync:
        std::erase_if(pending_, [&](const DiskWrite* one) {
          return one->file == write.file && one->kind == DiskWrite::Kind::kWrite;
        });
        break;
      case DiskWrite::Kind::kSyncFolder:
        if (!syncs_lie_) change_folder(folder_changes_.size());
        break;
    }
  }

  DiskImage cut(Survival survival, std::mt19937_64& random) {
    const std::size_t count = pending_.size();
    const std::size_t middle = count == 0 ? 0 : random() % count;
    const std::uint64_t tenths = 1 + random() % 9;  // of the writes that survive at random
    for (std::size_t i = 0; i < count; ++i) {
      const bool is_torn = survival == Survival::kTorn && i == middle;
      const bool survives = survival == Survival::kEverything ||
                            (survival == Survival::kRandom && random() % 10 < tenths) ||
                            (survival == Survival::kTorn && i <= middle) ||
                            (survival == Survival::kLate && i > middle);
      if (survives)
        apply(*pending_[i],
              is_torn || (survival == Survival::kRandom && random() % 4 == 0) ? &random : nullptr);
    }
    const std::size_t changes = folder_changes_.size();
    change_folder(survival == Survival::kNothing      ? 0
                  : survival == Survival::kEverything ? changes
                                                      : random() % (changes + 1));
    DiskImage image;
    for (const auto& [name, file] : folder_) image[name] = std::move(files_[file]);
    return image;
  }

 private:
  void apply(const DiskWrite& write, std::mt19937_64* torn) {
    std::string& file = files_[write.file];
    if (write.kind == DiskWrite::Kind::kTruncate) {
      file.resize(static_cast<std::size_t>(write.offset));
    } else if (torn != nullptr) {
      put_in_part(file, write.offset, write.bytes, *torn);
    } else {
      put(file, write.offset, write.bytes);
    }
  }

  // A file that is synced can be found again too.
  void sync(int file) {
    std::erase_if(pending_, [&](const DiskWrite* write) {
      if (write->file == file) apply(*write, nullptr);
      return write->file == file;
    });
    for (std::size_t i = folder_changes_.size(); i > 0; --i) {
      if (folder_changes_[i - 1]->kind == DiskWrite::Kind::kCreate &&
          folder_changes_[i - 1]->file == file) {
        change_folder(i);
        return;
      }
    }
  }

  void change_folder(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const DiskWrite& change = *folder_changes_[i];
      if (change.kind == DiskWrite::Kind::kCreate) {
        folder_[change.name] = change.file;
      } else {
        folder_.erase(change.name);
      }
    }
    folder_changes_.erase(folder_changes_.begin(),
                          folder_changes_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  bool syncs_lie_;
  std::map<std::string, int> folder_;
  std::map<int, std::string> files_;
  std::vector<const DiskWrite*> pending_;         // in the order in which they were done
  std::vector<const DiskWrite*> folder_changes_;  // likewise
};

int code_of(DiskCall call) noexcept {
  switch (call) {
    case DiskCall::kOpen:
      return SQLITE_CANTOPEN;
    case DiskCall::kDelete:
      return SQLITE_IOERR_DELETE;
    case DiskCall::kAccess:
      return SQLITE_IOERR_ACCESS;
    case DiskCall::kRead:
      return SQLITE_IOERR_READ;
    case DiskCall::kWrite:
      return SQLITE_IOERR_WRITE;
    case DiskCall::kTruncate:
      return SQLITE_IOERR_TRUNCATE;
    case DiskCall::kSync:
      return SQLITE_IOERR_FSYNC;
    case DiskCall::kSize:
      return SQLITE_IOERR_FSTAT;
    case DiskCall::kLock:
      return SQLITE_IOERR_LOCK;
    case DiskCall::kShmMap:
      return SQLITE_IOERR_SHMMAP;
    case DiskCall::kShmLock:
      return SQLITE_IOERR_SHMLOCK;
  }
  return SQLITE_IOERR;
}

}  // namespace

DiskImage after_power_cut(const DiskImage& before, std::span<const DiskWrite> writes,
                          Survival survival, std::mt19937_64& random, bool syncs_lie) {
  Playback playback(before, syncs_lie);
  for (const DiskWrite& write : writes) playback.play(write);
  return playback.cut(survival, random);
}

struct MemoryDisk::Node {
  int number = 0;  // 0: nameless, never recorded
  std::string bytes;
  // Who holds which of SQLite's locks.
  int readers = 0;
  const Handle* reserved = nullptr;
  const Handle* pending = nullptr;
  const Handle* exclusive = nullptr;
  // The memory that connections of a file in WAL mode share.
  std::vector<std::vector<std::uint64_t>> shared_memory;
  int shared_by = 0;
  std::array<int, kShmLocks> shm_readers{};
  std::array<const Handle*, kShmLocks> shm_writer{};
};

struct MemoryDisk::Handle {
  MemoryDisk* disk = nullptr;
  std::shared_ptr<Node> node;
  std::string name;
  bool deletes = false;       // when closed
  bool syncs_folder = false;  // with the next sync
  int lock = SQLITE_LOCK_NONE;
  bool shares_memory = false;
  std::array<bool, kShmLocks> shm_reads{};
};

// SQLite's calls, as it wants them.
struct DiskMethods {
  using Node = MemoryDisk::Node;
  using Handle = MemoryDisk::Handle;
  struct OpenFile {
    sqlite3_file base;
    Handle* handle;
  };
  static Handle& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->handle; }
  static MemoryDisk& of(sqlite3_vfs* vfs) { return *static_cast<MemoryDisk*>(vfs->pAppData); }

  // --- files
  static int close(sqlite3_file* file) {
    Handle& handle = of(file);
    MemoryDisk& disk = *handle.disk;
    if (handle.shares_memory) shm_unmap(file, 0);
    unlock(file, SQLITE_LOCK_NONE);
    if (handle.deletes && disk.files_.erase(handle.name) != 0)
      disk.note({.kind = DiskWrite::Kind::kDelete, .name = handle.name, .bytes = {}});
    --disk.open_files_;
    delete &handle;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    Handle& handle = of(file);
    if (handle.disk->must_fail(DiskCall::kRead)) return code_of(DiskCall::kRead);
    const std::string& bytes = handle.node->bytes;
    const auto wanted = static_cast<std::size_t>(count);
    const auto at = std::min(static_cast<std::size_t>(offset), bytes.size());
    const std::size_t there = std::min(wanted, bytes.size() - at);
    std::memcpy(to, bytes.data() + at, there);
    std::memset(static_cast<char*>(to) + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    Handle& handle = of(file);
    MemoryDisk& disk = *handle.disk;
    const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(count));
    if (disk.must_fail(DiskCall::kWrite)) {
      disk.write_in_part(*handle.node, offset, bytes);
      return disk.fault_.is_full ? SQLITE_FULL : code_of(DiskCall::kWrite);
    }
    put(handle.node->bytes, offset, bytes);
    if (handle.node->number != 0) {
      disk.note({.kind = DiskWrite::Kind::kWrite,
                 .file = handle.node->number,
                 .name = {},
                 .offset = offset,
                 .bytes = std::string(disk.is_recording_ ? bytes : std::string_view())});
    }
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = of(file);
    if (handle.disk->must_fail(DiskCall::kTruncate)) return code_of(DiskCall::kTruncate);
    handle.node->bytes.resize(static_cast<std::size_t>(size));
    if (handle.node->number != 0) {
      handle.disk->note({.kind = DiskWrite::Kind::kTruncate,
                         .file = handle.node->number,
                         .name = {},
                         .offset = size,
                         .bytes = {}});
    }
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* file, int) {
    Handle& handle = of(file);
    const bool fails = handle.disk->must_fail(DiskCall::kSync);
    if (handle.node->number != 0) {
      handle.disk->note({.kind = fails ? DiskWrite::Kind::kFailedSync : DiskWrite::Kind::kSync,
                         .file = handle.node->number,
                         .name = {},
                         .bytes = {}});
    }
    if (fails) return code_of(DiskCall::kSync);
    if (handle.syncs_folder)
      handle.disk->note({.kind = DiskWrite::Kind::kSyncFolder, .name = {}, .bytes = {}});
    handle.syncs_folder = false;
    return SQLITE_OK;
  }

  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (of(file).disk->must_fail(DiskCall::kSize)) return code_of(DiskCall::kSize);
    *size = static_cast<sqlite3_int64>(of(file).node->bytes.size());
    return SQLITE_OK;
  }

  // --- locks
  static int lock(sqlite3_file* file, int wanted) {
    Handle& handle = of(file);
    Node& node = *handle.node;
    if (handle.lock >= wanted) return SQLITE_OK;
    if (handle.disk->must_fail(DiskCall::kLock)) return code_of(DiskCall::kLock);
    const auto is_others = [&](const Handle* holder) {
      return holder != nullptr && holder != &handle;
    };
    if (is_others(node.exclusive) || is_others(node.pending)) return SQLITE_BUSY;
    if (wanted == SQLITE_LOCK_SHARED) {
      ++node.readers;
    } else if (is_others(node.reserved)) {
      return SQLITE_BUSY;
    } else if (wanted == SQLITE_LOCK_RESERVED) {
      node.reserved = &handle;
    } else {
      node.pending = &handle;
      if (node.readers > 1) {
        handle.lock = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
      }
      node.exclusive = &handle;
    }
    handle.lock = wanted;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int wanted) {
    Handle& handle = of(file);
    Node& node = *handle.node;
    if (handle.lock <= wanted) return SQLITE_OK;
    for (const Handle** holder : {&node.reserved, &node.pending, &node.exclusive}) {
      if (*holder == &handle) *holder = nullptr;
    }
    if (wanted == SQLITE_LOCK_NONE) --node.readers;
    handle.lock = wanted;
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* file, int* is_reserved) {
    const Node& node = *of(file).node;
    *is_reserved = node.reserved != nullptr || node.exclusive != nullptr ? 1 : 0;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  // As on Linux: 4096, and a write harms nothing beside it.
  static int sector_size(sqlite3_file*) { return 4096; }
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  // --- shared memory
  static int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    Handle& handle = of(file);
    Node& node = *handle.node;
    *memory = nullptr;
    if (handle.disk->must_fail(DiskCall::kShmMap)) return code_of(DiskCall::kShmMap);
    if (!handle.shares_memory) ++node.shared_by;
    handle.shares_memory = true;
    const auto number = static_cast<std::size_t>(region);
    if (extend == 0 && number >= node.shared_memory.size()) return SQLITE_OK;
    while (number >= node.shared_memory.size())
      node.shared_memory.emplace_back(static_cast<std::size_t>(size) / sizeof(std::uint64_t), 0);
    *memory = node.shared_memory[number].data();
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = of(file);
    Node& node = *handle.node;
    const auto begin = static_cast<std::size_t>(first);
    const std::size_t end = begin + static_cast<std::size_t>(count);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      for (std::size_t i = begin; i < end; ++i) release(handle, i);
      return SQLITE_OK;
    }
    if (handle.disk->must_fail(DiskCall::kShmLock)) return code_of(DiskCall::kShmLock);
    const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (std::size_t i = begin; i < end; ++i) {
      const bool is_written = node.shm_writer[i] != nullptr && node.shm_writer[i] != &handle;
      const int others = node.shm_readers[i] - (handle.shm_reads[i] ? 1 : 0);
      if (is_written || (is_exclusive && others > 0)) return SQLITE_BUSY;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (is_exclusive) {
        node.shm_writer[i] = &handle;
      } else if (!handle.shm_reads[i]) {
        handle.shm_reads[i] = true;
        ++node.shm_readers[i];
      }
    }
    return SQLITE_OK;
  }

  static void release(Handle& handle, std::size_t lock) {
    Node& node = *handle.node;
    if (node.shm_writer[lock] == &handle) node.shm_writer[lock] = nullptr;
    if (handle.shm_reads[lock]) --node.shm_readers[lock];
    handle.shm_reads[lock] = false;
  }

  static void shm_barrier(sqlite3_file*) {}

  static int shm_unmap(sqlite3_file* file, int) {
    Handle& handle = of(file);
    if (!handle.shares_memory) return SQLITE_OK;
    for (std::size_t i = 0; i < kShmLocks; ++i) release(handle, i);
    handle.shares_memory = false;
    if (--handle.node->shared_by == 0) handle.node->shared_memory.clear();
    return SQLITE_OK;
  }

  // --- the disk
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                  int* flags_out) {
    static const sqlite3_io_methods kMethods = {2,
                                                close,
                                                read,
                                                write,
                                                truncate,
                                                sync,
                                                file_size,
                                                lock,
                                                unlock,
                                                check_reserved,
                                                control,
                                                sector_size,
                                                characteristics,
                                                shm_map,
                                                shm_lock,
                                                shm_barrier,
                                                shm_unmap,
                                                nullptr,
                                                nullptr};
    MemoryDisk& disk = of(vfs);
    file->pMethods = nullptr;
    if (disk.must_fail(DiskCall::kOpen)) return code_of(DiskCall::kOpen);
    auto handle = std::make_unique<Handle>();
    handle->disk = &disk;
    if (name == nullptr) {
      handle->node = std::make_shared<Node>();
    } else {
      handle->name = name;
      auto& node = disk.files_[name];
      if (node == nullptr && (flags & SQLITE_OPEN_CREATE) == 0) {
        disk.files_.erase(name);
        return SQLITE_CANTOPEN;
      }
      if (node == nullptr) {
        node = std::make_shared<Node>();
        node->number = ++disk.last_file_;
        disk.note(
            {.kind = DiskWrite::Kind::kCreate, .file = node->number, .name = name, .bytes = {}});
      }
      handle->node = node;
      handle->deletes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
      constexpr int kCompanions =
          SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
      handle->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kCompanions) != 0;
    }
    if (flags_out != nullptr) *flags_out = flags;
    ++disk.open_files_;
    reinterpret_cast<OpenFile*>(file)->handle = handle.release();
    file->pMethods = &kMethods;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int syncs_folder) {
    MemoryDisk& disk = of(vfs);
    if (disk.must_fail(DiskCall::kDelete)) return code_of(DiskCall::kDelete);
    if (disk.files_.erase(name) == 0) return SQLITE_IOERR_DELETE_NOENT;
    disk.note({.kind = DiskWrite::Kind::kDelete, .name = name, .bytes = {}});
    if (syncs_folder != 0)
      disk.note({.kind = DiskWrite::Kind::kSyncFolder, .name = {}, .bytes = {}});
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    MemoryDisk& disk = of(vfs);
    if (disk.must_fail(DiskCall::kAccess)) return code_of(DiskCall::kAccess);
    const auto found = disk.files_.find(name);
    const bool is_there = found != disk.files_.end();
    *result = is_there && (flags != SQLITE_ACCESS_EXISTS || !found->second->bytes.empty()) ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_name(sqlite3_vfs*, const char* name, int room, char* to) {
    if (std::strlen(name) + 1 > static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
    std::memcpy(to, name, std::strlen(name) + 1);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int count, char* to) {
    return of(vfs).real_->xRandomness(of(vfs).real_, count, to);
  }
  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int time(sqlite3_vfs* vfs, double* now) {
    return of(vfs).real_->xCurrentTime(of(vfs).real_, now);
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

MemoryDisk::MemoryDisk(std::uint64_t seed) : random_(seed) {
  real_ = sqlite3_vfs_find(nullptr);
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(DiskMethods::OpenFile);
  vfs_.mxPathname = 512;
  vfs_.zName = "memory disk";
  vfs_.pAppData = this;
  vfs_.xOpen = DiskMethods::open;
  vfs_.xDelete = DiskMethods::remove;
  vfs_.xAccess = DiskMethods::access;
  vfs_.xFullPathname = DiskMethods::full_name;
  vfs_.xRandomness = DiskMethods::randomness;
  vfs_.xSleep = DiskMethods::sleep;
  vfs_.xCurrentTime = DiskMethods::time;
  vfs_.xGetLastError = DiskMethods::last_error;
  sqlite3_vfs_register(&vfs_, 1);
}

MemoryDisk::~MemoryDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void MemoryDisk::load(const DiskImage& image) {
  files_.clear();
  writes_.clear();
  last_file_ = 0;
  for (const auto& [name, bytes] : image) {
    auto node = std::make_shared<Node>();
    node->number = ++last_file_;
    node->bytes = bytes;
    files_[name] = std::move(node);
  }
}

DiskImage MemoryDisk::image() const {
  DiskImage image;
  for (const auto& [name, node] : files_) image[name] = node->bytes;
  return image;
}

void MemoryDisk::set_fault(const DiskFault& fault) {
  fault_ = fault;
  calls_ = 0;
  has_failed_ = false;
}

bool MemoryDisk::clear_fault() {
  fault_ = {};
  return std::exchange(has_failed_, false);
}

bool MemoryDisk::must_fail(DiskCall call) {
  if (fault_.nth == 0) return false;
  if (fault_.is_full && call != DiskCall::kWrite) return false;
  if (fault_.is_at_write && call != DiskCall::kWrite && call != DiskCall::kTruncate &&
      call != DiskCall::kSync) {
    return false;
  }
  ++calls_;
  const bool fails = calls_ == fault_.nth || (fault_.goes_on && calls_ > fault_.nth);
  if (fails && !has_failed_) what_failed_ = call;
  has_failed_ = has_failed_ || fails;
  return fails;
}

void MemoryDisk::note(DiskWrite write) {
  if (is_recording_) writes_.push_back(std::move(write));
}

void MemoryDisk::write_in_part(Node& node, std::int64_t offset, std::string_view bytes) {
  std::string after = node.bytes;
  put_in_part(after, offset, bytes, random_);
  if (after.size() > static_cast<std::size_t>(offset) && node.number != 0) {
    // What programs see now, as one write.
    note({.kind = DiskWrite::Kind::kWrite,
          .file = node.number,
          .name = {},
          .offset = offset,
          .bytes = after.substr(static_cast<std::size_t>(offset), bytes.size())});
  }
  node.bytes = std::move(after);
}

}  // namespace dangbo::testing
