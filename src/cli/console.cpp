#include "console.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "dangbo/base/text.hpp"

#if __has_include(<sys/ioctl.h>) && __has_include(<unistd.h>)
#include <sys/ioctl.h>
#include <unistd.h>
#define DANGBO_HAS_TERMINAL 1
#endif

namespace dangbo::cli {

namespace {

constexpr std::size_t kDefaultWidth = 80;

enum class Stream { kOut, kError };

// Columns of the terminal a stream goes to; 0 when it goes elsewhere.
std::size_t terminal_width([[maybe_unused]] Stream stream) noexcept {
#ifdef DANGBO_HAS_TERMINAL
  const int file = stream == Stream::kOut ? STDOUT_FILENO : STDERR_FILENO;
  if (::isatty(file) == 0) return 0;
  winsize size{};
  if (::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kDefaultWidth;
#else
  return 0;
#endif
}

void write_error(std::string_view text) {
  // Nobody is left to be told when stderr itself fails.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  static_cast<void>(std::fflush(stderr));
}

}  // namespace

int Console::print(std::string_view result) const {
  errno = 0;
  const bool is_written = std::fwrite(result.data(), 1, result.size(), stdout) == result.size() &&
                          std::fflush(stdout) == 0;
  if (is_written) return kFine;
  const std::string why = std::generic_category().message(errno);
  say({"không ghi được kết quả (đầy đĩa, hoặc bên nhận đã đóng): " + why,
       "the result could not be written (disk full, or the reader has gone): " + why});
  return kRefused;
}

void Console::say(const Message& message) const {
  say_line("dangbo: " + text(message));
}

void Console::say_line(std::string line) const {
  line += '\n';
  write_error(line);
}

int Console::usage_error(std::string_view command, const Message& message) const {
  say(message);
  const std::string help =
      "dangbo " + (command.empty() ? std::string() : std::string(command) + " ") + "--help";
  say_line(text({"Xem: " + help, "See: " + help + " --lang en"}));
  return kUsage;
}

std::size_t output_width() noexcept {
  const std::size_t width = terminal_width(Stream::kOut);
  return width == 0 ? kDefaultWidth : width;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t good = base::first_bad_utf8(text).value_or(text.size());
    out += text.substr(0, good);
    if (good < text.size()) out += '?';
    text.remove_prefix(std::min(good + 1, text.size()));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x20 || byte == 0x7F) {
      out[i] = '?';
    } else if (byte == 0xC2 && static_cast<unsigned char>(out[i + 1]) < 0xA0) {
      out.replace(i, 2, "?");  // U+0080 … U+009F act on terminals as escape sequences do
    }
  }
  return out;
}

std::string fit(std::string_view text, std::size_t width) {
  std::size_t points = width;
  std::string out = base::shorten(text, points);
  // The mark of something cut takes a column of its own, wide characters take two.
  while (points > 0 && base::display_width(out) > width) out = base::shorten(text, --points);
  return out;
}

Progress::Progress(const Console& console, Message verb)
    : console_(console),
      verb_(console.text(verb)),
      is_terminal_(terminal_width(Stream::kError) != 0),
      start_(Clock::now()),
      next_(start_ + std::chrono::seconds(1)) {}

Progress::~Progress() {
  if (is_shown_) write_error("\r\x1b[K");
}

bool Progress::show(std::string_view what, std::uint64_t done, std::uint64_t total) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return true;
  std::string line = verb_ + printable(what);
  if (total > 0) {
    const double percent = 100.0 * static_cast<double>(done) / static_cast<double>(total);
    line += ": " + std::to_string(static_cast<int>(std::min(percent, 100.0))) + " %";
  }
  if (is_terminal_) {
    write_error("\r\x1b[K" +
                fit(line, std::max<std::size_t>(terminal_width(Stream::kError), 2) - 1));
    is_shown_ = true;
    next_ = now + std::chrono::milliseconds(200);
  } else {
    console_.say_line(std::move(line));
    next_ = now + std::chrono::seconds(5);
  }
  return true;
}

double Progress::seconds() const noexcept {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace dangbo::cli
