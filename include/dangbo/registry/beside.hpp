// What a higher room derives from a registry and keeps as long as the registry lives.
#pragma once

#include <memory>

#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::registry {

// It must not hold a snapshot: that would hold the registry.
class Beside {
 public:
  Beside() = default;
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  virtual ~Beside() = default;
};

// What the room of queries keeps beside the registry of a snapshot, made by `make` at the first
// call; gone with the registry, and with values that are erased (Registry::redact). Any thread.
[[nodiscard]] std::shared_ptr<Beside> beside(const Snapshot& snapshot,
                                             std::shared_ptr<Beside> (*make)());

}  // namespace dangbo::inline v1::registry
