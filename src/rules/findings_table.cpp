// Findings as a table.
#include <array>
#include <memory>
#include <utility>

#include "rules/found.hpp"

namespace dangbo::inline v1::rules {

namespace {

using table::Column;
using table::Type;

constexpr std::array<Outcome, 5> kOutcomes = {Outcome::kViolated, Outcome::kWaived,
                                              Outcome::kDowngraded, Outcome::kConflict,
                                              Outcome::kUndecidable};

void append(Column& column, const std::string& text) {
  if (text.empty()) {
    column.append_missing();
  } else {
    column.append_text(text);
  }
}

Column coded(const char* name, std::vector<std::string> words) {
  Column column(name, Type::kCode);
  column.set_words(std::make_shared<const table::Words>(std::move(words)));
  return column;
}

Column texts(const char* name, const std::vector<Found>& found, std::string Found::*member) {
  Column column(name, Type::kText);
  column.reserve(found.size());
  for (const Found& one : found) append(column, one.*member);
  return column;
}

Column messages(const char* name, const std::vector<Found>& found, base::Message Found::*member,
                std::string base::Message::*language) {
  Column column(name, Type::kText);
  for (const Found& one : found) append(column, one.*member.*language);
  return column;
}

table::Provenance provenance(const Pack& pack, const registry::View& view, const Heading& heading) {
  table::Provenance out;
  out.facts = {{"on", view.day().to_string()},
               {"known_at", std::to_string(index_of(view.known_at()))},
               {"pack", pack.id + " " + pack.version + " " + base::to_hex(pack.digest)},
               {"evaluated", std::to_string(heading.evaluated)}};
  if (!heading.unit.empty()) out.facts.emplace_back("unit", heading.unit);
  if (view.snapshot().is_synthetic()) out.facts.emplace_back("data", "synthetic");
  out.notes = heading.notes;
  return out;
}

}  // namespace

table::Table table_of(const std::vector<Found>& found, const Pack& pack, const registry::View& view,
                      const Heading& heading) {
  std::vector<Column> columns;
  columns.push_back(texts("key", found, &Found::key));
  Column rule("rule", Type::kText);
  std::vector<std::string> words;
  for (const Outcome one : kOutcomes) words.emplace_back(text_of(one));
  Column outcome = coded("outcome", words);
  Column severity = coded("severity", {"advisory", "notice", "violation"});
  Column evidence("evidence", Type::kText);
  Column next("next_change", Type::kDate);
  for (const Found& one : found) {
    rule.append_text(pack.rules[one.rule].id);
    outcome.append_code(static_cast<std::int32_t>(one.outcome) -
                        static_cast<std::int32_t>(kOutcomes.front()));
    severity.append_code(static_cast<std::int32_t>(one.severity));
    evidence.append_text(text_of(one.evidence));
    if (one.next_change) {
      next.append_date(time::PartialDate(*one.next_change));
    } else {
      next.append_missing();
    }
  }
  columns.push_back(std::move(rule));
  columns.push_back(texts("subject", found, &Found::subject));
  columns.push_back(texts("unit_id", found, &Found::unit));
  columns.push_back(texts("member_id", found, &Found::member));
  columns.push_back(std::move(outcome));
  columns.push_back(std::move(severity));
  columns.push_back(texts("cite", found, &Found::cite));
  columns.push_back(std::move(evidence));
  columns.push_back(texts("by", found, &Found::by));
  columns.push_back(messages("message_vi", found, &Found::message, &base::Message::vi));
  columns.push_back(messages("message_en", found, &Found::message, &base::Message::en));
  columns.push_back(messages("remedy_vi", found, &Found::remedy, &base::Message::vi));
  columns.push_back(messages("remedy_en", found, &Found::remedy, &base::Message::en));
  columns.push_back(texts("values", found, &Found::values));
  columns.push_back(texts("parameters", found, &Found::parameters));
  columns.push_back(texts("exceptions", found, &Found::exceptions));
  columns.push_back(texts("facts", found, &Found::facts));
  columns.push_back(std::move(next));
  return {"findings", std::move(columns), provenance(pack, view, heading)};
}

}  // namespace dangbo::inline v1::rules
