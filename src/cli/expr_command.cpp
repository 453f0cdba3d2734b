// expr: expressions tried out and laid out.
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

#include "commands.hpp"
#include "dangbo/expr/case.hpp"
#include "dangbo/expr/expression.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

// One answer a line, written at once: the reader may wait for it before sending the next.
int answer_lines(const Console& console, std::istream& in) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const int code = console.print(expr::evaluate_case(line, console.language()) + '\n');
    if (code != kFine) return code;
  }
  return kFine;
}

int lay_out(const Console& console, const std::string& path) {
  const auto text = read_file(console, path, expr::kMaxTextBytes);
  if (!text) return kRefused;
  const auto formatted = expr::format(*text);
  if (!formatted.ok()) return report_failure(console, formatted.status());
  return console.print(*formatted + '\n');
}

}  // namespace

int run(const Console& console, const ExprArguments& arguments) {
  if (arguments.jsonl == arguments.format) {
    return console.usage_error(
        "expr", {"chọn một trong --jsonl và --format", "choose one of --jsonl and --format"});
  }
  if (arguments.format) return lay_out(console, arguments.input);
  if (arguments.input == "-") return answer_lines(console, std::cin);
  std::ifstream file(arguments.input, std::ios::binary);
  if (!file) {
    const std::string shown = printable(arguments.input);
    console.say({"không đọc được " + shown, "cannot read " + shown});
    return kRefused;
  }
  return answer_lines(console, file);
}

}  // namespace dangbo::cli
