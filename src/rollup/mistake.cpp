#include "dangbo/rollup/mistake.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::rollup {

std::string step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

base::Problem mistake(base::ProblemCode code, std::string at, std::string_view value,
                      base::Message reason, base::Message fix) {
  return {.code = code,
          .place = {.file = {}, .row = 0, .column = std::move(at)},
          .value = base::shorten(value, 63),
          .reason = std::move(reason),
          .fix = std::move(fix)};
}

base::Message suggest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kShown = 12;
  const auto at = base::nearest(word, candidates.data(), candidates.size());
  if (at) {
    const std::string near(candidates[*at]);
    return {"có phải là «" + near + "»?", "did you mean \"" + near + "\"?"};
  }
  std::string list;
  for (std::size_t i = 0; i < std::min(kShown, candidates.size()); ++i) {
    if (i != 0) list += ", ";
    list += candidates[i];
  }
  if (candidates.size() > kShown) list += ", …";
  return {"dùng một trong: " + list, "use one of: " + list};
}

}  // namespace dangbo::inline v1::rollup
