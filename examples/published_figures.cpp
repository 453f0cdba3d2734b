// The figures of the published articles, computed from invented bodies of the same totals.
//
//   dangbo_published_figures [--en] figures.csv 000=FOLDER 001=FOLDER 003=FOLDER 004=FOLDER
//
// Prints published and computed side by side, then one body before and after a reorganisation.
// Ends with 1 when a figure disagrees.
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
#include "dangbo/load/load.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/report/published.hpp"
#include "dangbo/report/reorganisation.hpp"

namespace {

using dangbo::base::Language;
using dangbo::registry::Registry;
using dangbo::registry::Snapshot;
using dangbo::report::PublishedFigure;
using dangbo::report::UnitState;

struct Settings {
  Language language = Language::kVietnamese;
  std::string figures;
  std::map<std::string, std::string> folders;  // by the number of the article
};

std::string in(Language language, const char* vi, const char* en) {
  return language == Language::kVietnamese ? vi : en;
}

const std::string& in(Language language, const dangbo::base::Message& message) {
  return dangbo::base::text_in(message, language);
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

std::optional<std::vector<PublishedFigure>> read_figures(const std::string& path,
                                                         Language language) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || text.empty()) {
    std::cerr << in(language, "không đọc được ", "cannot read ") << path << '\n';
    return std::nullopt;
  }
  auto figures = dangbo::report::parse_published(text, path);
  if (figures.ok()) return *std::move(figures);
  complain(figures.status(), language);
  return std::nullopt;
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

  void add(const PublishedFigure& figure, const Snapshot& snapshot) {
    const auto computed = dangbo::report::compute(snapshot, snapshot.commit(), figure);
    for (const auto& problem : computed.problems.kept()) {
      std::cerr << dangbo::base::to_line(problem, language_) << '\n';
    }
    ++all_;
    agreed_ += computed.agrees ? 1 : 0;
    line(figure.source, figure.as_of.to_string(), in(language_, figure.figure),
         (figure.at_least ? "≥ " : "") + shown(figure.published), shown(computed.value),
         (computed.agrees ? in(language_, "có", "yes") : in(language_, "KHÔNG", "NO")) +
             note(in(language_, figure.note)));
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

std::string cell_of(const std::optional<UnitState>& unit) {
  if (!unit) return "–";
  return std::to_string(unit->members) + (unit->parent == "K" ? "" : " (" + unit->parent + ")");
}

std::string kind_name(const std::string& kind, Language language) {
  const auto& words = dangbo::party::unit_kinds();
  const auto code = words->find(kind);
  return code ? in(language, words->codes()[*code].name) : kind;
}

bool show_reorganisation(const Snapshot& snapshot, Language language) {
  const auto day = dangbo::time::Date::from_ymd(2020, 7, 1);
  const auto found = dangbo::report::compare_days(snapshot, snapshot.commit(), *day, "");
  if (!found.ok()) {
    complain(found.status(), language);
    return false;
  }
  const auto line = [](const std::string& what, const std::string& old, const std::string& now) {
    std::cout << padded(what, 58) << padded(old, 14, true) << padded(now, 14, true) << '\n';
  };
  std::cout << '\n';
  line(in(language, "Trước và sau sắp xếp tổ chức (nguồn 003)",
          "Before and after a reorganisation (source 003)"),
       found->last.to_string(), found->first.to_string());
  for (const auto& kind : found->kinds) {
    line(kind_name(kind.kind, language), std::to_string(kind.before), std::to_string(kind.after));
  }
  for (const auto& unit : found->units) {
    const UnitState& seen = unit.before ? *unit.before : *unit.after;
    line(unit.key + "  " + seen.name, cell_of(unit.before), cell_of(unit.after));
  }
  line(in(language, "đảng viên toàn đảng bộ", "members of the whole body"),
       std::to_string(found->members_before), std::to_string(found->members_after));
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
  const auto figures = read_figures(settings.figures, settings.language);
  if (!figures) return 2;
  std::map<std::string, Snapshot> bodies;
  for (const auto& [number, folder] : settings.folders) {
    const auto snapshot = load_folder(folder, settings.language);
    if (!snapshot) return 2;
    bodies.emplace(number, *snapshot);
  }
  Comparison comparison(settings.language);
  comparison.heading();
  for (const PublishedFigure& figure : *figures) {
    const auto body = bodies.find(figure.body);
    if (body == bodies.end()) {
      std::cerr << in(settings.language, "thiếu thư mục của nguồn ", "no folder of source ")
                << figure.body << '\n';
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
