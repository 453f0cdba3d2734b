#include "moves.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include "dangbo/load/load.hpp"
#include "dangbo/table/column.hpp"

namespace dangbo::bench {

using base::index_of;
using base::kNoRow;
using base::MemberSlot;
using base::RowId;
using registry::Change;
using registry::Registry;
using registry::Snapshot;
using table::Column;
using table::Type;

void fail(const std::string& what) {
  std::cerr << "benchmark: " << what << '\n';
  std::exit(1);
}

std::unique_ptr<Registry> load_folder(const std::string& folder, const std::string& path,
                                      registry::Durability durability) {
  std::unique_ptr<Registry> registry;
  if (path.empty()) {
    registry = Registry::create();
  } else {
    auto created = Registry::open(path, registry::OpenMode::kCreate,
                                  {.registry = {}, .durability = durability});
    if (!created.ok()) fail(created.status().ToString());
    registry = std::move(*created);
  }
  Change change(*registry);
  const std::vector<std::string> folders = {folder};
  if (const auto status = load::add_files(*registry, change, folders); !status.ok())
    fail(status.ToString());
  if (const auto done = registry->commit(std::move(change), {}); !done.ok())
    fail(done.status().ToString());
  return registry;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double Times::at(double part) const {
  if (seconds_.empty()) return 0;
  std::vector<double> sorted = seconds_;
  const auto place = static_cast<std::ptrdiff_t>(part * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + place, sorted.end());
  return sorted[static_cast<std::size_t>(place)] * 1e6;
}

void Times::report(benchmark::State& state) const {
  state.counters["median_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.counters["max_us"] = at(1.0);
}

namespace {

RowId open_home(const Snapshot& now, MemberSlot member) {
  const auto rows = *now.rows("memberships");
  const auto until = *rows.field("until");
  RowId row = rows.newest_of(member);
  while (row != kNoRow && (!until.is_missing(row) || !rows.is_known(row, now.commit())))
    row = rows.previous_of_member(row);
  return row;
}

// A row as a host builds it, value by value.
class Row {
 public:
  explicit Row(std::size_t values) { columns_.reserve(values); }
  Row& text(const char* name, std::string_view value) {
    columns_.emplace_back(name, Type::kText).append_text(value);
    return *this;
  }
  Row& date(const char* name, time::Date value) {
    columns_.emplace_back(name, Type::kDate).append_date(value);
    return *this;
  }
  Row& number(const char* name, std::int64_t value) {
    columns_.emplace_back(name, Type::kInt).append_integer(value);
    return *this;
  }
  // The words are those of the registry's own vocabulary.
  Row& kind_home() {
    static const auto words =
        std::make_shared<const table::Words>(table::Words{"home", "temporary"});
    Column& column = columns_.emplace_back("kind", Type::kCode);
    column.append_code(0);
    column.set_words(words);
    return *this;
  }
  table::Table take() { return {"rows", std::move(columns_)}; }

 private:
  std::vector<Column> columns_;
};

}  // namespace

Moves::Moves(const Registry& registry) {
  const Snapshot now = registry.snapshot();
  const auto rows = *now.rows("memberships");
  const auto until = *rows.field("until");
  const auto kind = *rows.field("kind");
  const auto from = *rows.field("from");
  const std::uint32_t home = *kind.find_word("home");
  std::vector<bool> seen(now.member_count());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const RowId id{row};
    const MemberSlot member = rows.member_of(id);
    if (const auto begin = from.date(id))
      first_ = std::max(first_, begin->first_day().plus_days(1));
    if (!until.is_missing(id) || kind.raw(id) != home || seen[index_of(member)]) continue;
    seen[index_of(member)] = true;
    members_.push_back(member);
  }
  std::shuffle(members_.begin(), members_.end(), random_);
}

Move Moves::next(const Snapshot& now) {
  const MemberSlot member = members_[next_ % members_.size()];
  std::uniform_int_distribution<std::uint32_t> unit(0, now.unit_count() - 1);
  return {.home = open_home(now, member),
          .member = member,
          .unit = base::UnitSlot{unit(random_)},
          .on = first_.plus_days(static_cast<std::int32_t>(next_++ / members_.size()))};
}

Change change_of(const Registry& registry, const Snapshot& now,
                 const std::shared_ptr<const table::Schema>& memberships, const Move& move) {
  Change change(registry);
  change.add_correction({.schema = memberships,
                         .targets = Row(1).number("row_id", index_of(move.home)).take(),
                         .values = Row(1).date("until", move.on).take(),
                         .withdraw = false,
                         .source = "move"});
  change.add_batch({.schema = memberships,
                    .rows = Row(4)
                                .text("member_id", now.key_of(move.member))
                                .text("unit_id", now.key_of(move.unit))
                                .kind_home()
                                .date("from", move.on)
                                .take(),
                    .source = "move",
                    .first_row = 1,
                    .headers = {}});
  return change;
}

}  // namespace dangbo::bench
