// Members by sex on a day. Run in the folder that holds examples/, or give a folder of CSV files.
#include <iostream>
#include <string>
#include <utility>

#include "dangbo/load/load.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/table/write.hpp"

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "examples/khoi_2020";
  auto registry = dangbo::registry::Registry::create();
  dangbo::registry::Change change(*registry);
  auto loaded = dangbo::load::add_files(*registry, change, {&folder, 1});
  if (loaded.ok()) loaded = registry->commit(std::move(change), {}).status();
  auto query = dangbo::rollup::Query::parse(
      R"({"query": 1, "of": "members", "on": "2020-11-30", "by": ["sex"]})");
  if (!loaded.ok() || !query.ok()) {
    std::cerr << loaded << '\n' << query.status() << '\n';
    return 1;
  }
  const auto result = dangbo::rollup::run(registry->snapshot(), *query);
  if (!result.ok()) {
    std::cerr << result.status() << '\n';
    return 1;
  }
  std::cout << dangbo::table::to_text(*result, dangbo::base::Language::kVietnamese);
}
