// What is wrong at a place of a pack that was read.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "dangbo/base/problem.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

[[nodiscard]] inline base::Problem problem_at(const Pack& pack, SourcePlace place,
                                              std::string_view value, base::Message reason,
                                              base::Message fix) {
  return {.code = base::ProblemCode::kBadPack,
          .place = {.file = pack.layers[place.layer].source,
                    .row = place.line,
                    .column = std::to_string(place.column)},
          .value = std::string(value),
          .reason = std::move(reason),
          .fix = std::move(fix)};
}

}  // namespace dangbo::inline v1::rules
