// Layers: what a pack may do to the one that it extends, and everything else refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pack_texts.hpp"

namespace dangbo::rules {
namespace {

using test::Change;
using test::changed;

constexpr std::string_view kNation = R"(format: dangbo.pack/1
id: vn.goc
version: "2026.1"
jurisdiction: { level: national, code: VN }
instruments:
  charter:
    rank: 100
    title: { vi: "Điều lệ", en: "Charter" }
    in_force: { from: "2011-01-19" }
parameters:
  least:
    type: int
    bounds: { min: 1, max: 20 }
    override: { by: [provincial, local], direction: up }
    values:
      "2011-01-19": { value: 3, cite: ["charter/24/1"], evidence: A }
      "2020-01-01": { value: 4, cite: ["charter/24/1"], evidence: A }
  closed:
    type: int
    bounds: { min: 1, max: 20 }
    values:
      "2011-01-19": { value: 9, cite: ["charter/24/4"], evidence: A }
rules:
  few:
    subject: cell
    cite: ["charter/24/1"]
    evidence: A
    severity: violation
    require: size(self.members) >= param.least && size(self.members) < param.closed
    except:
      agreed:
        open: true
        cite: ["charter/24/2"]
        evidence: A
        when: self.name == "A"
        effect: downgrade(notice)
      shut:
        cite: ["charter/24/3"]
        evidence: A
        when: self.name == "B"
        effect: waive
    message: { vi: "{self.name}", en: "{self.name}" }
)";

constexpr std::string_view kProvince = R"(format: dangbo.pack/1
id: vn.tinh
version: "1"
extends: vn.goc >= 2026.1
jurisdiction: { level: provincial, code: VN-13 }
instruments:
  hd:
    rank: 40
    title: { vi: "Hướng dẫn tỉnh", en: "Guide of the province" }
    in_force: { from: "2019-01-01" }
set:
  least:
    "2019-06-01": { value: 5, cite: ["hd/3/1"], evidence: A, until: "2021-01-01" }
except:
  few:
    guided:
      beside: agreed
      cite: ["hd/4"]
      evidence: A
      when: self.name == "C"
      effect: waive
rules:
  own:
    subject: cell
    cite: ["hd/5"]
    evidence: A
    severity: notice
    require: self.name != "D"
    message: { vi: x, en: x }
)";

constexpr std::string_view kCommune = R"(format: dangbo.pack/1
id: vn.tinh.xa
version: "1"
extends: vn.tinh
jurisdiction: { level: local, code: VN-13-01 }
instruments:
  nq:
    rank: 40
    title: { vi: "Nghị quyết xã", en: "Resolution of the commune" }
    in_force: { from: "2019-01-01" }
set:
  least:
    "2020-06-01": { value: 6, cite: ["nq/1"], evidence: A, until: "2020-07-01" }
)";

std::string refusal(const std::vector<Change>& nation, const std::vector<Change>& province) {
  return test::refusal_of({changed(kNation, nation), changed(kProvince, province)});
}

// The first thing said against the province is `reason`, and it stands at the "@" of `part`.
void expect_refused(const std::vector<Change>& province, std::string_view part,
                    std::string_view reason) {
  const std::string found = refusal({}, province);
  const std::string place = test::place_of(changed(kProvince, province), part);
  EXPECT_TRUE(found.starts_with(place + " ")) << found;
  EXPECT_NE(found.substr(0, found.find("; ")).find(reason), std::string::npos) << found;
}

std::string values_of(const Pack& pack, std::string_view parameter) {
  std::string out;
  for (const ParameterValue& one : pack.parameter(parameter)->values) {
    out += std::to_string(one.number) + one.days.to_string() + " ";
  }
  return out;
}

TEST(Layers, SetWhatIsOpenOnTheirDays) {
  const std::string nation(kNation);
  const std::string province(kProvince);
  const PackText both[] = {{province, "tinh"}, {nation, "goc"}};  // the order does not matter
  const auto pack = read_pack(both);
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id, "vn.tinh");
  ASSERT_EQ(pack->layers.size(), 2U);
  EXPECT_EQ(pack->layers[0].id, "vn.goc");
  EXPECT_EQ(pack->layers[1].source, "tinh");
  EXPECT_EQ(values_of(*pack, "least"),
            "3[2011-01-19, 2019-06-01) 5[2019-06-01, 2021-01-01) 4[2021-01-01, …) ");
  const ParameterValue* set = pack->parameter("least")->on(*time::Date::from_ymd(2020, 1, 1));
  EXPECT_EQ(pack->instruments[set->citations[0].instrument].id, "hd");
  EXPECT_EQ(set->place.layer, 1U);
}

