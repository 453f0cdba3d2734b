// Findings on their way into a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/rules/check.hpp"
#include "rules/examiner.hpp"

namespace dangbo::inline v1::rules {

// Everything said about one subject; owns its texts.
struct Found {
  std::size_t rule = 0;  // position in Pack::rules
  Entity entity = 0;
  std::string key;
  std::string subject;
  std::string unit;
  std::string member;
  Outcome outcome = Outcome::kViolated;
  Severity severity = Severity::kViolation;
  Evidence evidence = Evidence::kA;
  std::string cite;
  std::string by;
  base::Message message;
  base::Message remedy;
  std::string values;
  std::string parameters;
  std::string exceptions;
  std::string facts;
  std::optional<time::Date> next_change;
};

// What stands above the findings.
struct Heading {
  std::uint64_t evaluated = 0;
  std::vector<base::Message> notes;
  std::string unit;
};

// The finding about a subject; nothing when the rule is satisfied or does not speak of it.
[[nodiscard]] std::optional<Found> find(const Examiner& examiner, std::size_t rule, Entity subject,
                                        bool about_persons);

// Fills in the days on which findings become others by themselves (Found::next_change). REQUIRES:
// those of a rule stand together.
void forecast(std::vector<Found>& found, const Pack& pack, const Facts& facts);

// Said of units that a rule by class cannot place.
[[nodiscard]] base::Message note_without_class(const Rule& rule, std::size_t units);

// The first day within `days` on which the outcome about a subject is another than now, by what is
// known now; with the outcome of that day.
struct Turn {
  time::Date day;
  Outcome outcome = Outcome::kOutOfScope;
};
// Of a subject that has ceased to be one the outcome is kOutOfScope.
[[nodiscard]] std::optional<Turn> next_turn(const Examiner& examiner, Entity subject, Outcome now,
                                            std::int32_t days);

// The rows read, by table: their number, and which they are unless they are about persons. JSON.
[[nodiscard]] std::string facts_json(const Examiner& examiner, const Sources::Touched& touched,
                                     bool about_persons);

// rules::explain on facts at hand.
[[nodiscard]] absl::StatusOr<std::string> explain_on(const Facts& facts, const Pack& pack,
                                                     std::string_view rule,
                                                     std::string_view subject,
                                                     const ExplainOptions& options);

// "instrument/clause" of all, joined by "; ".
[[nodiscard]] std::string text_of(const std::vector<Citation>& citations, const Pack& pack);
// The weakest grade that the rule and the parameters it reads on the day rest on.
[[nodiscard]] Evidence weakest(const Examiner& examiner);

[[nodiscard]] table::Table table_of(const std::vector<Found>& found, const Pack& pack,
                                    const registry::View& view, const Heading& heading);

}  // namespace dangbo::inline v1::rules
