// Lineage and figures restated under another day's structure, against the slow way of the twin.
#include <gtest/gtest.h>

#include <map>

#include "dangbo/registry/lineage.hpp"
#include "dangbo/rollup/freeze.hpp"
#include "rollup/amend.hpp"
#include "rollup/naive_lineage.hpp"

namespace dangbo::test {

namespace {

constexpr unsigned kSeed = 20251127;

time::Date some_day(std::mt19937_64& random) {
  return day("2016-01-01").plus_days(static_cast<std::int32_t>(random() % 2200));
}

Amended reorganised(std::mt19937_64& random, int attempts) {
  History history = make_history(random);
  add_reorganisations(random, history);
  Amended amended = load(history);
  amend(random, amended, attempts);
  return amended;
}

class Names {
 public:
  explicit Names(const registry::Lineage& lineage) : lineage_(lineage) {}
  [[nodiscard]] std::set<std::string> of(const std::vector<base::UnitSlot>& units) const {
    std::set<std::string> out;
    std::string_view last;
    for (const base::UnitSlot unit : units) {
      const std::string_view key = lineage_.snapshot().key_of(unit);
      EXPECT_LT(last, key) << "sorted, each once";
      last = key;
      out.emplace(key);
    }
    return out;
  }

 private:
  const registry::Lineage& lineage_;
};

// Units that became others, several, or nothing.
struct Met {
  int others = 0;
  int several = 0;
  int none = 0;
  int long_ways = 0;  // through a unit that has ended too
};

void check_lineage(std::mt19937_64& random, const Amended& amended, Met& met) {
  const int commit = 1 + static_cast<int>(random() % static_cast<unsigned>(amended.commits));
  const registry::Lineage lineage(
      amended.registry->snapshot().as_of(base::CommitNumber{static_cast<std::uint32_t>(commit)}));
  const NaiveLineage naive(amended.history, commit);
  const Names names(lineage);
  const time::Date later = some_day(random);
  const time::Date earlier = some_day(random);
  for (const std::string& key : naive.units()) {
    const auto unit = lineage.snapshot().find_unit(key);
    if (!unit) continue;  // known later
    const auto found = names.of(lineage.successors(*unit, later));
    ASSERT_EQ(found, naive.successors(key, later)) << key << " on " << later.to_string();
    ASSERT_EQ(names.of(lineage.predecessors(*unit, later, earlier)),
              naive.predecessors(key, later, earlier))
        << key << " on " << later.to_string() << " from " << earlier.to_string();
    ASSERT_EQ(lineage.is_in_force(*unit, later), naive.in_force(key, later));
    if (found.size() > 1) ++met.several;
    if (found.empty()) ++met.none;
    if (found.empty() || found.contains(key)) continue;
    ++met.others;
    for (const auto& event : lineage.endings(*unit, later)) {
      if (!lineage.is_in_force(event.to, later) && !lineage.successors(event.to, later).empty()) {
        ++met.long_ways;
      }
    }
  }
}

TEST(LineageTwin, AgreesOnRandomHistories) {
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  Met met;
  for (int h = 0; h < 150; ++h) {
    const Amended amended = reorganised(random, 12);
    for (int i = 0; i < 12; ++i) check_lineage(random, amended, met);
    if (HasFailure()) FAIL() << "history " << h;
  }
  EXPECT_GT(met.others, 400);
  EXPECT_GT(met.several, 50);
  EXPECT_GT(met.none, 1000);
  EXPECT_GT(met.long_ways, 20);
}

TwinQuery restated_question(std::mt19937_64& random, const Amended& amended) {
  while (true) {
    TwinQuery query = make_query(random, amended.history);
    if (query.ask.of != "members") continue;
    if (query.share == "units") query.share.clear();
    if (query.share == "query") {
      query.share_query = query.ask;
      query.share_query.where.clear();
    }
    query.known_at = 1 + static_cast<int>(random() % static_cast<unsigned>(amended.commits));
    query.structure = some_day(random).to_string();
    return query;
  }
}

TEST(RestatedTwin, AgreesOnRandomQuestions) {
  std::cout << "seed " << kSeed + 1 << "\n";
  std::mt19937_64 random(kSeed + 1);
  int moved = 0;
  for (int h = 0; h < 60; ++h) {
    const Amended amended = reorganised(random, 10);
    for (int q = 0; q < 60; ++q) {
      TwinQuery question = restated_question(random, amended);
      const std::string json = to_json(question);
      const Lines found = ask(*amended.registry, json);
      ASSERT_EQ(found, twin_answer(amended.history, question))
          << "history " << h << ", question " << q << "\n"
          << json;
      question.structure.clear();
      if (found != ask(*amended.registry, to_json(question))) ++moved;
    }
  }
  EXPECT_GT(moved, 1000);  // the structure matters
}

// The number a note begins with that says so many could not be placed.
std::int64_t not_placed(const table::Table& result) {
  for (const base::Message& note : result.provenance().notes) {
    if (note.en.find("cannot be placed") != std::string::npos) return std::stoll(note.en);
  }
  return 0;
}

TEST(RestatedTwin, LosesNobodyUntold) {
  std::mt19937_64 random(kSeed + 2);
  std::cout << "seed " << kSeed + 2 << "\n";
  std::int64_t apart = 0;
  for (int h = 0; h < 60; ++h) {
    const Amended amended = reorganised(random, 6);
    for (int q = 0; q < 20; ++q) {
      const std::string on = some_day(random).to_string();
      const std::string plain = R"({"query":1,"of":"members","on":")" + on + "\"";
      const std::string restated =
          plain + R"(,"structure":")" + some_day(random).to_string() + "\"}";
      const std::int64_t stock = std::stoll(ask(*amended.registry, plain + "}")[1][0]);
      const table::Table result = ask_table(*amended.registry, restated);
      ASSERT_EQ(result.column(0).integer(0), stock - not_placed(result)) << restated;
      apart += not_placed(result);
      // Every unit by itself: the parts are the whole.
      const Lines parts = ask(*amended.registry, restated.substr(0, restated.size() - 1) +
                                                     R"(,"each":"all","scope":"own"})");
      std::int64_t sum = 0;
      for (std::size_t i = 1; i < parts.size(); ++i) sum += std::stoll(parts[i][2]);
      ASSERT_EQ(sum, result.column(0).integer(0)) << restated;
    }
  }
  EXPECT_GT(apart, 500);
}

