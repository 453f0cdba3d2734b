#include "dangbo/registry/registry.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/load/load.hpp"
#include "dangbo/rollup/trend.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "merge.hpp"

namespace dangbo::inline v1::capi {

namespace {

using registry::Registry;
using SchemaPtr = std::shared_ptr<const table::Schema>;

table::Table describe(const Registry& registry) {
  std::vector<table::Column> columns;
  const auto text = table::Type::kText;
  columns.emplace_back("table", text);
  columns.emplace_back("field", text);
  columns.emplace_back("type", text);
  columns.emplace_back("required", table::Type::kBool);
  columns.emplace_back("role", text);
  columns.emplace_back("title_vi", text);
  columns.emplace_back("title_en", text);
  for (const SchemaPtr& schema : registry.schemas()) {
    for (const table::Field& field : schema->fields()) {
      columns[0].append_text(schema->name());
      columns[1].append_text(field.name);
      columns[2].append_text(table::name_of(field.type));
      columns[3].append_boolean(field.required);
      columns[4].append_text(table::name_of(field.role));
      columns[5].append_text(field.title.vi);
      columns[6].append_text(field.title.en);
    }
  }
  return {"tables", std::move(columns)};
}

void add_problems(base::ProblemList& problems, const absl::Status& status,
                  const table::Schema& schema, const std::string& path) {
  const base::ProblemList found = base::problems_of(status);
  for (base::Problem problem : found.kept()) {
    problem.place.file = path;
    if (problem.place.column.empty()) problem.place.column = schema.name();
    problems.add(std::move(problem));
  }
}

// Tried on an empty registry first, so that a file with a mistake declares nothing.
Failure declare_all(Registry& registry, const std::string& path) {
  base::ProblemList problems;
  const std::vector<SchemaPtr> schemas = load::read_schema_file(path, problems).tables;
  const std::unique_ptr<Registry> trial = Registry::create();
  for (const SchemaPtr& schema : schemas) {
    add_problems(problems, trial->declare(schema), *schema, path);
  }
  if (!problems.empty()) return refused(std::move(problems));
  for (const SchemaPtr& schema : schemas) {
    if (registry.find_schema(schema->name()) == nullptr) continue;
    problems.add({.code = base::ProblemCode::kConflict,
                  .place = {.file = path, .row = 0, .column = schema->name()},
                  .value = "",
                  .reason = {"đã có bảng tên này", "a table of this name exists"},
                  .fix = {"đặt tên khác cho bảng", "give the table another name"}});
  }
  if (!problems.empty()) return refused(std::move(problems));
  for (const SchemaPtr& schema : schemas) {
    if (absl::Status status = registry.declare(schema); !status.ok()) {
      return from_status(status, DANGBO_E_REFUSED);
    }
  }
  return nullptr;
}

Failure commit_change(dangbo_registry& into, dangbo_change& change, int64_t time,
                      std::string_view source_version, uint64_t* commit) {
  if (into.shared != change.shared) {
    return failure(DANGBO_E_ARGUMENT,
                   {"thay đổi này thuộc về một sổ khác", "the change belongs to another registry"});
  }
  if (Failure bad = check_closed(change)) return bad;
  const std::lock_guard lock(into.shared->writing);
  // The change is kept when the commit is refused, hence the copy (of pointers, not of rows).
  auto result = into.shared->registry->commit(
      merged(change), {.time = time, .source_version = std::string(source_version)});
  if (!result.ok()) return from_status(result.status(), DANGBO_E_REFUSED);
  change.parts.clear();
  if (commit != nullptr) *commit = base::index_of(result->number);
  return nullptr;
}

Failure commit_fork(dangbo_registry& into, const dangbo_registry& fork,
                    const registry::CommitInfo& info, uint64_t* commit) {
  const std::shared_ptr<SharedRegistry> shared = into.shared;
  if (shared == fork.shared) {
    return failure(DANGBO_E_ARGUMENT, {"“fork” chính là sổ này", "“fork” is the registry itself"});
  }
  // Both at once, in whichever order is free: two threads may bring forks home crosswise.
  const std::scoped_lock lock(shared->writing, fork.shared->writing);
  const auto result = shared->registry->commit_fork(*fork.shared->registry, info);
  if (!result.ok()) return from_status(result.status(), DANGBO_E_REFUSED);
  if (commit != nullptr) *commit = base::index_of(result->number);
  return nullptr;
}

Failure read_day(std::int32_t day, time::Date& out) {
  if (!is_day(day)) {
    return failure(DANGBO_E_ARGUMENT, {"ngày nằm ngoài các năm 1400 … 9999",
                                       "the day is outside the years 1400 … 9999"});
  }
  out = time::Date::from_days(day);
  return nullptr;
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_registry_create(uint32_t flags, dangbo_registry** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if ((flags & ~DANGBO_REGISTRY_SINGLE_ROOT) != 0) {
      return failure(DANGBO_E_ARGUMENT, {"“flags” có bit không biết", "unknown bits in “flags”"});
    }
    auto shared = std::make_shared<SharedRegistry>();
    shared->registry = dangbo::registry::Registry::create(
        {.single_root = (flags & DANGBO_REGISTRY_SINGLE_ROOT) != 0});
    *out = new dangbo_registry(std::move(shared));
    return nullptr;
  });
}

void dangbo_registry_free(dangbo_registry* registry) {
  destroy(registry);
}

dangbo_status dangbo_registry_declare_file(dangbo_registry* registry, const char* path,
                                           size_t path_size, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string file;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = read_path(path, path_size, file)) return bad;
    const std::lock_guard lock(registry->shared->writing);
    return declare_all(*registry->shared->registry, file);
  });
}

