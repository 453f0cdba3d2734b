// The comments of a YAML text by line; quoted texts and blocks are passed over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::inline v1::rules {

class Comments {
 public:
  explicit Comments(std::string_view text);

  // Comments on lines of their own before line `line` that were not taken yet, in order.
  std::vector<std::string> take_before(std::uint64_t line);
  // The comment behind what stands on the line; empty when there is none.
  std::string take_behind(std::uint64_t line);
  // Whether an empty line stands before `line`, or before the comments right before it.
  [[nodiscard]] bool has_blank_before(std::uint64_t line) const;
  // Whether a comment is left on lines [first, last), or one of its own before `last`.
  [[nodiscard]] bool has_inside(std::uint64_t first, std::uint64_t last) const;
  // The line of the first that was not taken.
  [[nodiscard]] std::optional<std::uint64_t> first_left() const;

 private:
  std::map<std::uint64_t, std::string> own_;     // lines that are comments
  std::map<std::uint64_t, std::string> behind_;  // comments behind something
  std::set<std::uint64_t> blank_;
};

}  // namespace dangbo::inline v1::rules
