// The page as its readers get it: well-formed, complete, the same bytes, and right.
#include <gtest/gtest.h>

#include <algorithm>

#include "dangbo/base/digest.hpp"
#include "dangbo/registry/totals.hpp"
#include "dangbo/report/page.hpp"
#include "report/assets.hpp"
#include "report/page_support.hpp"

namespace dangbo::test {

namespace {

constexpr std::string_view kFull =
    R"({"page":1,"trend":{"from":"2019-12-01"},"movements":"2020Q3","reorganisation":"2020-07-01","published":[
        {"source":"003","place":"bài","as_of":"2020-11-30","figure_vi":"đảng viên","published":85,
         "query":{"query":1,"of":"members"}},
        {"as_of":"2020-11-30","published":1,"query":"{\"query\":1,\"of\":\"dragons\"}"}]})";

std::string text_at(const Markup& markup, std::string_view id) {
  const Element* element = markup.find_id(id);
  return element == nullptr ? std::string("no element ") + std::string(id)
                            : markup.text_of(*element);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// ---- form

TEST(Page, IsWellFormedInBothLanguages) {
  const auto registry = bloc();
  for (const std::string_view audience : {"public", "internal"}) {
    for (const std::string_view language : {"vi", "en"}) {
      std::string request(kFull);
      request.insert(1, "\"audience\":\"" + std::string(audience) + "\",\"language\":\"" +
                            std::string(language) + "\",");
      const Markup markup = markup_of(*registry, "2020-11-30", request);
      const Element& html = markup.elements[1];
      EXPECT_EQ(html.name, "html");
      EXPECT_EQ(html.attributes.at("lang"), language);
      EXPECT_EQ(html.attributes.at("data-audience"), audience);
      for (const char* id : {"overview", "units", "composition", "grades", "trend", "movements",
                             "reorganisation", "published", "notes"}) {
        EXPECT_NE(markup.find_id(id), nullptr) << id;
      }
    }
  }
}

TEST(Page, EnglishHasNoVietnameseButNames) {
  std::string request(kFull);
  request.insert(1, R"("language":"en",)");
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-11-30", request);
  for (std::size_t i = 1; i < markup.elements.size(); ++i) {
    const Element& element = markup.elements[i];
    // Names are Vietnamese and say so; pictures have no place to say it.
    const bool is_name = element.name == "bdi" || element.name == "text" || element.name == "title";
    if (is_name || element.name == "style" || element.name == "script") continue;
    for (const char* letter : {"ạ", "ế", "ộ", "ữ", "đ", "ư", "ơ"}) {
      EXPECT_FALSE(has(element.text, letter)) << element.name << ": " << element.text;
    }
  }
}

TEST(Page, FetchesNothingAndAdmitsOneScript) {
  const auto registry = bloc();
  const std::string page = page_of(*registry, "2020-11-30", kFull);
  for (const char* word : {"http://", "https://", "<img", "<link", "@import", "url(h",
                           "src=", "javascript:", "<iframe", "<form"}) {
    EXPECT_FALSE(has(page, word)) << word;
  }
  const std::string hexadecimal = base::to_hex(base::digest_of(report::page_script()));
  EXPECT_EQ(report::page_script_digest(), hexadecimal);
  EXPECT_TRUE(has(page, "script-src &#39;sha256-"));
  const Markup markup = read_markup(page);
  EXPECT_EQ(markup.count("script"), 1U);
}

TEST(Page, EveryPictureHasWordsAndATable) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  std::size_t figures = 0;
  for (std::size_t i = 0; i < markup.elements.size(); ++i) {
    const Element& element = markup.elements[i];
    if (element.name == "svg" && element.attributes.contains("role")) {
      const std::string& labels = element.attributes.at("aria-labelledby");
      EXPECT_FALSE(text_at(markup, labels.substr(0, labels.find(' '))).empty());
      EXPECT_FALSE(text_at(markup, labels.substr(labels.find(' ') + 1)).empty());
    }
    if (element.name != "figure") continue;
    ++figures;
    const std::string id = element.attributes.at("id");
    EXPECT_GT(markup.table_in(id).size(), 1U) << id;
    const bool has_basis = std::any_of(markup.elements.begin() + static_cast<std::ptrdiff_t>(i),
                                       markup.elements.end(), [&](const Element& inner) {
                                         const auto classes = inner.attributes.find("class");
                                         return classes != inner.attributes.end() &&
                                                classes->second == "basis" &&
                                                has(inner.text, "/20");
                                       });
    EXPECT_TRUE(has_basis) << id;
  }
  EXPECT_GT(figures, 8U);
}

