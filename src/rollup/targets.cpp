#include "rollup/targets.hpp"

#include <algorithm>
#include <string>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/mistake.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::UnitPosition;

// Fills what hangs on `slots`, which are in force and in pre-order.
void link(const World& world, Targets& targets) {
  const hierarchy::Tree& tree = world.tree();
  targets.of_slots.assign(world.snapshot().unit_count(), kNoTarget);
  targets.by_position.assign(tree.size(), kNoTarget);
  for (std::uint32_t i = 0; i < targets.slots.size(); ++i) {
    targets.of_slots[index_of(targets.slots[i])] = i;
  }
  targets.above.assign(targets.slots.size(), kNoTarget);
  for (std::uint32_t p = 0; p < tree.size(); ++p) {
    const UnitPosition up = tree.parent_of(UnitPosition{p});
    const std::uint32_t from_above =
        up == base::kNoPosition ? kNoTarget : targets.by_position[index_of(up)];
    const std::uint32_t self = targets.of_slots[index_of(tree.slot_at(UnitPosition{p}))];
    if (self != kNoTarget) targets.above[self] = from_above;
    targets.by_position[p] = self != kNoTarget ? self : from_above;
  }
}

void unknown_unit(const World& world, const std::string& key, base::ProblemList& problems) {
  std::vector<std::string_view> keys;
  for (std::uint32_t i = 0; i < world.snapshot().unit_count(); ++i) {
    keys.push_back(world.snapshot().key_of(UnitSlot{i}));
  }
  problems.add(mistake(ProblemCode::kUnknownUnit, "/unit", key,
                       {"không có đơn vị mang mã này", "no unit has this key"},
                       suggest(key, keys)));
}

// The words of "each" as codes of a field of `units`.
std::vector<bool> codes_of(const table::CodeSet& codes, const Each& each, const char* name,
                           base::ProblemList& problems) {
  std::vector<bool> wanted(codes.codes().size(), false);
  for (const std::string& word : each.words) {
    const auto code = codes.find(word);
    if (code) {
      wanted[*code] = true;
      continue;
    }
    std::vector<std::string_view> ids;
    for (const table::Code& known : codes.codes()) ids.push_back(known.id);
    problems.add(mistake(ProblemCode::kUnknownCode, std::string("/each/") + name, word,
                         {"từ này không có trong danh mục " + codes.name(),
                          "the vocabulary " + codes.name() + " has no such word"},
                         suggest(word, ids)));
  }
  return wanted;
}

// Positions [begin, end) of the scope; `base` is the level of its root, or that of the forest's.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t level = 0;
};

void select(const World& world, const Each& each, const Range& range, bool has_root,
            base::ProblemList& problems, Targets& targets) {
  const hierarchy::Tree& tree = world.tree();
  std::vector<bool> wanted;
  FieldReader reader;
  if (each.kind == EachKind::kClass || each.kind == EachKind::kKind) {
    const bool by_class = each.kind == EachKind::kClass;
    targets.by_form = true;
    const char* name = by_class ? "class" : "kind";
    wanted =
        codes_of(by_class ? *party::unit_classes() : *party::unit_kinds(), each, name, problems);
    reader = *world.units().field(name);
  }
  // Children of the forest are its roots.
  const std::uint32_t level = each.kind == EachKind::kChildren ? (has_root ? 1U : 0U) : each.level;
  for (std::uint32_t p = range.begin; p < range.end; ++p) {
    const UnitSlot slot = tree.slot_at(UnitPosition{p});
    bool take = true;
    if (!wanted.empty()) {
      const std::uint32_t code = reader.raw(world.unit_row(slot, world.tree_day()));
      take = code < wanted.size() && wanted[code];
    } else if (each.kind != EachKind::kAll) {
      take = tree.level_of(UnitPosition{p}) - range.level == level;
    }
    if (take) targets.slots.push_back(slot);
  }
}

}  // namespace

Targets find_targets(const World& world, const Query::Document& document,
                     base::ProblemList& problems) {
  Targets targets;
  if (!document.unit && !document.each) {
    targets.whole = true;
    return targets;
  }
  Range range{0, static_cast<std::uint32_t>(world.tree().size()), 0};
  if (document.unit) {
    const auto slot = world.snapshot().find_unit(*document.unit);
    if (!slot) {
      unknown_unit(world, *document.unit, problems);
      return targets;
    }
    const UnitPosition at = world.tree().position_of(*slot);
    targets.root_in_force = at != base::kNoPosition;
    range = targets.root_in_force
                ? Range{index_of(at), index_of(world.tree().end_of(at)), world.tree().level_of(at)}
                : Range{};
    if (!document.each) targets.slots.push_back(*slot);
  }
  targets.first = range.begin;
  targets.last = range.end;
  if (document.each) {
    select(world, *document.each, range, document.unit.has_value(), problems, targets);
    link(world, targets);
  } else {
    targets.above.assign(1, kNoTarget);
  }
  return targets;
}

Targets targets_of(const World& world, const std::vector<UnitSlot>& units) {
  const hierarchy::Tree& tree = world.tree();
  std::vector<UnitPosition> positions;
  for (const UnitSlot unit : units) {
    if (const UnitPosition at = tree.position_of(unit); at != base::kNoPosition) {
      positions.push_back(at);
    }
  }
  std::sort(positions.begin(), positions.end());
  Targets targets;
  for (const UnitPosition at : positions) targets.slots.push_back(tree.slot_at(at));
  targets.last = static_cast<std::uint32_t>(tree.size());
  link(world, targets);
  return targets;
}

Targets all_units(const World& world) {
  Targets targets;
  targets.slots.assign(world.tree().slots().begin(), world.tree().slots().end());
  targets.last = static_cast<std::uint32_t>(world.tree().size());
  link(world, targets);
  return targets;
}

}  // namespace dangbo::inline v1::rollup
