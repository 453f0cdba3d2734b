// A figure of a unit from month to month.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/rollup/trend.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Type;

constexpr std::int64_t kBar = 40;
const std::string kMeasure = "count";

// The table with a bar beside every figure.
table::Table drawn(const Console& console, const table::Table& trend) {
  const Column& days = trend.column(0);
  const Column& values = trend.column(1);
  Column day(console.text({"ngày", "day"}), Type::kDate);
  Column value(console.text({"số", "figure"}), Type::kInt);
  Column bar(" ", Type::kText);
  std::int64_t largest = 1;
  for (std::size_t row = 0; row < values.size(); ++row)
    largest = std::max(largest, values.integer(row));
  for (std::size_t row = 0; row < values.size(); ++row) {
    day.append_date(days.date(row));
    value.append_integer(values.integer(row));
    std::string blocks;
    const double part = static_cast<double>(values.integer(row)) / static_cast<double>(largest);
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(part * kBar + 0.5); ++i) blocks += "█";
    bar.append_text(blocks);
  }
  std::vector<Column> columns;
  for (Column* column : {&day, &value, &bar}) columns.push_back(std::move(*column));
  return table::Table("trend", std::move(columns), trend.provenance());
}

registry::Measure measure_of(const TrendArguments& arguments) {
  registry::Measure measure;
  measure.name = kMeasure;
  measure.table = arguments.of;
  measure.sum = arguments.sum;
  measure.timeline = true;
  if (arguments.where.empty()) return measure;
  const std::size_t equals = arguments.where.find('=');
  registry::Equals& where = measure.where.emplace();
  where.field = arguments.where.substr(0, equals);
  if (equals != std::string::npos && equals + 1 != arguments.where.size())
    where.word = arguments.where.substr(equals + 1);
  return measure;
}

}  // namespace

int run(const Console& console, const TrendArguments& arguments) {
  if (arguments.data.empty() || arguments.unit.empty()) {
    return console.usage_error("trend", {"thiếu tệp sổ hoặc thư mục, và mã tổ chức",
                                         "the registry file or folder, and the unit are needed"});
  }
  for (const std::string* text :
       {&arguments.unit, &arguments.step, &arguments.of, &arguments.where, &arguments.sum}) {
    if (!base::first_bad_utf8(*text)) continue;
    const std::string shown = fit(printable(*text), 60);
    return console.usage_error("trend", {"«" + shown + "» không phải là chữ UTF-8",
                                         "\"" + shown + "\" is not UTF-8 text"});
  }
  const auto from = read_day(console, "trend", "--from", arguments.from);
  const auto until = from ? read_day(console, "trend", "--until", arguments.until) : std::nullopt;
  if (!until || !is_format(console, "trend", arguments.format)) return kUsage;
  const auto registry = open_data(console, {arguments.data});
  if (registry == nullptr) return kRefused;
  const auto number = registry->declare_measure(measure_of(arguments));
  if (!number.ok()) return report_failure(console, number.status());
  const auto snapshot = snapshot_of(console, "trend", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  const nlohmann::ordered_json document = {{"trend", 1},
                                           {"unit", arguments.unit},
                                           {"measures", {kMeasure}},
                                           {"from", from->to_string()},
                                           {"until", until->to_string()},
                                           {"step", arguments.step},
                                           {"scope", arguments.own ? "own" : "below"}};
  const auto trend = rollup::trend(*snapshot, document.dump());
  if (!trend.ok()) return report_failure(console, trend.status());
  if (arguments.format != "text") return print_table(console, *trend, arguments.format);
  return print_table(console, drawn(console, *trend), arguments.format);
}

}  // namespace dangbo::cli
