// A pack applied to the facts of a day: findings as a table, one of them explained, what becomes
// one by itself, and what a change would mend or break. docs/rules.md is the manual.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/snapshot.hpp"
#include "dangbo/rules/finding.hpp"
#include "dangbo/rules/pack.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::rules {

struct CheckOptions {
  // Ids of the rules to apply; empty: all that are on by default.
  std::vector<std::string> rules;
  // Also rules about persons that are on: without it they are refused by name and left out
  // otherwise. Their findings carry no forecast.
  bool about_persons = false;
  // Key of a unit: only subjects of it and all below; empty: all.
  std::string unit;
  // One subject after the other instead of by column: slow, and the same to the last byte.
  bool row_by_row = false;
};

// Options as a JSON document, the same in C, Python and the command: {"rules": ["cell-min"],
// "about_persons": false, "unit": "K"}, each key optional; empty text: none given. Fails
// (kBadQuery) with one problem a mistake.
[[nodiscard]] absl::StatusOr<CheckOptions> parse_options(std::string_view json);

// The rules of a pack, one row each in its order: rule, title_vi, title_en, severity,
// on_by_default, about_person, cite, evidence, effective_from, effective_until.
[[nodiscard]] table::Table rules_table(const Pack& pack);

// The findings of a pack in a view, by rule in the order of the pack, then by subject:
//   key (rule and subject, stable across runs, days and corrections), rule, subject, unit_id,
//   member_id, outcome (violated, waived, downgraded, conflict, undecidable), severity (advisory,
//   notice, violation), cite, evidence (grade A … M-med of the weakest text it rests on), by
//   (labels of the exceptions that apply), message_vi, message_en, remedy_vi, remedy_en, values (of
//   `let`), parameters (value, since, cite, evidence), exceptions (each with its answer), facts
//   (the rows read; of persons their number only, unless about_persons): the last four JSON;
//   next_change (the day on which the outcome becomes another by itself; missing: not within ten
//   years, or about a person).
// Severity is never above `advisory` when a text or a parameter it rests on is of grade C or M.
// Provenance: on, known_at, pack (id, version, digest), evaluated (subjects × rules), unit, data.
// Fails with kBadQuery for an unknown rule and kUnknownUnit. O(rows read + findings). Any thread.
[[nodiscard]] absl::StatusOr<table::Table> check(const registry::View& view, const Pack& pack,
                                                 const CheckOptions& options = {});

enum class Format : std::uint8_t { kText, kHtml };

struct ExplainOptions {
  base::Language language = base::Language::kVietnamese;
  Format format = Format::kText;
  bool about_persons = false;  // as in CheckOptions
};

// Why: the finding of one rule about one subject (both as in columns `rule` and `subject`), or that
// there is none: texts with article and grade, parameters of the day, values, what decided,
// exceptions and why not, rows read, what changes it next. HTML is a fragment without scripts or
// outside references, every value escaped. Fails with kBadQuery for an unknown rule or subject.
// O(evaluation of the subject + finding it).
[[nodiscard]] absl::StatusOr<std::string> explain(const registry::View& view, const Pack& pack,
                                                  std::string_view rule, std::string_view subject,
                                                  const ExplainOptions& options = {});

}  // namespace dangbo::inline v1::rules
