/* Declared measures and groupings: what is kept against what the rows of the small body say. */
#include <string.h>

#include "check.h"
#include "support.h"

static const char kWomen[] =
    "{\"measure\":1,\"name\":\"women\",\"of\":\"members\",\"where\":{\"sex\":\"female\"},"
    "\"timeline\":true}";
static const char kBySex[] = "{\"grouping\":1,\"name\":\"by sex\",\"by\":[\"sex\"]}";
static const char kByBoth[] = "{\"grouping\":1,\"name\":\"both\",\"by\":[\"sex\",\"status\"]}";

static dangbo_registry* declared_registry(int32_t* women, int32_t* by_sex) {
  dangbo_registry* registry = small_registry();
  CHECK_OK(dangbo_registry_declare_measure(registry, kWomen, strlen(kWomen), women, &test_error));
  CHECK_OK(dangbo_registry_declare_grouping(registry, kBySex, strlen(kBySex), by_sex, &test_error));
  CHECK_OK(
      dangbo_registry_advance(registry, day_number(2018, 6, 1), 2, NULL, 0, NULL, &test_error));
  return registry;
}

static dangbo_view* view_of(const dangbo_registry* registry, int year, int month, int day) {
  dangbo_snapshot* snapshot = NULL;
  dangbo_view* view = NULL;
  CHECK_OK(dangbo_registry_snapshot(registry, &snapshot, &test_error));
  CHECK_OK(dangbo_snapshot_view(snapshot, day_number(year, month, day), 0, &view, &test_error));
  dangbo_snapshot_free(snapshot);
  return view;
}

static uint64_t unit_of(const dangbo_view* view, const char* key) {
  uint64_t unit = 0;
  CHECK_OK(dangbo_view_find_unit(view, key, strlen(key), &unit, &test_error));
  return unit;
}

/* The row of a word among the groups; NULL is missing. */
static size_t group_of(const dangbo_table* words, const char* word) {
  uint64_t row;
  for (row = 0; row < dangbo_table_row_count(words); ++row) {
    const char* found = cell(words, "word_1", row);
    if (word == NULL ? found == NULL : found != NULL && strcmp(found, word) == 0)
      return (size_t)row;
  }
  CHECK(!"no such group");
  return 0;
}

/* Women, men and those without a sex, of a unit on a day: counted by hand from support.c. */
static void groups_are_what_the_rows_say(void) {
  static const struct {
    int year;
    int month;
    int day;
    const char* unit;
    int32_t scope;
    int64_t female;
    int64_t male;
    int64_t missing;
  } expected[] = {{2018, 6, 1, "KHOI", DANGBO_SCOPE_BELOW, 2, 1, 0}, /* the registry's day */
                  {2018, 6, 1, "KHOI", DANGBO_SCOPE_OWN, 0, 0, 0},
                  {2018, 6, 1, "A", DANGBO_SCOPE_OWN, 1, 0, 0},
                  {2018, 6, 1, "D", DANGBO_SCOPE_BELOW, 1, 0, 0},
                  {2022, 1, 1, "KHOI", DANGBO_SCOPE_BELOW, 1, 1, 1}, /* another day: counted */
                  {2022, 1, 1, "D", DANGBO_SCOPE_BELOW, 0, 1, 1},
                  {2022, 1, 1, "B", DANGBO_SCOPE_BELOW, 0, 0, 0}, /* closed */
                  {1400, 1, 1, "KHOI", DANGBO_SCOPE_BELOW, 0, 0, 0}};
  int32_t women = -1;
  int32_t by_sex = -1;
  dangbo_registry* registry = declared_registry(&women, &by_sex);
  size_t i;
  for (i = 0; i < sizeof expected / sizeof *expected; ++i) {
    dangbo_view* view = view_of(registry, expected[i].year, expected[i].month, expected[i].day);
    dangbo_table* words = NULL;
    int64_t counts[DANGBO_MOST_GROUPS];
    int64_t total = -1;
    int64_t female = -1;
    size_t count = 77;
    int32_t found = -1;
    const uint64_t unit = unit_of(view, expected[i].unit);
    CHECK_OK(dangbo_view_find_grouping(view, "by sex", 6, &found, &test_error));
    CHECK_EQ(found, by_sex);
    CHECK_OK(dangbo_view_group_words(view, found, &words, &test_error));
    CHECK_OK(dangbo_view_group_counts(view, unit, found, expected[i].scope, counts,
                                      DANGBO_MOST_GROUPS, &count, &test_error));
    CHECK_EQ(count, dangbo_table_row_count(words));
    CHECK_EQ(group_of(words, NULL), count - 1);
    CHECK_EQ(counts[group_of(words, "female")], expected[i].female);
    CHECK_EQ(counts[group_of(words, "male")], expected[i].male);
    CHECK_EQ(counts[count - 1], expected[i].missing);
    CHECK_OK(dangbo_view_total(view, unit, DANGBO_MEASURE_MEMBERS, expected[i].scope, &total,
                               &test_error));
    CHECK_EQ(total, expected[i].female + expected[i].male + expected[i].missing);
    CHECK_OK(dangbo_view_total(view, unit, women, expected[i].scope, &female, &test_error));
    CHECK_EQ(female, expected[i].female);
    dangbo_table_free(words);
    dangbo_view_free(view);
  }
  dangbo_registry_free(registry);
}

