#include "registry/operate.hpp"

#include <algorithm>

#include "dangbo/base/text.hpp"
#include "dangbo/table/parse.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;

constexpr std::string_view kWords[] = {
    "establish", "rename",  "convert", "reparent", "absorb",  "merge",         "divide",
    "split_off", "close",   "admit",   "confirm",  "move",    "temporary",     "in_transit",
    "exempt",    "suspend", "leave",   "appoint",  "relieve", "merge_members", "unmerge_members"};
static_assert(std::size(kWords) == std::variant_size_v<Operation>);

// Units whose members, child units and other rows an operation looks at.
struct Emptied {
  std::vector<std::string>& keys;

  void operator()(const Reparent& what) const {
    if (!what.children_of.empty()) keys.push_back(what.children_of);
  }
  void operator()(const Absorb& what) const { add(what.units); }
  void operator()(const Merge& what) const { add(what.units); }
  void operator()(const Close& what) const { add(what.units); }
  void operator()(const Divide& what) const { keys.push_back(what.unit); }
  void operator()(const SplitOff& what) const { keys.push_back(what.unit); }
  template <typename Other>
  void operator()(const Other&) const {}

  void add(const std::vector<std::string>& more) const {
    keys.insert(keys.end(), more.begin(), more.end());
  }
};

}  // namespace

Change expand_operations(const Core& core, Change change) {
  Draft draft(core);
  std::vector<std::string> emptied;
  for (const Operation& operation : change.operations()) std::visit(Emptied{emptied}, operation);
  draft.load_units(emptied);
  base::ProblemList problems;
  for (const Operation& operation : change.operations()) {
    std::visit(
        [&](const auto& what) {
          Operating(draft, what.act, kWords[operation.index()], problems).run(what);
        },
        operation);
  }
  change.add_problems(std::move(problems));
  draft.emit(change);
  return change;
}

void Operating::refuse(std::string_view value, Message reason, Message fix) {
  base::Place place = act_.place;
  place.column = word_;
  problems_.add({.code = ProblemCode::kOperationRefused,
                 .place = std::move(place),
                 .value = base::shorten(value, 64),
                 .reason = std::move(reason),
                 .fix = std::move(fix)});
}

void Operating::refuse_for(const DraftTable& table, const DraftRow& row, std::string_view value,
                           Message reason, Message fix) {
  const std::string where =
      act_.place.row == 0 ? std::string()
                          : " (" + act_.place.file + ":" + std::to_string(act_.place.row) + ")";
  problems_.add(
      {.code = ProblemCode::kOperationRefused,
       .place = table.place_of(row),
       .value = base::shorten(value, 64),
       .reason = {"dòng này cản việc “" + std::string(word_) + "”" + where + ": " + reason.vi,
                  "this row forbids “" + std::string(word_) + "”" + where + ": " + reason.en},
       .fix = std::move(fix)});
}

bool Operating::needs_decision() {
  if (!act_.decision.empty()) return true;
  refuse("", {"việc này cần số quyết định", "this operation needs its decision"},
         {"thêm “decision: …”", "add “decision: …”"});
  return false;
}

std::optional<Operating::Cells> Operating::read(const DraftTable& table,
                                                const Attributes& attributes) {
  Cells cells;
  bool is_good = true;
  for (const auto& [name, text] : attributes) {
    const auto field = table.schema().find(name);
    if (!field) {
      is_good = false;
      refuse(name,
             {"bảng “" + table.schema().name() + "” không có cột này",
              "the table “" + table.schema().name() + "” has no such field"},
             {"xem tên cột trong docs/tables.md", "see docs/tables.md for the fields"});
      continue;
    }
    table::FieldBuilder builder(table.schema().fields()[*field], false);
    if (auto problem = builder.append(text)) {
      is_good = false;
      problem->place = act_.place;
      problem->place.column = name;
      problems_.add(*std::move(problem));
      continue;
    }
    cells.emplace_back(name, builder.take().display(0));
  }
  return is_good ? std::optional(std::move(cells)) : std::nullopt;
}

std::optional<std::string> Operating::word_of(const DraftTable& table, std::string_view field,
                                              std::string_view word) {
  const auto cells = read(table, {{std::string(field), std::string(word)}});
  if (!cells) return std::nullopt;
  return cells->front().second;
}

void Operating::set_all(DraftTable& table, DraftRow& row, const Cells& cells) {
  for (const auto& [field, cell] : cells) table.set(row, field, cell, act_.place);
}

void Operating::amend(DraftTable& table, const std::vector<DraftRow*>& rows, time::Date day,
                      const Cells& cells) {
  DraftRow* row = in_force(rows, day);
  Cells before;
  for (const auto& [field, cell] : cells) before.emplace_back(field, table.text(*row, field));
  set_all(table, table.split(*row, day, act_.place), cells);
  for (DraftRow* later : rows) {
    if (later->range.from_day() <= day.days()) continue;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool is_of_row = cells[i].first == "decision_id" || cells[i].first == "status_date";
      if (!is_of_row && table.text(*later, cells[i].first) == before[i].second)
        table.set(*later, cells[i].first, cells[i].second, act_.place);
    }
  }
}

}  // namespace dangbo::inline v1::registry
