// What a Registry does with its durable file beside committing.
#include <new>
#include <utility>

#include "dangbo/registry/registry.hpp"
#include "registry/core.hpp"
#include "registry/file_replay.hpp"
#include "registry/journal.hpp"

namespace dangbo::inline v1::registry {

absl::StatusOr<std::unique_ptr<Registry>> Registry::open(const std::string& path, OpenMode mode,
                                                         const OpenOptions& options) {
  try {
    auto file = RegistryFile::open(path, mode, options);
    if (!file.ok()) return file.status();
    auto registry = create({.single_root = (*file)->head().single_root});
    Journal& journal = *registry->journal_;
    journal.attach(std::move(*file));
    absl::Status status = replay(*registry, *registry->core_, journal);
    if (status.ok()) status = journal.end_loading();
    if (!status.ok()) return status;
    return registry;
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory to open the registry");
  }
}

absl::Status Registry::compact() {
  try {
    return journal_->file() == nullptr ? absl::OkStatus() : journal_->file()->compact();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory to compact the registry");
  }
}

}  // namespace dangbo::inline v1::registry
