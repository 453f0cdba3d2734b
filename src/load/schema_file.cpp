// Tables of a host, written down in YAML. Strict: what is not understood is refused, with its
// place.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/load/load.hpp"
#include "dangbo/load/yaml_reader.hpp"
#include "load/block_file.hpp"

namespace dangbo::inline v1::load {

namespace {

using base::Message;
using detail::YamlNode;
using table::Code;
using table::CodeSet;
using table::Field;
using table::Role;
using table::Schema;
using table::TableKind;
using table::Type;

using Kind = YamlNode::Kind;

constexpr std::size_t kMaxFile = 1'000'000;  // bytes
constexpr std::size_t kMaxName = 63;
constexpr detail::YamlLimits kLimits = {
    .code = base::ProblemCode::kBadSchemaFile, .keys = 64, .nodes = 1'000'000};

template <typename Value>
struct Word {
  std::string_view word;
  Value value;
};

constexpr std::array<Word<TableKind>, 3> kKinds = {
    {{"state", TableKind::kState}, {"event", TableKind::kEvent}, {"period", TableKind::kPeriod}}};
constexpr std::array<Word<Type>, 5> kTypes = {{{"text", Type::kText},
                                               {"code", Type::kCode},
                                               {"date", Type::kDate},
                                               {"int", Type::kInt},
                                               {"bool", Type::kBool}}};
constexpr std::array<Word<Role>, 8> kRoles = {{{"unit", Role::kUnit},
                                               {"member", Role::kMember},
                                               {"subject", Role::kSubject},
                                               {"decision", Role::kDecision},
                                               {"from", Role::kFrom},
                                               {"until", Role::kUntil},
                                               {"day", Role::kDay},
                                               {"period", Role::kPeriod}}};
constexpr std::array<Word<bool>, 2> kTruths = {{{"true", true}, {"false", false}}};

bool is_date_role(Role role) noexcept {
  return role == Role::kFrom || role == Role::kUntil || role == Role::kDay;
}

// Lower-case Latin letters, digits and underscores: names go into queries.
bool is_name(std::string_view text) noexcept {
  const auto is_letter = [](char byte) { return byte >= 'a' && byte <= 'z'; };
  return !text.empty() && text.size() <= kMaxName && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char byte) {
           return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_';
         });
}

// Words already used in one place where they must be told apart after folding.
class UsedWords {
 public:
  // The word's owner before, or nothing when it is new or folds to nothing.
  std::optional<std::size_t> add(std::string_view word, std::size_t owner) {
    std::string folded = base::fold(word);
    if (folded.empty()) return std::nullopt;
    const auto at = std::lower_bound(
        words_.begin(), words_.end(), folded,
        [](const auto& entry, const std::string& key) { return entry.first < key; });
    if (at != words_.end() && at->first == folded) return at->second;
    words_.emplace(at, std::move(folded), owner);
    return std::nullopt;
  }

 private:
  std::vector<std::pair<std::string, std::size_t>> words_;  // sorted
};

class SchemaReader : private detail::YamlReader {
 public:
  explicit SchemaReader(base::ProblemList& problems) : YamlReader(kLimits.code, problems) {}

  SchemaFile read(const YamlNode& root) {
    SchemaFile file;
    if (!is_map(root, {"synthetic", "tables"})) return file;
    const YamlNode* synthetic = root.find("synthetic");
    file.synthetic = truth_of(synthetic);
    const YamlNode* tables = synthetic == nullptr ? needed(root, "tables") : root.find("tables");
    if (tables == nullptr || !is_list(*tables)) return file;
    UsedWords names;
    for (const YamlNode& node : tables->items) {
      const std::uint64_t before = problems_.total();
      auto schema = read_table(node, names);
      if (schema != nullptr && problems_.total() == before) {
        file.tables.push_back(std::move(schema));
      }
    }
    return file;
  }

 private:
  // A text that is there: no list, not empty.
  std::optional<std::string> text_of(const YamlNode& node) {
    if (node.kind == Kind::kScalar && !base::fold(node.text).empty()) {
      return base::to_nfc(node.text);
    }
    refuse(node, node.text, {"chỗ này phải là chữ", "this must be a text"},
           {"viết một từ hay một câu", "write a word or a phrase"});
    return std::nullopt;
  }

