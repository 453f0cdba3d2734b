// A process that writes to a real file is killed at any moment.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <random>
#include <string>

#include "registry/fault_support.hpp"

namespace dangbo::registry {
namespace {

using testing::TemporaryFolder;
using testing::text_table;

// Commit n of the loop, counted from 1: a unit, then a member each.
absl::Status commit_number(Registry& registry, std::uint32_t number) {
  Change change(registry);
  if (number == 1) {
    change.add_table("units", text_table({"unit_id", "kind"}, {{"A", "CB"}}), "u");
  } else {
    change.add_table("members",
                     text_table({"member_id", "extra"},
                                {{"m" + std::to_string(number), std::string(2000, 'x')}}),
                     "m");
  }
  return registry.commit(std::move(change), {.time = number, .source_version = ""}).status();
}

// Opens or creates the file, commits without end and writes the number of each commit to `out` once
// it has returned. Exit code 3: something was refused.
[[noreturn]] void commit_until_killed(const std::string& path, int out) {
  auto registry = Registry::open(path, OpenMode::kWrite);
  if (!registry.ok()) registry = Registry::open(path, OpenMode::kCreate);
  if (!registry.ok()) {
    std::cerr << registry.status() << "\n";
    _exit(3);
  }
  auto number = static_cast<std::uint32_t>(base::index_of((*registry)->snapshot().commit()));
  while (true) {
    if (!commit_number(**registry, ++number).ok()) _exit(3);
    if (write(out, &number, sizeof(number)) != sizeof(number)) _exit(3);
    if (number % 7 == 0 && !(*registry)->compact().ok()) _exit(3);
    if (number % 11 == 0) {  // closing and opening are killed too
      registry->reset();
      registry = Registry::open(path, OpenMode::kWrite);
      if (!registry.ok()) _exit(3);
    }
  }
}

// Lets it run for a while, then kills it. The last commit it told of; nothing: none.
std::uint32_t run_and_kill(const std::string& path, useconds_t microseconds) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    commit_until_killed(path, ends[1]);
  }
  close(ends[1]);
  usleep(microseconds);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << WEXITSTATUS(status);
  std::uint32_t last = 0;
  std::uint32_t number = 0;
  while (read(ends[0], &number, sizeof(number)) == sizeof(number)) last = number;
  close(ends[0]);
  return last;
}

void expect_whole(const Registry& registry, std::uint32_t commits) {
  const Snapshot snapshot = registry.snapshot();
  ASSERT_EQ(snapshot.unit_count(), commits == 0 ? 0U : 1U);
  ASSERT_EQ(snapshot.member_count(), commits == 0 ? 0U : commits - 1);
  for (std::uint32_t i = 0; i < snapshot.member_count(); ++i)
    ASSERT_EQ(snapshot.key_of(base::MemberSlot{i}), "m" + std::to_string(i + 2));
}

TEST(FileKillTest, WhatWasToldIsThere) {
  constexpr int kKills = 40;
  constexpr int kKillsOfOneFile = 8;
  std::mt19937_64 random(testing::printed_seed(1));
  const TemporaryFolder folder;
  std::uint64_t told = 0;
  int untold = 0;
  std::uint32_t known = 0;
  for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
    if (kill % kKillsOfOneFile == 0) known = 0;
    SCOPED_TRACE("kill " + std::to_string(kill));
    const std::string path = folder.file(std::to_string(kill / kKillsOfOneFile));
    const std::uint32_t last =
        std::max(known, run_and_kill(path, static_cast<useconds_t>(random() % 150'000)));
    const auto registry = Registry::open(path, OpenMode::kRead);
    if (!registry.ok() && last == 0) continue;  // killed while it was created
    ASSERT_TRUE(registry.ok()) << registry.status();
    known = base::index_of((*registry)->snapshot().commit());
    EXPECT_GE(known, last);
    EXPECT_LE(known, last + 1);
    told += last;
    if (known > last) ++untold;
    expect_whole(**registry, known);
    const auto head = testing::verified_head(path);
    EXPECT_TRUE(head.ok()) << head.status();
  }
  std::cout << kKills << " kills, " << told << " commits told of, " << untold
            << " times one more was there\n";
  EXPECT_GT(told, 20U);
}

}  // namespace
}  // namespace dangbo::registry
