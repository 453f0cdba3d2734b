// What a page for the public tells about ethnicity and religion.
#include <gtest/gtest.h>

#include <random>

#include "report/page_support.hpp"

namespace dangbo::test {

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Four grassroots units with cells; few people of minorities in each.
std::unique_ptr<registry::Registry> mixed(unsigned seed) {
  auto registry = registry::Registry::create();
  std::mt19937 random(seed);
  std::vector<Cells> units = {{{"unit_id", "K"}, {"kind", "KHOI"}, {"class", "CTCS"}}};
  std::vector<Cells> members;
  std::vector<Cells> homes;
  for (int unit = 0; unit < 4; ++unit) {
    const std::string key = "D" + std::to_string(unit);
    units.push_back({{"unit_id", key}, {"kind", "DBCS"}, {"class", "TCCS"}, {"parent_id", "K"}});
    for (int cell = 0; cell < 2; ++cell) {
      const std::string below = key + "." + std::to_string(cell);
      units.push_back({{"unit_id", below}, {"kind", "CB"}, {"class", "DCS"}, {"parent_id", key}});
      const int people = 15 + static_cast<int>(random() % 15);
      for (int i = 0; i < people; ++i) {
        const std::string member = "m" + std::to_string(members.size());
        const char* const words[] = {"Kinh", "Kinh", "Kinh", "Tày", "Nùng", "Dao"};
        members.push_back({{"member_id", member},
                           {"ethnicity", words[random() % 6]},
                           {"religion", random() % 5 == 0 ? "Phật giáo" : "Không"}});
        homes.push_back({{"member_id", member}, {"unit_id", below}, {"kind", "CHINHTHUC"}});
      }
    }
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  return registry;
}

std::map<std::string, int> counts(const registry::Registry& registry, const std::string& unit,
                                  const std::string& column) {
  std::map<std::string, int> out;
  const auto lines = ask(registry, R"({"query":1,"of":"members","on":"2020-11-30","unit":")" +
                                       unit + R"(","by":[")" + column + "\"]}");
  for (std::size_t i = 1; i < lines.size(); ++i) out[lines[i][0]] = std::stoi(lines[i][1]);
  return out;
}

// Cells of the page's table of sensitive attributes: unit, "dân tộc: Tày" -> text.
std::map<std::string, std::map<std::string, std::string>> shown(const Markup& markup) {
  std::map<std::string, std::map<std::string, std::string>> out;
  const auto rows = markup.table_in("units-sensitive");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (std::size_t i = 2; i < rows[row].size(); ++i) out[rows[row][0]][rows[0][i]] = rows[row][i];
  }
  return out;
}

TEST(PrivacyPage, SmallCountsAndWhatGivesThemAwayAreWithheld) {
  std::size_t withheld = 0;
  std::size_t told = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const auto registry = mixed(seed);
    const Markup markup = markup_of(*registry, "2020-11-30", R"({"page":1,"unit":"K"})");
    for (const auto& [unit, cells] : shown(markup)) {
      const auto truth = counts(*registry, unit, "ethnicity");
      int sum_of_hidden = 0;
      int hidden = 0;
      int people = 0;
      for (const auto& [word, count] : truth) {
        people += count;
        const auto cell = cells.find("dân tộc: " + word);
        if (cell == cells.end()) continue;  // taken together with others
        if (cell->second == "không nêu") {
          sum_of_hidden += count;
          ++hidden;
          ++withheld;
        } else {
          EXPECT_EQ(cell->second, std::to_string(count));
          EXPECT_GE(count, 5);
          ++told;
        }
      }
      // A single hidden cell, or few people in all hidden ones, would be found by subtraction.
      EXPECT_NE(hidden, 1) << seed << unit;
      EXPECT_TRUE(hidden == 0 || sum_of_hidden >= 5 || people < 5) << seed << unit;
    }
  }
  EXPECT_GT(withheld, 20U);
  EXPECT_GT(told, 20U);
}

