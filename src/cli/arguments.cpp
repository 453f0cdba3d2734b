#include "arguments.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>

#include "dangbo/base/text.hpp"
#include "file_arguments.hpp"

namespace dangbo::cli {

namespace {

// Every option of every command, once.
class Parser : private FileCommands {
 public:
  explicit Parser(const Console& console)
      : FileCommands(
            console,
            {"Đảng bộ, chi bộ, đảng viên: nạp dữ liệu, vẽ cây tổ chức, đếm cho một ngày bất kỳ.",
             "Party units and members: load data, draw the tree, count for any day."}) {
    app_.set_help_flag("-h,--help", text({"in trợ giúp này", "print this help"}));
    app_.set_version_flag("--version", "dangbo " DANGBO_VERSION,
                          text({"in phiên bản", "print the version"}));
    add_language(app_);
    app_.allow_extras();
    // The first word names the command; a folder of the same name may follow.
    app_.require_subcommand(0, 1);
    app_.footer(
        text({"Ví dụ:\n"
              "  dangbo load du-lieu/                nạp và kiểm tra các tệp CSV\n"
              "  dangbo load du-lieu/ -o tinh.dangbo giữ lại trong một tệp sổ\n"
              "  dangbo tree du-lieu/ --on 2020-11-30\n"
              "  dangbo rollup du-lieu/ --on 2020-11-30 --each children --by sex\n"
              "Trợ giúp từng lệnh: dangbo LỆNH --help. English: --lang en.\n"
              "Mã thoát: 0 tốt; 1 dữ liệu hoặc truy vấn bị từ chối; 2 gọi sai cách.\n",
              "Examples:\n"
              "  dangbo load data/                   load and check the CSV files\n"
              "  dangbo load data/ -o all.dangbo     keep them in a registry file\n"
              "  dangbo tree data/ --on 2020-11-30\n"
              "  dangbo rollup data/ --on 2020-11-30 --each children --by sex\n"
              "Help of a command: dangbo COMMAND --help --lang en.\n"
              "Exit codes: 0 fine; 1 data or query refused; 2 called wrongly.\n"}));
    add_load();
    add_tree();
    add_query();
    add_rollup();
    add_tables();
    add_report();
    add_freeze();
    add_compare();
    add_file_commands();
  }

  std::optional<Command> parse(int count, char** values, int& exit_code) {
    exit_code = kUsage;
    try {
      std::vector<std::string> words = words_of(count, values);
      std::reverse(words.begin(), words.end());  // as CLI11 wants them
      app_.parse(words);
    } catch (const CLI::CallForHelp&) {
      exit_code = console_.print(app_.help());
      return std::nullopt;
    } catch (const CLI::CallForVersion& version) {
      exit_code = console_.print(std::string(version.what()) + '\n');
      return std::nullopt;
    } catch (const CLI::ArgumentMismatch& error) {
      console_.usage_error(used(), mismatch(error.what()));
      return std::nullopt;
    } catch (const CLI::ParseError& error) {
      const std::string what = printable(error.what());
      console_.usage_error(used(), {"không hiểu lời gọi: " + what, what});
      return std::nullopt;
    }
    if (const auto extras = app_.remaining(true); !extras.empty()) {
      unknown(extras.front());
    } else if (language_ != "vi" && language_ != "en") {
      const std::string shown = fit(printable(language_), 40);
      console_.usage_error(used(), {"--lang «" + shown + "»: dùng vi hoặc en",
                                    "--lang \"" + shown + "\": use vi or en"});
    } else if (command_ == nullptr) {
      console_.say_line(app_.help());
    } else {
      return command_();
    }
    return std::nullopt;
  }

