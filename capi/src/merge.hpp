// The parts of a change handle as the one change the registry takes.
#pragma once

#include "dangbo/registry/change.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

// No rows are begun that were not ended.
[[nodiscard]] Failure check_closed(const dangbo_change& change);

// All parts in order. Copies pointers and problems, no rows. REQUIRES: the registry's lock is held.
[[nodiscard]] registry::Change merged(const dangbo_change& change);

}  // namespace dangbo::inline v1::capi
