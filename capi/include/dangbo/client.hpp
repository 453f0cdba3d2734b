// dangbo.h for C++17 programs: handles that free themselves, exceptions instead of statuses, text
// as std::string. Header only; nothing of it crosses the C interface, so it makes no binary
// promise and asks none. Names, meanings, threads and lifetimes are those of dangbo.h.
//
//   dangbo::client::Registry registry;
//   dangbo::client::Change change(registry);
//   change.add_path("examples/khoi_2020");
//   registry.commit(change);
//   const auto view = registry.snapshot().view(18596);
//   std::cout << view.total(view.find_unit("K")) << '\n';
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "dangbo/client_base.hpp"

namespace dangbo::client {

// The organisation of one day. Immutable: for any number of threads.
class View {
 public:
  explicit View(dangbo_view* owned) noexcept : handle_(owned) {}

  [[nodiscard]] std::int32_t day() const noexcept { return dangbo_view_day(handle_.get()); }
  // DANGBO_E_NOT_FOUND when no unit ever had the key.
  [[nodiscard]] std::uint64_t find_unit(std::string_view key) const {
    std::uint64_t unit = 0;
    detail::call(dangbo_view_find_unit, handle_.get(), key.data(), key.size(), &unit);
    return unit;
  }
  // What a key of another system stands for on the day. DANGBO_E_NOT_FOUND when nobody has it.
  struct Entity {
    bool is_unit;
    std::string key;
  };
  [[nodiscard]] Entity find_entity(std::string_view scheme, std::string_view key) const {
    dangbo_text* unit = nullptr;
    dangbo_text* member = nullptr;
    detail::call(dangbo_view_find_entity, handle_.get(), scheme.data(), scheme.size(), key.data(),
                 key.size(), &unit, &member);
    return {unit != nullptr, detail::take(unit != nullptr ? unit : member)};
  }
  // Members of a unit, or another declared measure.
  [[nodiscard]] std::int64_t total(std::uint64_t unit, Scope scope = Scope::kBelow,
                                   std::int32_t measure = DANGBO_MEASURE_MEMBERS) const {
    std::int64_t out = 0;
    detail::call(dangbo_view_total, handle_.get(), unit, measure, static_cast<std::int32_t>(scope),
                 &out);
    return out;
  }
  // The number of a declared measure.
  [[nodiscard]] std::int32_t find_measure(std::string_view name) const {
    std::int32_t measure = 0;
    detail::call(dangbo_view_find_measure, handle_.get(), name.data(), name.size(), &measure);
    return measure;
  }
  // The number of a declared grouping.
  [[nodiscard]] std::int32_t find_grouping(std::string_view name) const {
    std::int32_t grouping = 0;
    detail::call(dangbo_view_find_grouping, handle_.get(), name.data(), name.size(), &grouping);
    return grouping;
  }
  // The words of its groups: a row a group.
  [[nodiscard]] Table group_words(std::int32_t grouping) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_group_words, handle_.get(), grouping, &out);
    return Table(out);
  }
  // The counts of a unit's groups, in the order of group_words.
  [[nodiscard]] std::vector<std::int64_t> group_counts(std::uint64_t unit, std::int32_t grouping,
                                                       Scope scope = Scope::kBelow) const {
    std::vector<std::int64_t> counts(DANGBO_MOST_GROUPS);
    std::size_t count = 0;
    detail::call(dangbo_view_group_counts, handle_.get(), unit, grouping,
                 static_cast<std::int32_t>(scope), counts.data(), counts.size(), &count);
    counts.resize(count);
    return counts;
  }
  // How declared measures went, from a document (docs/totals.md).
  [[nodiscard]] Table trend(std::string_view json) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_trend, handle_.get(), json.data(), json.size(), &out);
    return Table(out);
  }
  [[nodiscard]] Table query(std::string_view json) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_query, handle_.get(), json.data(), json.size(), &out);
    return Table(out);
  }
  // Return false from `progress`, called with tenths of a per cent, to cancel. What it throws stops
  // the work and comes out of the call.
  [[nodiscard]] Table query(std::string_view json, std::uint32_t threads, bool counts_only,
                            const std::function<bool(std::uint64_t done)>& progress) const {
    struct Watch {
      const std::function<bool(std::uint64_t)>* progress;
      std::exception_ptr thrown;
      static std::int32_t call(void* user, const char*, std::uint64_t done,
                               std::uint64_t) noexcept {
        auto& watch = *static_cast<Watch*>(user);
        try {
          return (*watch.progress)(done) ? 0 : 1;
        } catch (...) {
          watch.thrown = std::current_exception();
          return 1;
        }
      }
    };
    Watch watch{&progress, nullptr};
    dangbo_table* out = nullptr;
    try {
      detail::call(dangbo_view_query_run, handle_.get(), json.data(), json.size(), threads,
                   counts_only ? std::uint32_t{DANGBO_QUERY_COUNTS_ONLY} : std::uint32_t{0},
                   progress ? &Watch::call : nullptr, static_cast<void*>(&watch), &out);
    } catch (const Error&) {
      if (watch.thrown) std::rethrow_exception(watch.thrown);
      throw;
    }
    return Table(out);
  }
  // An empty key: all roots; depth 0: no limit.
  [[nodiscard]] Table tree(std::string_view unit_key = {}, std::uint32_t depth = 0) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_tree, handle_.get(), unit_key.data(), unit_key.size(), depth, &out);
    return Table(out);
  }
  // What became of a unit and where it came from (docs/lineage.md).
  [[nodiscard]] Table lineage(std::string_view unit_key) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_lineage, handle_.get(), unit_key.data(), unit_key.size(), &out);
    return Table(out);
  }
  // The HTML page of a request document (docs/page.md).
  [[nodiscard]] std::string report(std::string_view json) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_view_report, handle_.get(), json.data(), json.size(), &out);
    return detail::take(out);
  }
  // The document of frozen figures (docs/freeze.md).
  [[nodiscard]] std::string freeze(std::string_view json) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_view_freeze, handle_.get(), json.data(), json.size(), &out);
    return detail::take(out);
  }
  [[nodiscard]] const dangbo_view* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<dangbo_view, dangbo_view_free> handle_;
};

