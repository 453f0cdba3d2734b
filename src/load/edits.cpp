#include "load/edits.hpp"

#include <algorithm>
#include <tuple>

#include "dangbo/base/text.hpp"
#include "dangbo/table/parse.hpp"
#include "load/extra_columns.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using registry::Change;
using table::Column;
using table::FieldBuilder;
using table::Type;

// Edits whose rows share their columns.
using Shape = std::pair<std::string, std::vector<std::size_t>>;  // source, fields

std::string map_text(const table::Schema& schema, const auto& cells) {
  std::string out;
  for (const auto& [field, value] : cells) {
    out += out.empty() ? "" : ", ";
    out += schema.fields()[field].name + ": " + scalar(value);
  }
  return '{' + out + '}';
}

table::Table values_of(const table::Schema& schema, const std::vector<const Edit*>& edits,
                       const std::vector<std::size_t>& fields, base::ProblemList& problems) {
  std::vector<Column> columns;
  for (const std::size_t field : fields) {
    FieldBuilder builder(schema.fields()[field], false);
    for (const Edit* edit : edits) {
      auto problem = builder.append(edit->cells.at(field));
      if (!problem) continue;
      problem->place = edit->place;
      problem->place.column = schema.fields()[field].name;
      problems.add(*std::move(problem));
    }
    columns.push_back(builder.take());
  }
  return {schema.name(), std::move(columns)};
}

void add_group(Change& change, const SchemaPtr& schema, const Shape& shape, bool stored,
               const std::vector<const Edit*>& edits) {
  base::ProblemList problems;
  table::Table values = values_of(*schema, edits, shape.second, problems);
  std::vector<std::uint64_t> lines;
  Column numbers("row_id", Type::kInt);
  for (const Edit* edit : edits) {
    lines.push_back(edit->place.row);
    if (stored) numbers.append_integer(base::index_of(*edit->row));
  }
  if (stored) {
    std::vector<Column> targets;
    targets.push_back(std::move(numbers));
    change.add_correction({.schema = schema,
                           .targets = table::Table(schema->name(), std::move(targets)),
                           .values = std::move(values),
                           .source = shape.first,
                           .row_numbers = std::move(lines)});
  } else {
    change.add_batch({.schema = schema,
                      .rows = std::move(values),
                      .source = shape.first,
                      .first_row = 1,
                      .headers = {},
                      .row_numbers = std::move(lines)});
  }
  change.add_problems(std::move(problems));
}

// Text that cannot end a comment.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

}  // namespace

std::string scalar(std::string_view value) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  if (value.empty()) return "";
  const bool is_word = std::all_of(value.begin(), value.end(), is_plain) && value.front() != '-' &&
                       value.front() != '.' && base::fold(value) != "null";
  if (is_word) return std::string(value);
  std::string out;
  append_json_string(out, value);
  return out;
}

Edit& Edits::add(SchemaPtr schema, base::Place place) {
  edits_.push_back({.schema = std::move(schema), .row = {}, .key = {}, .cells = {}, .place = {}});
  edits_.back().place = std::move(place);
  return edits_.back();
}

Edit& Edits::correct(SchemaPtr schema, base::RowId row, base::Place place) {
  Edit*& known = by_row_[{schema.get(), row}];
  if (known == nullptr) {
    known = &add(std::move(schema), std::move(place));
    known->row = row;
  }
  return *known;
}

std::uint64_t Edits::questions() const noexcept {
  return static_cast<std::uint64_t>(
      std::count_if(findings_.begin(), findings_.end(),
                    [](const Finding& finding) { return finding.is_question; }));
}

Change Edits::change(const registry::Registry& registry) const {
  struct Group {
    SchemaPtr schema;
    bool stored;
    Shape shape;
    std::vector<const Edit*> edits;
  };
  std::vector<Group> groups;  // in order of their first edit
  std::map<std::tuple<const table::Schema*, bool, Shape>, std::size_t> by_shape;
  for (const Edit& edit : edits_) {
    Shape shape{edit.place.file, {}};
    for (const auto& [field, value] : edit.cells) shape.second.push_back(field);
    const auto [at, is_new] =
        by_shape.try_emplace({edit.schema.get(), edit.row.has_value(), shape}, groups.size());
    if (is_new) groups.push_back({edit.schema, edit.row.has_value(), shape, {}});
    groups[at->second].edits.push_back(&edit);
  }
  Change change(registry);
  for (Group& group : groups) {
    // Rows of a source are told in its order.
    std::stable_sort(group.edits.begin(), group.edits.end(),
                     [](const Edit* a, const Edit* b) { return a->place.row < b->place.row; });
    add_group(change, group.schema, group.shape, group.stored, group.edits);
  }
  return change;
}

std::string Edits::script(const std::string& title) const {
  std::string out = "# " + one_line(title) + "\nscript: 1\nchanges:";
  out += edits_.empty() ? " []\n" : "\n";
  for (const Edit& edit : edits_) {
    const table::Schema& schema = *edit.schema;
    if (edit.row) {
      out += "  - correct: {table: " + schema.name() + ", key: " + map_text(schema, edit.key) +
             ", set: " + map_text(schema, edit.cells) + "}\n";
    } else {
      std::map<std::size_t, std::string> given;
      for (const auto& [field, value] : edit.cells)
        if (!value.empty()) given.emplace(field, value);
      out += "  - add: {table: " + schema.name() + ", row: " + map_text(schema, given) + "}\n";
    }
  }
  for (const Finding& finding : findings_) {
    if (finding.note.vi.empty()) continue;
    out += "# " + std::string(finding.is_question ? "?" : "!") + ' ' + finding.table + ' ' +
           one_line(finding.key) + ": " + one_line(finding.note.vi) + " / " +
           one_line(finding.note.en) + '\n';
    for (const std::string& line : finding.proposals) out += "#   - " + one_line(line) + '\n';
  }
  return out;
}

table::Table Edits::findings() const {
  Column day("day", Type::kDate);
  Column observed("observed", Type::kDate);
  std::vector<Column> texts;
  for (const char* name :
       {"finding", "table", "key", "field", "before", "after", "note_vi", "note_en"})
    texts.emplace_back(name, Type::kText);
  for (const Finding& finding : findings_) {
    const std::string_view values[] = {finding.what,    finding.table,  finding.key,
                                       finding.field,   finding.before, finding.after,
                                       finding.note.vi, finding.note.en};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (values[i].empty()) {
        texts[i].append_missing();
      } else {
        texts[i].append_text(values[i]);
      }
    }
    finding.day ? day.append_date(*finding.day) : day.append_missing();
    finding.observed ? observed.append_date(*finding.observed) : observed.append_missing();
  }
  std::vector<Column> columns;
  for (std::size_t i = 0; i < 6; ++i) columns.push_back(std::move(texts[i]));
  columns.push_back(std::move(day));
  columns.push_back(std::move(observed));
  columns.push_back(std::move(texts[6]));
  columns.push_back(std::move(texts[7]));
  return {"difference", std::move(columns)};
}

}  // namespace dangbo::inline v1::load::detail
