// One writer beside readers that never wait. Every commit keeps promises that half a commit would
// break; the readers look for a snapshot that breaks one, and ask old snapshots the same again.
// Nothing but the registry orders the writer and the readers, so that ThreadSanitizer sees what the
// library does. DANGBO_SEED=n runs with other random numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "dangbo/registry/history.hpp"
#include "registry/support.hpp"

namespace dangbo::registry {
namespace {

using base::index_of;
using testing::text_table;
using testing::TextRow;

constexpr int kReaders = 3;
constexpr int kCells = 8;
constexpr int kFirstMembers = 40;
// Meetings before the first commit of the writer: its own cross the end of a chunk.
constexpr int kFirstMeetings = static_cast<int>(kChunkRows) - 60;
constexpr int kCommits = 250;
constexpr int kLooksEach = 120;
const time::Date kStart = testing::day(2020, 1, 1);

std::uint64_t seed() {
  const char* wanted = std::getenv("DANGBO_SEED");
  return wanted == nullptr ? 1 : std::strtoull(wanted, nullptr, 10);
}

class Random {
 public:
  explicit Random(std::uint64_t number) : random_(number) {}
  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  time::Date day() { return time::Date::from_days(kStart.days() + below(3000)); }

 private:
  std::mt19937_64 random_;
};

// What a commit promises. On every day from the start on
//   - each member has one home, below ROOT: the stock of ROOT is the number of members;
// and, whatever the day,
//   - the names of ROOT and of the members p and q are the number of the commit that wrote them,
//   the
//     latest but for one that only moves the day;
//   - there are three meetings more for each such commit.
class Writer {
 public:
  Writer(Registry& registry, std::uint64_t number) : registry_(registry), random_(number) {}

  void found() {
    Change change(registry_);
    std::vector<TextRow> units = {{"ROOT", "", "1"}};
    std::vector<TextRow> members = {{"p", "1"}, {"q", "1"}};
    for (int i = 0; i < kCells; ++i) units.push_back({cell(i), "ROOT", ""});
    cells_ = kCells;
    for (int i = 0; i < kFirstMembers; ++i) members.push_back({member(i), ""});
    std::vector<TextRow> homes;
    for (const TextRow& row : members) {
      homes_.push_back({row[0], kStart});
      homes.push_back({row[0], cell(random_.below(cells_)), "home", kStart.to_string()});
    }
    change.add_table("units", with_kind({"unit_id", "parent_id", "name"}, units), "u");
    change.add_table("members", text_table({"member_id", "full_name"}, members), "m");
    change.add_table("memberships", homes_table(homes), "s");
    change.add_table("meetings", meetings(kFirstMeetings), "h");
    const auto done = registry_.commit(std::move(change), {});
    ASSERT_TRUE(done.ok()) << done.status();
    commit_ = 1;
  }

  void advance() {
    const auto day = time::Date::from_days(kStart.days() + commit_);
    const auto done = registry_.advance(day, {.time = commit_, .source_version = ""});
    ASSERT_TRUE(done.ok()) << done.status();
    ++commit_;
  }

  void change() {
    Change change(registry_);
    const std::string number = std::to_string(commit_ + 1);
    change.correct("units", text_table({"unit_id"}, {{"ROOT"}}), text_table({"name"}, {{number}}),
                   "tên");
    change.correct("members", text_table({"member_id"}, {{"p"}, {"q"}}),
                   text_table({"full_name"}, {{number}, {number}}), "tên");
    change.add_table("meetings", meetings(3), "h");
    if (commit_ % 5 == 0) found_unit(change);
    if (commit_ % 7 == 0) reparent(change);
    if (commit_ % 3 == 0) admit(change);
    move_some(change);
    const CommitInfo info{.time = commit_,
                          .source_version = commit_ % 2 == 0 ? "bản " + number : std::string()};
    const auto done = registry_.commit(std::move(change), info);
    ASSERT_TRUE(done.ok()) << done.status();
    ASSERT_EQ(index_of(done->number), static_cast<std::uint32_t>(++commit_));
  }

  // A home's owner and the day it began on.
  struct Home {
    std::string member;
    time::Date since;
  };

  static std::string cell(int number) { return "c" + std::to_string(number); }
  static std::string member(int number) { return "m" + std::to_string(number); }

 private:
  static table::Table with_kind(std::vector<std::string> header, std::vector<TextRow> rows) {
    header.emplace_back("kind");
    for (TextRow& row : rows) row.emplace_back("CB");
    return text_table(header, rows);
  }
  static table::Table homes_table(const std::vector<TextRow>& rows) {
    return text_table({"member_id", "unit_id", "kind", "from"}, rows);
  }
  table::Table meetings(int rows) {
    std::vector<TextRow> out;
    for (int i = 0; i < rows; ++i)
      out.push_back({cell(random_.below(cells_)), "2020-03", "regular", std::to_string(i)});
    return text_table({"unit_id", "month", "kind", "present_n"}, out);
  }

