#include "dangbo/registry/snapshot.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "dangbo/base/ids.hpp"
#include "dangbo/registry/cross_reference.hpp"
#include "dangbo/report/page.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/rollup/trend.hpp"
#include "dangbo/time/date.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

// Asks a snapshot or a view.
template <typename Asked>
Failure answer(const Asked& asked, const char* json, std::size_t json_size, dangbo_table** out,
               const rollup::RunOptions& options = {}) {
  std::string_view document;
  if (Failure bad = read_text(json, json_size, "json", document)) return bad;
  const auto query = rollup::Query::parse(document);
  if (!query.ok()) return from_status(query.status(), DANGBO_E_QUERY);
  auto table = rollup::run(asked, *query, options);
  if (!table.ok()) return from_status(table.status(), DANGBO_E_QUERY);
  *out = new dangbo_table(*std::move(table));
  return nullptr;
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

uint64_t dangbo_snapshot_commit(const dangbo_snapshot* snapshot) {
  return is_live(snapshot) ? dangbo::base::index_of(snapshot->snapshot.commit()) : 0;
}

void dangbo_snapshot_free(dangbo_snapshot* snapshot) {
  destroy(snapshot);
}

dangbo_status dangbo_snapshot_view(const dangbo_snapshot* snapshot, int32_t day, uint64_t known_at,
                                   dangbo_view** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (!is_day(day)) {
      return failure(DANGBO_E_ARGUMENT, {"ngày nằm ngoài các năm 1400 … 9999",
                                         "the day is outside the years 1400 … 9999"});
    }
    const auto& of = snapshot->snapshot;
    // A number beyond 32 bits is later than every commit, as is this snapshot's own.
    const bool is_latest = known_at == 0 || known_at > dangbo::base::index_of(of.commit());
    const auto known =
        is_latest ? of.commit() : dangbo::base::CommitNumber{static_cast<std::uint32_t>(known_at)};
    *out = new dangbo_view(of.at(dangbo::time::Date::from_days(day), known));
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_query(const dangbo_snapshot* snapshot, const char* json,
                                    size_t json_size, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    return answer(snapshot->snapshot, json, json_size, out);
  });
}

void dangbo_view_free(dangbo_view* view) {
  destroy(view);
}

int32_t dangbo_view_day(const dangbo_view* view) {
  return is_live(view) ? view->view.day().days() : 0;
}

dangbo_status dangbo_view_find_unit(const dangbo_view* view, const char* key, size_t key_size,
                                    uint64_t* unit, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view wanted;
    if (Failure bad = check_out(unit, "unit")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(key, key_size, "key", wanted)) return bad;
    const auto& snapshot = view->view.snapshot();
    const auto slot = snapshot.find_unit(wanted);
    if (!slot) {
      const std::string quoted = "“" + std::string(wanted) + "”";
      return failure(DANGBO_E_NOT_FOUND,
                     {"không có tổ chức nào mang mã " + quoted, "no unit has the key " + quoted});
    }
    *unit = dangbo::base::index_of(snapshot.id_of(*slot));
    return nullptr;
  });
}

dangbo_status dangbo_view_find_entity(const dangbo_view* view, const char* scheme,
                                      size_t scheme_size, const char* key, size_t key_size,
                                      dangbo_text** unit, dangbo_text** member,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view system;
    std::string_view wanted;
    Failure no_member = check_out(member, "member");
    if (Failure bad = check_out(unit, "unit")) return bad;
    if (no_member != nullptr) return no_member;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(scheme, scheme_size, "scheme", system)) return bad;
    if (Failure bad = read_text(key, key_size, "key", wanted)) return bad;
    const auto found = dangbo::registry::find_entity(view->view, system, wanted);
    if (!found) {
      const std::string quoted = "“" + std::string(wanted) + "”";
      return failure(DANGBO_E_NOT_FOUND, {"ngày này không ai mang mã " + quoted,
                                          "nobody has the key " + quoted + " on this day"});
    }
    const auto& snapshot = view->view.snapshot();
    if (found->unit != dangbo::base::kNoUnitSlot) {
      *unit = new dangbo_text(std::string(snapshot.key_of(found->unit)));
    } else {
      *member = new dangbo_text(std::string(snapshot.key_of(found->member)));
    }
    return nullptr;
  });
}

