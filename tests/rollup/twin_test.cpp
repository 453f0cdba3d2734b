#include <gtest/gtest.h>

#include <iostream>

#include "rollup/amend.hpp"

namespace dangbo::test {

namespace {

// Units and members of the second commit do not exist for the first; a query that names them by
// key is still well formed, as the snapshot knows them.
TEST(Twin, AgreesOnRandomQuestions) {
  constexpr int kHistories = 80;
  constexpr int kQuestions = 250;
  std::mt19937_64 random(20201130);
  int rows = 0;
  int counted = 0;
  std::size_t cells = 0;
  for (int h = 0; h < kHistories; ++h) {
    const History history = make_history(random);
    const Amended loaded = load(history);
    if (HasFailure()) return;
    for (int q = 0; q < kQuestions; ++q) {
      const TwinQuery question = make_query(random, history);
      const std::string json = to_json(question);
      const Lines found = ask(*loaded.registry, json);
      const Lines expected = twin_answer(history, question);
      ASSERT_EQ(found, expected) << "history " << h << ", question " << q << "\n" << json;
      rows += static_cast<int>(found.size()) - 1;
      cells += (found.size() - 1) * found.front().size();
      if (found.size() > 1) {
        const auto at = std::find(found[0].begin(), found[0].end(),
                                  question.ask.sum.empty() ? "count" : question.ask.measure);
        counted += found[1][static_cast<std::size_t>(at - found[0].begin())] != "0" ? 1 : 0;
      }
    }
  }
  RecordProperty("cells", static_cast<int>(cells));
  std::cout << cells << " cells compared\n";
  // The questions must not be empty ones.
  EXPECT_GT(rows, kHistories * kQuestions);
  EXPECT_GT(counted, kHistories * kQuestions / 6);
}

// Rows corrected and withdrawn: every commit answers as it knew.
TEST(Twin, AgreesOnHistoriesThatWereAmended) {
  constexpr int kHistories = 25;
  constexpr int kQuestions = 120;
  std::mt19937_64 random(20261127);
  int commits = 0;
  for (int h = 0; h < kHistories; ++h) {
    Amended amended = load(make_history(random));
    amend(random, amended, 20);
    if (HasFailure()) return;
    commits += amended.commits - 2;
    for (int q = 0; q < kQuestions; ++q) {
      TwinQuery question = make_query(random, amended.history);
      question.known_at = 1 + static_cast<int>(random() % static_cast<unsigned>(amended.commits));
      const std::string json = to_json(question);
      ASSERT_EQ(ask(*amended.registry, json), twin_answer(amended.history, question))
          << "history " << h << ", question " << q << "\n"
          << json;
    }
  }
  EXPECT_GT(commits, kHistories * 6);  // enough of the attempts are possible
}

// Commit after commit, asked between: rows touched since they were laid out stand in a tail.
TEST(Twin, AgreesBetweenCommits) {
  constexpr int kHistories = 20;
  constexpr int kRounds = 12;
  constexpr int kQuestions = 12;
  std::mt19937_64 random(20261128);
  int commits = 0;
  for (int h = 0; h < kHistories; ++h) {
    Amended amended = load(make_history(random));
    for (int round = 0; round < kRounds; ++round) {
      amend(random, amended, 1 + round % 3);
      if (HasFailure()) return;
      for (int q = 0; q < kQuestions; ++q) {
        TwinQuery question = make_query(random, amended.history);
        if (q % 3 == 1) {
          question.ask = {};
          question.ask.of = "members";
          question.share.clear();
          question.having.reset();
          question.by = {"sex", "standing"};
          question.bands.clear();
        }
        question.known_at = amended.commits;
        const std::string json = to_json(question);
        ASSERT_EQ(ask(*amended.registry, json), twin_answer(amended.history, question))
            << "history " << h << ", round " << round << ", question " << q << "\n"
            << json;
      }
    }
    commits += amended.commits;
  }
  EXPECT_GT(commits, kHistories * 8);
}

}  // namespace

}  // namespace dangbo::test
