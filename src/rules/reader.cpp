#include "rules/reader.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::rules {

using base::Message;
using Kind = YamlNode::Kind;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<time::Date> iso_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole_number(text.substr(0, 4));
  const auto month = whole_number(text.substr(5, 2));
  const auto day = whole_number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  return time::Date::from_ymd(static_cast<int>(*year), static_cast<int>(*month),
                              static_cast<int>(*day));
}

bool is_name(std::string_view text, std::string_view also) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (text.empty() || text.size() > 100 || !lower(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           also.find(c) != also.npos;
  });
}

std::shared_ptr<const table::CodeSet> codes_of(const std::string& parameter,
                                               const std::vector<std::string>& words) {
  std::vector<table::Code> codes;
  std::set<std::string> folded;
  for (const std::string& one : words) {
    if (!is_name(one) || !folded.insert(base::fold(one)).second) return nullptr;
    codes.push_back({one, one, {one, one}, {}});
  }
  if (codes.empty()) return nullptr;
  return std::make_shared<const table::CodeSet>(parameter, std::move(codes));
}

PartReader::~PartReader() {
  for (base::Problem problem : found_.kept()) {
    problem.place.file = reading_.layer(layer_).source;
    reading_.problems.add(std::move(problem));
  }
}

SourcePlace PartReader::place_of(const YamlNode& node) const noexcept {
  return {layer_, static_cast<std::uint32_t>(node.line), static_cast<std::uint32_t>(node.column)};
}

bool PartReader::is_open_map(const YamlNode& node) {
  if (node.kind == Kind::kMap) return true;
  refuse(node, node.text, {"chỗ này phải có các khoá", "this must have keys"},
         {"viết “tên: …” mỗi dòng", "write “name: …”, one a line"});
  return false;
}

const YamlNode* PartReader::map_at(const YamlNode& map, std::string_view key, bool is_needed) {
  const YamlNode* const node = is_needed ? needed(map, key) : map.find(key);
  return node != nullptr && is_open_map(*node) ? node : nullptr;
}

std::string PartReader::scalar(const YamlNode& node) {
  if (node.kind != Kind::kScalar || node.text.empty()) {
    refuse(node, node.text, {"chỗ này phải là chữ", "this must be a text"},
           {"viết một giá trị", "write one value"});
  }
  return node.text;
}

std::string PartReader::word(const YamlNode& map, std::string_view key) {
  const YamlNode* const node = needed(map, key);
  return node == nullptr ? std::string() : scalar(*node);
}

Message PartReader::message(const YamlNode& node) {
  if (!is_map(node, {"vi", "en"})) return {};
  return {word(node, "vi"), word(node, "en")};
}

std::int64_t PartReader::number(const YamlNode& map, std::string_view key, std::int64_t least,
                                std::int64_t most) {
  const YamlNode* const node = needed(map, key);
  if (node == nullptr) return least;
  const auto got = whole_number(node->text);
  if (got && *got >= least && *got <= most) return *got;
  const std::string range = std::to_string(least) + " … " + std::to_string(most);
  refuse(*node, node->text,
         {"không phải số nguyên trong khoảng cho phép", "not a whole number in the range allowed"},
         {"khoảng: " + range, "the range: " + range});
  return least;
}

bool PartReader::flag(const YamlNode& map, std::string_view key) {
  const YamlNode* const node = map.find(key);
  if (node == nullptr) return false;
  return one_of(*node, {"false", "true"}, {"không phải true hay false", "not true or false"}) == 1U;
}

std::optional<std::size_t> PartReader::one_of(const YamlNode& node,
                                              const std::vector<std::string_view>& words,
                                              const Message& reason) {
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string list;
  for (const std::string_view one : words) {
    list += list.empty() ? "" : ", ";
    list += one;
  }
  refuse(node, node.text, reason, {"dùng một trong: " + list, "use one of: " + list});
  return std::nullopt;
}

std::optional<time::Date> PartReader::day(const YamlNode& node) {
  const auto got = node.kind == Kind::kScalar ? iso_day(node.text) : std::nullopt;
  if (!got) {
    refuse(node, node.text, {"không phải một ngày", "not a day"},
           {"viết dạng “2026-07-26”", "write it as “2026-07-26”"});
  }
  return got;
}

time::DateRange PartReader::range(std::optional<time::Date> from, const YamlNode* until) {
  const auto end = until == nullptr ? std::nullopt : day(*until);
  const time::DateRange days(from, end);
  if (end && days.empty()) {
    refuse(*until, until->text, {"kết thúc không sau bắt đầu", "it ends before it begins"},
           {"“until” là ngày đầu tiên không còn hiệu lực",
            "“until” is the first day no longer in force"});
  }
  return days;
}

time::DateRange PartReader::range(const YamlNode& node) {
  if (!is_map(node, {"from", "until"})) return {};
  const YamlNode* const from = node.find("from");
  return range(from != nullptr ? day(*from) : std::nullopt, node.find("until"));
}

