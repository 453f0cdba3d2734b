// A host's roster: what differs in it, and rows at fault set aside.
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/load/difference.hpp"
#include "dangbo/load/quarantine.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "merge.hpp"

using namespace dangbo::capi;

dangbo_status dangbo_change_set_aside(dangbo_change* change, uint64_t* rows, dangbo_table** why,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (rows != nullptr) *rows = 0;
    if (Failure bad = check_out(why, "why")) return bad;
    if (Failure bad = check(change, "change")) return bad;
    if (Failure bad = check_closed(*change)) return bad;
    const std::lock_guard lock(change->shared->writing);
    dangbo::registry::Change all = merged(*change);
    auto aside = dangbo::load::set_aside(*change->shared->registry, all);
    std::vector<dangbo::registry::Change> parts;
    parts.push_back(std::move(all));
    *why = new dangbo_table(problem_table(aside.problems));
    change->parts.swap(parts);
    if (rows != nullptr) *rows = aside.rows;
    return nullptr;
  });
}

dangbo_status dangbo_registry_difference(dangbo_registry* registry, const dangbo_change* extract,
                                         const char* json, size_t json_size,
                                         dangbo_difference** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = check(extract, "extract")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    if (Failure bad = check_closed(*extract)) return bad;
    if (extract->shared != registry->shared) {
      return failure(DANGBO_E_ARGUMENT,
                     {"bản trích thuộc một sổ khác", "the extract belongs to another registry"});
    }
    const auto options = dangbo::load::parse_difference_options(document);
    if (!options.ok()) return from_status(options.status(), DANGBO_E_QUERY);
    const std::lock_guard lock(registry->shared->writing);
    auto found = dangbo::load::difference(*registry->shared->registry, merged(*extract), *options);
    if (!found.ok()) return from_status(found.status(), DANGBO_E_REFUSED);
    *out = new dangbo_difference(*std::move(found), options->day, registry->shared);
    return nullptr;
  });
}

void dangbo_difference_free(dangbo_difference* difference) {
  destroy(difference);
}

dangbo_status dangbo_difference_counts(const dangbo_difference* difference, uint64_t* rows,
                                       uint64_t* questions, uint64_t* set_aside,
                                       dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    for (uint64_t* out : {rows, questions, set_aside})
      if (out != nullptr) *out = 0;
    if (Failure bad = check(difference, "difference")) return bad;
    if (rows != nullptr) *rows = difference->found.change.row_count();
    if (questions != nullptr) *questions = difference->found.questions;
    if (set_aside != nullptr) *set_aside = difference->found.set_aside.rows;
    return nullptr;
  });
}

dangbo_status dangbo_difference_script(const dangbo_difference* difference, dangbo_text** out,
                                       dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(difference, "difference")) return bad;
    *out = new dangbo_text(difference->found.script);
    return nullptr;
  });
}

dangbo_status dangbo_difference_findings(const dangbo_difference* difference, dangbo_table** out,
                                         dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(difference, "difference")) return bad;
    *out = new dangbo_table(difference->found.findings);
    return nullptr;
  });
}

dangbo_status dangbo_difference_set_aside(const dangbo_difference* difference, dangbo_table** out,
                                          dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(difference, "difference")) return bad;
    *out = new dangbo_table(problem_table(difference->found.set_aside.problems));
    return nullptr;
  });
}

dangbo_status dangbo_registry_commit_difference(dangbo_registry* registry,
                                                const dangbo_difference* difference, int64_t time,
                                                const char* source_version,
                                                size_t source_version_size, uint64_t* commit,
                                                dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view mark;
    if (commit != nullptr) *commit = 0;
    if (Failure bad = check(registry, "registry")) return bad;
    if (Failure bad = check(difference, "difference")) return bad;
    if (Failure bad = read_text(source_version, source_version_size, "source_version", mark))
      return bad;
    if (difference->shared != registry->shared) {
      return failure(DANGBO_E_ARGUMENT, {"bản đối chiếu thuộc một sổ khác",
                                         "the difference belongs to another registry"});
    }
    const std::lock_guard lock(registry->shared->writing);
    const auto done = dangbo::load::commit_difference(
        *registry->shared->registry, difference->found, difference->day,
        {.time = time, .source_version = std::string(mark)});
    if (!done.ok()) return from_status(done.status(), DANGBO_E_REFUSED);
    if (commit != nullptr) *commit = dangbo::base::index_of(done->number);
    return nullptr;
  });
}
