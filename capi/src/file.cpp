// Registries that stand in a file.
#include "dangbo/registry/file.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/registry/registry.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

using registry::Durability;
using registry::OpenMode;
using registry::Registry;

constexpr std::uint32_t kFlags = DANGBO_REGISTRY_SINGLE_ROOT | DANGBO_REGISTRY_SYNC_NORMAL |
                                 DANGBO_REGISTRY_SYNC_OFF | DANGBO_REGISTRY_ACCEPT_MISSING_WAL;

Failure read_options(std::uint32_t flags, OpenMode mode, registry::OpenOptions& out) {
  const bool is_normal = (flags & DANGBO_REGISTRY_SYNC_NORMAL) != 0;
  const bool is_off = (flags & DANGBO_REGISTRY_SYNC_OFF) != 0;
  if ((flags & ~kFlags) != 0 || (is_normal && is_off)) {
    return failure(DANGBO_E_ARGUMENT, {"“flags” có bit không biết, hoặc hai bit trái nhau",
                                       "unknown bits in “flags”, or two that contradict"});
  }
  out.registry.single_root = (flags & DANGBO_REGISTRY_SINGLE_ROOT) != 0;
  if (out.registry.single_root && mode != OpenMode::kCreate) {
    return failure(DANGBO_E_ARGUMENT, {"tệp đã có thì giữ SINGLE_ROOT từ khi được tạo",
                                       "a file keeps SINGLE_ROOT from its creation"});
  }
  out.durability = is_off ? Durability::kOff : is_normal ? Durability::kNormal : Durability::kFull;
  out.accept_missing_wal = (flags & DANGBO_REGISTRY_ACCEPT_MISSING_WAL) != 0;
  return nullptr;
}

std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> out;
  while (!names.empty()) {
    const std::size_t end = names.find(',');
    out.emplace_back(names.substr(0, end));
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
  }
  return out;
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_registry_open(const char* path, size_t path_size, int32_t mode, uint32_t flags,
                                   dangbo_registry** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    dangbo::registry::OpenOptions options;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    if (mode < DANGBO_OPEN_READ || mode > DANGBO_OPEN_CREATE) {
      return failure(DANGBO_E_ARGUMENT, {"không có chế độ mở này", "there is no such mode"});
    }
    const auto how = static_cast<OpenMode>(mode);
    if (Failure bad = read_options(flags, how, options)) return bad;
    auto opened = Registry::open(file, how, options);
    if (!opened.ok()) return from_status(opened.status(), DANGBO_E_FILE);
    auto shared = std::make_shared<SharedRegistry>();
    shared->registry = *std::move(opened);
    *out = new dangbo_registry(std::move(shared));
    return nullptr;
  });
}

dangbo_status dangbo_registry_redact(dangbo_registry* registry, const char* member,
                                     size_t member_size, const char* fields, size_t fields_size,
                                     int64_t time, const char* source_version,
                                     size_t source_version_size, uint64_t* commit, uint64_t* values,
                                     dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view key;
    std::string_view names;
    std::string_view mark;
    if (commit != nullptr) *commit = 0;
    if (values != nullptr) *values = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = read_text(member, member_size, "member", key)) return bad;
    if (Failure bad = read_text(fields, fields_size, "fields", names)) return bad;
    if (Failure bad = read_text(source_version, source_version_size, "source_version", mark)) {
      return bad;
    }
    const std::lock_guard lock(registry->shared->writing);
    const auto done = registry->shared->registry->redact(
        key, split(names), {.time = time, .source_version = std::string(mark)});
    if (!done.ok()) return from_status(done.status(), DANGBO_E_REFUSED);
    if (commit != nullptr) *commit = dangbo::base::index_of(done->number);
    if (values != nullptr) *values = done->values;
    return nullptr;
  });
}

dangbo_status dangbo_registry_compact(dangbo_registry* registry, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check(registry, "registry")) return bad;
    const std::lock_guard lock(registry->shared->writing);
    const absl::Status status = registry->shared->registry->compact();
    return status.ok() ? nullptr : from_status(status, DANGBO_E_FILE);
  });
}

dangbo_status dangbo_file_verify(const char* path, size_t path_size, dangbo_table** out,
                                 dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    auto verified = dangbo::registry::verify_file(file);
    if (!verified.ok()) return from_status(verified.status(), DANGBO_E_FILE);
    *out = new dangbo_table(*std::move(verified));
    return nullptr;
  });
}
