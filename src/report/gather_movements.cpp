// The movement balance of the page's unit, and which reasons the public may see apart.
#include <algorithm>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/time/period.hpp"
#include "report/model.hpp"
#include "report/suppress.hpp"

namespace dangbo::inline v1::report {

namespace {

using Json = nlohmann::ordered_json;

// Members by reason, of columns such as "in_admission"; reasons nobody has are left out.
std::vector<Movement> read_reasons(const table::Table& table, const table::CodeSet& codes,
                                   const std::string& prefix) {
  std::vector<Movement> out;
  const auto add = [&](const std::string& word, base::Message label) {
    const std::int64_t members = table.column(*table.find(prefix + word)).integer(0);
    if (members != 0) out.push_back({std::move(label), members});
  };
  for (const table::Code& code : codes.codes()) add(code.id, code.name);
  add("unstated", {"không ghi lý do", "no reason recorded"});
  return out;
}

// Reasons of few members are taken together, and with them the next smallest until those together
// are not few: opening, closing and the reasons shown give their sum and no part of it.
bool group_reasons(std::vector<Movement>& reasons, bool is_low) {
  std::vector<std::size_t> order(reasons.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return reasons[a].members < reasons[b].members;
  });
  std::vector<bool> is_taken(reasons.size(), is_low);
  std::int64_t together = 0;
  for (const std::size_t at : order) {
    const bool is_short = together > 0 && together < kSmallest;
    is_taken[at] = is_taken[at] || reasons[at].members < kSmallest || is_short;
    if (is_taken[at]) together += reasons[at].members;
  }
  if (together == 0) return false;
  std::vector<Movement> kept;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (!is_taken[i]) kept.push_back(std::move(reasons[i]));
  }
  const bool is_all = kept.empty();
  kept.push_back({is_all ? base::Message{"mọi lý do", "all reasons"}
                         : base::Message{"các lý do khác", "other reasons"},
                  together});
  reasons = std::move(kept);
  return true;
}

// REQUIRES: a period that a query of movements took.
time::Date first_day_of(const Json& period) {
  if (period.is_string()) return *time::period_days(period.get<std::string>())->from();
  return time::parse_date(period["from"].get<std::string>()).value->first_day();
}

}  // namespace

absl::Status gather_movements(Model& model) {
  if (model.request.movements.empty() || !model.request.has(Part::kMovements)) {
    return absl::OkStatus();
  }
  const Json question = {{"of", "movements"}, {"period", Json::parse(model.request.movements)}};
  Json document = {{"query", 1}};
  document.update(question);
  const auto query = rollup::Query::parse(document.dump());
  if (!query.ok()) return query.status();
  const time::Date last = *query->on();
  if (last > model.view.day()) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        rollup::mistake(
            base::ProblemCode::kBadQuery, "/movements", last.to_string(),
            {"kỳ tăng giảm chưa hết vào ngày xem",
             "the period of the balance is not over on the view's day"},
            {"chọn kỳ hết không sau ngày xem", "choose a period that is over by the view's day"}));
  }
  const registry::View view = model.view.snapshot().at(last, model.view.known_at());
  const auto table = ask(model, view, question, {"tăng, giảm đảng viên", "movement of members"});
  if (!table.ok()) return table.status();
  const auto figure = [&](const char* name) {
    return table->column(*table->find(name)).integer(0);
  };
  MovementBalance made;
  made.eve = first_day_of(question["period"]).plus_days(-1);
  made.last = last;
  made.opening = figure("opening");
  made.closing = figure("closing");
  made.in = read_reasons(*table, *party::in_reasons(), "in_");
  made.out = read_reasons(*table, *party::out_reasons(), "out_");
  if (model.is_public()) {
    // A unit that is not in force on the page's day has no class to judge by.
    made.is_low = model.root == kNone ? !model.unit_key.empty() : !is_high(model.units[model.root]);
    const bool has_in = group_reasons(made.in, made.is_low);
    const bool has_out = group_reasons(made.out, made.is_low);
    made.is_grouped = !made.is_low && (has_in || has_out);
  }
  model.movements = std::move(made);
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::report
