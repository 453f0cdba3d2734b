// Laying an expression out: tokens are written again with fixed spacing, comments stay.
#include <string>
#include <utility>
#include <vector>

#include "dangbo/expr/expression.hpp"
#include "expr/lexer.hpp"
#include "expr/parser.hpp"
#include "expr/status.hpp"

namespace dangbo::inline v1::expr {

namespace {

using detail::Lexer;
using detail::sign_of;
using detail::Token;

constexpr std::size_t kWidth = 80;

struct Piece {
  std::string text;
  bool space = false;     // before it
  bool is_joint = false;  // && or || outside of all brackets: a line may break before it
  bool is_comment = false;
  bool own_line = false;  // of a comment: nothing stood before it on its line
};

// Cuts the comments out of the gap between two tokens.
void add_comments(std::string_view gap, bool at_start, std::vector<Piece>& pieces) {
  std::size_t at = 0;
  bool own_line = at_start;
  while (at < gap.size()) {
    if (gap[at] == '\n' || gap[at] == '\r') own_line = true;
    if (gap[at] != '/') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(gap.find('\n', at), gap.size());
    std::string text(gap.substr(at, end - at));
    while (text.ends_with(' ') || text.ends_with('\t') || text.ends_with('\r')) text.pop_back();
    pieces.push_back({std::move(text), true, false, true, own_line});
    at = end;
  }
}

class Spacing {
 public:
  Piece next(const Lexer& lexer) {
    Piece piece{std::string(lexer.text())};
    const bool is_sign = lexer.token() == Token::kSign;
    const std::uint16_t sign = is_sign ? lexer.sign() : 0;
    const bool opens = sign == sign_of('(') || sign == sign_of('[') || sign == sign_of('{');
    const bool closes = sign == sign_of(')') || sign == sign_of(']') || sign == sign_of('}');
    const bool is_in = lexer.token() == Token::kName && lexer.text() == "in";
    const bool is_unary = sign == sign_of('!') || (sign == sign_of('-') && !after_value_);
    bool tight = sign == sign_of('.') || sign == sign_of(',') || closes;
    bool glues = sign == sign_of('.') || opens || is_unary;
    if (sign == sign_of('.') && !after_value_) tight = false;
    if (opens && after_value_) tight = true;
    if (sign == sign_of('?')) colons_.push_back(depth_);
    if (sign == sign_of(':')) {
      const bool is_conditional = !colons_.empty() && colons_.back() == depth_;
      if (is_conditional) colons_.pop_back();
      tight = !is_conditional;
    }
    piece.space = !is_first_ && !tight && !glue_;
    piece.is_joint = depth_ == 0 && (sign == sign_of('&', '&') || sign == sign_of('|', '|'));
    if (opens) ++depth_;
    if (closes) --depth_;
    while (closes && !colons_.empty() && colons_.back() > depth_) colons_.pop_back();
    after_value_ = closes || (!is_sign && !is_in);
    glue_ = glues;
    is_first_ = false;
    return piece;
  }

 private:
  bool is_first_ = true;
  bool glue_ = false;         // the next token follows at once
  bool after_value_ = false;  // what stands before is an operand
  int depth_ = 0;
  std::vector<int> colons_;  // depths of the ? that wait for their :
};

std::string written(const std::vector<Piece>& pieces) {
  std::size_t width = 0;
  for (const Piece& piece : pieces) width += piece.text.size() + (piece.space ? 1 : 0);
  const bool breaks = width > kWidth;
  std::string out;
  bool at_line_start = true;
  bool has_token = false;  // what follows the first token is indented
  const auto end_line = [&] {
    if (!at_line_start) out += '\n';
    at_line_start = true;
  };
  for (const Piece& piece : pieces) {
    if (piece.is_comment ? piece.own_line : (piece.is_joint && breaks)) end_line();
    if (at_line_start) {
      if (has_token) out += "    ";
    } else if (piece.is_comment) {
      out += "  ";
    } else if (piece.space) {
      out += ' ';
    }
    out += piece.text;
    at_line_start = false;
    has_token = has_token || !piece.is_comment;
    if (piece.is_comment) end_line();
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace

absl::StatusOr<std::string> format(std::string_view text, std::vector<Fault>* faults) {
  detail::Tree tree;
  detail::Faults found;
  if (!detail::parse(text, tree, found)) {
    std::vector<Fault> list = found.take();
    absl::Status status = detail::status_of(text, list);
    if (faults != nullptr) *faults = std::move(list);
    return status;
  }
  std::vector<Piece> pieces;
  Lexer lexer(text, found);
  Spacing spacing;
  std::uint32_t end = 0;
  for (;;) {
    lexer.next();
    const Span span = lexer.span();
    add_comments(text.substr(end, span.begin - end), end == 0, pieces);
    if (lexer.token() == Token::kEnd) break;
    pieces.push_back(spacing.next(lexer));
    end = span.end;
  }
  return written(pieces);
}

}  // namespace dangbo::inline v1::expr