static void every_combination_is_a_group(void) {
  int32_t women = -1;
  int32_t by_sex = -1;
  int32_t both = -1;
  dangbo_registry* registry = declared_registry(&women, &by_sex);
  dangbo_view* early = view_of(registry, 2018, 6, 1);
  dangbo_view* view = NULL;
  dangbo_table* single = NULL;
  dangbo_table* words = NULL;
  CHECK_OK(
      dangbo_registry_declare_grouping(registry, kByBoth, strlen(kByBoth), &both, &test_error));
  CHECK_EQ(both, by_sex + 1);
  view = view_of(registry, 2018, 6, 1);
  CHECK_OK(dangbo_view_group_words(view, by_sex, &single, &test_error));
  CHECK_OK(dangbo_view_group_words(view, both, &words, &test_error));
  CHECK_EQ(dangbo_table_column_count(words), 2);
  CHECK_TEXT(dangbo_table_column_name(words, 1), "word_2");
  CHECK_EQ(dangbo_table_row_count(words) % dangbo_table_row_count(single), 0);
  CHECK(dangbo_table_row_count(words) > dangbo_table_row_count(single));
  dangbo_table_free(single);
  dangbo_table_free(words);
  dangbo_view_free(view);
  dangbo_view_free(early);
  dangbo_registry_free(registry);
}

static void what_is_wrong_is_said(void) {
  static const char* const bad[] = {"",
                                    "{}",
                                    "[]",
                                    "{\"grouping\":1}",
                                    "{\"grouping\":2,\"name\":\"x\",\"by\":[\"sex\"]}",
                                    "{\"grouping\":1,\"name\":\"x\",\"by\":[]}",
                                    "{\"grouping\":1,\"name\":\"x\",\"by\":[\"nothing\"]}",
                                    "{\"grouping\":1,\"name\":\"x\",\"by\":[\"birth_date\"]}",
                                    "{\"grouping\":1,\"name\":\"by sex\",\"by\":[\"status\"]}"};
  int32_t women = -1;
  int32_t by_sex = -1;
  int32_t grouping = 77;
  int64_t counts[2];
  size_t count = 77;
  dangbo_table* words = NULL;
  dangbo_registry* registry = declared_registry(&women, &by_sex);
  dangbo_view* view = view_of(registry, 2018, 6, 1);
  const uint64_t unit = unit_of(view, "KHOI");
  size_t i;
  for (i = 0; i < sizeof bad / sizeof *bad; ++i) {
    dangbo_error* error = NULL;
    const dangbo_status status =
        dangbo_registry_declare_grouping(registry, bad[i], strlen(bad[i]), &grouping, &error);
    CHECK_EQ(status, DANGBO_E_QUERY);
    CHECK_EQ(grouping, 0);
    CHECK(*dangbo_error_message(error, DANGBO_LANGUAGE_VI) != '\0');
    dangbo_error_free(error);
  }
  CHECK_FAILS(dangbo_view_find_grouping(view, "women", 5, &grouping, &test_error),
              DANGBO_E_NOT_FOUND);
  CHECK_FAILS(dangbo_view_group_words(view, by_sex + 1, &words, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_group_words(view, -1, &words, &test_error), DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_group_counts(view, unit, by_sex + 1, 0, counts, 2, &count, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_group_counts(view, unit, by_sex, 9, counts, 2, &count, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_FAILS(dangbo_view_group_counts(view, 99, by_sex, 0, counts, 2, &count, &test_error),
              DANGBO_E_NOT_FOUND);
  CHECK_EQ(count, 0);
  /* No room: how many there are is said. */
  CHECK_FAILS(dangbo_view_group_counts(view, unit, by_sex, 0, counts, 2, &count, &test_error),
              DANGBO_E_ARGUMENT);
  CHECK_EQ(count, 3);
  dangbo_view_free(view);
  dangbo_registry_free(registry);
}

int main(void) {
  groups_are_what_the_rows_say();
  every_combination_is_a_group();
  what_is_wrong_is_said();
  return check_result();
}