  std::optional<std::string> name_of(const YamlNode& node) {
    if (node.kind == Kind::kScalar && is_name(node.text)) return node.text;
    refuse(node, node.text, {"tên không hợp lệ", "not a valid name"},
           {"dùng chữ thường không dấu, chữ số và gạch dưới, bắt đầu bằng chữ: kiem_tra",
            "use lower-case letters, digits and underscores, a letter first: inspection_no"});
    return std::nullopt;
  }

  std::vector<std::string> texts_of(const YamlNode* node) {
    std::vector<std::string> texts;
    if (node == nullptr || !is_list(*node)) return texts;
    for (const YamlNode& item : node->items) {
      if (auto text = text_of(item)) texts.push_back(std::move(*text));
    }
    return texts;
  }

  template <typename Value, std::size_t kCount>
  std::optional<Value> word_of(const YamlNode& node, const std::array<Word<Value>, kCount>& words) {
    std::string list;
    for (const Word<Value>& word : words) {
      if (node.kind == Kind::kScalar && node.text == word.word) return word.value;
      list += list.empty() ? "" : ", ";
      list += word.word;
    }
    refuse(node, node.text, {"không dùng được ở đây", "not possible here"},
           {"một trong: " + list, "one of: " + list});
    return std::nullopt;
  }

  bool truth_of(const YamlNode* node) {
    return node != nullptr && word_of(*node, kTruths).value_or(false);
  }

  Message title_of(const YamlNode* node) {
    Message title;
    if (node == nullptr || !is_map(*node, {"vi", "en"})) return title;
    if (const YamlNode* vi = needed(*node, "vi")) title.vi = text_of(*vi).value_or("");
    if (const YamlNode* en = needed(*node, "en")) title.en = text_of(*en).value_or("");
    return title;
  }

  // ---- codes

  std::optional<Code> read_code(const YamlNode& node) {
    Code code;
    if (node.kind == Kind::kScalar) {
      auto id = name_of(node);
      if (!id) return std::nullopt;
      code.id = std::move(*id);
      return code;
    }
    if (!is_map(node, {"id", "csv", "title", "aliases"})) return std::nullopt;
    const YamlNode* id = needed(node, "id");
    if (id == nullptr) return std::nullopt;
    code.id = name_of(*id).value_or("");
    if (const YamlNode* csv = node.find("csv")) code.csv = text_of(*csv).value_or("");
    code.name = title_of(node.find("title"));
    code.aliases = texts_of(node.find("aliases"));
    return code;
  }

  std::shared_ptr<const CodeSet> read_codes(const YamlNode& node, const std::string& name) {
    if (!is_list(node)) return nullptr;
    std::vector<Code> codes;
    UsedWords used;
    const std::uint64_t before = problems_.total();
    for (const YamlNode& item : node.items) {
      auto code = read_code(item);
      if (!code) continue;
      std::vector<std::string_view> words = {code->id, code->csv};
      words.insert(words.end(), code->aliases.begin(), code->aliases.end());
      for (const std::string_view word : words) {
        const auto owner = used.add(word, codes.size());
        if (!owner || *owner == codes.size()) continue;
        refuse(item, word,
               {"từ này đã chỉ mã “" + codes[*owner].id + "”",
                "this word already stands for the code “" + codes[*owner].id + "”"},
               {"mỗi từ chỉ một mã; dấu và chữ hoa không phân biệt",
                "one word, one code; marks and capitals do not tell words apart"});
      }
      codes.push_back(std::move(*code));
    }
    if (codes.empty() && problems_.total() == before) {
      refuse(node, "", {"danh mục mã trống", "the list of codes is empty"},
             {"bỏ khoá codes nếu mã mọc theo dữ liệu", "drop the key codes to let the data say"});
    }
    // Two codes of one word would break the vocabulary's promise.
    if (problems_.total() != before) return nullptr;
    return std::make_shared<const CodeSet>(name, std::move(codes));
  }

  // ---- fields

