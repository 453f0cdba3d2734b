#include "body_builder.hpp"

#include <algorithm>
#include <utility>

#include "names.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kFewestCells = 3;

std::string two_digits(std::size_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

bool has_cells(std::string_view kind) {
  return kind == "DBCS" || kind == "XA" || kind == "PHUONG" || kind == "QS" || kind == "CA";
}

std::string title_of(std::string_view kind) {
  return kind == "CBCS" || kind == "CB" ? "Chi bộ " : "Đảng bộ ";
}

}  // namespace

BodyBuilder::BodyBuilder(BodyPlan plan, std::uint64_t seed, std::uint64_t stream)
    : plan_(std::move(plan)), random_(seed, stream) {
  add_unit({"K",
            plan_.root_name,
            plan_.root_kind,
            "CTCS",
            "",
            {{plan_.founded, kNoDay, kNone, ""}},
            {}});
}

std::size_t BodyBuilder::add_unit(Unit unit) {
  units_.push_back(std::move(unit));
  return units_.size() - 1;
}

void BodyBuilder::reparent(std::size_t unit, Day on, std::size_t parent) {
  std::vector<UnitSpan>& spans = units_[unit].spans;
  spans.push_back({on, spans.back().until, parent, spans.back().flags});
  spans[spans.size() - 2].until = on;
}

void BodyBuilder::set_flags(std::size_t unit, Day on, std::string flags) {
  std::vector<UnitSpan>& spans = units_[unit].spans;
  spans.push_back({on, spans.back().until, spans.back().parent, std::move(flags)});
  spans[spans.size() - 2].until = on;
}

void BodyBuilder::close(std::size_t unit, Day on) {
  units_[unit].spans.back().until = on;
  const std::string number = two_digits(events_.size() + 1);
  events_.push_back({"BD" + number, on, "KETTHUC", unit, kNone, ""});
}

std::size_t BodyBuilder::add_organisation(const Organisation& organisation, std::size_t number,
                                          Day from) {
  return add_unit({"K" + two_digits(number),
                   title_of(organisation.kind) + organisation.name,
                   organisation.kind,
                   "TCCS",
                   organisation.sector,
                   {{from, kNoDay, root(), ""}},
                   {}});
}

std::size_t BodyBuilder::add_cell(std::size_t committee, std::size_t number, Day from) {
  return add_unit({units_[committee].id + "." + std::to_string(number),
                   cell_name(number - 1),
                   "CB",
                   "DCS",
                   "",
                   {{from, kNoDay, committee, ""}},
                   {}});
}

void BodyBuilder::merge_predecessors(std::size_t unit, const Organisation& organisation,
                                     std::size_t& number) {
  const std::string decision = "QĐ-HN-" + std::to_string(year_of(plan_.reorganised));
  for (const std::string& name : organisation.merged_from) {
    Organisation before = organisation;
    before.name = name;
    const std::size_t old = add_organisation(before, number++, plan_.founded);
    units_[old].spans.back().until = plan_.reorganised;
    units_[unit].predecessors.push_back(old);
    events_.push_back({"BD01", plan_.reorganised, "HOPNHAT", old, unit, decision});
  }
  add_decision({decision, "HOPNHAT", "K", units_[unit].id, iso(plan_.reorganised - 12),
                iso(plan_.reorganised)});
}

// At least three each, the rest at random, large committees first.
std::vector<std::size_t> BodyBuilder::cells_per_committee(std::size_t committees) {
  std::vector<std::size_t> counts(committees, kFewestCells);
  for (std::size_t left = plan_.cells - committees * kFewestCells; left > 0; --left) {
    const std::size_t a = random_.below(committees);
    const std::size_t b = random_.below(committees);
    ++counts[std::min(a, b)];
  }
  return counts;
}

void BodyBuilder::add_cells(const std::vector<std::size_t>& committees) {
  const std::vector<std::size_t> counts = cells_per_committee(committees.size());
  for (std::size_t i = 0; i < committees.size(); ++i) {
    for (std::size_t number = 1; number <= counts[i]; ++number) {
      add_cell(committees[i], number, plan_.founded);
    }
    if (i == 0) closed_earlier_.push_back(add_cell(committees[i], counts[i] + 1, plan_.founded));
    if (i == 1 && plan_.knows_future)
      founded_later_ = add_cell(committees[i], counts[i] + 1, plan_.as_of + 45);
  }
  close(closed_earlier_.back(), plan_.as_of - 400);
}

// Three cells of the second committee were those of the first until the day of the reorganisation.
void BodyBuilder::move_cells(const std::vector<std::size_t>& committees) {
  const std::string decision = "QĐ-TT-" + std::to_string(year_of(plan_.reorganised));
  std::vector<std::size_t> moved;
  for (std::size_t unit = 0; unit < units_.size() && moved.size() < 3; ++unit) {
    if (units_[unit].kind == "CB" && units_[unit].spans.back().parent == committees[1]) {
      moved.push_back(unit);
    }
  }
  for (const std::size_t cell : moved) {
    units_[cell].spans.back().parent = committees[0];
    reparent(cell, plan_.reorganised, committees[1]);
    events_.push_back({"BD02", plan_.reorganised, "CHUYENTT", cell, cell, decision});
  }
  add_decision({decision, "TOCHUC", "K", units_[committees[1]].id, iso(plan_.reorganised - 12),
                iso(plan_.reorganised)});
}

