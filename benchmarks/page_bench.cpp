// From a loaded registry to the page, and its size.
//
//   page_bench KHOI_FOLDER PROVINCE_FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <string>

#include "dangbo/report/page.hpp"
#include "moves.hpp"

namespace {

using dangbo::bench::fail;
using dangbo::bench::load_folder;

// A view of its own each time: what it builds belongs to the page.
void draw(benchmark::State& state, const std::string& folder, dangbo::time::Date day,
          const char* request) {
  const auto registry = load_folder(folder);
  const auto parsed = dangbo::report::PageRequest::parse(request);
  if (!parsed.ok()) fail(parsed.status().ToString());
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto page = dangbo::report::render_page(registry->snapshot().at(day), *parsed);
    if (!page.ok()) fail(page.status().ToString());
    bytes = page->size();
  }
  state.counters["page_KiB"] = static_cast<double>(bytes) / 1024.0;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc < 3) fail("usage: page_bench KHOI_FOLDER PROVINCE_FOLDER");
  const auto add = [](const char* name, const std::string& folder, int year, const char* request) {
    const auto day = *dangbo::time::Date::from_ymd(year, 6, 30);
    benchmark::RegisterBenchmark(
        name, [=](benchmark::State& state) { draw(state, folder, day, request); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  };
  const std::string body = argv[1];
  const std::string province = argv[2];
  add("body_2712/page", body, 2020, R"({"page":1})");
  add("s2/page", province, 2024, R"({"page":1})");
  add("s2/page_with_trend", province, 2024,
      R"({"page":1,"trend":{"from":"2022-07-01"},"reorganisation":"2024-01-01"})");
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
