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

table::Table rules_table(const Pack& pack) {
  Column rule("rule", Type::kText);
  Column title_vi("title_vi", Type::kText);
  Column title_en("title_en", Type::kText);
  Column severity = coded("severity", {"advisory", "notice", "violation"});
  Column is_on("on_by_default", Type::kBool);
  Column person("about_person", Type::kBool);
  Column cite("cite", Type::kText);
  Column evidence("evidence", Type::kText);
  Column from("effective_from", Type::kDate);
  Column until("effective_until", Type::kDate);
  const auto put_day = [](Column& column, std::optional<time::Date> day) {
    if (day) {
      column.append_date(time::PartialDate(*day));
    } else {
      column.append_missing();
    }
  };
  for (const Rule& one : pack.rules) {
    rule.append_text(one.id);
    append(title_vi, one.title.vi);
    append(title_en, one.title.en);
    severity.append_code(static_cast<std::int32_t>(one.severity));
    is_on.append_boolean(one.on_by_default);
    person.append_boolean(one.is_about_person);
    append(cite, text_of(one.citations, pack));
    evidence.append_text(text_of(one.evidence));
    put_day(from, one.effective.from());
    put_day(until, one.effective.until());
  }
  std::vector<Column> columns;
  for (Column* column :
       {&rule, &title_vi, &title_en, &severity, &is_on, &person, &cite, &evidence, &from, &until}) {
    columns.push_back(std::move(*column));
  }
  table::Provenance provenance;
  provenance.facts = {{"pack", pack.id + " " + pack.version + " " + base::to_hex(pack.digest)}};
  return {"rules", std::move(columns), std::move(provenance)};
}

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
