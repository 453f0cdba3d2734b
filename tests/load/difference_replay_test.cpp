// Proof: random histories, an extract every few nights, the differences replayed. On every night
// compared, structure, homes and attributes are the truth's; what an extract cannot say is marked.
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dangbo/load/difference.hpp"
#include "load/load_support.hpp"

namespace dangbo::load {
namespace {

using testing::LoadTest;

struct Unit {
  std::string parent;
  std::string name;
  friend bool operator==(const Unit&, const Unit&) = default;
};
struct Member {
  std::string home;
  std::string status;
};
// What is true on one night.
struct Truth {
  std::map<std::string, Unit> units;
  std::map<std::string, Member> members;
};

class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {
    now_.units["K"] = {"", "K"};
    for (int i = 0; i < 3; ++i) now_.units[new_key("DB")] = {"K", "DB"};
    for (int i = 0; i < 8; ++i) now_.units[new_key("CB")] = {pick_committee(), "CB"};
    for (int i = 0; i < 40; ++i) now_.members[new_key("A")] = {pick_cell(), "DANG"};
  }

  const Truth& now() const { return now_; }
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_()) % end; }

  void live() {
    for (std::uint32_t events = below(6); events > 0; --events) happen();
  }

 private:
  std::string new_key(const std::string& prefix) { return prefix + std::to_string(++keys_); }
  std::string pick(const std::string& prefix) {
    std::vector<std::string> found;
    for (const auto& [key, unit] : now_.units)
      if (key.starts_with(prefix)) found.push_back(key);
    return found[below(static_cast<std::uint32_t>(found.size()))];
  }
  std::string pick_cell() { return pick("CB"); }
  std::string pick_committee() { return pick("DB"); }
  Member& pick_member() {
    auto at = now_.members.begin();
    std::advance(at, below(static_cast<std::uint32_t>(now_.members.size())));
    return at->second;
  }
  std::size_t count(const std::string& prefix) const {
    std::size_t found = 0;
    for (const auto& [key, unit] : now_.units) found += key.starts_with(prefix) ? 1U : 0U;
    return found;
  }

  void happen() {
    switch (below(9)) {
      case 0:
        now_.members[new_key("A")] = {pick_cell(), "DANG"};
        break;
      case 1:  // leaves, or comes back
        pick_member().home = "";
        break;
      case 2:
      case 3:
        pick_member().home = pick_cell();
        break;
      case 4:
        pick_member().status = below(2) == 0 ? "MIEN" : "DANG";
        break;
      case 5:
        now_.units[pick_cell()].name = new_key("tên ");
        break;
      case 6:
        now_.units[pick_cell()].parent = pick_committee();
        break;
      case 7:
        now_.units[new_key("CB")] = {pick_committee(), "CB"};
        break;
      default:
        below(2) == 0 ? end_cell() : end_committee();
    }
  }
  void end_cell() {
    if (count("CB") < 3) return;
    const std::string ended = pick_cell();
    now_.units.erase(ended);
    const std::string heir = pick_cell();
    for (auto& [key, member] : now_.members)
      if (member.home == ended) member.home = below(5) == 0 ? "" : heir;
  }
  void end_committee() {
    if (count("DB") < 2) return;
    const std::string ended = pick_committee();
    now_.units.erase(ended);
    const std::string heir = pick_committee();
    for (auto& [key, unit] : now_.units)
      if (unit.parent == ended) unit.parent = heir;
  }

  std::mt19937 random_;
  int keys_ = 0;
  Truth now_;
};

class DifferenceReplayTest : public LoadTest {
 protected:
  registry::Change extract(const Truth& truth) {
    std::string units = "unit_id,parent_id,name,kind\n";
    for (const auto& [key, unit] : truth.units)
      units += key + ',' + unit.parent + ',' + unit.name + ",CB\n";
    std::string members = "member_id,status\n";
    std::string homes = "member_id,unit_id,kind\n";
    for (const auto& [key, member] : truth.members) {
      if (member.home.empty()) continue;
      members += key + ',' + member.status + '\n';
      homes += key + ',' + member.home + ",home\n";
    }
    write("in/units.csv", units);
    write("in/members.csv", members);
    write("in/memberships.csv", homes);
    return read_paths({(folder_ / "in").string()});
  }

