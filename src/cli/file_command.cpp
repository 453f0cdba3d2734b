// advance, verify, compact, redact: what is done to a registry file itself.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

int missing_file(const Console& console, std::string_view command) {
  return console.usage_error(command,
                             {"thiếu tệp sổ .dangbo", "the registry file .dangbo is missing"});
}

std::string size_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  return error ? "?" : std::to_string((bytes + 1023) / 1024) + " KiB";
}

std::string number_of(registry::CommitNumber commit) {
  return std::to_string(base::index_of(commit));
}

int erase(const Console& console, const RedactArguments& arguments,
          const registry::CommitInfo& info) {
  const auto registry = open_file(console, arguments.file, registry::OpenMode::kWrite);
  if (registry == nullptr) return kRefused;
  const auto done = registry->redact(arguments.member, arguments.fields, info);
  if (!done.ok()) return report_failure(console, done.status());
  // Gaps in the file and its -wal companion may still hold what was erased.
  const absl::Status compacted = registry->compact();
  std::uint64_t rows = 0;
  for (const auto& [table, count] : done->rows) rows += count;
  const std::string values = std::to_string(done->values);
  const std::string in_rows = std::to_string(rows);
  const std::string commit = number_of(done->number);
  console.say({"lần ghi " + commit + ": đã xoá " + values + " giá trị trong " + in_rows + " dòng",
               "commit " + commit + ": erased " + values + " values in " + in_rows + " rows"});
  if (compacted.ok()) return kFine;
  console.say({"chưa viết lại được tệp: bản cũ còn trong chỗ trống; chạy dangbo compact",
               "the file could not be rewritten: copies are left in gaps; run dangbo compact"});
  return report_failure(console, compacted);
}

}  // namespace

int run(const Console& console, const AdvanceArguments& arguments) {
  if (arguments.file.empty()) return missing_file(console, "advance");
  const auto day = time::parse_date(arguments.day).value;
  if (!day || !day->is_exact()) {
    const std::string shown = fit(printable(arguments.day), 40);
    return console.usage_error("advance",
                               {"«" + shown + "» không phải là một ngày đầy đủ, ví dụ 2021-01-31",
                                "\"" + shown + "\" is no full day, for example 2021-01-31"});
  }
  const auto info = read_commit(console, "advance", arguments.commit);
  if (!info) return kUsage;
  const auto registry = open_file(console, arguments.file, registry::OpenMode::kWrite);
  if (registry == nullptr) return kRefused;
  const auto done = registry->advance(*day->exact(), *info);
  if (!done.ok()) return report_failure(console, done.status());
  const std::string commit = number_of(done->number);
  const std::string to = day->to_string();
  console.say({"lần ghi " + commit + ": ngày của sổ là " + to,
               "commit " + commit + ": the registry's day is " + to});
  return kFine;
}

int run(const Console& console, const VerifyArguments& arguments) {
  if (arguments.file.empty()) return missing_file(console, "verify");
  if (!is_format(console, "verify", arguments.format)) return kUsage;
  const auto verified = registry::verify_file(arguments.file);
  if (!verified.ok()) return report_failure(console, verified.status());
  return print_table(console, *verified, arguments.format);
}

int run(const Console& console, const CompactArguments& arguments) {
  if (arguments.file.empty()) return missing_file(console, "compact");
  const std::string before = size_of(arguments.file);
  const auto registry = open_file(console, arguments.file, registry::OpenMode::kWrite);
  if (registry == nullptr) return kRefused;
  const absl::Status status = registry->compact();
  if (!status.ok()) return report_failure(console, status);
  const std::string after = size_of(arguments.file);
  console.say({"trước " + before + ", sau " + after, "before " + before + ", after " + after});
  return kFine;
}

int run(const Console& console, const RedactArguments& arguments) {
  if (arguments.file.empty()) return missing_file(console, "redact");
  if (arguments.member.empty() || base::first_bad_utf8(arguments.member)) {
    return console.usage_error("redact",
                               {"thiếu mã đảng viên", "the key of the member is missing"});
  }
  for (const std::string& field : arguments.fields) {
    if (!base::first_bad_utf8(field)) continue;
    return console.usage_error("redact",
                               {"--field không phải chữ UTF-8", "--field is not UTF-8 text"});
  }
  if (!arguments.yes) {
    return console.usage_error(
        "redact", {"xoá rồi không lấy lại được, kể cả trong quá khứ của sổ: thêm --yes nếu đồng ý",
                   "what is erased cannot be had back, not even in the past of the registry: add "
                   "--yes to agree"});
  }
  const auto info = read_commit(console, "redact", arguments.commit);
  return info ? erase(console, arguments, *info) : kUsage;
}

}  // namespace dangbo::cli
