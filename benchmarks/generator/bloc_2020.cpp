// Body 003: Đảng bộ Khối các cơ quan tỉnh, 2020-11-30, in the words and headers of its own office.
#include "bodies.hpp"
#include "people.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr int kFirstYear = 2016;
constexpr int kLastYear = 2020;

bool is_old_regime(int year) {
  return year < 2018;
}

std::string regime_of(int year) {
  return is_old_regime(year) ? "R2014" : year == 2018 ? "R2018" : "R2019";
}

// The grades of five years for every grassroots organisation, across two scales. The first two hold
// the highest in all five.
Sheet evaluations(BodyBuilder& body) {
  Sheet out = body.sheet("evaluations", {"subject_type", "subject_id", "period", "regime", "grade",
                                         "not_graded_reason", "graded_on"});
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    const Day on = day(year, 12, 18);
    std::size_t index = 0;
    for (const std::size_t unit : body.units_on(on, "", "TCCS")) {
      const bool is_old = is_old_regime(year);
      const std::uint32_t dice = body.random().below(100U);
      std::string grade = is_old ? "TSVM" : "HTT";
      if (dice < 12) grade = is_old ? "TSVMTB" : "HTXS";
      if (dice > 90) grade = "HT";
      // One year in five nobody but the two keeps the highest grade, so that no third streak is.
      if (year == 2018 && grade == "HTXS") grade = "HTT";
      if (index++ < 2) grade = is_old ? "TSVMTB" : "HTXS";
      out.rows.push_back({"UNIT", body.units()[unit].id, std::to_string(year), regime_of(year),
                          grade, "", iso(on)});
    }
  }
  return out;
}

// The flags of 2020, among honours of other kinds and of other years.
Sheet recognitions(BodyBuilder& body) {
  Sheet out =
      body.sheet("recognitions", {"subject_type", "subject_id", "honour", "year", "decision_id"});
  const std::vector<std::size_t> units = body.units_on(body.plan().as_of, "", "TCCS");
  const auto add = [&](std::size_t index, const char* honour, const char* year) {
    out.rows.push_back(
        {"UNIT", body.units()[units[index]].id, honour, year, std::string("QĐ-KT-") + year});
  };
  for (std::size_t i = 0; i < 2; ++i) add(i, "CO_TSVMTB_5NAM", "2020");
  add(5, "CO_TSVMTB_5NAM", "2019");
  for (std::size_t i = 6; i < 15; ++i) add(i, "BANGKHEN", "2020");
  for (std::size_t i = 3; i < 10; ++i) add(i, "BANGKHEN", "2019");
  for (const char* year : {"2019", "2020"}) {
    const std::string on = std::string(year) + "-12-28";
    body.add_decision({std::string("QĐ-KT-") + year, "KHENTHUONG", "K", "", on, on});
  }
  return out;
}

}  // namespace

Roster make_bloc_2020(std::uint64_t seed) {
  BodyPlan plan;
  plan.root_name = "Đảng bộ Khối các cơ quan tỉnh Sông Lam (mô phỏng)";
  plan.root_kind = "KHOI";
  plan.founded = day(2004, 3, 15);
  plan.reorganised = day(2020, 7, 1);
  plan.as_of = day(2020, 11, 30);
  plan.cells = 206;
  plan.is_vietnamese = true;
  plan.women = 1056;
  plan.minority = 65;
  plan.youth = 218;
  plan.religious = 265;
  BodyBuilder body(plan, seed, 3);
  body.build_tree(bloc_organisations(32, 36, 0));
  fill_with_people(body, {.stock = 2712});
  body.number_people();
  Sheet grades = evaluations(body);
  Sheet honours = recognitions(body);
  return {
      readme_text("003", body.plan()),
      {body.units_sheet(), body.unit_events_sheet(), body.members_sheet(), body.memberships_sheet(),
       body.decisions_sheet(), std::move(grades), std::move(honours)}};
}

}  // namespace dangbo::inline v1::generator