  void expect_truth(const Truth& truth, time::Date day) {
    const auto snapshot = registry_->snapshot();
    const registry::View view = snapshot.at(day);
    ASSERT_EQ(view.tree().size(), truth.units.size());
    const registry::Rows units = *snapshot.rows("units");
    std::map<std::string, std::int64_t> stocks;
    for (const auto& [key, member] : truth.members) {
      const auto slot = snapshot.find_member(key);
      const base::UnitSlot home = slot ? view.home_of(*slot) : base::kNoUnitSlot;
      ASSERT_EQ(home == base::kNoUnitSlot ? "" : snapshot.key_of(home), member.home) << key;
      if (member.home.empty()) continue;
      const auto status = snapshot.rows("members")->field("status");
      EXPECT_EQ(status->raw(view.member_row(*slot)), *status->find_word(member.status)) << key;
      for (std::string unit = member.home; !unit.empty(); unit = truth.units.at(unit).parent)
        ++stocks[unit];
    }
    for (const auto& [key, unit] : truth.units) {
      const base::UnitSlot slot = *snapshot.find_unit(key);
      const base::RowId row = view.unit_row(slot);
      ASSERT_NE(row, base::kNoRow) << key;
      EXPECT_EQ(units.field("name")->text(row), unit.name);
      const std::uint32_t parent = units.field("parent_id")->raw(row);
      EXPECT_EQ(unit.parent, units.field("parent_id")->is_missing(row)
                                 ? ""
                                 : snapshot.key_of(base::UnitSlot{parent}));
      EXPECT_EQ(view.stock(slot, true), stocks[key]) << key;
    }
  }

  // Every end that no host stated says since when: the extract before the one that showed it.
  void expect_marks(const std::map<time::Date, Truth>& nights) {
    const auto snapshot = registry_->snapshot();
    for (const char* name : {"units", "members", "memberships"}) {
      const registry::Rows rows = *snapshot.rows(name);
      for (std::uint32_t at = 0; at < rows.size(); ++at) {
        const base::RowId row{at};
        if (!rows.is_known(row, snapshot.commit())) continue;
        for (const auto& [end, mark] :
             {std::pair("from", "from_after"), std::pair("until", "until_after")}) {
          const auto day = rows.field(end)->date(row);
          const auto after = rows.field(mark)->date(row);
          ASSERT_EQ(day.has_value(), after.has_value()) << name << at;
          if (!day) continue;
          const auto night = nights.find(day->first_day());
          ASSERT_NE(night, nights.end());
          EXPECT_EQ(after->first_day(), std::prev(night)->first);
        }
      }
    }
  }
};

TEST_F(DifferenceReplayTest, EveryNightIsTheTruth) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    registry_ = registry::Registry::create();
    World world(seed);
    std::map<time::Date, Truth> nights;
    time::Date day = *time::Date::from_ymd(2024, 1, 1);
    std::uint64_t questions = 0;
    for (int night = 0; night < 30; ++night) {
      DifferenceOptions options;
      options.day = day;
      options.max_vanished = 1000;
      const auto found = difference(*registry_, extract(world.now()), options);
      ASSERT_TRUE(found.ok()) << found.status();
      questions += found->questions;
      const auto done = commit_difference(*registry_, *found, day,
                                          {.time = night, .source_version = day.to_string()});
      ASSERT_TRUE(done.ok()) << done.status() << found->script;
      nights[day] = world.now();
      const auto again = difference(*registry_, extract(world.now()), options);
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_TRUE(again->change.empty()) << again->script;
      expect_truth(world.now(), day);
      day = day.plus_days(1 + static_cast<std::int32_t>(world.below(3)));
      for (int i = 0; i < 2; ++i) world.live();
    }
    for (const auto& [when, truth] : nights) expect_truth(truth, when);
    expect_marks(nights);
    EXPECT_GT(questions, 0U);  // units ended while members or units stood in them
  }
}

}  // namespace
}  // namespace dangbo::load
