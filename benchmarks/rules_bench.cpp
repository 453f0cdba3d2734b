// Packs applied to the data given: whole passes by column beside a loop written by hand over the
// same rows, one change under a hundred rules, a fork of a hundred changes, one explanation, a
// compiled pack. One core. Answers are compared in the run. Three rules and their rows go to
// OUT_FOLDER for benchmarks/rules_peers.py.
//
//   rules_bench DATA_FOLDER OUT_FOLDER [--benchmark_…]
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/rules/check.hpp"
#include "dangbo/rules/checker.hpp"
#include "dangbo/rules/compiled.hpp"
#include "moves.hpp"

namespace {

using namespace dangbo;  // NOLINT: a program, not a header
using base::index_of;
using base::MemberSlot;
using base::RowId;
using base::UnitSlot;
using bench::fail;
using bench::Times;
using Clock = std::chrono::steady_clock;

std::unique_ptr<registry::Registry> facts;
std::string out_folder;

time::Date today() {
  return *time::Date::from_ymd(2024, 6, 1);
}

constexpr std::string_view kHead =
    "format: dangbo.pack/1\nid: vn.bench\nversion: \"1\"\n"
    "jurisdiction: { level: national, code: VN }\n"
    "instruments:\n  charter:\n    rank: 100\n    title: { vi: \"Điều lệ\", en: \"Charter\" }\n"
    "    in_force: { from: \"2011-01-19\" }\nparameters:\n";

std::string parameter(const std::string& name, int value) {
  return "  " + name + ":\n    type: int\n    bounds: { min: -1000, max: 100000 }\n    values:\n" +
         "      \"2011-01-19\": { value: " + std::to_string(value) +
         ", cite: [\"charter/1\"], evidence: A }\n";
}

std::string rule(const std::string& id, const std::string& subject, const std::string& let,
                 const std::string& require) {
  return "  " + id + ":\n    subject: " + subject +
         "\n    cite: [\"charter/1\"]\n    evidence: A\n    severity: violation\n" +
         (let.empty() ? "" : "    let: { " + let + " }\n") + "    require: '" + require +
         "'\n    message: { vi: \"chưa đúng\", en: \"not so\" }\n";
}

rules::Pack pack_of(const std::string& text) {
  auto read = rules::read_pack(text, "bench.yaml");
  if (!read.ok()) fail(read.status().ToString());
  return *std::move(read);
}

// Rules of a member's own attributes, all of which nearly always hold.
std::string member_rules(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    std::string require;
    switch (i % 4) {
      case 0:
        require = "self.status == \"active\" || self.status == \"exempt\" || as_of.year() > " + n;
        break;
      case 1:
        require =
            "self.full_date > self.joined_date || self.full_date == null || param.p" + n + " == 1";
        break;
      case 2:
        require = "as_of.yearsSince(self.birth_date) >= 18 - param.p" + n;
        break;
      default:
        require = "!(self.sex == \"female\" && self.youth_union && self.status == \"expelled\")";
    }
    out += rule("m" + n, "member", "", require);
  }
  return out;
}

std::string parameters(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += parameter("p" + std::to_string(i), i % 3);
  return out;
}

rules::Pack member_pack(int count) {
  return pack_of(std::string(kHead) + parameters(count) + "rules:\n" + member_rules(count));
}

rules::CheckOptions with_persons() {
  rules::CheckOptions options;
  options.about_persons = true;
  return options;
}

