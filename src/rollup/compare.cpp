// Frozen figures beside those of today, and the rows that part them.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/cause.hpp"
#include "rollup/frozen.hpp"
#include "rollup/result.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::CommitNumber;
using base::ProblemCode;
using table::Column;
using table::Table;
using table::Type;
using Document = Query::Document;
using Text = std::optional<std::string>;

// More rows than this nobody reads; what is beyond stands in one row a cell.
constexpr std::size_t kMaxCauses = 4'000'000;

// A cell by what it is called, in the order of results: by unit key, then groups, missing last.
struct Key {
  std::string unit;
  std::vector<Text> groups;

  friend bool operator<(const Key& a, const Key& b) {
    if (a.unit != b.unit) return a.unit < b.unit;
    for (std::size_t i = 0; i < a.groups.size() && i < b.groups.size(); ++i) {
      if (a.groups[i] == b.groups[i]) continue;
      if (!a.groups[i] || !b.groups[i]) return a.groups[i].has_value();
      return *a.groups[i] < *b.groups[i];
    }
    return a.groups.size() > b.groups.size();  // the base of a unit stands behind its groups
  }
};

// One figure, frozen and now.
struct Figure {
  Key key;
  Text name;
  bool is_base = false;
  std::optional<std::int64_t> frozen;
  std::optional<std::int64_t> now;
  bool is_comparable = true;
  std::int64_t difference = 0;
  std::int64_t explained = 0;
};

// The result's rows by key.
class Results {
 public:
  Results(const Table& table, const Document& document)
      : table_(table), first_(document.each ? 2 : 0), groups_(document.by.size()) {
    for (std::size_t row = 0; row < table.row_count(); ++row) rows_.emplace_back(key(row), row);
    std::sort(rows_.begin(), rows_.end());
  }

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] const Key& key_at(std::size_t i) const noexcept { return rows_[i].first; }
  [[nodiscard]] Text name_at(std::size_t i) const {
    return first_ == 0 ? Text() : text(1, rows_[i].second);
  }
  [[nodiscard]] std::int64_t figure_at(std::size_t i, bool base) const {
    return table_.column(first_ + groups_ + (base ? 1 : 0)).integer(rows_[i].second);
  }

 private:
  [[nodiscard]] Text text(std::size_t column, std::size_t row) const {
    const Column& values = table_.column(column);
    return values.is_missing(row) ? Text() : Text(values.display(row));
  }
  [[nodiscard]] Key key(std::size_t row) const {
    Key made;
    if (first_ != 0) made.unit = text(0, row).value_or("");
    for (std::size_t g = 0; g < groups_; ++g) made.groups.push_back(text(first_ + g, row));
    return made;
  }

  const Table& table_;
  std::size_t first_;
  std::size_t groups_;
  std::vector<std::pair<Key, std::size_t>> rows_;
};

bool same_rows(const Table& a, const Table& b) {
  if (a.column_count() != b.column_count() || a.row_count() != b.row_count()) return false;
  for (std::size_t c = 0; c < a.column_count(); ++c) {
    const Column& one = a.column(c);
    const Column& other = b.column(c);
    if (one.name() != other.name()) return false;
    for (std::size_t row = 0; row < one.size(); ++row) {
      if (one.is_missing(row) != other.is_missing(row)) return false;
      if (!one.is_missing(row) && one.display(row) != other.display(row)) return false;
    }
  }
  return true;
}

// A balance has its figures side by side; compared they stand below one another, by a column
// "movement" that holds their names.
std::optional<Document> long_form(const Document& document) {
  if (document.ask.of != kMovements) return std::nullopt;
  Document made = document;
  GroupBy movement;
  movement.name = "movement";
  made.by.assign(1, movement);
  return made;
}