TEST(Page, IsTheSameBytes) {
  const auto one = bloc();
  const auto other = bloc();
  const std::string page = page_of(*one, "2020-11-30", kFull);
  EXPECT_EQ(page, page_of(*one, "2020-11-30", kFull));
  EXPECT_EQ(page, page_of(*other, "2020-11-30", kFull));
}

TEST(Page, SaysWhatIsInvented) {
  const auto real = bloc();
  EXPECT_FALSE(has(page_of(*real, "2020-11-30", R"({"page":1})"), "MÔ PHỎNG"));
  registry::Change change(*real);
  change.mark_synthetic();
  add_rows(change, *real, "units",
           {{{"unit_id", "X"}, {"kind", "CBCS"}, {"parent_id", "K"}, {"from", "2012-01-01"}}});
  ASSERT_TRUE(real->commit(std::move(change), {}).ok());
  const Markup markup = markup_of(*real, "2020-11-30", kFull);
  EXPECT_TRUE(has(text_at(markup, "synthetic"), "DỮ LIỆU MÔ PHỎNG"));
  EXPECT_EQ(markup.elements[1].attributes.at("data-synthetic"), "true");
  std::size_t running = 0;
  for (std::size_t i = 0; i < markup.elements.size(); ++i) {
    const Element& element = markup.elements[i];
    const auto classes = element.attributes.find("class");
    if (classes != element.attributes.end() && classes->second.starts_with("running")) {
      running += has(markup.text_of(element), "mô phỏng") ? 1U : 0U;
    }
    if (element.name == "svg" && element.attributes.contains("role")) {
      EXPECT_TRUE(has(markup.text_of(element), "DỮ LIỆU MÔ PHỎNG"));
    }
  }
  EXPECT_EQ(running, 2U);
}

// ---- figures

TEST(Page, FiguresAreThoseOfQueries) {
  const auto registry = bloc();
  const Markup markup =
      markup_of(*registry, "2020-11-30", R"({"page":1,"unit":"K","audience":"internal"})");
  const auto check = [&](const std::string& id, const std::string& column,
                         const std::map<std::string, std::string>& words) {
    const auto rows = markup.table_in(id);
    std::map<std::string, std::string> shown;
    for (std::size_t i = 1; i < rows.size(); ++i) shown[rows[i][0]] = rows[i][1];
    const auto lines = ask(*registry, R"({"query":1,"of":"members","on":"2020-11-30","unit":"K",)"
                                      R"("by":[")" +
                                          column + "\"]}");
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const auto word = words.find(lines[i][0]);
      ASSERT_NE(word, words.end()) << lines[i][0];
      EXPECT_EQ(shown[word->second], lines[i][1]) << column << " " << lines[i][0];
    }
    EXPECT_EQ(shown["tất cả"], "85");
  };
  check("composition-sex", "sex", {{"female", "nữ"}, {"male", "nam"}});
  check("composition-standing", "standing", {{"full", "chính thức"}, {"probationary", "dự bị"}});
  check("composition-youth_union", "youth_union", {{"true", "có"}, {"", "không ghi"}});
  check("composition-ethnicity", "ethnicity", {{"Kinh", "Kinh"}, {"Tày", "Tày"}});
  const auto tops = markup.table_in("treemap");
  const auto lines = ask(*registry, R"({"query":1,"of":"members","on":"2020-11-30","unit":"K",)"
                                    R"("each":"children"})");
  ASSERT_EQ(tops.size(), lines.size() + 1);  // and the unit itself
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(tops[i][1], lines[i][0]);
    EXPECT_EQ(tops[i][3], lines[i][2]);
  }
  EXPECT_TRUE(has(text_at(markup, "key-members"), "85"));
}