void check_times(benchmark::State& state, const rules::Pack& pack, double per) {
  const registry::View view = facts->snapshot().at(today());
  std::size_t rows = 0;
  for ([[maybe_unused]] const auto& step : state) {
    const auto found = rules::check(view, pack, with_persons());
    if (!found.ok()) fail(found.status().ToString());
    rows = found->row_count();
  }
  state.counters["findings"] = static_cast<double>(rows);
  state.counters["ns_per_row"] =
      benchmark::Counter(per * static_cast<double>(state.iterations()) / 1e9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::size_t members_at_home() {
  static const std::size_t count = [] {
    std::int64_t sum = 0;
    const registry::View view = facts->snapshot().at(today());
    for (const auto root : view.tree().roots()) {
      sum += view.stock(view.tree().slot_at(root), true);
    }
    return static_cast<std::size_t>(sum);
  }();
  return count;
}

void forty_member_rules(benchmark::State& state) {
  static const rules::Pack pack = member_pack(40);
  check_times(state, pack, 40.0 * static_cast<double>(members_at_home()));
}

// What a programmer would write for three of these rules, reading the same rows.
std::int64_t by_hand(const registry::View& view) {
  const registry::Rows members = *view.snapshot().rows("members");
  const auto joined = *members.field("joined_date");
  const auto full = *members.field("full_date");
  const auto born = *members.field("birth_date");
  const auto status = *members.field("status");
  std::int64_t bad = 0;
  for (std::uint32_t i = 0; i < view.snapshot().member_count(); ++i) {
    const RowId row = view.member_row(MemberSlot{i});
    if (row == base::kNoRow || view.home_of(MemberSlot{i}) == base::kNoUnitSlot) continue;
    const auto from = joined.date(row);
    const auto until = full.date(row);
    bad += until && (!from || until->first_day() <= from->first_day()) ? 1 : 0;
    const auto birth = born.date(row);
    bad += !birth || time::years_between(birth->first_day(), today()) < 18 ? 1 : 0;
    bad += status.raw(row) == 1 ? 1 : 0;
  }
  return bad;
}

const rules::Pack& three_rules() {
  static const rules::Pack pack = pack_of(
      std::string(kHead) + parameter("p", 18) + "rules:\n" +
      rule("order", "member", "", "self.full_date == null || self.full_date > self.joined_date") +
      rule("age", "member", "", "as_of.yearsSince(self.birth_date) >= param.p") +
      rule("status", "member", "", "self.status != \"exempt\""));
  return pack;
}

void three_rules_dangbo(benchmark::State& state) {
  check_times(state, three_rules(), 3.0 * static_cast<double>(members_at_home()));
}

void three_rules_by_hand(benchmark::State& state) {
  const registry::View view = facts->snapshot().at(today());
  std::int64_t bad = 0;
  for ([[maybe_unused]] const auto& step : state) bad = by_hand(view);
  const auto found = rules::check(view, three_rules(), with_persons());
  if (!found.ok() || static_cast<std::int64_t>(found->row_count()) != bad) {
    fail("by hand " + std::to_string(bad) + ", found " + std::to_string(found->row_count()));
  }
  state.counters["findings"] = static_cast<double>(bad);
  state.counters["ns_per_row"] = benchmark::Counter(
      3.0 * static_cast<double>(members_at_home() * static_cast<std::size_t>(state.iterations())) /
          1e9,
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Counts over the members of every unit, own and with below.
void count_rules(benchmark::State& state) {
  static const rules::Pack pack = pack_of(
      std::string(kHead) + parameter("p", -1) + "rules:\n" +
      rule("own", "unit", "n: 'count(self.members, m, m.sex == \"female\")'", "n > param.p") +
      rule("below", "unit", "n: size(self.all_members)", "n > param.p"));
  check_times(state, pack, 2.0 * static_cast<double>(members_at_home()));
}

// Units alike in kind and in the unit above.
void cohort_rule(benchmark::State& state) {
  static const rules::Pack pack =
      pack_of(std::string(kHead) + parameter("p", 100000) + "rules:\n" +
              rule("alike", "{ cohort_of: unit, by: [kind, parent_id] }",
                   "n: 'count(self.items, u, u.sector == \"press\")'", "n < param.p"));
  const registry::View view = facts->snapshot().at(today());
  check_times(state, pack, static_cast<double>(view.tree().size()));
}

rules::Pack hundred_rules() {
  std::string text = std::string(kHead) + parameters(200) + "rules:\n" + member_rules(40);
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    text += rule("u" + n, "unit",
                 "n: 'count(self.members, m, m.sex == \"female\" && as_of >= m.joined_date)'",
                 "n + param.p" + std::to_string(40 + i) + " >= " + std::to_string(-i));
  }
  // The other parameters are read too, or the pack would be refused.
  std::string sum = "param.p0";
  for (int i = 100; i < 200; ++i) sum += " + param.p" + std::to_string(i);
  for (int i = 3; i < 40; ++i) sum += " + param.p" + std::to_string(i);
  text += rule("all", "unit", "", sum + " + param.p1 + param.p2 >= 0");
  return pack_of(text);
}

std::optional<rules::Checker>& checker() {
  static const rules::Pack pack = hundred_rules();
  static std::optional<rules::Checker> kept;
  if (!kept) {
    auto made = rules::Checker::start(facts->snapshot().at(today()), pack, with_persons());
    if (!made.ok()) fail(made.status().ToString());
    kept.emplace(*std::move(made));
  }
  return kept;
}

// A correction of one attribute of a member.
registry::Change corrected(const registry::Registry& registry, std::uint32_t row, bool woman) {
  table::Column id("row_id", table::Type::kInt);
  id.append_integer(row);
  table::Column sex("sex", table::Type::kText);
  sex.append_text(woman ? "female" : "male");
  registry::Change change(registry);
  std::vector<table::Column> targets;
  targets.push_back(std::move(id));
  std::vector<table::Column> values;
  values.push_back(std::move(sex));
  change.correct("members", {"targets", std::move(targets)}, {"values", std::move(values)},
                 "bench");
  return change;
}

void one_attribute(benchmark::State& state) {
  auto& kept = checker();
  std::mt19937 random{7};
  Times times;
  std::uint64_t evaluated = 0;
  for ([[maybe_unused]] const auto& step : state) {
    const registry::Snapshot now = facts->snapshot();
    const MemberSlot member{static_cast<std::uint32_t>(random() % now.member_count())};
    const RowId row = now.at(today()).member_row(member);
    if (row == base::kNoRow) continue;
    auto change = corrected(*facts, index_of(row), random() % 2 == 0);
    const auto done = facts->commit(std::move(change), {});
    if (!done.ok()) fail(done.status().ToString());
    const registry::View view = facts->snapshot().at(today());
    times.take([&] {
      const auto made = kept->update(view);
      if (!made.ok()) fail(made.status().ToString());
      evaluated = made->evaluated;
    });
  }
  times.report(state);
  state.counters["evaluated"] = static_cast<double>(evaluated);
}

void fork_of_a_hundred(benchmark::State& state) {
  auto& kept = checker();
  if (const auto made = kept->update(facts->snapshot().at(today())); !made.ok()) {
    fail(made.status().ToString());
  }
  Times whole;
  Times difference;
  for ([[maybe_unused]] const auto& step : state) {
    whole.take([&] {
      const registry::Snapshot now = facts->snapshot();
      const auto fork = now.fork();
      registry::Change change(*fork);
      for (std::uint32_t i = 0; i < 100; ++i) {
        const RowId row = now.at(today()).member_row(MemberSlot{i * 7});
        if (row != base::kNoRow) change.append(corrected(*fork, index_of(row), true));
      }
      const auto done = fork->commit(std::move(change), {});
      if (!done.ok()) fail(done.status().ToString());
      const registry::View later = fork->snapshot().at(today());
      difference.take([&] {
        const auto trial = kept->try_on(later);
        if (!trial.ok()) fail(trial.status().ToString());
      });
    });
  }
  whole.report(state);
  state.counters["difference_us"] = difference.at(0.5);
}

void explain_one(benchmark::State& state) {
  auto& kept = checker();
  const registry::View view = facts->snapshot().at(today());
  const std::string subject =
      "unit:" + std::string(view.snapshot().key_of(view.tree().slot_at(
                    base::UnitPosition{static_cast<std::uint32_t>(view.tree().size() - 1)})));
  Times times;
  for ([[maybe_unused]] const auto& step : state) {
    times.take([&] {
      const auto text = kept->explain("u7", subject);
      if (!text.ok()) fail(text.status().ToString());
    });
  }
  times.report(state);
}

void load_compiled_pack(benchmark::State& state) {
  static const std::string text = rules::compile_pack(hundred_rules());
  for ([[maybe_unused]] const auto& step : state) {
    const auto read = rules::load_compiled(text, "bench");
    if (!read.ok()) fail(read.status().ToString());
  }
  state.counters["bytes"] = static_cast<double>(text.size());
}

// The first members with what the three rules read, and what they are found to be.
void write_rows() {
  const registry::View view = facts->snapshot().at(today());
  const registry::Rows members = *view.snapshot().rows("members");
  std::ofstream out(out_folder + "/rules_members.csv");
  out << "born,joined,full,exempt\n";
  const auto put = [&](const char* name, RowId row) {
    const auto date = members.field(name)->date(row);
    if (date) out << date->first_day().days();
  };
  std::uint32_t written = 0;
  for (std::uint32_t i = 0; i < view.snapshot().member_count() && written < 20'000; ++i) {
    const RowId row = view.member_row(MemberSlot{i});
    if (row == base::kNoRow || view.home_of(MemberSlot{i}) == base::kNoUnitSlot) continue;
    put("birth_date", row);
    out << ',';
    put("joined_date", row);
    out << ',';
    put("full_date", row);
    out << ',' << (members.field("status")->raw(row) == 1 ? 1 : 0) << '\n';
    ++written;
  }
}

}  // namespace

int main(int count, char** values) {
  benchmark::Initialize(&count, values);
  if (count != 3) fail("rules_bench DATA_FOLDER OUT_FOLDER [--benchmark_…]");
  out_folder = values[2];
  facts = bench::load_folder(values[1]);
  write_rows();
  const auto slow = [](const char* name, void (*body)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name, body)->Unit(benchmark::kMillisecond);
  };
  slow("rules_forty_member_rules/dangbo", forty_member_rules);
  slow("rules_three_member_rules/dangbo", three_rules_dangbo);
  slow("rules_three_member_rules/by_hand", three_rules_by_hand);
  slow("rules_two_count_rules/dangbo", count_rules);
  slow("rules_cohort_rule/dangbo", cohort_rule);
  slow("rules_load_compiled/dangbo", load_compiled_pack);
  benchmark::RegisterBenchmark("rules_explain_one/dangbo", explain_one)
      ->Unit(benchmark::kMicrosecond)
      ->Iterations(200);
  benchmark::RegisterBenchmark("rules_one_attribute_100_rules/dangbo", one_attribute)
      ->Unit(benchmark::kMicrosecond)
      ->Iterations(300);
  benchmark::RegisterBenchmark("rules_fork_of_100_changes/dangbo", fork_of_a_hundred)
      ->Unit(benchmark::kMillisecond)
      ->Iterations(10);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
