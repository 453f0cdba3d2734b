#include "load/plan_files.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "dangbo/base/text.hpp"
#include "load/block_file.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

namespace fs = std::filesystem;
using base::Problem;
using base::ProblemCode;

// Longer lists help nobody.
constexpr std::size_t kListed = 20;

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  }
  return lower;
}

std::string_view stem_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == 0 || dot == std::string_view::npos ? name : name.substr(0, dot);
}

std::string extension_of(std::string_view name) {
  return lower_ascii(name.substr(stem_of(name).size()));
}

bool is_schema_name(std::string_view name) {
  const std::string extension = extension_of(name);
  return extension == ".yaml" || extension == ".yml";
}

bool is_table_name(std::string_view name) {
  const std::string extension = extension_of(name);
  return extension == ".csv" || extension == ".tsv" || extension == ".txt";
}

bool is_set_aside(std::string_view name) {
  return name.starts_with('_') || name.starts_with('.') || lower_ascii(name).starts_with("readme");
}

class Finding {
 public:
  FoundFiles run(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
      std::error_code error;
      const bool is_path = path.find('\0') == std::string::npos;
      if (is_path && fs::is_directory(to_path(path), error)) {
        add_folder(path);
      } else if (is_path && fs::exists(to_path(path), error)) {
        const std::string name = shown(to_text(to_path(path).filename()));
        add({path, shown(path), name, std::nullopt}, is_schema_name(name));
      } else {
        BlockFile missing;
        if (!missing.open(path, shown(path))) found_.problems.add(missing.problem());
      }
    }
    return std::move(found_);
  }

 private:
  void add_folder(const std::string& path) {
    if (!is_new(path)) return;
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(to_path(path), error), end; !error && at != end;
         at.increment(error)) {
      files.push_back(at->path());
    }
    if (error) {
      found_.problems.add(
          {.code = ProblemCode::kFileUnreadable,
           .place = {.file = shown(path), .row = 0, .column = ""},
           .value = "",
           .reason = system_reason(error.value()),
           .fix = {"kiểm tra quyền đọc của thư mục", "check the permissions of the folder"}});
      return;
    }
    std::sort(files.begin(), files.end());
    const std::string folder = shown(path);
    found_.folders.push_back({folder, {}, false});
    for (const fs::path& file : files) {
      const std::string name = shown(to_text(file.filename()));
      found_.folders.back().names.push_back(name);
      const bool is_schema = name == "schema.yaml";
      if (is_set_aside(name) || (!is_schema && !is_table_name(name))) continue;
      const bool is_added = add({to_text(file), folder + (folder.ends_with('/') ? "" : "/") + name,
                                 name, found_.folders.size() - 1},
                                is_schema);
      if (!is_added && !is_schema) found_.folders.back().is_named_before = true;
    }
  }

  bool is_new(const std::string& path) {
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(to_path(path), error);
    return seen_.insert(error ? to_path(path) : whole).second;
  }

  bool add(FoundFile file, bool is_schema) {
    if (!is_new(file.path)) return false;
    (is_schema ? found_.schemas : found_.tables).push_back(std::move(file));
    return true;
  }

  FoundFiles found_;
  std::set<fs::path> seen_;
};

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kListed; ++i) {
    list += (list.empty() ? "" : ", ") + names[i];
  }
  return names.size() > kListed ? list + ", …" : list;
}

std::vector<std::string> table_names(const registry::Registry& registry) {
  std::vector<std::string> names;
  for (const auto& schema : registry.schemas()) names.push_back(schema->name());
  return names;
}

std::string all_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

Problem no_known_file(const registry::Registry& registry, const std::string& folder,
                      const std::vector<std::string>& names) {
  const std::string expected = all_of(table_names(registry));
  const std::string seen = listed(names);
  return {.code = ProblemCode::kUnknownTable,
          .place = {.file = folder, .row = 0, .column = ""},
          .value = "",
          .reason = {"thư mục không có tệp nào của một bảng" +
                         (seen.empty() ? std::string() : "; trong đó có: " + seen),
                     "the folder holds no file of a table" +
                         (seen.empty() ? std::string() : "; it holds: " + seen)},
          .fix = {"đặt tên tệp .csv theo bảng: " + expected,
                  "name the .csv files after the tables: " + expected}};
}

