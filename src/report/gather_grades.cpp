// Grades of the latest year that was over on the day.
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/base/make_room.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/time/period.hpp"
#include "report/model.hpp"

namespace dangbo::inline v1::report {

namespace {

using Json = nlohmann::ordered_json;
using table::Column;
using table::Table;

const Column& column_of(const Table& table, const char* name) {
  return table.column(*table.find(name));
}

// A year as evaluations name it: four digits.
bool is_year(std::string_view period) {
  return period.size() == 4 && period.find_first_not_of("0123456789") == std::string_view::npos;
}

class GradeReader {
 public:
  explicit GradeReader(Model& model)
      : model_(model), out_(model.grades), width_(party::grades()->codes().size() + 1) {}

  absl::Status run() {
    for (const auto step : {&GradeReader::find_years, &GradeReader::read_kinds,
                            &GradeReader::read_members, &GradeReader::read_own}) {
      if (absl::Status status = (this->*step)(); !status.ok()) return status;
      if (out_.year.empty()) break;
    }
    return absl::OkStatus();
  }

 private:
  [[nodiscard]] GradeRow row(std::string label) const {
    GradeRow made;
    made.label = std::move(label);
    made.counts.assign(width_, 0);
    return made;
  }

  void add(GradeRow& row, const Column& grade, std::size_t at, std::int64_t count) const {
    const std::size_t code =
        grade.is_missing(at) ? width_ - 1 : static_cast<std::size_t>(grade.code(at));
    row.counts[code] += count;
    row.rows += count;
  }

  absl::Status find_years() {
    const auto table =
        ask(model_, model_.view,
            {{"of", "evaluations"}, {"by", Json::array({"period", "subject_type", "grade"})}},
            {"đánh giá, xếp loại qua các năm", "evaluations of all years"});
    if (!table.ok()) return table.status();
    const Column& period = column_of(*table, "period");
    const Column& subject = column_of(*table, "subject_type");
    const Column& grade = column_of(*table, "grade");
    const Column& count = column_of(*table, "count");
    std::map<std::string, GradeRow> units_by_year;
    for (std::size_t at = 0; at < table->row_count(); ++at) {
      const std::string year = period.display(at);
      if (!is_year(year) || count.integer(at) == 0) continue;
      const auto days = time::period_days(year);
      const bool is_over = days && days->until_day() <= model_.view.day().days() + 1;
      if (!grade.is_missing(at)) {
        std::string& latest = is_over ? out_.year : out_.later;
        if (year > latest) latest = year;
      }
      if (is_over && subject.display(at) == "unit") {
        auto made = units_by_year.try_emplace(year, row(year));
        add(made.first->second, grade, at, count.integer(at));
      }
    }
    if (out_.later < out_.year) out_.later.clear();
    constexpr std::size_t kMostYears = 10;
    for (auto& [year, counts] : units_by_year) out_.years.push_back(std::move(counts));
    if (out_.years.size() > kMostYears) {
      out_.years.erase(out_.years.begin(),
                       out_.years.end() - static_cast<std::ptrdiff_t>(kMostYears));
    }
    return absl::OkStatus();
  }

  // Units by kind; the kind's number of units is what could have been graded.
  absl::Status read_kinds() {
    const auto table = ask(model_, model_.view,
                           {{"of", "evaluations"},
                            {"period", out_.year},
                            {"by", Json::array({"unit.kind", "grade"})},
                            {"where", {{"subject_type", "unit"}}}},
                           {"xếp loại tổ chức theo loại", "grades of units by kind"});
    if (!table.ok()) return table.status();
    const Column& kind = column_of(*table, "unit.kind");
    const Column& grade = column_of(*table, "grade");
    const Column& count = column_of(*table, "count");
    std::map<std::string, GradeRow> rows;
    for (std::size_t at = 0; at < table->row_count(); ++at) {
      const std::string word = kind.display(at);
      auto made = rows.try_emplace(word, row(word));
      add(made.first->second, grade, at, count.integer(at));
    }
    for (const Count& known : model_.kinds) {
      const auto found = rows.find(known.word);
      if (found == rows.end()) continue;
      found->second.all = known.count;
      out_.kinds.push_back(std::move(found->second));
    }
    return absl::OkStatus();
  }