Table in_long_form(const Table& table, const Document& document) {
  const std::size_t first = document.each ? 2 : 0;
  std::vector<std::vector<Text>> texts(first + 1);
  Column count("count", Type::kInt);
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    for (std::size_t c = first; c < table.column_count(); ++c) {
      for (std::size_t k = 0; k < first; ++k) {
        const Column& of_unit = table.column(k);
        texts[k].push_back(of_unit.is_missing(row) ? Text() : Text(of_unit.display(row)));
      }
      texts[first].emplace_back(table.column(c).name());
      count.append_integer(table.column(c).integer(row));
    }
  }
  std::vector<Column> columns;
  for (std::size_t k = 0; k < first; ++k) {
    columns.push_back(column_of(table.column(k).name(), Type::kText, texts[k]));
  }
  columns.push_back(column_of("movement", Type::kCode, texts[first]));
  columns.push_back(std::move(count));
  return {table.name(), std::move(columns)};
}

absl::Status too_far_apart() {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(ProblemCode::kOutOfRange, "", "",
              {"chênh lệch vượt quá 64 bit", "a difference does not fit 64 bits"},
              {"kiểm tra giá trị bất thường", "look for absurd values"}));
}

// A cause on its way into the table.
struct Line {
  std::size_t cell = 0;
  std::int64_t effect = 0;
  Cause cause;
};

class Comparer {
 public:
  Comparer(const registry::View& view, const Frozen& frozen, const CompareOptions& options)
      : view_(view),
        frozen_(frozen),
        query_(frozen.query()),
        balance_(long_form(query_.document())),
        document_(balance_ ? *balance_ : query_.document()),
        before_(balance_ ? in_long_form(frozen.table(), document_) : frozen.table()),
        options_(options) {}

  absl::StatusOr<Comparison> run() {
    const auto now = rollup::run(view_, query_);
    if (!now.ok()) return now.status();
    const Table after = balance_ ? in_long_form(*now, document_) : *now;
    if (absl::Status status = find_figures(after); !status.ok()) return status;
    find_history();
    if (same_history_ && !shown_.empty() && !balance_) {
      if (absl::Status status = find_causes(); !status.ok()) return status;
    }
    account_for_the_rest();
    Comparison made;
    made.differing = differing_;
    made.cells = cells();
    made.causes = causes();
    return made;
  }

 private:
  // ---- figures