TEST(Layers, AddRulesAndExceptionsAndDeleteNothing) {
  const std::string nation(kNation);
  const std::string province(kProvince);
  const PackText both[] = {{nation, "goc"}, {province, "tinh"}};
  const auto pack = read_pack(both);
  ASSERT_TRUE(pack.ok()) << pack.status();
  ASSERT_EQ(pack->rules.size(), 2U);
  const Rule& few = *pack->rule("few");
  ASSERT_EQ(few.exceptions.size(), 3U);
  EXPECT_EQ(few.exceptions[2].label, "guided");
  EXPECT_EQ(few.exceptions[2].place.layer, 1U);
  // The province's text is of lower rank: the Charter's exceptions come first.
  EXPECT_LT(few.exceptions[2].precedence, few.exceptions[0].precedence);
  expect_refused({{"  own:\n", "  few:\n"}}, "rules:\n  @few", "taken");
  expect_refused({{"    guided:", "    shut:"}}, "    @shut:", "taken");
}

TEST(Layers, TheMoreSpecificWinsInsideOneRank) {
  const std::string nation(kNation);
  const std::string province(kProvince);
  const std::string commune(kCommune);
  const PackText three[] = {{commune, "xa"}, {province, "tinh"}, {nation, "goc"}};
  const auto pack = read_pack(three);
  ASSERT_TRUE(pack.ok()) << pack.status();
  EXPECT_EQ(pack->id, "vn.tinh.xa");
  EXPECT_EQ(values_of(*pack, "least"),
            "3[2011-01-19, 2019-06-01) 5[2019-06-01, 2020-06-01) 6[2020-06-01, 2020-07-01) "
            "5[2020-07-01, 2021-01-01) 4[2021-01-01, …) ");
  // A text of higher rank wins over the more specific authority.
  const std::string strong = changed(kProvince, {{"rank: 40", "rank: 41"}});
  const PackText again[] = {{nation, "goc"}, {strong, "tinh"}, {commune, "xa"}};
  const auto other = read_pack(again);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(values_of(*other, "least"),
            "3[2011-01-19, 2019-06-01) 5[2019-06-01, 2021-01-01) 4[2021-01-01, …) ");
}

TEST(Layers, RefuseWhatNeitherWins) {
  const std::string twin = changed(kProvince, {{"id: vn.tinh", "id: vn.tinh2"},
                                               {"  hd:", "  hd2:"},
                                               {"hd/3/1", "hd2/3/1"},
                                               {"value: 5", "value: 6"},
                                               {"  own:", "  own2:"},
                                               {"hd/5", "hd2/5"},
                                               {"    guided:", "    guided2:"},
                                               {"hd/4", "hd2/4"}});
  const std::string found = test::refusal_of({std::string(kNation), std::string(kProvince), twin});
  EXPECT_TRUE(found.starts_with("13:5 least two layers of equal standing")) << found;
  // The later text wins.
  const std::string later = changed(twin, {{"from: \"2019-01-01\"", "from: \"2019-01-02\""}});
  EXPECT_EQ(test::refusal_of({std::string(kNation), std::string(kProvince), later}), "");
}

TEST(Layers, RefuseWhatIsNotOpened) {
  expect_refused({{"  least:", "  closed:"}}, "  @closed:", "does not open it here");
  EXPECT_NE(refusal({{"by: [provincial, local]", "by: [local]"}}, {}).find("does not open"),
            std::string::npos);
  expect_refused({{"  least:", "  leest:"}}, "  @leest:", "no such parameter");
  expect_refused({{"beside: agreed", "beside: shut"}}, "beside: @shut", "not open to exceptions");
  expect_refused({{"      beside: agreed\n", ""}}, "    @guided:", "not open to exceptions");
  expect_refused({{"beside: agreed", "beside: nobody"}}, "beside: @nobody",
                 "not open to exceptions");
  EXPECT_EQ(refusal({{"severity: violation", "severity: violation\n    open: true"}},
                    {{"      beside: agreed\n", ""}}),
            "");
  expect_refused({{"  few:", "  fewer:"}}, "  @fewer:", "no such rule");
}

