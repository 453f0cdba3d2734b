// Pages of data that is empty, odd, enormous or made to break them.
#include <gtest/gtest.h>

#include "dangbo/base/escape.hpp"
#include "dangbo/base/text.hpp"
#include "report/page_support.hpp"
#include "report/text.hpp"

namespace dangbo::test {

namespace {

constexpr std::string_view kFull =
    R"({"page":1,"trend":{"from":"2020-01-01"},"reorganisation":"2020-07-01"})";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(HostilePage, EmptyRegistry) {
  const auto registry = registry::Registry::create();
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  EXPECT_TRUE(has(markup.text_of(markup.elements[1]), "Không có tổ chức nào hoạt động"));
}

TEST(HostilePage, UnitNotInForce) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-11-30",
                                  R"({"page":1,"unit":"CB4","trend":{"from":"2020-05-01"}})");
  EXPECT_TRUE(has(markup.text_of(markup.elements[1]), "không hoạt động trong ngày 30/11/2020"));
}

TEST(HostilePage, UnitsAlone) {
  const auto registry = registry::Registry::create();
  commit(*registry, {{"units",
                      {{{"unit_id", "A"}, {"kind", "KHOI"}},
                       {{"unit_id", "B"}, {"kind", "CB"}, {"parent_id", "A"}},
                       {{"unit_id", "C"}, {"kind", "CB"}}}}});
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  const Element* missing = markup.find_id("missing");
  ASSERT_NE(missing, nullptr);
  const std::string text = markup.text_of(*missing);
  EXPECT_TRUE(has(text, "3 tổ chức đang hoạt động mà không có đảng viên nào")) << text;
  EXPECT_TRUE(has(text, "3 tổ chức không ghi tên, hiện bằng mã")) << text;
  EXPECT_TRUE(has(text, "3 tổ chức không ghi cấp")) << text;
  EXPECT_TRUE(has(text, "Không có bảng biến động tổ chức")) << text;
}

TEST(HostilePage, MembersWithoutAnything) {
  const auto registry = registry::Registry::create();
  commit(*registry,
         {{"units", {{{"unit_id", "A"}, {"kind", "CB"}}}},
          {"members", {{{"member_id", "m"}}}},
          {"memberships", {{{"member_id", "m"}, {"unit_id", "A"}, {"kind", "CHINHTHUC"}}}}});
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  EXPECT_TRUE(has(markup.text_of(*markup.find_id("missing")), "Không đảng viên nào có: "));
}

