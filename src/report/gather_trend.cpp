// Members at the ends of months, each under the tree of its own day.
#include <utility>

#include "dangbo/registry/totals.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "report/model.hpp"

namespace dangbo::inline v1::report {

namespace {

using time::Date;

constexpr int kMostMonths = 240;  // each costs a count of all members

Date last_of_month(Date day) {
  return *Date::from_ymd(day.year(), day.month(), time::days_in_month(day.year(), day.month()));
}

// Members of a unit on a day that `view` is of; nothing when it is not in force. From the timeline
// where figures are declared, else counted once a day for all units.
std::optional<std::int64_t> members_of(const registry::Totals& totals, const registry::View& view,
                                       base::UnitSlot unit) {
  if (view.unit_row(unit) == base::kNoRow) return std::nullopt;
  const std::int64_t members =
      totals.measure_count() == 0
          ? view.stock(unit, true)
          : totals.on(unit, registry::kMembersAtHome, registry::Scope::kBelow, view.day());
  return members == registry::kOutsideCoverage ? std::nullopt : std::optional(members);
}

void add_point(Model& model, const registry::Totals& totals, Date day) {
  TrendPoint made{day, std::nullopt};
  const registry::Snapshot& snapshot = model.view.snapshot();
  const registry::View view = snapshot.at(day, model.view.known_at());
  if (!model.unit_key.empty()) {
    if (const auto unit = snapshot.find_unit(model.unit_key))
      made.members = members_of(totals, view, *unit);
  } else {
    for (const base::UnitPosition root : view.tree().roots()) {
      const auto members = members_of(totals, view, view.tree().slot_at(root));
      if (members) made.members = made.members.value_or(0) + *members;
    }
  }
  model.trend.push_back(made);
  for (UnitTrend& trend : model.unit_trends) {
    const auto unit = snapshot.find_unit(model.units[trend.unit].key);
    trend.members.push_back(unit ? members_of(totals, view, *unit) : std::nullopt);
  }
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
  // As known at the view's commit, like the views of the other days.
  const registry::Totals totals(model.view);
  for (const std::uint32_t unit : model.tops) model.unit_trends.push_back({unit, {}});
  for (int i = 0; i <= months; ++i) {
    const auto in_month = time::add_months(from, i, time::MonthEndRule::kClamp);
    if (!in_month) break;
    const Date end = last_of_month(*in_month);
    if (end >= day) break;
    add_point(model, totals, end);
  }
  add_point(model, totals, day);
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::report