TEST(Page, TrendFollowsTheTreeOfEachDay) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-09-15",
                                  R"({"page":1,"unit":"DB2","trend":{"from":"2020-05-10"}})");
  const auto rows = markup.table_in("trend-figure");
  // CB2 with its 14 comes on 1 July.
  const std::vector<std::vector<std::string>> expected = {{"31/05/2020", "30", ""},
                                                          {"30/06/2020", "30", "0"},
                                                          {"31/07/2020", "44", "+14"},
                                                          {"31/08/2020", "44", "0"},
                                                          {"15/09/2020", "44", "0"}};
  ASSERT_EQ(rows.size(), expected.size() + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(rows[i + 1], expected[i]);
}

TEST(Page, TrendOfDirectUnits) {
  const auto registry = bloc();
  const Markup markup =
      markup_of(*registry, "2020-09-15", R"({"page":1,"unit":"K","trend":{"from":"2020-05-10"}})");
  const auto rows = markup.table_in("unit-trends");
  const auto now = registry->snapshot();
  const auto first = now.at(*time::Date::from_ymd(2020, 5, 31));
  const auto last = now.at(*time::Date::from_ymd(2020, 9, 15));
  const auto& tree = last.tree();
  // The page puts units in the order of their names: rows are compared as a whole.
  using Ends = std::vector<std::string>;  // first day, last day
  std::vector<Ends> expected;
  for (const base::UnitPosition child : tree.children_of(tree.position_of(*now.find_unit("K")))) {
    const base::UnitSlot unit = tree.slot_at(child);
    expected.push_back({first.unit_row(unit) == base::kNoRow
                            ? "chưa hoạt động"
                            : std::to_string(first.stock(unit, true)),
                        std::to_string(last.stock(unit, true))});
  }
  std::vector<Ends> shown;
  for (std::size_t at = 1; at < rows.size(); ++at) shown.push_back({rows[at][2], rows[at][3]});
  std::sort(expected.begin(), expected.end());
  std::sort(shown.begin(), shown.end());
  EXPECT_GE(expected.size(), 3U);
  EXPECT_EQ(shown, expected);
}

TEST(Page, TrendIsTheSameFromTimelines) {
  const auto registry = bloc();
  ASSERT_TRUE(registry->advance(*time::Date::from_ymd(2020, 9, 15), {}).ok());
  constexpr std::string_view kAsked = R"({"page":1,"trend":{"from":"2009-06-01"}})";
  const std::string counted = page_of(*registry, "2020-09-15", kAsked);
  ASSERT_TRUE(registry
                  ->declare_measure({.name = "women",
                                     .table = "members",
                                     .where = registry::Equals{"sex", "female"},
                                     .sum = "",
                                     .timeline = true})
                  .ok());
  EXPECT_EQ(page_of(*registry, "2020-09-15", kAsked), counted);
}

TEST(Page, TrendHasNoPointBeforeTheUnitBegan) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2010-02-28",
                                  R"({"page":1,"unit":"DB2","trend":{"from":"2009-12-01"}})");
  const auto rows = markup.table_in("trend-figure");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1][1], "chưa hoạt động");
  EXPECT_EQ(rows[2][1], "0");
}

TEST(Page, GradesAreOfTheLatestYearThatIsOver) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-11-30", R"({"page":1})");
  const auto rows = markup.table_in("grades-kinds");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1][0], "chi bộ cơ sở");
  EXPECT_EQ(rows[2], (std::vector<std::string>{"đảng bộ cơ sở", "1", "1", "0", "2", "2"}));
  EXPECT_TRUE(has(text_at(markup, "grades"), "xếp loại năm 2020; năm đó chưa hết"));
  const Markup later = markup_of(*registry, "2020-12-31", R"({"page":1})");
  EXPECT_TRUE(has(text_at(later, "grades-kinds"), "Xếp loại năm 2020"));
}

