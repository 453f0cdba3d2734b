// Rule packs: instruments, dated, cited parameters, and rules (docs/packs.md). Law is data; a
// figure or a rule without a day and an article is refused.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/digest.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/rules/citation.hpp"
#include "dangbo/rules/rule.hpp"
#include "dangbo/rules/subject.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"
#include "dangbo/time/working_days.hpp"

namespace dangbo::inline v1::rules {

// Cấp ban hành gói, the highest first.
enum class Level : std::uint8_t { kNational, kProvincial, kLocal };

[[nodiscard]] std::string_view text_of(Level level) noexcept;  // "national" …

// Lớp: a pack as one authority wrote it.
struct Layer {
  std::string id;
  std::string version;
  Level level = Level::kNational;
  std::string code;       // of the jurisdiction: "VN", "VN-13"
  std::string extends;    // id of the layer below; empty for the first
  std::string source;     // name of the file it was read from
  base::Digest digest{};  // of its text
};

// Giá trị: what a parameter is in a range of days. One of `number` and `word`, by the type.
struct ParameterValue {
  time::DateRange days;
  std::int64_t number = 0;
  std::string word;
  std::vector<Citation> citations;  // at least one
  Evidence evidence = Evidence::kA;
  std::optional<time::Date> reviewed;  // somebody looked, and it still held
  SourcePlace place;
};

// Nơi lớp dưới được đổi một tham số, and in which direction from the value below it.
struct Override {
  enum class Direction : std::uint8_t { kEither, kUp, kDown };
  Direction direction = Direction::kEither;
  std::vector<Level> by;  // at least one
};

// Tham số: a figure or a choice of the law.
struct Parameter {
  std::string id;
  base::Message title;             // may be empty
  std::string unit;                // may be empty
  std::vector<std::string> words;  // of an enumeration; empty for a number
  std::int64_t least = 0;          // bounds of a number, both allowed
  std::int64_t most = 0;
  std::vector<ParameterValue> values;           // by first day; disjoint
  std::shared_ptr<const table::CodeSet> codes;  // the words as a vocabulary; null for a number
  std::optional<Override> open;                 // whether lower layers may set it; nothing = no
  SourcePlace place;

  // The value in force on a day, or null: a gap has no value. O(values).
  [[nodiscard]] const ParameterValue* on(time::Date day) const noexcept;
};

// Gói quy tắc: layers made one. Immutable after reading by convention; safe to read from any number
// of threads.
struct Pack {
  std::string id;                       // of the last layer
  std::string version;                  // of the last layer
  std::vector<Layer> layers;            // the national first
  std::vector<Instrument> instruments;  // in the order of the layers and their files
  std::vector<Parameter> parameters;    // the same
  std::vector<Rule> rules;              // the same; ids are distinct
  std::vector<RuleTest> tests;          // the same
  SubjectSchema subjects;
  std::shared_ptr<const time::WorkingCalendar> calendar;  // may be null
  base::Digest digest{};  // of the canonical form (rules/compiled.hpp)

  // Null when there is none. O(parameters), O(rules).
  [[nodiscard]] const Parameter* parameter(std::string_view name) const noexcept;
  [[nodiscard]] const Rule* rule(std::string_view name) const noexcept;
  // How the variables of the rule's expressions are numbered, and what they are.
  [[nodiscard]] RuleNames names(const Rule& rule) const noexcept;
  [[nodiscard]] expr::Environment environment(const Rule& rule) const;
};

inline constexpr std::size_t kMaxPackBytes = 4'000'000;

// A file of a pack and its name in problems.
struct PackText {
  std::string_view text;
  std::string_view source;
};

// What a host knows that its packs may speak of.
struct PackOptions {
  std::vector<party::SchemaPtr> tables;  // of its own, as subjects and relations
  // For plusWorkingDays and its like; without one a pack that uses them is refused.
  std::shared_ptr<const time::WorkingCalendar> calendar;
};

// Reads a pack written in YAML with every pack that it extends, in any order; the one that no other
// extends names the whole. Fails with InvalidArgument and all problems, whose place.row is the line
// and place.column the column of the text (ProblemCode::kBadPack; kBadUtf8 for text that is not
// UTF-8); nothing is half loaded. O(text).
[[nodiscard]] absl::StatusOr<Pack> read_pack(std::span<const PackText> texts,
                                             const PackOptions& options = {});
[[nodiscard]] absl::StatusOr<Pack> read_pack(std::string_view text, std::string_view source);

}  // namespace dangbo::inline v1::rules
