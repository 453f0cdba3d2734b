// Any text as a pack: refused with problems, or its canonical form reads back to the same bytes,
// its tests run, and it is laid out once and for all. A text that begins with "{" is the body of a
// compiled pack, its digest made right.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dangbo/rules/compiled.hpp"
#include "dangbo/rules/document_pack.hpp"
#include "dangbo/rules/format_pack.hpp"
#include "dangbo/rules/pack_test.hpp"
#include "dangbo/rules/review_pack.hpp"

namespace {

using namespace dangbo;

void same_again(const std::string& compiled) {
  const auto again = rules::load_compiled(compiled, "fuzz.json");
  if (!again.ok() || rules::compile_pack(*again) != compiled) std::abort();
  static_cast<void>(rules::run_tests(*again));
}

void as_compiled(std::string_view body) {
  std::string text = R"({"digest":")" + base::to_hex(base::digest_of(body)) +
                     R"(","format":"dangbo.compiled/1","pack":)";
  text += body;
  text += "}\n";
  const auto pack = rules::load_compiled(text, "fuzz.json");
  if (pack.ok()) {
    same_again(text);
  } else if (base::problems_of(pack.status()).empty()) {
    std::abort();
  }
}

void as_text(std::string_view text) {
  const auto pack = rules::read_pack(text, "fuzz.yaml");
  if (pack.ok()) {
    same_again(rules::compile_pack(*pack));
    static_cast<void>(rules::review_pack(*pack));
    if (rules::document_pack(*pack).empty()) std::abort();
  } else if (base::problems_of(pack.status()).empty()) {
    std::abort();
  }
  const auto once = rules::format_pack(text, "fuzz.yaml");
  if (!once.ok()) return;
  const auto twice = rules::format_pack(*once, "fuzz.yaml");
  if (!twice.ok() || *twice != *once) std::abort();
  // Laid out, a good pack is a good pack.
  if (pack.ok() && !rules::read_pack(*once, "fuzz.yaml").ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) {
    as_compiled(text);
  } else {
    as_text(text);
  }
  return 0;
}
