// Declared groupings: their words, and the counts of a unit.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/base/ids.hpp"
#include "dangbo/registry/totals.hpp"
#include "dangbo/table/table.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

namespace {

using registry::GroupingNumber;

Failure read_grouping(const dangbo_view& view, std::int32_t grouping, GroupingNumber& out) {
  const auto declared = static_cast<std::int32_t>(view.totals.grouping_count());
  if (grouping < 0 || grouping >= declared) {
    return failure(DANGBO_E_ARGUMENT, {"không có cách chia nhóm này", "there is no such grouping"});
  }
  out = GroupingNumber{static_cast<std::uint8_t>(grouping)};
  return nullptr;
}

table::Table words_of(const registry::Totals& totals, GroupingNumber grouping) {
  std::vector<table::Column> columns;
  for (std::size_t group = 0; group < totals.group_count(grouping); ++group) {
    const std::vector<std::string_view> words = totals.words_of(grouping, group);
    while (columns.size() < words.size())
      columns.emplace_back("word_" + std::to_string(columns.size() + 1), table::Type::kText);
    for (std::size_t field = 0; field < words.size(); ++field) {
      if (words[field].empty()) {
        columns[field].append_missing();
      } else {
        columns[field].append_text(words[field]);
      }
    }
  }
  return {"groups", std::move(columns)};
}

}  // namespace

}  // namespace dangbo::inline v1::capi

using namespace dangbo::capi;

dangbo_status dangbo_view_find_grouping(const dangbo_view* view, const char* name, size_t name_size,
                                        int32_t* grouping, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view wanted;
    if (Failure bad = check_out(grouping, "grouping")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_text(name, name_size, "name", wanted)) return bad;
    const auto found = view->totals.find_grouping(wanted);
    if (!found) {
      const std::string quoted = "“" + std::string(wanted) + "”";
      return failure(DANGBO_E_NOT_FOUND, {"chưa khai báo cách chia nhóm nào tên " + quoted,
                                          "no grouping is declared as " + quoted});
    }
    *grouping = dangbo::base::index_of(*found);
    return nullptr;
  });
}

dangbo_status dangbo_view_group_words(const dangbo_view* view, int32_t grouping, dangbo_table** out,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    GroupingNumber number{};
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (Failure bad = read_grouping(*view, grouping, number)) return bad;
    *out = new dangbo_table(words_of(view->totals, number));
    return nullptr;
  });
}

dangbo_status dangbo_view_group_counts(const dangbo_view* view, uint64_t unit, int32_t grouping,
                                       int32_t scope, int64_t* counts, size_t capacity,
                                       size_t* count, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    GroupingNumber number{};
    if (Failure bad = check_out(count, "count")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    if (counts == nullptr) return bad_handle("counts", true);
    if (Failure bad = read_grouping(*view, grouping, number)) return bad;
    if (scope != DANGBO_SCOPE_BELOW && scope != DANGBO_SCOPE_OWN) {
      return failure(DANGBO_E_ARGUMENT, {"không có phạm vi này", "there is no such scope"});
    }
    const auto slot = view->view.snapshot().slot_of(dangbo::base::UnitId{unit});
    if (slot == dangbo::base::kNoUnitSlot) {
      return failure(DANGBO_E_NOT_FOUND, {"không có tổ chức nào mang số " + std::to_string(unit),
                                          "no unit has the id " + std::to_string(unit)});
    }
    const std::size_t groups = view->totals.group_count(number);
    *count = groups;
    if (groups > capacity) {
      return failure(DANGBO_E_ARGUMENT,
                     {"“counts” không đủ chỗ cho " + std::to_string(groups) + " nhóm",
                      "“counts” has no room for " + std::to_string(groups) + " groups"});
    }
    view->totals.groups(number, slot,
                        scope == DANGBO_SCOPE_BELOW ? dangbo::registry::Scope::kBelow
                                                    : dangbo::registry::Scope::kOwn,
                        {counts, groups});
    return nullptr;
  });
}
