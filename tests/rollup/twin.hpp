// A slow, obvious answer to the same questions: rows are maps of texts, every question scans every
// row, every unit is asked on its own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/time/date_range.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

struct TwinRow {
  Cells cells;
  int commit = 1;
  time::DateRange days;      // from "from" and "until", read once
  int superseded = 0;        // commit that corrected or withdrew it; 0: none
  std::uint32_t number = 0;  // RowId in the registry
};

using History = std::map<std::string, std::vector<TwinRow>>;  // by table

struct TwinCondition {
  std::string column;
  std::string test;  // "is", "not", "missing", "present", "range" (of days), "years"
  std::vector<std::string> words;
  std::string from = "";  // of a range or of years; "" is no bound
  std::string until = "";
  bool certain = false;
};

// Bands of completed years since a date, as a group.
struct TwinBands {
  std::string as;
  std::string column;
  std::vector<int> edges;
  bool certain = false;
};

// A query in the terms of the twin; `to_json` is the same question for the library.
struct TwinAsk {
  std::string of;
  std::string sum;
  std::string measure = "sum";  // what is computed of that column
  std::string period;           // text
  std::string from;             // full days
  std::string until;
  std::string dated_by;
  bool own = false;
  std::vector<TwinCondition> where;
};

struct TwinQuery {
  TwinAsk ask;
  std::string on;
  int known_at = 0;
  std::string structure;  // a day, members only
  std::string unit;
  std::string each;  // "", "children", "all", "level", "kind"
  int level = 0;
  std::vector<std::string> kinds;
  std::vector<std::string> by;  // columns, and names of bands
  std::vector<TwinBands> bands;
  std::optional<TwinAsk> having;
  int at_least = 1;
  std::string share;  // a name, or "query"
  TwinAsk share_query;
};

std::string to_json(const TwinQuery& query);

// The whole result as lines, header first.
Lines twin_answer(const History& history, const TwinQuery& query);

}  // namespace dangbo::test