TEST(PrivacyPage, NothingBelowGrassrootsLevel) {
  const auto registry = mixed(1);
  const Markup open = markup_of(*registry, "2020-11-30", R"({"page":1,"unit":"D0"})");
  // The page of a grassroots unit has its own figures and none of its cells.
  EXPECT_NE(open.find_id("composition-ethnicity"), nullptr);
  EXPECT_TRUE(shown(open).empty());
  const Markup low = markup_of(*registry, "2020-11-30", R"({"page":1,"unit":"D0.1"})");
  const auto rows = low.table_in("composition-ethnicity");
  ASSERT_GT(rows.size(), 2U);
  for (std::size_t row = 1; row + 1 < rows.size(); ++row) EXPECT_EQ(rows[row][1], "không nêu");
  const Markup internal =
      markup_of(*registry, "2020-11-30", R"({"page":1,"unit":"D0","audience":"internal"})");
  EXPECT_EQ(shown(internal).size(), 2U);
  const auto truth = counts(*registry, "D0.1", "ethnicity");
  EXPECT_EQ(shown(internal).at("D0.1").at("dân tộc: Kinh"), std::to_string(truth.at("Kinh")));
  EXPECT_TRUE(has(internal.text_of(*internal.find_id("left-out")), "Không công bố"));
}

TEST(PrivacyPage, UnitsWithoutAClassAreJudgedByTheirKind) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> units = {{{"unit_id", "K"}, {"kind", "KHOI"}},
                              {{"unit_id", "A"}, {"kind", "CBCS"}, {"parent_id", "K"}},
                              {{"unit_id", "B"}, {"kind", "CB"}, {"parent_id", "K"}}};
  std::vector<Cells> members;
  std::vector<Cells> homes;
  for (int i = 0; i < 60; ++i) {
    const std::string key = std::to_string(i);
    members.push_back({{"member_id", key}, {"ethnicity", i % 3 == 0 ? "Tày" : "Kinh"}});
    homes.push_back(
        {{"member_id", key}, {"unit_id", i % 2 == 0 ? "A" : "B"}, {"kind", "CHINHTHUC"}});
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  const auto cells = shown(markup_of(*registry, "2020-11-30", R"({"page":1})"));
  // B is a cell; and A may not show what the whole less A would tell of B.
  for (const auto& [unit, row] : cells) EXPECT_NE(unit, "B");
  for (const auto& [unit, row] : cells) {
    for (const auto& [column, text] : row) EXPECT_EQ(text, "không nêu");
  }
}

