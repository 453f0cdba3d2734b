#include "pack_files.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "dangbo/base/digest.hpp"
#include "dangbo/rules/compiled.hpp"
#include "dangbo/rules/shipped.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

constexpr std::size_t kMostCalendarBytes = 1'000'000;

// Lines "2026-02-16 off" and "2026-02-28 work"; "#" begins a comment.
std::shared_ptr<const time::WorkingCalendar> read_calendar(const Console& console,
                                                           const std::string& path) {
  const auto text = read_file(console, path, kMostCalendarBytes);
  if (!text) return nullptr;
  std::vector<time::Date> off;
  std::vector<time::Date> worked;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, std::min(rest.substr(0, end).find('#'), end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto day = time::parse_date(line.substr(0, 10));
    const std::string_view word = line.size() > 11 ? line.substr(11) : "";
    if (!day.value || day.value->precision() != time::DatePrecision::kDay || line.size() < 12 ||
        (word != "off" && word != "work")) {
      const std::string at = printable(path) + ":" + std::to_string(number);
      console.say({at + ": viết “2026-02-16 off” (nghỉ) hoặc “2026-02-28 work” (làm bù)",
                   at + ": write “2026-02-16 off” or “2026-02-28 work”"});
      return nullptr;
    }
    (word == "off" ? off : worked).push_back(day.value->first_day());
  }
  return std::make_shared<const time::WorkingCalendar>(off, worked);
}

// "NAME@HEX": the first digits of the SHA-256 that the text must have.
constexpr std::size_t kLeastPin = 8;
constexpr std::size_t kDigestDigits = 64;

std::string_view pin_of(std::string_view name) {
  const std::size_t at = name.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view pin = name.substr(at + 1);
  const bool is_hex = std::all_of(pin.begin(), pin.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  return is_hex && pin.size() >= kLeastPin && pin.size() <= kDigestDigits ? pin
                                                                          : std::string_view();
}

}  // namespace

std::optional<std::string> read_pack_text(const Console& console, const std::string& name) {
  const std::string_view pin = pin_of(name);
  const std::string plain = pin.empty() ? name : name.substr(0, name.size() - pin.size() - 1);
  const rules::ShippedPack* const shipped = rules::find_shipped(plain);
  auto text = shipped != nullptr ? std::optional<std::string>(shipped->text)
                                 : read_file(console, plain, rules::kMaxCompiledBytes);
  if (!text) return std::nullopt;
  const std::string digest = base::to_hex(base::digest_of(*text));
  if (digest.starts_with(pin)) return text;
  const std::string shown = printable(plain);
  console.say({shown + ": mã băm là " + digest + ", không phải " + std::string(pin) + "…",
               shown + ": its digest is " + digest + ", not " + std::string(pin) + "…"});
  return std::nullopt;
}

std::optional<rules::Pack> read_pack_files(const Console& console,
                                           const std::vector<std::string>& packs,
                                           const std::string& calendar,
                                           std::vector<party::SchemaPtr> tables) {
  std::vector<std::string> texts;
  std::vector<rules::PackText> layers;
  for (const std::string& path : packs) {
    auto text = read_pack_text(console, path);
    if (!text) return std::nullopt;
    texts.push_back(*std::move(text));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) layers.push_back({texts[i], packs[i]});
  rules::PackOptions options;
  options.tables = std::move(tables);
  if (!calendar.empty()) {
    options.calendar = read_calendar(console, calendar);
    if (options.calendar == nullptr) return std::nullopt;
  }
  const bool is_compiled = texts.size() == 1 && texts.front().starts_with('{');
  auto pack = is_compiled ? rules::load_compiled(texts.front(), packs.front(), options)
                          : rules::read_pack(layers, options);
  if (pack.ok()) return *std::move(pack);
  report_failure(console, pack.status());
  return std::nullopt;
}

}  // namespace dangbo::cli
