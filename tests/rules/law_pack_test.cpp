// The national pack as users get it: it loads, alone and with the rules in working days, and every
// expression of it has its columns.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "dangbo/rules/pack.hpp"
#include "dangbo/time/working_days.hpp"

namespace dangbo::rules {
namespace {

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string problems(const absl::Status& status) {
  std::string out;
  const base::ProblemList found = base::problems_of(status);
  for (const base::Problem& one : found.kept()) {
    out += one.place.file + ":" + std::to_string(one.place.row) + ":" + one.place.column + " " +
           one.value + ": " + one.reason.en + " (" + one.fix.en + ")\n";
  }
  return out;
}

absl::StatusOr<Pack> pack_of(const std::vector<std::string>& files, bool has_calendar) {
  const std::filesystem::path folder(DANGBO_PACKS);
  std::vector<std::string> texts;
  for (const std::string& file : files) texts.push_back(text_of_file(folder / file));
  std::vector<PackText> all;
  for (std::size_t i = 0; i < files.size(); ++i) all.push_back({texts[i], files[i]});
  PackOptions options;
  if (has_calendar) {
    options.calendar = std::make_shared<const time::WorkingCalendar>(std::span<const time::Date>{},
                                                                     std::span<const time::Date>{});
  }
  return read_pack(all, options);
}

TEST(NationalPack, IsReadWithoutACalendar) {
  const auto pack = pack_of({"vn/national.yaml", "vn/national_tests.yaml"}, false);
  ASSERT_TRUE(pack.ok()) << problems(pack.status());
  EXPECT_EQ(pack->layers.front().id, "vn.toan-quoc");
  EXPECT_GE(pack->rules.size(), 90U);
}

TEST(NationalPack, IsReadWithTheRulesInWorkingDays) {
  const auto pack = pack_of({"vn/national.yaml", "vn/national_tests.yaml", "vn/working_days.yaml",
                             "vn/working_days_tests.yaml"},
                            true);
  ASSERT_TRUE(pack.ok()) << problems(pack.status());
  EXPECT_NE(pack->rule("confirmation-overdue"), nullptr);
  EXPECT_FALSE(pack_of({"vn/national.yaml", "vn/working_days.yaml"}, false).ok());
}

TEST(NationalPack, RulesAboutPersonsRunOnRequestOnly) {
  const auto pack = pack_of({"vn/national.yaml"}, false);
  ASSERT_TRUE(pack.ok()) << problems(pack.status());
  std::size_t persons = 0;
  for (const Rule& rule : pack->rules) {
    if (!rule.is_about_person) continue;
    ++persons;
    EXPECT_FALSE(rule.on_by_default) << rule.id;
  }
  EXPECT_GT(persons, 20U);
}

const Parameter& parameter_of(const Pack& pack, std::string_view name) {
  return *pack.parameter(name);
}

time::Date day(int year, int month, int number) {
  return *time::Date::from_ymd(year, month, number);
}

TEST(ProvincialExample, SetsAddsAndExcepts) {
  const auto pack = pack_of({"example/province.yaml", "vn/national.yaml"}, false);
  ASSERT_TRUE(pack.ok()) << problems(pack.status());
  EXPECT_EQ(pack->id, "vn.tinh-thanh-van");
  const Parameter& cap = parameter_of(*pack, "eval_cap_member");
  EXPECT_EQ(cap.on(day(2021, 12, 31))->number, 20);
  EXPECT_EQ(cap.on(day(2022, 1, 1))->number, 15);
  EXPECT_EQ(parameter_of(*pack, "eval_cap_collective").on(day(2022, 1, 1))->number, 20);
  const Rule& monthly = *pack->rule("meeting-monthly-cell");
  EXPECT_EQ(monthly.exceptions.size(), 3U);
  EXPECT_EQ(monthly.exceptions.back().label, "epidemic");
  EXPECT_TRUE(monthly.exceptions.back().effective.contains(day(2022, 6, 30)));
  EXPECT_FALSE(monthly.exceptions.back().effective.contains(day(2022, 7, 1)));
}

// What the nation does not open, or opens downwards only.
TEST(ProvincialExample, MayNotDoMore) {
  const std::filesystem::path folder(DANGBO_PACKS);
  const std::string national = text_of_file(folder / "vn/national.yaml");
  const std::string province = text_of_file(folder / "example/province.yaml");
  const auto refusal = [&](std::string_view from, std::string_view to) {
    std::string text = province;
    text.replace(text.find(from), from.size(), to);
    const PackText all[] = {{national, "national.yaml"}, {text, "province.yaml"}};
    return problems(read_pack(all).status());
  };
  EXPECT_NE(refusal("value: 15", "value: 21").find("against the direction"), std::string::npos);
  EXPECT_NE(refusal("  eval_cap_member:", "  org_official_min:").find("does not open"),
            std::string::npos);
  EXPECT_NE(refusal("  meeting-monthly-cell:\n", "  cell-min-full:\n").find("not open"),
            std::string::npos);
}

}  // namespace
}  // namespace dangbo::rules
