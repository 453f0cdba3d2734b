#include "people.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "names.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kGroupSize = 11;
constexpr std::size_t kMergedSize = 25;
constexpr std::size_t kCellAtMost = 30;        // more would need the superior's consent
constexpr std::size_t kCommitteeAtLeast = 31;  // with fewer it would be a grassroots cell

struct Traits {
  bool is_female = false;
  bool is_minority = false;
  bool in_youth_union = false;
  bool is_religious = false;
};

struct Stay {
  std::size_t unit;
  Day until = kNoDay;
  std::string out_reason = {};
};

class Filler {
 public:
  Filler(BodyBuilder& body, const PeoplePlan& plan)
      : body_(body), plan_(plan), random_(body.random()), as_of_(body.plan().as_of) {
    for (const char* kind : {"CBCS", "CB"}) {
      for (const std::size_t unit : body.units_on(as_of_, kind)) {
        if (!has_groups(unit)) leaves_.push_back(unit);
      }
    }
    groups_ = body.units_on(as_of_, "TO");
  }

  People run() {
    add_stock();
    add_departed();
    if (body_.plan().knows_future) {
      add_future();
      add_in_transit();
    }
    add_temporary();
    if (body_.plan().is_vietnamese) change_youth_flags();
    return std::move(people_);
  }

 private:
  // ---- seats

  [[nodiscard]] bool has_groups(std::size_t unit) const {
    const auto& units = body_.units();
    return std::any_of(units.begin(), units.end(), [&](const Unit& other) {
      return other.kind == "TO" && other.spans.back().parent == unit;
    });
  }

  // The committee a cell counts for, past a section committee.
  [[nodiscard]] std::size_t committee_of(std::size_t cell) const {
    const std::size_t parent = body_.parent_on(cell, as_of_);
    return body_.units()[parent].kind == "DBBP" ? body_.parent_on(parent, as_of_) : parent;
  }

  std::vector<std::size_t> cell_minimum() const {
    std::vector<std::size_t> cells(body_.units().size(), 0);
    for (const std::size_t leaf : leaves_) {
      if (body_.units()[leaf].kind == "CB") ++cells[committee_of(leaf)];
    }
    for (std::size_t& count : cells) {
      if (count != 0) count = std::max<std::size_t>(4, (kCommitteeAtLeast + count - 1) / count);
    }
    return cells;
  }

  [[nodiscard]] bool is_below(std::size_t unit, std::size_t top) const {
    while (unit != kNone && unit != top) unit = body_.parent_on(unit, as_of_);
    return unit == top;
  }

  // Until the units below `top`, or with kNone those of no portion, have `stock` members together.
  void fill_up(std::vector<std::size_t>& sizes, std::vector<std::size_t> cells, std::size_t stock,
               std::size_t top) {
    const auto is_apart = [&](std::size_t unit) {
      return std::none_of(plan_.portions.begin(), plan_.portions.end(),
                          [&](const Portioned& portion) { return is_below(unit, portion.unit); });
    };
    const auto counts = [&](std::size_t unit) {
      return top == kNone ? is_apart(unit) : is_below(unit, top);
    };
    std::erase_if(cells, [&](std::size_t cell) { return !counts(cell); });
    std::size_t total = 0;
    for (std::size_t unit = 0; unit < sizes.size(); ++unit) {
      if (sizes[unit] != 0 && counts(unit)) total += sizes[unit];
    }
    while (total < stock) {
      const std::size_t a = random_.below(cells.size());
      const std::size_t b = random_.below(cells.size());
      const std::size_t cell = cells[random_.chance(500) ? std::min(a, b) : a];
      if (sizes[cell] >= kCellAtMost) continue;
      ++sizes[cell];
      ++total;
    }
  }

