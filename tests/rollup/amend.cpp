#include "rollup/amend.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dangbo::test {

namespace {

using registry::Change;

table::Table text_table(const Cells& cells) {
  std::vector<table::Column> columns;
  for (const auto& [field, value] : cells) {
    table::Column column(field, table::Type::kText);
    if (value.empty()) {
      column.append_missing();
    } else {
      column.append_text(value);
    }
    columns.push_back(std::move(column));
  }
  return {"rows", std::move(columns)};
}

table::Table row_number(std::uint32_t row) {
  table::Column column("row_id", table::Type::kInt);
  column.append_integer(row);
  std::vector<table::Column> columns;
  columns.push_back(std::move(column));
  return {"targets", std::move(columns)};
}

time::DateRange days_of(const Cells& cells) {
  const auto end = [&](const char* field, std::int32_t open) {
    const auto cell = cells.find(field);
    return cell == cells.end() || cell->second.empty() ? open : day(cell->second).days();
  };
  return time::DateRange::from_days(end("from", time::DateRange::kOpenFrom),
                                    end("until", time::DateRange::kOpenUntil));
}

// What one commit does.
struct Step {
  struct Correction {
    std::string table;
    std::size_t row;  // index in the history
    Cells values;     // "" makes missing
  };
  std::vector<Correction> corrections;
  std::vector<std::pair<std::string, std::size_t>> withdrawals;
  std::vector<std::pair<std::string, Cells>> late;
};

class Amender {
 public:
  Amender(std::mt19937_64& random, Amended& amended) : random_(random), amended_(amended) {
    for (const TwinRow& row : amended.history.at("units"))
      units_.push_back(row.cells.at("unit_id"));
  }

