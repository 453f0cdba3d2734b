#include "dangbo/rules/format_pack.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/expr/expression.hpp"
#include "dangbo/load/yaml_reader.hpp"
#include "dangbo/rules/pack.hpp"
#include "rules/comments.hpp"
#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t kWidth = 100;
constexpr load::detail::YamlLimits kLimits = {
    .code = base::ProblemCode::kBadPack, .keys = kMaxRules, .nodes = 500'000};

bool is_expression_key(std::string_view key) {
  return key == "when" || key == "require";
}

// Folded text, blanks as one space; what ends a block is not part of it.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t';
    if (!is_blank) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// A word that every reader of YAML takes for a text.
bool is_plain_word(std::string_view text) {
  constexpr std::string_view kTyped[] = {"true", "false", "null", "yes", "no",
                                         "on",   "off",   "y",    "n",   "nan"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool is_word = !text.empty() && is_letter(text.front()) &&
                       std::all_of(text.begin(), text.end(), [&](char c) {
                         return is_letter(c) || (c >= '0' && c <= '9') ||
                                std::string_view("_-.").find(c) != std::string_view::npos;
                       });
  if (!is_word) return false;
  return std::find(std::begin(kTyped), std::end(kTyped), base::fold(text)) == std::end(kTyped);
}

// "dangbo.pack/1", "cel-strict/1".
bool is_version_of_format(std::string_view text) {
  return text.ends_with("/1") && is_plain_word(text.substr(0, text.size() - 2));
}

std::string quoted(std::string_view text) {
  if (text.find('"') != text.npos && text.find('\'') == text.npos) {
    return "'" + std::string(text) + "'";
  }
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

class Layout {
 public:
  Layout(std::string_view text, Comments& comments) : text_(text), comments_(comments) {
    std::size_t begin = 0;
    while (begin <= text.size()) {
      lines_.push_back(begin);
      begin = std::min(text.find('\n', begin), text.size()) + 1;
    }
  }

  std::string run(const YamlNode& root) {
    map(root, 0, 0, "");
    for (const std::string& one : comments_.take_before(~std::uint64_t{0})) out_ += one + '\n';
    return std::move(out_);
  }

 private:
  // Whether the scalar was quoted: then what looks like a number is a text.
  [[nodiscard]] bool was_quoted(const YamlNode& node) const {
    const std::size_t line = std::min<std::size_t>(node.line - 1, lines_.size() - 1);
    std::size_t at = lines_[line];
    for (std::uint64_t column = 1; column < node.column && at < text_.size(); ++column) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U) ++at;
    }
    return at < text_.size() && (text_[at] == '"' || text_[at] == '\'');
  }

  [[nodiscard]] std::string word(const YamlNode& node, bool is_text) const {
    if (node.kind == Kind::kNothing) return "null";
    const bool is_typed = node.text == "true" || node.text == "false" || node.text == "n" ||
                          whole_number(node.text).has_value();
    if (is_typed && !was_quoted(node)) return node.text;
    if (!is_text && (is_plain_word(node.text) || is_version_of_format(node.text))) return node.text;
    return quoted(node.text);
  }

  // Parts that stand one entry a line, however short.
  static bool is_always_open(std::string_view key, int depth) {
    if (depth == 0) return key != "jurisdiction";
    return depth == 1 || key == "let" || key == "except" || key == "values";
  }

  static bool is_text_key(std::string_view key) { return key == "vi" || key == "en"; }

  // In one line, or nothing when it does not go into one.
  [[nodiscard]] std::optional<std::string> flow(const YamlNode& node, std::string_view key) const {
    if (node.kind == Kind::kMap || node.kind == Kind::kList) {
      const bool is_map = node.kind == Kind::kMap;
      std::string out = is_map ? "{ " : "[";
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string_view name = is_map ? std::string_view(node.keys[i].text) : key;
        auto one = flow(node.items[i], name);
        if (!one || out.size() > 4 * kWidth) return std::nullopt;
        out += i == 0 ? "" : ", ";
        if (is_map) out += word(node.keys[i], false) + ": ";
        out += *one;
      }
      if (is_map && node.items.empty()) return "{}";
      return out + (is_map ? " }" : "]");
    }
    if (node.text.find('\n') != node.text.npos) return std::nullopt;
    return word(node, is_text_key(key));
  }

  void comments_of(const YamlNode& node, std::size_t indent) {
    const bool had_blank = comments_.has_blank_before(node.line);
    const auto before = comments_.take_before(node.line);
    if (had_blank && !out_.empty()) out_ += '\n';
    for (const std::string& one : before) out_ += std::string(indent, ' ') + one + '\n';
  }

  // What stands behind it on its line.
  void end_line(std::uint64_t line) {
    const std::string comment = comments_.take_behind(line);
    if (!comment.empty()) out_ += "  " + comment;
    out_ += '\n';
  }

  void map(const YamlNode& node, std::size_t indent, int depth, std::string_view above) {
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      // The first key of an item of a list stands behind its dash.
      if (!out_.ends_with("- ")) {
        comments_of(node.keys[i], indent);
        out_ += std::string(indent, ' ');
      }
      out_ += word(node.keys[i], false) + ':';
      value(node.keys[i], node.items[i], indent, depth, above);
    }
  }

  void value(const YamlNode& key, const YamlNode& node, std::size_t indent, int depth,
             std::string_view above) {
    const bool is_expression =
        node.kind == Kind::kScalar && (is_expression_key(key.text) || above == "let");
    if (is_expression) return expression(key, node, indent);
    if (node.kind == Kind::kScalar || node.kind == Kind::kNothing) {
      return scalar(key, node, indent);
    }
    const std::size_t last = last_line(node);
    const bool is_section = node.kind == Kind::kMap && is_always_open(key.text, depth);
    const auto short_form = flow(node, key.text);
    if (short_form && (!is_section || node.items.empty()) &&
        !comments_.has_inside(node.line, last) && column() + 1 + width(*short_form) <= kWidth) {
      out_ += ' ' + *short_form;
      return end_line(last);
    }
    end_line(key.line);
    if (node.kind == Kind::kMap) return map(node, indent + 2, depth + 1, key.text);
    for (const YamlNode& one : node.items) item(one, indent + 2, depth + 1, key.text);
  }

  void item(const YamlNode& node, std::size_t indent, int depth, std::string_view above) {
    comments_of(node, indent);
    out_ += std::string(indent, ' ') + "- ";
    const auto short_form = flow(node, above);
    const std::size_t last = last_line(node);
    const bool is_leaf = node.kind != Kind::kMap || above != "tests";
    if (short_form && is_leaf && !comments_.has_inside(node.line, last) &&
        column() + width(*short_form) <= kWidth) {
      out_ += *short_form;
      return end_line(last);
    }
    if (node.kind == Kind::kMap && !node.keys.empty()) {
      return map(node, indent + 2, depth + 1, above);
    }
    out_ += short_form ? *short_form : quoted(node.text);
    end_line(last);
  }

  void scalar(const YamlNode& key, const YamlNode& node, std::size_t indent) {
    const std::string short_form = word(node, is_text_key(key.text));
    const bool is_short = column() + 1 + width(short_form) <= kWidth;
    const bool is_folded = node.text.find('\n') != std::string::npos;
    if (is_short && !is_folded) {
      out_ += ' ' + short_form;
      return end_line(node.line);
    }
    folded(one_line(node.text), node.line, indent);
  }

  void expression(const YamlNode& key, const YamlNode& node, std::size_t indent) {
    const auto formatted = expr::format(node.text);
    const std::string text = formatted.ok() ? *formatted : node.text;
    // A comment in it ends with its line.
    if (text.find("//") != text.npos && text.find('\n') != text.npos) {
      out_ += " |-";
      end_line(node.line);
      std::size_t at = 0;
      while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        out_ += std::string(indent + 2, ' ') + text.substr(at, end - at) + '\n';
        at = end + 1;
      }
      return;
    }
    const std::string line = one_line(text);
    const std::string short_form = is_plain_word(line) ? line : quoted(line);
    if (column() + 1 + width(short_form) <= kWidth) {
      out_ += ' ' + short_form;
      return end_line(std::max(key.line, node.line));
    }
    folded(line, node.line, indent);
  }

  void folded(const std::string& line, std::uint64_t head, std::size_t indent) {
    out_ += " >-";
    end_line(head);
    const std::string margin(indent + 2, ' ');
    std::size_t at = 0;
    std::string row;
    while (at < line.size()) {
      const std::size_t end = std::min(line.find(' ', at), line.size());
      const std::string part = line.substr(at, end - at);
      if (!row.empty() && margin.size() + width(row) + 1 + width(part) > kWidth) {
        out_ += margin + row + '\n';
        row.clear();
      }
      row += (row.empty() ? "" : " ") + part;
      at = end + 1;
    }
    out_ += margin + row + '\n';
  }

  [[nodiscard]] std::size_t column() const {
    const std::size_t begin = out_.rfind('\n') + 1;  // npos + 1 is 0
    return width(std::string_view(out_).substr(begin));
  }
  [[nodiscard]] static std::size_t width(std::string_view text) { return base::code_points(text); }
  // The last line on which something of the node begins.
  static std::uint64_t last_line(const YamlNode& node) {  // NOLINT(misc-no-recursion)
    std::uint64_t last = node.line;
    for (const YamlNode& one : node.items) last = std::max(last, last_line(one));
    return last;
  }

  std::string_view text_;
  Comments& comments_;
  std::vector<std::size_t> lines_;
  std::string out_;
};

