/* Rosters: rows set aside, the difference of two extracts, keys of other systems. */
#include <string.h>

#include "check.h"
#include "support.h"

static dangbo_registry* registry;

static dangbo_change* new_change(void) {
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  return change;
}

/* Rows of texts, column by column: values end with '\n', an empty one is missing. */
static void add_column(dangbo_change* change, const char* name, const char* values) {
  char bytes[512];
  int64_t offsets[32];
  uint8_t valid[32];
  size_t rows = 0;
  size_t used = 0;
  offsets[0] = 0;
  while (*values != '\0') {
    const char* end = strchr(values, '\n');
    const size_t length = (size_t)(end - values);
    memcpy(bytes + used, values, length);
    used += length;
    valid[rows] = length != 0;
    offsets[++rows] = (int64_t)used;
    values = end + 1;
  }
  CHECK_OK(
      dangbo_change_text_column(change, name, strlen(name), bytes, offsets, valid, &test_error));
}

static void begin(dangbo_change* change, const char* table, uint64_t rows) {
  CHECK_OK(dangbo_change_begin_rows(change, table, strlen(table), rows, table, strlen(table),
                                    &test_error));
}

static void end(dangbo_change* change) {
  CHECK_OK(dangbo_change_end_rows(change, &test_error));
}

/* Units K over A and B; m1 … m8 in the units named, row by row. */
static dangbo_change* extract(const char* members, const char* homes) {
  dangbo_change* change = new_change();
  uint64_t rows = 0;
  const char* at;
  for (at = members; *at != '\0'; ++at) rows += *at == '\n';
  begin(change, "units", 3);
  add_column(change, "unit_id", "K\nA\nB\n");
  add_column(change, "parent_id", "\nK\nK\n");
  add_column(change, "kind", "KHOI\nCB\nCB\n");
  end(change);
  begin(change, "members", rows);
  add_column(change, "member_id", members);
  end(change);
  begin(change, "memberships", rows);
  add_column(change, "member_id", members);
  add_column(change, "unit_id", homes);
  add_column(change, "kind", "home\nhome\nhome\nhome\nhome\nhome\nhome\nhome\n");
  end(change);
  return change;
}

static int64_t total(int year, int month, int day_of_month) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  uint64_t unit = 0;
  int64_t members = -1;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(
      dangbo_snapshot_view(snapshot, day_number(year, month, day_of_month), 0, &view, &test_error));
  CHECK_OK(dangbo_view_find_unit(view, "K", 1, &unit, &test_error));
  CHECK_OK(dangbo_view_total(view, unit, DANGBO_MEASURE_MEMBERS, DANGBO_SCOPE_BELOW, &members,
                             &test_error));
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  return members;
}

static dangbo_difference* compare(const dangbo_change* change, const char* options) {
  dangbo_difference* difference = NULL;
  CHECK_OK(dangbo_registry_difference(registry, change, options, strlen(options), &difference,
                                      &test_error));
  return difference;
}

static uint64_t commit(dangbo_difference* difference, const char* mark) {
  uint64_t number = 0;
  CHECK_OK(dangbo_registry_commit_difference(registry, difference, 0, mark, strlen(mark), &number,
                                             &test_error));
  dangbo_difference_free(difference);
  return number;
}

static void first_night(void) {
  dangbo_change* change = extract("m1\nm2\nm3\nm4\nm5\nm6\nm7\nm8\n", "A\nA\nA\nA\nB\nB\nB\nB\n");
  CHECK_EQ(commit(compare(change, "{\"difference\":1,\"day\":\"2024-03-01\"}"), "n1"), 1);
  dangbo_change_free(change);
}