  std::optional<Field> read_field(const YamlNode& node, const std::string& table) {
    if (!is_map(node, {"name", "type", "required", "role", "codes", "aliases", "inclusive_aliases",
                       "title", "sensitive"})) {
      return std::nullopt;
    }
    Field field;
    const YamlNode* name = needed(node, "name");
    const YamlNode* type = needed(node, "type");
    if (name != nullptr) field.name = name_of(*name).value_or("");
    if (type != nullptr) field.type = word_of(*type, kTypes).value_or(Type::kText);
    if (field.name == "extra") {
      refuse(*name, field.name,
             {"tên này dành cho các cột lạ", "this name is kept for other columns"},
             {"chọn tên khác", "choose another name"});
    }
    field.required = truth_of(node.find("required"));
    field.sensitive = truth_of(node.find("sensitive"));
    field.title = title_of(node.find("title"));
    field.aliases = texts_of(node.find("aliases"));
    field.inclusive_aliases = texts_of(node.find("inclusive_aliases"));
    if (const YamlNode* role = node.find("role")) read_role(*role, field);
    if (const YamlNode* aliases = node.find("inclusive_aliases");
        aliases != nullptr && field.role != Role::kUntil) {
      refuse(*aliases, "",
             {"chỉ cột vai trò until mới có", "only a column of the role until has them"},
             {"bỏ khoá này", "drop this key"});
    }
    if (const YamlNode* codes = node.find("codes")) {
      if (field.type != Type::kCode) {
        refuse(*codes, "",
               {"chỉ cột kiểu code mới có danh mục mã", "only a column of type code has codes"},
               {"đặt type: code", "set type: code"});
      } else {
        field.codes = read_codes(*codes, table + "." + field.name);
      }
    }
    add_titles(field);
    return field.name.empty() ? std::nullopt : std::optional(std::move(field));
  }

  // A column may be headed by its title.
  static void add_titles(Field& field) {
    for (const std::string& title : {field.title.vi, field.title.en}) {
      if (!title.empty()) field.aliases.push_back(title);
    }
  }

  void read_role(const YamlNode& node, Field& field) {
    const auto role = word_of(node, kRoles);
    if (!role) return;
    field.role = *role;
    const Type wanted = is_date_role(*role) ? Type::kDate : Type::kText;
    if (field.type == wanted) return;
    const std::string type(table::name_of(wanted));
    refuse(node, node.text, {"vai trò này cần kiểu " + type, "this role needs the type " + type},
           {"đặt type: " + type, "set type: " + type});
  }

  // ---- tables

  std::vector<Field> read_fields(const YamlNode& node, const std::string& table) {
    std::vector<Field> fields;
    if (!is_list(node)) return fields;
    std::vector<const YamlNode*> places;
    for (const YamlNode& item : node.items) {
      if (auto field = read_field(item, table)) {
        fields.push_back(std::move(*field));
        places.push_back(&item);
      }
    }
    if (node.items.empty()) {
      refuse(node, "", {"bảng không có cột nào", "the table has no column"},
             {"thêm ít nhất một cột", "add at least one"});
    }
    check_words(fields, places);
    check_roles(fields, places);
    return fields;
  }

  // Names first: a field's name beats an alias, an alias of two fields decides nothing.
  void check_words(std::vector<Field>& fields, const std::vector<const YamlNode*>& places) {
    UsedWords used;
    for (std::size_t index = 0; index < fields.size(); ++index) {
      if (used.add(fields[index].name, index)) refuse_word(*places[index], fields[index].name);
    }
    for (std::size_t index = 0; index < fields.size(); ++index) {
      std::vector<std::string> kept;
      for (const std::string& alias : fields[index].aliases) {
        const auto owner = used.add(alias, index);
        if (owner && *owner != index) refuse_word(*places[index], alias);
        if (!owner) kept.push_back(alias);
      }
      for (const std::string& alias : fields[index].inclusive_aliases) {
        if (used.add(alias, index)) refuse_word(*places[index], alias);
      }
      fields[index].aliases = std::move(kept);
    }
  }

  void refuse_word(const YamlNode& at, std::string_view word) {
    refuse(at, word, {"tên này đã chỉ một cột khác", "this name already stands for another column"},
           {"mỗi tên chỉ một cột; dấu và chữ hoa không phân biệt",
            "one name, one column; marks and capitals do not tell names apart"});
  }

  void check_roles(const std::vector<Field>& fields, const std::vector<const YamlNode*>& places) {
    std::vector<Role> seen;
    for (std::size_t index = 0; index < fields.size(); ++index) {
      const Role role = fields[index].role;
      if (role == Role::kNone || role == Role::kUnit || role == Role::kDecision) continue;
      if (std::find(seen.begin(), seen.end(), role) != seen.end()) {
        refuse(*places[index], fields[index].name,
               {"vai trò này đã có cột khác giữ", "another column has this role"},
               {"mỗi bảng một cột cho vai trò này", "one column of this role a table"});
      }
      seen.push_back(role);
      if (role == Role::kSubject && !has_subject_type(fields)) {
        refuse(*places[index], fields[index].name,
               {"vai trò subject cần cột subject_type với hai mã unit, member",
                "the role subject needs a column subject_type with the codes unit and member"},
               {"thêm {name: subject_type, type: code, codes: [unit, member]}",
                "add {name: subject_type, type: code, codes: [unit, member]}"});
      }
    }
  }

