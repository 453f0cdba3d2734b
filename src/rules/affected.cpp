// From changed rows back to the subjects that can see them.
#include <algorithm>
#include <utility>

#include "dangbo/party/schemas.hpp"
#include "rules/delta.hpp"

namespace dangbo::inline v1::rules {

namespace {

using Source = FieldBinding::Source;
using Step = ReadPath::Step;
using table::Role;
using Entities = std::set<Entity>;

// Relations the other way round, in one state of the facts.
class Inverse {
 public:
  explicit Inverse(const Facts& facts) : facts_(facts) {}

  void parent(UnitSlot unit, Entities& out) const {
    const auto at = position(unit);
    if (at == base::kNoPosition) return;
    const auto above = facts_.tree().parent_of(at);
    if (above != base::kNoPosition) put(facts_.tree().slot_at(above), out);
  }

  void ancestors(UnitSlot unit, Entities& out) const {
    auto at = position(unit);
    while (at != base::kNoPosition) {
      at = facts_.tree().parent_of(at);
      if (at != base::kNoPosition) put(facts_.tree().slot_at(at), out);
    }
  }

  void children(UnitSlot unit, Entities& out) const {
    const auto at = position(unit);
    if (at == base::kNoPosition) return;
    for (const auto child : facts_.tree().children_of(at)) put(facts_.tree().slot_at(child), out);
  }

  void descendants(UnitSlot unit, Entities& out) const {
    const auto at = position(unit);
    if (at == base::kNoPosition) return;
    const std::uint32_t end = index_of(facts_.tree().end_of(at));
    for (std::uint32_t i = index_of(at) + 1; i < end; ++i) {
      put(facts_.tree().slot_at(base::UnitPosition{i}), out);
    }
  }

  void members(UnitSlot unit, Entities& out) const {
    std::vector<Entity> all;
    facts_.members_of(unit, all);
    out.insert(all.begin(), all.end());
  }

  void rows_of(std::size_t table, UnitSlot unit, Entities& out) const {
    facts_.each_row_of(table, unit, [&](RowId row) { out.insert(index_of(row)); });
    if (!is_about_either(table)) return;
    Entities persons;
    members(unit, persons);
    for (const Entity member : persons) {
      rows_of(table, MemberSlot{static_cast<std::uint32_t>(member)}, out);
    }
  }

  void rows_of(std::size_t table, MemberSlot member, Entities& out) const {
    const registry::Rows* const rows = facts_.rows(table);
    if (rows == nullptr || index_of(member) >= facts_.snapshot().member_count()) return;
    for (RowId row = rows->newest_of(member); row != kNoRow; row = rows->previous_of_member(row)) {
      out.insert(index_of(row));
    }
  }

  // The months that a unit may be asked about.
  void months(UnitSlot unit, Entities& out) const {
    const time::Date today = facts_.day();
    const auto here = time::Date::from_ymd(today.year(), today.month(), 1);
    for (int back = 1; back <= 12; ++back) {
      const auto first = time::add_months(*here, -back, time::MonthEndRule::kClamp);
      if (first) out.insert(unit_month(unit, first->days()));
    }
  }

  // Rows about units or members, placed at the home of a member.
  [[nodiscard]] bool is_about_either(std::size_t table) const {
    const table::Schema& schema = *facts_.bindings().subjects().tables()[table];
    return !schema.find(Role::kUnit) && schema.find(Role::kSubject).has_value();
  }

