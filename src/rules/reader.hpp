// What the parts of reading a pack share: the pack under way, and small values with their problems.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/load/yaml_reader.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

using load::detail::YamlNode;

inline constexpr std::size_t kMaxRules = 2'000;
inline constexpr std::size_t kMaxLayers = 16;

// A pack on its way, layer by layer.
struct Reading {
  Pack pack;
  base::ProblemList problems;                   // of all layers, with the names of their files
  std::vector<std::string> texts;               // by layer
  std::vector<YamlNode> roots;                  // by layer
  std::vector<std::vector<std::size_t>> lines;  // by layer: where each line of the text begins

  [[nodiscard]] const Layer& layer(std::uint32_t number) const { return pack.layers[number]; }
};

[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);
// "2026-07-26" and no other form.
[[nodiscard]] std::optional<time::Date> iso_day(std::string_view text);
// A word of letters without marks, digits, "_" and, when asked for, "-" and ".", a lower-case
// letter first.
[[nodiscard]] bool is_name(std::string_view text, std::string_view also = "");

// The words of a parameter as a vocabulary; null when one is no name or two of them fold alike.
[[nodiscard]] std::shared_ptr<const table::CodeSet> codes_of(const std::string& parameter,
                                                             const std::vector<std::string>& words);

// Reads parts of one layer. Problems get the name of its file when this ends.
class PartReader : protected load::detail::YamlReader {
 public:
  PartReader(Reading& reading, std::uint32_t layer)
      : YamlReader(base::ProblemCode::kBadPack, found_), reading_(reading), layer_(layer) {}
  ~PartReader();
  PartReader(const PartReader&) = delete;
  PartReader& operator=(const PartReader&) = delete;

 protected:
  [[nodiscard]] SourcePlace place_of(const YamlNode& node) const noexcept;
  // The map under a key, needed or not; its own keys are names chosen by the author.
  const YamlNode* map_at(const YamlNode& map, std::string_view key, bool is_needed);
  bool is_open_map(const YamlNode& node);
  // A text that is not empty.
  std::string word(const YamlNode& map, std::string_view key);
  std::string scalar(const YamlNode& node);
  // {vi, en}.
  base::Message message(const YamlNode& node);
  std::int64_t number(const YamlNode& map, std::string_view key, std::int64_t least,
                      std::int64_t most);
  // "true" or "false"; false when absent.
  bool flag(const YamlNode& map, std::string_view key);
  // The number of one of `words`; nothing, after a problem, for another.
  std::optional<std::size_t> one_of(const YamlNode& node,
                                    const std::vector<std::string_view>& words,
                                    const base::Message& reason);
  std::optional<time::Date> day(const YamlNode& node);
  time::DateRange range(std::optional<time::Date> from, const YamlNode* until);
  // {from, until}, both optional.
  time::DateRange range(const YamlNode& node);
  Evidence evidence(const YamlNode& map);
  // At least one "instrument/article/…".
  std::vector<Citation> citations(const YamlNode& map);
  // The days on which any of the texts is in force, when these are one range.
  std::optional<time::DateRange> in_force(const std::vector<Citation>& citations) const;
  // The days of a rule or exception, inside those of its texts: what `effective` says, or theirs.
  time::DateRange effective(const YamlNode& map, const std::vector<Citation>& citations);
  [[nodiscard]] Precedence precedence(const std::vector<Citation>& citations) const;
  // Names distinct from those before, of the form is_name.
  bool is_new_name(const YamlNode& name, bool is_taken, std::string_view also);

  Reading& reading_;
  std::uint32_t layer_;

 private:
  base::ProblemList found_;
};

// Parts of a layer, in this order over all layers: numbers of parameters must be known before
// rules.
void read_instruments(Reading& reading, std::uint32_t layer);
void read_parameters(Reading& reading, std::uint32_t layer);
// What a layer sets of the parameters below it; the winner of each day by precedence.
void read_settings(Reading& reading);
void read_rules(Reading& reading, std::uint32_t layer);
// Exceptions a layer adds to rules below it.
void read_exceptions(Reading& reading, std::uint32_t layer);
void read_tests(Reading& reading, std::uint32_t layer);
// What must hold between parts.
void check_whole(Reading& reading);

}  // namespace dangbo::inline v1::rules
