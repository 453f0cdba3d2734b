// Any rows of units and memberships: accepted or refused whole; what is accepted is a forest whose
// stock adds up.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dangbo/registry/registry.hpp"

namespace {

using dangbo::registry::Change;
using dangbo::registry::Registry;
using dangbo::table::Column;
using dangbo::table::Table;
using dangbo::table::Type;

// Eight units, eight members, sixteen days: two bytes a value keep collisions frequent.
struct Bytes {
  const std::uint8_t* data;
  std::size_t size;
  std::uint8_t next() {
    if (size == 0) return 0;
    --size;
    return *data++;
  }
};

std::string day(std::uint8_t value) {
  return value % 4 == 3 ? std::string() : "2020-01-" + std::to_string(10 + value % 16);
}

void put(Column& column, const std::string& text) {
  if (text.empty()) {
    column.append_missing();
  } else {
    column.append_text(text);
  }
}

Table rows(Bytes& bytes, const char* first, const char* second, bool members) {
  std::vector<Column> columns;
  for (const char* name : {first, second, "kind", "from", "until"}) {
    columns.emplace_back(name, Type::kText);
  }
  for (int count = bytes.next() % 8; count > 0; --count) {
    put(columns[0], (members ? "m" : "u") + std::to_string(bytes.next() % 8));
    const std::uint8_t other = bytes.next();
    put(columns[1], other % 9 == 8 && !members ? std::string() : "u" + std::to_string(other % 8));
    put(columns[2], members ? (other & 0x80U ? "home" : "temporary") : "cell");
    put(columns[3], day(bytes.next()));
    put(columns[4], day(bytes.next()));
  }
  return {"rows", std::move(columns)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes{data, size};
  const auto registry = Registry::create();
  {
    Change members(*registry);
    std::vector<Column> columns;
    columns.emplace_back("member_id", Type::kText);
    for (int i = 0; i < 8; ++i) columns[0].append_text("m" + std::to_string(i));
    members.add_table("members", Table("members", std::move(columns)), "members");
    if (!registry->commit(std::move(members), {}).ok()) std::abort();
  }
  while (bytes.size != 0) {
    const auto before = registry->snapshot().commit();
    Change change(*registry);
    change.add_table("units", rows(bytes, "unit_id", "parent_id", false), "units");
    change.add_table("memberships", rows(bytes, "member_id", "unit_id", true), "memberships");
    const bool fits = registry->check(change).problems.empty();
    if (registry->commit(std::move(change), {}).ok() != fits) std::abort();
    if ((registry->snapshot().commit() != before) != fits) std::abort();
    const auto view =
        registry->snapshot().at(*dangbo::time::Date::from_ymd(2020, 1, 10 + bytes.next() % 16));
    const auto& tree = view.tree();
    for (std::uint32_t at = 0; at < tree.size(); ++at) {
      const dangbo::base::UnitPosition position{at};
      std::int64_t sum = view.stock(tree.slot_at(position), false);
      for (const auto child : tree.children_of(position)) {
        sum += view.stock(tree.slot_at(child), true);
      }
      if (sum != view.stock(tree.slot_at(position), true)) std::abort();
    }
  }
  return 0;
}