  void found_unit(Change& change) {
    change.add_table(
        "units",
        with_kind({"unit_id", "parent_id"},
                  {{cell(cells_), random_.below(2) == 0 ? "ROOT" : cell(random_.below(cells_))}}),
        "u");
    ++cells_;
  }
  // Back under ROOT: never a cycle.
  void reparent(Change& change) {
    change.correct("units", text_table({"unit_id"}, {{cell(random_.below(kCells))}}),
                   text_table({"parent_id"}, {{"ROOT"}}), "chuyển");
  }
  void admit(Change& change) {
    std::vector<TextRow> members;
    std::vector<TextRow> homes;
    for (int i = 0; i < 2; ++i) {
      const std::string key = member(static_cast<int>(homes_.size()) - 2);
      members.push_back({key, "người mới"});
      homes.push_back({key, cell(random_.below(cells_)), "home", kStart.to_string()});
      homes_.push_back({key, kStart});
    }
    change.add_table("members", text_table({"member_id", "full_name"}, members), "m");
    change.add_table("memberships", homes_table(homes), "s");
  }
  void move_some(Change& change) {
    std::vector<TextRow> from;
    std::vector<TextRow> until;
    std::vector<TextRow> to;
    // Members of earlier commits; each at most once.
    const int first = random_.below(kFirstMembers - 2);
    for (int i = first; i < first + 2; ++i) {
      Home& home = homes_[static_cast<std::size_t>(i)];
      home.since = time::Date::from_days(home.since.days() + 1 + random_.below(20));
      from.push_back({home.member, "home", ""});
      until.push_back({home.since.to_string()});
      to.push_back({home.member, cell(random_.below(cells_)), "home", home.since.to_string()});
    }
    change.correct("memberships", text_table({"member_id", "kind", "until"}, from),
                   text_table({"until"}, until), "đi");
    change.add_table("memberships", homes_table(to), "đến");
  }

  Registry& registry_;
  Random random_;
  int commit_ = 0;
  int cells_ = 0;
  std::vector<Home> homes_;
};

// Everything a reader asks of one snapshot.
struct Answers {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
  friend bool operator==(const Answers&, const Answers&) = default;
};

class Reader {
 public:
  Reader(const Registry& registry, std::uint64_t number) : registry_(registry), random_(number) {}

  void look() {
    const Snapshot now = registry_.snapshot();
    EXPECT_GE(now.commit(), last_) << "the head went back";
    commits_ += now.commit() != last_ ? 1 : 0;
    last_ = now.commit();
    check_promises(now);
    check_keys(now);
    if (random_.below(4) == 0) kept_.push_back({now, answers(now)});
    if (!kept_.empty()) {
      const Kept& old =
          kept_[static_cast<std::size_t>(random_.below(static_cast<int>(kept_.size())))];
      EXPECT_EQ(answers(old.snapshot), old.answers) << "commit " << index_of(old.snapshot.commit());
      check_known_at(now, old.snapshot);
      ++asked_again_;
    }
    if (random_.below(6) == 0) try_fork(now);
    if (random_.below(10) == 0) {
      EXPECT_EQ(log_table(now).row_count(), index_of(now.commit()));
      const Rows rows = *now.rows("units");
      std::uint32_t known = 0;
      for (std::uint32_t row = 0; row < rows.size(); ++row)
        known += rows.is_known(RowId{row}, now.commit()) ? 1U : 0U;
      EXPECT_EQ(rows_table(now, "units")->row_count(), known);
    }
    looks_.fetch_add(1, std::memory_order_relaxed);
  }

  // For the writer, that it does not end before anybody looked. Orders nothing.
  [[nodiscard]] int looks() const { return looks_.load(std::memory_order_relaxed); }
  [[nodiscard]] int commits() const { return commits_; }
  [[nodiscard]] int asked_again() const { return asked_again_; }
  [[nodiscard]] int forks() const { return forks_; }

 private:
  struct Kept {
    Snapshot snapshot;
    Answers answers;
  };

