#include "files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

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

std::optional<std::string> read_file(const Console& console, const std::string& path,
                                     std::size_t limit) {
  int error = 0;
  auto text = read_file(path, limit, error);
  if (!text) {
    const std::string shown = printable(path);
    console.say({"không đọc được " + shown, "cannot read " + shown});
  }
  return text;
}

OutputFile::OutputFile(const Console& console, std::string path)
    : console_(console), path_(std::move(path)) {
  errno = 0;
  file_.reset(std::fopen(path_.c_str(), "wb"));
  if (file_ == nullptr) fail(errno);
}

bool OutputFile::write(std::string_view piece) {
  if (has_failed_) return false;
  errno = 0;
  if (std::fwrite(piece.data(), 1, piece.size(), file_.get()) == piece.size()) return true;
  return fail(errno);
}

bool OutputFile::close() {
  if (has_failed_) return false;
  errno = 0;
  return std::fclose(file_.release()) == 0 || fail(errno);
}

bool OutputFile::fail(int error) {
  has_failed_ = true;
  const std::string why = printable(path_) + ": " + std::generic_category().message(error);
  console_.say({"không ghi được tệp " + why, "could not write the file " + why});
  return false;
}

bool write_file(const Console& console, const std::string& path, std::string_view text) {
  OutputFile file(console, path);
  return file.write(text) && file.close();
}

}  // namespace dangbo::cli
