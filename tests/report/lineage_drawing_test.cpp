// The picture of a unit's lineage: well-formed, escaped, self-contained, the same twice.
#include <gtest/gtest.h>

#include "dangbo/report/lineage.hpp"
#include "report/markup.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

namespace {

Cells unit(const std::string& key, const char* from, const char* until, const std::string& name) {
  return {{"unit_id", key}, {"kind", "CB"}, {"from", from}, {"until", until}, {"name", name}};
}

Cells event(const std::string& id, const char* date, const char* word, const std::string& from,
            const std::string& to) {
  return {{"event_id", id}, {"date", date}, {"event", word}, {"from_unit", from}, {"to_unit", to}};
}

// A and B merge into N; N splits off S; X has nothing to do with them; A also came out of A: a
// ring.
std::unique_ptr<registry::Registry> merged() {
  auto registry = registry::Registry::create();
  commit(*registry,
         {{"units",
           {unit("A", "", "2020-07-01", "Chi bộ <script>alert(1)</script> & \"A\" ]]> của Sở Mây"),
            unit("B&'<", "2015-01-01", "2020-07-01", "Chi bộ \x01 Trạm Gió"),
            unit("N", "2020-07-01", "", "Chi bộ Mây Gió"), unit("S", "2021-01-01", "", ""),
            unit("X", "", "", "Chi bộ Xa")}},
          {"unit_events",
           {event("1", "2020-07-01", "HOPNHAT", "A", "N"),
            event("1", "2020-07-01", "HOPNHAT", "B&'<", "N"), event("2", "2021", "TACH", "N", "S"),
            event("3", "2014-01-01", "SAPNHAP", "S", "A"),
            event("4", "2014-01-01", "DOITEN", "X", "X")}}});
  return registry;
}

std::string drawing(const registry::Registry& registry, std::string_view unit,
                    base::Language language = base::Language::kVietnamese) {
  const auto made = report::draw_lineage(registry.snapshot(), unit, language);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? *made : std::string();
}

Markup read(std::string_view svg) {
  constexpr std::string_view kProlog = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_TRUE(svg.starts_with(kProlog));
  // The reader is one of HTML, which has no declaration.
  return read_markup("<!DOCTYPE html>\n" + std::string(svg.substr(kProlog.size())));
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(LineageDrawing, ShowsUnitsAndEvents) {
  const auto registry = merged();
  const std::string svg = drawing(*registry, "N");
  const Markup markup = read(svg);
  ASSERT_EQ(markup.error, "") << svg;
  EXPECT_EQ(markup.count("rect"), 5U);  // the ground and four units
  EXPECT_EQ(markup.count("path"), 8U);  // four arrows and their tips
  const std::string text = markup.text_of(markup.elements.front());
  EXPECT_TRUE(has(text, "hợp nhất 01/07/2020")) << text;
  EXPECT_TRUE(has(text, "tách 2021")) << text;
  EXPECT_TRUE(has(text, "Chi bộ Mây Gió"));
  EXPECT_TRUE(has(text, "… – 30/06/2020"));
  EXPECT_TRUE(has(text, "01/07/2020 – "));
  EXPECT_TRUE(has(text, "B&'<"));
  EXPECT_FALSE(has(text, "Chi bộ Xa"));
  EXPECT_EQ(svg, drawing(*registry, "N"));
  const std::string english = drawing(*registry, "A", base::Language::kEnglish);
  EXPECT_TRUE(has(english, "merge 1 Jul 2020")) << english;
  EXPECT_TRUE(has(english, "Lineage of "));
}

TEST(LineageDrawing, NothingOfTheDataIsMarkupAndNothingIsFetched) {
  const auto registry = merged();
  const std::string svg = drawing(*registry, "B&'<");
  EXPECT_FALSE(has(svg, "<script"));
  EXPECT_FALSE(has(svg, "\x01"));
  EXPECT_FALSE(has(svg, "href"));
  EXPECT_FALSE(has(svg, "url("));
  EXPECT_FALSE(has(svg, "@import"));
  const std::size_t address = svg.find("http");
  ASSERT_NE(address, std::string::npos);
  EXPECT_EQ(svg.substr(address, 26), "http://www.w3.org/2000/svg");  // the name of SVG itself
  EXPECT_EQ(svg.find("http", address + 1), std::string::npos);
}

TEST(LineageDrawing, AUnitAloneAndOneThatIsNone) {
  const auto registry = merged();
  const Markup markup = read(drawing(*registry, "X"));
  EXPECT_EQ(markup.error, "");
  EXPECT_EQ(markup.count("rect"), 2U);
  EXPECT_EQ(markup.count("path"), 0U);
  const auto unknown = report::draw_lineage(registry->snapshot(), "Z");
  EXPECT_EQ(faults_of(unknown.status()), std::vector<std::string>{"301 /unit"});
}

TEST(LineageDrawing, WhatHasNoRoomIsCounted) {
  const auto registry = registry::Registry::create();
  std::vector<Cells> units = {unit("N", "2020-07-01", "", "Chi bộ N")};
  std::vector<Cells> events;
  for (int i = 0; i < 350; ++i) {
    const std::string key = "A" + std::to_string(i);
    units.push_back(unit(key, "", "2020-07-01", ""));
    events.push_back(event("E", "2020-07-01", "HOPNHAT", key, "N"));
  }
  commit(*registry, {{"units", units}, {"unit_events", events}});
  const std::string svg = drawing(*registry, "N");
  const Markup markup = read(svg);
  EXPECT_EQ(markup.error, "");
  EXPECT_EQ(markup.count("rect"), 301U);
  EXPECT_TRUE(has(svg, "51 tổ chức liên quan không được vẽ"));
}

}  // namespace

}  // namespace dangbo::test
