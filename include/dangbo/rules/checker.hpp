// Findings that keep up with a registry: after a commit or another day only those subjects are
// asked again whose answer could have changed.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/rules/check.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::rules {

// What an update did to the findings; the parts are keys as in the column `key`, ascending.
struct Step {
  std::uint64_t evaluated = 0;  // subjects asked again, over all rules
  std::vector<std::string> appeared;
  std::vector<std::string> changed;  // another outcome, severity, values, exceptions or parameters
  std::vector<std::string> gone;
};

// Holds the findings of one day of a registry. One thread at a time; keeps the snapshot alive.
class Checker {
 public:
  // Checks everything. Fails as `check` does. REQUIRES: `pack` outlives this.
  [[nodiscard]] static absl::StatusOr<Checker> start(const registry::View& view, const Pack& pack,
                                                     const CheckOptions& options = {});
  Checker(Checker&&) noexcept;
  Checker& operator=(Checker&&) noexcept;
  ~Checker();

  // Goes to a later snapshot of the same registry and to the view's day. Subjects asked again are
  // those from which a changed row can be reached by what the rules read, those that a row that
  // begins or ends in between is about, and those whose answer depends on the day and was due to
  // change. A rule is asked about all its subjects when it is about cohorts and one of its rows
  // changed, when it or a parameter or exception of it begins or ends in between, and when the day
  // goes back. O(rows of the commits + subjects asked); O(rows) when the day moves, and once
  // O(subjects) of the rules that read the day. InvalidArgument for an older snapshot.
  [[nodiscard]] absl::StatusOr<Step> update(const registry::View& view);

  // What `update` would do, for a fork of the snapshot: nothing changes here. The findings of the
  // fork under those keys come with it.
  struct Trial {
    Step step;
    table::Table before;  // findings that change or go, as they are
    table::Table after;   // findings that change or appear, as they would be
  };
  [[nodiscard]] absl::StatusOr<Trial> try_on(const registry::View& fork);

  // As `check` gives it, but for `evaluated`, which counts all updates. O(findings).
  [[nodiscard]] table::Table findings() const;
  [[nodiscard]] std::size_t size() const noexcept;
  // As rules::explain, on the facts that are at hand. O(evaluation of the subject); cohorts:
  // O(rows).
  [[nodiscard]] absl::StatusOr<std::string> explain(std::string_view rule, std::string_view subject,
                                                    const ExplainOptions& options = {}) const;

 private:
  class State;
  explicit Checker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace dangbo::inline v1::rules
