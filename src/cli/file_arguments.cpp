#include "file_arguments.hpp"

namespace dangbo::cli {

void FileCommands::add_file_commands() {
  add_apply();
  add_sync();
  add_log();
  add_diff();
  add_due();
  add_lineage();
  add_find();
  add_trend();
  add_advance();
  add_export();
  add_verify();
  add_compact();
  add_redact();
  add_expr();
  add_check();
  add_explain();
  add_whatif();
}

void FileCommands::add_apply() {
  CLI::App& command = add_command(
      "apply", {"Ghi một bản sửa vào tệp sổ", "Make the changes of a script to a file"},
      {"Ví dụ:\n"
       "  dangbo apply sua.yaml --to tinh.dangbo --dry-run\n"
       "  dangbo apply sua.yaml --to tinh.dangbo --source-version CV-12\n"
       "In ra từng dòng thêm, sửa, bỏ; --dry-run chỉ in, không ghi (docs/scripts.md).\n",
       "Examples:\n"
       "  dangbo apply change.yaml --to province.dangbo --dry-run\n"
       "  dangbo apply change.yaml --to province.dangbo --source-version CV-12\n"
       "Prints every row added, corrected, withdrawn; with --dry-run nothing is written\n"
       "(docs/scripts.md).\n"},
      apply_);
  option(command, "script", apply_.script, "SCRIPT",
         {"bản sửa, tệp YAML (docs/scripts.md)", "change script, a YAML file (docs/scripts.md)"});
  option(command, "--to", apply_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  flag(command, "--dry-run", apply_.dry_run,
       {"nói sẽ đổi gì và lỗi gì, không ghi",
        "say what would change and what is wrong, write nothing"});
  option(command, "--problems", apply_.problems, "FILE.csv",
         {"ghi mọi vấn đề ra tệp CSV", "write every problem to a CSV file"});
  add_commit_options(command, apply_.commit);
  add_format(command, apply_.format);
  add_language(command);
}

void FileCommands::add_sync() {
  CLI::App& command = add_command(
      "sync",
      {"Đối chiếu danh sách hôm nay với tệp sổ, ghi điều khác",
       "Bring a file in step with a roster"},
      {"Ví dụ:\n"
       "  dangbo sync trich/ --to tinh.dangbo --on 2024-03-01 --dry-run -o doi-chieu.yaml\n"
       "  dangbo sync trich/ --to tinh.dangbo --on 2024-03-01 --source-version dem-0301\n"
       "Chưa có tệp sổ thì lần đầu tạo ra: số liệu từ ngày đó. Thiếu quá 1 % khoá thì không ghi\n"
       "(docs/roster.md).\n",
       "Examples:\n"
       "  dangbo sync extract/ --to province.dangbo --on 2024-03-01 --dry-run -o change.yaml\n"
       "  dangbo sync extract/ --to province.dangbo --on 2024-03-01 --source-version n-0301\n"
       "The first time makes the file: its roster is known since that day. Refused when more\n"
       "than 1 % of the keys are gone (docs/roster.md).\n"},
      sync_);
  add_paths(command, sync_.paths);
  option(command, "--to", sync_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  option(command, "--on", sync_.on, "DAY", {"ngày của danh sách", "the day of the roster"});
  flag(command, "--dry-run", sync_.dry_run,
       {"nói điều gì khác và lỗi gì, không ghi",
        "say what differs and what is wrong, write nothing"});
  option(command, "-o,--output", sync_.output, "FILE.yaml",
         {"ghi điều khác thành bản sửa", "write what differs as a change script"});
  option(command, "--partial", sync_.partial, "TABLE",
         {"bảng không đủ dòng: thiếu không có nghĩa là đã thôi",
          "a table that is not complete: what it lacks says nothing"});
  option(command, "--unit", sync_.unit, "KEY",
         {"danh sách chỉ đủ từ tổ chức này trở xuống", "complete for this unit and below only"});
  option(command, "--happened", sync_.happened, "TABLE.FIELD",
         {"cột này khác là đã thay đổi từ nay", "a field that differs has changed since"});
  option(command, "--correction", sync_.correction, "TABLE.FIELD",
         {"cột này khác là sửa cho đúng", "a field that differs was wrong before"});
  option(command, "--ask", sync_.ask, "TABLE.FIELD",
         {"cột này khác thì hỏi, không ghi", "a field that differs is asked, not written"});
  option(command, "--max-vanished", sync_.max_vanished, "PERCENT",
         {"thiếu quá chừng này phần trăm thì không ghi", "refuse when more than this is gone"});
  flag(command, "--quarantine", sync_.quarantine,
       {"gác lại các dòng sai, ghi phần còn lại", "set rows at fault aside, write the rest"});
  option(command, "--problems", sync_.problems, "FILE.csv",
         {"ghi mọi vấn đề ra tệp CSV", "write every problem to a CSV file"});
  add_commit_options(command, sync_.commit);
  add_format(command, sync_.format);
  add_language(command);
}

void FileCommands::add_log() {
  CLI::App& command = add_command(
      "log", {"Nhật ký: các lần ghi của một tệp sổ", "The commits of a registry file"},
      {"Ví dụ:\n  dangbo log tinh.dangbo\n", "Examples:\n  dangbo log province.dangbo\n"}, log_);
  add_paths(command, log_.paths);
  add_format(command, log_.format);
  add_language(command);
}

void FileCommands::add_period(CLI::App& command, std::string& period) {
  option(command, "--period", period, "P",
         {"kỳ: 2020, 2020-06, 2020Q3, 2020-06-01, hoặc TỪ..ĐẾN\n(ngày sau .. không thuộc kỳ)",
          "period: 2020, 2020-06, 2020Q3, 2020-06-01, or FROM..UNTIL\n"
          "(the day after .. is not part of it)"});
}

void FileCommands::add_diff() {
  CLI::App& command = add_command(
      "diff", {"Điều mới biết giữa hai lần ghi", "What became known between two commits"},
      {"Ví dụ:\n"
       "  dangbo diff tinh.dangbo --after 3\n"
       "  dangbo diff tinh.dangbo --after 2021-07-05 --period 2021-06 --table memberships\n"
       "Mỗi dòng một ô đã đổi: lần ghi, bảng, thêm/sửa/bỏ, trước và sau.\n",
       "Examples:\n"
       "  dangbo diff province.dangbo --after 3\n"
       "  dangbo diff province.dangbo --after 2021-07-05 --period 2021-06 --table memberships\n"
       "A row a value that changed: commit, table, added/corrected/withdrawn, before, after.\n"},
      diff_);
  add_paths(command, diff_.paths);
  option(command, "--after", diff_.after, "N|TIME",
         {"sau lần ghi N, hoặc sau ngày, giờ này (như --known-at)",
          "after commit N, or after this day or time (as --known-at)"});
  option(command, "--until", diff_.until, "N|TIME",
         {"đến hết lần ghi này; mặc định lần cuối", "up to this commit; default the last"});
  add_period(command, diff_.period);
  option(command, "--table", diff_.table, "TABLE", {"chỉ bảng này", "only this table"});
  add_format(command, diff_.format);
  add_language(command);
}

void FileCommands::add_due() {
  CLI::App& command =
      add_command("due",
                  {"Sổ việc: dòng bắt đầu, hết hiệu lực trong kỳ; quy định sắp không đạt",
                   "Rows that begin or end in a period; what becomes a violation"},
                  {"Ví dụ:\n"
                   "  dangbo due tinh.dangbo --period 2021-07\n"
                   "  dangbo due tinh.dangbo --pack dieu-le.yaml --on 2026-06-30 --days 60\n",
                   "Examples:\n"
                   "  dangbo due province.dangbo --period 2021-07\n"
                   "  dangbo due province.dangbo --pack charter.yaml --on 2026-06-30 --days 60\n"},
                  due_);
  add_paths(command, due_.paths);
  add_period(command, due_.period);
  option(command, "--pack", due_.what.packs, "PACK.yaml",
         {"gói quy tắc: hỏi chỗ sắp không đạt, cùng --on, --days",
          "pack of rules: what comes to be violated, with --on, --days"});
  add_day(command, due_.what.on);
  option(command, "--days", due_.days, "N", {"trong N ngày tới", "within N days"});
  option(command, "--unit", due_.what.unit, "KEY",
         {"chỉ tổ chức này và cấp dưới", "only this unit and all below"});
  add_known_at(command, due_.known_at);
  add_format(command, due_.format);
  add_language(command);
}

void FileCommands::add_lineage() {
  CLI::App& command = add_command(
      "lineage", {"Tổ chức này thành gì, từ đâu ra", "What a unit became, where it came from"},
      {"Ví dụ:\n"
       "  dangbo lineage tinh.dangbo CB2\n"
       "  dangbo lineage tinh.dangbo CB2 --on 2025-07-01\n"
       "  dangbo lineage tinh.dangbo CB2 --draw cb2.svg\n"
       "  dangbo lineage tinh.dangbo --from 2025-06-30 --to 2025-07-01 --format csv\n"
       "Với --from, --to: bảng chuyển mã, mỗi dòng một cặp mã cũ, mã mới (docs/lineage.md).\n",
       "Examples:\n"
       "  dangbo lineage province.dangbo CB2 --lang en\n"
       "  dangbo lineage province.dangbo CB2 --on 2025-07-01\n"
       "  dangbo lineage province.dangbo CB2 --draw cb2.svg\n"
       "  dangbo lineage province.dangbo --from 2025-06-30 --to 2025-07-01 --format csv\n"
       "With --from and --to: the mapping of codes, a row a pair of old and new\n"
       "(docs/lineage.md).\n"},
      lineage_);
  option(command, "data", lineage_.data, "DATA",
         {"tệp sổ .dangbo, hoặc thư mục", "a registry file .dangbo, or a folder"});
  option(
      command, "unit", lineage_.unit, "UNIT",
      {"mã tổ chức; không ghi khi có --from, --to", "key of the unit; not with --from and --to"});
  option(command, "--on", lineage_.on, "DAY",
         {"thêm: ngày này nó là tổ chức nào", "also which units it is on this day"});
  option(command, "--from", lineage_.from, "DAY",
         {"bảng chuyển mã: ngày đầu", "mapping of codes: the first day"});
  option(command, "--to", lineage_.to, "DAY",
         {"bảng chuyển mã: ngày sau", "mapping of codes: the later day"});
  flag(command, "--all", lineage_.all,
       {"cả những tổ chức vẫn là chính nó", "also units that are still themselves"});
  option(command, "--draw", lineage_.draw, "FILE.svg",
         {"vẽ các tổ chức liên quan vào tệp", "draw the units connected with it to a file"});
  add_known_at(command, lineage_.known_at);
  add_format(command, lineage_.format);
  add_language(command);
}

void FileCommands::add_find() {
  CLI::App& command = add_command(
      "find", {"Mã của hệ thống khác là ai", "Whose key another system gives"},
      {"Ví dụ:\n"
       "  dangbo find tinh.dangbo \"thẻ đảng\" 012345 --on 2024-03-01\n"
       "Mã nằm trong bảng cross_references: hệ thống, mã, tổ chức hay đảng viên, từ ngày, đến\n"
       "ngày (docs/roster.md).\n",
       "Examples:\n"
       "  dangbo find province.dangbo card 012345 --on 2024-03-01\n"
       "Keys stand in the table cross_references: scheme, key, unit or member, from, until\n"
       "(docs/roster.md).\n"},
      find_);
  option(command, "data", find_.data, "DATA",
         {"tệp sổ .dangbo, hoặc thư mục", "a registry file .dangbo, or a folder"});
  option(command, "scheme", find_.scheme, "SCHEME", {"hệ thống mã", "the system of the key"});
  option(command, "key", find_.key, "KEY", {"mã", "the key"});
  option(command, "--on", find_.on, "DAY", {"ngày nào", "on which day"});
  add_known_at(command, find_.known_at);
  add_format(command, find_.format);
  add_language(command);
}

void FileCommands::add_trend() {
  CLI::App& command = add_command(
      "trend", {"Một chỉ tiêu qua các tháng", "A figure from month to month"},
      {"Ví dụ:\n"
       "  dangbo trend tinh.dangbo K --from 2015-01-01 --until 2021-01-01\n"
       "  dangbo trend tinh.dangbo K --where sex=female --step year --from 2011-01-01 --until "
       "2021-01-01\n"
       "Mỗi ngày tính theo cây tổ chức của chính ngày ấy (docs/totals.md).\n",
       "Examples:\n"
       "  dangbo trend province.dangbo K --from 2015-01-01 --until 2021-01-01 --lang en\n"
       "  dangbo trend province.dangbo K --where sex=female --step year --from 2011-01-01 --until "
       "2021-01-01\n"
       "Each day is counted under the tree of that day (docs/totals.md).\n"},
      trend_);
  option(command, "data", trend_.data, "DATA",
         {"tệp sổ .dangbo, hoặc thư mục", "a registry file .dangbo, or a folder"});
  option(command, "unit", trend_.unit, "UNIT", {"mã tổ chức", "key of the unit"});
  option(command, "--from", trend_.from, "DAY", {"ngày đầu", "the first day"});
  option(command, "--until", trend_.until, "DAY", {"ngày sau ngày cuối", "the day after the last"});
  option(command, "--step", trend_.step, "STEP",
         {"month, quarter hoặc year", "month, quarter or year"});
  option(command, "--of", trend_.of, "TABLE",
         {"bảng để đếm; members: đảng viên", "the table to count; members by default"});
  option(command, "--where", trend_.where, "FIELD=WORD",
         {"chỉ đếm những dòng có giá trị này", "count only rows with this value"});
  option(command, "--sum", trend_.sum, "FIELD", {"cộng cột số này", "sum of this integer field"});
  flag(command, "--own", trend_.own, {"không tính đơn vị cấp dưới", "without the units below"});
  add_known_at(command, trend_.known_at);
  add_format(command, trend_.format);
  add_language(command);
}

void FileCommands::add_advance() {
  CLI::App& command = add_command(
      "advance", {"Dời ngày hiện tại của tệp sổ", "Move the current day of a registry file"},
      {"Ví dụ:\n  dangbo advance tinh.dangbo 2021-01-31\n",
       "Examples:\n  dangbo advance province.dangbo 2021-01-31\n"},
      advance_);
  option(command, "file", advance_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  option(command, "day", advance_.day, "DAY",
         {"ngày mới, không sớm hơn ngày đang có", "the new day, not before the current one"});
  add_commit_options(command, advance_.commit);
  add_language(command);
}

void FileCommands::add_export() {
  CLI::App& command =
      add_command("export", {"Chép mọi bảng ra tệp CSV", "Write every table to CSV files"},
                  {"Ví dụ:\n"
                   "  dangbo export tinh.dangbo ra/\n"
                   "  dangbo export tinh.dangbo ra/ --known-at 2021-07-05\n"
                   "Nạp lại thư mục ấy thì được đúng các dòng ấy.\n",
                   "Examples:\n"
                   "  dangbo export province.dangbo out/\n"
                   "  dangbo export province.dangbo out/ --known-at 2021-07-05\n"
                   "Loading that folder gives the same rows.\n"},
                  export_);
  option(command, "data", export_.data, "DATA",
         {"tệp sổ .dangbo, hoặc thư mục", "a registry file .dangbo, or a folder"});
  option(command, "folder", export_.folder, "DIR",
         {"thư mục mới, hoặc còn trống", "a folder that is new, or empty"});
  add_known_at(command, export_.known_at);
  add_language(command);
}

void FileCommands::add_verify() {
  CLI::App& command = add_command(
      "verify", {"Kiểm tra tệp sổ còn nguyên vẹn", "Check that a registry file is intact"},
      {"Ví dụ:\n  dangbo verify tinh.dangbo\n"
       "Tính lại mọi mã kiểm; mã head giữ ở nơi khác cho biết không lần ghi nào bị cắt.\n",
       "Examples:\n  dangbo verify province.dangbo\n"
       "Recomputes every digest; head, kept elsewhere, shows that no commit was cut off.\n"},
      verify_);
  option(command, "file", verify_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  add_format(command, verify_.format);
  add_language(command);
}

void FileCommands::add_compact() {
  CLI::App& command = add_command(
      "compact", {"Viết lại tệp sổ cho gọn", "Rewrite a registry file without gaps"},
      {"Ví dụ:\n  dangbo compact tinh.dangbo\n", "Examples:\n  dangbo compact province.dangbo\n"},
      compact_);
  option(command, "file", compact_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  add_language(command);
}

void FileCommands::add_redact() {
  CLI::App& command = add_command(
      "redact", {"Xoá hẳn dữ liệu cá nhân của một người", "Erase the personal data of a person"},
      {"Ví dụ:\n"
       "  dangbo redact tinh.dangbo A1 --yes\n"
       "  dangbo redact tinh.dangbo A1 --field religion --yes\n"
       "Không lấy lại được, kể cả trong quá khứ của sổ. Khoá, ngày và quan hệ còn lại, nên số\n"
       "đảng viên không đổi.\n",
       "Examples:\n"
       "  dangbo redact province.dangbo A1 --yes\n"
       "  dangbo redact province.dangbo A1 --field religion --yes\n"
       "Cannot be undone, not even in the past of the registry. Keys, days and relations stay,\n"
       "so that no number of members changes.\n"},
      redact_);
  option(command, "file", redact_.file, "FILE.dangbo", {"tệp sổ", "registry file"});
  option(command, "member", redact_.member, "MEMBER", {"mã đảng viên", "key of the member"});
  option(command, "--field", redact_.fields, "FIELD",
         {"chỉ cột này; ghi nhiều lần được; mặc định mọi dữ liệu\ncá nhân",
          "only this field; may be repeated; default all personal\ndata"});
  flag(command, "--yes", redact_.yes, {"đồng ý xoá", "agree to erase"});
  add_commit_options(command, redact_.commit);
  add_language(command);
}

void FileCommands::add_expr() {
  CLI::App& command = add_command(
      "expr", {"Biểu thức: tính thử, trình bày lại", "Expressions: try them, lay them out"},
      {"Ví dụ:\n"
       "  echo '{\"expr\": \"1 + 2 == 3\"}' | dangbo expr --jsonl\n"
       "  dangbo expr dieu-kien.cel --format\n"
       "Ngôn ngữ: docs/expressions.md.\n",
       "Examples:\n"
       "  echo '{\"expr\": \"1 + 2 == 3\"}' | dangbo expr --jsonl\n"
       "  dangbo expr condition.cel --format\n"
       "The language: docs/expressions.md.\n"},
      expr_);
  option(command, "input", expr_.input, "FILE",
         {"tệp, hoặc - là đầu vào chuẩn (mặc định)", "a file, or - for standard input (default)"});
  flag(command, "--jsonl", expr_.jsonl,
       {"mỗi dòng một {\"expr\", \"bindings\", \"type_env\"}; in ra {\"value\"} hoặc {\"error\"}",
        "a line is one {\"expr\", \"bindings\", \"type_env\"}; prints {\"value\"} or {\"error\"}"});
  flag(command, "--format", expr_.format,
       {"đầu vào là một biểu thức: in lại cho ngay ngắn, giữ chú thích",
        "the input is one expression: print it laid out, comments kept"});
  add_language(command);
}

}  // namespace dangbo::cli
