// Any text: a date that prints and reads back as itself, or no date.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dangbo/time/date.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = dangbo::time::parse_date(text);
  if (parsed.value.has_value() != (parsed.fault == dangbo::time::DateFault::kNone)) std::abort();
  if (parsed.value) {
    const auto again = dangbo::time::parse_date(parsed.value->to_string());
    if (again.value != parsed.value) std::abort();
  }
  return 0;
}