 private:
  void add_load() {
    CLI::App& command = add_command(
        "load", {"Nạp, kiểm tra tệp; in số dòng, bộ nhớ", "Load and check files; rows and memory"},
        {"Ví dụ:\n"
         "  dangbo load du-lieu/\n"
         "  dangbo load du-lieu/ --check --problems loi.csv\n"
         "  dangbo load du-lieu/ -o tinh.dangbo\n"
         "Có lỗi thì không nạp gì, mã thoát 1; 50 lỗi đầu in ra stderr.\n",
         "Examples:\n"
         "  dangbo load data/\n"
         "  dangbo load data/ --check --problems problems.csv\n"
         "  dangbo load data/ -o province.dangbo\n"
         "With a problem nothing is loaded, exit code 1; the first 50 are on stderr.\n"},
        load_);
    add_paths(command, load_.paths);
    option(command, "-o,--output", load_.output, "FILE.dangbo",
           {"giữ dữ liệu trong tệp sổ mới này", "keep the data in this new registry file"});
    add_commit_options(command, load_.commit);
    flag(command, "--quarantine", load_.quarantine,
         {"gác lại dòng sai, nạp phần còn lại", "set rows at fault aside, load the rest"});
    flag(command, "--check", load_.check, {"chỉ kiểm tra, không nạp", "only check, do not load"});
    option(command, "--problems", load_.problems, "FILE.csv",
           {"ghi mọi vấn đề ra tệp CSV", "write every problem to a CSV file"});
    flag(command, "--excel", load_.excel,
         {"tệp vấn đề có dấu BOM cho Excel", "the file of problems has Excel's mark"});
    flag(command, "--quiet", load_.quiet,
         {"không in gì khi mọi thứ đều tốt", "print nothing when all is well"});
    add_language(command);
  }

  void add_tree() {
    CLI::App& command =
        add_command("tree", {"Vẽ cây tổ chức đảng của một ngày", "Draw the tree of units of a day"},
                    {"Ví dụ:\n"
                     "  dangbo tree du-lieu/ --on 2020-11-30 --depth 2\n"
                     "  dangbo tree du-lieu/ --on 30/11/2020 --unit DB01 --format csv\n",
                     "Examples:\n"
                     "  dangbo tree data/ --on 2020-11-30 --depth 2 --lang en\n"
                     "  dangbo tree data/ --on 2020-11-30 --unit DB01 --format csv\n"},
                    tree_);
    add_paths(command, tree_.paths);
    add_day(command, tree_.on);
    option(command, "--unit", tree_.unit, "KEY",
           {"chỉ từ tổ chức mang mã này trở xuống", "only the unit of this key and below"});
    option(command, "--depth", tree_.depth, "N",
           {"chỉ N cấp, kể cả cấp đầu", "only N levels, the first one counted"});
    add_known_at(command, tree_.known_at);
    add_format(command, tree_.format);
    add_language(command);
  }

  void add_query() {
    CLI::App& command = add_command(
        "query",
        {"Trả lời một truy vấn JSON (docs/query.md)", "Answer a JSON query (docs/query.md)"},
        {"Ví dụ:\n"
         "  dangbo query '{\"query\":1,\"of\":\"members\"}' --data du-lieu/ --on 2020-11-30\n"
         "  dangbo query truy-van.json --data du-lieu/ --format jsonl\n"
         "  dangbo rollup --by sex --show-query | dangbo query - --data du-lieu/ --on 2020-11-30\n",
         "Examples:\n"
         "  dangbo query '{\"query\":1,\"of\":\"members\"}' --data data/ --on 2020-11-30\n"
         "  dangbo query query.json --data data/ --format jsonl\n"
         "  dangbo rollup --by sex --show-query | dangbo query - --data data/ --on 2020-11-30\n"},
        query_);
    add_question(command, query_.query, query_.paths, query_.on);
    add_format(command, query_.format);
    add_language(command);
  }

  void add_question(CLI::App& command, std::string& query, std::vector<std::string>& paths,
                    std::string& on) {
    option(command, "query", query, "QUERY",
           {"JSON bắt đầu bằng {, tên tệp, hoặc - để đọc đầu vào chuẩn",
            "JSON that begins with {, a file, or - for standard input"});
    option(command, "--data", paths, "DIR",
           {"thư mục dữ liệu (có thể ghi nhiều lần) hoặc tệp sổ .dangbo",
            "folder of the data (may be repeated) or registry file .dangbo"});
    option(command, "--on", on, "DAY",
           {"ngày hỏi, khi truy vấn chưa ghi \"on\"", "the day, when the query gives no \"on\""});
  }

