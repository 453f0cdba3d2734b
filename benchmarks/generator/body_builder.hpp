// A body under construction: units with their history, people, and where they are at home.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "day.hpp"
#include "random.hpp"
#include "roster.hpp"

namespace dangbo::inline v1::generator {

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct UnitSpan {
  Day from;
  Day until;
  std::size_t parent;
  std::string flags;
};

struct Unit {
  std::string id;
  std::string name;
  std::string kind;
  std::string unit_class;
  std::string sector;
  std::vector<UnitSpan> spans;            // one after the other, without a gap
  std::vector<std::size_t> predecessors;  // whose members came here on the first day
  std::string epoch = {};

  [[nodiscard]] Day from() const { return spans.front().from; }
  [[nodiscard]] Day until() const { return spans.back().until; }
};

struct Person {
  std::string name;
  bool is_female = false;
  Day born = kNoDay;
  enum class Known : std::uint8_t { kNothing, kYear, kDay } born_known = Known::kDay;
  std::string ethnicity;
  std::string religion;
  bool youth_union = false;
  Day youth_changes = kNoDay;  // the day on which the flag turns from youth_union to the contrary
  Day joined = kNoDay;
  Day full = kNoDay;
  std::string status = "DANG";
  Day status_date = kNoDay;
};

struct Home {
  std::size_t person;
  std::size_t unit;
  Day from;
  Day until;
  std::string in_reason;
  std::string out_reason;
  bool is_temporary = false;
};

struct UnitEvent {
  std::string id;
  Day date;
  std::string event;
  std::size_t from;
  std::size_t to;
  std::string decision;
};

// An organisation directly below the root, as it stands on the as-of day.
struct Organisation {
  std::string name;  // without "Đảng bộ", "Chi bộ"
  std::string kind;
  std::string sector;
  std::vector<std::string> merged_from;  // names of the two it was made of on the day of the change
};

struct BodyPlan {
  std::string root_name;
  std::string root_kind;
  Day founded;
  Day reorganised;
  Day as_of;
  std::size_t cells;  // on the as-of day
  std::size_t section_committees = 0;
  std::uint32_t oldest = 61;   // years
  bool is_vietnamese = false;  // headers and the words for sex
  bool knows_future = true;    // rows that begin after the as-of day are in the files
  std::size_t women = 0;       // of the stock
  std::size_t minority = 0;
  std::size_t youth = 0;
  std::size_t religious = 0;
};

class BodyBuilder {
 public:
  BodyBuilder(BodyPlan plan, std::uint64_t seed, std::uint64_t stream);

  // ---- units
  std::size_t add_unit(Unit unit);
  void reparent(std::size_t unit, Day on, std::size_t parent);
  void set_flags(std::size_t unit, Day on, std::string flags);
  void close(std::size_t unit, Day on);
  // The whole tree with its history: organisations, cells, a merger of two grassroots cells and
  // three cells that change committees on the day of the reorganisation, units closed before and
  // founded after.
  void build_tree(const std::vector<Organisation>& organisations);

  // ---- people
  std::size_t add_person(Person person);
  // A home membership; over the start of a merged unit or of a group it is written as two rows.
  void add_home(std::size_t person, std::size_t unit, Day from, Day until, std::string in_reason,
                std::string out_reason);
  void add_temporary(std::size_t person, std::size_t unit, Day from, Day until);
  // After the last person: numbers people in an order that tells nothing.
  void number_people();

  // ---- sheets
  [[nodiscard]] Sheet units_sheet() const;
  [[nodiscard]] Sheet unit_events_sheet() const;
  [[nodiscard]] Sheet decisions_sheet() const;
  [[nodiscard]] Sheet members_sheet() const;
  [[nodiscard]] Sheet memberships_sheet() const;
  // Headers in the language of the body.
  [[nodiscard]] Sheet sheet(std::string_view table, std::vector<std::string> header) const;

  void add_decision(std::vector<std::string> row) { decisions_.push_back(std::move(row)); }

  // ---- what the body files look at
  [[nodiscard]] const BodyPlan& plan() const { return plan_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] const std::vector<Unit>& units() const { return units_; }
  [[nodiscard]] Unit& unit(std::size_t index) { return units_[index]; }
  [[nodiscard]] const std::vector<Person>& people() const { return people_; }
  [[nodiscard]] Person& person(std::size_t index) { return people_[index]; }
  [[nodiscard]] const std::vector<Home>& homes() const { return homes_; }
  [[nodiscard]] std::string member_id(std::size_t person) const;
  [[nodiscard]] bool in_force(std::size_t unit, Day on) const;
  [[nodiscard]] std::size_t parent_on(std::size_t unit, Day on) const;
  // Units of a kind, or of a class when `kind` is empty, in force on a day.
  [[nodiscard]] std::vector<std::size_t> units_on(Day on, std::string_view kind,
                                                  std::string_view unit_class = {}) const;
  // Home unit of every person on a day; kNone without one.
  [[nodiscard]] std::vector<std::size_t> homes_on(Day on) const;

  [[nodiscard]] std::size_t root() const { return 0; }
  [[nodiscard]] std::size_t founded_later() const { return founded_later_; }
  [[nodiscard]] const std::vector<std::size_t>& closed_earlier() const { return closed_earlier_; }

 private:
  std::size_t add_organisation(const Organisation& organisation, std::size_t number, Day from);
  std::size_t add_cell(std::size_t committee, std::size_t number, Day from);
  void merge_predecessors(std::size_t unit, const Organisation& organisation, std::size_t& number);
  std::vector<std::size_t> cells_per_committee(std::size_t committees);
  void add_cells(const std::vector<std::size_t>& committees);
  void move_cells(const std::vector<std::size_t>& committees);
  void add_sections(const std::vector<std::size_t>& committees);

  BodyPlan plan_;
  Random random_;
  std::vector<Unit> units_;
  std::vector<Person> people_;
  std::vector<Home> homes_;
  std::vector<std::size_t> number_of_;  // of a person
  std::vector<UnitEvent> events_;
  std::vector<std::vector<std::string>> decisions_;
  std::size_t founded_later_ = kNone;
  std::vector<std::size_t> closed_earlier_;
};

}  // namespace dangbo::inline v1::generator
