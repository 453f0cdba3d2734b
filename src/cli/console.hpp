// What the command says, and where. Results go to stdout and nowhere else.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"

namespace dangbo::cli {

using base::Language;
using base::Message;

inline constexpr int kFine = 0;
inline constexpr int kRefused = 1;  // bad data, findings, a refused query, a result not written
inline constexpr int kUsage = 2;

class Console {
 public:
  explicit Console(Language language) noexcept : language_(language) {}

  [[nodiscard]] Language language() const noexcept { return language_; }
  // A copy: the messages asked for are temporaries.
  [[nodiscard]] std::string text(const Message& message) const {
    return base::text_in(message, language_);
  }

  // Writes a result to stdout. The exit code: kRefused, after a message, when it could not be.
  [[nodiscard]] int print(std::string_view result) const;
  // One line on stderr.
  void say(const Message& message) const;
  void say_line(std::string line) const;
  // "dangbo: …" on stderr, with a pointer to the help of `command`; kUsage.
  int usage_error(std::string_view command, const Message& message) const;

 private:
  Language language_;
};

// Columns of the terminal on stdout, 80 when it is none.
[[nodiscard]] std::size_t output_width() noexcept;

// Text for a terminal: control characters and stray bytes become '?'.
[[nodiscard]] std::string printable(std::string_view text);

// `text` in at most `width` columns.
[[nodiscard]] std::string fit(std::string_view text, std::size_t width);

// Shows on stderr how far work has come, once it has lasted a second: on a terminal one line that
// is rewritten at most five times a second, elsewhere a line every five seconds.
class Progress {
 public:
  explicit Progress(const Console& console, Message verb = {"đang đọc ", "reading "});
  ~Progress();  // wipes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // For load::Progress; never cancels.
  bool show(std::string_view what, std::uint64_t done, std::uint64_t total);
  [[nodiscard]] double seconds() const noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  const Console& console_;
  std::string verb_;
  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point start_;
  Clock::time_point next_;
};

}  // namespace dangbo::cli