// A condition or a value over rows (docs/expressions.md). Immutable: any number of threads.
class Expression {
 public:
  // Against names and types as a document; Snapshot gives those of a table.
  Expression(std::string_view text, std::string_view schema) {
    dangbo_expr* out = nullptr;
    detail::call(dangbo_expr_compile, text.data(), text.size(), schema.data(), schema.size(), &out);
    handle_.reset(out);
  }
  explicit Expression(dangbo_expr* owned) noexcept : handle_(owned) {}

  // value, error_vi, error_en for every row.
  [[nodiscard]] Table evaluate(const Table& rows) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_expr_evaluate, handle_.get(), rows.get(), &out);
    return Table(out);
  }
  // Of one row, a JSON object; {"value": …} or {"error": …}.
  [[nodiscard]] std::string evaluate_row(std::string_view json) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_expr_evaluate_row, handle_.get(), json.data(), json.size(), &out);
    return detail::take(out);
  }
  [[nodiscard]] Table explain() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_expr_explain, handle_.get(), &out);
    return Table(out);
  }
  [[nodiscard]] const dangbo_expr* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<dangbo_expr, dangbo_expr_free> handle_;
};

// Runs of an expression over columns of your own, which are borrowed until the last evaluation with
// them. For one thread at a time.
class ExpressionRun {
 public:
  explicit ExpressionRun(const Expression& of) {
    dangbo_expr_run* out = nullptr;
    detail::call(dangbo_expr_run_create, of.get(), &out);
    handle_.reset(out);
  }

