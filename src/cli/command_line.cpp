#include "command_line.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "dangbo/base/text.hpp"

namespace dangbo::cli {

namespace {

constexpr std::size_t kColumn = 28;  // where descriptions begin

// Help as this command prints it: usage, what it does, every option, examples. CLI11's own pads by
// bytes and speaks English.
class Help final : public CLI::FormatterBase {
 public:
  explicit Help(const Console& console) : console_(console) {}

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode /*mode*/) const override {
    const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
    std::string usage = console_.text({"Cách dùng: ", "Usage: "}) + name;
    std::string positionals;
    std::string options;
    for (const CLI::Option* option : app->get_options()) {
      if (option->nonpositional()) {
        const bool has_value = option->get_expected_min() > 0;
        add_line(options,
                 option->get_name(false, true) +
                     (has_value ? ' ' + option->get_type_name() : std::string()),
                 option->get_description());
      } else {
        usage += ' ' + option->get_type_name();
        add_line(positionals, option->get_type_name(), option->get_description());
      }
    }
    usage += commands.empty() ? console_.text({" [tuỳ chọn]\n", " [options]\n"})
                              : console_.text({" LỆNH …\n", " COMMAND …\n"});
    std::string lines;
    for (const CLI::App* command : commands) {
      add_line(lines, command->get_name(), command->get_description());
    }
    std::string out = usage + '\n' + app->get_description() + "\n";
    if (!lines.empty()) out += console_.text({"\nLệnh:\n", "\nCommands:\n"}) + lines;
    if (!positionals.empty()) out += '\n' + positionals;
    out += console_.text({"\nTuỳ chọn:\n", "\nOptions:\n"}) + options;
    return out + '\n' + app->get_footer();
  }

 private:
  static void add_line(std::string& out, const std::string& name, std::string_view text) {
    std::string line = "  " + name;
    std::size_t width = base::display_width(line);
    if (width + 2 > kColumn) {
      line += '\n';
      width = 0;
    }
    line.append(kColumn - width, ' ');
    for (const char c : text) {
      line += c;
      if (c == '\n') line.append(kColumn, ' ');
    }
    out += line + '\n';
  }

  const Console& console_;
};

}  // namespace

CommandLine::CommandLine(const Console& console, const Message& description)
    : console_(console), app_(console.text(description), "dangbo") {
  app_.formatter(std::make_shared<Help>(console));
}

void CommandLine::flag(CLI::App& command, const char* name, bool& value,
                       const Message& description) {
  command.add_flag(name, value, text(description));
}

void CommandLine::add_language(CLI::App& command) {
  option(command, "--lang", language_, "vi|en", {"ngôn ngữ; mặc định vi", "language; default vi"});
}

void CommandLine::add_paths(CLI::App& command, std::vector<std::string>& paths) {
  option(command, "paths", paths, "DATA…",
         {"thư mục hoặc tệp CSV (tên tệp cho biết bảng: dangbo tables),\n"
          "hoặc một tệp sổ .dangbo",
          "folders or CSV files (a file's name tells its table: dangbo\n"
          "tables), or one registry file .dangbo"})
      .allow_extra_args();
}

void CommandLine::add_format(CLI::App& command, std::string& format) {
  option(command, "--format", format, "text|csv|csv-excel|jsonl",
         {"dạng kết quả; mặc định text;\ncsv-excel có dấu BOM để Excel đọc đúng tiếng Việt",
          "form of the result; default text;\ncsv-excel has the mark Excel needs for Vietnamese"});
}

void CommandLine::add_day(CLI::App& command, std::string& on) {
  option(command, "--on", on, "DAY",
         {"ngày hỏi: 2020-11-30 hoặc 30/11/2020", "the day asked about: 2020-11-30"});
}

void CommandLine::add_known_at(CLI::App& command, std::string& known_at) {
  option(command, "--known-at", known_at, "N|TIME",
         {"theo dữ liệu biết đến lần ghi N, hoặc đến hết ngày,\ngiờ này (UTC): 2021-07-05, "
          "2021-07-05T10:30",
          "as known at commit N, or at the end of this day or at\nthis time (UTC): 2021-07-05, "
          "2021-07-05T10:30"});
}

void CommandLine::add_commit_options(CLI::App& command, CommitOptions& commit) {
  option(command, "--time", commit.time, "TIME",
         {"giờ của lần ghi (UTC): 2021-07-05T10:30; mặc định giờ máy",
          "time of the commit (UTC): 2021-07-05T10:30; default the clock"});
  option(command, "--source-version", commit.source_version, "TEXT",
         {"dấu riêng của lần ghi; ghi lại với cùng dấu thì không làm gì",
          "your own mark; the same change under it is made only once"});
}

}  // namespace dangbo::cli
