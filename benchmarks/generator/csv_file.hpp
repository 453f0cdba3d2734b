#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::inline v1::generator {

// A file that grows line by line. Line ends are "\n" everywhere.
class CsvFile {
 public:
  CsvFile() = default;
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  [[nodiscard]] bool open(const std::string& folder, const std::string& name);
  void line(const std::vector<std::string>& cells);
  // Text that needs no quotes, cells and separators already in it.
  void raw(std::string_view text);
  // False when anything could not be written since open.
  [[nodiscard]] bool close();

 private:
  void flush();

  std::FILE* file_ = nullptr;
  std::string buffer_;
  bool failed_ = false;
};

[[nodiscard]] bool make_folder(const std::string& folder, std::string& error);

// The file by which a load knows that the people and bodies of a folder are invented.
[[nodiscard]] bool write_synthetic_mark(const std::string& folder);

}  // namespace dangbo::inline v1::generator
