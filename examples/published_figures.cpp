// The figures of the published articles, computed from invented bodies of the same totals.
//
//   dangbo_published_figures [--en] figures.csv 000=FOLDER 001=FOLDER 003=FOLDER 004=FOLDER
//
// Prints published and computed side by side, then one body before and after a reorganisation.
// Ends with 1 when a figure disagrees.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/load/csv.hpp"
#include "dangbo/load/load.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"

namespace {

using dangbo::base::Language;
using dangbo::registry::Registry;
using dangbo::registry::Snapshot;
using dangbo::table::Column;
using dangbo::table::Table;
using Row = std::map<std::string, std::string>;

struct Settings {
  Language language = Language::kVietnamese;
  std::string figures;
  std::map<std::string, std::string> folders;  // by the number of the article
};

std::string in(Language language, const char* vi, const char* en) {
  return language == Language::kVietnamese ? vi : en;
}

std::string padded(std::string_view text, std::size_t width, bool to_the_right = false) {
  const std::size_t shown = dangbo::base::display_width(text);
  const std::string space(width > shown ? width - shown : 0, ' ');
  return to_the_right ? space + std::string(text) : std::string(text) + space;
}

void complain(const absl::Status& status, Language language) {
  const auto problems = dangbo::base::problems_of(status);
  for (const auto& problem : problems.kept()) {
    std::cerr << dangbo::base::to_line(problem, language) << '\n';
  }
  if (problems.empty()) std::cerr << status.message() << '\n';
}

// ---- Reading --------------------------------------------------------------------------------

std::optional<std::vector<Row>> read_rows(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  dangbo::load::CsvReader reader(',');
  reader.feed(text, true);
  dangbo::load::CsvRecord record;
  std::vector<std::string> header;
  std::vector<Row> rows;
  while (reader.next(record)) {
    if (header.empty()) {
      header.assign(record.fields.begin(), record.fields.end());
    } else if (record.fields.size() == header.size()) {
      for (Row& row = rows.emplace_back(); row.size() < header.size();) {
        row[header[row.size()]] = record.fields[row.size()];
      }
    }
  }
  return rows;
}

std::optional<Snapshot> load_folder(const std::string& folder, Language language) {
  const std::unique_ptr<Registry> registry = Registry::create();
  dangbo::registry::Change change(*registry);
  if (auto status = dangbo::load::add_files(*registry, change, {&folder, 1}); !status.ok()) {
    complain(status, language);
    return std::nullopt;
  }
  const auto committed = registry->commit(std::move(change), {});
  if (!committed.ok()) {
    complain(committed.status(), language);
    return std::nullopt;
  }
  return registry->snapshot();
}

// ---- Published beside computed --------------------------------------------------------------

// What a figure is within the answer: its only number, a column of it, or the number of its rows.
std::optional<double> value_of(const Table& answer, const std::string& which) {
  if (which == "rows") return static_cast<double>(answer.row_count());
  if (answer.row_count() == 0) return std::nullopt;
  if (which == "percent") {
    const auto at = answer.find("percent");
    if (!at || answer.column(*at).is_missing(0)) return std::nullopt;
    return answer.column(*at).real(0);
  }
  auto at = answer.find("count");
  if (!at) at = answer.find("sum");
  if (!at) return std::nullopt;
  const Column& column = answer.column(*at);
  std::int64_t value = column.integer(0);
  for (std::size_t row = 1; row < answer.row_count(); ++row) {
    const std::int64_t next = column.integer(row);
    if (which == "min") value = std::min(value, next);
    if (which == "max") value = std::max(value, next);
  }
  return static_cast<double>(value);
}

std::string shown(const std::optional<double>& value) {
  if (!value) return "–";
  std::string text = std::to_string(*value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

class Comparison {
 public:
  explicit Comparison(Language language) : language_(language) {}

  void heading() const {
    line(in(language_, "nguồn", "source"), in(language_, "ngày", "day"),
         in(language_, "số liệu", "figure"), in(language_, "công bố", "published"),
         in(language_, "tính được", "computed"), in(language_, "khớp", "agrees"));
  }

  void add(const Row& figure, const Snapshot& snapshot) {
    const auto query = dangbo::rollup::Query::parse(figure.at("query"));
    const auto answer =
        query.ok() ? dangbo::rollup::run(snapshot, *query) : absl::StatusOr<Table>(query.status());
    if (!answer.ok()) complain(answer.status(), language_);
    std::optional<double> value;
    if (answer.ok()) value = value_of(*answer, figure.at("value"));
    const double published = std::atof(figure.at("published").c_str());
    const bool is_at_least = figure.at("relation") == ">=";
    const double computed = value.value_or(-1.0);
    const bool agrees = is_at_least ? computed >= published : computed == published;
    ++all_;
    agreed_ += agrees ? 1 : 0;
    line(figure.at("source"), figure.at("as_of"),
         figure.at(in(language_, "figure_vi", "figure_en")),
         (is_at_least ? "≥ " : "") + figure.at("published"), shown(value),
         (agrees ? in(language_, "có", "yes") : in(language_, "KHÔNG", "NO")) +
             note(figure.at(in(language_, "note_vi", "note_en"))));
  }

  void footing() const {
    std::cout << '\n';
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      std::cout << '[' << i + 1 << "] " << notes_[i] << '\n';
    }
    std::cout << '\n'
              << agreed_ << '/' << all_
              << in(language_, " số liệu khớp với bài đã công bố (người và tổ chức là mô phỏng)\n",
                    " figures agree with the published articles (people and bodies invented)\n");
  }

  [[nodiscard]] bool all_agree() const { return agreed_ == all_; }

 private:
  static void line(const std::string& source, const std::string& day, const std::string& figure,
                   const std::string& published, const std::string& computed,
                   const std::string& agrees) {
    std::cout << padded(source, 7) << padded(day, 12) << padded(figure, 42)
              << padded(published, 9, true) << padded(computed, 11, true) << "  " << agrees << '\n';
  }

  // " [3]": the same note has one number.
  std::string note(const std::string& text) {
    if (text.empty()) return {};
    std::size_t at = 0;
    while (at < notes_.size() && notes_[at] != text) ++at;
    if (at == notes_.size()) notes_.push_back(text);
    return " [" + std::to_string(at + 1) + "]";
  }

  Language language_;
  std::size_t all_ = 0;
  std::size_t agreed_ = 0;
  std::vector<std::string> notes_;
};

// ---- Before and after a reorganisation ------------------------------------------------------

struct UnitOnADay {
  std::string name;
  std::string parent;
  std::int64_t members = 0;
  friend bool operator==(const UnitOnADay&, const UnitOnADay&) = default;
};

struct OnADay {
  std::map<std::string, std::int64_t> kinds;
  std::map<std::string, UnitOnADay> units;
  std::int64_t members = 0;
};

std::optional<OnADay> on_a_day(const Snapshot& snapshot, dangbo::time::Date day,
                               Language language) {
  const auto tree = dangbo::rollup::tree_table(snapshot.at(day), "", 0);
  if (!tree.ok()) {
    complain(tree.status(), language);
    return std::nullopt;
  }
  const auto text = [&](const char* column, std::size_t row) {
    return tree->column(*tree->find(column)).display(row);
  };
  const Column& members = tree->column(*tree->find("members_below"));
  OnADay found;
  for (std::size_t row = 0; row < tree->row_count(); ++row) {
    const std::string parent = text("parent_id", row);
    ++found.kinds[text("kind", row)];
    found.units[text("unit_id", row)] = {text("name", row), parent, members.integer(row)};
    if (parent.empty()) found.members += members.integer(row);
  }
  return found;
}

std::string cell_of(const std::map<std::string, UnitOnADay>& units, const std::string& unit) {
  const auto at = units.find(unit);
  if (at == units.end()) return "–";
  return std::to_string(at->second.members) +
         (at->second.parent == "K" ? "" : " (" + at->second.parent + ")");
}

std::string kind_name(const std::string& kind, Language language) {
  const auto& words = dangbo::party::unit_kinds();
  const auto code = words->find(kind);
  return code ? dangbo::base::text_in(words->codes()[*code].name, language) : kind;
}

bool show_reorganisation(const Snapshot& snapshot, Language language) {
  const auto last = dangbo::time::Date::from_ymd(2020, 6, 30);
  const auto first = dangbo::time::Date::from_ymd(2020, 7, 1);
  const auto before = on_a_day(snapshot, *last, language);
  const auto after = on_a_day(snapshot, *first, language);
  if (!before || !after) return false;
  const auto line = [](const std::string& what, const std::string& old, const std::string& now) {
    std::cout << padded(what, 58) << padded(old, 14, true) << padded(now, 14, true) << '\n';
  };
  std::cout << '\n';
  line(in(language, "Trước và sau sắp xếp tổ chức (nguồn 003)",
          "Before and after a reorganisation (source 003)"),
       last->to_string(), first->to_string());
  std::map<std::string, std::int64_t> kinds = before->kinds;
  kinds.insert(after->kinds.begin(), after->kinds.end());
  const auto count = [](const OnADay& day, const std::string& kind) {
    const auto at = day.kinds.find(kind);
    return std::to_string(at == day.kinds.end() ? 0 : at->second);
  };
  for (const auto& [kind, unused] : kinds) {
    line(kind_name(kind, language), count(*before, kind), count(*after, kind));
  }
  std::map<std::string, UnitOnADay> units = before->units;
  units.insert(after->units.begin(), after->units.end());
  for (const auto& [unit, seen] : units) {
    const auto old = before->units.find(unit);
    const auto now = after->units.find(unit);
    if (old != before->units.end() && now != after->units.end() && old->second == now->second) {
      continue;
    }
    line(unit + "  " + seen.name, cell_of(before->units, unit), cell_of(after->units, unit));
  }
  line(in(language, "đảng viên toàn đảng bộ", "members of the whole body"),
       std::to_string(before->members), std::to_string(after->members));
  return true;
}

// ---- The command ----------------------------------------------------------------------------

Settings read_arguments(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t equals = word.find('=');
    if (word == "--en") {
      settings.language = Language::kEnglish;
    } else if (equals == std::string::npos) {
      settings.figures = word;
    } else {
      settings.folders[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  return settings;
}

int compare(const Settings& settings) {
  const auto figures = read_rows(settings.figures);
  if (!figures || figures->empty()) {
    std::cerr << in(settings.language, "không đọc được ", "cannot read ") << settings.figures
              << '\n';
    return 2;
  }
  std::map<std::string, Snapshot> bodies;
  for (const auto& [number, folder] : settings.folders) {
    const auto snapshot = load_folder(folder, settings.language);
    if (!snapshot) return 2;
    bodies.emplace(number, *snapshot);
  }
  Comparison comparison(settings.language);
  comparison.heading();
  for (const Row& figure : *figures) {
    const auto body = bodies.find(figure.at("body"));
    if (body == bodies.end()) {
      std::cerr << in(settings.language, "thiếu thư mục của nguồn ", "no folder of source ")
                << figure.at("body") << '\n';
      return 2;
    }
    comparison.add(figure, body->second);
  }
  comparison.footing();
  const bool is_shown = show_reorganisation(bodies.at("003"), settings.language);
  return is_shown && comparison.all_agree() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_arguments(argc, argv);
  if (settings.figures.empty() || !settings.folders.contains("003")) {
    std::cerr << "dangbo_published_figures [--en] figures.csv 000=FOLDER 001=FOLDER 003=FOLDER "
                 "004=FOLDER\n";
    return 2;
  }
  return compare(settings);
}