TEST(Page, MovementsAreTheBalanceOfThePeriod) {
  const auto registry = bloc();
  const Markup markup =
      markup_of(*registry, "2021-01-05", R"({"page":1,"unit":"DB2","movements":"2020"})");
  // CB2 comes with its 14; CB4 went into CB3, which is inside.
  using Rows = std::vector<std::vector<std::string>>;
  EXPECT_EQ(markup.table_in("movements-figure"), (Rows{{"khoản", "đảng viên"},
                                                       {"đầu kỳ, 31/12/2019", "30"},
                                                       {"tăng: do sắp xếp tổ chức", "14"},
                                                       {"tăng, cộng", "14"},
                                                       {"giảm, cộng", "0"},
                                                       {"cuối kỳ, 31/12/2020", "44"}}));
  const Markup english = markup_of(*registry, "2021-01-05",
                                   R"({"page":1,"language":"en","unit":"DB1",)"
                                   R"("movements":{"from":"2020-06","until":"2020-08"}})");
  EXPECT_EQ(english.table_in("movements-figure"), (Rows{{"item", "members"},
                                                        {"opening, 31 May 2020", "44"},
                                                        {"in, together", "0"},
                                                        {"out: reorganisation", "14"},
                                                        {"out, together", "14"},
                                                        {"closing, 31 Jul 2020", "30"}}));
  const Markup whole = markup_of(*registry, "2021-01-05", R"({"page":1,"movements":"2020"})");
  EXPECT_EQ(whole.table_in("movements-figure").back()[1], "85");
  EXPECT_NE(whole.find_id("movements-svg"), nullptr);
  EXPECT_TRUE(has(text_at(whole, "questions"), R"("of":"movements")"));
}

TEST(Page, ReorganisationShowsWhoWentWhere) {
  const auto registry = bloc();
  const Markup markup =
      markup_of(*registry, "2020-11-30", R"({"page":1,"reorganisation":"2020-07-01"})");
  const auto rows = markup.table_in("flows");
  std::map<std::string, std::pair<std::string, std::string>> found;
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) found[rows[i][1]] = {rows[i][3], rows[i][4]};
  EXPECT_EQ(found.size(), 5U);
  EXPECT_EQ(found["CB2"], std::pair(std::string("14 dưới DB1"), std::string("14 dưới DB2")));
  EXPECT_EQ(found["CB4"], std::pair(std::string("9 dưới DB2"), std::string("–")));
  EXPECT_EQ(found["CB3"], std::pair(std::string("21 dưới DB2"), std::string("30 dưới DB2")));
  EXPECT_EQ(rows.back()[3], "85");
  EXPECT_EQ(rows.back()[4], "85");
  EXPECT_NE(markup.find_id("flows-svg"), nullptr);
}

TEST(Page, PublishedFiguresStandBesideComputedOnes) {
  const auto registry = bloc();
  const Markup markup = markup_of(*registry, "2020-11-30", kFull);
  const auto rows = markup.table_in("published-table");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1][3], "85");
  EXPECT_EQ(rows[1][4], "85");
  EXPECT_EQ(rows[1][5], "✓ có");
  EXPECT_EQ(rows[2][4], "–");
  EXPECT_EQ(rows[2][5], "✗ không");
  EXPECT_TRUE(has(text_at(markup, "published"), "câu hỏi bị từ chối"));
}

// ---- what is asked

TEST(Page, PartsAreChosen) {
  const auto registry = bloc();
  const Markup markup =
      markup_of(*registry, "2020-11-30", R"({"page":1,"parts":["notes","overview"]})");
  EXPECT_NE(markup.find_id("overview"), nullptr);
  EXPECT_NE(markup.find_id("notes"), nullptr);
  EXPECT_EQ(markup.find_id("composition"), nullptr);
  EXPECT_EQ(markup.find_id("units"), nullptr);
}