TEST(PrivacyPage, ReasonsOfFewAreTakenTogether) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> members;
  std::vector<Cells> homes;
  const auto add = [&](int count, const char* in, const char* out) {
    for (int i = 0; i < count; ++i) {
      const std::string key = std::to_string(members.size());
      members.push_back({{"member_id", key}});
      homes.push_back({{"member_id", key},
                       {"unit_id", "B"},
                       {"kind", "CHINHTHUC"},
                       {"from", *in == '\0' ? "2010-01-01" : "2020-02-03"},
                       {"until", *out == '\0' ? "" : "2020-05-19"},
                       {"in_reason", in},
                       {"out_reason", out}});
    }
  };
  add(40, "", "");
  add(6, "KETNAP", "");
  add(4, "KETNAPLAI", "");
  add(1, "PHUCHOI", "");
  add(9, "", "TUTRAN");
  add(7, "", "DI_NGOAITINH");
  add(2, "", "KHAITRU");
  commit(*registry, {{"units",
                      {{{"unit_id", "A"}, {"kind", "DBCS"}, {"class", "TCCS"}},
                       {{"unit_id", "B"}, {"kind", "CB"}, {"class", "DCS"}, {"parent_id", "A"}}}},
                     {"members", members},
                     {"memberships", homes}});
  const auto rows = [&](const std::string& rest) {
    std::vector<std::string> out;
    const Markup markup =
        markup_of(*registry, "2021-01-05", R"({"page":1,"movements":"2020")" + rest + "}");
    for (const auto& row : markup.table_in("movements-figure"))
      out.push_back(row[0] + " " + row[1]);
    EXPECT_EQ(out[1], "đầu kỳ, 31/12/2019 58");
    EXPECT_EQ(out.back(), "cuối kỳ, 31/12/2020 51");
    return std::vector<std::string>(out.begin() + 2, out.end() - 1);
  };
  using Rows = std::vector<std::string>;
  // Two expelled alone are few, and with the next smallest they are not.
  EXPECT_EQ(rows(R"(,"unit":"A")"),
            (Rows{"tăng: kết nạp 6", "tăng: các lý do khác 5", "tăng, cộng 11", "giảm: từ trần 9",
                  "giảm: các lý do khác 9", "giảm, cộng 18"}));
  EXPECT_EQ(rows(""), rows(R"(,"unit":"A")"));
  EXPECT_EQ(rows(R"(,"unit":"B")"),
            (Rows{"tăng: mọi lý do 11", "tăng, cộng 11", "giảm: mọi lý do 18", "giảm, cộng 18"}));
  EXPECT_EQ(rows(R"(,"unit":"B","audience":"internal")"),
            (Rows{"tăng: kết nạp 6", "tăng: kết nạp lại 4", "tăng: phục hồi đảng tịch 1",
                  "tăng, cộng 11", "giảm: chuyển đi tỉnh khác 7", "giảm: từ trần 9",
                  "giảm: khai trừ 2", "giảm, cộng 18"}));
  const Markup markup =
      markup_of(*registry, "2021-01-05", R"({"page":1,"unit":"A","movements":"2020"})");
  EXPECT_TRUE(has(markup.text_of(*markup.find_id("left-out")), "gộp với lý do khác"));
  EXPECT_FALSE(has(markup.text_of(*markup.find_id("movements")), "khai trừ"));
}

TEST(PrivacyPage, PublishedFiguresTellNoMoreThanThePage) {
  const auto registry = bloc();
  const auto cell = [&](const std::string& query, const std::string& more = "") {
    const Markup markup =
        markup_of(*registry, "2020-11-30",
                  R"({"page":1)" + more + R"(,"published":[{"as_of":"2020-11-30","published":1,)" +
                      R"("query":)" + query + "}]}");
    const auto rows = markup.table_in("published-table");
    return rows.size() == 2 ? rows[1][4] : std::string("no row");
  };
  // 21 are not Kinh; both figures of the whole are on the page.
  EXPECT_EQ(cell(R"({"query":1,"of":"members","where":{"ethnicity":{"not":"Kinh"}}})"), "21");
  EXPECT_EQ(cell(R"({"query":1,"of":"members","where":{"ethnicity":"Tày"}})"), "21");
  EXPECT_EQ(cell(R"({"query":1,"of":"members","where":{"ethnicity":["Tày","Kinh"]}})"), "85");
  const std::string withheld = "không nêu";
  for (const char* query :
       {R"({"query":1,"of":"members","unit":"CS3","where":{"ethnicity":"Tày"}})",
        R"({"query":1,"of":"members","where":{"ethnicity":"Tày","sex":"female"}})",
        R"({"query":1,"of":"members","on":"2020-06-30","where":{"ethnicity":"Tày"}})",
        R"({"query":1,"of":"persons","where":{"ethnicity":"Tày"}})",
        R"({"query":1,"of":"members","by":["ethnicity"]})",
        R"({"query":1,"of":"evaluations","where":{"member.religion":"Không"}})",
        R"({"query":1,"of":"members","share":{"of":"members","where":{"ethnicity":"Tày"}}})",
        R"({"query":1,"of":"units","having":{"of":"members","where":{"ethnicity":"Tày"}}})"}) {
    EXPECT_EQ(cell(query), withheld) << query;
    EXPECT_NE(cell(query, R"(,"audience":"internal")"), withheld) << query;
  }
  EXPECT_EQ(cell(R"({"query":1,"of":"members","where":{"sex":"female"}})"), "29");
}

}  // namespace

}  // namespace dangbo::test
