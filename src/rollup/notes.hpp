// What a result rests on, for people.
#pragma once

#include <string>

#include "rollup/document.hpp"
#include "rollup/input.hpp"
#include "rollup/targets.hpp"

namespace dangbo::inline v1::rollup {

[[nodiscard]] table::Provenance provenance_of(const std::string& canonical, const World& world,
                                              const Query::Document& document,
                                              const Targets& targets, const Tally& tally);

// The mark of a unit that is not in force on the day asked (definitions: it counts 0).
[[nodiscard]] const base::Message& not_in_force_mark();

}  // namespace dangbo::inline v1::rollup
