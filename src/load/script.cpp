#include "dangbo/load/script.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/load/yaml_reader.hpp"
#include "dangbo/table/parse.hpp"
#include "load/block_file.hpp"
#include "load/header.hpp"
#include "load/plan_files.hpp"
#include "load/script_operations.hpp"

namespace dangbo::inline v1::load {

namespace {

using base::ProblemCode;
using detail::FieldWords;
using detail::YamlNode;
using registry::Change;
using registry::Registry;
using table::Column;
using table::Field;
using table::FieldBuilder;
using table::Schema;
using Kind = YamlNode::Kind;
using SchemaPtr = std::shared_ptr<const Schema>;

constexpr std::size_t kMaxFile = 8'000'000;  // bytes
constexpr detail::YamlLimits kLimits = {
    .code = ProblemCode::kBadScript, .keys = 256, .nodes = 1'000'000};

enum class Verb : std::uint8_t { kAdd, kCorrect, kWithdraw };

// One value of a row: which field it is for, and where it stands.
struct Cell {
  std::size_t field;
  bool inclusive;
  const YamlNode* key;
  const YamlNode* value;
};

// A part of a row: the whole of a new one, what names a stored one, or what is set.
struct Part {
  std::vector<Cell> cells;  // in the order of the fields
  std::optional<std::int64_t> row_id;

  // Rows whose parts are shaped alike share their columns.
  [[nodiscard]] std::string shape() const {
    std::string out = row_id ? "#" : "";
    for (const Cell& cell : cells) {
      out += std::to_string(cell.field) + (cell.inclusive ? "-" : "+") +
             std::to_string(cell.key->text.size()) + ':' + cell.key->text;
    }
    return out;
  }
};

// Columns that grow by parts of one shape.
class PartColumns {
 public:
  PartColumns(const Schema& schema, const Part& part) {
    if (part.row_id) numbers_.emplace("row_id", table::Type::kInt);
    for (const Cell& cell : part.cells) {
      builders_.emplace_back(schema.fields()[cell.field], cell.inclusive);
      headers_.push_back(cell.key->text);
    }
  }

  void add(const Part& part, base::ProblemList& problems) {
    if (numbers_) numbers_->append_integer(*part.row_id);
    for (std::size_t i = 0; i < builders_.size(); ++i) {
      const YamlNode& value = *part.cells[i].value;
      auto problem = builders_[i].append(value.kind == Kind::kScalar ? value.text : "");
      if (!problem) continue;
      problem->place = {.file = "", .row = value.line, .column = headers_[i]};
      problems.add(*std::move(problem));
    }
  }

  [[nodiscard]] std::vector<std::string> headers() const { return headers_; }
  [[nodiscard]] table::Table take(const std::string& name) {
    std::vector<Column> columns;
    if (numbers_) columns.push_back(*std::move(numbers_));
    for (FieldBuilder& builder : builders_) columns.push_back(builder.take());
    return {name, std::move(columns)};
  }

 private:
  std::optional<Column> numbers_;
  std::vector<FieldBuilder> builders_;
  std::vector<std::string> headers_;
};

// Changes of one verb, table and shape.
struct Group {
  Verb verb;
  SchemaPtr schema;
  PartColumns targets;  // Verb::kAdd: the rows
  PartColumns values;
  std::vector<std::uint64_t> lines;
};

class ScriptReader : private detail::YamlReader {
 public:
  ScriptReader(const Registry& registry, base::ProblemList& problems)
      : YamlReader(kLimits.code, problems),
        registry_(registry),
        operation_reader_(registry, kLimits.code, problems) {}

  void read(const YamlNode& root) {
    if (!is_map(root, {"script", "changes"})) return;
    if (const YamlNode* version = needed(root, "script");
        version != nullptr && version->text != "1") {
      refuse(*version, version->text,
             {"không đọc được bản sửa dạng này", "a script of this form cannot be read"},
             {"viết “script: 1”", "write “script: 1”"});
      return;
    }
    const YamlNode* changes = needed(root, "changes");
    if (changes == nullptr || !is_list(*changes)) return;
    for (const YamlNode& item : changes->items) read_change(item);
  }