dangbo_status dangbo_registry_tables(const dangbo_registry* registry, dangbo_table** out,
                                     dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    const std::lock_guard lock(registry->shared->writing);
    *out = new dangbo_table(describe(*registry->shared->registry));
    return nullptr;
  });
}

dangbo_status dangbo_registry_commit(dangbo_registry* registry, dangbo_change* change, int64_t time,
                                     const char* source_version, size_t source_version_size,
                                     uint64_t* commit, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view mark;
    if (commit != nullptr) *commit = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = read_text(source_version, source_version_size, "source_version", mark)) {
      return bad;
    }
    return commit_change(*registry, *change, time, mark, commit);
  });
}

dangbo_status dangbo_registry_advance(dangbo_registry* registry, int32_t day, int64_t time,
                                      const char* source_version, size_t source_version_size,
                                      uint64_t* commit, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view mark;
    dangbo::time::Date to;
    if (commit != nullptr) *commit = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = read_text(source_version, source_version_size, "source_version", mark)) {
      return bad;
    }
    if (Failure bad = read_day(day, to)) return bad;
    const std::lock_guard lock(registry->shared->writing);
    const auto result = registry->shared->registry->advance(
        to, {.time = time, .source_version = std::string(mark)});
    if (!result.ok()) return from_status(result.status(), DANGBO_E_REFUSED);
    if (commit != nullptr) *commit = dangbo::base::index_of(result->number);
    return nullptr;
  });
}

dangbo_status dangbo_registry_commit_fork(dangbo_registry* registry, const dangbo_registry* fork,
                                          int64_t time, const char* source_version,
                                          size_t source_version_size, uint64_t* commit,
                                          dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view mark;
    if (commit != nullptr) *commit = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = check(fork, "fork")) return bad;
    if (Failure bad = read_text(source_version, source_version_size, "source_version", mark)) {
      return bad;
    }
    return commit_fork(*registry, *fork, {.time = time, .source_version = std::string(mark)},
                       commit);
  });
}

dangbo_status dangbo_registry_declare_measure(dangbo_registry* registry, const char* json,
                                              size_t json_size, int32_t* measure,
                                              dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(measure, "measure")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    const auto parsed = dangbo::rollup::parse_measure(document);
    if (!parsed.ok()) return from_status(parsed.status(), DANGBO_E_QUERY);
    const std::lock_guard lock(registry->shared->writing);
    const auto number = registry->shared->registry->declare_measure(*parsed);
    if (!number.ok()) return from_status(number.status(), DANGBO_E_QUERY);
    *measure = dangbo::base::index_of(*number);
    return nullptr;
  });
}

dangbo_status dangbo_registry_declare_grouping(dangbo_registry* registry, const char* json,
                                               size_t json_size, int32_t* grouping,
                                               dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(grouping, "grouping")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    const auto parsed = dangbo::rollup::parse_grouping(document);
    if (!parsed.ok()) return from_status(parsed.status(), DANGBO_E_QUERY);
    const std::lock_guard lock(registry->shared->writing);
    const auto number = registry->shared->registry->declare_grouping(*parsed);
    if (!number.ok()) return from_status(number.status(), DANGBO_E_QUERY);
    *grouping = dangbo::base::index_of(*number);
    return nullptr;
  });
}

dangbo_status dangbo_registry_snapshot(const dangbo_registry* registry, dangbo_snapshot** out,
                                       dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    *out = new dangbo_snapshot(registry->shared->registry->snapshot());
    return nullptr;
  });
}

dangbo_status dangbo_registry_memory(const dangbo_registry* registry, uint64_t* hot_bytes,
                                     uint64_t* cold_bytes, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (hot_bytes != nullptr) *hot_bytes = 0;
    if (cold_bytes != nullptr) *cold_bytes = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    const std::lock_guard lock(registry->shared->writing);
    const auto use = registry->shared->registry->memory_use();
    if (hot_bytes != nullptr) *hot_bytes = use.hot_bytes;
    if (cold_bytes != nullptr) *cold_bytes = use.cold_bytes;
    return nullptr;
  });
}
