// How this room writes vocabularies and schemas down. Several words stand in one text, separated by
// '|'.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::party::making {

[[nodiscard]] inline std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> parts;
  while (!words.empty()) {
    const std::size_t bar = words.find('|');
    parts.emplace_back(words.substr(0, bar));
    words.remove_prefix(bar == std::string_view::npos ? words.size() : bar + 1);
  }
  return parts;
}

// One word: identifier, code in files, Vietnamese name, English name, other spellings. Two words of
// one set may not fold alike, so a spelling that could mean two of them ("đảng bộ thành phố":
// province or district) is left out.
struct Word {
  std::string_view id;
  std::string_view csv;
  std::string_view vi;
  std::string_view en;
  std::string_view aliases = {};
};

[[nodiscard]] inline CodeSetPtr make(std::string_view name, std::initializer_list<Word> words) {
  std::vector<table::Code> codes;
  codes.reserve(words.size());
  for (const Word& word : words) {
    codes.push_back({std::string(word.id),
                     std::string(word.csv),
                     {std::string(word.vi), std::string(word.en)},
                     split(word.aliases)});
  }
  return std::make_shared<const table::CodeSet>(std::string(name), std::move(codes));
}

// Adds words that do not fold like the name or like one already there.
inline void add_new_words(std::vector<std::string>& words, std::string_view name,
                          std::vector<std::string> more) {
  std::vector<std::string> folded = {base::fold(name)};
  for (const std::string& word : words) folded.push_back(base::fold(word));
  for (std::string& word : more) {
    std::string key = base::fold(word);
    bool known = false;
    for (const std::string& other : folded) known = known || other == key;
    if (known) continue;
    folded.push_back(std::move(key));
    words.push_back(std::move(word));
  }
}

[[nodiscard]] inline table::Field field(table::Type type, std::string_view name,
                                        std::string_view vi, std::string_view en,
                                        std::string_view aliases = {}) {
  table::Field made;
  made.name = name;
  made.type = type;
  made.title = {std::string(vi), std::string(en)};
  add_new_words(made.aliases, name, {made.title.vi, made.title.en});
  add_new_words(made.aliases, name, split(aliases));
  return made;
}

[[nodiscard]] inline table::Field text(std::string_view name, std::string_view vi,
                                       std::string_view en, std::string_view aliases = {}) {
  return field(table::Type::kText, name, vi, en, aliases);
}

[[nodiscard]] inline table::Field date(std::string_view name, std::string_view vi,
                                       std::string_view en, std::string_view aliases = {}) {
  return field(table::Type::kDate, name, vi, en, aliases);
}

[[nodiscard]] inline table::Field whole(std::string_view name, std::string_view vi,
                                        std::string_view en, std::string_view aliases = {}) {
  return field(table::Type::kInt, name, vi, en, aliases);
}

// A word of a vocabulary that grows with the data.
[[nodiscard]] inline table::Field open(std::string_view name, std::string_view vi,
                                       std::string_view en, std::string_view aliases = {}) {
  return field(table::Type::kCode, name, vi, en, aliases);
}

// A word of a closed vocabulary.
[[nodiscard]] inline table::Field code(const CodeSetPtr& codes, std::string_view name,
                                       std::string_view vi, std::string_view en,
                                       std::string_view aliases = {}) {
  table::Field made = field(table::Type::kCode, name, vi, en, aliases);
  made.codes = codes;
  return made;
}

[[nodiscard]] inline table::Field as(table::Role role, table::Field made) {
  made.role = role;
  return made;
}

[[nodiscard]] inline table::Field required(table::Field made) {
  made.required = true;
  return made;
}

[[nodiscard]] inline table::Field sensitive(table::Field made) {
  made.sensitive = true;
  return made;
}

[[nodiscard]] inline table::Field unit_id() {
  return as(table::Role::kUnit,
            text("unit_id", "mã đơn vị", "unit id",
                 "mã tổ chức|mã tổ chức đảng|mã chi bộ|mã đảng bộ|đơn vị|unit"));
}

[[nodiscard]] inline table::Field member_id() {
  return as(table::Role::kMember, text("member_id", "mã đảng viên", "member id", "ID|UUID|member"));
}

[[nodiscard]] inline table::Field decision_id() {
  return as(table::Role::kDecision, text("decision_id", "mã quyết định", "decision id",
                                         "số quyết định|quyết định|decision"));
}

[[nodiscard]] inline table::Field from(std::string_view aliases = {}) {
  table::Field made =
      as(table::Role::kFrom, date("from", "từ ngày", "from", "ngày bắt đầu|valid_from|start"));
  add_new_words(made.aliases, made.name, split(aliases));
  return made;
}

// "đến ngày" is how lists give the last day that still counts; "ngày kết thúc" is the day on which
// it is over.
[[nodiscard]] inline table::Field until(std::string_view aliases = {}) {
  table::Field made = as(table::Role::kUntil, date("until", "ngày kết thúc", "until", "valid_to"));
  add_new_words(made.aliases, made.name, split(aliases));
  made.inclusive_aliases = {"đến ngày", "đến hết ngày", "hết ngày", "ngày cuối", "last day"};
  return made;
}

// Set where a date is not known but observed: two extracts, of the day in this field and of the day
// in `from` (`until`), differ. The true date is later than the one and not later than the other.
[[nodiscard]] inline table::Field from_after() {
  return date("from_after", "bắt đầu sau ngày", "began after", "quan sát bắt đầu sau ngày");
}
[[nodiscard]] inline table::Field until_after() {
  return date("until_after", "kết thúc sau ngày", "ended after", "quan sát kết thúc sau ngày");
}

[[nodiscard]] inline table::Field month() {
  return as(table::Role::kPeriod, text("month", "tháng", "month"));
}

[[nodiscard]] inline table::Field subject_type() {
  return code(subject_types(), "subject_type", "loại đối tượng", "subject type", "đối tượng");
}

// A unit or a member, as `subject_type` of the row says.
[[nodiscard]] inline table::Field subject_id() {
  return as(table::Role::kSubject, text("subject_id", "mã đối tượng", "subject id"));
}

[[nodiscard]] inline table::Field marking() {
  return code(markings(), "marking", "độ mật", "marking", "mức độ mật");
}

}  // namespace dangbo::inline v1::party::making
