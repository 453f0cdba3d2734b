// What the options of all commands are made with.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "arguments.hpp"
#include "console.hpp"

namespace dangbo::cli {

class CommandLine {
 public:
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

 protected:
  CommandLine(const Console& console, const Message& description);
  ~CommandLine() = default;

  std::string text(const Message& message) const { return console_.text(message); }

  template <typename Arguments>
  CLI::App& add_command(const char* name, const Message& description, const Message& examples,
                        Arguments& arguments) {
    CLI::App& command = *app_.add_subcommand(name, text(description));
    command.footer(text(examples));
    command.callback(
        [this, &arguments] { command_ = [&arguments] { return Command(arguments); }; });
    return command;
  }

  template <typename Value>
  CLI::Option& option(CLI::App& command, const char* name, Value& value, const char* type,
                      const Message& description) {
    // Once an occurrence: what follows may be a folder.
    return *command.add_option(name, value, text(description))
                ->type_name(type)
                ->allow_extra_args(false);
  }

  void flag(CLI::App& command, const char* name, bool& value, const Message& description);
  void add_language(CLI::App& command);
  void add_paths(CLI::App& command, std::vector<std::string>& paths);
  void add_format(CLI::App& command, std::string& format);
  void add_day(CLI::App& command, std::string& on);
  void add_known_at(CLI::App& command, std::string& known_at);
  // The clock's time unless given, and the host's own mark.
  void add_commit_options(CLI::App& command, CommitOptions& commit);

  const Console& console_;
  std::string language_ = "vi";
  std::function<Command()> command_;
  CLI::App app_;
};

}  // namespace dangbo::cli