  absl::Status find_figures(const Table& now) {
    const Results before(before_, document_);
    const Results after(now, document_);
    std::vector<Figure> figures;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
      const bool in_before =
          j == after.size() || (i < before.size() && !(after.key_at(j) < before.key_at(i)));
      const bool in_after =
          i == before.size() || (j < after.size() && !(before.key_at(i) < after.key_at(j)));
      Figure made;
      made.key = in_after ? after.key_at(j) : before.key_at(i);
      made.name = in_after ? after.name_at(j) : before.name_at(i);
      Figure base = made;
      base.is_base = true;
      base.key.groups.clear();
      const auto take = [&](const Results& results, std::size_t at, auto side) {
        made.*side = results.figure_at(at, false);
        if (document_.share) base.*side = results.figure_at(at, true);
      };
      if (in_before) take(before, i, &Figure::frozen);
      if (in_after) take(after, j, &Figure::now);
      i += in_before ? 1 : 0;
      j += in_after ? 1 : 0;
      add_base(std::move(base), figures);
      figures.insert(document_.share ? figures.end() - 1 : figures.end(), std::move(made));
    }
    for (Figure& figure : figures) {
      // A result that met no group has no row to show its base in.
      figure.is_comparable = !figure.is_base || document_.each || (figure.frozen && figure.now);
      if (!figure.is_comparable) {
        if (options_.all) shown_.push_back(std::move(figure));
        continue;
      }
      if (__builtin_sub_overflow(figure.now.value_or(0), figure.frozen.value_or(0),
                                 &figure.difference)) {
        return too_far_apart();
      }
      if (figure.difference != 0) ++differing_;
      if (options_.all || figure.difference != 0) shown_.push_back(std::move(figure));
    }
    for (std::size_t at = 0; at < shown_.size(); ++at) {
      if (!shown_[at].is_comparable) continue;
      numbers_.emplace(std::make_pair(shown_[at].is_base, shown_[at].key), at);
    }
    return absl::OkStatus();
  }

  // One base a unit, behind the cells of its groups.
  void add_base(Figure base, std::vector<Figure>& figures) const {
    if (!document_.share) return;
    if (!figures.empty() && figures.back().key.unit == base.key.unit) {
      Figure& known = figures.back();
      if (base.frozen) known.frozen = base.frozen;
      if (base.now) known.now = base.now;
    } else {
      figures.push_back(std::move(base));
    }
  }

  // ---- causes

  // The registry has the commit that was frozen, and it gives the frozen figures.
  void find_history() {
    const registry::Snapshot& snapshot = view_.snapshot();
    if (frozen_.known_at() > view_.known_at()) return;
    if (snapshot.time_of(frozen_.known_at()) != frozen_.commit_time()) return;
    const auto then = rollup::run(snapshot.at(view_.day(), frozen_.known_at()), query_);
    same_history_ = then.ok() && same_rows(*then, frozen_.table());
  }

  absl::Status find_causes() {
    const registry::View before = view_.snapshot().at(view_.day(), frozen_.known_at());
    World world_then(before, document_.structure);
    World world_now(view_, document_.structure);
    auto then = resolve(world_then, document_);
    if (!then.ok()) return then.status();
    auto now = resolve(world_now, document_);
    if (!now.ok()) return now.status();
    const auto side = [](const World& world, const Targets& targets, Input& input,
                         const Ask& ask) -> Side {
      return {world, input, targets, Reach(world, targets, ask.scope, input.own_day)};
    };
    const auto inner = [](std::optional<HavingCounts>& having) {
      return having ? &*having : nullptr;
    };
    absl::Status status = add_causes(side(world_then, then->targets, then->input, document_.ask),
                                     side(world_now, now->targets, now->input, document_.ask),
                                     document_.ask, inner(then->having), inner(now->having), false);
    if (!status.ok() || !document_.share) return status;
    if (status = filter_base(world_then, *then); !status.ok()) return status;
    if (status = filter_base(world_now, *now); !status.ok()) return status;
    return add_causes(side(world_then, then->targets, *then->base, then->base_ask),
                      side(world_now, now->targets, *now->base, now->base_ask), now->base_ask,
                      inner(then->base_having), inner(now->base_having), true);
  }

  absl::Status add_causes(const Side& then, const Side& now, const Ask& ask,
                          HavingCounts* having_then, HavingCounts* having_now, bool base) {
    const Difference difference(then, now);
    if (difference.overflow()) return too_far_apart();
    CauseFinder finder(then, now, ask, having_then, having_now);
    const Shift* last = nullptr;
    std::optional<std::size_t> cell;
    for (const Shift& shift : difference.shifts()) {
      if (last == nullptr || last->unit != shift.unit || last->key != shift.key) {
        cell = cell_of(shift, now.input, base);
      }
      last = &shift;
      if (!cell) continue;
      if (lines_.size() == kMaxCauses) {
        too_many_ = true;
        break;
      }
      lines_.push_back({*cell, shift.effect, finder.find(shift)});
      std::int64_t& explained = shown_[*cell].explained;
      if (__builtin_add_overflow(explained, shift.effect, &explained)) return too_far_apart();
    }
    return absl::OkStatus();
  }

  // The number of a shift's cell; nothing when it is not shown.
  [[nodiscard]] std::optional<std::size_t> cell_of(const Shift& shift, const Input& input,
                                                   bool base) const {
    Key key;
    if (document_.each) key.unit = std::string(view_.snapshot().key_of(shift.unit));
    std::uint64_t digits = shift.key;
    for (std::size_t i = input.groups.size(); i-- > 0;) {
      const GroupColumn& group = input.groups[i];
      key.groups.push_back(group_text(view_.snapshot(), group, digits % group.radix));
      digits /= group.radix;
    }
    std::reverse(key.groups.begin(), key.groups.end());
    const auto at = numbers_.find(std::make_pair(base, std::move(key)));
    return at == numbers_.end() ? std::nullopt : std::optional(at->second);
  }

  // What no row accounts for stands in a row of its own, so that effects always add up.
  void account_for_the_rest() {
    for (std::size_t cell = 0; cell < shown_.size(); ++cell) {
      const std::int64_t rest = shown_[cell].difference - shown_[cell].explained;
      if (rest == 0) continue;
      Line line;
      line.cell = cell;
      line.effect = rest;
      line.cause.kind = same_history_ ? CauseKind::kNotBrokenDown : CauseKind::kUnknown;
      lines_.push_back(std::move(line));
    }
    std::stable_sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
      const auto order = [](const Line& line) {
        return std::make_tuple(line.cell, line.cause.kind >= CauseKind::kUnknown, line.cause.commit,
                               line.cause.table, line.cause.row, line.cause.counted);
      };
      return order(a) < order(b);
    });
  }

  // ---- tables

  [[nodiscard]] table::Provenance provenance() const {
    table::Provenance out;
    out.facts = {{"query", query_.to_json()},
                 {"on", view_.day().to_string()},
                 {"frozen", std::to_string(index_of(frozen_.known_at()))},
                 {"known_at", std::to_string(index_of(view_.known_at()))}};
    const bool synthetic =
        view_.snapshot().is_synthetic() || frozen_.table().provenance().find("data").has_value();
    if (synthetic) out.facts.emplace_back("data", "synthetic");
    if (!same_history_) {
      out.notes.push_back(
          {"dữ liệu này không có lần ghi đã chốt, hoặc lần ghi ấy cho số khác: không rõ nguyên "
           "nhân",
           "this data does not have the frozen commit, or that commit gives other figures: the "
           "causes are unknown"});
    }
    if (same_history_ && balance_) {
      out.notes.push_back(
          {"chênh lệch của bảng tăng giảm không tách theo dòng dữ liệu; so sánh "
           "số đảng viên ngày đầu và ngày cuối kỳ (\"of\": \"members\") để biết "
           "nguyên nhân",
           "the differences of a movement balance are not broken down by row; "
           "freeze and compare members on its first and last day for causes"});
    }
    if (too_many_) {
      out.notes.push_back({"có hơn 4 000 000 nguyên nhân, phần còn lại gộp một dòng mỗi ô",
                           "more than 4 000 000 causes: the rest stands in one row a cell"});
    }
    return out;
  }

  [[nodiscard]] std::string figure_word(bool base) const {
    if (base) return "base";
    return document_.ask.sum.empty() ? "count" : "sum";
  }

  // A grouping column may be called as one of ours.
  static std::string group_name(const std::string& name) {
    for (const char* taken : {"cell", "figure", "frozen", "now", "difference"}) {
      if (name == taken) return "by." + name;
    }
    return name;
  }

  [[nodiscard]] Table cells() const {
    std::vector<Column> columns;
    Column number("cell", Type::kInt);
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      number.append_integer(static_cast<std::int64_t>(i + 1));
    }
    columns.push_back(std::move(number));
    const auto texts = [&](std::string name, Type type, auto text) {
      std::vector<Text> values;
      for (const Figure& figure : shown_) values.push_back(text(figure));
      columns.push_back(column_of(std::move(name), type, values));
    };
    if (document_.each) {
      texts("unit_id", Type::kText, [](const Figure& figure) { return Text(figure.key.unit); });
      texts("name", Type::kText, [](const Figure& figure) { return figure.name; });
    }
    const std::size_t first = document_.each ? 2 : 0;
    for (std::size_t g = 0; g < document_.by.size(); ++g) {
      texts(group_name(document_.by[g].name), before_.column(first + g).type(),
            [&](const Figure& figure) { return figure.is_base ? Text() : figure.key.groups[g]; });
    }
    if (document_.share) {
      texts("figure", Type::kCode,
            [&](const Figure& figure) { return Text(figure_word(figure.is_base)); });
    }
    Column frozen("frozen", Type::kInt);
    Column now("now", Type::kInt);
    Column difference("difference", Type::kInt);
    const auto append = [](Column& column, std::optional<std::int64_t> value) {
      if (value) {
        column.append_integer(*value);
      } else {
        column.append_missing();
      }
    };
    for (const Figure& figure : shown_) {
      append(frozen, figure.frozen);
      append(now, figure.now);
      append(difference, figure.is_comparable ? std::optional(figure.difference) : std::nullopt);
    }
    for (Column* column : {&frozen, &now, &difference}) columns.push_back(std::move(*column));
    return {"comparison", std::move(columns), provenance()};
  }

  static std::string cell_name(const Figure& figure) {
    std::string out = figure.key.unit;
    for (const Text& group : figure.key.groups) {
      if (!out.empty()) out += " · ";
      out += group.value_or("–");
    }
    return out;
  }

  [[nodiscard]] Table causes() const;

  const registry::View& view_;
  const Frozen& frozen_;
  const Query& query_;
  const std::optional<Document> balance_;  // a balance, its figures below one another
  const Document& document_;
  const Table before_;
  const CompareOptions options_;
  bool same_history_ = false;
  bool too_many_ = false;
  std::size_t differing_ = 0;
  std::vector<Figure> shown_;
  std::map<std::pair<bool, Key>, std::size_t> numbers_;
  std::vector<Line> lines_;
};

