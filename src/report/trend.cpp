// Members at the ends of months, as a line.
#include <algorithm>

#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr Tenths kWidth = px(620);
constexpr Tenths kLeft = px(52);
constexpr Tenths kRight = px(556);
constexpr Tenths kTop = px(24);
constexpr Tenths kBottom = px(200);
constexpr Tenths kHeight = px(226);

// A round step with few lines between two values.
std::int64_t step_for(std::int64_t span) {
  std::int64_t step = 1;
  while (span / step > 5) {
    if (span / (step * 2) <= 5) return step * 2;
    if (span / (step * 5) <= 5) return step * 5;
    step *= 10;
  }
  return step;
}

class TrendFigure {
 public:
  explicit TrendFigure(const Context& context)
      : context_(context),
        say_(context.say),
        points_(context.model.trend),
        picture_("trend-svg", kWidth, kHeight) {
    bool has_any = false;
    for (const TrendPoint& point : points_) {
      if (!point.members) continue;
      low_ = has_any ? std::min(low_, *point.members) : *point.members;
      high_ = has_any ? std::max(high_, *point.members) : *point.members;
      has_any = true;
    }
    step_ = step_for(std::max<std::int64_t>(high_ - low_, 4));
    floor_ = low_ / step_ * step_;
    // A line that begins near nothing may as well begin there.
    if (floor_ * 3 < high_) floor_ = 0;
    if (floor_ == 0) step_ = step_for(std::max<std::int64_t>(high_, 4));
    ceiling_ = std::max((high_ + step_ - 1) / step_ * step_, floor_ + step_);
  }

  std::string draw() {
    grid();
    month_names();
    reorganisation();
    line();
    Figure figure;
    figure.id = "trend-figure";
    figure.classes = "wide-figure";
    figure.title = say_("Đảng viên qua các tháng", "Members, month by month");
    figure.basis = base::escape_html(say_("Ngày cuối mỗi tháng từ ", "Last days of months from ") +
                                     say_.month(points_.front().day) + say_(" đến ", " to ") +
                                     say_.date(points_.back().day) +
                                     say_(" · cây tổ chức của từng ngày · gồm cả cấp dưới",
                                          " · the tree of each day · with all below"));
    figure.pictures =
        picture_.finish(say_("Số đảng viên cuối mỗi tháng", "Members at the end of each month"),
                        description(), context_.mark());
    figure.table = table();
    figure.note = base::escape_html(note());
    return to_html(context_, figure);
  }

 private:
  [[nodiscard]] Tenths x_of(std::size_t i) const {
    const auto last = static_cast<std::int64_t>(points_.size()) - 1;
    return kLeft + (last <= 0 ? (kRight - kLeft)
                              : scaled(static_cast<std::int64_t>(i), last, kRight - kLeft));
  }
  [[nodiscard]] Tenths y_of(std::int64_t members) const {
    return kBottom - scaled(members - floor_, ceiling_ - floor_, kBottom - kTop);
  }

  void grid() {
    for (std::int64_t value = floor_; value <= ceiling_; value += step_) {
      picture_.line(kLeft, y_of(value), kRight, y_of(value), value == floor_ ? "axis" : "rule");
      picture_.text(kLeft - px(8), y_of(value) + px(4), say_.number(value), "s dim", Anchor::kEnd);
    }
  }

  void month_names() {
    const std::size_t every = (points_.size() + 6) / 7;
    for (std::size_t i = 0; i < points_.size(); i += std::max<std::size_t>(every, 1)) {
      // The last day has its own words at the end of the line.
      const Anchor anchor = i == 0 ? Anchor::kStart : Anchor::kMiddle;
      picture_.text(x_of(i), kBottom + px(18), say_.month(points_[i].day), "s dim", anchor);
    }
  }

