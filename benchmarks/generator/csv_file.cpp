#include "csv_file.hpp"

#include <filesystem>
#include <system_error>

#include "roster.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::size_t kBuffered = 1U << 20;

std::filesystem::path to_path(const std::string& text) {
  return {std::u8string(text.begin(), text.end())};
}

void append_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

CsvFile::~CsvFile() {
  if (file_ != nullptr) std::fclose(file_);
}

bool CsvFile::open(const std::string& folder, const std::string& name) {
  file_ = std::fopen((to_path(folder) / to_path(name)).string().c_str(), "wb");
  failed_ = file_ == nullptr;
  buffer_.reserve(kBuffered + 4096);
  return !failed_;
}

void CsvFile::line(const std::vector<std::string>& cells) {
  bool is_first = true;
  for (const std::string& cell : cells) {
    if (!is_first) buffer_ += ',';
    is_first = false;
    append_cell(buffer_, cell);
  }
  raw("\n");
}

void CsvFile::raw(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBuffered) flush();
}

void CsvFile::flush() {
  if (file_ == nullptr || std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    failed_ = true;
  }
  buffer_.clear();
}

bool CsvFile::close() {
  flush();
  if (file_ != nullptr && std::fclose(file_) != 0) failed_ = true;
  file_ = nullptr;
  return !failed_;
}

bool make_folder(const std::string& folder, std::string& error) {
  std::error_code code;
  std::filesystem::create_directories(to_path(folder), code);
  if (!code && std::filesystem::is_directory(to_path(folder), code)) return true;
  error = "không tạo được thư mục / cannot make the folder: " + folder;
  return false;
}

bool write_synthetic_mark(const std::string& folder) {
  CsvFile mark;
  if (!mark.open(folder, "schema.yaml")) return false;
  mark.raw("synthetic: true\n");
  return mark.close();
}

bool write_roster(const Roster& roster, const std::string& folder, std::string& error) {
  if (!make_folder(folder, error)) return false;
  const auto fail = [&](const std::string& name) {
    error = "không ghi được tệp / cannot write: " + folder + "/" + name;
    return false;
  };
  CsvFile readme;
  if (!readme.open(folder, "README.md")) return fail("README.md");
  readme.raw(roster.readme);
  if (!readme.close()) return fail("README.md");
  if (!write_synthetic_mark(folder)) return fail("schema.yaml");
  for (const Sheet& sheet : roster.sheets) {
    CsvFile file;
    if (!file.open(folder, sheet.file)) return fail(sheet.file);
    file.line(sheet.header);
    for (const auto& row : sheet.rows) file.line(row);
    if (!file.close()) return fail(sheet.file);
  }
  return true;
}

}  // namespace dangbo::inline v1::generator
