// Small scope, all of it: every forest of up to five units, every sequence of three operations from
// an alphabet. After each commit the verdict, after each sequence every answer on every day as
// known at every commit must be the naive model's.
//
// The sequences are walked as a tree: an operation that is accepted is committed in a fork of the
// state before it, so that sequences share what they begin with. One that is refused leaves the
// state as it was, so the sequences through it are the shorter ones without it; each state is asked
// again after all that was tried on it. Every kReplayed-th sequence is played once more from its
// beginning, in a registry without forks.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "registry/model_support.hpp"
#include "registry/small_scope.hpp"

namespace dangbo::registry {
namespace {

using base::index_of;
using testing::kLength;
using testing::Naive;
using testing::NaiveView;
using testing::Operation;
using testing::Parents;

constexpr int kReplayed = 200;

// One unit on one day as known at one commit.
struct Answer {
  static constexpr int kNone = -1;    // no parent: a root
  static constexpr int kClosed = -2;  // not in force
  int parent = kClosed;
  int level = 0;
  std::int64_t own = 0;
  std::int64_t below = 0;
  friend bool operator==(const Answer&, const Answer&) = default;
};
// By day, then by unit.
using Answers = std::array<std::array<Answer, testing::kMaxUnits>, testing::kDays.size()>;

Answers answers_of(const Naive& model, int units) {
  Answers out;
  for (std::size_t day = 0; day < out.size(); ++day) {
    const NaiveView view(model, testing::kDays[day], model.head());
    for (const auto& [key, above] : view.parent) {
      Answer& answer = out[day][static_cast<std::size_t>(testing::unit_number(key))];
      answer.parent = above.empty() ? Answer::kNone : testing::unit_number(above);
      for (std::string at = above; !at.empty(); at = view.parent.at(at)) ++answer.level;
    }
    for (int unit = 0; unit < units; ++unit) {
      const auto number = [&](const std::map<std::string, int>& of) {
        const auto found = of.find(testing::unit_key(unit));
        return found == of.end() ? 0 : found->second;
      };
      out[day][static_cast<std::size_t>(unit)].own = number(view.own);
      out[day][static_cast<std::size_t>(unit)].below = number(view.below);
    }
  }
  return out;
}

class Walk {
 public:
  void run(const Parents& tree) {
    tree_ = tree;
    alphabet_ = testing::alphabet(static_cast<int>(tree.size()));
    most_ = std::max(most_, alphabet_.size());
    const auto registry = Registry::create();
    Naive model;
    ASSERT_TRUE(try_commit(*registry, model, testing::founding(tree)));
    known_ = {answers_of(model, units())};
    step(*registry, model, 0);
    sequences_ += static_cast<std::int64_t>(alphabet_.size() * alphabet_.size() * alphabet_.size());
    ++trees_;
  }

  void print() const {
    std::printf(
        "%d forests, %zu operations at most, %lld sequences of %d; %lld commits accepted, %lld "
        "refused; %lld answers compared, %lld of them not zero; %lld sequences played again "
        "without "
        "forks\n",
        trees_, most_, static_cast<long long>(sequences_), kLength,
        static_cast<long long>(accepted_), static_cast<long long>(refused_),
        static_cast<long long>(compared_), static_cast<long long>(not_zero_),
        static_cast<long long>(replayed_));
    std::string codes;
    for (const int fault : faults_) codes += " " + std::to_string(fault);
    std::printf("  refused as:%s\n", codes.c_str());
    std::fflush(stdout);
  }

  [[nodiscard]] int trees() const { return trees_; }
  [[nodiscard]] std::int64_t accepted() const { return accepted_; }
  [[nodiscard]] std::int64_t refused() const { return refused_; }
  [[nodiscard]] std::int64_t compared() const { return compared_; }
  [[nodiscard]] std::int64_t not_zero() const { return not_zero_; }
  [[nodiscard]] std::int64_t replayed() const { return replayed_; }
  [[nodiscard]] const std::set<int>& faults() const { return faults_; }

 private:
  [[nodiscard]] int units() const { return static_cast<int>(tree_.size()); }

  [[nodiscard]] std::string trace() const {
    std::string out = "forest " + testing::to_text(tree_) + ":";
    for (const std::size_t at : path_) out += " " + testing::to_text(alphabet_[at]);
    return out;
  }

  // One of the faults that the model names is among the registry's problems.
  static bool names_one(const absl::Status& status, const testing::Faults& faults) {
    const base::ProblemList problems = base::problems_of(status);
    return std::any_of(problems.kept().begin(), problems.kept().end(), [&](const auto& problem) {
      return faults.contains(static_cast<int>(problem.code));
    });
  }

  // Whether the registry says what the model said.
  bool agrees(const Registry& registry, const absl::StatusOr<CommitResult>& done,
              const testing::Faults& faults, int head) {
    const bool accepts = faults.empty();
    (accepts ? accepted_ : refused_) += 1;
    faults_.insert(faults.begin(), faults.end());
    const std::uint32_t now = index_of(registry.snapshot().commit());
    const bool same = done.ok() == accepts &&
                      now == static_cast<std::uint32_t>(accepts ? head + 1 : head) &&
                      (accepts || names_one(done.status(), faults));
    if (!same) {
      std::string expected = accepts ? " accepted" : "";
      for (const int fault : faults) expected += " " + std::to_string(fault);
      ADD_FAILURE() << trace() << "\nthe model says" << expected << "; the registry, at commit "
                    << now << ": " << done.status();
    }
    return same;
  }

  bool try_commit(Registry& registry, Naive& model, const testing::Draft& draft) {
    const int head = model.head();
    const testing::Faults faults = model.commit(draft, 0, "");
    return agrees(registry, registry.commit(change_of(draft, registry), {}), faults, head);
  }