// The file names begin with a word of this kind: it ends where a word ends, or where digits begin.
bool begins_with_word(std::string_view text, std::string_view word) {
  if (word.empty() || !text.starts_with(word)) return false;
  if (text.size() == word.size()) return true;
  const char next = text[word.size()];
  const char last = word.back();
  const auto is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
  return next == ' ' || (is_digit(next) && !is_digit(last));
}

}  // namespace

FoundFiles find_files(std::span<const std::string> paths) {
  return Finding().run(paths);
}

std::shared_ptr<const table::Schema> table_of(const registry::Registry& registry,
                                              std::string_view file_name) {
  const std::string folded = base::fold(stem_of(file_name));
  std::shared_ptr<const table::Schema> best;
  std::size_t longest = 0;
  for (const auto& schema : registry.schemas()) {
    const auto consider = [&](std::string_view word) {
      const std::string key = base::fold(word);
      if (key.size() > longest && begins_with_word(folded, key)) {
        longest = key.size();
        best = schema;
      }
    };
    consider(schema->name());
    for (const std::string& alias : schema->aliases()) consider(alias);
  }
  return best;
}

Problem unknown_table(const registry::Registry& registry, std::string_view word,
                      std::string source) {
  std::vector<std::string_view> words;
  std::vector<const table::Schema*> owners;
  for (const auto& schema : registry.schemas()) {
    words.push_back(schema->name());
    words.insert(words.end(), schema->aliases().begin(), schema->aliases().end());
    owners.resize(words.size(), schema.get());
  }
  const std::string expected = all_of(table_names(registry));
  Problem problem{.code = ProblemCode::kUnknownTable,
                  .place = {.file = std::move(source), .row = 0, .column = ""},
                  .value = base::shorten(word, 63),
                  .reason = {"không rõ đây là bảng nào", "this is the name of no table"},
                  .fix = {"đặt tên theo một trong các bảng: " + expected,
                          "name it after one of the tables: " + expected}};
  if (const auto near = base::nearest(word, words.data(), words.size())) {
    problem.fix.vi = "có phải là “" + owners[*near]->name() + "”? Nếu không, " + problem.fix.vi;
    problem.fix.en = "did you mean “" + owners[*near]->name() + "”? If not, " + problem.fix.en;
  }
  return problem;
}

std::vector<FileJob> plan_jobs(const registry::Registry& registry, const FoundFiles& found,
                               base::ProblemList& problems) {
  std::vector<std::shared_ptr<const table::Schema>> tables;
  std::vector<bool> has_known(found.folders.size(), false);
  for (const FoundFile& file : found.tables) {
    tables.push_back(table_of(registry, file.name));
    if (tables.back() != nullptr && file.folder) has_known[*file.folder] = true;
  }
  for (std::size_t index = 0; index < found.folders.size(); ++index) {
    const FoundFolder& folder = found.folders[index];
    if (!has_known[index] && !folder.is_named_before) {
      problems.add(no_known_file(registry, folder.path, folder.names));
    }
  }
  std::vector<FileJob> jobs;
  for (std::size_t i = 0; i < found.tables.size(); ++i) {
    const FoundFile& file = found.tables[i];
    if (tables[i] != nullptr) {
      jobs.push_back({file.path, file.source, tables[i], size_of(file.path)});
    } else if (!file.folder || has_known[*file.folder] ||
               found.folders[*file.folder].is_named_before) {
      problems.add(unknown_table(registry, stem_of(file.name), file.source));
    }
  }
  return jobs;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  if (path.find('\0') != std::string::npos) return 0;
  const std::uintmax_t size = fs::file_size(to_path(path), error);
  return error ? 0 : static_cast<std::uint64_t>(size);
}

}  // namespace dangbo::inline v1::load::detail
