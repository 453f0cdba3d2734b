// The document of a frozen result: its canonical form, and reading it back.
#include "rollup/frozen.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "dangbo/base/digest.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "rollup/document.hpp"
#include "rollup/json_form.hpp"
#include "rollup/movements.hpp"
#include "rollup/question.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using Json = nlohmann::json;
using table::Type;

constexpr std::array<std::string_view, 9> kKeys = {"frozen",  "query", "known_at", "pack",  "data",
                                                   "columns", "rows",  "notes",    "digest"};
constexpr std::array<std::pair<std::string_view, Type>, 5> kTypes = {{{"text", Type::kText},
                                                                      {"code", Type::kCode},
                                                                      {"boolean", Type::kBool},
                                                                      {"integer", Type::kInt},
                                                                      {"real", Type::kReal}}};

std::string_view word_of(Type type) {
  for (const auto& [word, known] : kTypes) {
    if (known == type) return word;
  }
  return "text";
}

std::string json_text(std::string_view text) {
  return Json(std::string(text)).dump();
}

std::string json_or_null(const std::optional<std::string>& text) {
  return text ? json_text(*text) : "null";
}

std::string cell_of(const table::Column& column, std::size_t row) {
  if (column.is_missing(row)) return "null";
  switch (column.type()) {
    case Type::kInt:
      return std::to_string(column.integer(row));
    case Type::kReal:
      return Json(column.real(row)).dump();
    case Type::kBool:
      return column.boolean(row) ? "true" : "false";
    default:
      return json_text(column.display(row));
  }
}

std::string rows_of(const table::Table& table) {
  std::string out = "[";
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    out += row == 0 ? "\n[" : ",\n[";
    for (std::size_t c = 0; c < table.column_count(); ++c) {
      if (c != 0) out += ',';
      out += cell_of(table.column(c), row);
    }
    out += ']';
  }
  return out + "]";
}

// Everything but the digest: a line a key, a line a row.
std::string content_of(const Frozen::Body& body) {
  std::string out = "{\"frozen\":1,\n\"query\":" + body.query.to_json();
  out += ",\n\"known_at\":{\"commit\":" + std::to_string(base::index_of(body.known_at)) +
         ",\"time\":" + (body.time ? std::to_string(*body.time) : "null") +
         ",\"digest\":" + json_or_null(body.commit_digest) + "}";
  out += ",\n\"pack\":" + json_or_null(body.pack);
  const auto& provenance = body.table.provenance();
  const auto data = provenance.find("data");
  out += ",\n\"data\":" + (data ? json_text(*data) : "null") + ",\n\"columns\":[";
  for (std::size_t c = 0; c < body.table.column_count(); ++c) {
    const table::Column& column = body.table.column(c);
    out += std::string(c == 0 ? "" : ",") + "{\"name\":" + json_text(column.name()) +
           ",\"type\":\"" + std::string(word_of(column.type())) + "\"}";
  }
  out += "],\n\"rows\":" + rows_of(body.table) + ",\n\"notes\":[";
  for (std::size_t i = 0; i < provenance.notes.size(); ++i) {
    out += std::string(i == 0 ? "" : ",") + "{\"vi\":" + json_text(provenance.notes[i].vi) +
           ",\"en\":" + json_text(provenance.notes[i].en) + "}";
  }
  return out + "]";
}

// A count or sum a unit and group, on one day: what can be compared later, cell by cell.
bool has_figures_of_one_day(const Query::Document& document) {
  const Measure measure = document.ask.measure;
  return document.days.empty() && !document.compare && !document.best && !document.rows &&
         (measure == Measure::kCount || measure == Measure::kSum);
}

absl::Status not_frozen() {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      mistake(ProblemCode::kBadQuery, "/query", "",
              {"chỉ chốt được số đếm hoặc tổng của một ngày, đủ các dòng",
               "only counts and sums of one day, with all their rows, can be frozen"},
              {"bỏ compare, top, bottom, rows, min, max, mean và danh sách ngày",
               "drop compare, top, bottom, rows, min, max, mean and lists of days"}));
}

class Parser {
 public:
  explicit Parser(ProblemList& problems) : problems_(problems) {}