static void test_nights(void) {
  dangbo_difference* difference;
  dangbo_change* change;
  dangbo_text* script = NULL;
  dangbo_table* findings = NULL;
  uint64_t rows = 0;
  uint64_t questions = 7;
  uint64_t aside = 7;
  size_t size = 0;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  first_night();
  CHECK_EQ(total(2024, 3, 1), 8);
  /* m1 has gone, m2 has moved, m9 is new. */
  change = extract("m2\nm3\nm4\nm5\nm6\nm7\nm8\nm9\n", "B\nA\nA\nB\nB\nB\nB\nA\n");
  difference = compare(change, "{\"difference\":1,\"day\":\"2024-03-02\"}");
  CHECK_OK(dangbo_difference_counts(difference, &rows, &questions, &aside, &test_error));
  CHECK_EQ(rows, 5); /* two ends, a move's other half, a member, a home */
  CHECK_EQ(questions, 0);
  CHECK_EQ(aside, 0);
  CHECK_OK(dangbo_difference_script(difference, &script, &test_error));
  CHECK(strstr(dangbo_text_data(script, &size), "2024-03-02") != NULL);
  CHECK_OK(dangbo_difference_findings(difference, &findings, &test_error));
  CHECK(dangbo_table_row_count(findings) >= 3);
  CHECK_EQ(commit(difference, "n2"), 2);
  CHECK_EQ(total(2024, 3, 1), 8);
  CHECK_EQ(total(2024, 3, 2), 8);
  /* The same again: nothing to write. */
  CHECK_EQ(commit(compare(change, "{\"difference\":1,\"day\":\"2024-03-02\"}"), "n2"), 2);
  dangbo_table_free(findings);
  dangbo_text_free(script);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void test_refusals(void) {
  static const char* const kBad[] = {"",
                                     "{}",
                                     "{\"difference\":1}",
                                     "{\"difference\":1,\"day\":5}",
                                     "[1",
                                     "{\"difference\":1,\"day\":\"2024-03-02\",\"x\":1}"};
  dangbo_change* half;
  dangbo_change* other_change = NULL;
  dangbo_registry* other = NULL;
  dangbo_difference* difference = NULL;
  size_t i;
  static const char kNext[] = "{\"difference\":1,\"day\":\"2024-03-02\"}";
  static const char kEarlier[] = "{\"difference\":1,\"day\":\"2024-02-28\"}";
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  first_night();
  half = extract("m1\nm2\n", "A\nA\n");
  for (i = 0; i < sizeof kBad / sizeof *kBad; ++i) {
    CHECK_FAILS(dangbo_registry_difference(registry, half, kBad[i], strlen(kBad[i]), &difference,
                                           &test_error),
                DANGBO_E_QUERY);
    CHECK(difference == NULL);
  }
  CHECK_FAILS(
      dangbo_registry_difference(registry, half, kNext, strlen(kNext), &difference, &test_error),
      DANGBO_E_REFUSED); /* six of eight have vanished */
  CHECK_FAILS(dangbo_registry_difference(registry, half, kEarlier, strlen(kEarlier), &difference,
                                         &test_error),
              DANGBO_E_REFUSED);
  CHECK_OK(dangbo_registry_create(0, &other, &test_error));
  CHECK_OK(dangbo_change_create(other, &other_change, &test_error));
  CHECK_FAILS(dangbo_registry_difference(registry, other_change, kNext, strlen(kNext), &difference,
                                         &test_error),
              DANGBO_E_ARGUMENT);
  dangbo_change_free(other_change);
  dangbo_registry_free(other);
  dangbo_change_free(half);
  dangbo_registry_free(registry);
}

static void test_set_aside(void) {
  static const char kOptions[] =
      "{\"difference\":1,\"day\":\"2024-03-02\",\"quarantine\":true,\"max_vanished\":300}";
  dangbo_change* change;
  dangbo_difference* difference;
  dangbo_table* why = NULL;
  uint64_t rows = 0;
  uint64_t aside = 0;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  /* m2 is in a unit that does not exist. */
  change = extract("m1\nm2\nm3\n", "A\nZ\nB\n");
  CHECK_OK(dangbo_change_set_aside(change, &rows, &why, &test_error));
  CHECK_EQ(rows, 1);
  CHECK_EQ(dangbo_table_row_count(why), 1);
  CHECK_OK(dangbo_registry_commit(registry, change, 0, "", 0, NULL, &test_error));
  CHECK_EQ(total(2024, 3, 1), 2);
  dangbo_table_free(why);
  dangbo_change_free(change);
  dangbo_registry_free(registry);

  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  first_night();
  change = extract("m1\nm2\nm3\nm4\nm5\nm6\nm7\nm8\n", "A\nZ\nA\nA\nB\nB\nB\nA\n");
  difference = compare(change, kOptions);
  CHECK_OK(dangbo_difference_counts(difference, NULL, NULL, &aside, &test_error));
  CHECK_EQ(aside, 1);
  CHECK_OK(dangbo_difference_set_aside(difference, &why, &test_error));
  CHECK_EQ(dangbo_table_row_count(why), 1);
  CHECK_EQ(commit(difference, ""), 2);
  CHECK_EQ(total(2024, 3, 2), 8);
  dangbo_table_free(why);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

static void test_before_the_roster(void) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  uint64_t unit = 0;
  int64_t members = 77;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  first_night();
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2024, 2, 29), 0, &view, &test_error));
  CHECK_OK(dangbo_view_find_unit(view, "K", 1, &unit, &test_error));
  CHECK_FAILS(dangbo_view_total(view, unit, DANGBO_MEASURE_MEMBERS, DANGBO_SCOPE_BELOW, &members,
                                &test_error),
              DANGBO_E_QUERY);
  CHECK_EQ(members, 0);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_registry_free(registry);
}

static void test_keys_of_other_systems(void) {
  dangbo_change* change;
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  dangbo_text* unit = NULL;
  dangbo_text* member = NULL;
  size_t size = 0;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  first_night();
  change = new_change();
  begin(change, "cross_references", 2);
  add_column(change, "scheme", "org\ncard\n");
  add_column(change, "key", "007\n007\n");
  add_column(change, "subject_type", "unit\nmember\n");
  add_column(change, "subject_id", "A\nm3\n");
  end(change);
  CHECK_OK(dangbo_registry_commit(registry, change, 0, "", 0, NULL, &test_error));
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(2024, 3, 1), 0, &view, &test_error));
  CHECK_OK(dangbo_view_find_entity(view, "org", 3, "007", 3, &unit, &member, &test_error));
  CHECK_TEXT(dangbo_text_data(unit, &size), "A");
  CHECK(member == NULL);
  dangbo_text_free(unit);
  CHECK_OK(dangbo_view_find_entity(view, "card", 4, "007", 3, &unit, &member, &test_error));
  CHECK_TEXT(dangbo_text_data(member, &size), "m3");
  CHECK(unit == NULL);
  dangbo_text_free(member);
  CHECK_FAILS(dangbo_view_find_entity(view, "card", 4, "7", 1, &unit, &member, &test_error),
              DANGBO_E_NOT_FOUND);
  CHECK(unit == NULL && member == NULL);
  dangbo_view_free(view);
  dangbo_snapshot_free(snapshot);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

int main(void) {
  test_nights();
  test_refusals();
  test_set_aside();
  test_before_the_roster();
  test_keys_of_other_systems();
  return check_result();
}
