#include "rules/twin_rules.hpp"

#include "rules/make_pack.hpp"

namespace dangbo::test {

namespace {

using Kind = rules::Subject::Kind;

// Units, by what they are, who is in them and what stands around them.
std::vector<RuleText> unit_rules() {
  const rules::Subject units = subject_of(Kind::kUnit);
  return {
      {.id = "cell-size",
       .subject = units_of({"cell", "grassroots_cell"}),
       .when = "self.kind != \"bloc\"",
       .lets = {{"full", "count(self.members, m, m.standing == \"full\")"}},
       .require = "full >= param.least",
       .exceptions = {{"small", "self.members.size() <= 1", {}},
                      {"young", "as_of.yearsSince(self.from) < 1", rules::Severity::kNotice}}},
      {.id = "with-below",
       .subject = units,
       .lets = {{"size", "self.all_members.size()"},
                {"twice", "size * 2"},
                {"women", "count(self.all_members, m, m.sex == \"female\")"}},
       .require = "twice - women <= 2 * param.most && size >= 0"},
      {.id = "sector-of-parent",
       .subject = units,
       .when = "has(self.parent.kind)",
       .require = "self.sector == self.parent.sector || self.parent.parent.kind == \"bloc\""},
      {.id = "children-named",
       .subject = units,
       .require = "self.children.all(c, has(c.name)) && !self.ancestors.exists(a, a.kind == "
                  "\"cell\")"},
      {.id = "descendants-few",
       .subject = units,
       .lets = {{"below", "self.descendants.size()"}},
       .require = "below < 3 || self.descendants.exists(d, d.sector == \"press\")"},
      {.id = "meets",
       .subject = units,
       .require = "self.meetings.exists(m, m.kind == \"regular\" && m.present_n >= 5 && "
                  "as_of.daysSince(m.first_day) < 400)"},
      {.id = "secretary",
       .subject = units,
       .when = "self.members.size() > 0",
       .require = "self.posts.exists(p, p.post == \"secretary\" && has(p.member.sex))"},
      {.id = "rate-of-full",
       .subject = units,
       .require = "100 * count(self.members, m, m.standing == \"full\") / self.members.size() >= "
                  "param.rate",
       .effective = time::DateRange(time::Date::from_ymd(2017, 3, 1), {})},
      {.id = "graded",
       .subject = units,
       .require = "self.evaluations.all(e, has(e.grade)) || self.epoch == \"e1\""},
      {.id = "month-with-meeting",
       .subject = subject_of(Kind::kUnitMonth),
       .require = "self.meetings.exists(m, m.kind == \"regular\")"},
  };
}

std::vector<RuleText> person_rules() {
  const rules::Subject members = subject_of(Kind::kMember);
  return {
      {.id = "joined-known",
       .subject = members,
       .lets = {{"years", "as_of.yearsSince(self.joined_date)"}},
       .require = "years >= 0 && self.status != \"deceased\""},
      {.id = "home-for-long",
       .subject = members,
       .require = "as_of.monthsSince(self.home_since) < 18 || self.unit.kind == \"cell\" || "
                  "self.memberships.size() > 1"},
      {.id = "move-told",
       .subject = subject_of(Kind::kMove),
       .require = "self.in_reason == \"internal\" && has(self.from_unit.name)"},
      {.id = "admission-of-the-young",
       .subject = subject_of(Kind::kAdmission),
       .require = "self.member.standing == \"probationary\" || "
                  "as_of.daysSince(self.admitted_on) > 365"},
      {.id = "post-held-long",
       .subject = rows_of("posts"),
       .require = "has(self.unit.parent.name)"},
      {.id = "member-graded",
       .subject = rows_of("evaluations", "member"),
       .require = "self.grade in [\"good\", \"excellent\"] && has(self.unit.kind)"},
  };
}

std::vector<RuleText> cohort_rules() {
  return {
      {.id = "excellent-cap",
       .subject = cohorts_of("evaluations", {"period", "unit.kind"}),
       .lets = {{"good", "count(self.items, e, e.grade == \"good\")"},
                {"excellent", "count(self.items, e, e.grade == \"excellent\")"}},
       .require = "excellent * 100 <= good * param.rate"},
      {.id = "homes-by-sector",
       .subject =
           [] {
             rules::Subject out = subject_of(Kind::kUnit);
             out.by = {"sector", "parent.kind"};
             return out;
           }(),
       .require = "self.items.size() < 3 || self.items.exists(u, u.members.size() > 2)"},
  };
}

}  // namespace

rules::Pack twin_pack() {
  std::vector<RuleText> all = unit_rules();
  for (auto* make : {&person_rules, &cohort_rules}) {
    for (RuleText& one : make()) all.push_back(std::move(one));
  }
  return make_pack({{"least", {{"2016-01-01", 1}, {"2018-01-01", 3}}},
                    {"most", {{"2016-01-01", 4}}},
                    {"rate", {{"2017-01-01", 20}, {"2018-06-01", 60}}, rules::Evidence::kC}},
                   all);
}

}  // namespace dangbo::test
