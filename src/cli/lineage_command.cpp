// lineage: what units became and where they came from.
#include "dangbo/registry/lineage.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "branches.hpp"
#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/report/lineage.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Table;
using table::Type;

constexpr std::size_t kNameWidth = 60;

Message event_name(std::string_view word) {
  const auto& codes = *party::unit_events();
  const auto code = codes.find(word);
  return code ? codes.codes()[*code].name : Message{std::string(word), std::string(word)};
}

// How a unit stands to the one above it in a tree.
Message step_in_words(std::string_view event, bool onward) {
  if (event == "absorb") {
    return onward ? Message{"sáp nhập vào", "absorbed into"} : Message{"nhận sáp nhập", "took in"};
  }
  if (event == "merge") {
    return onward ? Message{"hợp nhất thành", "merged into"}
                  : Message{"hợp nhất từ", "merged from"};
  }
  if (event == "divide") {
    return onward ? Message{"chia thành", "divided into"} : Message{"chia từ", "divided from"};
  }
  return onward ? Message{"tách ra", "split off:"} : Message{"tách từ", "split off from"};
}

// The rows of a lineage_table as lines.
class Story {
 public:
  Story(const Console& console, const Table& table)
      : console_(console), table_(table), lines_("", Type::kText) {}

  Table write() {
    const Column& part = column("part");
    std::string title;
    std::vector<std::size_t> became;
    std::vector<std::size_t> came_from;
    std::vector<std::size_t> on_day;
    for (std::size_t row = 0; row < table_.row_count(); ++row) {
      const std::string& word = part.word(row);
      if (title.empty() && (word == "itself" || word == "event")) title = unit(row);
      if (word == "itself") life(row);
      if (word == "event") line(dated(row, console_.text(event_name(word_of(row)))));
      if (word == "became") became.push_back(row);
      if (word == "came_from") came_from.push_back(row);
      if (word == "on_day") on_day.push_back(row);
    }
    tree({"sau đó:", "afterwards:"}, became, true);
    tree({"có gốc từ:", "came from:"}, came_from, false);
    if (const auto day = table_.provenance().find("on")) answer(std::string(*day), on_day);
    if (title.empty()) title = printable(*table_.provenance().find("unit"));
    Column lines(title, Type::kText);
    for (std::size_t row = 0; row < lines_.size(); ++row) lines.append_text(lines_.text(row));
    std::vector<Column> columns;
    columns.push_back(std::move(lines));
    return {"lineage", std::move(columns), table_.provenance()};
  }

 private:
  [[nodiscard]] const Column& column(const char* name) const {
    return table_.column(*table_.find(name));
  }
  void line(std::string_view text) { lines_.append_text(text); }
  [[nodiscard]] std::string word_of(std::size_t row) const { return column("event").display(row); }

  [[nodiscard]] std::string unit(std::size_t row) const {
    std::string out = printable(column("unit_id").text(row));
    if (!column("name").is_missing(row)) {
      out += ' ' + fit(printable(column("name").text(row)), kNameWidth);
    }
    return out;
  }

  // "2025-07-01 sáp nhập vào CB1 Chi bộ Văn phòng (QĐ-12)".
  [[nodiscard]] std::string dated(std::size_t row, const std::string& what) const {
    std::string out = column("date").display(row) + ' ' + what;
    if (!column("decision_id").is_missing(row)) {
      out += " (" + printable(column("decision_id").text(row)) + ')';
    }
    return out;
  }

  void life(std::size_t row) {
    const Column& from = column("from");
    const Column& until = column("until");
    Message out{"hoạt động", "in force"};
    if (!from.is_missing(row)) {
      out.vi += " từ " + from.display(row);
      out.en += " from " + from.display(row);
    }
    if (!until.is_missing(row)) {
      out.vi += ", thôi từ " + until.display(row);
      out.en += ", no longer from " + until.display(row);
    }
    line(console_.text(out));
  }

  void tree(const Message& title, const std::vector<std::size_t>& rows, bool onward) {
    if (rows.empty()) return;
    line(console_.text(title));
    Column levels("level", Type::kInt);
    for (const std::size_t row : rows) levels.append_integer(column("level").integer(row));
    Branches branches(levels);
    for (const std::size_t row : rows) {
      const std::string step = console_.text(step_in_words(word_of(row), onward));
      line(branches.next() + dated(row, step + ' ' + unit(row)));
    }
  }