  // The records from which `step` leads to `target`.
  void through(const Step& step, Entity target, Entities& out) const {
    const auto number = static_cast<std::uint32_t>(target);
    const About about = step.of->about;
    switch (step.field->source) {
      case Source::kParent:
        return children(UnitSlot{number}, out);
      case Source::kUnit:
        if (about == About::kMember) return members(UnitSlot{number}, out);
        if (about == About::kUnitMonth) return months(UnitSlot{number}, out);
        return rows_of(step.of->table, UnitSlot{number}, out);
      case Source::kMember:
        return rows_of(step.of->table, MemberSlot{number}, out);
      case Source::kFromUnit:
        return rows_of_movers(UnitSlot{number}, out);
      case Source::kAncestors:
        return descendants(UnitSlot{number}, out);
      case Source::kChildren:
        return parent(UnitSlot{number}, out);
      case Source::kDescendants:
        return ancestors(UnitSlot{number}, out);
      case Source::kMembers:
      case Source::kAllMembers:
        return homes(MemberSlot{number}, step.field->source == Source::kAllMembers, out);
      case Source::kRowsOfUnit:
        for (const UnitSlot unit : units(step.field->table, RowId{number})) put(unit, out);
        return;
      case Source::kMeetingsOfMonth:
        for (const UnitSlot unit : units(step.field->table, RowId{number})) months(unit, out);
        return;
      case Source::kRowsOfMember:
        return owner(step, RowId{number}, out);
      default:
        return;
    }
  }

  [[nodiscard]] std::vector<UnitSlot> units(std::size_t table, RowId row) const {
    std::vector<UnitSlot> out;
    if (has(table, row)) facts_.units_of_row(table, row, out);
    return out;
  }

  [[nodiscard]] bool has(std::size_t table, RowId row) const {
    return facts_.rows(table) != nullptr && index_of(row) < facts_.rows(table)->size();
  }

  // The member a row of a relation belongs to, or what stands for it.
  void owner(const Step& step, RowId row, Entities& out) const {
    if (!has(step.field->table, row)) return;
    const MemberSlot member = facts_.member_of_row(step.field->table, row);
    if (member == base::kNoMemberSlot) return;
    if (step.of->about == About::kMember) {
      out.insert(index_of(member));
    } else {
      rows_of(step.of->table, member, out);
    }
  }

  void homes(MemberSlot member, bool with_above, Entities& out) const {
    if (index_of(member) >= facts_.snapshot().member_count()) return;
    const RowId home = facts_.home_row(member);
    if (home == kNoRow) return;
    const UnitSlot unit = facts_.rows(facts_.memberships_table())->unit_of(home);
    put(unit, out);
    if (with_above) ancestors(unit, out);
  }

  // Every home of whoever was ever in the unit.
  void rows_of_movers(UnitSlot unit, Entities& out) const {
    const std::size_t table = facts_.memberships_table();
    Entities rows;
    facts_.each_row_of(table, unit, [&](RowId row) { rows.insert(index_of(row)); });
    for (const Entity row : rows) {
      rows_of(table, facts_.rows(table)->member_of(RowId{static_cast<std::uint32_t>(row)}), out);
    }
  }

  static void put(UnitSlot unit, Entities& out) { out.insert(index_of(unit)); }

 private:
  [[nodiscard]] base::UnitPosition position(UnitSlot unit) const {
    return facts_.tree().position_of(unit);
  }
  const Facts& facts_;
};

class Affected {
 public:
  Affected(const Delta& delta, const Facts& before, const Facts& after)
      : delta_(delta), after_(after), old_(before), new_(after) {}

  Entities run(const Rule& rule, const RecordBinding& self, const RuleReads& reads,
               const Facts& before) {
    Entities out;
    subjects(rule, self, before, out);
    for (const ReadPath& path : reads.paths) {
      for (std::size_t i = 0; i < path.steps.size(); ++i) {
        Entities here;
        links(path.steps[i], here);
        if (i + 1 == path.steps.size()) contents(path.steps[i], here);
        pull(path, i, here, out);
      }
    }
    return out;
  }

 private:
  template <typename Visit>
  void each_row(std::size_t table, Visit visit) const {
    if (table >= delta_.rows.size() || after_.rows(table) == nullptr) return;
    for (const RowId row : delta_.rows[table]) {
      if (index_of(row) < after_.rows(table)->size()) visit(row);
    }
  }

  template <typename Visit>
  void in_both(Visit visit) const {
    visit(old_);
    visit(new_);
  }