  std::shared_ptr<Frozen::Body> run(const Json& root) {
    if (!root.is_object()) {
      expected("", root, "một đối tượng JSON", "a JSON object");
      return nullptr;
    }
    version(root);
    if (!problems_.empty()) return nullptr;  // another version has other keys
    keys(root, "", kKeys);
    auto query = this->query(root);
    if (query && !has_figures_of_one_day(query->document())) {
      problems_.append(base::problems_of(not_frozen()));
    }
    if (!query || !problems_.empty()) return nullptr;
    auto body = std::make_shared<Frozen::Body>(Frozen::Body{.query = *std::move(query),
                                                            .known_at = {},
                                                            .time = {},
                                                            .commit_digest = {},
                                                            .pack = {},
                                                            .table = {},
                                                            .digest = {},
                                                            .json = {}});
    known_at(root["known_at"], *body);
    body->pack = digest(root["pack"], "/pack");
    const bool synthetic = data(root["data"]);
    std::vector<base::Message> notes = this->notes(root["notes"]);
    std::vector<table::Column> columns = this->columns(root["columns"], body->query.document());
    if (!problems_.empty()) return nullptr;
    rows(root["rows"], columns);
    const auto digest_given = digest(root["digest"], "/digest");
    if (!digest_given) expected("/digest", root["digest"], "mã SHA-256", "a SHA-256 digest");
    if (!problems_.empty()) return nullptr;
    table::Provenance provenance;
    provenance.facts = {{"query", body->query.to_json()},
                        {"on", body->query.on()->to_string()},
                        {"known_at", std::to_string(base::index_of(body->known_at))}};
    if (synthetic) provenance.facts.emplace_back("data", "synthetic");
    provenance.notes = std::move(notes);
    body->table = table::Table("result", std::move(columns), std::move(provenance));
    seal(*body);
    if (body->digest != *digest_given) {
      problems_.add(mistake(
          ProblemCode::kBadDigest, "/digest", *digest_given,
          {"nội dung không khớp với mã kiểm tra: tài liệu đã bị sửa sau khi chốt",
           "the content does not match its digest: the document was changed after it was frozen"},
          {"dùng bản gốc, hoặc chốt lại", "use the original, or freeze again"}));
      return nullptr;
    }
    return body;
  }

 private:
  void add(std::string at, std::string_view value, base::Message reason, base::Message fix) {
    problems_.add(
        mistake(ProblemCode::kBadQuery, std::move(at), value, std::move(reason), std::move(fix)));
  }

