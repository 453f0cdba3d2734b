// A query's document resolved against one state of the facts: what is counted, for which units, on
// what base.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "rollup/count.hpp"

namespace dangbo::inline v1::rollup {

// "Units with at least one": how many rows of the inner question each unit has, by slot.
struct HavingCounts {
  Input input;
  std::vector<std::int64_t> counts;
};

struct Question {
  Targets targets;
  Input input;
  std::optional<HavingCounts> having;
  Ask base_ask;               // with a share
  std::optional<Input> base;  // its units are not filtered before `filter_base`
  std::optional<HavingCounts> base_having;
};

[[nodiscard]] CountOptions options_of(const Ask& ask);

// Every mistake of the document in one status; `world` outlives the question.
[[nodiscard]] absl::StatusOr<Question> resolve(World& world, const Query::Document& document);

// The view that the document's own "on" (required) and "known_at" ask for.
[[nodiscard]] absl::StatusOr<registry::View> view_for(const registry::Snapshot& snapshot,
                                                      const Query& query);

// Counts the "having" of the base and lets only its units through. Nothing to do without one.
[[nodiscard]] absl::Status filter_base(const World& world, Question& question);

}  // namespace dangbo::inline v1::rollup
