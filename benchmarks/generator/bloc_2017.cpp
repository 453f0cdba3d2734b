// Body 004: Đảng bộ Khối các cơ quan tỉnh, the first nine months of 2017.
#include "bodies.hpp"
#include "people.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kOrganisations = 56;
constexpr std::size_t kThematic = 34;
constexpr std::size_t kVisitedCells = 14;
constexpr std::size_t kVisitedGrassrootsCells = 5;

// Of the cells 130 have held the congress of the term, two have it before them.
Sheet congresses(BodyBuilder& body) {
  Sheet out = body.sheet("congresses", {"unit_id", "term", "form", "due_on", "planned_on",
                                        "held_on", "seats", "elected_n"});
  const std::vector<std::size_t> cells = body.units_on(body.plan().as_of, "CB");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Day due = day(2017, 6, 30);
    const Day planned = day(2017, 2, 1) + body.random().between(0, 200);
    const std::string held = i % 66 == 40 ? "" : iso(planned + body.random().between(0, 20));
    const std::string seats = std::to_string(3 + 2 * body.random().below(2U));
    const std::string& id = body.units()[cells[i]].id;
    out.rows.push_back(
        {id, "2017-2020", "DHDV", iso(due), iso(planned), held, seats, held.empty() ? "" : seats});
    // The term before, held by all.
    out.rows.push_back(
        {id, "2015-2017", "DHDV", "2015-01-31", "2014-12-20", "2014-12-20", seats, seats});
  }
  for (const std::size_t unit : body.units_on(body.plan().as_of, "", "TCCS")) {
    out.rows.push_back({body.units()[unit].id, "2015-2020", "DHDV", "2015-05-31", "2015-04-10",
                        "2015-04-10", "5", "5"});
  }
  return out;
}

class Meetings {
 public:
  explicit Meetings(BodyBuilder& body)
      : body_(body),
        sheet_(body.sheet("meetings", {"unit_id", "month", "kind", "planned_on", "held_on",
                                       "superior_unit", "superior_n"})) {}

  Sheet run() {
    const Day as_of = body_.plan().as_of;
    const std::vector<std::size_t> cells = body_.units_on(as_of, "CB");
    const std::vector<std::size_t> grassroots_cells = body_.units_on(as_of, "CBCS");
    for (std::size_t i = 0; i < cells.size(); ++i) regular(cells[i], i, kVisitedCells);
    for (std::size_t i = 0; i < grassroots_cells.size(); ++i) {
      regular(grassroots_cells[i], i, kVisitedGrassrootsCells);
    }
    thematic();
    return std::move(sheet_);
  }

 private:
  [[nodiscard]] const std::string& id(std::size_t unit) const { return body_.units()[unit].id; }

  void row(std::size_t unit, Day on, const char* kind, bool is_held, const std::string& superior) {
    sheet_.rows.push_back({id(unit), iso_month(on), kind, iso(on), is_held ? iso(on) : "", superior,
                           superior.empty() ? "" : "1"});
  }

  // The bloc comes to every second unit once, until `count` are visited, and to three later, after
  // the day of the figures.
  [[nodiscard]] static bool is_visited(std::size_t index, unsigned month, std::size_t count) {
    if (month > 9) return index % 3 == 0 && index / 3 == month - 10;
    return index % 2 == 1 && index / 2 < count && month == 2 + index / 2 % 8;
  }

  // Every month, to the end of the year; a few were planned and not held. The committee of a cell
  // comes now and then: that is not a visit by the bloc.
  void regular(std::size_t unit, std::size_t index, std::size_t visited) {
    for (unsigned month = 1; month <= 12; ++month) {
      const Day on = day(2017, month, 3) + static_cast<Day>(index % 5);
      if (!body_.in_force(unit, on)) continue;
      const std::size_t parent = body_.parent_on(unit, on);
      const bool with_committee = parent != body_.root() && body_.random().chance(25);
      const bool is_held = month <= 10 && !body_.random().chance(15);
      if (is_visited(index, month, visited)) {
        row(unit, on, "DK", true, id(body_.root()));
      } else {
        row(unit, on, "DK", is_held, is_held && with_committee ? id(parent) : "");
      }
    }
  }