  // False when the two differ.
  bool put(Registry& registry, const Operation& operation, const testing::Draft& draft,
           const testing::Faults& faults, int head) {
    if (operation.what != testing::What::kAdvance)
      return agrees(registry, registry.commit(change_of(draft, registry), {}), faults, head);
    return agrees(registry,
                  registry.advance(time::Date::from_days(testing::day_number(operation.day)), {}),
                  faults, head);
  }

  // `depth` operations have been accepted.
  void step(const Registry& state, Naive& model, int depth) {
    const int head = model.head();
    compare(state);
    if (depth == kLength || failed_) return;
    for (std::size_t i = 0; i < alphabet_.size() && !failed_; ++i) {
      const Operation& operation = alphabet_[i];
      path_.push_back(i);
      const testing::Draft draft = testing::write(operation, model);
      const testing::Faults faults = operation.what == testing::What::kAdvance
                                         ? model.advance(testing::day_number(operation.day), 0, "")
                                         : model.commit(draft, 0, "");
      if (!faults.empty()) {
        failed_ = !put(const_cast<Registry&>(state), operation, draft, faults, head);
      } else {
        const auto fork = state.snapshot().fork();
        failed_ = !put(*fork, operation, draft, faults, head);
        known_.push_back(answers_of(model, units()));
        if (!failed_) step(*fork, model, depth + 1);
        if (!failed_ && depth + 1 == kLength && ++leaves_ % kReplayed == 0) replay();
        known_.pop_back();
        testing::take_back(model, head);
      }
      path_.pop_back();
    }
    // Whatever was tried on it and on its forks: the state is as it was.
    if (!failed_) compare(state);
  }

  void compare(const Registry& registry) {
    const Snapshot now = registry.snapshot();
    for (std::size_t known = 0; known < known_.size(); ++known) {
      for (std::size_t day = 0; day < testing::kDays.size(); ++day) {
        const View view = now.at(time::Date::from_days(testing::kDays[day]),
                                 CommitNumber{static_cast<std::uint32_t>(known) + 1});
        for (int unit = 0; unit < units(); ++unit) {
          const Answer got = ask(view, unit);
          const Answer& expected = known_[known][day][static_cast<std::size_t>(unit)];
          ++compared_;
          not_zero_ += expected.below != 0 ? 1 : 0;
          if (got == expected) continue;
          failed_ = true;
          ADD_FAILURE() << trace() << "\nunit " << unit << " on day " << day << " as known at "
                        << known + 1 << ": parent, level, own, below are " << got.parent << ' '
                        << got.level << ' ' << got.own << ' ' << got.below << ", not "
                        << expected.parent << ' ' << expected.level << ' ' << expected.own << ' '
                        << expected.below;
          return;
        }
      }
    }
  }

  static Answer ask(const View& view, int unit) {
    Answer answer;
    const Snapshot& snapshot = view.snapshot();
    const auto slot = snapshot.find_unit(testing::unit_key(unit));
    if (!slot) return answer;
    const hierarchy::Tree& tree = view.tree();
    const auto at = tree.position_of(*slot);
    if (at != base::kNoPosition) {
      const auto parent = tree.parent_of(at);
      answer.parent = parent == base::kNoPosition
                          ? Answer::kNone
                          : testing::unit_number(snapshot.key_of(tree.slot_at(parent)));
      answer.level = static_cast<int>(tree.level_of(at));
    }
    answer.own = view.stock(*slot, false);
    answer.below = view.stock(*slot, true);
    return answer;
  }

  void replay() {
    const auto registry = Registry::create();
    Naive model;
    failed_ = !try_commit(*registry, model, testing::founding(tree_));
    for (const std::size_t at : path_) {
      if (failed_) return;
      const Operation& operation = alphabet_[at];
      const int head = model.head();
      const testing::Draft draft = testing::write(operation, model);
      const bool advances = operation.what == testing::What::kAdvance;
      const testing::Faults faults = advances
                                         ? model.advance(testing::day_number(operation.day), 0, "")
                                         : model.commit(draft, 0, "");
      failed_ = !put(*registry, operation, draft, faults, head);
    }
    compare(*registry);
    ++replayed_;
  }

  Parents tree_;
  std::vector<Operation> alphabet_;
  std::size_t most_ = 0;  // operations of an alphabet
  std::vector<std::size_t> path_;
  std::vector<Answers> known_;  // by commit, from the first on
  bool failed_ = false;
  int trees_ = 0;
  std::int64_t sequences_ = 0;
  std::int64_t leaves_ = 0;
  std::int64_t accepted_ = 0;
  std::int64_t refused_ = 0;
  std::int64_t compared_ = 0;
  std::int64_t not_zero_ = 0;
  std::int64_t replayed_ = 0;
  std::set<int> faults_;
};

TEST(ExhaustiveTest, ThreeOperationsOnEveryForestOfUpToFiveUnits) {
  Walk walk;
  for (int units = 1; units <= testing::kMaxUnits; ++units) {
    for (const Parents& tree : testing::forests(units)) {
      walk.run(tree);
      if (HasFailure()) return;
    }
    walk.print();
  }
  EXPECT_EQ(walk.trees(), 1 + 2 + 4 + 9 + 20);
  EXPECT_GT(walk.accepted(), 20'000);
  EXPECT_GT(walk.refused(), 5'000);
  EXPECT_GT(walk.not_zero(), walk.compared() / 5);
  EXPECT_GT(walk.replayed(), 50);
  // Missing values, keys twice, unknown keys, orphans, cycles, two homes and rows that are not
  // there.
  for (const int fault : {200, 300, 301, 304, 305, 306, 309})
    EXPECT_TRUE(walk.faults().contains(fault)) << fault;
}

}  // namespace
}  // namespace dangbo::registry