  void check_promises(const Snapshot& now) {
    SCOPED_TRACE("commit " + std::to_string(index_of(now.commit())));
    const UnitSlot root = *now.find_unit("ROOT");
    const View view = now.at(random_.day());
    EXPECT_EQ(view.stock(root, true), static_cast<std::int64_t>(now.member_count()));
    EXPECT_EQ(view.tree().size(), now.unit_count());
    for (int i = 0; i < 5; ++i) {
      const auto member = base::MemberSlot{
          static_cast<std::uint32_t>(random_.below(static_cast<int>(now.member_count())))};
      const UnitSlot home = view.home_of(member);
      EXPECT_NE(home, base::kNoUnitSlot) << now.key_of(member);
      EXPECT_LT(index_of(home), now.unit_count());
      EXPECT_GT(view.stock(home, false), 0) << now.key_of(member);
    }
    const Rows units = *now.rows("units");
    const Rows members = *now.rows("members");
    const RowId at = view.unit_row(root);
    const std::uint32_t written = index_of(units.recorded(at));
    EXPECT_LE(index_of(now.commit()) - written, 1U);
    EXPECT_EQ(units.field("name")->text(at), std::to_string(written));
    for (const char* key : {"p", "q"}) {
      const RowId row = view.member_row(*now.find_member(key));
      EXPECT_EQ(index_of(members.recorded(row)), written);
      EXPECT_EQ(members.field("full_name")->text(row), std::to_string(written));
    }
    const Rows meetings = *now.rows("meetings");
    std::uint32_t changes = 0;
    for (RowId row = at; row != base::kNoRow; row = units.corrects(row)) ++changes;
    EXPECT_EQ(meetings.size(), static_cast<std::uint32_t>(kFirstMeetings) + 3 * (changes - 1));
    const RowId last{meetings.size() - 1};
    EXPECT_EQ(index_of(meetings.recorded(last)), written);
    EXPECT_EQ(meetings.field("present_n")->integer(last), changes == 1 ? kFirstMeetings - 1 : 2);
    EXPECT_EQ(meetings.field("month")->text(last), "2020-03");
    EXPECT_LT(index_of(meetings.unit_of(last)), now.unit_count());
  }

  // Keys of this snapshot are found, keys of later commits are not.
  void check_keys(const Snapshot& now) {
    const auto units = static_cast<int>(now.unit_count());
    const auto members = static_cast<int>(now.member_count());
    EXPECT_EQ(now.find_unit(Writer::cell(units - 2)), UnitSlot{now.unit_count() - 1});
    EXPECT_FALSE(now.find_unit(Writer::cell(units - 1)));
    EXPECT_EQ(now.find_member(Writer::member(members - 3)),
              base::MemberSlot{now.member_count() - 1});
    EXPECT_FALSE(now.find_member(Writer::member(members - 2)));
    const UnitSlot unit{static_cast<std::uint32_t>(random_.below(units))};
    EXPECT_EQ(now.find_unit(now.key_of(unit)), unit);
    EXPECT_EQ(now.slot_of(now.id_of(unit)), unit);
    const Rows rows = *now.rows("units");
    for (RowId row = rows.newest_of(unit); row != base::kNoRow; row = rows.previous_of_unit(row)) {
      EXPECT_LT(index_of(row), rows.size());
      EXPECT_EQ(rows.unit_of(row), unit);
    }
  }

  // The present snapshot, asked as of an old one's commit.
  void check_known_at(const Snapshot& now, const Snapshot& old) {
    const time::Date day = random_.day();
    const View then = now.at(day, old.commit());
    const View was = old.at(day);
    EXPECT_EQ(then.tree().size(), was.tree().size());
    for (std::uint32_t unit = 0; unit < old.unit_count(); ++unit)
      EXPECT_EQ(then.stock(UnitSlot{unit}, true), was.stock(UnitSlot{unit}, true));
  }

  static Answers answers(const Snapshot& snapshot) {
    Answers out;
    out.numbers = {snapshot.unit_count(), snapshot.member_count(),
                   snapshot.current_day() ? snapshot.current_day()->days() : 0,
                   index_of(snapshot.last_commit_at(1'000'000)), snapshot.rows("meetings")->size()};
    for (const int days : {100, 1000}) {
      const View view = snapshot.at(time::Date::from_days(kStart.days() + days));
      for (std::uint32_t unit = 0; unit < snapshot.unit_count(); ++unit)
        out.numbers.push_back(view.stock(UnitSlot{unit}, true));
      for (std::uint32_t member = 0; member < snapshot.member_count(); ++member) {
        out.numbers.push_back(index_of(view.home_of(base::MemberSlot{member})));
        out.numbers.push_back(index_of(view.member_row(base::MemberSlot{member})));
      }
    }
    const Rows members = *snapshot.rows("members");
    const auto name = *members.field("full_name");
    for (std::uint32_t row = 0; row < members.size(); ++row) {
      out.texts.emplace_back(name.text(RowId{row}));
      out.numbers.push_back(index_of(members.recorded(RowId{row})));
      out.numbers.push_back(members.is_known(RowId{row}, snapshot.commit()) ? 1 : 0);
    }
    return out;
  }