  // Of the 56 organisations 34 have held one at least; two have only planned one, one holds its
  // first in October.
  void thematic() {
    std::vector<std::size_t> units = body_.units_on(body_.plan().as_of, "", "TCCS");
    body_.random().shuffle(units);
    for (std::size_t i = 0; i < kThematic; ++i) {
      const std::size_t where = place_in(units[i]);
      for (std::uint32_t n = 0; n <= i % 3; ++n) {
        row(where, day(2017, 3 + (static_cast<unsigned>(i) + n) % 7, 15), "CD", true, "");
      }
    }
    for (std::size_t i = 0; i < 2; ++i) {
      row(place_in(units[kThematic + i]), day(2017, 9, 25), "CD", false, "");
    }
    row(place_in(units[kThematic + 2]), day(2017, 10, 16), "CD", true, "");
  }

  // A committee meets in its cells.
  [[nodiscard]] std::size_t place_in(std::size_t organisation) const {
    for (const std::size_t cell : body_.units_on(day(2017, 2, 1), "CB")) {
      // A cell that stays with its committee, so that every month counts for the same one.
      if (body_.units()[cell].spans.size() == 1 &&
          body_.parent_on(cell, day(2017, 2, 1)) == organisation) {
        return cell;
      }
    }
    return organisation;
  }

  BodyBuilder& body_;
  Sheet sheet_;
};

// One class of 62 people from 56 organisations, 214 study sessions, 1 341 essays sent in.
Sheet training(BodyBuilder& body) {
  Sheet out = body.sheet("training", {"event_id", "kind", "unit_id", "date", "participants_n"});
  const std::vector<std::size_t> units = body.units_on(body.plan().as_of, "", "TCCS");
  std::size_t left = 1341;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string& id = body.units()[units[i]].id;
    out.rows.push_back({"LOP-2017-01", "LOP", id, "2017-06-12", i < 6 ? "2" : "1"});
    const std::size_t essays =
        i + 1 == units.size() ? left : 10 + body.random().below(std::size_t{25});
    left -= essays;
    out.rows.push_back({"THI-2017", "CUOCTHI", id, "2017-08-19", std::to_string(essays)});
  }
  for (std::size_t i = 0; i < 214; ++i) {
    const std::size_t unit = units[i % units.size()];
    const Day on = day(2017, 3, 20) + static_cast<Day>(i % 150);
    out.rows.push_back({"QT-" + std::to_string(i + 1), "HOCTAP", body.units()[unit].id, iso(on),
                        std::to_string(15 + body.random().below(60U))});
  }
  return out;
}

Sheet plans(BodyBuilder& body) {
  Sheet out = body.sheet("plans", {"unit_id", "year", "item", "target"});
  out.rows = {{"K", "2016", "KETNAP", "95"},
              {"K", "2017", "KETNAP", "100"},
              {"K", "2018", "KETNAP", "110"},
              {"K", "2017", "CHUYENDE", "2"}};
  return out;
}

}  // namespace

Roster make_bloc_2017(std::uint64_t seed) {
  BodyPlan plan;
  plan.root_name = "Đảng bộ Khối các cơ quan tỉnh Cao Sơn (mô phỏng)";
  plan.root_kind = "KHOI";
  plan.founded = day(2004, 6, 1);
  plan.reorganised = day(2017, 3, 1);
  plan.as_of = day(2017, 9, 30);
  plan.cells = 132;
  plan.women = 846;
  plan.minority = 301;
  plan.youth = 246;
  plan.religious = 77;
  BodyBuilder body(plan, seed, 4);
  body.build_tree(bloc_organisations(24, kOrganisations - 24, 0));
  fill_with_people(body, {.stock = 2151,
                          .admitted = 106,
                          .admitted_from = day(2017, 1, 1),
                          .admitted_until = day(2017, 10, 1)});
  body.number_people();
  return {readme_text("004", body.plan()),
          {body.units_sheet(), body.unit_events_sheet(), body.members_sheet(),
           body.memberships_sheet(), body.decisions_sheet(), plans(body), congresses(body),
           Meetings(body).run(), training(body)}};
}

}  // namespace dangbo::inline v1::generator