  absl::Status read_members() {
    const Json question = {{"of", "evaluations"},
                           {"period", out_.year},
                           {"by", Json::array({"grade"})},
                           {"where", {{"subject_type", "member"}}}};
    const auto whole =
        ask(model_, model_.view, question, {"xếp loại đảng viên", "grades of members"});
    if (!whole.ok()) return whole.status();
    GradeRow members = row("members");
    members.all = model_.members;
    read(*whole, [&](std::size_t) -> GradeRow* { return &members; });
    if (members.rows == 0) return absl::OkStatus();
    out_.kinds.push_back(std::move(members));
    Json by_unit = question;
    by_unit["each"] = "children";
    const auto table = ask(model_, model_.view, std::move(by_unit),
                           {"xếp loại đảng viên, từng tổ chức", "grades of members, by unit"});
    if (!table.ok()) return table.status();
    absl::flat_hash_map<std::string_view, std::size_t> places;
    base::make_room(places, model_.tops.size());
    for (const std::uint32_t unit : model_.tops) {
      places.emplace(model_.units[unit].key, out_.units.size());
      GradeRow made = row({});
      made.unit = unit;
      made.all = model_.units[unit].below;
      out_.units.push_back(std::move(made));
    }
    const Column& key = column_of(*table, "unit_id");
    read(*table, [&](std::size_t at) -> GradeRow* {
      const auto place = places.find(key.text(at));
      return place == places.end() ? nullptr : &out_.units[place->second];
    });
    return absl::OkStatus();
  }

  template <typename Find>
  void read(const Table& table, Find find) const {
    const Column& grade = column_of(table, "grade");
    const Column& count = column_of(table, "count");
    for (std::size_t at = 0; at < table.row_count(); ++at) {
      GradeRow* to = find(at);
      if (to != nullptr) add(*to, grade, at, count.integer(at));
    }
  }

  // What each unit of the page was graded itself.
  absl::Status read_own() {
    constexpr std::size_t kMostUnits = 100'000;
    if (model_.units.size() > kMostUnits) return absl::OkStatus();
    const auto table = ask(model_, model_.view,
                           {{"of", "evaluations"},
                            {"period", out_.year},
                            {"each", "all"},
                            {"scope", "own"},
                            {"by", Json::array({"grade"})},
                            {"where", {{"subject_type", "unit"}}}},
                           {"xếp loại của từng tổ chức", "the grade of each unit"});
    if (!table.ok()) return table.status();
    absl::flat_hash_map<std::string_view, std::uint32_t> places;
    base::make_room(places, model_.units.size());
    for (std::uint32_t i = 0; i < model_.units.size(); ++i) places.emplace(model_.units[i].key, i);
    out_.own.assign(model_.units.size(), kNone);
    const Column& key = column_of(*table, "unit_id");
    const Column& grade = column_of(*table, "grade");
    const Column& count = column_of(*table, "count");
    for (std::size_t at = 0; at < table->row_count(); ++at) {
      if (count.integer(at) == 0 || grade.is_missing(at)) continue;
      const auto place = places.find(key.text(at));
      if (place != places.end()) {
        out_.own[place->second] = static_cast<std::uint32_t>(grade.code(at));
      }
    }
    return absl::OkStatus();
  }

  Model& model_;
  Grades& out_;
  std::size_t width_;
};

}  // namespace

absl::Status gather_grades(Model& model) {
  return model.request.has(Part::kGrades) ? GradeReader(model).run() : absl::OkStatus();
}

}  // namespace dangbo::inline v1::report
