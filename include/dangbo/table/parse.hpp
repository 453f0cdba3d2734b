// From the text of a cell, or from a foreign column, to a typed value of a declared field. Nothing
// is guessed: what does not fit is a problem with a suggestion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/column.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::table {

// Builds one typed column of a field from cell texts. Empty text (after trimming spaces) and "-"
// are missing. Text is normalised to NFC; keys and text lose spaces at both ends (also no-break
// ones). Integers accept a sign only; booleans: true/false, 1/0, có/không, and x (how lists tick a
// box; an empty box stays missing). A partial value of a kUntil field becomes the exact day after
// its last possible day; other partial dates stay partial.
class FieldBuilder {
 public:
  // `inclusive_until`: the file gives the last day of the interval; one day is added (kUntil fields
  // only).
  FieldBuilder(const Field& field, bool inclusive_until);
  ~FieldBuilder();
  FieldBuilder(FieldBuilder&&) noexcept;
  FieldBuilder& operator=(FieldBuilder&&) noexcept;

  // Appends one value. When the text does not fit, appends a missing value and returns the problem,
  // its place to be filled in by the caller. REQUIRES: well-formed UTF-8.
  std::optional<base::Problem> append(std::string_view text);

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::size_t text_bytes() const noexcept;
  // The column; the builder is empty afterwards and keeps its growing vocabulary for the next
  // batch.
  [[nodiscard]] Column take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether the required fields of a schema must be there: whole rows, or parts of rows.
enum class Fields : std::uint8_t { kAllRequired, kSome };

// The same for a table that came with types of its own (Arrow, column buffers): columns are matched
// to fields by name or alias, values converted where nothing is lost (int to text key, text to date
// or code, date to date). The result holds the matched fields under their names, in the order of
// the schema, all rows of the input (a value that does not fit is missing and a problem) and its
// provenance. Columns that match no field are dropped and named in the fact "unknown_columns".
// `source` names the input in problems; rows are numbered from `first_row`, columns are named as in
// the input. A missing required field or value is a problem, and so are two columns for one field,
// of which the first is taken.
[[nodiscard]] Table conform(const Table& input, const Schema& schema, std::string_view source,
                            std::uint64_t first_row, base::ProblemList& problems,
                            Fields needed = Fields::kAllRequired);

}  // namespace dangbo::inline v1::table