  [[nodiscard]] std::vector<Group> take() { return std::move(groups_); }
  [[nodiscard]] std::vector<registry::Operation> take_operations() {
    return std::move(operations_);
  }

 private:
  void read_change(const YamlNode& item) {
    static const std::vector<std::string_view> known = [] {
      std::vector<std::string_view> all = {"add", "correct", "withdraw"};
      const auto& words = detail::OperationReader::words();
      all.insert(all.end(), words.begin(), words.end());
      return all;
    }();
    if (!is_map(item, known)) return;
    if (item.keys.size() != 1) {
      refuse(item, "", {"mỗi mục là một việc", "each item is one change"},
             {"viết mỗi việc sau một dấu “- ”", "write each change after a “- ” of its own"});
      return;
    }
    const YamlNode& what = item.items.front();
    const std::uint64_t line = item.keys.front().line;
    if (item.keys.front().text == "add") {
      read_add(what, line);
    } else if (item.keys.front().text == "correct") {
      read_stored(Verb::kCorrect, what, line);
    } else if (item.keys.front().text == "withdraw") {
      read_stored(Verb::kWithdraw, what, line);
    } else if (std::find(known.begin(), known.end(), item.keys.front().text) != known.end()) {
      if (auto operation = operation_reader_.read(item))
        operations_.push_back(*std::move(operation));
    }
  }

  void read_add(const YamlNode& node, std::uint64_t line) {
    if (!is_map(node, {"table", "row"})) return;
    const SchemaPtr schema = table_of(node);
    const YamlNode* row = needed(node, "row");
    if (schema == nullptr || row == nullptr) return;
    const auto part = read_part(*schema, *row);
    if (!part) return;
    require_fields(*schema, *part, line);
    put(Verb::kAdd, schema, *part, {}, line);
  }

  void read_stored(Verb verb, const YamlNode& node, std::uint64_t line) {
    const bool is_map_of_keys = verb == Verb::kCorrect
                                    ? is_map(node, {"table", "key", "row_id", "set"})
                                    : is_map(node, {"table", "key", "row_id"});
    if (!is_map_of_keys) return;
    const SchemaPtr schema = table_of(node);
    const YamlNode* set = verb == Verb::kCorrect ? needed(node, "set") : nullptr;
    if (schema == nullptr || (verb == Verb::kCorrect && set == nullptr)) return;
    const auto target = read_target(*schema, node);
    const auto values = set == nullptr ? std::optional(Part()) : read_part(*schema, *set);
    if (target && values) put(verb, schema, *target, *values, line);
  }

  std::optional<Part> read_target(const Schema& schema, const YamlNode& node) {
    const YamlNode* key = node.find("key");
    const YamlNode* row_id = node.find("row_id");
    if ((key == nullptr) == (row_id == nullptr)) {
      refuse(node, "", {"cần một trong hai: key hoặc row_id", "one of key and row_id is needed"},
             {"chỉ dòng bằng khoá của bảng, hoặc bằng row_id",
              "name the row by the table's key, or by row_id"});
      return std::nullopt;
    }
    return key != nullptr ? read_part(schema, *key) : read_row_id(*row_id);
  }

  std::optional<Part> read_row_id(const YamlNode& node) {
    std::uint32_t number = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, number);
    if (node.kind == Kind::kScalar && error == std::errc() && stop == end) {
      return Part{.cells = {}, .row_id = number};
    }
    refuse(node, node.text, {"row_id phải là một số", "row_id must be a number"},
           {"dùng row_id do thư viện cho", "use a row_id that the library gave"});
    return std::nullopt;
  }

