// The registry in the plainest form: vectors of texts and loops. Nothing of the library is used, so
// that both are wrong together only by chance.
#pragma once

#include <climits>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dangbo::testing {

inline constexpr int kBeforeAll = INT_MIN;
inline constexpr int kAfterAll = INT_MAX;

// Days since 1970-01-01 as "2020-03-05", and back; a month gives its first day.
std::string iso(int day);
int day_of(std::string_view iso_text);

enum class Is : std::uint8_t {
  kPlain,
  kUnit,
  kParent,
  kMember,
  kSubjectType,
  kSubject,
  kDecision,
  kFrom,
  kUntil,
  kDay,
  kPeriod,
  kInt,
  kDate,
  kCode
};

struct FieldSpec {
  std::string name;
  Is is = Is::kPlain;
  bool required = false;
};

struct TableSpec {
  std::string name;
  char kind = 's';  // s state, e event, p period
  std::vector<FieldSpec> fields;
  std::vector<std::string> key;  // natural key; empty: none

  [[nodiscard]] int find(Is is) const;  // the first such field, -1: none
  [[nodiscard]] int find(std::string_view field) const;
};

// The tables of the model, in the registry's order; fields in the order of the schema.
enum : std::size_t {
  kUnits,
  kMembers,
  kMemberships,
  kPosts,
  kDecisions,
  kEvaluations,
  kMeetings,
  kHeadcounts,
  kTables
};
const std::vector<TableSpec>& specs();

// What a cell becomes: the value kept ("" missing) and the fault of one that cannot be read (a
// number of ProblemCode; 0: none).
struct Kept {
  std::string value;
  int fault = 0;
};
Kept keep(const FieldSpec& field, const std::string& given);

// A change as texts. What: '+' a new row, '~' a correction, '-' a withdrawal.
struct Cell {
  std::size_t field;
  std::string text;
};
struct Entry {
  char what = '+';
  std::size_t table = 0;
  std::optional<std::int64_t> row;  // the stored row by number, or by
  std::vector<Cell> target;         // fields
  std::vector<Cell> values;
};
using Draft = std::vector<Entry>;

struct Row {
  std::vector<std::string> values;
  int from = kBeforeAll;
  int until = kAfterAll;
  int recorded = 0;
  int superseded = 0;  // 0: stands
  int replaces = -1;
};

struct Done {
  std::int64_t time = 0;
  std::string version;
  std::optional<int> day;
  int units = 0;
  int members = 0;
  int added = 0;
  int corrected = 0;
  int withdrawn = 0;
};

// Numbers of ProblemCode; empty: accepted.
using Faults = std::set<int>;

class Naive {
 public:
  std::vector<std::vector<Row>> rows = std::vector<std::vector<Row>>(kTables);
  std::vector<std::string> units, members;  // keys ever known
  std::vector<Done> commits;

  [[nodiscard]] int head() const { return static_cast<int>(commits.size()); }
  Faults commit(const Draft& draft, std::int64_t time, const std::string& version);
  Faults advance(int day, std::int64_t time, const std::string& version);

  // --- forks
  int base_head = 0;                    // of a fork: the commit it was taken at,
  std::vector<std::size_t> base_rows_;  // and the rows it began with
  [[nodiscard]] Naive fork(int at) const;
  // What a fork adds, as a change of its base, and rows of the base ("table:row") in its way.
  [[nodiscard]] Draft tail() const;
  [[nodiscard]] std::optional<int> tail_day(std::optional<int> day_at_home) const;
  [[nodiscard]] std::set<std::string> conflicts(const Naive& fork) const;

  // --- reading
  [[nodiscard]] static bool knows(const Row& row, int commit) {
    return row.recorded <= commit && (row.superseded == 0 || commit < row.superseded);
  }
  [[nodiscard]] std::size_t rows_at(std::size_t table, int commit) const;
  [[nodiscard]] const std::string& unit_of(std::size_t table, const Row& row) const;
  [[nodiscard]] const std::string& member_of(std::size_t table, const Row& row) const;
  // Rows of a key in a table up to a commit, the newest first.
  [[nodiscard]] std::vector<int> chain(std::size_t table, bool of_member, const std::string& key,
                                       int commit) const;
  // The row of `units` or `members` in force for a key; -1: none.
  [[nodiscard]] int row_on(std::size_t table, const std::string& key, int day, int known) const;
  [[nodiscard]] std::string home_on(const std::string& member, int day, int known) const;
  [[nodiscard]] int last_commit_at(std::int64_t time, int head) const;
  // As lines of cells divided by "|".
  [[nodiscard]] std::vector<std::string> log(int head) const;
  [[nodiscard]] std::vector<std::string> changes(int head, int after, int from, int until,
                                                 const std::string& table) const;
  [[nodiscard]] std::vector<std::string> agenda(int head, int from, int until) const;

 private:
  struct Trial;
  void add_rows(const Draft& draft, Trial& trial);
  void retire_rows(const Draft& draft, Trial& trial);
  void check_cells(const Entry& entry, Row& row, Trial& trial);
  std::optional<int> find_target(const Entry& entry, Trial& trial) const;
  void check_references(Trial& trial) const;
  void check_forest(Trial& trial) const;
  void check_claims(Trial& trial) const;
  void check_decisions(Trial& trial) const;
  void check_conservation(Trial& trial) const;
  void undo(const Trial& trial);
  [[nodiscard]] std::pair<int, int> days_of(std::size_t table, const Row& row) const;
};

// One view of the model, computed row by row.
struct NaiveView {
  NaiveView(const Naive& model, int day, int known);

  std::map<std::string, std::string> parent;  // of every unit in force; "" a root
  std::map<std::string, int> own, below;      // home members
  std::set<std::string> corrected;            // units whose count meets a row superseded since
};

}  // namespace dangbo::testing