  static std::string shown(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_structured() ? std::string(value.type_name())
                                 : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void expected(std::string at, const Json& value, const char* vi, const char* en) {
    add(std::move(at), shown(value), {std::string("cần ") + vi, std::string("expected ") + en},
        {"dùng tài liệu do dangbo chốt, không sửa tay",
         "use a document that dangbo froze, unedited"});
  }

  // The object has exactly these keys.
  template <std::size_t N>
  void keys(const Json& object, const std::string& at,
            const std::array<std::string_view, N>& names) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(names.begin(), names.end(), key) != names.end()) continue;
      add(at + step(key), key, {"không có khoá này ở đây", "there is no such key here"},
          suggest(key, {names.begin(), names.end()}));
    }
    for (const std::string_view name : names) {
      if (object.contains(std::string(name))) continue;
      expected(at + step(name), nullptr, "khoá này", "this key");
    }
  }

  void version(const Json& root) {
    const auto value = root.find("frozen");
    if (value != root.end() && value->is_number_integer() && *value == 1) return;
    const bool newer = value != root.end() && value->is_number_unsigned() && *value > 1;
    add("/frozen", value == root.end() ? "" : shown(*value),
        newer ? base::Message{"tài liệu do phiên bản mới hơn của dangbo chốt",
                              "the document was frozen by a newer dangbo"}
              : base::Message{"thiếu hoặc không biết phiên bản của tài liệu chốt",
                              "the version of the frozen document is missing or unknown"},
        newer ? base::Message{"dùng dangbo mới hơn", "use a newer dangbo"}
              : base::Message{"dùng tài liệu có \"frozen\": 1", "use one with \"frozen\": 1"});
  }

  std::optional<Query> query(const Json& root) {
    const Json* value = root.contains("query") ? &root["query"] : nullptr;
    if (value == nullptr) return std::nullopt;
    auto parsed = Query::parse(value->dump());
    if (!parsed.ok()) {
      const ProblemList found = base::problems_of(parsed.status());
      for (base::Problem problem : found.kept()) {
        problem.place.column.insert(0, "/query");
        problems_.add(std::move(problem));
      }
      return std::nullopt;
    }
    if (!parsed->on()) expected("/query/on", nullptr, "ngày hỏi", "the day asked");
    if (parsed->document().known_at) {
      add("/query/known_at", "",
          {"lần ghi của số liệu chốt đứng ở \"known_at\" ngoài truy vấn",
           "the commit of a frozen result stands in \"known_at\" outside the query"},
          {"dùng tài liệu gốc", "use the original document"});
    }
    return *std::move(parsed);
  }

  void known_at(const Json& value, Frozen::Body& body) {
    if (!value.is_object()) return expected("/known_at", value, "một đối tượng", "an object");
    keys(value, "/known_at", std::array<std::string_view, 3>{"commit", "time", "digest"});
    if (!problems_.empty()) return;
    const Json& commit = value["commit"];
    const Json& time = value["time"];
    if (!commit.is_number_unsigned() ||
        commit.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
      return expected("/known_at/commit", commit, "số của lần ghi", "the number of a commit");
    }
    body.known_at = base::CommitNumber{commit.get<std::uint32_t>()};
    body.commit_digest = digest(value["digest"], "/known_at/digest");
    if (body.known_at == base::kNoCommit ? time.is_null() : is_integer(time)) {
      if (!time.is_null()) body.time = time.get<std::int64_t>();
    } else {
      expected("/known_at/time", time, "thời điểm của lần ghi", "the time of the commit");
    }
  }

  static bool is_integer(const Json& value) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value.is_number_integer() &&
           !(value.is_number_unsigned() && value.get<std::uint64_t>() > kMost);
  }

  // 64 hexadecimal digits, or nothing for null.
  std::optional<std::string> digest(const Json& value, const char* at) {
    if (value.is_null()) return std::nullopt;
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (value.is_string()) {
      auto text = value.get<std::string>();
      if (text.size() == 64 && std::all_of(text.begin(), text.end(), is_hex)) return text;
    }
    expected(at, value, "mã SHA-256 hoặc null", "a SHA-256 digest or null");
    return std::nullopt;
  }

  bool data(const Json& value) {
    if (!value.is_null() && value != "synthetic") {
      expected("/data", value, "\"synthetic\" hoặc null", "\"synthetic\" or null");
    }
    return value.is_string();
  }

  std::vector<base::Message> notes(const Json& value) {
    std::vector<base::Message> out;
    if (!value.is_array()) expected("/notes", value, "một danh sách", "a list");
    for (const Json& note : value) {
      const bool good = note.is_object() && note.size() == 2 && note.contains("vi") &&
                        note.contains("en") && note["vi"].is_string() && note["en"].is_string();
      if (good) {
        out.push_back({note["vi"].get<std::string>(), note["en"].get<std::string>()});
      } else {
        expected("/notes/" + std::to_string(out.size()), note, "chữ \"vi\" và \"en\"",
                 "texts \"vi\" and \"en\"");
        break;
      }
    }
    return out;
  }

  // The columns that the query's result has, in their order.
  static std::vector<std::string> names_of(const Query::Document& document) {
    std::vector<std::string> names;
    if (document.each) names = {"unit_id", "name"};
    if (document.ask.of == kMovements) {
      const std::vector<std::string> figures = balance_columns();
      names.insert(names.end(), figures.begin(), figures.end());
      return names;
    }
    for (const GroupBy& group : document.by) names.push_back(group.name);
    names.emplace_back(document.ask.sum.empty() ? "count" : "sum");
    if (document.share) names.insert(names.end(), {"base", "percent"});
    return names;
  }

  static bool fits(const Query::Document& document, std::size_t at, Type type) {
    const std::size_t first_group = document.each ? 2 : 0;
    const std::size_t figure = first_group + document.by.size();
    if (at < first_group) return type == Type::kText;
    if (at < figure) return type == Type::kText || type == Type::kCode || type == Type::kBool;
    if (document.ask.of == kMovements) return type == Type::kInt;
    return type == (at == figure + 2 ? Type::kReal : Type::kInt);
  }

  std::vector<table::Column> columns(const Json& value, const Query::Document& document) {
    std::vector<table::Column> out;
    const std::vector<std::string> names = names_of(document);
    const bool distinct = std::set<std::string>(names.begin(), names.end()).size() == names.size();
    if (!value.is_array() || value.size() != names.size() || !distinct) {
      expected("/columns", value, "các cột của kết quả truy vấn",
               "the columns of the query's result");
      return out;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Json& column = value[i];
      const bool named = column.is_object() && column.size() == 2 && column.contains("name") &&
                         column.contains("type") && column["name"] == names[i];
      const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& known) {
        return named && column["type"] == known.first;
      });
      if (type == kTypes.end() || !fits(document, i, type->second)) {
        expected("/columns/" + std::to_string(i), column, "cột của kết quả truy vấn",
                 "a column of the query's result");
        continue;
      }
      out.emplace_back(names[i], type->second);
    }
    return out;
  }

  void rows(const Json& value, std::vector<table::Column>& columns) {
    if (!value.is_array()) return expected("/rows", value, "một danh sách", "a list");
    std::vector<std::vector<std::optional<std::string>>> texts(columns.size());
    for (std::size_t row = 0; row < value.size(); ++row) {
      if (!value[row].is_array() || value[row].size() != columns.size()) {
        return expected("/rows/" + std::to_string(row), value[row], "một giá trị mỗi cột",
                        "one value a column");
      }
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!append(value[row][c], columns[c], texts[c])) {
          return expected("/rows/" + std::to_string(row) + "/" + std::to_string(c), value[row][c],
                          "giá trị đúng kiểu của cột", "a value of the column's type");
        }
      }
    }
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (columns[c].type() == Type::kCode) {
        columns[c] = column_of(columns[c].name(), Type::kCode, texts[c]);
      }
    }
  }

  static bool append(const Json& value, table::Column& column,
                     std::vector<std::optional<std::string>>& words) {
    if (value.is_null()) {
      if (column.type() == Type::kInt) return false;  // a figure is there
      if (column.type() == Type::kCode) {
        words.emplace_back();
      } else {
        column.append_missing();
      }
      return true;
    }
    switch (column.type()) {
      case Type::kInt:
        if (!is_integer(value)) return false;
        column.append_integer(value.get<std::int64_t>());
        return true;
      case Type::kReal:
        if (!value.is_number()) return false;
        column.append_real(value.get<double>());
        return true;
      case Type::kBool:
        if (!value.is_boolean()) return false;
        column.append_boolean(value.get<bool>());
        return true;
      default:
        if (!value.is_string()) return false;
        if (column.type() == Type::kCode) {
          words.emplace_back(value.get<std::string>());
        } else {
          column.append_text(value.get_ref<const std::string&>());
        }
        return true;
    }
  }

  ProblemList& problems_;
};

}  // namespace

