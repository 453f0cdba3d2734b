// pack: packs of rules checked, tested, laid out, documented, compiled.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/base/digest.hpp"
#include "dangbo/rules/compiled.hpp"
#include "dangbo/rules/document_pack.hpp"
#include "dangbo/rules/format_pack.hpp"
#include "dangbo/rules/pack_test.hpp"
#include "dangbo/rules/review_pack.hpp"
#include "dangbo/rules/shipped.hpp"
#include "data.hpp"
#include "files.hpp"
#include "pack_files.hpp"

namespace dangbo::cli {

namespace {

// To the file asked for, or stdout.
int put(const Console& console, const PackArguments& arguments, const std::string& text) {
  if (arguments.output.empty()) return console.print(text);
  return write_file(console, arguments.output, text) ? kFine : kRefused;
}

int check(const Console& console, const PackArguments& arguments, const rules::Pack& pack) {
  std::optional<time::Date> today;
  if (!arguments.on.empty()) {
    today = read_day(console, "pack", arguments.on);
    if (!today) return kUsage;
  }
  const base::ProblemList remarks = rules::review_pack(pack, today);
  std::string out;
  for (const base::Problem& one : remarks.kept()) {
    out += printable(base::to_line(one, console.language())) + '\n';
  }
  const std::string rules = std::to_string(pack.rules.size());
  const std::string parameters = std::to_string(pack.parameters.size());
  const std::string texts = std::to_string(pack.instruments.size());
  const std::string found = std::to_string(remarks.total());
  out += console.text({pack.id + " " + pack.version + ": " + rules + " quy tắc, " + parameters +
                           " tham số, " + texts + " văn bản, " + found + " điều nên xem\n",
                       pack.id + " " + pack.version + ": " + rules + " rules, " + parameters +
                           " parameters, " + texts + " texts, " + found + " worth a look\n"});
  out += base::to_hex(pack.digest) + '\n';
  return console.print(out);
}

Message name_of(const rules::Coverage& one) {
  using Kind = rules::Coverage::Kind;
  switch (one.kind) {
    case Kind::kRuleHolds:
      return {one.id + ": chưa có ca đạt", one.id + ": no case that satisfies it"};
    case Kind::kRuleFails:
      return {one.id + ": chưa có ca không đạt", one.id + ": no case that does not"};
    case Kind::kExceptionApplies:
      return {one.id + ", " + one.part + ": chưa có ca ngoại lệ áp dụng",
              one.id + ", " + one.part + ": no case the exception covers"};
    case Kind::kExceptionDoesNot:
      return {one.id + ", " + one.part + ": chưa có ca ngoại lệ không áp dụng",
              one.id + ", " + one.part + ": no case the exception does not cover"};
    case Kind::kParameterValue:
      return {one.id + " từ " + one.part + ": chưa có ca trong thời gian đó",
              one.id + " since " + one.part + ": no case on its days"};
  }
  return {};
}

int test(const Console& console, const PackArguments& arguments, const rules::Pack& pack) {
  const rules::TestReport report = rules::run_tests(pack);
  std::string out;
  for (const base::Problem& one : report.failures.kept()) {
    out += printable(base::to_line(one, console.language())) + '\n';
  }
  std::size_t covered = 0;
  for (const rules::Coverage& one : report.coverage) {
    covered += one.is_covered ? 1U : 0U;
    if (!one.is_covered) out += console.text(name_of(one)) + '\n';
  }
  const std::string cases = std::to_string(report.cases);
  const std::string failed = std::to_string(report.failures.total());
  const std::string share = std::to_string(covered) + "/" + std::to_string(report.coverage.size());
  out += console.text({cases + " ca, " + failed + " sai; đã thử " + share +
                           " mặt của quy tắc, ngoại lệ và giá trị tham số\n",
                       cases + " cases, " + failed + " failed; covered " + share +
                           " sides of rules, exceptions and values of parameters\n"});
  const int code = console.print(out);
  const bool is_short = arguments.complete && covered < report.coverage.size();
  return code == kFine && (!report.failures.empty() || is_short) ? kRefused : code;
}

int format(const Console& console, const PackArguments& arguments) {
  if (arguments.packs.size() != 1) {
    return console.usage_error("pack", {"format nhận một tệp", "format takes one file"});
  }
  const auto text = read_file(console, arguments.packs.front(), rules::kMaxPackBytes);
  if (!text) return kRefused;
  const auto out = rules::format_pack(*text, arguments.packs.front());
  if (!out.ok()) return report_failure(console, out.status());
  return put(console, arguments, *out);
}

// The packs inside the library, one a line: id and digest of the text.
int list(const Console& console, const PackArguments& arguments) {
  std::string out;
  for (const rules::ShippedPack& one : rules::shipped_packs()) {
    out += std::string(one.id) + ' ' + base::to_hex(base::digest_of(one.text));
    if (one.needs_calendar) out += console.text({" (cần --calendar)", " (needs --calendar)"});
    out += '\n';
  }
  return put(console, arguments, out);
}

int dump(const Console& console, const PackArguments& arguments) {
  if (arguments.packs.size() != 1) {
    return console.usage_error("pack", {"dump nhận một gói", "dump takes one pack"});
  }
  const auto text = read_pack_text(console, arguments.packs.front());
  return text ? put(console, arguments, *text) : kRefused;
}

}  // namespace

int run(const Console& console, const PackArguments& arguments) {
  if (arguments.action == "list") return list(console, arguments);
  if (arguments.packs.empty()) {
    return console.usage_error("pack", {"thiếu tệp gói", "no pack is given"});
  }
  if (arguments.action == "format") return format(console, arguments);
  if (arguments.action == "dump") return dump(console, arguments);
  const bool is_known = arguments.action == "check" || arguments.action == "test" ||
                        arguments.action == "document" || arguments.action == "compile";
  if (!is_known) {
    return console.usage_error("pack",
                               {"làm gì: check, test, format, document, compile, list, dump",
                                "one of: check, test, format, document, compile, list, dump"});
  }
  const auto pack = read_pack_files(console, arguments.packs, arguments.calendar, {});
  if (!pack) return kRefused;
  if (arguments.action == "check") return check(console, arguments, *pack);
  if (arguments.action == "test") return test(console, arguments, *pack);
  return put(
      console, arguments,
      arguments.action == "document" ? rules::document_pack(*pack) : rules::compile_pack(*pack));
}

}  // namespace dangbo::cli
