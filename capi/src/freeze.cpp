#include "dangbo/rollup/freeze.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "guard.hpp"
#include "handles.hpp"

using namespace dangbo::capi;

dangbo_status dangbo_view_freeze(const dangbo_view* view, const char* json, size_t json_size,
                                 dangbo_text** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(json, json_size, "json", document)) return bad;
    const auto query = dangbo::rollup::Query::parse(document);
    if (!query.ok()) return from_status(query.status(), DANGBO_E_QUERY);
    const auto frozen = dangbo::rollup::freeze(view->view, *query);
    if (!frozen.ok()) return from_status(frozen.status(), DANGBO_E_QUERY);
    *out = new dangbo_text(frozen->to_json());
    return nullptr;
  });
}

dangbo_status dangbo_frozen_table(const char* frozen, size_t frozen_size, dangbo_table** out,
                                  dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = read_text(frozen, frozen_size, "frozen", document)) return bad;
    const auto kept = dangbo::rollup::Frozen::parse(document);
    if (!kept.ok()) return from_status(kept.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(kept->table());
    return nullptr;
  });
}

dangbo_status dangbo_snapshot_compare(const dangbo_snapshot* snapshot, const char* frozen,
                                      size_t frozen_size, int32_t all, dangbo_table** cells,
                                      dangbo_table** causes, uint64_t* differing,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view document;
    if (differing != nullptr) *differing = 0;
    Failure no_causes = check_out(causes, "causes");
    if (Failure bad = check_out(cells, "cells")) return bad;
    if (no_causes != nullptr) return no_causes;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (Failure bad = read_text(frozen, frozen_size, "frozen", document)) return bad;
    const auto kept = dangbo::rollup::Frozen::parse(document);
    if (!kept.ok()) return from_status(kept.status(), DANGBO_E_QUERY);
    auto made = dangbo::rollup::compare(snapshot->snapshot, *kept, {.all = all != 0});
    if (!made.ok()) return from_status(made.status(), DANGBO_E_QUERY);
    auto table = std::make_unique<dangbo_table>(std::move(made->cells));
    *causes = new dangbo_table(std::move(made->causes));
    *cells = table.release();
    if (differing != nullptr) *differing = made->differing;
    return nullptr;
  });
}