  // One entry a member of the stock: the unit.
  std::vector<std::size_t> seats() {
    const std::vector<std::size_t> minimum = cell_minimum();
    std::vector<std::size_t> sizes(body_.units().size(), 0);
    std::vector<std::size_t> cells;
    for (const std::size_t leaf : leaves_) {
      const Unit& unit = body_.units()[leaf];
      if (unit.kind == "CB") {
        cells.push_back(leaf);
        sizes[leaf] = minimum[committee_of(leaf)];
      } else {
        sizes[leaf] = unit.predecessors.empty() ? 6 + random_.below(std::size_t{18}) : kMergedSize;
      }
    }
    for (const std::size_t group : groups_) sizes[group] = kGroupSize;
    std::size_t left = plan_.stock;
    for (const Portioned& portion : plan_.portions) {
      fill_up(sizes, cells, portion.stock, portion.unit);
      left -= portion.stock;
    }
    fill_up(sizes, cells, left, kNone);
    std::vector<std::size_t> seats;
    for (std::size_t unit = 0; unit < sizes.size(); ++unit) {
      seats.insert(seats.end(), sizes[unit], unit);
    }
    return seats;
  }

  // ---- persons

  // lo … hi, never the day of the reorganisation: on it nobody moves but by it.
  Day random_day(Day lo, Day hi) {
    const Day found = random_.between(lo, std::max(lo, hi));
    return found == body_.plan().reorganised ? found - 1 : found;
  }

  std::vector<bool> some_of(std::size_t count, std::size_t of) {
    std::vector<bool> chosen(of, false);
    std::fill_n(chosen.begin(), static_cast<std::ptrdiff_t>(std::min(count, of)), true);
    for (std::size_t left = of; left > 1; --left) {
      const std::size_t other = random_.below(left);
      const bool kept = chosen[other];
      chosen[other] = chosen[left - 1];
      chosen[left - 1] = kept;
    }
    return chosen;
  }

  Traits random_traits() {
    return {random_.chance(390), random_.chance(30), random_.chance(90), random_.chance(100)};
  }

  Person make_person(const Traits& traits, Day joined_by) {
    Person person;
    person.is_female = traits.is_female;
    const int oldest = static_cast<int>(body_.plan().oldest);
    person.born = traits.in_youth_union
                      ? random_.between(add_years(as_of_, -30) + 1, add_years(as_of_, -21))
                      : random_.between(add_years(as_of_, -oldest), add_years(as_of_, -27));
    if (random_.chance(30)) person.born_known = Person::Known::kYear;
    if (random_.chance(5)) person.born_known = Person::Known::kNothing;
    person.ethnicity = traits.is_minority   ? std::string(minority(random_))
                       : random_.chance(20) ? ""
                                            : "Kinh";
    person.religion = traits.is_religious  ? std::string(religion(random_))
                      : random_.chance(20) ? ""
                                           : "Không";
    person.youth_union = traits.in_youth_union;
    person.name = person_name(random_, person.is_female, person.ethnicity);
    const Day adult = add_years(person.born, 19);
    join(person, random_day(adult, std::min(joined_by, add_years(person.born, 46))));
    return person;
  }

  // Admitted on a day; full a year later if that is over when the files are made.
  void join(Person& person, Day on) {
    person.joined = on;
    person.full = add_years(on, 1);
    if (person.full > as_of_ + (body_.plan().knows_future ? 90 : 0)) person.full = kNoDay;
  }

  [[nodiscard]] Day joined_by() const {
    return plan_.admitted == 0 ? as_of_ - 40 : plan_.admitted_from - 20;
  }

  // Arrivals in groups are over before they begin, so that they have their members on every day.
  [[nodiscard]] Day latest_arrival(std::size_t unit) const {
    const Unit& where = body_.units()[unit];
    return where.kind == "TO" ? where.from() - 40 : as_of_ - 1;
  }

  std::size_t other_leaf(std::size_t unit) {
    for (;;) {
      const std::size_t leaf = random_.pick(leaves_);
      if (leaf != unit) return leaf;
    }
  }

  // The member's way to a stay: admitted there or come from outside, perhaps by way of another
  // unit of the body.
  void add_way(std::size_t person, const Stay& stay, Day latest) {
    const Day joined = body_.person(person).joined;
    Day came = joined;
    std::string reason = "KETNAP";
    if (random_.chance(450) && joined + 200 < latest) {
      came = random_day(joined + 200, latest);
      came = std::min(came, random_day(joined + 200, latest));  // most came long ago
      reason = random_.chance(300) ? "DEN_NGOAITINH" : "DEN_TRONGTINH";
    }
    if (random_.chance(120) && came + 400 < latest) {
      const Day moved = random_day(came + 150, latest);
      body_.add_home(person, other_leaf(stay.unit), came, moved, reason, "NOIBO");
      came = moved;
      reason = "NOIBO";
    }
    body_.add_home(person, stay.unit, came, stay.until, reason, stay.out_reason);
  }

