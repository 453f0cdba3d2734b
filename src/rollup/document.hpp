// A query as parsed: plain data, nothing looked up yet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dangbo/rollup/query.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::rollup {

// "of" of the movement balance, which is a query with columns of its own.
inline constexpr std::string_view kMovements = "movements";

using Value = std::variant<bool, std::int64_t, std::string>;

enum class Test : std::uint8_t { kEquals, kNot, kMissing, kPresent, kRange, kYears };

// One entry of "where". `at` is its JSON pointer.
struct Condition {
  std::string column;
  Test test = Test::kEquals;
  std::vector<Value> values;
  std::string at;
  // kRange and kYears: [from, until), whole numbers or texts of dates.
  std::optional<Value> from;
  std::optional<Value> until;
  bool certain = false;  // kYears: partial dates too, where every possible day agrees
};

struct Period {
  std::string text;       // the value to match; empty: `range` decides
  std::string from_text;  // as written, for the canonical form
  std::string until_text;
  time::DateRange range;  // of a movement balance also the days of `text`
};

// What is computed over the rows.
enum class Measure : std::uint8_t { kCount, kSum, kMin, kMax, kMean };

[[nodiscard]] constexpr const char* name_of(Measure measure) noexcept {
  constexpr const char* kNames[] = {"count", "sum", "min", "max", "mean"};
  return kNames[static_cast<std::size_t>(measure)];
}

enum class DatedBy : std::uint8_t { kCeremony, kDecision };
enum class Scope : std::uint8_t { kBelow, kOwn };

struct Having;

// What is counted: shared by the query itself, "having" and a share given as a query.
struct Ask {
  std::string at;  // JSON pointer of the object; "" for the document
  std::string of;
  Measure measure = Measure::kCount;
  std::string sum;  // the column that is added up, averaged, or whose least or most is asked
  std::optional<Period> period;
  DatedBy dated_by = DatedBy::kCeremony;
  Scope scope = Scope::kBelow;
  std::vector<Condition> where;
  std::string condition;  // "where" as an expression; empty: none
  std::shared_ptr<const Having> having;
};

// One entry of "by".
struct GroupBy {
  std::string name;        // of the column of the result, and of the table's when
  std::string expression;  // this is empty
  // Bands of completed years since a date, or of a whole number: the column, and the first number
  // of every band but the lowest.
  std::string years;
  std::string number;
  std::vector<std::int64_t> edges;
  bool certain = false;  // of years: as in a condition
};

struct Having {
  Ask ask;
  std::int64_t at_least = 1;
};

enum class EachKind : std::uint8_t { kChildren, kAll, kLevel, kClass, kKind };

struct Each {
  EachKind kind = EachKind::kChildren;
  std::uint32_t level = 0;
  std::vector<std::string> words;
};

struct Share {
  std::string name;  // empty: `query`
  std::shared_ptr<const Ask> query;
};

// The first rows by the figure.
struct Best {
  bool top = true;
  std::uint32_t count = 0;
  std::string by;  // "percent"; empty: the figure itself
};

// The rows behind one cell: its unit and its groups by the names of the result's columns.
struct Cell {
  std::string column;
  std::optional<Value> value;  // nothing: missing
};

struct Query::Document {
  std::string canonical;
  std::optional<time::Date> on;
  std::vector<time::Date> days;       // instead of `on`: the same question about each of them
  std::optional<Period> months;       // then they are the last days of its months
  std::optional<time::Date> compare;  // an earlier day, with what came and went since
  std::optional<Best> best;
  std::optional<std::vector<Cell>> rows;
  std::optional<std::uint32_t> known_at;
  std::optional<time::Date> structure;  // the day whose tree the rows are shown under
  Ask ask;
  std::optional<std::string> unit;
  std::optional<Each> each;
  std::vector<GroupBy> by;
  std::optional<Share> share;
};

// The day a balance is about. REQUIRES: its period has an end.
[[nodiscard]] inline time::Date last_day_of(const Query::Document& document) {
  return time::Date::from_days(document.ask.period->range.until_day() - 1);
}

}  // namespace dangbo::inline v1::rollup
