// Members at the ends of months, each under the tree of its own day.
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "report/model.hpp"

namespace dangbo::inline v1::report {

namespace {

using time::Date;

constexpr int kMostMonths = 240;  // each costs a count of all members

Date last_of_month(Date day) {
  return *Date::from_ymd(day.year(), day.month(), time::days_in_month(day.year(), day.month()));
}

TrendPoint point(const Model& model, Date day) {
  TrendPoint made{day, std::nullopt};
  const registry::View view = model.view.snapshot().at(day, model.view.known_at());
  const auto since = view.covered_since();
  if (since && day < *since) return made;
  if (!model.unit_key.empty()) {
    const auto unit = view.snapshot().find_unit(model.unit_key);
    if (unit && view.unit_row(*unit) != base::kNoRow) made.members = view.stock(*unit, true);
    return made;
  }
  for (const base::UnitPosition root : view.tree().roots()) {
    made.members = made.members.value_or(0) + view.stock(view.tree().slot_at(root), true);
  }
  return made;
}

}  // namespace

absl::Status gather_trend(Model& model) {
  if (!model.request.trend_from || !model.request.has(Part::kTrend)) return absl::OkStatus();
  const Date from = *model.request.trend_from;
  const Date day = model.view.day();
  const int months = (day.year() - from.year()) * 12 + day.month() - from.month();
  if (from > day || months >= kMostMonths) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        rollup::mistake(base::ProblemCode::kBadQuery, "/trend/from", from.to_string(),
                        {"cần một ngày trước ngày xem, cách nhiều nhất 20 năm",
                         "a day before the view's is needed, at most 20 years before it"},
                        {"chọn ngày đầu khác", "choose another first day"}));
  }
  for (int i = 0; i <= months; ++i) {
    const auto in_month = time::add_months(from, i, time::MonthEndRule::kClamp);
    if (!in_month) break;
    const Date end = last_of_month(*in_month);
    if (end >= day) break;
    model.trend.push_back(point(model, end));
  }
  model.trend.push_back(point(model, day));
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::report