  // ---- those who count

  void add_stock() {
    const std::vector<std::size_t> seat_of = seats();
    const std::size_t count = seat_of.size();
    const BodyPlan& plan = body_.plan();
    const std::vector<bool> women = some_of(plan.women, count);
    const std::vector<bool> minority = some_of(plan.minority, count);
    const std::vector<bool> youth = some_of(plan.youth, count);
    const std::vector<bool> religious = some_of(plan.religious, count);
    const std::size_t gone = plan_.admitted == 0 ? 0 : 2;
    const std::vector<bool> admitted = some_of(plan_.admitted - gone, count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t unit = seat_of[i];
      const Traits traits{women[i], minority[i], youth[i], religious[i]};
      const Day latest = latest_arrival(unit);
      const std::size_t person =
          body_.add_person(make_person(traits, std::min(joined_by(), latest)));
      people_.stock.push_back(person);
      if (admitted[i]) {
        admit(person, {unit});
      } else if (i == count / 2) {
        // Came on the very day, and counts.
        body_.add_home(person, unit, as_of_, kNoDay, "DEN_TRONGTINH", "");
      } else if (plan_.admitted != 0 && i == count / 3) {
        // Admitted again, which is a reason of its own.
        body_.add_home(person, unit, plan_.admitted_from + 60, kNoDay, "KETNAPLAI", "");
      } else {
        add_counted(person, unit, latest);
      }
    }
  }

  void add_counted(std::size_t person, std::size_t unit, Day latest) {
    const std::uint32_t dice = random_.below(1000U);
    if (!body_.plan().knows_future) {
      add_way(person, {unit}, latest);
    } else if (dice < 30) {
      add_way(person, {unit, random_day(as_of_ + 1, as_of_ + 150), "DI_TRONGTINH"}, latest);
    } else if (dice < 50) {
      const Day moves = random_day(as_of_ + 1, as_of_ + 150);
      add_way(person, {unit, moves, "NOIBO"}, latest);
      body_.add_home(person, other_leaf(unit), moves, kNoDay, "NOIBO", "");
    } else {
      add_way(person, {unit}, latest);
    }
  }

  // Within the window of the plan: the first on its first day but one, the second on its last day.
  void admit(std::size_t person, const Stay& stay) {
    Person& admitted = body_.person(person);
    const Day last = plan_.admitted_until - 1;
    const Day on = admitted_ == 1 ? last : random_day(plan_.admitted_from + 1, last);
    ++admitted_;
    // A calling to the Party comes before the fortieth year here.
    if (!admitted.youth_union && admitted.born < add_years(on, -40)) {
      admitted.born = random_.between(add_years(on, -40), add_years(on, -28));
    }
    join(admitted, on);
    body_.add_home(person, stay.unit, on, stay.until, "KETNAP", stay.out_reason);
  }

  // ---- those who stand in the files and do not count

  void depart(std::size_t person, const std::string& reason, Day on) {
    Person& gone = body_.person(person);
    gone.status = reason.starts_with("DI_") ? "CHUYENDI" : reason;
    gone.status_date = on;
    people_.departed.push_back(person);
  }