void seal(Frozen::Body& body) {
  const std::string content = content_of(body);
  body.digest = base::to_hex(base::digest_of(content + "}"));
  body.json = content + ",\n\"digest\":\"" + body.digest + "\"}\n";
}

table::Column column_of(std::string name, Type type,
                        const std::vector<std::optional<std::string>>& texts) {
  table::Column column(std::move(name), type);
  column.reserve(texts.size());
  std::set<std::string_view> met;
  if (type == Type::kCode) {
    for (const auto& text : texts) {
      if (text) met.insert(*text);
    }
    column.set_words(std::make_shared<const table::Words>(met.begin(), met.end()));
  }
  for (const auto& text : texts) {
    if (!text) {
      column.append_missing();
    } else if (type == Type::kBool) {
      column.append_boolean(*text == "true");
    } else if (type == Type::kCode) {
      const auto& words = *column.words();
      const auto at = std::lower_bound(words.begin(), words.end(), *text) - words.begin();
      column.append_code(static_cast<std::int32_t>(at));
    } else {
      column.append_text(*text);
    }
  }
  return column;
}

absl::StatusOr<Frozen> Frozen::parse(std::string_view json) {
  ProblemList problems;
  const auto root = read_json(json, problems, kMaxFrozenMib);
  std::shared_ptr<const Body> body;
  if (root && problems.empty()) body = Parser(problems).run(*root);
  if (body != nullptr) return Frozen(std::move(body));
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

const std::string& Frozen::to_json() const noexcept {
  return body_->json;
}
const Query& Frozen::query() const noexcept {
  return body_->query;
}
base::CommitNumber Frozen::known_at() const noexcept {
  return body_->known_at;
}
std::optional<std::int64_t> Frozen::commit_time() const noexcept {
  return body_->time;
}
const table::Table& Frozen::table() const noexcept {
  return body_->table;
}
const std::string& Frozen::digest() const noexcept {
  return body_->digest;
}

absl::StatusOr<Frozen> freeze(const registry::View& view, const Query& query) {
  if (!has_figures_of_one_day(query.document())) return not_frozen();
  auto result = run(view, query);
  if (!result.ok()) return result.status();
  auto body = std::make_shared<Frozen::Body>(Frozen::Body{.query = query.about(view.day()),
                                                          .known_at = view.known_at(),
                                                          .time = {},
                                                          .commit_digest = {},
                                                          .pack = {},
                                                          .table = *std::move(result),
                                                          .digest = {},
                                                          .json = {}});
  body->time = view.snapshot().time_of(view.known_at());
  seal(*body);
  if (body->json.size() > kMaxFrozenMib << 20) {
    const std::string most = std::to_string(kMaxFrozenMib) + " MiB";
    return base::problem_status(
        absl::StatusCode::kInvalidArgument,
        mistake(ProblemCode::kTooManyCells, "", "",
                {"số liệu chốt dài quá " + most, "the frozen result is longer than " + most},
                {"hỏi ít đơn vị hơn, hoặc bớt cột nhóm",
                 "ask fewer units, or group by fewer columns"}));
  }
  return Frozen(std::move(body));
}

absl::StatusOr<Frozen> freeze(const registry::Snapshot& snapshot, const Query& query) {
  const auto view = view_for(snapshot, query);
  return view.ok() ? freeze(*view, query) : view.status();
}

}  // namespace dangbo::inline v1::rollup
