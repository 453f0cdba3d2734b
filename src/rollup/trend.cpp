#include "dangbo/rollup/trend.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/rollup/mistake.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using Json = nlohmann::json;
using registry::Scope;
using registry::Totals;
using registry::TrendStep;

// One object whose members are looked at by name; the first mistake is kept.
class Fields {
 public:
  // `kind` is the member that says which document it is, with its version 1.
  Fields(std::string_view json, const char* kind, std::vector<std::string_view> known)
      : known_(std::move(known)) {
    known_.push_back(kind);
    if (const absl::Status status = check_document(json); !status.ok()) {
      status_ = status;
      return;
    }
    object_ = Json::parse(json);
    if (!object_.is_object() || !object_.contains(kind) || object_[kind] != 1) {
      refuse("", kind,
             {"đây không phải tài liệu «" + std::string(kind) + "» bản 1",
              "this is no document «" + std::string(kind) + "» of version 1"});
      return;
    }
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      refuse(step(key), key, {"không có mục này", "there is no such member"});
    }
  }

  [[nodiscard]] const absl::Status& status() const noexcept { return status_; }

  std::string text(const char* key, bool is_required) {
    if (!status_.ok()) return {};
    if (!object_.contains(key)) {
      if (is_required) refuse(step(key), "", {"thiếu mục này", "it is missing"});
      return {};
    }
    if (object_[key].is_string()) return object_[key].get<std::string>();
    refuse(step(key), object_[key].dump(), {"phải là văn bản", "it must be a text"});
    return {};
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> out;
    if (!status_.ok()) return out;
    const Json list = object_.value(key, Json::array());
    const bool is_list =
        list.is_array() && !list.empty() &&
        std::all_of(list.begin(), list.end(), [](const Json& one) { return one.is_string(); });
    if (!is_list) {
      refuse(step(key), list.dump(), {"phải là danh sách văn bản", "it must be a list of texts"});
      return out;
    }
    for (const Json& one : list) out.push_back(one.get<std::string>());
    return out;
  }

  bool flag(const char* key) {
    if (!status_.ok() || !object_.contains(key)) return false;
    if (object_[key].is_boolean()) return object_[key].get<bool>();
    refuse(step(key), object_[key].dump(), {"phải là true hoặc false", "it must be true or false"});
    return false;
  }

  std::optional<registry::Equals> where() {
    if (!status_.ok() || !object_.contains("where")) return std::nullopt;
    const Json& where = object_["where"];
    if (!where.is_object() || where.size() != 1) {
      refuse("/where", where.dump(),
             {"phải là một cột và giá trị của nó", "it must be one field and its value"});
      return std::nullopt;
    }
    const std::string field = where.begin().key();
    const Json& value = where.begin().value();
    if (value.is_null()) return registry::Equals{field, std::nullopt};
    if (value.is_boolean()) return registry::Equals{field, value.get<bool>() ? "true" : "false"};
    if (value.is_string()) return registry::Equals{field, value.get<std::string>()};
    refuse("/where" + step(field), value.dump(),
           {"phải là văn bản, true, false hoặc null", "it must be a text, true, false or null"});
    return std::nullopt;
  }

  std::optional<time::Date> date(const char* key) {
    const std::string given = text(key, true);
    if (!status_.ok()) return std::nullopt;
    const time::ParsedDate day = time::parse_date(given);
    if (day.value && day.value->is_exact()) return day.value->first_day();
    refuse(step(key), given, {"phải là ngày dạng 2020-11-30", "it must be a day like 2020-11-30"});
    return std::nullopt;
  }

  // The place of the word among `words`; 0 when left out.
  std::size_t choice(const char* key, const std::vector<std::string_view>& words) {
    const std::string given = text(key, false);
    if (!status_.ok() || given.empty()) return 0;
    const auto at = std::find(words.begin(), words.end(), given);
    if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
    status_ = base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(ProblemCode::kBadQuery, step(key), given,
                {"không có từ này", "there is no such word"}, suggest(given, words)));
    return 0;
  }

 private:
  void refuse(std::string at, std::string_view value, base::Message reason) {
    if (!status_.ok()) return;
    status_ = base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(ProblemCode::kBadQuery, std::move(at), value, std::move(reason),
                {"xem docs/totals.md", "see docs/totals.md"}));
  }

  std::vector<std::string_view> known_;
  Json object_;
  absl::Status status_;
};

