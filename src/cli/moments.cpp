// Days, times, periods and commits as they are typed.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/base/text.hpp"
#include "dangbo/time/period.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

using registry::CommitNumber;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && !text.empty() ? std::optional(value) : std::nullopt;
}

std::optional<time::Date> exact_day(std::string_view text) {
  const auto date = time::parse_date(text).value;
  return date ? date->exact() : std::nullopt;
}

// "10:30", "10:30:05": microseconds since midnight.
std::optional<std::int64_t> time_of_day(std::string_view text) {
  if (text.ends_with('Z')) text.remove_suffix(1);
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return std::nullopt;
  const auto hour = number<unsigned>(text.substr(0, 2));
  const auto minute = number<unsigned>(text.substr(3, 2));
  if (text.size() == 8 && text[5] != ':') return std::nullopt;
  const auto second = number<unsigned>(text.size() == 8 ? text.substr(6) : "0");
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return (*hour * std::int64_t{3600} + *minute * std::int64_t{60} + *second) * kSecond;
}

// A moment, or the first and the last of a day.
struct Moments {
  std::int64_t first;
  std::int64_t last;
};

std::optional<Moments> read_moments(std::string_view text) {
  const std::size_t cut = text.find_first_of("T ");
  const auto day = exact_day(text.substr(0, cut));
  if (!day) return std::nullopt;
  const std::int64_t midnight = day->days() * kDay;
  if (cut == std::string_view::npos) return Moments{midnight, midnight + kDay - 1};
  const auto time = time_of_day(text.substr(cut + 1));
  if (!time) return std::nullopt;
  return Moments{midnight + *time, midnight + *time};
}

std::int64_t clock_time() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

void refuse(const Console& console, std::string_view command, std::string_view option,
            const std::string& text, const Message& why) {
  const std::string name(option);
  const std::string shown = fit(printable(text), 40);
  console.usage_error(
      command, {name + " «" + shown + "»: " + why.vi, name + " \"" + shown + "\": " + why.en});
}

}  // namespace

std::optional<CommitNumber> read_known_at(const Console& console, std::string_view command,
                                          std::string_view option,
                                          const registry::Snapshot& snapshot,
                                          const std::string& text) {
  if (const auto commit = number<std::uint32_t>(text)) {
    if (*commit <= base::index_of(snapshot.commit())) return CommitNumber{*commit};
    const std::string last = std::to_string(base::index_of(snapshot.commit()));
    refuse(console, command, option, text,
           {"sổ mới có " + last + " lần ghi", "the registry has " + last + " commits only"});
    return std::nullopt;
  }
  const auto moments = read_moments(text);
  if (!moments) {
    refuse(console, command, option, text,
           {"cần số của lần ghi, một ngày, hoặc giờ UTC như 2021-07-05T10:30",
            "a commit's number, a day, or a time (UTC) like 2021-07-05T10:30 is needed"});
    return std::nullopt;
  }
  const CommitNumber commit = snapshot.last_commit_at(moments->last);
  if (commit == base::kNoCommit) {
    refuse(console, command, option, text,
           {"khi ấy chưa có lần ghi nào", "there was no commit by then"});
    return std::nullopt;
  }
  return commit;
}

std::optional<registry::Snapshot> snapshot_of(const Console& console, std::string_view command,
                                              const registry::Registry& registry,
                                              const std::string& known_at) {
  const registry::Snapshot latest = registry.snapshot();
  if (known_at.empty()) return latest;
  const auto commit = read_known_at(console, command, "--known-at", latest, known_at);
  return commit ? std::optional(latest.as_of(*commit)) : std::nullopt;
}

std::optional<registry::CommitInfo> read_commit(const Console& console, std::string_view command,
                                                const CommitOptions& options) {
  registry::CommitInfo info;
  info.source_version = options.source_version;
  if (base::first_bad_utf8(info.source_version)) {
    refuse(console, command, "--source-version", options.source_version,
           {"không phải chữ UTF-8", "not UTF-8 text"});
    return std::nullopt;
  }
  if (options.time.empty()) {
    info.time = clock_time();
    return info;
  }
  if (const auto moments = read_moments(options.time)) {
    info.time = moments->first;
    return info;
  }
  refuse(console, command, "--time", options.time,
         {"cần một ngày, hoặc giờ UTC như 2021-07-05T10:30",
          "a day, or a time (UTC) like 2021-07-05T10:30 is needed"});
  return std::nullopt;
}

std::optional<time::DateRange> read_period(const Console& console, std::string_view command,
                                           const std::string& text) {
  if (text.empty()) return time::DateRange();
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) {
    if (const auto days = time::period_days(text)) return days;
  } else {
    const std::string from = text.substr(0, dots);
    const std::string until = text.substr(dots + 2);
    const auto first = exact_day(from);
    const auto end = exact_day(until);
    if ((first || from.empty()) && (end || until.empty())) return time::DateRange(first, end);
  }
  refuse(console, command, "--period", text,
         {"cần 2020, 2020-06, 2020Q3, một ngày, hoặc TỪ..ĐẾN",
          "2020, 2020-06, 2020Q3, a day, or FROM..UNTIL is needed"});
  return std::nullopt;
}

std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                   std::string_view option, const std::string& text) {
  const std::string name(option);
  if (text.empty()) {
    console.usage_error(command, {"thiếu ngày hỏi, ví dụ " + name + " 2020-11-30",
                                  "the day is missing, for example " + name + " 2020-11-30"});
    return std::nullopt;
  }
  if (const auto day = exact_day(text)) return day;
  const std::string shown = fit(printable(text), 40);
  console.usage_error(
      command,
      {name + " «" + shown + "» không phải là một ngày đầy đủ, ví dụ 2020-11-30 hoặc 30/11/2020",
       name + " \"" + shown + "\" is no full day, for example 2020-11-30 or 30/11/2020"});
  return std::nullopt;
}

std::optional<time::Date> read_day(const Console& console, std::string_view command,
                                   const std::string& text) {
  return read_day(console, command, "--on", text);
}

}  // namespace dangbo::cli