  void add_rollup() {
    CLI::App& command = add_command(
        "rollup", {"Đếm, cộng theo tổ chức và nhóm", "Count and sum by unit and group"},
        {"Ví dụ:\n"
         "  dangbo rollup du-lieu/ --on 2020-11-30 --each children --by sex\n"
         "  dangbo rollup du-lieu/ --on 2020-11-30 --of units --by kind --format csv\n"
         "  dangbo rollup du-lieu/ --on 2020-11-30 --where sex=female --share stock\n"
         "  dangbo rollup du-lieu/ --on 2020-12-31 --of admissions --period 2020 --each level=1\n"
         "  dangbo rollup du-lieu/ --of movements --period 2020 --each all\n",
         "Examples:\n"
         "  dangbo rollup data/ --on 2020-11-30 --each children --by sex\n"
         "  dangbo rollup data/ --on 2020-11-30 --of units --by kind --format csv\n"
         "  dangbo rollup data/ --on 2020-11-30 --where sex=female --share stock\n"
         "  dangbo rollup data/ --on 2020-12-31 --of admissions --period 2020 --each level=1\n"
         "  dangbo rollup data/ --of movements --period 2020 --each all\n"},
        rollup_);
    add_paths(command, rollup_.paths);
    add_day(command, rollup_.on);
    add_counting(command);
    option(command, "--by", rollup_.by, "a,b", {"nhóm theo các cột này", "group by these columns"});
    option(command, "--where", rollup_.where, "COL=VALUE",
           {"điều kiện; ghi nhiều lần được. cột=a,b một trong hai;\n"
            "cột!=a khác a; cột= còn trống; cột!= đã có",
            "condition; may be repeated. col=a,b either;\n"
            "col!=a other than a; col= missing; col!= present"});
    option(command, "--period", rollup_.period, "P",
           {"kỳ: 2020, 2020-06, 2020Q3, 2020-2025, hoặc TỪ..ĐẾN\n(ngày sau .. không thuộc kỳ)",
            "period: 2020, 2020-06, 2020Q3, 2020-2025, or FROM..UNTIL\n"
            "(the day after .. is not part of it)"});
    option(command, "--share", rollup_.share, "NAME",
           {"tỷ lệ trên: stock, full, total, graded, good, units",
            "percent of: stock, full, total, graded, good, units"});
    option(command, "--structure", rollup_.structure, "DAY",
           {"số của ngày --on theo cơ cấu tổ chức của ngày này",
            "members of --on under the structure of this day"});
    add_known_at(command, rollup_.known_at);
    add_format(command, rollup_.format);
    flag(command, "--show-query", rollup_.show_query,
         {"chỉ in truy vấn JSON, không đếm", "only print the JSON query, count nothing"});
    add_language(command);
  }

  void add_counting(CLI::App& command) {
    option(command, "--of", rollup_.of, "TABLE",
           {"đếm gì: members (mặc định), units, persons, memberships,\nadmissions, movements (tăng "
            "giảm "
            "trong kỳ) hoặc một bảng",
            "what to count: members (default), units, persons,\nmemberships, admissions, movements "
            "(balance of a period)\nor a table"});
    option(command, "--sum", rollup_.sum, "COL",
           {"cộng cột số này thay vì đếm dòng", "sum this column instead of counting rows"});
    option(command, "--unit", rollup_.unit, "KEY",
           {"trong tổ chức mang mã này", "within the unit of this key"});
    option(command, "--each", rollup_.each, "WHICH",
           {"mỗi tổ chức một dòng: children, all, level=N, class=X,\nkind=A,B",
            "a row a unit: children, all, level=N, class=X,\nkind=A,B"});
    flag(command, "--own", rollup_.own,
         {"chỉ riêng tổ chức, không cả cấp dưới", "the unit's own, without those below"});
  }

  void add_tables() {
    CLI::App& command = add_command(
        "tables",
        {"Các bảng, cột, tiêu đề và mã nhận được", "Tables, columns, headers and codes accepted"},
        {"Ví dụ:\n"
         "  dangbo tables\n"
         "  dangbo tables \"đảng viên\"\n",
         "Examples:\n"
         "  dangbo tables --lang en\n"
         "  dangbo tables members --lang en\n"},
        tables_);
    option(command, "name", tables_.name, "NAME",
           {"tên bảng; không ghi thì liệt kê mọi bảng", "a table; all are listed without it"});
    add_language(command);
  }

