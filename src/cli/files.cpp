#include "files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace dangbo::cli {

namespace {

std::optional<std::string> read_all(std::FILE* file, std::size_t limit, int& error) {
  std::string text;
  std::array<char, 1 << 14> block{};
  while (text.size() <= limit) {
    errno = 0;
    const std::size_t count = std::fread(block.data(), 1, block.size(), file);
    text.append(block.data(), count);
    if (count == block.size()) continue;
    if (std::ferror(file) == 0) break;
    error = errno;
    return std::nullopt;
  }
  text.resize(std::min(text.size(), limit + 1));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::size_t limit, int& error) {
  if (path == "-") return read_all(stdin, limit, error);
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    error = errno;
    return std::nullopt;
  }
  auto text = read_all(file, limit, error);
  static_cast<void>(std::fclose(file));
  return text;
}

bool write_file(const Console& console, const std::string& path, std::string_view text) {
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool is_written = file != nullptr;
  int error = errno;
  if (file != nullptr) {
    is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (!is_written) error = errno;
    // What was buffered is written only now.
    if (std::fclose(file) != 0) {
      if (is_written) error = errno;
      is_written = false;
    }
  }
  if (is_written) return true;
  const std::string why = printable(path) + ": " + std::generic_category().message(error);
  console.say({"không ghi được tệp " + why, "could not write the file " + why});
  return false;
}

}  // namespace dangbo::cli