  // type: DANGBO_TYPE_…; `validity`: one byte a row, 0 = missing, null = nothing is.
  void column(std::string_view name, std::int32_t type, const void* values, std::uint64_t rows,
              const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_expr_run_column, handle_.get(), name.data(), name.size(), type, values,
                 rows, validity);
  }
  // Row i is text codes[i], or text i without codes; offsets has count + 1 entries.
  void text_column(std::string_view name, const std::int32_t* codes, std::uint64_t rows,
                   const char* bytes, const std::int64_t* offsets, std::uint64_t count,
                   const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_expr_run_text_column, handle_.get(), name.data(), name.size(), codes, rows,
                 bytes, offsets, count, validity);
  }
  void evaluate(std::uint64_t rows) { detail::call(dangbo_expr_run_evaluate, handle_.get(), rows); }

  [[nodiscard]] std::int32_t type() const noexcept { return dangbo_expr_run_type(handle_.get()); }
  // Of a condition: where it is true and where it is false, one bit a row.
  [[nodiscard]] std::pair<const std::uint64_t*, const std::uint64_t*> planes() const {
    const std::uint64_t* yes = nullptr;
    const std::uint64_t* no = nullptr;
    detail::call(dangbo_expr_run_planes, handle_.get(), &yes, &no);
    return {yes, no};
  }
  // Of everything else: the values, and the plane of the rows that have one.
  [[nodiscard]] std::pair<const void*, const std::uint64_t*> values() const {
    const void* values = nullptr;
    const std::uint64_t* valid = nullptr;
    detail::call(dangbo_expr_run_values, handle_.get(), &values, &valid);
    return {values, valid};
  }
  [[nodiscard]] std::string_view word(std::int32_t number) const noexcept {
    std::size_t size = 0;
    const char* text = dangbo_expr_run_word(handle_.get(), number, &size);
    return {text, size};
  }
  [[nodiscard]] const char* reason(std::uint64_t row, std::int32_t language) const noexcept {
    return dangbo_expr_run_reason(handle_.get(), row, language);
  }

 private:
  detail::Handle<dangbo_expr_run, dangbo_expr_run_free> handle_;
};

class Registry;

// The figures of a frozen document.
[[nodiscard]] inline Table frozen_table(std::string_view frozen) {
  dangbo_table* out = nullptr;
  detail::call(dangbo_frozen_table, frozen.data(), frozen.size(), &out);
  return Table(out);
}

// What has become of frozen figures.
struct Comparison {
  Table cells;
  Table causes;
  std::uint64_t differing = 0;
};

// One commit of a registry. Immutable: for any number of threads.
class Snapshot {
 public:
  explicit Snapshot(dangbo_snapshot* owned) noexcept : handle_(owned) {}

  // 0 before the first commit.
  [[nodiscard]] std::uint64_t commit() const noexcept {
    return dangbo_snapshot_commit(handle_.get());
  }
  // Days since 1970-01-01; known_at 0: as known at this snapshot's commit.
  [[nodiscard]] View view(std::int32_t day, std::uint64_t known_at = 0) const {
    dangbo_view* out = nullptr;
    detail::call(dangbo_snapshot_view, handle_.get(), day, known_at, &out);
    return View(out);
  }
  [[nodiscard]] Table query(std::string_view json) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_query, handle_.get(), json.data(), json.size(), &out);
    return Table(out);
  }
  // `all`: also the cells that do not differ.
  [[nodiscard]] Comparison compare(std::string_view frozen, bool all = false) const {
    dangbo_table* cells = nullptr;
    dangbo_table* causes = nullptr;
    std::uint64_t differing = 0;
    detail::call(dangbo_snapshot_compare, handle_.get(), frozen.data(), frozen.size(),
                 std::int32_t{all ? 1 : 0}, &cells, &causes, &differing);
    return {Table(cells), Table(causes), differing};
  }

  // Against the fields of a table.
  [[nodiscard]] Expression expression(std::string_view table, std::string_view text) const {
    dangbo_expr* out = nullptr;
    detail::call(dangbo_snapshot_expr, handle_.get(), table.data(), table.size(), text.data(),
                 text.size(), &out);
    return Expression(out);
  }

  // As known at an earlier commit.
  [[nodiscard]] Snapshot as_of(std::uint64_t commit) const {
    dangbo_snapshot* out = nullptr;
    detail::call(dangbo_snapshot_as_of, handle_.get(), commit, &out);
    return Snapshot(out);
  }
  // The last commit at or before a time; 0 when all are later.
  [[nodiscard]] std::uint64_t commit_at_time(std::int64_t time) const noexcept {
    return dangbo_snapshot_commit_at_time(handle_.get(), time);
  }
  // DANGBO_DATE_NONE before the registry had a day.
  [[nodiscard]] std::int32_t current_day() const noexcept {
    return dangbo_snapshot_current_day(handle_.get());
  }
  [[nodiscard]] bool is_synthetic() const noexcept {
    return dangbo_snapshot_is_synthetic(handle_.get()) != 0;
  }
  [[nodiscard]] Table log() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_log, handle_.get(), &out);
    return Table(out);
  }
  // What became known after a commit about the days [from, until); DANGBO_DATE_NONE: an open end.
  [[nodiscard]] Table changes(std::uint64_t after, std::int32_t from = DANGBO_DATE_NONE,
                              std::int32_t until = DANGBO_DATE_NONE,
                              std::string_view table = {}) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_changes, handle_.get(), after, from, until, table.data(),
                 table.size(), &out);
    return Table(out);
  }
  [[nodiscard]] Table agenda(std::int32_t from, std::int32_t until) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_agenda, handle_.get(), from, until, &out);
    return Table(out);
  }
  // The rows of a table among `count` row numbers from `first` on; count 0: all.
  [[nodiscard]] Table rows(std::string_view table, std::uint64_t first = 0,
                           std::uint64_t count = 0) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_rows, handle_.get(), table.data(), table.size(), first, count,
                 &out);
    return Table(out);
  }
  // Which units of one day are which on a later one; `all`: also those that are themselves.
  [[nodiscard]] Table code_mapping(std::int32_t from, std::int32_t to, bool all = false) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_snapshot_code_mapping, handle_.get(), from, to, std::int32_t{all ? 1 : 0},
                 &out);
    return Table(out);
  }
  // A registry of its own for what-if work (Registry::commit_fork brings it home).
  [[nodiscard]] Registry fork() const;

 private:
  detail::Handle<dangbo_snapshot, dangbo_snapshot_free> handle_;
};

