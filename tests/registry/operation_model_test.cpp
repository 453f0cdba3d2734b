// Random operations, on any day in any order, against a calendar that says what they mean.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "operation_model.hpp"

namespace dangbo::testing {
namespace {

using Model = OperationModel;
using registry::Change;
using registry::Registry;

constexpr int kRuns = 400;
constexpr int kSteps = 250;

std::string problems_of(const absl::Status& status) {
  std::string lines;
  const base::ProblemList problems = base::problems_of(status);
  for (const base::Problem& problem : problems.kept())
    lines += to_line(problem, base::Language::kEnglish) + "\n";
  return lines.empty() ? status.ToString() : lines;
}

class OperationRun {
 public:
  explicit OperationRun(unsigned seed) : random_(seed) {
    Change change(*registry_);
    model_.add_start(change);
    EXPECT_TRUE(registry_->commit(std::move(change), {}).ok());
  }

  void step(std::map<std::string, int>& accepted, std::map<std::string, int>& refused) {
    const Model::Step step = model_.random_step(random_);
    Change change(*registry_);
    change.add_operation(step.operation);
    const auto done = registry_->commit(std::move(change), {});
    const bool is_latest = step.day >= last_day_ && !step.reuses_key;
    if (done.ok()) {
      ASSERT_TRUE(step.after.has_value()) << step.word << " on day " << step.day << " was accepted";
      model_.become(*step.after);
      last_day_ = std::max(last_day_, step.day);
      ++accepted[step.word];
      return;
    }
    ++refused[step.word];
    // What was decided for later days may forbid more than the calendar shows.
    ASSERT_FALSE(step.after.has_value() && is_latest)
        << step.word << " on day " << step.day << ": " << problems_of(done.status());
  }

  // Every unit, member and day. The with-below count walks up the calendar; the library's is a
  // range.
  void compare() const {
    const auto snapshot = registry_->snapshot();
    const registry::Rows rows = *snapshot.rows("units");
    const auto name = *rows.field("name");
    for (int d = 0; d < Model::kDays; ++d) {
      const auto view = snapshot.at(Model::day(d));
      for (int m = 0; m < Model::kMembers; ++m) {
        const auto home = view.home_of(*snapshot.find_member(Model::member_key(m)));
        const int expected = model_.state().home[m][d];
        ASSERT_EQ(home == base::kNoUnitSlot ? "" : snapshot.key_of(home),
                  expected == Model::kNone ? "" : Model::unit_key(expected))
            << "m" << m << " day " << d;
      }
      for (int u = 0; u < Model::kUnits; ++u) {
        const auto slot = snapshot.find_unit(Model::unit_key(u));
        const bool stands = slot && view.unit_row(*slot) != base::kNoRow;
        ASSERT_EQ(stands, model_.state().parent[u][d] != Model::kAbsent)
            << "u" << u << " day " << d;
        if (!stands) continue;
        ASSERT_EQ(name.text(view.unit_row(*slot)), Model::name_of(model_.state().name[u][d]));
        ASSERT_EQ(view.stock(*slot, false), model_.stock(u, d, false)) << "u" << u << " day " << d;
        ASSERT_EQ(view.stock(*slot, true), model_.stock(u, d, true)) << "u" << u << " day " << d;
      }
    }
  }

 private:
  std::mt19937 random_;
  Model model_;
  std::unique_ptr<Registry> registry_ = Registry::create();
  int last_day_ = 0;
};

TEST(OperationModelTest, RandomOperationsMeanWhatTheCalendarSays) {
  std::map<std::string, int> accepted;
  std::map<std::string, int> refused;
  for (unsigned run = 0; run < kRuns; ++run) {
    SCOPED_TRACE("seed " + std::to_string(run));
    OperationRun operations(run);
    for (int i = 0; i < kSteps; ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      ASSERT_NO_FATAL_FAILURE(operations.step(accepted, refused));
      if (i % 125 == 124) {
        ASSERT_NO_FATAL_FAILURE(operations.compare());
      }
    }
  }
  for (const auto& [word, count] : accepted) {
    std::printf("%-10s %6d carried out, %6d refused\n", word.c_str(), count, refused[word]);
    EXPECT_GT(count, 100) << word;
  }
  EXPECT_EQ(accepted.size(), 11U);
}

}  // namespace
}  // namespace dangbo::testing
