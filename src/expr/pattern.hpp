// Regular expressions through RE2, whose time is linear and whose memory is bounded.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace dangbo::inline v1::expr::detail {

class Pattern {
 public:
  explicit Pattern(std::string_view text);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  [[nodiscard]] static bool available() noexcept;
  // Why the text is no pattern, in RE2's words; "" when it is one.
  [[nodiscard]] std::string fault() const;
  // Whether some part of `text` matches. REQUIRES: no fault.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace dangbo::inline v1::expr::detail
