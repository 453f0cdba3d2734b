/* The smallest frame for tests in C: a check that fails says where and the test goes on. */
#ifndef DANGBO_TESTS_CAPI_CHECK_H
#define DANGBO_TESTS_CAPI_CHECK_H

#include <stdint.h>

#include "dangbo.h"

#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define CHECK_EQ(got, want) \
  check_equal((int64_t)(got), (int64_t)(want), #got, #want, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) check_text((got), (want), #got, __FILE__, __LINE__)
#define CHECK_HAS(got, part) check_has((got), (part), #got, __FILE__, __LINE__)
/* The call takes &test_error last; a failure is shown with its message and freed. */
#define CHECK_OK(call) check_status((call), DANGBO_OK, #call, __FILE__, __LINE__)
#define CHECK_FAILS(call, status) check_status((call), (status), #call, __FILE__, __LINE__)

/* Handed to the functions under test; free after every CHECK_OK and CHECK_FAILS. */
extern dangbo_error* test_error;

int check_that(int ok, const char* what, const char* file, int line);
int check_equal(int64_t got, int64_t want, const char* got_text, const char* want_text,
                const char* file, int line);
int check_text(const char* got, const char* want, const char* what, const char* file, int line);
int check_has(const char* got, const char* part, const char* what, const char* file, int line);
/* Also: an error object is there exactly when the status is not OK, and agrees with it. */
int check_status(dangbo_status got, dangbo_status want, const char* what, const char* file,
                 int line);
/* For the end of main: 0 when every check held. */
int check_result(void);

#endif