// Whether a registry's file is what its writers committed; throws what is wrong with it.
[[nodiscard]] inline Table verify_file(std::string_view path) {
  dangbo_table* out = nullptr;
  detail::call(dangbo_file_verify, path.data(), path.size(), &out);
  return Table(out);
}

class Change;

// What differs between an extract and the registry (docs/roster.md). Immutable.
class Difference {
 public:
  explicit Difference(dangbo_difference* owned) noexcept : handle_(owned) {}

  struct Counts {
    std::uint64_t rows = 0;
    std::uint64_t questions = 0;
    std::uint64_t set_aside = 0;
  };
  [[nodiscard]] Counts counts() const {
    Counts all;
    detail::call(dangbo_difference_counts, handle_.get(), &all.rows, &all.questions,
                 &all.set_aside);
    return all;
  }
  [[nodiscard]] std::string script() const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_difference_script, handle_.get(), &out);
    return detail::take(out);
  }
  [[nodiscard]] Table findings() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_difference_findings, handle_.get(), &out);
    return Table(out);
  }
  [[nodiscard]] Table set_aside() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_difference_set_aside, handle_.get(), &out);
    return Table(out);
  }

 private:
  friend class Registry;
  detail::Handle<dangbo_difference, dangbo_difference_free> handle_;
};

// The facts. One thread at a time; snapshot() may be called beside a commit.
class Registry {
 public:
  // `flags`: a sum of DANGBO_REGISTRY_….
  explicit Registry(std::uint32_t flags = 0)
      : handle_(detail::make<Owned>(dangbo_registry_create, flags)) {}
  explicit Registry(dangbo_registry* owned) noexcept : handle_(owned) {}
  [[nodiscard]] const dangbo_registry* get() const noexcept { return handle_.get(); }
  // The registry in a file. `flags`: a sum of DANGBO_REGISTRY_….
  [[nodiscard]] static Registry open(std::string_view path, OpenMode mode,
                                     std::uint32_t flags = 0) {
    dangbo_registry* out = nullptr;
    detail::call(dangbo_registry_open, path.data(), path.size(), static_cast<std::int32_t>(mode),
                 flags, &out);
    return Registry(out);
  }

