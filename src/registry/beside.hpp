// Where what stands beside a registry is kept: by its core, which takes it along.
#pragma once

#include "dangbo/registry/beside.hpp"

namespace dangbo::inline v1::registry {

void forget_beside(const Core& core) noexcept;

}  // namespace dangbo::inline v1::registry
