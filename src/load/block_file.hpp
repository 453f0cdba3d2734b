// A file read in blocks: no mapping, so that a file cut short by somebody else is an error and not
// a signal to the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::load::detail {

[[nodiscard]] std::filesystem::path to_path(std::string_view utf8);
// The way back, for opening.
[[nodiscard]] std::string to_text(const std::filesystem::path& path);
// For people: UTF-8; bytes that are not become '?'.
[[nodiscard]] std::string shown(std::string_view bytes);

class BlockFile {
 public:
  // Nothing when the file cannot be read; then problem() says why.
  [[nodiscard]] bool open(const std::string& path, std::string_view source);
  // Bytes read, fewer than asked only at the end; nothing after an error.
  [[nodiscard]] std::optional<std::size_t> read(char* to, std::size_t count);
  // 0 when not known.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] base::Problem problem() const { return problem_; }

 private:
  struct Closer {
    void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
  };
  void fail(base::ProblemCode code, base::Message reason, base::Message fix);

  std::unique_ptr<std::FILE, Closer> file_;
  std::string source_;
  std::uint64_t size_ = 0;
  base::Problem problem_;
};

// What a system error number means, in words that do not depend on the host's locale.
[[nodiscard]] base::Message system_reason(int error);

}  // namespace dangbo::inline v1::load::detail