void append(Column& column, const std::string& text) {
  if (text.empty()) {
    column.append_missing();
  } else {
    column.append_text(text);
  }
}

void append(Column& column, bool known, std::int64_t value) {
  if (known) {
    column.append_integer(value);
  } else {
    column.append_missing();
  }
}

Table Comparer::causes() const {
  Column cell("cell", Type::kInt);
  Column cell_names("cell_name", Type::kText);
  Column figure("figure", Type::kText);
  Column effect("effect", Type::kInt);
  Column kind("cause", Type::kCode);
  Column table("table", Type::kText);
  Column row("row_id", Type::kInt);
  Column commit("commit", Type::kInt);
  Column time("time", Type::kInt);
  Column unit("unit_id", Type::kText);
  Column member("member_id", Type::kText);
  Column counted("counted_row", Type::kInt);
  Column field("field", Type::kText);
  Column before("before", Type::kText);
  Column after("after", Type::kText);
  kind.set_words(std::make_shared<const table::Words>(cause_words()));
  const registry::Snapshot& snapshot = view_.snapshot();
  for (const Line& line : lines_) {
    const Cause& cause = line.cause;
    cell.append_integer(static_cast<std::int64_t>(line.cell + 1));
    append(cell_names, cell_name(shown_[line.cell]));
    figure.append_text(figure_word(shown_[line.cell].is_base));
    effect.append_integer(line.effect);
    kind.append_code(static_cast<std::int32_t>(cause.kind));
    append(table, std::string(cause.table));
    append(row, cause.row != kNoRow, index_of(cause.row));
    append(commit, cause.commit != base::kNoCommit, index_of(cause.commit));
    append(time, cause.commit != base::kNoCommit, snapshot.time_of(cause.commit).value_or(0));
    append(unit, cause.unit == kNoUnitSlot ? "" : std::string(snapshot.key_of(cause.unit)));
    append(member,
           cause.member == base::kNoMemberSlot ? "" : std::string(snapshot.key_of(cause.member)));
    append(counted, cause.counted != kNoRow, index_of(cause.counted));
    append(field, cause.field);
    append(before, cause.before);
    append(after, cause.after);
  }
  std::vector<Column> columns;
  for (Column* column : {&cell, &cell_names, &figure, &effect, &kind, &table, &row, &commit, &time,
                         &unit, &member, &counted, &field, &before, &after}) {
    if (column != &figure || document_.share) columns.push_back(std::move(*column));
  }
  return {"causes", std::move(columns), provenance()};
}

}  // namespace

absl::StatusOr<Comparison> compare(const registry::View& view, const Frozen& frozen,
                                   const CompareOptions& options) {
  const time::Date day = *frozen.query().on();
  if (view.day() != day) {
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(ProblemCode::kBadQuery, "/query/on", day.to_string(),
                {"số liệu chốt của ngày khác với ngày " + view.day().to_string() + " đang xem",
                 "the figures are of another day than the view's " + view.day().to_string()},
                {"đổi ngày xem", "change the view"}));
  }
  return Comparer(view, frozen, options).run();
}

absl::StatusOr<Comparison> compare(const registry::Snapshot& snapshot, const Frozen& frozen,
                                   const CompareOptions& options) {
  return compare(snapshot.at(*frozen.query().on()), frozen, options);
}

}  // namespace dangbo::inline v1::rollup