  SchemaPtr table_of(const YamlNode& node) {
    const YamlNode* name = needed(node, "table");
    if (name == nullptr) return nullptr;
    SchemaPtr schema = name->kind == Kind::kScalar ? registry_.find_schema(name->text) : nullptr;
    if (schema != nullptr) return schema;
    base::Problem problem = detail::unknown_table(registry_, name->text, "");
    problem.place = {.file = "", .row = name->line, .column = std::to_string(name->column)};
    problems_.add(std::move(problem));
    return nullptr;
  }

  std::optional<Part> read_part(const Schema& schema, const YamlNode& node) {
    if (node.kind != Kind::kMap || node.keys.empty()) {
      refuse(node, node.text, {"chỗ này phải có các cột của bảng", "this must have fields"},
             {"viết {tên_cột: giá_trị, …}", "write {field: value, …}"});
      return std::nullopt;
    }
    Part part;
    bool is_good = true;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const auto match = field_of(schema, node.keys[i]);
      if (!match || !is_value(node.items[i])) {
        is_good = false;
      } else {
        part.cells.push_back({match->field, match->inclusive, &node.keys[i], &node.items[i]});
      }
    }
    std::stable_sort(part.cells.begin(), part.cells.end(),
                     [](const Cell& a, const Cell& b) { return a.field < b.field; });
    for (std::size_t i = 1; i < part.cells.size(); ++i) {
      if (part.cells[i - 1].field != part.cells[i].field) continue;
      is_good = false;
      refuse(*part.cells[i].key, part.cells[i].key->text,
             {"cột này đã có, tên là “" + part.cells[i - 1].key->text + "”",
              "this field is there already, as “" + part.cells[i - 1].key->text + "”"},
             {"bỏ một trong hai", "drop one of the two"});
    }
    return is_good ? std::optional(std::move(part)) : std::nullopt;
  }

  bool is_value(const YamlNode& node) {
    const bool is_one = node.kind == Kind::kNothing || node.kind == Kind::kScalar;
    if (is_one && node.text.find('\0') == std::string::npos) return true;
    refuse(node, is_one ? "" : node.text,
           {"giá trị phải là một từ, một số hay một câu", "a value must be a word or a text"},
           {"để trống nếu không biết", "leave it empty when it is not known"});
    return false;
  }

  std::optional<FieldWords::Match> field_of(const Schema& schema, const YamlNode& key) {
    auto& words = words_[&schema];
    if (words == nullptr) words = std::make_unique<FieldWords>(schema);
    const auto matches = words->find(key.text);
    if (matches.size() == 1) return matches.front();
    const auto& fields = schema.fields();
    std::vector<std::string_view> names;
    if (matches.empty()) {
      for (const Field& field : fields) names.push_back(field.name);
    } else {
      for (const FieldWords::Match& match : matches) names.push_back(fields[match.field].name);
    }
    std::string list;
    for (const std::string_view name : names) (list += list.empty() ? "" : ", ") += name;
    base::Message fix = {"dùng tên cột: " + list, "use the field's name: " + list};
    const auto near = matches.empty() ? base::nearest(key.text, names.data(), names.size())
                                      : std::optional<std::size_t>();
    if (near) {
      const std::string name(names[*near]);
      fix = {"có phải là “" + name + "”? Nếu không, " + fix.vi,
             "did you mean “" + name + "”? If not, " + fix.en};
    }
    refuse(key, key.text,
           matches.empty() ? base::Message{"bảng “" + schema.name() + "” không có cột này",
                                           "the table “" + schema.name() + "” has no such field"}
                           : base::Message{"từ này chỉ nhiều cột", "several fields go by this"},
           std::move(fix));
    return std::nullopt;
  }

