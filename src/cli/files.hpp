// Files in and out.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "console.hpp"

namespace dangbo::cli {

// The text of a file, or of standard input for "-", without a byte order mark. Of a longer one
// than `limit` bytes one byte more is read: enough for its parser to refuse it. Nothing, with
// `error` of the system, when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t limit,
                                                   int& error);

// The same; nothing after saying that it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const Console& console, const std::string& path,
                                                   std::size_t limit);

// A file written piece by piece. Says why when it cannot be, once.
class OutputFile {
 public:
  OutputFile(const Console& console, std::string path);

  // False, after saying why, when the file cannot be written; then every later call is false.
  bool write(std::string_view piece);
  // What was buffered is written only now: a file is there when this is true.
  [[nodiscard]] bool close();

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
  };
  bool fail(int error);

  const Console& console_;
  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  bool has_failed_ = false;
};

// A whole file; false, after saying why, when it could not be written.
[[nodiscard]] bool write_file(const Console& console, const std::string& path,
                              std::string_view text);

}  // namespace dangbo::cli
