/* Refused rows, named one by one; errors that outlive what they came from. */
#include <string.h>

#include "check.h"
#include "support.h"

static const char* const kMemberColumns[] = {"member_id", "sex", "birth_date"};

/* Two of the four rows are wrong. */
static dangbo_change* wrong_members(dangbo_registry* registry) {
  static const char* const members[] = {"m1", "nữ",    "1980-02-30", /**/
                                        "m2", "nam",   "1981-03-01", /**/
                                        "m3", "robot", "1982",       /**/
                                        "m4", NULL,    NULL};
  dangbo_change* change = NULL;
  CHECK_OK(dangbo_change_create(registry, &change, &test_error));
  CHECK_OK(add_text_rows(change, "members", kMemberColumns, 3, members, 4, "đảng viên.csv",
                         &test_error));
  return change;
}

static void check_problem_table(const dangbo_table* problems) {
  static const char* const names[] = {"code",      "file",      "row",    "column", "value",
                                      "reason_vi", "reason_en", "fix_vi", "fix_en"};
  const int64_t* codes = NULL;
  const int64_t* rows = NULL;
  uint64_t i;
  CHECK_EQ(dangbo_table_column_count(problems), 9);
  for (i = 0; i < 9; ++i) CHECK_TEXT(dangbo_table_column_name(problems, i), names[i]);
  if (!CHECK_EQ(dangbo_table_row_count(problems), 2)) return;
  CHECK_OK(dangbo_table_int64s(problems, 0, &codes, &test_error));
  CHECK_OK(dangbo_table_int64s(problems, 2, &rows, &test_error));
  CHECK_EQ(codes[0], 201);
  CHECK_EQ(codes[1], 202);
  CHECK_EQ(rows[0], 1);
  CHECK_EQ(rows[1], 3);
  CHECK_TEXT(cell(problems, "file", 0), "đảng viên.csv");
  CHECK_TEXT(cell(problems, "column", 0), "birth_date");
  CHECK_TEXT(cell(problems, "value", 0), "1980-02-30");
  CHECK_TEXT(cell(problems, "value", 1), "robot");
  for (i = 5; i < 9; ++i) CHECK(dangbo_table_is_missing(problems, i, 0) == 0);
}

static void refused_rows_are_named(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change;
  dangbo_error* error = NULL;
  dangbo_table* problems = NULL;
  uint64_t commit = 77;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  change = wrong_members(registry);
  CHECK_EQ(dangbo_registry_commit(registry, change, 1, NULL, 0, &commit, &error), DANGBO_E_REFUSED);
  CHECK_EQ(commit, 0);
  /* The error needs nothing it came from. */
  dangbo_change_free(change);
  dangbo_registry_free(registry);
  CHECK_EQ(dangbo_error_status(error), DANGBO_E_REFUSED);
  CHECK_EQ(dangbo_error_problem_count(error), 2);
  CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_EN), "1980-02-30");
  CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_VI), "đảng viên.csv");
  CHECK(strcmp(dangbo_error_message(error, DANGBO_LANGUAGE_VI),
               dangbo_error_message(error, DANGBO_LANGUAGE_EN)) != 0);
  CHECK_TEXT(dangbo_error_message(error, 99), dangbo_error_message(error, DANGBO_LANGUAGE_VI));
  CHECK_EQ(dangbo_error_problems(error, &problems), DANGBO_OK);
  dangbo_error_free(error);
  check_problem_table(problems);
  dangbo_table_free(problems);
}

static void check_finds_the_same(void) {
  dangbo_registry* registry = NULL;
  dangbo_change* change;
  dangbo_table* problems = NULL;
  uint64_t count = 77;
  CHECK_OK(dangbo_registry_create(0, &registry, &test_error));
  change = wrong_members(registry);
  CHECK_OK(dangbo_change_check(change, &problems, &count, &test_error));
  CHECK_EQ(count, 2);
  check_problem_table(problems);
  dangbo_table_free(problems);
  dangbo_change_free(change);
  dangbo_registry_free(registry);
}

/* A failure may be asked for its status alone, and an error may have no rows. */
static void errors_are_optional_and_plain(void) {
  dangbo_registry* registry = NULL;
  dangbo_table* problems = NULL;
  dangbo_error* error = NULL;
  CHECK_EQ(dangbo_registry_create(1U << 31, &registry, NULL), DANGBO_E_ARGUMENT);
  CHECK_EQ(dangbo_registry_create(1U << 31, &registry, &error), DANGBO_E_ARGUMENT);
  CHECK(registry == NULL);
  CHECK_EQ(dangbo_error_problem_count(error), 0);
  CHECK_HAS(dangbo_error_message(error, DANGBO_LANGUAGE_EN), "flags");
  CHECK_EQ(dangbo_error_problems(error, &problems), DANGBO_OK);
  CHECK_EQ(dangbo_table_row_count(problems), 0);
  CHECK_EQ(dangbo_table_column_count(problems), 9);
  dangbo_table_free(problems);
  dangbo_error_free(error);
}

static void no_error_is_ok(void) {
  dangbo_table* problems = NULL;
  CHECK_EQ(dangbo_error_status(NULL), DANGBO_OK);
  CHECK_TEXT(dangbo_error_message(NULL, DANGBO_LANGUAGE_VI), "");
  CHECK_EQ(dangbo_error_problem_count(NULL), 0);
  CHECK_EQ(dangbo_error_problems(NULL, &problems), DANGBO_E_ARGUMENT);
  dangbo_error_free(NULL);
}

static void an_old_error_is_overwritten(void) {
  dangbo_registry* registry = NULL;
  dangbo_error* error = NULL;
  CHECK_EQ(dangbo_registry_create(2, &registry, &error), DANGBO_E_ARGUMENT);
  dangbo_error_free(error);
  CHECK_EQ(dangbo_registry_create(0, &registry, &error), DANGBO_OK);
  CHECK(error == NULL);
  dangbo_registry_free(registry);
}

int main(void) {
  refused_rows_are_named();
  check_finds_the_same();
  errors_are_optional_and_plain();
  no_error_is_ok();
  an_old_error_is_overwritten();
  return check_result();
}