  void add_report() {
    CLI::App& command = add_command(
        "report", {"Vẽ trang báo cáo HTML của một ngày", "Draw the HTML page of a day"},
        {"Ví dụ:\n"
         "  dangbo report du-lieu/ --on 2020-11-30 -o bao-cao.html\n"
         "  dangbo report du-lieu/ --on 2020-11-30 --unit DB01 --trend 2019-01-01 -o db01.html\n"
         "  dangbo report du-lieu/ --on 2020-11-30 --reorganisation 2020-07-01 -o sap-xep.html\n"
         "Một tệp duy nhất, mở bằng trình duyệt, in được khổ A4, không cần mạng (docs/page.md).\n",
         "Examples:\n"
         "  dangbo report data/ --on 2020-11-30 --lang en -o report.html\n"
         "  dangbo report data/ --on 2020-11-30 --unit DB01 --trend 2019-01-01 -o db01.html\n"
         "  dangbo report data/ --on 2020-11-30 --reorganisation 2020-07-01 -o before-after.html\n"
         "One file for a browser; prints on A4 and needs no network (docs/page.md).\n"},
        report_);
    add_paths(command, report_.paths);
    add_day(command, report_.on);
    option(command, "--unit", report_.unit, "KEY",
           {"trang của tổ chức mang mã này; không ghi thì cả dữ liệu",
            "the page of the unit of this key; default all of the data"});
    add_known_at(command, report_.known_at);
    option(
        command, "--audience", report_.audience, "public|internal",
        {"public (mặc định) giấu các số nhỏ về dân tộc, tôn giáo;\ninternal nêu đủ, không công bố",
         "public (default) withholds small counts of ethnicity and\n"
         "religion; internal shows all, not for publication"});
    option(command, "--trend", report_.trend, "DAY",
           {"đường đảng viên cuối mỗi tháng từ ngày này",
            "members at the end of each month from this day on"});
    option(command, "--movements", report_.movements, "P",
           {"tăng, giảm đảng viên trong kỳ: 2020, 2020-06, 2020Q3\nhoặc TỪ..ĐẾN",
            "movement of members in a period: 2020, 2020-06, 2020Q3\nor FROM..UNTIL"});
    option(command, "--reorganisation", report_.reorganisation, "DAY",
           {"trước và sau lần sắp xếp tổ chức ngày này",
            "before and after the reorganisation of this day"});
    option(command, "--published", report_.published, "FILE.csv",
           {"số liệu đã công bố để đặt cạnh số tính được (docs/page.md)",
            "published figures to set beside computed ones (docs/page.md)"});
    option(command, "--body", report_.body, "NAME",
           {"chỉ các dòng của --published có cột body này",
            "only the rows of --published with this body"});
    option(command, "-o,--output", report_.output, "FILE.html",
           {"ghi ra tệp; không ghi thì in ra đầu ra chuẩn", "the file to write; default stdout"});
    add_language(command);
  }

  void add_freeze() {
    CLI::App& command = add_command(
        "freeze",
        {"Chốt số liệu của một truy vấn vào tệp", "Freeze the figures of a query in a file"},
        {"Ví dụ:\n"
         "  dangbo freeze truy-van.json --data du-lieu/ --on 2020-06-30 -o thang-6.json\n"
         "  dangbo rollup du-lieu/ --on 2020-06-30 --each all --show-query |\n"
         "    dangbo freeze - --data du-lieu/ -o thang-6.json\n"
         "Sau này: dangbo compare thang-6.json du-lieu/ (docs/freeze.md).\n",
         "Examples:\n"
         "  dangbo freeze query.json --data data/ --on 2020-06-30 -o june.json\n"
         "  dangbo rollup data/ --on 2020-06-30 --each all --show-query |\n"
         "    dangbo freeze - --data data/ -o june.json\n"
         "Later: dangbo compare june.json data/ (docs/freeze.md).\n"},
        freeze_);
    add_question(command, freeze_.query, freeze_.paths, freeze_.on);
    option(command, "-o,--output", freeze_.output, "FILE.json",
           {"ghi ra tệp; không ghi thì in ra đầu ra chuẩn", "the file to write; default stdout"});
    add_language(command);
  }