  void pull(const ReadPath& path, std::size_t at, Entities& here, Entities& out) const {
    while (at > 0 && !here.empty()) {
      --at;
      Entities back;
      for (const Entity target : here) {
        in_both([&](const Inverse& state) { state.through(path.steps[at], target, back); });
      }
      here = std::move(back);
    }
    out.merge(here);
  }

  // Whoever becomes or ceases to be a subject, and those shown under another unit.
  void subjects(const Rule& rule, const RecordBinding& self, const Facts& before, Entities& out) {
    const std::size_t memberships = after_.memberships_table();
    switch (self.about) {
      case About::kUnit:
        each_row(after_.units_table(), [&](RowId row) {
          const Entity unit = index_of(after_.rows(after_.units_table())->unit_of(row));
          const bool was = before.is_subject(rule.subject, unit);
          if (was != after_.is_subject(rule.subject, unit)) out.insert(unit);
        });
        return;
      case About::kMember:
        each_row(memberships, [&](RowId row) {
          out.insert(index_of(after_.rows(memberships)->member_of(row)));
        });
        return;
      case About::kUnitMonth:
        each_row(after_.units_table(), [&](RowId row) {
          const UnitSlot unit = after_.rows(after_.units_table())->unit_of(row);
          in_both([&](const Inverse& state) { state.months(unit, out); });
        });
        return;
      default:
        break;
    }
    each_row(self.table, [&](RowId row) { out.insert(index_of(row)); });
    if (self.about == About::kRow && new_.is_about_either(self.table)) {
      each_row(memberships, [&](RowId row) {
        new_.rows_of(self.table, after_.rows(memberships)->member_of(row), out);
      });
    }
  }

  // Records of which the relation or record of `step` may be another.
  void links(const Step& step, Entities& out) const {
    switch (step.field->source) {
      case Source::kParent:
      case Source::kAncestors:
      case Source::kChildren:
      case Source::kDescendants:
        return tree_links(step.field->source, out);
      case Source::kAllMembers:
        tree_links(Source::kDescendants, out);
        [[fallthrough]];
      case Source::kMembers:
        return member_links(step.field->source == Source::kAllMembers, out);
      case Source::kRowsOfUnit:
      case Source::kRowsOfMember:
      case Source::kMeetingsOfMonth:
        each_row(step.field->table, [&](RowId row) {
          in_both([&](const Inverse& state) { state.through(step, index_of(row), out); });
        });
        return;
      case Source::kUnit:
      case Source::kMember:
      case Source::kFromUnit:
        return row_links(step, out);
      default:
        return;
    }
  }

  void tree_links(Source source, Entities& out) const {
    for (const UnitSlot unit : delta_.moved) {
      Inverse::put(unit, out);
      in_both([&](const Inverse& state) {
        if (source == Source::kParent) state.children(unit, out);
        if (source == Source::kAncestors) state.descendants(unit, out);
        if (source == Source::kChildren) state.parent(unit, out);
        if (source == Source::kDescendants) state.ancestors(unit, out);
      });
    }
  }

  void member_links(bool with_above, Entities& out) const {
    const std::size_t memberships = after_.memberships_table();
    each_row(memberships, [&](RowId row) {
      const UnitSlot unit = after_.rows(memberships)->unit_of(row);
      Inverse::put(unit, out);
      if (with_above) in_both([&](const Inverse& state) { state.ancestors(unit, out); });
    });
  }

  // Of members by their home, of rows by what they name.
  void row_links(const Step& step, Entities& out) const {
    const std::size_t memberships = after_.memberships_table();
    const bool of_member = step.of->about == About::kMember;
    const bool by_home = of_member || step.field->source == Source::kFromUnit ||
                         new_.is_about_either(step.of->table);
    if (by_home) {
      each_row(memberships, [&](RowId row) {
        const MemberSlot member = after_.rows(memberships)->member_of(row);
        if (of_member) {
          out.insert(index_of(member));
        } else {
          new_.rows_of(step.of->table, member, out);
        }
      });
    }
    if (!of_member && step.of->about != About::kUnitMonth) {
      each_row(step.of->table, [&](RowId row) { out.insert(index_of(row)); });
    }
  }