  void declare_file(std::string_view path) {
    detail::call(dangbo_registry_declare_file, handle_.get(), path.data(), path.size());
  }
  [[nodiscard]] Table tables() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_registry_tables, handle_.get(), &out);
    return Table(out);
  }
  // The number of the commit. `time`: microseconds since 1970-01-01 UTC.
  std::uint64_t commit(Change& change, std::int64_t time = 0, std::string_view source_version = {});
  // Moves the current day forward; the number of the commit.
  // Keeps a count or sum of every unit, from a document (docs/totals.md). Its number.
  std::int32_t declare_measure(std::string_view json) {
    std::int32_t measure = 0;
    detail::call(dangbo_registry_declare_measure, handle_.get(), json.data(), json.size(),
                 &measure);
    return measure;
  }
  std::int32_t declare_grouping(std::string_view json) {
    std::int32_t grouping = 0;
    detail::call(dangbo_registry_declare_grouping, handle_.get(), json.data(), json.size(),
                 &grouping);
    return grouping;
  }
  std::uint64_t advance(std::int32_t day, std::int64_t time = 0,
                        std::string_view source_version = {}) {
    std::uint64_t number = 0;
    detail::call(dangbo_registry_advance, handle_.get(), day, time, source_version.data(),
                 source_version.size(), &number);
    return number;
  }
  // Compares a complete extract with what is known, from options such as
  // {"difference":1,"day":"2024-03-01"} (docs/roster.md). Writes nothing.
  [[nodiscard]] Difference difference(const Change& extract, std::string_view json);
  std::uint64_t commit(const Difference& difference, std::int64_t time = 0,
                       std::string_view source_version = {}) {
    std::uint64_t number = 0;
    detail::call(dangbo_registry_commit_difference, handle_.get(), difference.handle_.get(), time,
                 source_version.data(), source_version.size(), &number);
    return number;
  }
  std::uint64_t commit_fork(const Registry& fork, std::int64_t time = 0,
                            std::string_view source_version = {}) {
    std::uint64_t number = 0;
    detail::call(dangbo_registry_commit_fork, handle_.get(), fork.handle_.get(), time,
                 source_version.data(), source_version.size(), &number);
    return number;
  }
  struct Redaction {
    std::uint64_t commit = 0;
    std::uint64_t values = 0;
  };
  // `fields`: names with commas between them; empty: all personal ones.
  Redaction redact(std::string_view member, std::string_view fields = {}, std::int64_t time = 0,
                   std::string_view source_version = {}) {
    Redaction done;
    detail::call(dangbo_registry_redact, handle_.get(), member.data(), member.size(), fields.data(),
                 fields.size(), time, source_version.data(), source_version.size(), &done.commit,
                 &done.values);
    return done;
  }
  void compact() { detail::call(dangbo_registry_compact, handle_.get()); }
  [[nodiscard]] Snapshot snapshot() const {
    dangbo_snapshot* out = nullptr;
    detail::call(dangbo_registry_snapshot, handle_.get(), &out);
    return Snapshot(out);
  }
  struct Memory {
    std::uint64_t hot_bytes = 0;
    std::uint64_t cold_bytes = 0;
  };
  [[nodiscard]] Memory memory() const {
    Memory used;
    detail::call(dangbo_registry_memory, handle_.get(), &used.hot_bytes, &used.cold_bytes);
    return used;
  }

 private:
  friend class Change;
  using Owned = detail::Handle<dangbo_registry, dangbo_registry_free>;
  Owned handle_;
};

// Rows on their way in. One thread at a time.
class Change {
 public:
  explicit Change(Registry& registry)
      : handle_(detail::make<Owned>(dangbo_change_create, registry.handle_.get())) {}

  // Return false to cancel. What it throws stops the work and comes out of the call.
  using Progress =
      std::function<bool(std::string_view what, std::uint64_t done, std::uint64_t total)>;

  void add_path(std::string_view path, const Progress& progress = {}) {
    Watch watch{&progress, nullptr};
    try {
      detail::call(dangbo_change_add_path, handle_.get(), path.data(), path.size(),
                   progress ? &Watch::call : nullptr, static_cast<void*>(&watch));
    } catch (const Error&) {
      if (watch.thrown) std::rethrow_exception(watch.thrown);
      throw;
    }
  }
  void add_file(std::string_view table, std::string_view path) {
    detail::call(dangbo_change_add_file, handle_.get(), table.data(), table.size(), path.data(),
                 path.size());
  }
  void add_script(std::string_view path) {
    detail::call(dangbo_change_add_script, handle_.get(), path.data(), path.size());
  }
  void add_script_text(std::string_view text, std::string_view source) {
    detail::call(dangbo_change_add_script_text, handle_.get(), text.data(), text.size(),
                 source.data(), source.size());
  }
  void mark_synthetic() { detail::call(dangbo_change_mark_synthetic, handle_.get()); }
  // Consumes and releases the stream, also on failure.
  void add_stream(std::string_view table, ArrowArrayStream* stream, std::string_view source = {}) {
    detail::call(dangbo_change_add_stream, handle_.get(), table.data(), table.size(), stream,
                 source.data(), source.size());
  }

