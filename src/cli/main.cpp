#include <csignal>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <variant>

#include "arguments.hpp"
#include "commands.hpp"
#include "console.hpp"

namespace {

using dangbo::cli::Console;
using dangbo::cli::kRefused;

int run_command(const Console& console, int count, char** values) {
  try {  // outside libraries may throw, and so does a machine without memory
    int exit_code = dangbo::cli::kFine;
    const auto command = dangbo::cli::parse_arguments(console, count, values, exit_code);
    if (!command) return exit_code;
    return std::visit([&](const auto& arguments) { return dangbo::cli::run(console, arguments); },
                      *command);
  } catch (const std::bad_alloc&) {
    console.say({"không đủ bộ nhớ", "not enough memory"});
  } catch (const std::exception& error) {
    const std::string what = dangbo::cli::printable(error.what());
    console.say({"lỗi của chương trình, xin báo lại: " + what,
                 "a fault of this program, please report it: " + what});
  }
  return kRefused;
}

}  // namespace

int main(int count, char** values) {
#ifdef SIGPIPE
  // A reader that has gone is told as an error of writing, with an exit code.
  std::signal(SIGPIPE, SIG_IGN);
#endif
  return run_command(Console(dangbo::cli::language_of(count, values)), count, values);
}