  void answer(const std::string& day, const std::vector<std::size_t>& rows) {
    std::string units;
    for (const std::size_t row : rows) units += (units.empty() ? "" : "; ") + unit(row);
    if (rows.empty()) units = console_.text({"không là tổ chức nào", "none"});
    line(console_.text({"ngày " + day + ": ", "on " + day + ": "}) + units);
  }

  const Console& console_;
  const Table& table_;
  Column lines_;
};

int draw(const Console& console, const registry::Snapshot& snapshot,
         const LineageArguments& arguments) {
  const auto drawing = report::draw_lineage(snapshot, arguments.unit, console.language());
  if (!drawing.ok()) return report_failure(console, drawing.status());
  if (!write_file(console, arguments.draw, *drawing)) return kRefused;
  const std::string shown = printable(arguments.draw);
  console.say({"đã ghi " + shown, "wrote " + shown});
  return kFine;
}

int map_codes(const Console& console, const registry::Snapshot& snapshot, time::Date from,
              time::Date to, const LineageArguments& arguments) {
  const auto mapping = registry::code_mapping(snapshot, from, to, {.all = arguments.all});
  if (!mapping.ok()) return report_failure(console, mapping.status());
  return print_table(console, *mapping, arguments.format);
}

int tell(const Console& console, const registry::Snapshot& snapshot, std::optional<time::Date> day,
         const LineageArguments& arguments) {
  const auto lineage = registry::lineage_table(snapshot, arguments.unit, day);
  if (!lineage.ok()) return report_failure(console, lineage.status());
  if (arguments.format != "text") return print_table(console, *lineage, arguments.format);
  return print_table(console, Story(console, *lineage).write(), arguments.format);
}

// What does not go together; kFine when all does.
int check(const Console& console, const LineageArguments& arguments) {
  const bool maps = !arguments.from.empty() || !arguments.to.empty();
  if (arguments.data.empty()) {
    return console.usage_error("lineage", {"thiếu tệp sổ .dangbo hoặc thư mục dữ liệu",
                                           "the registry file .dangbo or folder is missing"});
  }
  if (maps && !(arguments.unit.empty() && arguments.on.empty() && arguments.draw.empty())) {
    return console.usage_error(
        "lineage", {"bảng chuyển mã (--from, --to) không đi cùng mã tổ chức, --on hay --draw",
                    "the mapping (--from, --to) goes with no unit, --on or --draw"});
  }
  if (!maps && arguments.all) {
    return console.usage_error("lineage",
                               {"--all chỉ dùng cùng --from, --to", "--all needs --from and --to"});
  }
  if (!maps && arguments.unit.empty()) {
    return console.usage_error("lineage", {"thiếu mã tổ chức, hoặc --from và --to",
                                           "the unit is missing, or --from and --to"});
  }
  for (const std::string* text : {&arguments.unit, &arguments.draw}) {
    if (!base::first_bad_utf8(*text)) continue;
    const std::string shown = fit(printable(*text), 60);
    return console.usage_error("lineage", {"«" + shown + "» không phải là chữ UTF-8",
                                           "\"" + shown + "\" is not UTF-8 text"});
  }
  return is_format(console, "lineage", arguments.format) ? kFine : kUsage;
}

}  // namespace

int run(const Console& console, const LineageArguments& arguments) {
  if (const int wrong = check(console, arguments); wrong != kFine) return wrong;
  const bool maps = arguments.unit.empty();
  std::optional<time::Date> first;
  std::optional<time::Date> second;
  if (maps) {
    first = read_day(console, "lineage", "--from", arguments.from);
    second = first ? read_day(console, "lineage", "--to", arguments.to) : std::nullopt;
    if (!first || !second) return kUsage;
  } else if (!arguments.on.empty()) {
    second = read_day(console, "lineage", arguments.on);
    if (!second) return kUsage;
  }
  const auto registry = open_data(console, {arguments.data});
  if (registry == nullptr) return kRefused;
  const auto snapshot = snapshot_of(console, "lineage", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  if (maps) return map_codes(console, *snapshot, *first, *second, arguments);
  if (!arguments.draw.empty()) return draw(console, *snapshot, arguments);
  return tell(console, *snapshot, second, arguments);
}

}  // namespace dangbo::cli
