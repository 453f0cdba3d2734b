// A province on the eve of 2025: a bloc of 6 000, four districts with their communes. No article
// stands behind it; its numbers are invented like its people. examples/reorganisation takes it
// through the changes of 2025 and 2026.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "bodies.hpp"
#include "names.hpp"
#include "people.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kStock = 14'000;
constexpr std::size_t kOfBloc = 6000;

constexpr std::string_view kWard = "phường";
constexpr std::string_view kCommune = "xã";
constexpr std::string_view kTownship = "thị trấn";

struct Commune {
  std::string_view what;
  std::string_view name;
  std::size_t cells;
};

struct District {
  std::string_view name;
  std::array<Commune, 8> communes;
};

constexpr std::array<District, 4> kDistricts = {{
    {"huyện Ngàn Trúc",
     {{{kCommune, "Suối Trúc", 11},
       {kCommune, "Đồi Mận", 9},
       {kCommune, "Gò Sim", 8},
       {kCommune, "Bến Ngàn", 12},
       {kCommune, "Cầu Mây", 10},
       {kCommune, "Vườn Hạc", 13},
       {kCommune, "Đầm Sậy", 9},
       {kTownship, "Ngàn Trúc", 12}}}},
    {"huyện Vàm Mây",
     {{{kCommune, "Hồ Vàng", 10},
       {kCommune, "Khe Bạc", 9},
       {kCommune, "Bãi Thông", 11},
       {kCommune, "Cồn Nhạn", 12},
       {kCommune, "Rạch Mai", 8},
       {kCommune, "Làng Gốm", 5},
       {kCommune, "Đồng Sen", 5},
       {kTownship, "Vàm Mây", 6}}}},
    {"thị xã Cửa Sậy",
     {{{kWard, "Trại Bưởi", 12},
       {kWard, "Lũng Đào", 11},
       {kWard, "Xóm Vải", 10},
       {kWard, "Bàu Cò", 9},
       {kCommune, "Ngòi Quế", 8},
       {kCommune, "Đèo Lau", 10},
       {kCommune, "Cửa Hến", 9},
       {kCommune, "Ao Súng", 13}}}},
    {"huyện Gò Thông",
     {{{kCommune, "Dốc Sỏi", 9},
       {kCommune, "Đồi Ong", 10},
       {kCommune, "Bến Sú", 12},
       {kCommune, "Suối Lá", 8},
       {kCommune, "Vườn Cò", 9},
       {kCommune, "Khe Mực", 10},
       {kCommune, "Bàu Sim", 11},
       {kTownship, "Gò Thông", 13}}}},
}};

class Province {
 public:
  explicit Province(BodyBuilder& body) : body_(body) {}

  void build() {
    body_.build_tree(bloc_organisations(36, 44, 13));
    top_ = add("T", "Đảng bộ tỉnh Ngàn Sậy (mô phỏng)", "TINH", "T", "", kNone, "E1");
    Unit& bloc = body_.unit(body_.root());
    bloc.spans.front().parent = top_;
    bloc.epoch = "E1";
    add_military();
    for (std::size_t i = 0; i < kDistricts.size(); ++i) {
      add_district(kDistricts[i], "H0" + std::to_string(i + 1));
    }
  }

 private:
  std::size_t add(std::string id, std::string name, std::string kind, std::string unit_class,
                  std::string sector, std::size_t parent, std::string epoch = {}) {
    return body_.add_unit({std::move(id),
                           std::move(name),
                           std::move(kind),
                           std::move(unit_class),
                           std::move(sector),
                           {{body_.plan().founded, kNoDay, parent, ""}},
                           {},
                           std::move(epoch)});
  }

  // A grassroots committee with cells named as those of agencies are.
  void add_committee(const std::string& id, const std::string& name, const std::string& sector,
                     std::size_t parent, std::size_t cells) {
    const std::size_t unit = add(id, name, "DBCS", "TCCS", sector, parent);
    for (std::size_t i = 0; i < cells; ++i) {
      add(id + "." + std::to_string(i + 1), cell_name(i), "CB", "DCS", "", unit);
    }
  }

