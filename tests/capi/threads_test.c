/* Readers beside a writer: snapshots never wait and never show half a commit. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>

#include "check.h"
#include "support.h"

enum { kReaders = 3, kCommits = 60 };

/* CHECK counts without locks, so the readers only note what they saw. */
struct reader {
  const dangbo_registry* registry;
  const dangbo_view* shared;
  int64_t faults;
  uint64_t last;
};

static int64_t members_of(const dangbo_view* view) {
  uint64_t unit = 0;
  int64_t total = -1;
  if (dangbo_view_find_unit(view, "KHOI", 4, &unit, NULL) != DANGBO_OK) return -1;
  if (dangbo_view_total(view, unit, 0, DANGBO_SCOPE_BELOW, &total, NULL) != DANGBO_OK) return -1;
  return total;
}

/* Each commit after the first adds one member: commit and total always agree. */
static void* read_along(void* user) {
  struct reader* reader = user;
  while (reader->last < kCommits) {
    dangbo_snapshot* snapshot = NULL;
    dangbo_view* view = NULL;
    uint64_t commit = 0;
    if (dangbo_registry_snapshot(reader->registry, &snapshot, NULL) != DANGBO_OK) break;
    commit = dangbo_snapshot_commit(snapshot);
    if (commit < reader->last) ++reader->faults;
    reader->last = commit;
    if (dangbo_snapshot_view(snapshot, day_number(2018, 6, 1), 0, &view, NULL) != DANGBO_OK) {
      ++reader->faults;
    }
    if (members_of(view) != 2 + (int64_t)commit) ++reader->faults;
    if (members_of(reader->shared) != 3) ++reader->faults;
    dangbo_view_free(view);
    dangbo_snapshot_free(snapshot);
  }
  return NULL;
}

static void write_along(dangbo_registry* registry) {
  static const char* const member_names[] = {"member_id"};
  static const char* const stay_names[] = {"member_id", "unit_id", "kind", "from"};
  dangbo_change* change = NULL;
  int i;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  for (i = 2; i <= kCommits; ++i) {
    char key[16];
    const char* member[1];
    const char* stay[4];
    snprintf(key, sizeof key, "t%d", i);
    member[0] = key;
    stay[0] = key;
    stay[1] = "A";
    stay[2] = "CHINHTHUC";
    stay[3] = "2015-01-01";
    CHECK_OK(add_text_rows(change, "members", member_names, 1, member, 1, "t", &test_error));
    CHECK_OK(add_text_rows(change, "memberships", stay_names, 4, stay, 1, "t", &test_error));
    CHECK_OK(dangbo_registry_commit(registry, change, i, NULL, 0, NULL, &test_error));
  }
  dangbo_change_free(change);
}

int main(void) {
  dangbo_registry* registry = small_registry();
  dangbo_view* shared = small_view(2018, 6, 1);
  pthread_t threads[kReaders];
  struct reader readers[kReaders];
  int i;
  for (i = 0; i < kReaders; ++i) {
    readers[i].registry = registry;
    readers[i].shared = shared;
    readers[i].faults = 0;
    readers[i].last = 0;
    if (!CHECK_EQ(pthread_create(&threads[i], NULL, read_along, &readers[i]), 0)) return 1;
  }
  write_along(registry);
  for (i = 0; i < kReaders; ++i) {
    CHECK_EQ(pthread_join(threads[i], NULL), 0);
    CHECK_EQ(readers[i].faults, 0);
    CHECK_EQ(readers[i].last, kCommits);
  }
  dangbo_view_free(shared);
  dangbo_registry_free(registry);
  return check_result();
}