// Equal but for blanks, and for how expressions are laid out.
bool is_same(const YamlNode& a, const YamlNode& b) {  // NOLINT(misc-no-recursion)
  if (a.kind != b.kind || a.items.size() != b.items.size()) return false;
  if (one_line(a.text) != one_line(b.text)) {
    const auto x = expr::format(a.text);
    const auto y = expr::format(b.text);
    if (!x.ok() || !y.ok() || one_line(*x) != one_line(*y)) return false;
  }
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!is_same(a.items[i], b.items[i])) return false;
    if (i < a.keys.size() && a.keys[i].text != b.keys[i].text) return false;
  }
  return true;
}

absl::Status refused(base::ProblemList found, std::string_view source) {
  base::ProblemList named;
  for (base::Problem one : found.kept()) {
    one.place.file = source;
    named.add(std::move(one));
  }
  return base::problem_status(absl::StatusCode::kInvalidArgument, named);
}

}  // namespace

absl::StatusOr<std::string> format_pack(std::string_view text, std::string_view source) {
  base::ProblemList found;
  std::optional<YamlNode> root;
  if (text.size() > kMaxPackBytes) {
    found.add(load::detail::size_problem(base::ProblemCode::kBadPack, kMaxPackBytes, ""));
  } else if (auto bad = load::detail::utf8_problem(text, "")) {
    found.add(*std::move(bad));
  } else {
    root = load::detail::parse_yaml(std::string(text), kLimits, found);
  }
  if (root && root->kind != Kind::kMap) {
    found.add(load::detail::yaml_problem(
        base::ProblemCode::kBadPack, 1, 1, "", {"chỗ này phải có các khoá", "this must have keys"},
        {"viết “tên: …” mỗi dòng", "write “name: …”, one a line"}));
  }
  if (!found.empty()) return refused(std::move(found), source);
  Comments comments(text);
  std::string out = Layout(text, comments).run(*root);
  base::ProblemList again;
  const auto back = load::detail::parse_yaml(out, kLimits, again);
  const auto lost = comments.first_left();
  if (lost || !back || !is_same(*root, *back)) {
    again = {};
    again.add(load::detail::yaml_problem(
        base::ProblemCode::kBadPack, lost.value_or(1), 1, "",
        {"không xếp lại được mà giữ nguyên ý", "it cannot be laid out and say the same"},
        {"đặt chú thích thành dòng riêng trước khoá",
         "put comments on lines of their own before a key"}));
    return refused(std::move(again), source);
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