TEST(Layers, RefuseTheWrongDirectionAndBounds) {
  expect_refused({{"value: 5", "value: 3"}}, "    @\"2019-06-01\": { value: 3",
                 "against the direction");
  EXPECT_EQ(refusal({}, {{"value: 5", "value: 4"}}), "");
  expect_refused({{"value: 5", "value: 21"}}, "value: @21", "range allowed");
  EXPECT_EQ(refusal({{"direction: up", "direction: either"}}, {{"value: 5", "value: 1"}}), "");
  EXPECT_NE(refusal({{"direction: up", "direction: down"}}, {}).find("against the direction"),
            std::string::npos);
  EXPECT_NE(refusal({{"value: 3, cite", "until: \"2019-12-01\", value: 3, cite"}}, {})
                .find("there is no value"),
            std::string::npos);
}

TEST(Layers, RefuseWhatCitesNoTextOfTheirOwn) {
  expect_refused({{"cite: [\"hd/3/1\"]", "cite: [\"charter/24/1\"]"}},
                 "set:\n  @least:", "cites no text of this layer");
  expect_refused({{"cite: [\"hd/4\"]", "cite: [\"charter/24/1\"]"}},
                 "    @guided:", "cites no text of this layer");
  expect_refused({{"cite: [\"hd/3/1\"], ", ""}}, "\"2019-06-01\": @{", "“cite” is missing");
  expect_refused({{"from: \"2019-01-01\"", "from: \"2019-06-02\""}}, "value: 5, cite: @[",
                 "not in force");
}

TEST(Layers, RefuseCyclesAndWhatIsMissing) {
  const std::string ring = changed(kNation, {{"jurisdiction: { level: national",
                                              "extends: vn.tinh\njurisdiction: { level: "
                                              "national"}});
  EXPECT_NE(test::refusal_of({ring, std::string(kProvince)}).find("a cycle of “extends”"),
            std::string::npos);
  const std::string itself =
      changed(kProvince, {{"extends: vn.goc >= 2026.1", "extends: vn.tinh"}});
  EXPECT_NE(test::refusal_of({itself}).find("a cycle of “extends”"), std::string::npos);
  EXPECT_EQ(test::refusal_of({std::string(kProvince)}),
            "4:10 vn.tinh the pack “vn.goc” is not given");
  EXPECT_NE(test::refusal_of({std::string(kNation), std::string(kNation)}).find("packs of one id"),
            std::string::npos);
  const std::string other = changed(kNation, {{"id: vn.goc", "id: vn.khac"}});
  EXPECT_NE(test::refusal_of({std::string(kNation), other}).find("another first pack"),
            std::string::npos);
  EXPECT_NE(refusal({}, {{">= 2026.1", ">= 2026.2"}}).find("too old"), std::string::npos);
  EXPECT_EQ(refusal({{"\"2026.1\"", "\"2026.10\""}}, {{">= 2026.1", ">= 2026.9"}}), "");
  EXPECT_NE(refusal({}, {{">= 2026.1", ">= x"}}).find("not clear which pack"), std::string::npos);
  EXPECT_NE(refusal({{"code: VN ", "code: LA "}}, {}).find("of another place"), std::string::npos);
  EXPECT_NE(refusal({{"level: national", "level: local"}}, {}).find("lower authority"),
            std::string::npos);
  EXPECT_NE(test::refusal_of(std::vector<std::string>(17, std::string(kNation))), "");
  EXPECT_NE(test::refusal_of({}), "");
}

TEST(Layers, AFirstPackSetsNothing) {
  const std::string set = changed(kProvince, {{"extends: vn.goc >= 2026.1\n", ""}});
  EXPECT_NE(test::refusal_of({set}).find("this pack extends none"), std::string::npos);
}

}  // namespace
}  // namespace dangbo::rules