  void require_fields(const Schema& schema, const Part& part, std::uint64_t line) {
    for (std::size_t field = 0; field < schema.fields().size(); ++field) {
      const std::string& name = schema.fields()[field].name;
      const bool is_there = std::any_of(part.cells.begin(), part.cells.end(),
                                        [&](const Cell& cell) { return cell.field == field; });
      if (!schema.fields()[field].required || is_there) continue;
      problems_.add({.code = ProblemCode::kMissingValue,
                     .place = {.file = "", .row = line, .column = name},
                     .value = "",
                     .reason = {"thiếu giá trị bắt buộc", "a required value is missing"},
                     .fix = {"thêm “" + name + ": …”", "add “" + name + ": …”"}});
    }
  }

  void put(Verb verb, const SchemaPtr& schema, const Part& target, const Part& values,
           std::uint64_t line) {
    const std::string shape = std::to_string(static_cast<int>(verb)) + schema->name() + '\n' +
                              target.shape() + '\n' + values.shape();
    const auto [at, is_new] = by_shape_.try_emplace(shape, groups_.size());
    if (is_new) {
      groups_.push_back({.verb = verb,
                         .schema = schema,
                         .targets = PartColumns(*schema, target),
                         .values = PartColumns(*schema, values),
                         .lines = {}});
    }
    Group& group = groups_[at->second];
    group.targets.add(target, problems_);
    group.values.add(values, problems_);
    group.lines.push_back(line);
  }

  const Registry& registry_;
  detail::OperationReader operation_reader_;
  std::vector<registry::Operation> operations_;
  std::vector<Group> groups_;  // in order of their first change
  std::map<std::string, std::size_t> by_shape_;
  std::map<const Schema*, std::unique_ptr<FieldWords>> words_;
};

// What the groups say, as parts of a change.
void add_groups(Change& change, std::vector<Group> groups, const std::string& source) {
  for (Group& group : groups) {
    const std::string& name = group.schema->name();
    if (group.verb == Verb::kAdd) {
      change.add_batch({.schema = group.schema,
                        .rows = group.targets.take(name),
                        .source = source,
                        .first_row = group.lines.front(),
                        .headers = group.targets.headers(),
                        .row_numbers = std::move(group.lines)});
      continue;
    }
    change.add_correction({.schema = group.schema,
                           .targets = group.targets.take(name),
                           .values = group.values.take(name),
                           .withdraw = group.verb == Verb::kWithdraw,
                           .source = source,
                           .target_headers = group.targets.headers(),
                           .headers = group.values.headers(),
                           .row_numbers = std::move(group.lines)});
  }
}

void read_script(const Registry& registry, Change& change, const std::string& text,
                 const std::string& source) {
  base::ProblemList found;
  ScriptReader reader(registry, found);
  if (const auto root = detail::parse_yaml(text, kLimits, found)) reader.read(*root);
  Change read(registry);
  add_groups(read, reader.take(), source);
  for (registry::Operation& operation : reader.take_operations()) {
    std::visit([&](auto& what) { what.act.place.file = source; }, operation);
    read.add_operation(std::move(operation));
  }
  for (base::Problem problem : found.kept()) {
    problem.place.file = source;
    read.add_problem(std::move(problem));
  }
  change.append(std::move(read));
}

absl::Status out_of_memory() {
  return absl::ResourceExhaustedError("not enough memory for this script; nothing was added");
}

}  // namespace

absl::Status add_script(const Registry& registry, Change& change, const std::string& path) {
  try {
    base::ProblemList problems;
    const auto text = detail::read_text_file(path, kMaxFile, kLimits.code, problems);
    if (text) {
      read_script(registry, change, *text, detail::shown(path));
    } else {
      change.add_problems(std::move(problems));
    }
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

absl::Status add_script_text(const Registry& registry, Change& change, std::string_view text,
                             std::string_view source) {
  try {
    const std::string name = detail::shown(source);
    if (auto problem = detail::utf8_problem(text, name)) {
      change.add_problem(*std::move(problem));
    } else if (text.size() > kMaxFile) {
      change.add_problem(detail::size_problem(kLimits.code, kMaxFile, name));
    } else {
      read_script(registry, change, std::string(text), name);
    }
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace dangbo::inline v1::load
