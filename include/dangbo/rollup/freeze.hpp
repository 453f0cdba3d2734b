// Số liệu chốt: a result kept with its question and the state of knowledge it was computed from,
// and what has become of its figures since. docs/freeze.md is the manual.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::rollup {

// One small JSON document with the figures, never the rows behind them. Immutable; copies share.
class Frozen {
 public:
  // Reads a document of `freeze`; layout and order of keys do not matter. InvalidArgument for one
  // that is broken, of another version or larger than 32 MiB (kBadQuery, place.column = JSON
  // pointer), and for one changed since it was frozen (kBadDigest). O(bytes).
  [[nodiscard]] static absl::StatusOr<Frozen> parse(std::string_view json);
  // The document: same facts and question, same bytes, its last line end included.
  [[nodiscard]] const std::string& to_json() const noexcept;

  // The question, with its "on" and without "known_at".
  [[nodiscard]] const Query& query() const noexcept;
  [[nodiscard]] base::CommitNumber known_at() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> commit_time() const noexcept;  // none: before the first
  [[nodiscard]] const table::Table& table() const noexcept;                // the figures
  // SHA-256 of everything else in the document, in hexadecimal: what a host signs.
  [[nodiscard]] const std::string& digest() const noexcept;

  struct Body;  // of the bodies
  explicit Frozen(std::shared_ptr<const Body> body) noexcept : body_(std::move(body)) {}
  [[nodiscard]] const Body& body() const noexcept { return *body_; }

 private:
  std::shared_ptr<const Body> body_;
};

// Answers the query as `run` does and keeps the answer. Fails as `run` does, and with kTooManyCells
// when the document would be larger than Frozen::parse takes.
[[nodiscard]] absl::StatusOr<Frozen> freeze(const registry::View& view, const Query& query);
[[nodiscard]] absl::StatusOr<Frozen> freeze(const registry::Snapshot& snapshot, const Query& query);

struct CompareOptions {
  bool all = false;  // also the cells that are as they were, and the causes that cancel out in them
};

// What has become of frozen figures.
struct Comparison {
  // cell (number from 1), then as in the result: unit_id, name, the grouping columns; figure (count
  // or sum, base) when the query asks a share; frozen, now (missing: no such row), difference.
  table::Table cells;
  // Why, one row for every row that is counted differently: cell, cell_name, figure (as above),
  // effect, cause (late, correction, withdrawn, reorganisation, attribute, unknown,
  // not_broken_down), table, row_id, commit and time of what made it so, unit_id, member_id,
  // counted_row (RowId in the table counted), field, before, after. The effects of a cell add up to
  // its difference, always. Rows of `causes` are about persons; those of `cells` are not.
  table::Table causes;
  std::size_t differing = 0;  // cells whose figure differs
};

// Asks the frozen question again with what the view knows. When its registry does not have the
// commit that was frozen, or has another in its place, the causes are "unknown" and a note says so.
// InvalidArgument when the view is of another day. O(rows of the tables + units + cells). Any
// thread.
[[nodiscard]] absl::StatusOr<Comparison> compare(const registry::View& view, const Frozen& frozen,
                                                 const CompareOptions& options = {});
// With all that the snapshot knows.
[[nodiscard]] absl::StatusOr<Comparison> compare(const registry::Snapshot& snapshot,
                                                 const Frozen& frozen,
                                                 const CompareOptions& options = {});

}  // namespace dangbo::inline v1::rollup
