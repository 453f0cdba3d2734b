// What the tests of the durable file have in common: a folder that goes away, random histories, and
// a registry written out whole, so that two can be compared.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dangbo/registry/history.hpp"
#include "dangbo/registry/registry.hpp"
#include "registry/support.hpp"

namespace dangbo::testing {

// A folder of its own for one test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "dangbo_file_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Everything a reader can learn of a registry: tables, every row with its commits and chains, every
// commit, keys in the order of their slots.
inline std::string whole_content(const registry::Registry& registry) {
  using base::CommitNumber;
  const registry::Snapshot snapshot = registry.snapshot();
  std::string out = "head " + std::to_string(base::index_of(snapshot.commit())) +
                    (snapshot.is_synthetic() ? " synthetic" : "") + "\n";
  for (std::uint32_t i = 0; i < snapshot.unit_count(); ++i)
    out += "unit " + std::string(snapshot.key_of(base::UnitSlot{i})) + "\n";
  for (std::uint32_t i = 0; i < snapshot.member_count(); ++i)
    out += "member " + std::string(snapshot.key_of(base::MemberSlot{i})) + "\n";
  for (const auto& schema : registry.schemas()) {
    const registry::Rows rows = *snapshot.rows(schema->name());
    out += "table " + schema->name() + " " + std::to_string(rows.size()) + "\n";
    for (std::uint32_t number = 0; number < rows.size(); ++number) {
      const base::RowId row{number};
      for (std::size_t field = 0; field < schema->fields().size(); ++field) {
        const registry::FieldReader reader = rows.field(field);
        out += "|";
        if (reader.is_missing(row)) continue;
        if (schema->fields()[field].type == table::Type::kInt) {
          out += std::to_string(*reader.integer(row));
        } else if (schema->fields()[field].type == table::Type::kCode) {
          out += reader.word(reader.raw(row));
        } else if (schema->fields()[field].type == table::Type::kText &&
                   schema->fields()[field].role != table::Role::kUnit &&
                   schema->fields()[field].role != table::Role::kParent &&
                   schema->fields()[field].role != table::Role::kMember &&
                   schema->fields()[field].role != table::Role::kSubject) {
          out += reader.text(row);
        } else {
          out += std::to_string(reader.raw(row));
        }
      }
      out += "; known";
      for (std::uint32_t commit = 0; commit <= base::index_of(snapshot.commit()); ++commit)
        out += rows.is_known(row, CommitNumber{commit}) ? "1" : "0";
      out += " before " + std::to_string(base::index_of(rows.previous_of_unit(row))) + " " +
             std::to_string(base::index_of(rows.previous_of_member(row))) + "\n";
    }
  }
  const table::Table log = registry::log_table(snapshot);
  for (std::size_t row = 0; row < log.row_count(); ++row) {
    for (std::size_t column = 0; column < log.column_count(); ++column)
      out += log.column(column).display(row) + ",";
    out += "\n";
  }
  return out;
}

// A declared table with a field of each kind.
inline std::shared_ptr<const table::Schema> visits_schema(const std::string& name = "visits") {
  using table::Field;
  const auto field = [](const std::string& named, table::Type type,
                        table::Role role = table::Role::kNone) {
    Field made;
    made.name = named;
    made.type = type;
    made.role = role;
    return made;
  };
  std::vector<Field> fields = {field("visit_no", table::Type::kText),
                               field("member_id", table::Type::kText, table::Role::kMember),
                               field("on", table::Type::kDate, table::Role::kDay),
                               field("result", table::Type::kCode),
                               field("place", table::Type::kCode),
                               field("minutes", table::Type::kInt),
                               field("note", table::Type::kText)};
  fields[0].required = true;
  fields[3].codes = std::make_shared<const table::CodeSet>(
      "result", std::vector<table::Code>{{"good", "TOT", {"tốt", "good"}, {"khá tốt"}},
                                         {"poor", "YEU", {"yếu", "poor"}, {}}});
  fields[6].title = {"ghi chú", "note"};
  fields[6].aliases = {"ghi chú thêm"};
  return std::make_shared<const table::Schema>(
      name, table::TableKind::kEvent, std::move(fields), std::vector<std::string>{"visit_no"},
      base::Message{"thăm hỏi", "visits"}, std::vector<std::string>{"đi thăm " + name});
}

// Commits of all kinds at random: new units, members, homes and visits, corrections, withdrawals,
// days advanced, tables declared. Two histories of one seed do the same.
class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed) : random_(seed) {}

  void step(registry::Registry& registry) {
    ++steps_;
    if (steps_ == 1) {
      first_commit(registry);
      return;
    }
    if (steps_ == 3) {
      ASSERT_TRUE(registry.declare(visits_schema()).ok());
      return;
    }
    switch (pick(0, 9)) {
      case 0:
        advance(registry);
        break;
      case 1:
        withdraw(registry);
        break;
      case 2:
      case 3:
        correct(registry);
        break;
      default:
        add(registry);
    }
  }

  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  registry::CommitInfo info() {
    time_ += pick(0, 1000);
    return {.time = time_,
            .source_version = pick(0, 2) == 0 ? "đợt " + std::to_string(steps_) : ""};
  }

  void submit(registry::Registry& registry, registry::Change change) {
    if (pick(0, 20) == 0) change.mark_synthetic();
    if (registry.commit(std::move(change), info()).ok()) ++accepted_;
  }

  void first_commit(registry::Registry& registry) {
    registry::Change change(registry);
    change.add_table("units",
                     text_table({"unit_id", "parent_id", "kind", "name", "from"},
                                {{"R", "", "KHOI", "Đảng bộ Khối", ""},
                                 {"A", "R", "CBCS", "Chi bộ Mây", "2001"},
                                 {"B", "R", "CBCS", "Chi bộ Gió", "2002-03"}}),
                     "u");
    submit(registry, std::move(change));
  }

  void add(registry::Registry& registry) {
    registry::Change change(registry);
    std::vector<TextRow> members;
    std::vector<TextRow> homes;
    std::vector<TextRow> visits;
    for (int i = pick(1, 4); i > 0; --i) {
      const std::string key = "m" + std::to_string(members_++);
      members.push_back({key, pick(0, 1) == 0 ? "nữ" : "", "Trần Thị " + key,
                         pick(0, 1) == 0 ? "000" + std::to_string(members_) : "",
                         pick(0, 2) == 0 ? "" : "19" + std::to_string(pick(40, 99)),
                         pick(0, 2) == 0 ? "{\"x\":" + std::to_string(steps_) + "}" : ""});
      homes.push_back({key, pick(0, 1) == 0 ? "A" : "B", "home",
                       "20" + std::to_string(pick(10, 15)) + "-01-01",
                       pick(0, 1) == 0 ? "" : "20" + std::to_string(pick(15, 20)) + "-01-01"});
      visits.push_back({"v" + key, pick(0, 3) == 0 ? "" : key, "2020-02-0" + std::to_string(i),
                        pick(0, 1) == 0 ? "TOT" : "", "nơi " + std::to_string(pick(0, 5)),
                        std::to_string(pick(-9, 99)), pick(0, 1) == 0 ? "ghi " + key : ""});
    }
    // References may come before what they refer to.
    change.add_table("memberships",
                     text_table({"member_id", "unit_id", "kind", "from", "until"}, homes), "h");
    change.add_table(
        "members",
        text_table({"member_id", "sex", "full_name", "citizen_id", "birth_date", "extra"}, members),
        "m");
    if (registry.find_schema("visits") != nullptr) {
      change.add_table(
          "visits",
          text_table({"visit_no", "member_id", "on", "result", "place", "minutes", "note"}, visits),
          "v");
    }
    submit(registry, std::move(change));
  }

  std::string some_row(const registry::Registry& registry, std::string_view table) {
    const std::uint32_t rows = registry.snapshot().rows(table)->size();
    return std::to_string(rows == 0 ? 0 : pick(0, static_cast<int>(rows) - 1));
  }

  table::Table row_id(const std::string& row) {
    table::Column column("row_id", table::Type::kInt);
    column.append_integer(std::stoll(row));
    std::vector<table::Column> columns;
    columns.push_back(std::move(column));
    return {"rows", std::move(columns)};
  }

  void correct(registry::Registry& registry) {
    registry::Change change(registry);
    if (pick(0, 1) == 0) {
      change.correct("memberships", row_id(some_row(registry, "memberships")),
                     text_table({"until"}, {{"2016-0" + std::to_string(pick(1, 9)) + "-15"}}), "c");
    } else {
      change.correct("members", row_id(some_row(registry, "members")),
                     text_table({"full_name", "sex"}, {{"Lê Văn " + std::to_string(steps_), ""}}),
                     "c");
    }
    submit(registry, std::move(change));
  }

  void withdraw(registry::Registry& registry) {
    registry::Change change(registry);
    change.withdraw("memberships", row_id(some_row(registry, "memberships")), "w");
    submit(registry, std::move(change));
  }

  void advance(registry::Registry& registry) {
    day_ += pick(0, 40);
    if (registry.advance(time::Date::from_days(day_), info()).ok()) ++accepted_;
  }

  std::mt19937_64 random_;
  int steps_ = 0;
  int members_ = 0;
  int accepted_ = 0;
  std::int64_t time_ = 0;
  std::int32_t day_ = 18'000;
};

}  // namespace dangbo::testing