  // Records of which the value of `step` itself may be another.
  void contents(const Step& step, Entities& out) const {
    const std::size_t units = after_.units_table();
    const std::size_t memberships = after_.memberships_table();
    const auto members_in = [&](std::size_t table) {
      each_row(table, [&](RowId row) { out.insert(index_of(after_.rows(table)->member_of(row))); });
    };
    switch (step.of->about) {
      case About::kUnit:
        each_row(units, [&](RowId row) {
          const UnitSlot unit = after_.rows(units)->unit_of(row);
          Inverse::put(unit, out);
          if (step.field->source != Source::kEpoch) return;
          in_both([&](const Inverse& state) { state.descendants(unit, out); });
        });
        return;
      case About::kMember:
        members_in(after_.members_table());
        if (step.field->source == Source::kHomeSince) members_in(memberships);
        if (step.field->source == Source::kGrassroots) {
          members_in(memberships);
          members_below(out);
        }
        if (step.field->source != Source::kStanding) return;
        for (const MemberSlot member : delta_.standings) out.insert(index_of(member));
        return;
      case About::kMove:
      case About::kAdmission:
        each_row(memberships, [&](RowId row) {
          new_.rows_of(memberships, after_.rows(memberships)->member_of(row), out);
        });
        return;
      case About::kRow:
        if (step.field->source == Source::kAboveReviewed ||
            step.field->source == Source::kAboveGraded) {
          evaluations_below(step.of->table, out);
        }
        each_row(step.of->table, [&](RowId row) {
          out.insert(index_of(row));
          if (step.field->source != Source::kPreviousHeld) return;
          for (const UnitSlot unit : new_.units(step.of->table, row)) {
            new_.rows_of(step.of->table, unit, out);
          }
        });
        return;
      default:
        return;
    }
  }

  // Members at home in units that changed and below them.
  void members_below(Entities& out) const {
    Entities units;
    each_row(after_.units_table(), [&](RowId row) {
      const UnitSlot unit = after_.rows(after_.units_table())->unit_of(row);
      Inverse::put(unit, units);
      in_both([&](const Inverse& state) { state.descendants(unit, units); });
    });
    for (const Entity unit : units) {
      in_both([&](const Inverse& state) {
        state.members(UnitSlot{static_cast<std::uint32_t>(unit)}, out);
      });
    }
  }

  // Evaluations of whoever stands directly below a unit whose own ones changed, or has come to
  // stand there.
  void evaluations_below(std::size_t table, Entities& out) const {
    const std::size_t memberships = after_.memberships_table();
    Entities units;
    each_row(table, [&](RowId row) {
      for (const UnitSlot unit : new_.units(table, row)) {
        Inverse::put(unit, units);
        in_both([&](const Inverse& state) { state.children(unit, units); });
      }
    });
    for (const UnitSlot unit : delta_.moved) {
      Inverse::put(unit, units);
      in_both([&](const Inverse& state) { state.children(unit, units); });
    }
    for (const Entity unit : units) {
      in_both([&](const Inverse& state) {
        state.rows_of(table, UnitSlot{static_cast<std::uint32_t>(unit)}, out);
      });
    }
    each_row(memberships, [&](RowId row) {
      new_.rows_of(table, after_.rows(memberships)->member_of(row), out);
    });
  }

  const Delta& delta_;
  const Facts& after_;
  Inverse old_;
  Inverse new_;
};

}  // namespace

std::set<Entity> affected(const Delta& delta, const Rule& rule, const RecordBinding& self,
                          const RuleReads& reads, const Facts& before, const Facts& after) {
  return Affected(delta, before, after).run(rule, self, reads, before);
}

}  // namespace dangbo::inline v1::rules
