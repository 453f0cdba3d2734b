#include <absl/base/config.h>

#include <boost/version.hpp>
#include <cstdint>

#include "dangbo.h"

#define DANGBO_TEXT_OF(value) #value
#define DANGBO_TEXT(value) DANGBO_TEXT_OF(value)

#if defined(__clang__)
#define DANGBO_COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define DANGBO_COMPILER "gcc " __VERSION__
#elif defined(_MSC_VER)
#define DANGBO_COMPILER "msvc " DANGBO_TEXT(_MSC_FULL_VER)
#else
#define DANGBO_COMPILER "unknown compiler"
#endif

#define DANGBO_VERSION_WORDS        \
  DANGBO_TEXT(DANGBO_VERSION_MAJOR) \
  "." DANGBO_TEXT(DANGBO_VERSION_MINOR) "." DANGBO_TEXT(DANGBO_VERSION_PATCH)
#define DANGBO_ABI_WORDS DANGBO_TEXT(DANGBO_ABI_MAJOR) "." DANGBO_TEXT(DANGBO_ABI_MINOR)

#if defined(ABSL_LTS_RELEASE_VERSION)
#define DANGBO_ABSEIL_WORDS \
  DANGBO_TEXT(ABSL_LTS_RELEASE_VERSION) "." DANGBO_TEXT(ABSL_LTS_RELEASE_PATCH_LEVEL)
#else
#define DANGBO_ABSEIL_WORDS "without a release number"
#endif

namespace {

constexpr const char* kVersion = DANGBO_VERSION_WORDS;

// No clock, no path, no machine: the same sources and tools give the same line.
constexpr const char* kBuild =
    "dangbo " DANGBO_VERSION_WORDS ", ABI " DANGBO_ABI_WORDS "; " DANGBO_COMPILER
    "; Boost " BOOST_LIB_VERSION "; Abseil " DANGBO_ABSEIL_WORDS;

}  // namespace

void dangbo_version(uint32_t* major, uint32_t* minor, uint32_t* patch) {
  if (major != nullptr) *major = DANGBO_VERSION_MAJOR;
  if (minor != nullptr) *minor = DANGBO_VERSION_MINOR;
  if (patch != nullptr) *patch = DANGBO_VERSION_PATCH;
}

const char* dangbo_version_text(void) {
  return kVersion;
}

uint32_t dangbo_abi_version(void) {
  return DANGBO_ABI_MAJOR * 65536U + DANGBO_ABI_MINOR;
}

int32_t dangbo_check_abi(uint32_t major, uint32_t minor) {
  if (major != DANGBO_ABI_MAJOR) return 0;
  // Within ABI 0 nothing is promised: only the very same number fits.
  const bool fits = major == 0 ? minor == DANGBO_ABI_MINOR : minor <= DANGBO_ABI_MINOR;
  return fits ? 1 : 0;
}

const char* dangbo_build_info(void) {
  return kBuild;
}
