#include "rollup/notes.hpp"
#include "rollup/coverage.hpp"

#include <string_view>

namespace dangbo::inline v1::rollup {

namespace {

std::string period_text(const Period& period) {
  if (!period.text.empty()) return period.text;
  return "[" + (period.from_text.empty() ? std::string("…") : period.from_text) + ", " +
         (period.until_text.empty() ? std::string("…") : period.until_text) + ")";
}

void note(table::Provenance& out, std::uint64_t count, std::string_view vi, std::string_view en) {
  if (count == 0) return;
  const std::string number = std::to_string(count);
  out.notes.push_back({number + " " + std::string(vi), number + " " + std::string(en)});
}

}  // namespace

const base::Message& not_in_force_mark() {
  static const base::Message mark{"đơn vị không hoạt động trong ngày hỏi", "not in force"};
  return mark;
}

table::Provenance provenance_of(const std::string& canonical, const World& world,
                                const Query::Document& document, const Targets& targets,
                                const Tally& tally) {
  table::Provenance out;
  out.facts = {{"query", canonical},
               {"on", world.day().to_string()},
               {"known_at", std::to_string(index_of(world.view().known_at()))}};
  if (document.structure) out.facts.emplace_back("structure", document.structure->to_string());
  if (world.snapshot().is_synthetic()) out.facts.emplace_back("data", "synthetic");
  add_coverage(out, world.view());
  if (document.ask.period) out.facts.emplace_back("period", period_text(*document.ask.period));
  if (document.unit) out.facts.emplace_back("unit", *document.unit);
  if (document.share) {
    out.facts.emplace_back("base", document.share->query ? "query" : document.share->name);
  }
  out.facts.emplace_back("scope", document.ask.scope == Scope::kOwn ? "own" : "with below");
  if (!targets.root_in_force) {
    out.notes.push_back(not_in_force_mark());
  }
  // Counted before the unit is known, so for the whole registry.
  note(out, tally.not_in_force,
       "dòng của toàn bộ dữ liệu thuộc đơn vị không hoạt động trong ngày của dòng, không được tính",
       "rows of the whole registry stand at units not in force on their day and are not counted");
  note(out, tally.no_place, "dòng không thuộc đơn vị nào trong ngày của dòng, không được tính",
       "rows belong to no unit on their day and are not counted");
  const std::string structure = world.tree_day().to_string();
  note(out, tally.not_restated,
       "dòng không xếp được vào cơ cấu ngày " + structure + ", không được tính",
       "rows cannot be placed under the structure of " + structure + " and are not counted");
  note(out, tally.no_day, "dòng không có ngày, không được tính",
       "rows have no day and are not counted");
  note(out, tally.from_row, "lần kết nạp không ghi ngày, tính theo ngày bắt đầu sinh hoạt",
       "admissions have no date of their own and are dated by the first day of the membership");
  note(out, tally.partial_day, "dòng có ngày không đầy đủ, tính vào ngày sớm nhất có thể",
       "rows have a partial date and are placed on its first possible day");
  note(out, tally.no_value, "dòng không có giá trị để cộng", "rows have no value to sum");
  if (document.ask.of == "persons" && !document.by.empty()) {
    out.notes.push_back({"một người có thể ở nhiều nhóm: không cộng các nhóm lại",
                         "one person may stand in several groups: do not add them up"});
  }
  return out;
}

}  // namespace dangbo::inline v1::rollup