dangbo_status dangbo_view_total(const dangbo_view* view, uint64_t unit, int32_t measure,
                                int32_t scope, int64_t* out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    const auto declared = static_cast<std::int32_t>(view->totals.measure_count());
    if (measure != DANGBO_MEASURE_MEMBERS && (measure < 0 || measure >= declared)) {
      return failure(DANGBO_E_ARGUMENT, {"không có số đo này", "there is no such measure"});
    }
    if (scope != DANGBO_SCOPE_BELOW && scope != DANGBO_SCOPE_OWN) {
      return failure(DANGBO_E_ARGUMENT, {"không có phạm vi này", "there is no such scope"});
    }
    const auto slot = view->view.snapshot().slot_of(dangbo::base::UnitId{unit});
    if (slot == dangbo::base::kNoUnitSlot) {
      return failure(DANGBO_E_NOT_FOUND, {"không có tổ chức nào mang số " + std::to_string(unit),
                                          "no unit has the id " + std::to_string(unit)});
    }
    const auto since = view->view.covered_since();
    if (since && view->view.day() < *since) {
      const std::string first = since->to_string();
      return failure(DANGBO_E_QUERY, {"ngoài phạm vi số liệu: sổ chỉ có số liệu từ ngày " + first,
                                      "outside coverage: the roster is known since " + first});
    }
    *out = declared == 0
               ? view->view.stock(slot, scope == DANGBO_SCOPE_BELOW)
               : view->totals.of(
                     slot, dangbo::registry::MeasureNumber{static_cast<std::uint8_t>(measure)},
                     scope == DANGBO_SCOPE_BELOW ? dangbo::registry::Scope::kBelow
                                                 : dangbo::registry::Scope::kOwn);
    return nullptr;
  });
}

dangbo_status dangbo_view_find_measure(const dangbo_view* view, const char* name, size_t name_size,
                                       int32_t* measure, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view wanted;
    if (Failure bad = check_out(measure, "measure")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(name, name_size, "name", wanted)) return bad;
    const auto found = view->totals.find_measure(wanted);
    if (!found) {
      const std::string quoted = "“" + std::string(wanted) + "”";
      return failure(DANGBO_E_NOT_FOUND, {"chưa khai báo chỉ tiêu nào tên " + quoted,
                                          "no measure is declared as " + quoted});
    }
    *measure = dangbo::base::index_of(*found);
    return nullptr;
  });
}

dangbo_status dangbo_view_trend(const dangbo_view* view, const char* json, size_t json_size,
                                dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    auto trend = dangbo::rollup::trend(view->view, document);
    if (!trend.ok()) return from_status(trend.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(trend));
    return nullptr;
  });
}

dangbo_status dangbo_view_query(const dangbo_view* view, const char* json, size_t json_size,
                                dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    return answer(view->view, json, json_size, out);
  });
}

dangbo_status dangbo_view_query_run(const dangbo_view* view, const char* json, size_t json_size,
                                    uint32_t threads, uint32_t flags, dangbo_progress progress,
                                    void* user, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    constexpr std::uint32_t kMostThreads = 16;
    constexpr std::uint64_t kWhole = 1000;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (threads > kMostThreads || (flags & ~std::uint32_t{DANGBO_QUERY_COUNTS_ONLY}) != 0) {
      return failure(DANGBO_E_ARGUMENT, {"nhiều nhất 16 luồng, cờ là DANGBO_QUERY_…",
                                         "at most 16 threads, flags are DANGBO_QUERY_…"});
    }
    dangbo::rollup::RunOptions options;
    options.threads = threads;
    options.counts_only = (flags & DANGBO_QUERY_COUNTS_ONLY) != 0;
    if (progress != nullptr) {
      options.progress = [progress, user](double done) {
        return progress(user, "query", static_cast<std::uint64_t>(done * kWhole), kWhole) == 0;
      };
    }
    return answer(view->view, json, json_size, out, options);
  });
}

dangbo_status dangbo_view_tree(const dangbo_view* view, const char* unit_key, size_t unit_key_size,
                               uint32_t depth, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view key;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(unit_key, unit_key_size, "unit_key", key)) return bad;
    auto tree = dangbo::rollup::tree_table(view->view, key, depth);
    if (!tree.ok()) return from_status(tree.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(tree));
    return nullptr;
  });
}

dangbo_status dangbo_view_report(const dangbo_view* view, const char* json, size_t json_size,
                                 dangbo_text** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    const auto request = dangbo::report::PageRequest::parse(document);
    if (!request.ok()) return from_status(request.status(), DANGBO_E_QUERY);
    auto page = dangbo::report::render_page(view->view, *request);
    if (!page.ok()) return from_status(page.status(), DANGBO_E_QUERY);
    *out = new dangbo_text(*std::move(page));
    return nullptr;
  });
}