  void attempt() {
    Step step;
    switch (below(6)) {
      case 0:
        withdraw(step);
        break;
      case 1:
        add_late(step);
        break;
      case 2:
        move(step);
        break;
      case 3:
        reorganise(step);
        break;
      default:
        correct(step);
        break;
    }
    apply(step);
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool one_in(int n) { return below(n) == 0; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }
  std::string some_day() {
    return time::Date::from_days(day("2016-06-01").days() + below(1300)).to_string();
  }

  std::vector<TwinRow>& rows(const std::string& table) { return amended_.history[table]; }

  // A row known now, of a table that has some.
  bool pick_row(std::string& table, std::size_t& at) {
    static const std::vector<std::string> kTables = {
        "memberships", "memberships", "memberships", "members",  "members", "units", "units",
        "evaluations", "meetings",    "posts",       "training", "dues",    "plans"};
    table = amended_.history.contains("unit_events") && one_in(3) ? "unit_events" : pick(kTables);
    return pick_row_of(table, at);
  }
  bool pick_row_of(const std::string& table, std::size_t& at) {
    std::vector<std::size_t> known;
    for (std::size_t i = 0; i < rows(table).size(); ++i) {
      if (rows(table)[i].superseded == 0) known.push_back(i);
    }
    if (known.empty()) return false;
    at = pick(known);
    return true;
  }

  std::string value_for(const std::string& table, const std::string& field) {
    const bool is_unit =
        field == "unit_id" || field == "parent_id" || field == "from_unit" || field == "to_unit";
    if (is_unit) return pick(units_);
    if (field == "from" || field == "until" || field == "date") return some_day();
    if (field == "joined_date" || field == "full_date" || field == "decision_date") {
      return some_day();
    }
    // A value that another row has.
    std::vector<std::string> values;
    for (const TwinRow& row : rows(table)) {
      const auto cell = row.cells.find(field);
      if (cell != row.cells.end()) values.push_back(cell->second);
    }
    return values.empty() ? std::string() : pick(values);
  }

  static const std::vector<std::string>& fields_of(const std::string& table) {
    static const std::map<std::string, std::vector<std::string>> kFields = {
        {"memberships", {"unit_id", "from", "until", "in_reason", "kind"}},
        {"members",
         {"sex", "youth_union", "ethnicity", "status", "joined_date", "full_date", "decision_date",
          "full_name"}},
        {"units", {"parent_id", "kind", "sector", "until", "from", "name"}},
        {"evaluations", {"grade", "period"}},
        {"meetings", {"unit_id", "month", "kind", "present_n", "form"}},
        {"posts", {"unit_id", "from", "until", "post"}},
        {"training", {"unit_id", "date", "members_n", "kind"}},
        {"dues", {"month", "paid"}},
        {"plans", {"target", "unit_id", "year"}},
        {"unit_events", {"date", "event", "from_unit", "to_unit"}}};
    return kFields.at(table);
  }

  void correct(Step& step) {
    Step::Correction made;
    if (!pick_row(made.table, made.row)) return;
    do {
      const std::string& field = pick(fields_of(made.table));
      const bool required = field == "unit_id" || field == "kind" || field == "month" ||
                            field == "period" || field == "date" || field == "year" ||
                            field == "post" || field == "event";
      made.values[field] = !required && one_in(4) ? std::string() : value_for(made.table, field);
    } while (one_in(3));
    step.corrections.push_back(std::move(made));
  }

  void withdraw(Step& step) {
    std::string table;
    std::size_t row = 0;
    if (pick_row(table, row)) step.withdrawals.emplace_back(table, row);
  }

  void add_late(Step& step) {
    std::string table;
    std::size_t row = 0;
    if (!pick_row(table, row)) return;
    Cells cells = rows(table)[row].cells;
    for (int i = below(3) + 1; i > 0; --i) {
      const std::string& field = pick(fields_of(table));
      const std::string value = value_for(table, field);
      if (!value.empty()) cells[field] = value;
    }
    if (table == "training" || table == "unit_events")
      cells["event_id"] = "L" + std::to_string(amended_.commits);
    step.late.emplace_back(table, std::move(cells));
  }

  // A home ends and another begins, known late.
  void move(Step& step) {
    std::size_t row = 0;
    if (!pick_row_of("memberships", row)) return;
    const std::string on = some_day();
    Cells next = rows("memberships")[row].cells;
    next["from"] = on;
    next["unit_id"] = pick(units_);
    next["in_reason"] = one_in(3) ? "reorganisation" : "internal";
    next.erase("until");
    step.corrections.push_back({"memberships", row, {{"until", on}}});
    if (one_in(3)) step.corrections.back().values["out_reason"] = "reorganisation";
    if (!one_in(4)) step.late.emplace_back("memberships", std::move(next));
  }

  void reorganise(Step& step) {
    std::size_t row = 0;
    if (!pick_row_of("units", row)) return;
    const std::string on = some_day();
    Cells next = rows("units")[row].cells;
    if (next.contains("until") && one_in(2)) next.erase("until");
    next["from"] = on;
    next["parent_id"] = pick(units_);
    if (one_in(3)) next["kind"] = value_for("units", "kind");
    step.corrections.push_back({"units", row, {{"until", on}}});
    step.late.emplace_back("units", std::move(next));
  }

  Change change_of(const Step& step) {
    registry::Registry& registry = *amended_.registry;
    Change change(registry);
    for (const auto& one : step.corrections) {
      change.correct(one.table, row_number(rows(one.table)[one.row].number), text_table(one.values),
                     "correct");
    }
    for (const auto& [table, row] : step.withdrawals) {
      change.withdraw(table, row_number(rows(table)[row].number), "withdraw");
    }
    for (const auto& [table, cells] : step.late) {
      change.add_table(table, text_table(cells), "late");
    }
    return change;
  }

  void apply(const Step& step) {
    if (step.corrections.empty() && step.withdrawals.empty() && step.late.empty()) return;
    const registry::Snapshot before = amended_.registry->snapshot();
    const auto done = amended_.registry->commit(
        change_of(step), {.time = (amended_.commits + 1) * 1000, .source_version = ""});
    if (!done.ok()) return;
    const int commit = ++amended_.commits;
    for (const auto& one : step.corrections) {
      Cells cells = rows(one.table)[one.row].cells;
      for (const auto& [field, value] : one.values) {
        cells[field] = value;
        if (value.empty()) cells.erase(field);
      }
      rows(one.table)[one.row].superseded = commit;
      append(before, one.table, std::move(cells), commit, rows(one.table)[one.row].number);
    }
    for (const auto& [table, row] : step.withdrawals) rows(table)[row].superseded = commit;
    for (const auto& [table, cells] : step.late) {
      append(before, table, cells, commit, base::index_of(base::kNoRow));
    }
  }

  // The row of the commit that corrects `corrected`, or the first that corrects none.
  void append(const registry::Snapshot& before, const std::string& table, Cells cells, int commit,
              std::uint32_t corrected) {
    const auto now = *amended_.registry->snapshot().rows(table);
    std::uint32_t number = before.rows(table)->size();
    while (number < now.size() && base::index_of(now.corrects(base::RowId{number})) != corrected) {
      ++number;
    }
    ASSERT_LT(number, now.size());
    const time::DateRange days = days_of(cells);
    rows(table).push_back({std::move(cells), commit, days, 0, number});
  }

  std::mt19937_64& random_;
  Amended& amended_;
  std::vector<std::string> units_;
};

}  // namespace

Amended load(const History& history) {
  Amended out;
  out.registry = registry::Registry::create();
  out.history = history;
  std::map<std::string, std::uint32_t> numbers;
  for (int number = 1; number <= 2; ++number) {
    std::vector<std::pair<std::string, std::vector<Cells>>> tables;
    for (auto& [name, rows] : out.history) {
      std::vector<Cells> of_commit;
      for (TwinRow& row : rows) {
        if (row.commit != number) continue;
        row.number = numbers[name]++;
        of_commit.push_back(row.cells);
      }
      if (!of_commit.empty()) tables.emplace_back(name, std::move(of_commit));
    }
    commit(*out.registry, tables);
  }
  out.commits = 2;
  return out;
}

void amend(std::mt19937_64& random, Amended& amended, int attempts) {
  Amender amender(random, amended);
  for (int i = 0; i < attempts; ++i) amender.attempt();
}

}  // namespace dangbo::test
