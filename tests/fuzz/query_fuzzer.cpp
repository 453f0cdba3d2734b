// Any text as a query: refused with problems, or its canonical form reads back as itself and runs.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto registry = dangbo::registry::Registry::create();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto query = dangbo::rollup::Query::parse(text);
  if (!query.ok()) {
    if (dangbo::base::problems_of(query.status()).empty()) std::abort();
    return 0;
  }
  const auto again = dangbo::rollup::Query::parse(query->to_json());
  if (!again.ok() || again->to_json() != query->to_json()) std::abort();
  const auto result = dangbo::rollup::run(registry->snapshot(), *query);
  if (!result.ok() && dangbo::base::problems_of(result.status()).empty()) std::abort();
  return 0;
}