  void add_departed() {
    static const std::vector<std::string> reasons = {"DI_NGOAITINH", "DI_TRONGTINH", "DI_TRONGTINH",
                                                     "TUTRAN",       "TUTRAN",       "XOATEN",
                                                     "KHAITRU",      "XINRA"};
    const std::size_t count = plan_.stock / 25;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string reason = random_.pick(reasons);
      const std::size_t person =
          body_.add_person(make_person(random_traits(), std::min(joined_by(), as_of_ - 900)));
      const std::size_t closed = i / 6;
      if (i == 0) {
        // Gone on the very day, the first on which he is not counted.
        add_way(person, {random_.pick(leaves_), as_of_, "TUTRAN"}, as_of_ - 300);
        depart(person, "TUTRAN", as_of_);
      } else if (closed < body_.closed_earlier().size()) {
        const std::size_t unit = body_.closed_earlier()[closed];
        const Day end = body_.units()[unit].until();
        add_way(person, {unit, end, "DI_TRONGTINH"}, end - 30);
        depart(person, "DI_TRONGTINH", end);
      } else {
        const Day left = random_day(body_.person(person).joined + 500, as_of_);
        add_way(person, {random_.pick(leaves_), left, reason}, left - 60);
        depart(person, reason, left);
      }
    }
    for (; plan_.admitted != 0 && admitted_ < plan_.admitted;) {
      const std::size_t person = body_.add_person(make_person(random_traits(), joined_by()));
      admit(person, {random_.pick(leaves_), as_of_, "DI_TRONGTINH"});
      depart(person, "DI_TRONGTINH", as_of_);
    }
  }

  void add_future() {
    const std::size_t later = body_.founded_later();
    const std::size_t count = std::max<std::size_t>(12, plan_.stock / 60);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t person = body_.add_person(make_person(random_traits(), joined_by()));
      const Day from = i == 0 ? as_of_ + 1 : random_day(as_of_ + 1, as_of_ + 150);
      if (i < 6) {
        body_.add_home(person, later, std::max(from, body_.units()[later].from()), kNoDay,
                       "DEN_TRONGTINH", "");
      } else if (i % 2 == 0) {
        join(body_.person(person), from);
        body_.add_home(person, random_.pick(leaves_), from, kNoDay, "KETNAP", "");
      } else {
        body_.add_home(person, random_.pick(leaves_), from, kNoDay, "DEN_NGOAITINH", "");
      }
    }
  }

  // Out of one unit, not yet in the other: in no stock in between.
  void add_in_transit() {
    for (Day i = 0; i < 3; ++i) {
      const std::size_t person = body_.add_person(make_person(random_traits(), joined_by() - 500));
      const std::size_t unit = random_.pick(leaves_);
      add_way(person, {unit, as_of_ - 20 - i, "DI_TRONGTINH"}, as_of_ - 100);
      body_.add_home(person, other_leaf(unit), as_of_ + 5 + i, kNoDay, "DEN_TRONGTINH", "");
      body_.person(person).status = "DANGCHUYEN";
    }
  }

  void add_temporary() {
    const std::size_t guests = plan_.stock / 100;
    // Numbers are drawn one a statement: the order of arguments is not the same everywhere.
    for (std::size_t i = 0; i < 2 * guests; ++i) {
      const std::size_t member = i % 2 == 0
                                     ? body_.add_person(make_person(random_traits(), joined_by()))
                                     : people_.stock[i * 97 % people_.stock.size()];
      const std::size_t unit = random_.pick(leaves_);
      const Day from = as_of_ - random_.between(0, 90);
      body_.add_temporary(member, unit, from, as_of_ + random_.between(30, 200));
    }
  }

  // Flags that end with age: some ended before the day, a few end after it.
  void change_youth_flags() {
    std::size_t before = 12;
    std::size_t after = 4;
    for (const std::size_t index : people_.stock) {
      Person& person = body_.person(index);
      const bool is_thirty = person.born > add_years(as_of_, -33);
      if (person.youth_union && after > 0) {
        --after;
        person.youth_changes = as_of_ + random_.between(10, 100);
      } else if (!person.youth_union && is_thirty && before > 0) {
        --before;
        person.youth_union = true;
        person.youth_changes = as_of_ - random_.between(0, 500);
      }
    }
  }

  BodyBuilder& body_;
  PeoplePlan plan_;
  Random& random_;
  Day as_of_;
  std::vector<std::size_t> leaves_;
  std::vector<std::size_t> groups_;
  std::size_t admitted_ = 0;
  People people_;
};

}  // namespace

People fill_with_people(BodyBuilder& body, const PeoplePlan& plan) {
  return Filler(body, plan).run();
}

}  // namespace dangbo::inline v1::generator
