// Two days of one question, and who came and went between them.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/answers.hpp"
#include "rollup/notes.hpp"
#include "rollup/question.hpp"
#include "rollup/result.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using table::Type;
using GroupText = std::vector<std::optional<std::string>>;

// Where a member counts on one of the days: a unit and a group of the result.
struct Stay {
  MemberSlot member;
  std::uint32_t target;
  std::uint32_t group;
  friend auto operator<=>(const Stay&, const Stay&) = default;
};

struct Figures {
  std::int64_t before = 0;
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t after = 0;
};

// Missing last.
bool is_before(const GroupText& a, const GroupText& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    if (!a[i] || !b[i]) return a[i].has_value();
    return *a[i] < *b[i];
  }
  return false;
}

class Since {
 public:
  Since(const Query::Document& document, Progress& progress)
      : document_(document), progress_(progress) {}

  absl::StatusOr<table::Table> run(const registry::View& view, const std::string& canonical) {
    const registry::View earlier = view.snapshot().at(*document_.compare, view.known_at());
    World now(view);
    Tally tally;
    auto question = resolve(now, document_);
    if (!question.ok()) return question.status();
    const Targets& shown = question->targets;
    progress_.between(0, 0.5);
    std::vector<Stay> after;
    if (auto status = read(now, *question, shown, after, tally); !status.ok()) return status;
    progress_.between(0.5, 1);
    std::vector<Stay> before;
    {
      World then(earlier);
      Tally ignored;
      auto past = resolve(then, document_);
      if (!past.ok()) return past.status();
      if (!shown.whole) past->targets = targets_of(then, shown.slots);
      if (auto status = read(then, *past, shown, before, ignored); !status.ok()) return status;
    }
    if (groups_.size() > kMaxCells / std::max<std::size_t>(shown.size(), 1)) return too_many();
    std::vector<Figures> cells(groups_.size() * shown.size());
    add(before, after, cells);
    table::Provenance about = provenance_of(canonical, now, document_, shown, tally);
    about.facts.emplace_back("compare", document_.compare->to_string());
    return write(now, shown, cells, std::move(about));
  }

 private:
  static absl::Status too_many() {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(
            base::ProblemCode::kTooManyCells, "/by", "",
            {"kết quả có hơn 4 000 000 ô", "the result would have more than 4 000 000 cells"},
            {"bớt cột nhóm, hoặc hỏi ít đơn vị hơn", "group by fewer columns or ask fewer units"}));
  }

  // The rows of a day, in every unit of the result at or above them.
  absl::Status read(const World& world, Question& question, const Targets& shown,
                    std::vector<Stay>& out, Tally& tally) {
    CountOptions options = options_of(document_.ask);
    options.progress = &progress_;
    const Targets& own = question.targets;
    const auto rows = counted_rows(world, question.input, own, options, tally);
    if (!rows.ok()) return rows.status();
    std::map<std::uint64_t, std::uint32_t> numbers;
    const bool below = document_.ask.scope == Scope::kBelow;
    for (const CountedRow& row : *rows) {
      const auto [at, is_new] = numbers.try_emplace(row.key, 0);
      if (is_new) at->second = number_of(world, question.input, row.key);
      for (std::uint32_t target = row.target; target != kNoTarget;
           target = below && !own.whole ? own.above[target] : kNoTarget) {
        const std::uint32_t there = own.whole ? 0 : shown.of_slot(own.slots[target]);
        if (there != kNoTarget) out.push_back({row.member, there, at->second});
      }
    }
    std::sort(out.begin(), out.end());
    return absl::OkStatus();
  }

  std::uint32_t number_of(const World& world, const Input& input, std::uint64_t key) {
    GroupText text(input.groups.size());
    for (std::size_t i = text.size(); i-- > 0;) {
      text[i] = group_text(world.snapshot(), input.groups[i], key % input.groups[i].radix);
      key /= input.groups[i].radix;
    }
    return groups_.try_emplace(std::move(text), static_cast<std::uint32_t>(groups_.size()))
        .first->second;
  }

  void add(const std::vector<Stay>& before, const std::vector<Stay>& after,
           std::vector<Figures>& cells) const {
    const auto cell = [&](const Stay& stay) -> Figures& {
      return cells[stay.target * groups_.size() + stay.group];
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
      if (j == after.size() || (i < before.size() && before[i] < after[j])) {
        ++cell(before[i]).before;
        ++cell(before[i++]).out;
      } else if (i == before.size() || after[j] < before[i]) {
        ++cell(after[j]).after;
        ++cell(after[j++]).in;
      } else {
        ++cell(before[i++]).before;
        ++cell(after[j++]).after;
      }
    }
  }

  table::Table write(const World& world, const Targets& shown, const std::vector<Figures>& cells,
                     table::Provenance about) const {
    std::vector<table::Column> columns;
    if (document_.each) {
      columns.emplace_back("unit_id", Type::kText);
      columns.emplace_back("name", Type::kText);
    }
    for (const GroupBy& group : document_.by) columns.emplace_back(group.name, Type::kText);
    for (const char* name : {"before", "in", "out", "after"})
      columns.emplace_back(name, Type::kInt);
    std::vector<std::pair<GroupText, std::uint32_t>> groups(groups_.begin(), groups_.end());
    std::sort(groups.begin(), groups.end(),
              [](const auto& a, const auto& b) { return is_before(a.first, b.first); });
    if (groups.empty() && (document_.each || document_.by.empty())) {
      groups.emplace_back(GroupText(document_.by.size()), 0);
    }
    std::vector<std::pair<std::string_view, std::size_t>> units;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      units.emplace_back(shown.whole ? "" : world.snapshot().key_of(shown.slots[i]), i);
    }
    std::sort(units.begin(), units.end());
    const FieldReader name = *world.units().field("name");
    for (const auto& [key, target] : units) {
      for (const auto& [text, group] : groups) {
        std::size_t at = 0;
        if (document_.each) {
          const RowId row = world.unit_row(shown.slots[target], world.tree_day());
          columns[at++].append_text(key);
          name.is_missing(row) ? columns[at].append_missing()
                               : columns[at].append_text(name.text(row));
          ++at;
        }
        for (const auto& value : text) {
          value ? columns[at].append_text(*value) : columns[at].append_missing();
          ++at;
        }
        const std::size_t cell = target * groups_.size() + group;
        const Figures figures = cell < cells.size() ? cells[cell] : Figures{};
        for (const std::int64_t figure : {figures.before, figures.in, figures.out, figures.after}) {
          columns[at++].append_integer(figure);
        }
      }
    }
    return {"result", std::move(columns), std::move(about)};
  }

  const Query::Document& document_;
  Progress& progress_;
  std::map<GroupText, std::uint32_t> groups_;
};

}  // namespace

absl::StatusOr<table::Table> since(const registry::View& view, const Query::Document& document,
                                   const std::string& canonical, Progress& progress) {
  return Since(document, progress).run(view, canonical);
}

}  // namespace dangbo::inline v1::rollup
