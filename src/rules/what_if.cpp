// What a change would mend and break.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/rules/checker.hpp"
#include "dangbo/rules/outlook.hpp"
#include "dangbo/table/copy.hpp"

namespace dangbo::inline v1::rules {

namespace {

using table::Column;
using table::Table;
using table::Type;

std::vector<std::string> words_for_change() {
  return {"broken", "mended", "changed"};
}

// Rows of either table by their key, in the order of the rules.
struct Pair {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

Table difference_of(const Checker::Trial& trial, const Table& shape) {
  std::map<std::string, Pair, std::less<>> pairs;
  const auto key = [](const Table& table, std::size_t row) {
    return std::string(table.column(*table.find("key")).text(row));
  };
  for (std::size_t i = 0; i < trial.before.row_count(); ++i) {
    pairs[key(trial.before, i)].before = i;
  }
  for (std::size_t i = 0; i < trial.after.row_count(); ++i) pairs[key(trial.after, i)].after = i;
  Column change("change", Type::kCode);
  change.set_words(std::make_shared<const table::Words>(words_for_change()));
  Column was("outcome_before", Type::kText);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < shape.column_count(); ++i) {
    columns.emplace_back(shape.column(i).name(), shape.column(i).type());
    columns.back().set_words(shape.column(i).words());
  }
  for (const auto& [name, pair] : pairs) {
    change.append_code(!pair.before ? 0 : (!pair.after ? 1 : 2));
    if (pair.before) {
      was.append_text(trial.before.column(*trial.before.find("outcome")).display(*pair.before));
    } else {
      was.append_missing();
    }
    const Table& from = pair.after ? trial.after : trial.before;
    const std::size_t row = pair.after ? *pair.after : *pair.before;
    for (std::size_t i = 0; i < columns.size(); ++i)
      table::append_value(columns[i], from.column(i), row);
  }
  columns.insert(columns.begin(), std::move(was));
  columns.insert(columns.begin(), std::move(change));
  return {"what_if", std::move(columns), trial.after.provenance()};
}

bool is_figure(const Column& column) {
  return column.type() == Type::kInt || column.type() == Type::kReal;
}

// The rows of two results of one query, side by side.
class Figures {
 public:
  Figures(const Table& before, const Table& after) : before_(before), after_(after) {}

  Table run() {
    std::map<std::vector<std::string>, Pair> pairs;
    for (std::size_t i = 0; i < before_.row_count(); ++i) pairs[key(before_, i)].before = i;
    for (std::size_t i = 0; i < after_.row_count(); ++i) pairs[key(after_, i)].after = i;
    std::erase_if(pairs, [&](const auto& one) { return is_same(one.second); });
    std::vector<Column> columns;
    std::size_t number = 0;
    for (std::size_t i = 0; i < after_.column_count(); ++i) {
      if (is_figure(after_.column(i))) continue;
      Column column(after_.column(i).name(), Type::kText);
      for (const auto& [texts, pair] : pairs) {
        if (texts[number].empty()) {
          column.append_missing();
        } else {
          column.append_text(texts[number]);
        }
      }
      columns.push_back(std::move(column));
      ++number;
    }
    for (std::size_t i = 0; i < after_.column_count(); ++i) {
      if (is_figure(after_.column(i))) figure(i, pairs, columns);
    }
    return {"figures", std::move(columns), after_.provenance()};
  }

 private:
  static std::vector<std::string> key(const Table& table, std::size_t row) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.column_count(); ++i) {
      if (!is_figure(table.column(i))) out.push_back(table.column(i).display(row));
    }
    return out;
  }

  [[nodiscard]] bool is_same(const Pair& pair) const {
    if (!pair.before || !pair.after) return false;
    for (std::size_t i = 0; i < after_.column_count(); ++i) {
      if (before_.column(i).display(*pair.before) != after_.column(i).display(*pair.after)) {
        return false;
      }
    }
    return true;
  }

  void figure(std::size_t column, const std::map<std::vector<std::string>, Pair>& pairs,
              std::vector<Column>& columns) const {
    const std::string& name = after_.column(column).name();
    const Type type = after_.column(column).type();
    Column was(name + "_before", type);
    Column is(name + "_after", type);
    Column difference(name + "_difference", Type::kInt);
    for (const auto& [texts, pair] : pairs) {
      std::optional<std::int64_t> numbers[2];
      const auto put = [&](Column& into, const Table& from, std::optional<std::size_t> row,
                           std::optional<std::int64_t>& number) {
        if (!row) return into.append_missing();
        table::append_value(into, from.column(column), *row);
        if (type == Type::kInt && !from.column(column).is_missing(*row)) {
          number = from.column(column).integer(*row);
        }
      };
      put(was, before_, pair.before, numbers[0]);
      put(is, after_, pair.after, numbers[1]);
      difference.append_integer(numbers[1].value_or(0) - numbers[0].value_or(0));
    }
    columns.push_back(std::move(was));
    columns.push_back(std::move(is));
    if (type == Type::kInt) columns.push_back(std::move(difference));
  }

  const Table& before_;
  const Table& after_;
};

}  // namespace

absl::StatusOr<WhatIf> what_if(const registry::View& view, const Pack& pack,
                               std::string_view script, std::string_view source,
                               std::string_view query, const CheckOptions& options) {
  std::optional<rollup::Query> asked;
  if (!query.empty()) {
    auto parsed = rollup::Query::parse(query);
    if (!parsed.ok()) return parsed.status();
    asked = parsed->about(view.day());
  }
  const registry::Snapshot base = view.snapshot().as_of(view.known_at());
  const std::unique_ptr<registry::Registry> fork = base.fork();
  registry::Change change(*fork);
  const absl::Status read = load::add_script_text(*fork, change, script, source);
  if (!read.ok()) return read;
  const auto done = fork->commit(std::move(change), {base.time_of(base.commit()).value_or(0), ""});
  if (!done.ok()) return done.status();
  const registry::View later = fork->snapshot().at(view.day());
  auto checker = Checker::start(view, pack, options);
  if (!checker.ok()) return checker.status();
  const auto trial = checker->try_on(later);
  if (!trial.ok()) return trial.status();
  WhatIf out;
  out.findings = difference_of(*trial, trial->after);
  if (asked) {
    const auto before = rollup::run(view, *asked);
    if (!before.ok()) return before.status();
    const auto after = rollup::run(later, *asked);
    if (!after.ok()) return after.status();
    out.figures = Figures(*before, *after).run();
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
