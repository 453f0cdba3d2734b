// Members of the direct units at the ends of months: a small line each, on a scale of its own.
#include <algorithm>

#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr std::size_t kMostUnits = 80;
constexpr Tenths kWidth = px(160);
constexpr Tenths kHeight = px(30);
constexpr Tenths kEdge = px(4);

using Values = std::vector<std::optional<std::int64_t>>;

// The line breaks where the unit was not in force. A unit that never changed is a level line.
std::string spark(const Context& context, const Values& values) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool has_any = false;
  for (const auto& value : values) {
    if (!value) continue;
    low = has_any ? std::min(low, *value) : *value;
    high = has_any ? std::max(high, *value) : *value;
    has_any = true;
  }
  Picture picture("", kWidth, kHeight);
  std::string path;
  bool is_open = false;
  const auto last = static_cast<std::int64_t>(values.size()) - 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) {
      is_open = false;
      continue;
    }
    const Tenths x =
        kEdge + (last <= 0 ? kWidth - 2 * kEdge
                           : scaled(static_cast<std::int64_t>(i), last, kWidth - 2 * kEdge));
    const Tenths y =
        high == low ? kHeight / 2
                    : kHeight - kEdge - scaled(*values[i] - low, high - low, kHeight - 2 * kEdge);
    path += (is_open ? "L" : "M") + to_text(x) + " " + to_text(y);
    is_open = true;
    // A single month between two gaps is no line.
    const bool is_alone = (i == 0 || !values[i - 1]) && (i + 1 == values.size() || !values[i + 1]);
    if (is_alone || i + 1 == values.size()) picture.circle(x, y, px(2), "dot");
  }
  picture.path(path, "line");
  return context.model.trend.size() > 1 ? picture.decoration("spark") : "";
}

std::string shown(const Context& context, const std::optional<std::int64_t>& value) {
  return value ? context.say.number(*value) : context.say("chưa hoạt động", "not in force");
}

}  // namespace

std::string unit_trends(const Context& context) {
  const Model& model = context.model;
  const Wording& say = context.say;
  // The page's only unit is the whole: its line stands above.
  if (model.tops.size() < 2) return {};
  const Selection selection = select_tops(model, kMostUnits);
  DataTable table(say("Đảng viên của từng tổ chức trực thuộc, ", "Members of each direct unit, ") +
                  say.month(model.trend.front().day) + say(" đến ", " to ") +
                  say.date(model.trend.back().day));
  table.head({say("tổ chức", "unit"), "", say("ngày đầu", "first day"),
              say("ngày cuối", "last day"), say("thay đổi", "change")});
  for (const UnitTrend& trend : model.unit_trends) {
    if (!std::binary_search(selection.units.begin(), selection.units.end(), trend.unit)) continue;
    const auto& first = trend.members.front();
    const auto& last = trend.members.back();
    table.row({name_html(context, model.units[trend.unit]), spark(context, trend.members),
               shown(context, first), shown(context, last),
               first && last ? say.signed_number(*last - *first) : ""});
  }
  std::string note = say("Mỗi đường có thang đo riêng; các đường không so được với nhau. ",
                         "Each line has a scale of its own; lines cannot be compared. ");
  if (!selection.rest.empty()) {
    note += say.count(static_cast<std::int64_t>(selection.rest.size()),
                      "tổ chức nhỏ hơn không có trong bảng", "smaller unit is not listed",
                      "smaller units are not listed") +
            ".";
  }
  return "<details class=\"trends\" id=\"unit-trends\"><summary>" +
         say("Từng tổ chức trực thuộc", "Each direct unit") + "</summary>" + table.finish() +
         "<p class=\"note\">" + base::escape_html(note) + "</p></details>";
}

}  // namespace dangbo::inline v1::report