// The effects of the causes by cell.
std::map<std::string, std::int64_t> effects_of(const table::Table& causes) {
  std::map<std::string, std::int64_t> sums;
  for (std::size_t row = 0; row < causes.row_count(); ++row) {
    sums[causes.column(0).display(row)] += causes.column(*causes.find("effect")).integer(row);
  }
  return sums;
}

TEST(RestatedTwin, FrozenFiguresAreComputedAgain) {
  std::cout << "seed " << kSeed + 3 << "\n";
  std::mt19937_64 random(kSeed + 3);
  std::size_t differing = 0;
  std::map<std::string, int> causes;
  for (int h = 0; h < 40; ++h) {
    const Amended amended = reorganised(random, 14);
    const registry::Snapshot snapshot = amended.registry->snapshot();
    for (int q = 0; q < 25; ++q) {
      const TwinQuery question = restated_question(random, amended);
      const auto query = rollup::Query::parse(to_json(question));
      ASSERT_TRUE(query.ok()) << query.status();
      const auto frozen = rollup::freeze(snapshot, *query);
      ASSERT_TRUE(frozen.ok()) << frozen.status();
      const auto read = rollup::Frozen::parse(frozen->to_json());
      ASSERT_TRUE(read.ok()) << read.status();
      const auto compared = rollup::compare(snapshot, *read);
      ASSERT_TRUE(compared.ok()) << compared.status();
      const auto effects = effects_of(compared->causes);
      const table::Table& cells = compared->cells;
      for (std::size_t row = 0; row < cells.row_count(); ++row) {
        const auto effect = effects.find(cells.column(0).display(row));
        ASSERT_NE(effect, effects.end()) << question.structure;
        ASSERT_EQ(effect->second, cells.column(*cells.find("difference")).integer(row));
      }
      differing += compared->differing;
      for (std::size_t row = 0; row < compared->causes.row_count(); ++row) {
        ++causes[compared->causes.column(*compared->causes.find("cause")).display(row)];
      }
    }
  }
  EXPECT_GT(differing, 90U);
  EXPECT_GT(causes["reorganisation"], 40);
  EXPECT_EQ(causes["not_broken_down"], 0);
}

}  // namespace

}  // namespace dangbo::test
