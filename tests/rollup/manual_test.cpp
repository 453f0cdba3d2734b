// Every example of the manual is asked, and answers as the manual says.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "dangbo/table/write.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

// The invented registry the manual's examples speak of.
std::unique_ptr<registry::Registry> example() {
  auto registry = registry::Registry::create();
  const auto home = [](const char* member, const char* unit, const char* from, const char* until,
                       const char* reason) {
    return Cells{{"member_id", member}, {"unit_id", unit}, {"kind", "CHINHTHUC"},
                 {"from", from},        {"until", until},  {"in_reason", reason}};
  };
  commit(*registry,
         {{"units",
           {{{"unit_id", "K"}, {"kind", "KHOI"}, {"class", "CTCS"}, {"name", "Đảng bộ Khối Ví dụ"}},
            {{"unit_id", "DB1"},
             {"kind", "DBCS"},
             {"class", "TCCS"},
             {"parent_id", "K"},
             {"name", "Đảng bộ Sở Mây"}},
            {{"unit_id", "CB1"},
             {"kind", "CB"},
             {"class", "DCS"},
             {"parent_id", "DB1"},
             {"name", "Chi bộ Văn phòng"}},
            {{"unit_id", "CB2"},
             {"kind", "CB"},
             {"class", "DCS"},
             {"parent_id", "DB1"},
             {"name", "Chi bộ Trạm Gió"}},
            {{"unit_id", "CS2"},
             {"kind", "CBCS"},
             {"class", "TCCS"},
             {"parent_id", "K"},
             {"name", "Chi bộ Báo Sương"}}}},
          {"members",
           {{{"member_id", "1"},
             {"sex", "F"},
             {"ethnicity", "Kinh"},
             {"joined_date", "2001-05-19"},
             {"full_date", "2002-05-19"}},
            {{"member_id", "2"},
             {"sex", "M"},
             {"ethnicity", "Tày"},
             {"joined_date", "2005"},
             {"full_date", "2006"}},
            {{"member_id", "3"},
             {"sex", "F"},
             {"ethnicity", "Tày"},
             {"youth_union", "x"},
             {"joined_date", "2020-02-03"},
             {"decision_date", "2019-12-30"}},
            {{"member_id", "4"},
             {"sex", "M"},
             {"ethnicity", "Kinh"},
             {"joined_date", "2010-09-02"},
             {"full_date", "2011-09-02"}},
            {{"member_id", "5"},
             {"sex", "F"},
             {"joined_date", "2019-05-19"},
             {"full_date", "2020-05-19"}}}},
          {"memberships",
           {home("1", "CB1", "2001-05-19", "", ""),
            home("2", "CB1", "2006-01-01", "", ""),
            home("3", "CB2", "2020-02-03", "", "KETNAP"),
            home("4", "CS2", "2010-09-02", "2020-11-30", ""),
            home("5", "CS2", "2019-05-19", "", "KETNAP"),
            {{"member_id", "4"}, {"unit_id", "CB1"}, {"kind", "TAMTHOI"}}}},
          {"meetings",
           {{{"unit_id", "CB1"}, {"month", "2020-01"}, {"kind", "DK"}},
            {{"unit_id", "CB1"}, {"month", "2020-02"}, {"kind", "CD"}},
            {{"unit_id", "CB2"}, {"month", "2020-02"}, {"kind", "DK"}}}},
          {"plans",
           {{{"unit_id", "DB1"}, {"year", "2020"}, {"item", "KETNAP"}, {"target", "2"}},
            {{"unit_id", "CS2"}, {"year", "2020"}, {"item", "KETNAP"}, {"target", "1"}}}},
          {"evaluations",
           {{{"subject_type", "member"},
             {"subject_id", "1"},
             {"period", "2019"},
             {"regime", "r2019"},
             {"grade", "HTXS"}},
            {{"subject_type", "member"},
             {"subject_id", "2"},
             {"period", "2019"},
             {"regime", "r2019"},
             {"grade", "HTT"}},
            {{"subject_type", "member"},
             {"subject_id", "5"},
             {"period", "2019"},
             {"regime", "r2019"}}}},
          {"training",
           {{{"event_id", "L1"},
             {"kind", "LOP"},
             {"unit_id", "DB1"},
             {"date", "2020-03-10"},
             {"members_n", "12"}}}}});
  return registry;
}

struct Example {
  std::string json;
  std::string csv;
};

// ```json blocks, each with the ```csv block that follows it.
std::vector<Example> examples() {
  std::ifstream file(DANGBO_QUERY_MANUAL);
  EXPECT_TRUE(file.is_open());
  std::vector<Example> out;
  std::string* into = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line == "```json") {
      into = &out.emplace_back().json;
    } else if (line == "```csv" && !out.empty()) {
      into = &out.back().csv;
    } else if (line.starts_with("```")) {
      into = nullptr;
    } else if (into != nullptr) {
      *into += line + "\n";
    }
  }
  return out;
}

TEST(Manual, EveryExampleAnswersAsPrinted) {
  const auto registry = example();
  const std::vector<Example> all = examples();
  EXPECT_GE(all.size(), 10U);
  for (const Example& one : all) {
    std::string csv = table::to_csv(ask_table(*registry, one.json));
    std::erase(csv, '\r');
    EXPECT_EQ(csv, one.csv) << one.json;
  }
}

}  // namespace

}  // namespace dangbo::test