  // Untouched by what comes.
  void add_military() {
    const std::size_t unit = add("Q", "Đảng bộ Quân sự tỉnh", "QS", "CTCS", "LLVT", top_);
    add_committee("Q1", "Đảng bộ Cơ quan Bộ Chỉ huy", "LLVT", unit, 4);
    add_committee("Q2", "Đảng bộ Trung đoàn Khung thường trực", "LLVT", unit, 4);
    add("Q3", "Chi bộ Kho vật tư", "CBCS", "TCCS", "LLVT", unit);
  }

  void add_district(const District& district, const std::string& id) {
    const std::string name(district.name);
    const std::size_t unit = add(id, "Đảng bộ " + name, "HUYEN", "CTCS", "", top_, "E1");
    add_committee(id + ".1", "Đảng bộ Cơ quan Đảng, đoàn thể " + name, "CQ", unit, 4);
    add_committee(id + ".2", "Đảng bộ Cơ quan Uỷ ban nhân dân " + name, "CQ", unit, 5);
    add(id + ".3", "Chi bộ Trường Trung học phổ thông " + name, "CBCS", "TCCS", "SN", unit);
    add(id + ".4", "Chi bộ Trung tâm Y tế " + name, "CBCS", "TCCS", "SN", unit);
    for (const Commune& commune : district.communes) add_commune(commune, unit);
  }

  void add_commune(const Commune& commune, std::size_t district) {
    const std::string number = std::to_string(++communes_);
    const std::string id = "X" + std::string(number.size() < 2 ? "0" : "") + number;
    const std::string what(commune.what);
    const std::string kind = what == kCommune ? "XA" : what == kWard ? "PHUONG" : "THITRAN";
    const std::string name = "Đảng bộ " + what + " " + std::string(commune.name);
    const std::size_t unit = add(id, name, kind, "TCCS", "XA", district, "E1");
    const std::string part = what == kCommune ? "thôn " : "tổ dân phố ";
    for (std::size_t i = 1; i <= commune.cells; ++i) {
      const std::string cell = i == 1   ? "Cơ quan " + what
                               : i == 2 ? "Trường học " + std::string(commune.name)
                                        : part + std::to_string(i - 2);
      add(id + "." + std::to_string(i), "Chi bộ " + cell, "CB", "DCS", "", unit);
    }
  }

  BodyBuilder& body_;
  std::size_t top_ = kNone;
  std::size_t communes_ = 0;
};

// Grades of 2024 of every grassroots organisation. One in six has the highest, at most.
Sheet evaluations(BodyBuilder& body) {
  Sheet out = body.sheet("evaluations",
                         {"subject_type", "subject_id", "period", "regime", "grade", "graded_on"});
  const Day on = day(2024, 12, 20);
  for (const std::size_t unit : body.units_on(on, "", "TCCS")) {
    const std::uint32_t dice = body.random().below(100U);
    const char* grade = dice < 12 ? "HTXS" : dice < 90 ? "HTT" : "HT";
    out.rows.push_back({"UNIT", body.units()[unit].id, "2024", "R2023", grade, iso(on)});
  }
  return out;
}

}  // namespace

Roster make_reorganisation(std::uint64_t seed) {
  BodyPlan plan;
  plan.root_name = "Đảng bộ Khối các cơ quan và doanh nghiệp tỉnh";
  plan.root_kind = "KHOI";
  plan.founded = day(2008, 11, 3);
  plan.reorganised = day(2023, 7, 3);
  plan.as_of = day(2024, 12, 31);
  plan.cells = 280;
  plan.section_committees = 2;
  plan.knows_future = false;
  plan.women = 5310;
  plan.minority = 860;
  plan.youth = 1240;
  plan.religious = 990;
  BodyBuilder body(plan, seed, 5);
  Province(body).build();
  fill_with_people(body, {.stock = kStock, .portions = {{body.root(), kOfBloc}}});
  body.number_people();
  return {
      "Dữ liệu mô phỏng / synthetic data: Đảng bộ tỉnh Ngàn Sậy ngày 2024-12-31. Không có người, "
      "tổ chức, con số nào ở đây là thật. No person, organisation or figure here is real.\n",
      {body.units_sheet(), body.unit_events_sheet(), body.members_sheet(), body.memberships_sheet(),
       body.decisions_sheet(), evaluations(body)}};
}

}  // namespace dangbo::inline v1::generator