// Each takes the last three cells of its committee below it, from the first day.
void BodyBuilder::add_sections(const std::vector<std::size_t>& committees) {
  for (std::size_t i = 0; i < plan_.section_committees; ++i) {
    const std::size_t committee = committees[i + 6];
    const std::size_t section = add_unit({units_[committee].id + ".B",
                                          "Đảng bộ bộ phận Khối sự nghiệp",
                                          "DBBP",
                                          "DCS",
                                          "",
                                          {{plan_.founded, kNoDay, committee, ""}},
                                          {}});
    std::size_t taken = 0;
    for (std::size_t unit = section; unit-- > 0 && taken < 3;) {
      if (units_[unit].kind != "CB" || units_[unit].spans.back().parent != committee) continue;
      units_[unit].spans.back().parent = section;
      ++taken;
    }
    add_decision({"QĐ-BP-0" + std::to_string(i + 1), "DONGY_BOPHAN", "K", units_[section].id,
                  iso(plan_.founded), iso(plan_.founded)});
  }
}

void BodyBuilder::build_tree(const std::vector<Organisation>& organisations) {
  std::vector<std::size_t> committees;
  std::size_t number = 1;
  std::size_t after = organisations.size() + 1;
  for (const Organisation& organisation : organisations) {
    const bool is_merged = !organisation.merged_from.empty();
    const Day from = is_merged ? plan_.reorganised : plan_.founded;
    const std::size_t unit = add_organisation(organisation, number++, from);
    if (has_cells(organisation.kind)) committees.push_back(unit);
    if (is_merged) merge_predecessors(unit, organisation, after);
  }
  add_cells(committees);
  move_cells(committees);
  add_sections(committees);
  // A grassroots cell that ended long before, its last members gone elsewhere.
  const std::string sector = organisations.back().sector;
  const std::size_t old =
      add_organisation({"Ban Chỉ đạo chương trình cũ", "CBCS", sector, {}}, after++, plan_.founded);
  closed_earlier_.push_back(old);
  close(old, plan_.as_of - 700);
}

bool BodyBuilder::in_force(std::size_t unit, Day on) const {
  return units_[unit].from() <= on && on < units_[unit].until();
}

std::size_t BodyBuilder::parent_on(std::size_t unit, Day on) const {
  for (const UnitSpan& span : units_[unit].spans) {
    if (span.from <= on && on < span.until) return span.parent;
  }
  return kNone;
}

std::vector<std::size_t> BodyBuilder::units_on(Day on, std::string_view kind,
                                               std::string_view unit_class) const {
  std::vector<std::size_t> found;
  for (std::size_t unit = 0; unit < units_.size(); ++unit) {
    if (!in_force(unit, on)) continue;
    if (kind.empty() ? units_[unit].unit_class == unit_class : units_[unit].kind == kind) {
      found.push_back(unit);
    }
  }
  return found;
}

std::vector<std::size_t> BodyBuilder::homes_on(Day on) const {
  std::vector<std::size_t> found(people_.size(), kNone);
  for (const Home& home : homes_) {
    if (!home.is_temporary && home.from <= on && on < home.until) found[home.person] = home.unit;
  }
  return found;
}

std::size_t BodyBuilder::add_person(Person person) {
  people_.push_back(std::move(person));
  return people_.size() - 1;
}

void BodyBuilder::add_home(std::size_t person, std::size_t unit, Day from, Day until,
                           std::string in_reason, std::string out_reason) {
  const Day begins = units_[unit].from();
  if (from < begins && !units_[unit].predecessors.empty()) {
    // The group or merged unit takes over on its first day what stood before it.
    const std::size_t before = random_.pick(units_[unit].predecessors);
    if (until <= begins) {
      return add_home(person, before, from, until, std::move(in_reason), std::move(out_reason));
    }
    add_home(person, before, from, begins, std::move(in_reason), "TOCHUC");
    from = begins;
    in_reason = "TOCHUC";
  } else if (from < begins) {
    if (until <= begins) return;
    from = begins;  // the roster begins with the unit; how the member came before is not in it
    in_reason.clear();
  }
  homes_.push_back({person, unit, from, until, std::move(in_reason), std::move(out_reason), false});
}

void BodyBuilder::add_temporary(std::size_t person, std::size_t unit, Day from, Day until) {
  homes_.push_back({person, unit, from, until, "", "", true});
}

void BodyBuilder::number_people() {
  number_of_.resize(people_.size());
  for (std::size_t i = 0; i < number_of_.size(); ++i) number_of_[i] = i;
  random_.shuffle(number_of_);
}

std::string BodyBuilder::member_id(std::size_t person) const {
  std::string digits = std::to_string(number_of_[person] + 1);
  return "DV" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

}  // namespace dangbo::inline v1::generator