absl::Status unknown(ProblemCode code, std::string at, std::string_view value,
                     const std::vector<std::string_view>& candidates) {
  return base::problem_status(absl::StatusCode::kInvalidArgument,
                              mistake(code, std::move(at), value, {"không có", "there is none"},
                                      suggest(value, candidates)));
}

absl::StatusOr<table::Table> trend_of(const registry::Snapshot& snapshot, const Totals& totals,
                                      std::string_view json) {
  Fields fields(json, "trend", {"unit", "measures", "from", "until", "step", "scope"});
  const std::string key = fields.text("unit", true);
  const auto names = fields.texts("measures");
  const auto from = fields.date("from");
  const auto until = fields.date("until");
  const std::size_t step_number = fields.choice("step", {"month", "quarter", "year"});
  const Scope scope = fields.choice("scope", {"below", "own"}) == 0 ? Scope::kBelow : Scope::kOwn;
  if (!fields.status().ok()) return fields.status();
  const auto unit = snapshot.find_unit(key);
  if (!unit) return unknown(ProblemCode::kUnknownUnit, "/unit", key, {});
  const auto days = registry::trend_days(*from, *until, static_cast<TrendStep>(step_number));
  if (!days.ok()) return days.status();
  std::vector<table::Column> columns;
  bool is_covered = true;
  table::Column& day_column = columns.emplace_back("day", table::Type::kDate);
  for (const time::Date day : *days) day_column.append_date(time::PartialDate(day));
  std::vector<std::string_view> declared;
  for (std::uint32_t i = 0; i < totals.measure_count(); ++i)
    declared.push_back(totals.name_of(registry::MeasureNumber{static_cast<std::uint8_t>(i)}));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto measure = totals.find_measure(names[i]);
    const bool is_twice = std::count(names.begin(), names.end(), names[i]) != 1;
    if (!measure || is_twice) {
      return unknown(ProblemCode::kUnknownColumn, "/measures/" + std::to_string(i), names[i],
                     declared);
    }
    std::vector<std::int64_t> values(days->size());
    totals.trend(*unit, *measure, scope, *days, values);
    table::Column& column = columns.emplace_back(names[i], table::Type::kInt);
    for (const std::int64_t value : values) {
      is_covered = is_covered && value != registry::kOutsideCoverage;
      value == registry::kOutsideCoverage ? column.append_missing() : column.append_integer(value);
    }
  }
  table::Provenance provenance;
  provenance.facts = {{"unit", key},
                      {"from", from->to_string()},
                      {"until", until->to_string()},
                      {"scope", scope == Scope::kBelow ? "below" : "own"},
                      {"known_at", std::to_string(base::index_of(totals.known_at()))}};
  if (!is_covered) {
    const auto since = snapshot.at(*from, totals.known_at()).covered_since();
    provenance.facts.emplace_back("coverage", "since " + since->to_string());
  }
  return table::Table("trend", std::move(columns), std::move(provenance));
}

}  // namespace

absl::StatusOr<registry::Measure> parse_measure(std::string_view json) {
  Fields fields(json, "measure", {"name", "of", "where", "sum", "timeline"});
  registry::Measure measure;
  measure.name = fields.text("name", true);
  measure.table = fields.text("of", true);
  measure.where = fields.where();
  measure.sum = fields.text("sum", false);
  measure.timeline = fields.flag("timeline");
  if (!fields.status().ok()) return fields.status();
  return measure;
}

absl::StatusOr<registry::Grouping> parse_grouping(std::string_view json) {
  Fields fields(json, "grouping", {"name", "by"});
  registry::Grouping grouping;
  grouping.name = fields.text("name", true);
  grouping.fields = fields.texts("by");
  if (!fields.status().ok()) return fields.status();
  return grouping;
}

absl::StatusOr<table::Table> trend(const registry::Snapshot& snapshot, std::string_view json) {
  return trend_of(snapshot, Totals(snapshot), json);
}

absl::StatusOr<table::Table> trend(const registry::View& view, std::string_view json) {
  return trend_of(view.snapshot(), Totals(view), json);
}

}  // namespace dangbo::inline v1::rollup
