#include "report/page_support.hpp"

#include <gtest/gtest.h>

#include "dangbo/report/page.hpp"

namespace dangbo::test {

namespace {

std::vector<Cells> units() {
  const auto unit = [](const char* key, const char* parent, const char* name, const char* kind,
                       const char* of_class, const char* from, const char* until) {
    return Cells{{"unit_id", key},    {"parent_id", parent}, {"name", name},  {"kind", kind},
                 {"class", of_class}, {"from", from},        {"until", until}};
  };
  return {unit("K", "", "Đảng bộ Khối Ví dụ", "KHOI", "CTCS", "2010-01-01", ""),
          unit("DB1", "K", "Đảng bộ Sở Mây", "DBCS", "TCCS", "2010-01-01", ""),
          unit("DB2", "K", "Đảng bộ Sở Gió", "DBCS", "TCCS", "2010-01-01", ""),
          unit("CS3", "K", "Chi bộ Báo Sương", "CBCS", "TCCS", "2010-01-01", ""),
          unit("CB1", "DB1", "Chi bộ Văn phòng", "CB", "DCS", "2010-01-01", ""),
          unit("CB2", "DB1", "Chi bộ Trạm", "CB", "DCS", "2010-01-01", "2020-07-01"),
          unit("CB2", "DB2", "Chi bộ Trạm", "CB", "DCS", "2020-07-01", ""),
          unit("CB3", "DB2", "Chi bộ Kho", "CB", "DCS", "2010-01-01", ""),
          unit("CB4", "DB2", "Chi bộ Bến", "CB", "DCS", "2010-01-01", "2020-07-01")};
}

void add_people(std::vector<Cells>& members, std::vector<Cells>& homes) {
  const auto add = [&](const char* unit, int count, int minority, const char* until) {
    for (int i = 0; i < count; ++i) {
      const std::string key = "M" + std::to_string(members.size() + 1);
      members.push_back({{"member_id", key},
                         {"sex", i % 3 == 0 ? "nữ" : "nam"},
                         {"ethnicity", i < minority ? "Tày" : "Kinh"},
                         {"religion", i % 7 == 0 ? "" : "Không"},
                         {"youth_union", i % 4 == 0 ? "x" : ""},
                         {"joined_date", "2012-01-01"},
                         {"full_date", i % 5 == 0 ? "" : "2013-01-01"}});
      homes.push_back({{"member_id", key},
                       {"unit_id", unit},
                       {"kind", "CHINHTHUC"},
                       {"from", "2012-01-01"},
                       {"until", until}});
      if (*until != '\0') {
        homes.push_back({{"member_id", key},
                         {"unit_id", "CB3"},
                         {"kind", "CHINHTHUC"},
                         {"from", until},
                         {"in_reason", "TOCHUC"}});
      }
    }
  };
  add("CB1", 30, 12, "");
  add("CB2", 14, 0, "");
  add("CB3", 21, 6, "");
  add("CB4", 9, 1, "2020-07-01");
  add("CS3", 11, 2, "");
}

}  // namespace

std::unique_ptr<registry::Registry> bloc() {
  auto registry = registry::Registry::create();
  std::vector<Cells> members;
  std::vector<Cells> homes;
  add_people(members, homes);
  const auto grade = [](const char* unit, const char* year, const char* word) {
    return Cells{{"subject_type", "UNIT"},
                 {"subject_id", unit},
                 {"period", year},
                 {"regime", "R2019"},
                 {"grade", word}};
  };
  const auto event = [](const char* key, const char* word, const char* from, const char* to) {
    return Cells{{"event_id", key},
                 {"date", "2020-07-01"},
                 {"event", word},
                 {"from_unit", from},
                 {"to_unit", to}};
  };
  commit(*registry,
         {{"units", units()},
          {"members", members},
          {"memberships", homes},
          {"unit_events",
           {event("B1", "CHUYENTT", "CB2", "CB2"), event("B2", "SAPNHAP", "CB4", "CB3")}},
          {"evaluations",
           {grade("DB1", "2018", "HTT"), grade("DB1", "2019", "HTXS"), grade("DB2", "2019", "HTT"),
            grade("CS3", "2019", "HT"), grade("DB1", "2020", "HT")}}});
  return registry;
}

std::string page_of(const registry::Registry& registry, std::string_view on,
                    std::string_view request) {
  const auto parsed = report::PageRequest::parse(request);
  EXPECT_TRUE(parsed.ok()) << request << "\n" << parsed.status();
  if (!parsed.ok()) return {};
  auto page = report::render_page(registry.snapshot().at(day(on)), *parsed);
  EXPECT_TRUE(page.ok()) << request << "\n" << page.status();
  return page.ok() ? *std::move(page) : std::string();
}

Markup markup_of(const registry::Registry& registry, std::string_view on,
                 std::string_view request) {
  const std::string page = page_of(registry, on, request);
  Markup markup = read_markup(page);
  EXPECT_EQ(markup.error, "");
  return markup;
}

}  // namespace dangbo::test