  void add_compare() {
    CLI::App& command = add_command(
        "compare",
        {"So số đã chốt với số tính lại hôm nay", "Compare frozen figures with those of today"},
        {"Ví dụ:\n"
         "  dangbo compare thang-6.json du-lieu/\n"
         "  dangbo compare thang-6.json du-lieu/ --causes --format csv\n"
         "Mã thoát: 0 không số nào khác; 1 có số khác, hoặc bị từ chối.\n",
         "Examples:\n"
         "  dangbo compare june.json data/ --lang en\n"
         "  dangbo compare june.json data/ --causes --format csv\n"
         "Exit codes: 0 no figure differs; 1 some differ, or refused.\n"},
        compare_);
    option(command, "frozen", compare_.frozen, "FILE.json",
           {"tệp số liệu đã chốt; - để đọc đầu vào chuẩn",
            "file of frozen figures; - for standard input"});
    add_paths(command, compare_.paths);
    flag(command, "--causes", compare_.causes,
         {"in nguyên nhân thay cho số liệu; có mã đảng viên",
          "the causes instead of the figures; names members' keys"});
    flag(command, "--all", compare_.all,
         {"cả những số không khác", "also the figures that do not differ"});
    add_format(command, compare_.format);
    add_language(command);
  }

  // CLI11 takes "[a,b]" among several words for a list; a folder may have such a name.
  std::vector<std::string> words_of(int count, char** values) const {
    std::vector<std::string> words(values + std::min(count, 1), values + count);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!words[i].starts_with('[') || (i > 0 && takes_value(words[i - 1]))) continue;
      words[i].insert(0, "./");
    }
    return words;
  }

  bool takes_value(const std::string& word) const {
    if (!word.starts_with("--")) return false;
    const auto commands = app_.get_subcommands([](const CLI::App*) { return true; });
    return std::any_of(commands.begin(), commands.end(), [&](const CLI::App* command) {
      const CLI::Option* option = command->get_option_no_throw(word);
      return option != nullptr && option->get_expected_min() > 0;
    });
  }

  // The command that was named, for pointing at its help.
  std::string used() const {
    const auto commands = app_.get_subcommands();
    return commands.empty() ? std::string() : commands.front()->get_name();
  }

  static Message mismatch(std::string_view what) {
    const std::string name = printable(what.substr(0, what.find(": ")));
    if (what.find("At Most") != std::string_view::npos) {
      return {name + " được ghi nhiều lần", name + " is given more than once"};
    }
    return {name + " thiếu giá trị", name + " lacks its value"};
  }

  void unknown(const std::string& word) const {
    std::vector<std::string> names;
    const auto commands = app_.get_subcommands();
    const bool is_option = word.starts_with('-');
    const CLI::App& app = commands.empty() ? app_ : *commands.front();
    for (const CLI::Option* option : app.get_options()) {
      if (is_option && option->nonpositional())
        names.push_back("--" + option->get_lnames().front());
    }
    if (commands.empty() && !is_option) {
      for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
      }
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    // What follows "=" is a value.
    const std::string shown = fit(printable(word.substr(0, word.find('='))), 40);
    const auto near = base::nearest(shown, candidates.data(), candidates.size());
    Message message{"không hiểu «" + shown + "»", "\"" + shown + "\" is not known here"};
    if (near) {
      message.vi += "; có phải là " + names[*near] + "?";
      message.en += "; did you mean " + names[*near] + "?";
    }
    console_.usage_error(used(), message);
  }

  LoadArguments load_;
  TreeArguments tree_;
  QueryArguments query_;
  RollupArguments rollup_;
  TablesArguments tables_;
  ReportArguments report_;
  FreezeArguments freeze_;
  CompareArguments compare_;
};

}  // namespace

Language language_of(int count, char** values) noexcept {
  std::string_view word;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = values[i];
    if (argument == "--") break;
    if (argument == "--lang" && i + 1 < count) word = values[i + 1];
    if (argument.starts_with("--lang=")) word = argument.substr(7);
  }
  return word == "en" ? Language::kEnglish : Language::kVietnamese;
}

std::optional<Command> parse_arguments(const Console& console, int count, char** values,
                                       int& exit_code) {
  return Parser(console).parse(count, values, exit_code);
}

}  // namespace dangbo::cli
