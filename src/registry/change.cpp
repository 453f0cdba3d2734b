#include "dangbo/registry/change.hpp"

#include "dangbo/base/text.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/parse.hpp"

namespace dangbo::inline v1::registry {

Change::Change(const Registry& registry) : schemas_(registry.schemas()) {}

void Change::add_table(std::string_view table_name, const table::Table& rows,
                       std::string_view source) {
  const std::string folded = base::fold(table_name);
  for (const auto& schema : schemas_) {
    bool matches = base::fold(schema->name()) == folded;
    for (const std::string& alias : schema->aliases())
      matches = matches || base::fold(alias) == folded;
    if (!matches) continue;
    table::Table conformed = table::conform(rows, *schema, source, 1, problems_);
    add_batch({.schema = schema,
               .rows = std::move(conformed),
               .source = std::string(source),
               .first_row = 1,
               .headers = {}});
    return;
  }
  std::string known;
  for (const auto& schema : schemas_) known += (known.empty() ? "" : ", ") + schema->name();
  add_problem({.code = base::ProblemCode::kUnknownTable,
               .place = {.file = std::string(source), .row = 0, .column = ""},
               .value = base::shorten(table_name, 64),
               .reason = {"không có bảng nào tên như vậy", "there is no table of this name"},
               .fix = {"dùng một trong các bảng: " + known, "use one of the tables: " + known}});
}

std::uint64_t Change::row_count() const noexcept {
  std::uint64_t rows = 0;
  for (const Batch& batch : batches_) rows += batch.rows.row_count();
  return rows;
}

}  // namespace dangbo::inline v1::registry