Evidence PartReader::evidence(const YamlNode& map) {
  const YamlNode* const at = needed(map, "evidence");
  if (at == nullptr) return Evidence::kA;
  std::vector<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Evidence::kMMed); ++i) {
    words.push_back(text_of(static_cast<Evidence>(i)));
  }
  return static_cast<Evidence>(
      one_of(*at, words, {"không có mức chứng cứ này", "unknown grade of evidence"}).value_or(0));
}

std::vector<Citation> PartReader::citations(const YamlNode& map) {
  std::vector<Citation> out;
  const YamlNode* const list = needed(map, "cite");
  if (list == nullptr || !is_list(*list)) return out;
  if (list->items.empty()) {
    refuse(*list, "", {"không có trích dẫn", "without a citation"},
           {"thêm “văn-bản/điều/khoản”", "add “instrument/article/clause”"});
  }
  const std::vector<Instrument>& known = reading_.pack.instruments;
  for (const YamlNode& item : list->items) {
    const std::size_t slash = std::min(item.text.find('/'), item.text.size());
    const std::string_view id = std::string_view(item.text).substr(0, slash);
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Instrument& one) { return one.id == id; });
    if (found == known.end() || slash + 1 >= item.text.size()) {
      refuse(item, item.text,
             {"trích dẫn không chỉ tới văn bản nào và điều nào",
              "it names no instrument of the pack and article of it"},
             {"viết “văn-bản/điều/khoản”", "write “instrument/article/clause”"});
    } else {
      out.push_back({static_cast<std::size_t>(found - known.begin()), item.text.substr(slash + 1)});
    }
  }
  return out;
}

std::optional<time::DateRange> PartReader::in_force(const std::vector<Citation>& citations) const {
  std::vector<time::DateRange> days;
  for (const Citation& one : citations) {
    days.push_back(reading_.pack.instruments[one.instrument].in_force);
  }
  std::sort(days.begin(), days.end(),
            [](const auto& a, const auto& b) { return a.from_day() < b.from_day(); });
  std::optional<time::DateRange> out;
  for (const time::DateRange& one : days) {
    if (!out) {
      out = one;
    } else if (one.from_day() > out->until_day()) {
      return std::nullopt;
    } else {
      out =
          time::DateRange::from_days(out->from_day(), std::max(out->until_day(), one.until_day()));
    }
  }
  return out;
}

time::DateRange PartReader::effective(const YamlNode& map, const std::vector<Citation>& citations) {
  const YamlNode* const at = map.find("effective");
  const std::optional<time::DateRange> texts = in_force(citations);
  if (at == nullptr) {
    if (!texts && !citations.empty()) {
      refuse(map, "",
             {"giữa các văn bản được trích có ngày không văn bản nào có hiệu lực",
              "between the texts cited there are days on which none is in force"},
             {"thêm “effective: { from: …, until: … }”", "add “effective: { from: …, until: … }”"});
    }
    return texts.value_or(time::DateRange());
  }
  time::DateRange days = range(*at);
  if (citations.empty()) return days;
  // Open ends are those of the texts.
  if (texts) {
    const std::int32_t from = days.from() ? days.from_day() : texts->from_day();
    const std::int32_t until = days.until() ? days.until_day() : texts->until_day();
    days = time::DateRange::from_days(from, until);
  }
  const bool is_inside = texts && texts->intersection(days) == days && !days.empty();
  bool is_covered = is_inside;
  for (const Citation& one : citations) {
    const time::DateRange& text = reading_.pack.instruments[one.instrument].in_force;
    is_covered = is_covered || (!days.empty() && text.intersection(days) == days);
  }
  if (!is_covered) {
    refuse(*at, days.to_string(),
           {"có ngày không văn bản nào được trích có hiệu lực",
            "on some of these days no text that is cited is in force"},
           {"trích văn bản có hiệu lực các ngày đó, hoặc thu hẹp",
            "cite the text in force on those days, or narrow them"});
  }
  return days;
}

Precedence PartReader::precedence(const std::vector<Citation>& citations) const {
  Precedence out;
  out.specificity = static_cast<int>(reading_.layer(layer_).level);
  out.since = time::DateRange::kOpenFrom;
  for (const Citation& one : citations) {
    const Instrument& text = reading_.pack.instruments[one.instrument];
    const std::pair best(text.rank, text.in_force.from_day());
    if (best > std::pair(out.rank, out.since)) std::tie(out.rank, out.since) = best;
  }
  return out;
}

bool PartReader::is_new_name(const YamlNode& name, bool is_taken, std::string_view also) {
  if (!is_name(name.text, also)) {
    const std::string more = also.empty() ? "" : " " + std::string(also);
    refuse(name, name.text, {"không dùng được làm tên", "no name"},
           {"chữ không dấu, chữ số, _" + more + ", đầu là chữ thường",
            "letters without marks, digits, _" + more + ", a lower-case letter first"});
    return false;
  }
  if (is_taken) {
    refuse(name, name.text, {"tên này đã có", "this name is taken"},
           {"đặt tên khác; lớp dưới chỉ “set” và “except”, không viết đè",
            "choose another; a layer above only uses “set” and “except”, it replaces nothing"});
  }
  return !is_taken;
}

}  // namespace dangbo::inline v1::rules
