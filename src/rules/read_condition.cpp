#include "rules/read_condition.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::rules {

using Kind = YamlNode::Kind;

namespace {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// Byte offset of a column, in characters, of the line that begins at `at`.
std::size_t offset_of(std::string_view file, std::size_t at, std::uint64_t column) {
  for (; column > 1 && at < file.size(); --column) {
    ++at;
    while (at < file.size() && (static_cast<unsigned char>(file[at]) & 0xC0U) == 0x80U) ++at;
  }
  return at;
}

void step(std::string_view file, std::size_t from, std::size_t to, SourcePlace& place) {
  for (std::size_t i = from; i < to && i < file.size(); ++i) {
    if (file[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(file[i]) & 0xC0U) != 0x80U) {
      ++place.column;
    }
  }
}

// What people are told: a word, a number, a day.
bool is_plain_value(const expr::Type& type) {
  switch (type.kind) {
    case expr::Kind::kBool:
    case expr::Kind::kInt:
    case expr::Kind::kDouble:
    case expr::Kind::kString:
    case expr::Kind::kDate:
    case expr::Kind::kPeriod:
    case expr::Kind::kEnum:
      return true;
    default:
      return false;
  }
}

std::string_view name_of(expr::Kind kind) {
  return kind == expr::Kind::kBool ? "bool" : kind == expr::Kind::kInt ? "int" : "enum";
}

// The colon of ":label" outside quotes, or the first "|" that is no "||".
std::size_t mark_in(std::string_view inside, char mark) {
  char quote = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char c = inside[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == mark) {
      if (mark == '|' && i + 1 < inside.size() && inside[i + 1] == '|') {
        ++i;
        continue;
      }
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

SourcePlace ConditionReader::place_in(const YamlNode& node, std::size_t offset) const {
  const std::string_view file = reading_.texts[layer_];
  const std::string_view scalar = node.text;
  SourcePlace place = place_of(node);
  const std::vector<std::size_t>& lines = reading_.lines[layer_];
  const std::size_t line = std::min<std::size_t>(node.line - 1, lines.size() - 1);
  std::size_t in_file = offset_of(file, lines[line], node.column);
  const std::size_t begin = in_file;
  // Over the quote, or over the head of a block.
  if (in_file < file.size() && (file[in_file] == '>' || file[in_file] == '|')) {
    in_file = std::min(file.find('\n', in_file), file.size());
  }
  const std::size_t most = std::min(file.size(), begin + 4 * scalar.size() + 4096);
  std::size_t i = 0;
  while (i < offset && in_file < most) {
    if (is_blank(scalar[i])) {
      while (i < offset && is_blank(scalar[i])) ++i;
      while (in_file < most && is_blank(file[in_file])) ++in_file;
    } else {
      if (file[in_file] == scalar[i]) ++i;
      ++in_file;
    }
  }
  // To the character itself.
  while (offset < scalar.size() && in_file < most && file[in_file] != scalar[offset]) ++in_file;
  step(file, begin, in_file, place);
  return place;
}

void ConditionReader::refuse_at(const YamlNode& node, std::size_t offset, std::string_view value,
                                base::Message reason, base::Message fix) {
  const SourcePlace place = place_in(node, offset);
  YamlNode at;
  at.line = place.line;
  at.column = place.column;
  refuse(at, value, std::move(reason), std::move(fix));
}

std::optional<Condition> ConditionReader::compile(const YamlNode& node, std::string_view text,
                                                  std::size_t offset,
                                                  const expr::Environment& names) {
  std::vector<expr::Fault> faults;
  auto compiled = expr::Expression::compile(text, names, &faults);
  if (compiled.ok()) {
    return Condition{*std::move(compiled), place_in(node, offset)};
  }
  for (const expr::Fault& fault : faults) {
    const std::size_t begin = std::min<std::size_t>(fault.span.begin, text.size());
    const std::size_t size = std::min<std::size_t>(fault.span.end, text.size()) - begin;
    base::Message fix = fault.fix;
    if (fix.vi.empty()) {
      fix = {"xem docs/expressions.md", "see docs/expressions.md"};
    }
    refuse_at(node, offset + begin, text.substr(begin, size), fault.reason, std::move(fix));
  }
  if (faults.empty()) {
    const std::string why(compiled.status().message());
    refuse_at(node, offset, text.substr(0, 63), {why, why},
              {"xem docs/expressions.md", "see docs/expressions.md"});
  }
  return std::nullopt;
}

std::optional<Condition> ConditionReader::condition(const YamlNode& node,
                                                    const expr::Environment& names,
                                                    expr::Kind wanted) {
  if (node.kind != Kind::kScalar || node.text.empty()) {
    refuse(node, node.text, {"chỗ này phải là biểu thức", "this must be an expression"},
           {"viết một biểu thức trong dấu nháy", "write one expression, in quotes"});
    return std::nullopt;
  }
  auto out = compile(node, node.text, 0, names);
  if (!out) return out;
  const expr::Type& type = out->expression.type();
  if (wanted == expr::Kind::kDyn ? is_plain_value(type) : type.kind == wanted) return out;
  const std::string got = type.to_string();
  const std::string want =
      wanted == expr::Kind::kDyn ? "int, string, date, enum, bool" : std::string(name_of(wanted));
  refuse_at(node, 0, got, {"biểu thức cho kiểu " + got, "the expression is of type " + got},
            {"cần kiểu " + want, "wanted: " + want});
  return std::nullopt;
}

std::optional<Piece> ConditionReader::placeholder(const YamlNode& node, std::string_view inside,
                                                  std::size_t offset,
                                                  const expr::Environment& names) {
  Piece out;
  out.kind = Piece::Kind::kValue;
  expr::Kind wanted = expr::Kind::kDyn;
  std::string_view text = inside;
  if (inside.ends_with(":label")) {
    out.kind = Piece::Kind::kLabel;
    wanted = expr::Kind::kEnum;
    text.remove_suffix(6);
  } else if (const std::size_t bar = mark_in(inside, '|'); bar != inside.npos) {
    const std::string_view forms = inside.substr(bar + 1);
    const std::size_t second = std::min(forms.find('|'), forms.size());
    out.kind = Piece::Kind::kNumber;
    wanted = expr::Kind::kInt;
    out.one = forms.substr(0, second);
    out.many = forms.substr(std::min(second + 1, forms.size()));
    text = inside.substr(0, bar);
    if (out.one.empty() || out.many.empty() || out.many.find('|') != std::string::npos) {
      refuse_at(node, offset, inside,
                {"dạng số ít, số nhiều không đúng", "not the forms of one and of many"},
                {"viết “{n|một|nhiều}”", "write “{n|one|many}”"});
      return std::nullopt;
    }
  }
  out.text = text;
  out.value = compile(node, text, offset, names);
  if (!out.value) return std::nullopt;
  const expr::Type& type = out.value->expression.type();
  if (wanted == expr::Kind::kDyn ? is_plain_value(type) : type.kind == wanted) return out;
  const std::string got = type.to_string();
  if (wanted == expr::Kind::kEnum) {
    refuse_at(node, offset, inside,
              {"“:label” cần một từ của bảng từ, đây là " + got,
               "“:label” needs a word of a vocabulary, this is " + got},
              {"bỏ “:label”", "drop “:label”"});
  } else {
    refuse_at(node, offset, inside,
              {"giá trị kiểu " + got + " không đặt ở đây được",
               "a value of type " + got + " cannot stand here"},
              {"dùng một số, một từ, một ngày", "use a number, a word, a day"});
  }
  return std::nullopt;
}

std::vector<Piece> ConditionReader::pieces(const YamlNode& node, const expr::Environment& names) {
  std::vector<Piece> out;
  const std::string& text = node.text;
  std::size_t at = 0;
  const auto plain = [&](std::size_t end) {
    if (end == at) return;
    Piece piece;
    piece.text = std::string(std::string_view(text).substr(at, end - at));
    out.push_back(std::move(piece));
  };
  while (at < text.size()) {
    const std::size_t open = std::min(text.find_first_of("{}", at), text.size());
    plain(open);
    at = open;
    if (open == text.size()) break;
    const std::size_t close = text.find_first_of("{}", open + 1);
    if (text[open] == '}' || close == text.npos || text[close] == '{') {
      refuse_at(node, open, text.substr(open, 10), {"ngoặc nhọn lẻ", "a single brace"},
                {"viết “{biểu-thức}”", "write “{expression}”"});
      return out;
    }
    const auto inside = std::string_view(text).substr(open + 1, close - open - 1);
    if (auto piece = placeholder(node, inside, open + 1, names)) out.push_back(*std::move(piece));
    at = close + 1;
  }
  return out;
}

std::optional<Template> ConditionReader::text(const YamlNode& node,
                                              const expr::Environment& names) {
  if (!is_map(node, {"vi", "en"})) return std::nullopt;
  const YamlNode* const vi = needed(node, "vi");
  const YamlNode* const en = needed(node, "en");
  if (vi == nullptr || en == nullptr) return std::nullopt;
  Template out;
  scalar(*vi);
  scalar(*en);
  out.vi = pieces(*vi, names);
  out.en = pieces(*en, names);
  const auto values = [](const std::vector<Piece>& of) {
    std::set<std::string> all;
    for (const Piece& one : of) {
      // What chooses between forms may be said in one language only.
      if (one.kind == Piece::Kind::kValue) all.insert(one.text);
      if (one.kind == Piece::Kind::kLabel) all.insert(one.text + ":label");
    }
    return all;
  };
  const std::set<std::string> in_vi = values(out.vi);
  const std::set<std::string> in_en = values(out.en);
  const auto missing = [&](const std::set<std::string>& has, const std::set<std::string>& lacks,
                           const YamlNode& at) {
    for (const std::string& one : has) {
      if (lacks.contains(one)) continue;
      refuse(at, "{" + one + "}",
             {"thiếu chỗ thay thế có ở ngôn ngữ kia", "a placeholder of the other language lacks"},
             {"thêm vào, hoặc bỏ ở ngôn ngữ kia", "add it, or drop it from the other language"});
    }
  };
  missing(in_vi, in_en, *en);
  missing(in_en, in_vi, *vi);
  return out;
}

}  // namespace dangbo::inline v1::rules
