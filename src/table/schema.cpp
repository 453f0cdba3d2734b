#include "dangbo/table/schema.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::table {

std::string_view name_of(Type type) noexcept {
  switch (type) {
    case Type::kText:
      return "text";
    case Type::kCode:
      return "code";
    case Type::kDate:
      return "date";
    case Type::kInt:
      return "int";
    case Type::kBool:
      return "bool";
    case Type::kReal:
      return "real";
  }
  return "unknown";
}

std::string_view name_of(Role role) noexcept {
  switch (role) {
    case Role::kNone:
      return "";
    case Role::kUnit:
      return "unit";
    case Role::kParent:
      return "parent";
    case Role::kMember:
      return "member";
    case Role::kSubject:
      return "subject";
    case Role::kDecision:
      return "decision";
    case Role::kFrom:
      return "from";
    case Role::kUntil:
      return "until";
    case Role::kDay:
      return "day";
    case Role::kPeriod:
      return "period";
  }
  return "";
}

CodeSet::CodeSet(std::string name, std::vector<Code> codes)
    : name_(std::move(name)), codes_(std::move(codes)) {
  std::vector<std::string> ids;
  for (const Code& code : codes_) ids.push_back(code.id);
  ids_ = std::make_shared<const std::vector<std::string>>(std::move(ids));
  // Identifiers win over names: two codes may share a name in one language, never an identifier.
  struct Candidate {
    std::string folded;
    int rank;
    std::uint32_t code;
  };
  std::vector<Candidate> all;
  for (std::uint32_t number = 0; number < codes_.size(); ++number) {
    const Code& code = codes_[number];
    const auto add = [&](std::string_view word, int rank) {
      std::string folded = base::fold(word);
      if (!folded.empty()) {
        all.push_back({std::move(folded), rank, number});
      }
    };
    add(code.id, 0);
    add(code.csv, 0);
    for (const std::string& alias : code.aliases) {
      add(alias, 0);
    }
    add(code.name.vi, 1);
    add(code.name.en, 1);
  }
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.folded, a.rank, a.code) < std::tie(b.folded, b.rank, b.code);
  });
  for (Candidate& candidate : all) {
    if (!by_word_.empty() && by_word_.back().folded == candidate.folded) {
      assert((candidate.rank != 0 || by_word_.back().code == candidate.code) &&
             "identifiers of two codes fold alike");
      continue;
    }
    by_word_.push_back({std::move(candidate.folded), candidate.code});
  }
}

std::optional<std::uint32_t> CodeSet::find(std::string_view word) const {
  const std::string folded = base::fold(word);
  const auto at = std::lower_bound(
      by_word_.begin(), by_word_.end(), folded,
      [](const Entry& entry, const std::string& key) { return entry.folded < key; });
  if (at == by_word_.end() || at->folded != folded) {
    return std::nullopt;
  }
  return at->code;
}

Schema::Schema(std::string name, TableKind kind, std::vector<Field> fields,
               std::vector<std::string> natural_key, base::Message title,
               std::vector<std::string> aliases)
    : name_(std::move(name)),
      kind_(kind),
      fields_(std::move(fields)),
      title_(std::move(title)),
      aliases_(std::move(aliases)) {
  folded_.push_back(base::fold(name_));
  for (const std::string& alias : aliases_) folded_.push_back(base::fold(alias));
  natural_key_.reserve(natural_key.size());
  for (const std::string& part : natural_key) {
    const std::optional<std::size_t> index = find(part);
    assert(index && "the natural key names a field that does not exist");
    if (index) {
      natural_key_.push_back(*index);
    }
  }
}

bool Schema::is_called(std::string_view folded) const noexcept {
  return std::find(folded_.begin(), folded_.end(), folded) != folded_.end();
}

std::optional<std::size_t> Schema::find(std::string_view field_name) const noexcept {
  for (std::size_t index = 0; index < fields_.size(); ++index) {
    if (fields_[index].name == field_name) {
      return index;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> Schema::find(Role role) const noexcept {
  for (std::size_t index = 0; index < fields_.size(); ++index) {
    if (fields_[index].role == role) {
      return index;
    }
  }
  return std::nullopt;
}

}  // namespace dangbo::inline v1::table
