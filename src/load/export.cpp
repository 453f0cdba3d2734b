#include "dangbo/load/export.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dangbo/party/schemas.hpp"
#include "dangbo/registry/history.hpp"
#include "dangbo/table/write.hpp"
#include "load/extra_columns.hpp"

namespace dangbo::inline v1::load {

namespace {

using base::RowId;
using registry::Rows;
using table::Field;
using table::Role;
using table::Schema;
using table::TableKind;

constexpr std::uint32_t kPiece = 65'536;  // rows

// Columns of rows_table to be written: of fields that have a value somewhere.
std::vector<std::size_t> used_columns(const Rows& rows, base::CommitNumber commit) {
  std::vector<std::size_t> columns;
  const auto& fields = rows.schema().fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const registry::FieldReader reader = rows.field(field);
    bool is_used = fields[field].required;
    for (std::uint32_t row = 0; row < rows.size() && !is_used; ++row)
      is_used = !reader.is_missing(RowId{row}) && rows.is_known(RowId{row}, commit);
    if (is_used) columns.push_back(field + 1);  // behind row_id
  }
  return columns;
}

std::string quoted(std::string_view text) {
  std::string out;
  detail::append_json_string(out, text);
  return out;
}

std::string list_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + quoted(word);
  return '[' + out + ']';
}

// The reader counts titles among the aliases.
std::vector<std::string> without_titles(std::vector<std::string> words,
                                        const base::Message& title) {
  words.erase(
      std::remove_if(words.begin(), words.end(),
                     [&](const std::string& word) { return word == title.vi || word == title.en; }),
      words.end());
  return words;
}

// One block of a YAML map, key by key.
class Lines {
 public:
  Lines(std::string& out, std::string indent) : out_(out), indent_(std::move(indent)) {}

  void add(std::string_view key, const std::string& value) {
    out_ += indent_;
    if (is_first_) out_ += "- ";
    if (!is_first_) out_ += "  ";
    is_first_ = false;
    out_ += key;
    out_ += ": " + value + '\n';
  }
  void add_title(const base::Message& title) {
    if (title.vi.empty() || title.en.empty()) return;
    add("title", "{vi: " + quoted(title.vi) + ", en: " + quoted(title.en) + '}');
  }
  void add_list(std::string_view key, const std::vector<std::string>& words) {
    if (!words.empty()) add(key, list_of(words));
  }
  void open(std::string_view key) { out_ += indent_ + "  " + std::string(key) + ":\n"; }

 private:
  std::string& out_;
  std::string indent_;
  bool is_first_ = true;
};

std::string codes_of(const table::CodeSet& codes) {
  std::string out;
  for (const table::Code& code : codes.codes()) {
    out += out.empty() ? "" : ", ";
    out += "{id: " + quoted(code.id);
    if (!code.csv.empty()) out += ", csv: " + quoted(code.csv);
    if (!code.name.vi.empty() && !code.name.en.empty())
      out += ", title: {vi: " + quoted(code.name.vi) + ", en: " + quoted(code.name.en) + '}';
    if (!code.aliases.empty()) out += ", aliases: " + list_of(code.aliases);
    out += '}';
  }
  return '[' + out + ']';
}

void add_field(std::string& out, const Field& field) {
  Lines lines(out, "      ");
  lines.add("name", quoted(field.name));
  lines.add("type", std::string(table::name_of(field.type)));
  if (field.required) lines.add("required", "true");
  if (field.role != Role::kNone) lines.add("role", std::string(table::name_of(field.role)));
  if (field.codes != nullptr) lines.add("codes", codes_of(*field.codes));
  lines.add_title(field.title);
  lines.add_list("aliases", without_titles(field.aliases, field.title));
  lines.add_list("inclusive_aliases", field.inclusive_aliases);
  if (field.sensitive) lines.add("sensitive", "true");
}

bool is_standard(std::string_view name) {
  const auto schemas = party::standard_schemas();
  return std::any_of(schemas.begin(), schemas.end(),
                     [&](const auto& schema) { return schema->name() == name; });
}

void add_table(std::string& out, const Schema& schema) {
  constexpr std::array<std::string_view, 3> kKinds = {"state", "event", "period"};
  Lines lines(out, "  ");
  lines.add("name", quoted(schema.name()));
  lines.add("kind", std::string(kKinds[static_cast<std::size_t>(schema.kind())]));
  lines.add_title(schema.title());
  lines.add_list("aliases", without_titles(schema.aliases(), schema.title()));
  std::vector<std::string> key;
  for (const std::size_t field : schema.natural_key()) key.push_back(schema.fields()[field].name);
  lines.add_list("key", key);
  lines.open("fields");
  for (const Field& field : schema.fields()) {
    // The registry adds the field of unknown columns itself.
    if (field.name != "extra") add_field(out, field);
  }
}

}  // namespace

absl::Status write_table(const registry::Snapshot& snapshot, std::string_view table_name,
                         const Sink& sink) {
  const std::optional<Rows> rows = snapshot.rows(table_name);
  if (!rows) return registry::rows_table(snapshot, table_name).status();
  table::CsvOptions options;
  options.columns = used_columns(*rows, snapshot.commit());
  for (std::uint32_t first = 0; first < rows->size();
       first += std::min(kPiece, rows->size() - first)) {
    const auto piece =
        registry::rows_table(snapshot, table_name, {.first = first, .count = kPiece});
    if (!piece.ok()) return piece.status();
    if (piece->row_count() == 0) continue;
    if (!sink(table::to_csv(*piece, options))) return absl::CancelledError("stopped");
    options.header = false;
  }
  return absl::OkStatus();
}

std::string schema_file_text(const registry::Registry& registry) {
  std::string tables;
  for (const auto& schema : registry.schemas()) {
    if (!is_standard(schema->name())) add_table(tables, *schema);
  }
  std::string out;
  if (registry.snapshot().is_synthetic()) out += "synthetic: true\n";
  if (!tables.empty()) out += "tables:\n" + tables;
  return out;
}

}  // namespace dangbo::inline v1::load