  // Column buffers. After a column was refused the batch stays open: give the column again, end the
  // batch without it, or drop the whole change.
  void begin_rows(std::string_view table, std::uint64_t rows, std::string_view source = {}) {
    detail::call(dangbo_change_begin_rows, handle_.get(), table.data(), table.size(), rows,
                 source.data(), source.size());
  }
  void text_column(std::string_view name, const char* bytes, const std::int64_t* offsets,
                   const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_change_text_column, handle_.get(), name.data(), name.size(), bytes, offsets,
                 validity);
  }
  void int64_column(std::string_view name, const std::int64_t* values,
                    const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_change_int64_column, handle_.get(), name.data(), name.size(), values,
                 validity);
  }
  void date_column(std::string_view name, const std::int32_t* days,
                   const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_change_date_column, handle_.get(), name.data(), name.size(), days,
                 validity);
  }
  void bool_column(std::string_view name, const std::uint8_t* values,
                   const std::uint8_t* validity = nullptr) {
    detail::call(dangbo_change_bool_column, handle_.get(), name.data(), name.size(), values,
                 validity);
  }
  // Corrections: the columns that name stored rows, begin_values(), the columns to set, end_rows().
  void begin_corrections(std::string_view table, std::uint64_t rows, std::string_view source = {}) {
    detail::call(dangbo_change_begin_corrections, handle_.get(), table.data(), table.size(), rows,
                 source.data(), source.size());
  }
  void begin_values() { detail::call(dangbo_change_begin_values, handle_.get()); }
  void begin_withdrawals(std::string_view table, std::uint64_t rows, std::string_view source = {}) {
    detail::call(dangbo_change_begin_withdrawals, handle_.get(), table.data(), table.size(), rows,
                 source.data(), source.size());
  }
  void end_rows() { detail::call(dangbo_change_end_rows, handle_.get()); }

  // Takes rows at fault out of the change; `rows`, when given, counts them. The reasons.
  Table set_aside(std::uint64_t* rows = nullptr) {
    dangbo_table* out = nullptr;
    detail::call(dangbo_change_set_aside, handle_.get(), rows, &out);
    return Table(out);
  }
  // What commit would refuse; `total`, when given, counts all of it.
  [[nodiscard]] Table check(std::uint64_t* total = nullptr) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_change_check, handle_.get(), &out, total);
    return Table(out);
  }

 private:
  friend class Registry;
  using Owned = detail::Handle<dangbo_change, dangbo_change_free>;

  // Stands between the C interface, through which nothing may be thrown, and the caller's function.
  struct Watch {
    const Progress* progress;
    std::exception_ptr thrown;

    static std::int32_t call(void* user, const char* what, std::uint64_t done,
                             std::uint64_t total) noexcept {
      auto& watch = *static_cast<Watch*>(user);
      // A second file may be told of before the work has stopped.
      if (watch.thrown) return 1;
      try {
        return (*watch.progress)(what, done, total) ? 0 : 1;
      } catch (...) {
        watch.thrown = std::current_exception();
        return 1;
      }
    }
  };

  Owned handle_;
};

inline Registry Snapshot::fork() const {
  dangbo_registry* out = nullptr;
  detail::call(dangbo_snapshot_fork, handle_.get(), &out);
  return Registry(out);
}

inline std::uint64_t Registry::commit(Change& change, std::int64_t time,
                                      std::string_view source_version) {
  std::uint64_t number = 0;
  detail::call(dangbo_registry_commit, handle_.get(), change.handle_.get(), time,
               source_version.data(), source_version.size(), &number);
  return number;
}

inline Difference Registry::difference(const Change& extract, std::string_view json) {
  dangbo_difference* out = nullptr;
  detail::call(dangbo_registry_difference, handle_.get(), extract.handle_.get(), json.data(),
               json.size(), &out);
  return Difference(out);
}

}  // namespace dangbo::client