  static bool has_subject_type(const std::vector<Field>& fields) {
    const auto is_code_of = [](const Code& code) {
      return code.id == "unit" || code.id == "member";
    };
    return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
      return field.name == "subject_type" && field.codes != nullptr &&
             field.codes->codes().size() == 2 &&
             std::all_of(field.codes->codes().begin(), field.codes->codes().end(), is_code_of);
    });
  }

  std::vector<std::string> read_key(const YamlNode* node, const std::vector<Field>& fields) {
    std::vector<std::string> key;
    if (node == nullptr || !is_list(*node)) return key;
    for (const YamlNode& item : node->items) {
      const bool is_known = std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
        return field.name == item.text;
      });
      if (item.kind != Kind::kScalar || !is_known) {
        refuse(item, item.text, {"bảng không có cột này", "the table has no such column"},
               {"dùng tên của các cột trong fields", "use names of columns in fields"});
      } else if (std::find(key.begin(), key.end(), item.text) != key.end()) {
        refuse(item, item.text, {"cột này đã có trong khoá", "this column is in the key already"},
               {"bỏ một trong hai", "drop one of the two"});
      } else {
        key.push_back(item.text);
      }
    }
    return key;
  }

  void check_kind(const YamlNode& node, TableKind kind, const std::vector<Field>& fields) {
    const Role role = kind == TableKind::kEvent ? Role::kDay : Role::kPeriod;
    const bool has_role = std::any_of(fields.begin(), fields.end(),
                                      [&](const Field& field) { return field.role == role; });
    if (kind == TableKind::kState || has_role) return;
    const std::string word = role == Role::kDay ? "day" : "period";
    refuse(node, "",
           {"loại bảng này cần một cột vai trò " + word,
            "a table of this kind needs a column of the role " + word},
           {"thêm role: " + word + " cho cột ấy", "add role: " + word + " to that column"});
  }

  std::shared_ptr<const Schema> read_table(const YamlNode& node, UsedWords& names) {
    if (!is_map(node, {"name", "kind", "title", "aliases", "key", "fields"})) return nullptr;
    const YamlNode* name_node = needed(node, "name");
    const YamlNode* kind_node = needed(node, "kind");
    const YamlNode* fields_node = needed(node, "fields");
    if (name_node == nullptr || kind_node == nullptr || fields_node == nullptr) return nullptr;
    const auto name = name_of(*name_node);
    const auto kind = word_of(*kind_node, kKinds);
    Message title = title_of(node.find("title"));
    std::vector<std::string> aliases = texts_of(node.find("aliases"));
    if (!name || !kind) return nullptr;
    for (const std::string& word : {title.vi, title.en}) {
      if (!word.empty()) aliases.push_back(word);
    }
    std::vector<Field> fields = read_fields(*fields_node, *name);
    std::vector<std::string> key = read_key(node.find("key"), fields);
    check_kind(node, *kind, fields);
    const std::size_t number = tables_++;
    std::vector<std::string> words = {*name};
    words.insert(words.end(), aliases.begin(), aliases.end());
    for (const std::string& word : words) {
      if (const auto owner = names.add(word, number); owner && *owner != number) {
        refuse(*name_node, word,
               {"tên này đã chỉ một bảng khác", "this name already stands for another table"},
               {"mỗi tên chỉ một bảng", "one name, one table"});
      }
    }
    return std::make_shared<const Schema>(*name, *kind, std::move(fields), std::move(key),
                                          std::move(title), std::move(aliases));
  }

  std::size_t tables_ = 0;
};

}  // namespace

SchemaFile read_schema_file(const std::string& path, base::ProblemList& problems) {
  SchemaFile file;
  const auto text = detail::read_text_file(path, kMaxFile, kLimits.code, problems);
  if (!text) return file;
  base::ProblemList found;
  if (const auto root = detail::parse_yaml(*text, kLimits, found))
    file = SchemaReader(found).read(*root);
  for (base::Problem problem : found.kept()) {
    problem.place.file = detail::shown(path);
    problems.add(std::move(problem));
  }
  return file;
}

}  // namespace dangbo::inline v1::load
