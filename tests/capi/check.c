#include "check.h"

#include <stdio.h>
#include <string.h>

dangbo_error* test_error = NULL;
static int failures = 0;
static int checks = 0;

static int record(int ok) {
  ++checks;
  failures += ok ? 0 : 1;
  return ok;
}

int check_that(int ok, const char* what, const char* file, int line) {
  if (!ok) fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  return record(ok);
}

int check_equal(int64_t got, int64_t want, const char* got_text, const char* want_text,
                const char* file, int line) {
  if (got != want) {
    fprintf(stderr, "%s:%d: %s is %lld, not %s (%lld)\n", file, line, got_text, (long long)got,
            want_text, (long long)want);
  }
  return record(got == want);
}

int check_text(const char* got, const char* want, const char* what, const char* file, int line) {
  const int ok = got != NULL && strcmp(got, want) == 0;
  if (!ok) {
    fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, got ? got : "(null)",
            want);
  }
  return record(ok);
}

int check_has(const char* got, const char* part, const char* what, const char* file, int line) {
  const int ok = got != NULL && strstr(got, part) != NULL;
  if (!ok) {
    fprintf(stderr, "%s:%d: %s lacks \"%s\": %s\n", file, line, what, part, got ? got : "(null)");
  }
  return record(ok);
}

int check_status(dangbo_status got, dangbo_status want, const char* what, const char* file,
                 int line) {
  const char* why = test_error == NULL ? "" : dangbo_error_message(test_error, DANGBO_LANGUAGE_EN);
  int ok = got == want;
  if (!ok) fprintf(stderr, "%s:%d: %s gave %d, not %d: %s\n", file, line, what, got, want, why);
  if ((got == DANGBO_OK) != (test_error == NULL) || dangbo_error_status(test_error) != got) {
    fprintf(stderr, "%s:%d: %s: status and error object disagree\n", file, line, what);
    ok = 0;
  }
  dangbo_error_free(test_error);
  test_error = NULL;
  return record(ok);
}

int check_result(void) {
  if (checks == 0) {
    fprintf(stderr, "nothing was checked\n");
    return 1;
  }
  if (failures != 0) fprintf(stderr, "%d of %d checks did not hold\n", failures, checks);
  return failures == 0 ? 0 : 1;
}
