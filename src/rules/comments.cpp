#include "rules/comments.hpp"

#include <algorithm>

namespace dangbo::inline v1::rules {

namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The end of what stands on a line before a comment; `quote` is the quote open at its begin, and
// afterwards the one still open at its end.
std::size_t end_of_content(std::string_view line, char& quote) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      const bool is_double = c == '\'' && i + 1 < line.size() && line[i + 1] == '\'';
      if ((c == '\\' && quote == '"') || (quote == '\'' && is_double)) {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
      continue;
    }
    const char before = i == 0 ? ' ' : line[i - 1];
    const bool begins = before == ' ' || before == '[' || before == '{' || before == ',';
    if ((c == '"' || c == '\'') && begins) quote = c;
    if (c == '#' && before == ' ') return i;
  }
  return line.size();
}

bool opens_block(std::string_view content) {
  while (content.ends_with(' ')) content.remove_suffix(1);
  while (!content.empty() && (content.back() == '-' || content.back() == '+')) {
    content.remove_suffix(1);
  }
  return content.ends_with(" |") || content.ends_with(" >");
}

}  // namespace

Comments::Comments(std::string_view text) {
  std::uint64_t number = 0;
  char quote = 0;
  std::optional<std::size_t> block;  // indent of the line that opened one
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    const std::size_t indent = indent_of(line);
    if (indent == line.size()) {
      if (quote == 0 && !block) blank_.insert(number);
      continue;
    }
    if (block && indent > *block) continue;
    block.reset();
    if (quote == 0 && line[indent] == '#') {
      own_[number] = line.substr(indent);
      continue;
    }
    const std::size_t content = end_of_content(line, quote);
    if (content < line.size()) behind_[number] = line.substr(content);
    if (quote == 0 && opens_block(line.substr(0, content))) block = indent;
  }
}

std::vector<std::string> Comments::take_before(std::uint64_t line) {
  std::vector<std::string> out;
  while (!own_.empty() && own_.begin()->first < line) {
    out.push_back(own_.begin()->second);
    own_.erase(own_.begin());
  }
  return out;
}

std::string Comments::take_behind(std::uint64_t line) {
  const auto found = behind_.find(line);
  if (found == behind_.end()) return {};
  std::string out = found->second;
  behind_.erase(found);
  return out;
}

bool Comments::has_blank_before(std::uint64_t line) const {
  while (own_.contains(line - 1)) --line;
  return blank_.contains(line - 1);
}

bool Comments::has_inside(std::uint64_t first, std::uint64_t last) const {
  const auto own = own_.lower_bound(first);
  const auto behind = behind_.lower_bound(first);
  return (own != own_.end() && own->first < last) ||
         (behind != behind_.end() && behind->first < last);
}

std::optional<std::uint64_t> Comments::first_left() const {
  if (own_.empty() && behind_.empty()) return std::nullopt;
  if (own_.empty()) return behind_.begin()->first;
  if (behind_.empty()) return own_.begin()->first;
  return std::min(own_.begin()->first, behind_.begin()->first);
}

}  // namespace dangbo::inline v1::rules
