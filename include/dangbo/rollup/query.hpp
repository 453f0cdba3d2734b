// A question as one JSON document: the same text in C++, C, Python, the command and kept results.
// docs/query.md is its manual.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::rollup {

// A query whose form has been checked; names of tables, columns and units are checked against a
// registry by `run`. Immutable; copies share.
class Query {
 public:
  // InvalidArgument with one problem a mistake (code kBadQuery, place.column = JSON pointer such as
  // "/where/sex").
  [[nodiscard]] static absl::StatusOr<Query> parse(std::string_view json);
  // The document in canonical form: keys in the manual's order, defaults left out. parse(to_json())
  // gives an equal query.
  [[nodiscard]] const std::string& to_json() const noexcept;
  // The as-of day of the document, when it gives one.
  [[nodiscard]] std::optional<time::Date> on() const noexcept;
  // The same question about a day, as known at whatever commit: "on" given, "known_at" left out.
  [[nodiscard]] Query about(time::Date day) const;

  struct Document;  // of the bodies
  [[nodiscard]] const Document& document() const noexcept { return *document_; }

 private:
  explicit Query(std::shared_ptr<const Document> document) : document_(std::move(document)) {}
  std::shared_ptr<const Document> document_;
};

// What a host says about one run; the question itself says nothing of it.
struct RunOptions {
  // Called on the thread that runs, now and then, with the part that is done, 0 to 1. False ends
  // the run with Cancelled. Empty: nobody asks. It must not throw.
  std::function<bool(double done)> progress;
  // Threads that count, beside each other; the answer has the same bytes with any number. 0 and 1:
  // the one that calls.
  unsigned threads = 1;
  // Whoever asks is entitled to counts only: "rows" is answered by their number.
  bool counts_only = false;
};

// Answers a query in the view of a day. A document with another "on" or "known_at" than the view's
// is refused; a list of days is answered for those days. The result has a row for each unit asked
// for and each group met: on (for several days), unit_id and name (when "each" is given), the
// grouping columns, then count (or sum, min, max, mean), then base and percent when a share is
// asked. Rows are ordered by unit key, then groups by text, missing last. Provenance: query, on,
// known_at, period, unit, scope, base; notes say what was approximate or could not be placed.
// O(rows of the table + units); memberships of what is known now are laid out once, and then
// scanned by column. InvalidArgument (kBadQuery, kUnknownColumn, kUnknownUnit, kTooManyCells) names
// the place. Any thread.
[[nodiscard]] absl::StatusOr<table::Table> run(const registry::View& view, const Query& query,
                                               const RunOptions& options = {});

// The same for the document's own "on" (required) and "known_at".
[[nodiscard]] absl::StatusOr<table::Table> run(const registry::Snapshot& snapshot,
                                               const Query& query, const RunOptions& options = {});

// The tree of a view as a Table in pre-order: unit_id, name, kind, class, parent_id, level,
// members_own, members_below, siblings by key. `unit` empty: all roots. `depth` 0: no limit.
[[nodiscard]] absl::StatusOr<table::Table> tree_table(const registry::View& view,
                                                      std::string_view unit, std::uint32_t depth);

}  // namespace dangbo::inline v1::rollup