TEST(Page, BadRequestsNameTheirPlace) {
  const auto faults_in = [](std::string_view json) {
    return faults_of(report::PageRequest::parse(json).status());
  };
  using Faults = std::vector<std::string>;
  EXPECT_EQ(faults_in("{"), Faults{"400 "});
  EXPECT_EQ(faults_in("[]"), Faults{"400 "});
  EXPECT_EQ(faults_in("{}"), Faults{"400 /page"});
  EXPECT_EQ(faults_in(R"({"page":2})"), Faults{"400 /page"});
  EXPECT_EQ(faults_in(R"({"page":1,"page":1})"), Faults{"400 /page"});
  EXPECT_EQ(faults_in(R"({"page":1,"colour":"red"})"), Faults{"400 /colour"});
  EXPECT_EQ(faults_in(R"({"page":1,"unit":""})"), Faults{"400 /unit"});
  EXPECT_EQ(faults_in(R"({"page":1,"language":"fr","audience":7})"),
            (Faults{"400 /audience", "400 /language"}));
  EXPECT_EQ(faults_in(R"({"page":1,"on":"2020-11","reorganisation":"1400-01-01"})"),
            (Faults{"400 /on", "400 /reorganisation"}));
  EXPECT_EQ(faults_in(R"({"page":1,"trend":{}})"), Faults{"400 /trend/from"});
  EXPECT_EQ(faults_in(R"({"page":1,"trend":{"from":"x","to":"y"}})"),
            (Faults{"400 /trend/from", "400 /trend/to"}));
  EXPECT_EQ(faults_in(R"({"page":1,"movements":"soon"})"), Faults{"400 /movements"});
  EXPECT_EQ(faults_in(R"({"page":1,"movements":null})"), Faults{"400 /movements"});
  EXPECT_EQ(faults_in(R"({"page":1,"movements":{"from":"2020"}})"), Faults{"400 /movements"});
  EXPECT_EQ(faults_in(R"({"page":1,"movements":{"from":"2020","until":"x"}})"),
            Faults{"400 /movements/until"});
  EXPECT_EQ(faults_in(R"({"page":1,"parts":["overview","cover"]})"), Faults{"400 /parts/1"});
  EXPECT_EQ(faults_in(R"({"page":1,"published":[{"as_of":"2020-01-01","published":"7"}]})"),
            (Faults{"400 /published/0/published", "400 /published/0/query"}));
  EXPECT_EQ(faults_in(R"({"page":1,"published":[7]})"), Faults{"400 /published/0"});
  EXPECT_EQ(faults_in(std::string(100, '[')), Faults{"400 "});
}

TEST(Page, RequestsThatDoNotFitTheDataAreRefused) {
  const auto registry = bloc();
  const auto faults_at = [&](std::string_view json) {
    const auto request = report::PageRequest::parse(json);
    EXPECT_TRUE(request.ok()) << request.status();
    return faults_of(
        report::render_page(registry->snapshot().at(day("2020-11-30")), *request).status());
  };
  using Faults = std::vector<std::string>;
  EXPECT_EQ(faults_at(R"({"page":1,"unit":"KK"})"), Faults{"301 /unit"});
  EXPECT_EQ(faults_at(R"({"page":1,"on":"2020-11-29"})"), Faults{"400 /on"});
  EXPECT_EQ(faults_at(R"({"page":1,"movements":"2020"})"), Faults{"400 /movements"});
  EXPECT_EQ(faults_at(R"({"page":1,"trend":{"from":"2021-01-01"}})"), Faults{"400 /trend/from"});
  EXPECT_EQ(faults_at(R"({"page":1,"trend":{"from":"1990-01-01"}})"), Faults{"400 /trend/from"});
}

}  // namespace

}  // namespace dangbo::test