  // A what-if beside the writer: all members of the first cell move to one of the fork's own.
  void try_fork(const Snapshot& now) {
    const time::Date day = testing::day(2035, 1, 1);
    const UnitSlot root = *now.find_unit("ROOT");
    const UnitSlot cell = *now.find_unit(Writer::cell(0));
    const std::int64_t moved = now.at(day).stock(cell, false);
    const auto fork = now.fork();
    Change change(*fork);
    change.add_table("units", text_table({"unit_id", "kind", "parent_id"}, {{"NEW", "CB", "ROOT"}}),
                     "u");
    std::vector<TextRow> from;
    std::vector<TextRow> to;
    for (std::uint32_t i = 0; i < now.member_count(); ++i) {
      if (now.at(day).home_of(base::MemberSlot{i}) != cell) continue;
      from.push_back({std::string(now.key_of(base::MemberSlot{i})), "home", ""});
      to.push_back({from.back()[0], "NEW", "home", "2034-01-01"});
    }
    if (!from.empty()) {
      change.correct("memberships", text_table({"member_id", "kind", "until"}, from),
                     text_table({"until"}, std::vector<TextRow>(from.size(), {"2034-01-01"})),
                     "đi");
      change.add_table("memberships", text_table({"member_id", "unit_id", "kind", "from"}, to),
                       "đến");
    }
    const auto done = fork->commit(std::move(change), {.time = 1'000'000, .source_version = ""});
    ASSERT_TRUE(done.ok()) << done.status();
    const Snapshot after = fork->snapshot();
    EXPECT_EQ(after.at(day).stock(*after.find_unit("NEW"), false), moved);
    EXPECT_EQ(after.at(day).stock(cell, false), 0);
    EXPECT_EQ(after.at(day).stock(root, true), static_cast<std::int64_t>(now.member_count()));
    EXPECT_EQ(now.at(day).stock(cell, false), moved);
    EXPECT_FALSE(now.find_unit("NEW"));
    ++forks_;
  }

  const Registry& registry_;
  Random random_;
  CommitNumber last_{0};
  std::vector<Kept> kept_;
  std::atomic<int> looks_{0};
  int commits_ = 0;
  int asked_again_ = 0;
  int forks_ = 0;
};

TEST(RegistryThreadsTest, ReadersNeverSeeHalfACommit) {
  const auto registry = Registry::create();
  Writer writer(*registry, seed());
  writer.found();
  ASSERT_FALSE(HasFatalFailure());
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::uint64_t i = 0; i < kReaders; ++i)
    readers.push_back(std::make_unique<Reader>(*registry, seed() * 100 + i));
  std::atomic<bool> is_over{false};
  std::vector<std::thread> threads;
  for (auto& reader : readers) {
    threads.emplace_back([&reader = *reader, &is_over] {
      while (!is_over.load(std::memory_order_relaxed)) reader.look();
    });
  }
  int commits = 1;
  const auto everybody_looked = [&] {
    return std::all_of(readers.begin(), readers.end(),
                       [&](const auto& reader) { return reader->looks() >= kLooksEach; });
  };
  for (; (commits < kCommits || !everybody_looked()) && !HasFailure(); ++commits) {
    // Enough is written; the slowest reader is waited for.
    if (commits >= kCommits) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (commits % 10 == 3) {
      writer.advance();
    } else {
      writer.change();
    }
  }
  is_over.store(true, std::memory_order_relaxed);
  for (std::thread& thread : threads) thread.join();
  std::printf("DANGBO_SEED=%llu: %d commits", static_cast<unsigned long long>(seed()), commits);
  for (const auto& reader : readers) {
    std::printf("; %d looks at %d commits, %d asked again, %d forks", reader->looks(),
                reader->commits(), reader->asked_again(), reader->forks());
    EXPECT_GE(reader->looks(), kLooksEach);
    EXPECT_GT(reader->commits(), 20);
    EXPECT_GT(reader->forks(), 5);
  }
  std::printf("\n");
}

// Copies of one view build it once, whoever asks first.
TEST(RegistryThreadsTest, ReadersShareAView) {
  const auto registry = Registry::create();
  Writer writer(*registry, seed());
  writer.found();
  ASSERT_FALSE(HasFatalFailure());
  const Snapshot now = registry->snapshot();
  std::atomic<std::int64_t> sum{0};
  for (int round = 0; round < 50; ++round) {
    const View view = now.at(time::Date::from_days(kStart.days() + round));
    std::vector<std::thread> threads;
    for (int i = 0; i < kReaders; ++i) {
      threads.emplace_back([copy = view, &sum] {
        const UnitSlot root = *copy.snapshot().find_unit("ROOT");
        sum.fetch_add(copy.stock(root, true), std::memory_order_relaxed);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(sum.load(), std::int64_t{50} * kReaders * now.member_count());
}

}  // namespace
}  // namespace dangbo::registry
