// Rows of a change on their way into the table `quarantine`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dangbo/load/quarantine.hpp"

namespace dangbo::inline v1::load::detail {

// Setting aside comes to an end by then, or is given up.
inline constexpr int kMaxPasses = 64;

// The rows of a change, less those set aside.
class SettingAside {
 public:
  SettingAside(const registry::Registry& registry, const registry::Change& change);

  // The rows that the problems name are set aside from now on; whether any was that was not.
  bool take(const base::ProblemList& problems);
  // Problems that reading found and that name no row.
  [[nodiscard]] const std::vector<base::Problem>& unplaced() const noexcept { return unplaced_; }
  [[nodiscard]] bool any() const noexcept { return !reasons_.empty(); }

  // What is left, with no problem.
  [[nodiscard]] registry::Change rest() const;
  // The rows of the table `quarantine`, one a reason.
  [[nodiscard]] registry::Change::Batch reasons() const;
  [[nodiscard]] Quarantined outcome() const;
  // visit(batch, row) for every row set aside that could be read in part.
  template <typename Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < out_.size(); ++i)
      for (const std::size_t row : out_[i]) visit(change_.batches()[i], row);
  }
  // Tables with a row that could not be read at all.
  [[nodiscard]] const std::set<std::string>& tables_with_unread() const noexcept {
    return tables_with_unread_;
  }

 private:
  struct At {
    std::size_t batch;
    std::size_t row;
  };
  [[nodiscard]] std::optional<At> find(const base::Place& place) const;

  const registry::Registry& registry_;
  const registry::Change& change_;
  std::map<std::string, std::vector<std::size_t>> by_source_;
  std::vector<std::set<std::size_t>> out_;  // rows of each batch set aside
  std::vector<base::Problem> reasons_;
  std::vector<base::Problem> unplaced_;
  std::set<std::string> tables_with_unread_;
};

// A batch but for some of its rows.
[[nodiscard]] registry::Change::Batch without(const registry::Change::Batch& batch,
                                              const std::set<std::size_t>& rows);

}  // namespace dangbo::inline v1::load::detail
