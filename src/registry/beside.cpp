#include "registry/beside.hpp"

#include <absl/container/flat_hash_map.h>

#include <mutex>
#include <utility>

#include "dangbo/base/make_room.hpp"

namespace dangbo::inline v1::registry {

namespace {

// Not a member of Core: nothing of the registry depends on it. Never destroyed, for a registry may
// outlive the statics.
struct All {
  std::mutex mutex;
  absl::flat_hash_map<const Core*, std::shared_ptr<Beside>> of;
};

All& all() {
  static All* const kept = new All();
  return *kept;
}

}  // namespace

std::shared_ptr<Beside> beside(const Snapshot& snapshot, std::shared_ptr<Beside> (*make)()) {
  All& kept = all();
  const std::lock_guard<std::mutex> lock(kept.mutex);
  base::make_room(kept.of);
  std::shared_ptr<Beside>& one = kept.of[&snapshot.core()];
  if (one == nullptr) one = make();
  return one;
}

void forget_beside(const Core& core) noexcept {
  All& kept = all();
  std::shared_ptr<Beside> gone;  // ends after the lock
  const std::lock_guard<std::mutex> lock(kept.mutex);
  const auto at = kept.of.find(&core);
  if (at == kept.of.end()) return;
  gone = std::move(at->second);
  kept.of.erase(at);
}

}  // namespace dangbo::inline v1::registry
