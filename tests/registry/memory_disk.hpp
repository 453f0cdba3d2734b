// A disk in memory beneath SQLite: it fails where it is told to, and tells what would be left of it
// after a power cut at any moment.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace dangbo::testing {

// The bytes of every file, by name.
using DiskImage = std::map<std::string, std::string>;

// One thing done to the disk. Files are numbered: those of the image that was loaded first, in the
// order of their names, then those created.
struct DiskWrite {
  enum class Kind : std::uint8_t {
    kCreate,
    kDelete,
    kWrite,
    kTruncate,
    kSync,
    kFailedSync,  // the writes on the way are lost, though programs go on seeing them
    kSyncFolder,
  };
  Kind kind = Kind::kSync;
  int file = 0;             // not of kDelete and kSyncFolder
  std::string name;         // of kCreate and kDelete
  std::int64_t offset = 0;  // of kWrite; of kTruncate the new size
  std::string bytes;        // of kWrite
};

// What a power cut leaves of the writes that were not synced yet. Creating and deleting happens in
// the order in which it was done, as file systems with a journal have it; everything else in any.
enum class Survival : std::uint8_t {
  kNothing,
  kEverything,
  kRandom,  // each write or not, some only in part
  kTorn,    // the first ones, the last of them only in part
  kLate,    // the last ones without those before them
};
inline constexpr std::array kSurvivals = {Survival::kNothing, Survival::kEverything,
                                          Survival::kRandom, Survival::kTorn, Survival::kLate};

// The disk on which `writes` were done, after the power was cut. `syncs_lie`: it only said that it
// had synced.
[[nodiscard]] DiskImage after_power_cut(const DiskImage& before, std::span<const DiskWrite> writes,
                                        Survival survival, std::mt19937_64& random,
                                        bool syncs_lie = false);

enum class DiskCall : std::uint8_t {
  kOpen,
  kDelete,
  kAccess,
  kRead,
  kWrite,
  kTruncate,
  kSync,
  kSize,
  kLock,
  kShmMap,
  kShmLock,
};

struct DiskFault {
  std::uint64_t nth = 0;     // the call that fails, from 1 on; 0: none
  bool goes_on = false;      // and every one after it
  bool is_full = false;      // only calls that take space, and they say SQLITE_FULL
  bool is_at_write = false;  // only kWrite, kTruncate and kSync
};

// SQLite's default disk while it lives; there is one at a time. Names are anything: "/disk/a".
class MemoryDisk {
 public:
  explicit MemoryDisk(std::uint64_t seed);
  ~MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;

  // Puts an image in place of everything. REQUIRES: no file is open.
  void load(const DiskImage& image);
  // What programs see now.
  [[nodiscard]] DiskImage image() const;
  // All that was done since load(); what is not asked for takes no memory.
  void record(bool is_wanted) { is_recording_ = is_wanted; }
  [[nodiscard]] const std::vector<DiskWrite>& writes() const { return writes_; }

  void set_fault(const DiskFault& fault);
  // True when a call failed since set_fault; `what_failed` says which kind it was.
  bool clear_fault();
  [[nodiscard]] DiskCall what_failed() const { return what_failed_; }
  [[nodiscard]] int open_files() const { return open_files_; }

 private:
  friend struct DiskMethods;
  struct Node;    // a file
  struct Handle;  // a file as one connection has it open
  // True when this call is to fail.
  bool must_fail(DiskCall call);
  void note(DiskWrite write);
  // The parts of a failing write that arrive all the same.
  void write_in_part(Node& node, std::int64_t offset, std::string_view bytes);

  sqlite3_vfs vfs_{};
  sqlite3_vfs* real_ = nullptr;
  std::map<std::string, std::shared_ptr<Node>> files_;
  int last_file_ = 0;
  int open_files_ = 0;
  bool is_recording_ = false;
  std::vector<DiskWrite> writes_;
  DiskFault fault_;
  std::uint64_t calls_ = 0;
  bool has_failed_ = false;
  DiskCall what_failed_ = DiskCall::kOpen;
  std::mt19937_64 random_;
};

}  // namespace dangbo::testing