const std::vector<std::string>& hostile_names() {
  static const std::vector<std::string> names = {
      "<script>alert(1)</script>",
      "</style></title><svg onload=x>",
      "\"><img src=x onerror=alert(1)>",
      "' onmouseover='x",
      "&lt;b&gt; &#x3c;",
      "\xE2\x80\xAE"
      "abc"
      "\xE2\x80\xAC",
      "\xD7\x90\xD7\x91 123 \xD8\xB9",
      "a\tb\nc\x01\x7F",
      "\xC2\x85\xC2\x9F\xEF\xBF\xBE",
      "]]>--><!--",
      std::string(10'000, 'x'),
      " ",
      "{{7*7}} ${7*7} %s%n",
      "Z\xCC\x80\xCC\x81\xCC\x82\xCC\x83",
  };
  return names;
}

TEST(HostilePage, NamesAreOnlyNames) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> units = {{{"unit_id", "R"}, {"kind", "KHOI"}, {"name", "<b>"}}};
  std::vector<Cells> members;
  std::vector<Cells> homes;
  int number = 0;
  for (const std::string& name : hostile_names()) {
    const std::string key = std::to_string(++number) + "\"<&'>" + name.substr(0, 60);
    units.push_back({{"unit_id", key}, {"kind", "CBCS"}, {"parent_id", "R"}, {"name", name}});
    for (int i = 0; i < 12; ++i) {
      const std::string member = std::to_string(number) + "-" + std::to_string(i);
      members.push_back(
          {{"member_id", member}, {"sex", "nữ"}, {"ethnicity", name}, {"degree", name}});
      homes.push_back(
          {{"member_id", member}, {"unit_id", base::to_nfc(key)}, {"kind", "CHINHTHUC"}});
    }
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  for (const std::string_view audience : {"public", "internal"}) {
    const std::string page = page_of(*registry, "2020-11-30",
                                     "{\"page\":1,\"audience\":\"" + std::string(audience) + "\"}");
    const Markup markup = read_markup(page);
    EXPECT_EQ(markup.error, "");
    EXPECT_EQ(markup.count("script"), 1U);
    EXPECT_EQ(markup.count("img"), 0U);
    EXPECT_LT(page.size(), 200'000U);
    EXPECT_FALSE(has(page, "\xE2\x80\xAE"));
    EXPECT_FALSE(has(page, std::string(200, 'x')));
    for (const Element& element : markup.elements) {
      for (const auto& [key, value] : element.attributes)
        EXPECT_FALSE(key.starts_with("on")) << key;
    }
  }
}

TEST(HostilePage, CleanText) {
  using report::clean;
  EXPECT_EQ(clean("Chi bộ Văn phòng", 100), "Chi bộ Văn phòng");
  EXPECT_EQ(clean("Chi bộ Văn phòng", 6), "Chi bộ…");
  EXPECT_EQ(clean("a\nb\tc\r", 100), "a b c ");
  EXPECT_EQ(clean("a\x01", 100), "a\xEF\xBF\xBD");
  EXPECT_EQ(clean("\xE2\x80\xAE"
                  "a\xE2\x81\xA6\xD8\x9C\xEF\xBB\xBF\xE2\x80\x8B",
                  100),
            "a");
  EXPECT_EQ(clean("\xC2\x85\xEF\xBF\xBF", 100), "\xEF\xBF\xBD\xEF\xBF\xBD");
  // Millions of characters that are dropped are not all looked at.
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "\xE2\x80\x8B";
  EXPECT_EQ(clean(many, 100), "…");
  EXPECT_EQ(base::escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(HostilePage, Numbers) {
  const report::Wording vi(base::Language::kVietnamese);
  const report::Wording en(base::Language::kEnglish);
  EXPECT_EQ(vi.number(0), "0");
  EXPECT_EQ(vi.number(999), "999");
  EXPECT_EQ(vi.number(2712), "2.712");
  EXPECT_EQ(en.number(5622463), "5,622,463");
  EXPECT_EQ(vi.number(-1234), "−1.234");
  EXPECT_EQ(vi.number(INT64_MIN), "−9.223.372.036.854.775.808");
  EXPECT_EQ(vi.signed_number(36), "+36");
  EXPECT_EQ(vi.percent(38.94), "38,94%");
  EXPECT_EQ(en.percent(5.2), "5.20%");
  EXPECT_EQ(vi.percent(100.0), "100%");
  EXPECT_EQ(vi.decimal(60.71), "60,71");
  EXPECT_EQ(vi.decimal(60.5), "60,5");
  EXPECT_EQ(vi.decimal(106), "106");
  EXPECT_EQ(vi.date(day("2020-03-05")), "05/03/2020");
  EXPECT_EQ(en.date(day("2020-03-05")), "5 Mar 2020");
}

// `count` units, each below the one `parent_of` says (itself: a root), with a member in every
// tenth.
std::unique_ptr<registry::Registry> many(std::size_t count, std::size_t (*parent_of)(std::size_t)) {
  auto registry = registry::Registry::create();
  std::vector<Cells> units;
  std::vector<Cells> members;
  std::vector<Cells> homes;
  for (std::size_t i = 0; i < count; ++i) {
    Cells unit = {{"unit_id", "U" + std::to_string(i)},
                  {"kind", "CB"},
                  {"name", "Chi bộ số " + std::to_string(i)}};
    if (parent_of(i) != i) unit["parent_id"] = "U" + std::to_string(parent_of(i));
    units.push_back(std::move(unit));
    if (i % 10 != 0) continue;
    const std::string member = "m" + std::to_string(i);
    members.push_back({{"member_id", member},
                       {"sex", i % 20 == 0 ? "nữ" : "nam"},
                       {"ethnicity", i % 30 == 0 ? "Tày" : "Kinh"}});
    homes.push_back(
        {{"member_id", member}, {"unit_id", "U" + std::to_string(i)}, {"kind", "CHINHTHUC"}});
  }
  commit(*registry, {{"units", units}, {"members", members}, {"memberships", homes}});
  return registry;
}

TEST(HostilePage, TwentyThousandCellsUnderOne) {
  const auto registry = many(20'001, [](std::size_t) { return std::size_t{0}; });
  const std::string page = page_of(*registry, "2020-11-30", R"({"page":1})");
  const Markup markup = read_markup(page);
  EXPECT_EQ(markup.error, "");
  EXPECT_LT(page.size(), 1'000'000U);
  EXPECT_TRUE(has(markup.text_of(*markup.find_id("units")), "và 19.600 tổ chức nữa"));
  EXPECT_TRUE(has(markup.text_of(*markup.find_id("units")), "không vẽ 19.600 tổ chức"));
  // The picture's boxes and the table below it add up to everybody.
  const auto rows = markup.table_in("treemap");
  EXPECT_EQ(rows[rows.size() - 2][0], "19.860 tổ chức còn lại");
  EXPECT_EQ(rows.back()[3], "2.001");
}

TEST(HostilePage, AChainOfTenThousand) {
  const auto registry = many(10'000, [](std::size_t i) { return i == 0 ? 0 : i - 1; });
  const std::string page = page_of(*registry, "2020-11-30", R"({"page":1,"audience":"internal"})");
  const Markup markup = read_markup(page);
  EXPECT_EQ(markup.error, "");
  EXPECT_LT(page.size(), 1'000'000U);
  EXPECT_LT(markup.deepest(), 60U);
  EXPECT_TRUE(has(markup.text_of(*markup.find_id("units")), "không vẽ 9.987 tổ chức"));
}

TEST(HostilePage, AForest) {
  const auto registry = many(30, [](std::size_t i) { return i < 3 ? i : i % 3; });
  registry::Change change(*registry);
  add_rows(change, *registry, "units", {{{"unit_id", "Z"}, {"kind", "KHOI"}}});
  ASSERT_TRUE(registry->commit(std::move(change), {}).ok());
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  EXPECT_EQ(markup.text_of(*markup.find_id("key-members")), "đảng viên3cả cấp dưới");
  EXPECT_TRUE(has(markup.text_of(markup.elements[1]), "Toàn bộ dữ liệu"));
}

}  // namespace

}  // namespace dangbo::test