  void reorganisation() {
    if (!context_.model.reorganisation) return;
    const time::Date day = context_.model.reorganisation->first;
    for (std::size_t i = 1; i < points_.size(); ++i) {
      if (points_[i - 1].day >= day || points_[i].day < day) continue;
      const std::int64_t days = points_[i].day.days() - points_[i - 1].day.days();
      const Tenths x =
          x_of(i - 1) + scaled(day.days() - points_[i - 1].day.days(), days, x_of(i) - x_of(i - 1));
      picture_.line(x, kTop - px(6), x, kBottom, "event");
      picture_.text(x, kTop - px(11), say_("sắp xếp ", "reorganised ") + say_.date(day), "s dim",
                    Anchor::kMiddle);
    }
  }

  void line() {
    std::string path;
    bool is_open = false;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (!points_[i].members) {
        is_open = false;
        continue;
      }
      path += (is_open ? "L" : "M") + to_text(x_of(i)) + " " + to_text(y_of(*points_[i].members));
      is_open = true;
    }
    picture_.path(path, "line");
    std::size_t last_known = points_.size();
    for (std::size_t i = 0; i < points_.size(); ++i) {
      if (!points_[i].members) continue;
      last_known = i;
      picture_.circle(
          x_of(i), y_of(*points_[i].members), px(points_.size() > 60 ? 2 : 3), "dot",
          say_.date(points_[i].day) + ": " + members_text(context_, *points_[i].members));
    }
    if (last_known < points_.size()) {
      picture_.text(x_of(last_known) + px(8), y_of(*points_[last_known].members) + px(4),
                    say_.number(*points_[last_known].members), "num");
    }
    const auto first = std::find_if(points_.begin(), points_.end(), [](const TrendPoint& point) {
      return point.members.has_value();
    });
    if (first != points_.end() && first != points_.end() - 1) {
      picture_.text(x_of(static_cast<std::size_t>(first - points_.begin())),
                    y_of(*first->members) - px(9), say_.number(*first->members), "num");
    }
  }

  std::string description() const {
    return say_("Đường nối ", "A line through ") + std::to_string(points_.size()) +
           say_(" ngày; thấp nhất ", " days; lowest ") + say_.number(low_) +
           say_(", cao nhất ", ", highest ") + say_.number(high_);
  }

  std::string table() const {
    DataTable table(say_("Số đảng viên cuối mỗi tháng", "Members at the end of each month"));
    table.head({say_("ngày", "day"), say_("đảng viên", "members"), say_("thay đổi", "change")});
    std::optional<std::int64_t> before;
    for (const TrendPoint& point : points_) {
      table.row(
          {say_.date(point.day),
           point.members ? say_.number(*point.members) : say_("chưa hoạt động", "not in force"),
           point.members && before ? say_.signed_number(*point.members - *before) : ""});
      before = point.members;
    }
    return table.finish();
  }

  std::string note() const {
    std::string out;
    if (floor_ > 0) {
      out = say_("Trục đứng bắt đầu từ ", "The vertical axis begins at ") + say_.number(floor_) +
            say_(", không từ 0. ", ", not at 0. ");
    }
    const auto without = std::count_if(points_.begin(), points_.end(),
                                       [](const TrendPoint& point) { return !point.members; });
    if (without > 0) {
      out += say_.count(without, "ngày tổ chức chưa, hoặc không còn, hoạt động: không có điểm",
                        "day on which the unit was not in force has no point",
                        "days on which the unit was not in force have no points") +
             ". ";
    }
    return out +
           say_("Dữ liệu chỉ ghi danh sách hiện tại thì các tháng trước thiếu người đã rời đi.",
                "Where the data is only today's roster, earlier months lack those who left.");
  }

  const Context& context_;
  Wording say_;
  const std::vector<TrendPoint>& points_;
  Picture picture_;
  std::int64_t low_ = 0;
  std::int64_t high_ = 0;
  std::int64_t floor_ = 0;
  std::int64_t ceiling_ = 1;
  std::int64_t step_ = 1;
};

}  // namespace

std::string trend_section(const Context& context) {
  if (context.model.trend.empty()) return {};
  return section(word_of(Part::kTrend), context.say("Xu hướng", "Trend"), {},
                 TrendFigure(context).draw() + unit_trends(context));
}

}  // namespace dangbo::inline v1::report
