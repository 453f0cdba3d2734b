#include "dangbo/registry/lineage.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "dangbo/time/date.hpp"
#include "guard.hpp"
#include "handles.hpp"

using namespace dangbo::capi;

dangbo_status dangbo_snapshot_code_mapping(const dangbo_snapshot* snapshot, int32_t from,
                                           int32_t to, int32_t all, dangbo_table** out,
                                           dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (!is_day(from) || !is_day(to)) {
      return failure(DANGBO_E_ARGUMENT, {"ngày nằm ngoài các năm 1400 … 9999",
                                         "the day is outside the years 1400 … 9999"});
    }
    auto mapping =
        dangbo::registry::code_mapping(snapshot->snapshot, dangbo::time::Date::from_days(from),
                                       dangbo::time::Date::from_days(to), {.all = all != 0});
    if (!mapping.ok()) return from_status(mapping.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(mapping));
    return nullptr;
  });
}

dangbo_status dangbo_view_lineage(const dangbo_view* view, const char* unit_key,
                                  size_t unit_key_size, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view key;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(unit_key, unit_key_size, "unit_key", key)) return bad;
    auto lineage = dangbo::registry::lineage_table(view->view, key);
    if (!lineage.ok()) return from_status(lineage.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(lineage));
    return nullptr;
  });
}
