/* Numbers and constants: what a program compiled against 0.1 relies on. */
#include <string.h>

#include "check.h"

static void versions_agree(void) {
  uint32_t major = 99;
  uint32_t minor = 99;
  uint32_t patch = 99;
  dangbo_version(&major, &minor, &patch);
  CHECK_EQ(major, DANGBO_VERSION_MAJOR);
  CHECK_EQ(minor, DANGBO_VERSION_MINOR);
  CHECK_EQ(patch, DANGBO_VERSION_PATCH);
  dangbo_version(NULL, NULL, NULL);
  minor = 99;
  dangbo_version(NULL, &minor, NULL);
  CHECK_EQ(minor, DANGBO_VERSION_MINOR);
  CHECK_TEXT(dangbo_version_text(), "0.1.0");
}

static void abi_is_checked(void) {
  CHECK_EQ(dangbo_abi_version(), DANGBO_ABI_MAJOR * 65536 + DANGBO_ABI_MINOR);
  CHECK_EQ(dangbo_check_abi(DANGBO_ABI_MAJOR, DANGBO_ABI_MINOR), 1);
  CHECK_EQ(dangbo_check_abi(DANGBO_ABI_MAJOR + 1, DANGBO_ABI_MINOR), 0);
  CHECK_EQ(dangbo_check_abi(DANGBO_ABI_MAJOR, DANGBO_ABI_MINOR + 1), 0);
  CHECK_EQ(dangbo_check_abi(DANGBO_ABI_MAJOR, DANGBO_ABI_MINOR - 1), 0);
  CHECK_EQ(dangbo_check_abi(UINT32_MAX, UINT32_MAX), 0);
}

static void build_is_told_without_its_machine(void) {
  const char* info = dangbo_build_info();
  CHECK_HAS(info, "dangbo 0.1.0");
  CHECK_HAS(info, "ABI 0.2");
  CHECK_HAS(info, "Boost 1_");
  CHECK_HAS(info, "Abseil");
  CHECK(strchr(info, '/') == NULL && strchr(info, '\n') == NULL);
}

/* Frozen: bindings repeat these numbers. */
static void constants_stay(void) {
  static const struct {
    int64_t have;
    int64_t must_be;
  } constants[] = {{DANGBO_OK, 0},
                   {DANGBO_E_ARGUMENT, 1},
                   {DANGBO_E_REFUSED, 2},
                   {DANGBO_E_QUERY, 3},
                   {DANGBO_E_NOT_FOUND, 4},
                   {DANGBO_E_MEMORY, 5},
                   {DANGBO_E_CANCELLED, 6},
                   {DANGBO_E_INTERNAL, 7},
                   {DANGBO_LANGUAGE_VI, 0},
                   {DANGBO_LANGUAGE_EN, 1},
                   {DANGBO_REGISTRY_SINGLE_ROOT, 1},
                   {DANGBO_MEASURE_MEMBERS, 0},
                   {DANGBO_SCOPE_BELOW, 0},
                   {DANGBO_SCOPE_OWN, 1},
                   {DANGBO_TYPE_TEXT, 0},
                   {DANGBO_TYPE_CODE, 1},
                   {DANGBO_TYPE_DATE, 2},
                   {DANGBO_TYPE_INT64, 3},
                   {DANGBO_TYPE_BOOL, 4},
                   {DANGBO_TYPE_REAL, 5},
                   {DANGBO_FORMAT_TEXT, 0},
                   {DANGBO_FORMAT_CSV, 1},
                   {DANGBO_FORMAT_CSV_EXCEL, 2},
                   {DANGBO_FORMAT_JSONL, 3},
                   {DANGBO_VERSION_MAJOR, 0}};
  size_t i;
  for (i = 0; i < sizeof constants / sizeof *constants; ++i) {
    CHECK_EQ(constants[i].have, constants[i].must_be);
  }
  CHECK_EQ(sizeof(dangbo_status), 4);
}

int main(void) {
  versions_agree();
  abi_is_checked();
  build_is_told_without_its_machine();
  constants_stay();
  return check_result();
}
