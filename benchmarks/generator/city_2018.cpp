// Body 001: a city at district level (huyện, thành phố thuộc tỉnh), reviewed and graded for 2018.
#include "bodies.hpp"
#include "names.hpp"
#include "people.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kGraded = 6563;
constexpr std::size_t kNotGraded = 142;

std::vector<Organisation> organisations() {
  std::vector<Organisation> list;
  std::size_t place = 0;
  const auto add = [&](const char* what, const char* kind, const char* sector, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = places()[place++ % places().size()];
      list.push_back({std::string(what) + " " + std::string(name), kind, sector, {}});
    }
  };
  add("Phường", "PHUONG", "XA", 9);
  add("Xã", "XA", "XA", 2);
  list.push_back({"Quân sự thành phố", "QS", "LLVT", {}});
  list.push_back({"Công an thành phố", "CA", "LLVT", {}});
  add("Công ty Khai thác khoáng sản", "DBCS", "DNNN", 7);
  add("Trường Trung học phổ thông", "DBCS", "SN", 4);
  add("Công ty cổ phần Vận tải", "DBCS", "DNNN50", 3);
  list.push_back({"Trung tâm Y tế thành phố", "DBCS", "SN", {}});
  add("Trường Trung học cơ sở", "CBCS", "SN", 9);
  add("Công ty TNHH", "CBCS", "DNTN", 5);
  add("Hợp tác xã", "CBCS", "HTX", 4);
  list.push_back({"Toà án nhân dân thành phố", "CBCS", "CQ", {}});
  list.push_back({"Viện Kiểm sát nhân dân thành phố", "CBCS", "CQ", {}});
  list.push_back({"Chi cục Thuế thành phố", "CBCS", "CQ", {}});
  list.push_back({"Trường Tiểu học và Trung học cơ sở Ao Súng",
                  "CBCS",
                  "SN",
                  {"Trường Tiểu học Ao Súng", "Trường Trung học cơ sở Ao Súng"}});
  return list;
}

class Grading {
 public:
  explicit Grading(BodyBuilder& body)
      : body_(body),
        sheet_(body.sheet("evaluations", {"subject_type", "subject_id", "period", "regime", "grade",
                                          "not_graded_reason", "graded_on"})) {}

  Sheet run(const People& people) {
    grade_2018(people);
    grade_2017(people);
    return std::move(sheet_);
  }

 private:
  void row(const char* type, const std::string& id, const char* period, const char* regime,
           const std::string& grade, const std::string& reason, Day on) {
    sheet_.rows.push_back({type, id, period, regime, grade, reason, iso(on)});
  }

  void grade_units(const std::vector<std::size_t>& units, const std::vector<Portion>& portions,
                   Day on) {
    const auto grades = spread(body_.random(), units.size(), portions);
    for (std::size_t i = 0; i < units.size(); ++i) {
      const std::string reason = grades[i].empty() ? "chờ kết luận kiểm tra" : "";
      row("UNIT", body_.units()[units[i]].id, "2018", "R2018", grades[i], reason, on);
    }
  }

  // The article gives 45 of 50 good or better; of the other five nothing is said: here three are
  // completed and two not graded.
  void grade_2018(const People& people) {
    const Day as_of = body_.plan().as_of;
    grade_units(body_.units_on(as_of, "", "TCCS"), {{"HTXS", 9}, {"HTT", 36}, {"HT", 3}},
                day(2018, 12, 26));
    grade_units(body_.units_on(as_of, "CB"), {{"HTXS", 67}, {"HTT", 218}, {"HT", 14}, {"KHT", 3}},
                day(2018, 12, 20));
    static const std::vector<std::string> reasons = {"miễn sinh hoạt", "mới kết nạp",
                                                     "đi học tập trung", "nghỉ ốm dài ngày"};
    const auto grades = spread(body_.random(), kGraded + kNotGraded,
                               {{"HTXS", 1025}, {"HTT", 4942}, {"HT", 561}, {"KHT", 35}});
    for (std::size_t i = 0; i < people.stock.size(); ++i) {
      const std::string reason = grades[i].empty() ? body_.random().pick(reasons) : "";
      row("MEMBER", body_.member_id(people.stock[i]), "2018", "R2018", grades[i], reason,
          day(2018, 12, 14));
    }
    // Graded in December and gone before the year was out: they have no home on the last day.
    std::size_t gone = 0;
    for (const std::size_t person : people.departed) {
      const Day left = body_.people()[person].status_date;
      if (left <= day(2018, 12, 31) && left > day(2018, 9, 30)) {
        row("MEMBER", body_.member_id(person), "2018", "R2018", ++gone % 2 == 0 ? "HTXS" : "HTT",
            "", day(2018, 12, 14));
      }
    }
  }

  // The year before, under the old scale: a count without a period would take them in.
  void grade_2017(const People& people) {
    for (const std::size_t unit : body_.units_on(day(2017, 12, 20), "", "TCCS")) {
      const bool is_best = body_.random().chance(150);
      row("UNIT", body_.units()[unit].id, "2017", "R2014", is_best ? "TSVMTB" : "TSVM", "",
          day(2017, 12, 20));
    }
    static const std::vector<std::string> grades = {"DTC_XS", "DTC_T", "DTC_T", "DTC_T",
                                                    "DTC_T",  "DTC_T", "DTC_HT"};
    for (const std::size_t person : people.stock) {
      if (body_.people()[person].joined > day(2016, 12, 31)) continue;
      row("MEMBER", body_.member_id(person), "2017", "R2014", body_.random().pick(grades), "",
          day(2017, 12, 12));
    }
  }

  BodyBuilder& body_;
  Sheet sheet_;
};

}  // namespace

Roster make_city_2018(std::uint64_t seed) {
  BodyPlan plan;
  plan.root_name = "Đảng bộ thành phố Hồng Triều (mô phỏng)";
  plan.root_kind = "HUYEN";
  plan.founded = day(2006, 2, 20);
  plan.reorganised = day(2018, 4, 2);
  plan.as_of = day(2018, 12, 31);
  plan.cells = 302;
  plan.oldest = 88;
  plan.women = 2744;
  plan.minority = 118;
  plan.youth = 402;
  plan.religious = 97;
  BodyBuilder body(plan, seed, 1);
  body.build_tree(organisations());
  const People people = fill_with_people(body, {.stock = kGraded + kNotGraded});
  body.number_people();
  Sheet grades = Grading(body).run(people);
  return {readme_text("001", body.plan()),
          {body.units_sheet(), body.unit_events_sheet(), body.members_sheet(),
           body.memberships_sheet(), body.decisions_sheet(), std::move(grades)}};
}

}  // namespace dangbo::inline v1::generator
