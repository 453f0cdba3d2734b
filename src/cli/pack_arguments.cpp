// The options of pack.
#include "file_arguments.hpp"

namespace dangbo::cli {

void FileCommands::add_pack_command() {
  CLI::App& command = add_command(
      "pack",
      {"Gói quy tắc: kiểm, thử, xếp lại, in cho luật gia", "Packs of rules: for who writes them"},
      {"Ví dụ:\n"
       "  dangbo pack check dieu-le.yaml --on 2026-11-28\n"
       "  dangbo pack test toan-quoc.yaml tinh.yaml\n"
       "  dangbo pack format dieu-le.yaml -o dieu-le.yaml\n"
       "  dangbo pack document dieu-le.yaml -o dieu-le.md\n"
       "  dangbo pack compile toan-quoc.yaml tinh.yaml -o tinh.json\n"
       "  dangbo pack dump vn.toan-quoc -o toan-quoc.yaml\n"
       "Gói mở rộng gói khác thì đưa cả hai. Cách viết: docs/packs.md.\n",
       "Examples:\n"
       "  dangbo pack check charter.yaml --on 2026-11-28\n"
       "  dangbo pack test national.yaml province.yaml\n"
       "  dangbo pack format charter.yaml -o charter.yaml\n"
       "  dangbo pack document charter.yaml -o charter.md\n"
       "  dangbo pack compile national.yaml province.yaml -o province.json\n"
       "  dangbo pack dump vn.toan-quoc -o national.yaml\n"
       "A pack that extends another is given with it. How to write one: docs/packs.md.\n"},
      pack_);
  option(command, "action", pack_.action, "ACTION",
         {"check: đọc, kể điều nên xem · test: chạy ca thử ·\nformat: xếp lại · document: văn bản "
          "hai thứ tiếng ·\ncompile: một tệp có mã băm · list: gói có sẵn ·\ndump: in một gói",
          "check: read, tell what is worth a look · test: run the\ntests · format: lay out · "
          "document: text in two languages ·\ncompile: one file with its digest · list: packs "
          "inside ·\n"
          "dump: print one"});
  option(command, "packs", pack_.packs, "PACK…",
         {"tệp gói, hay tên gói có sẵn; “TÊN@mã-băm” thì phải đúng mã",
          "files of the pack, or packs inside by name; “NAME@digest” must match"})
      .allow_extra_args();
  option(command, "-o,--output", pack_.output, "FILE",
         {"ghi vào tệp này; mặc định in ra", "write to this file; default print"});
  option(command, "--on", pack_.on, "DAY",
         {"check: giá trị quá một năm chưa xem lại tính đến ngày này",
          "check: values not reviewed for a year on this day"});
  option(command, "--calendar", pack_.calendar, "FILE",
         {"ngày nghỉ, ngày làm bù: “2026-02-16 off”, “2026-02-28 work”",
          "days off and worked: “2026-02-16 off”, “2026-02-28 work”"});
  flag(command, "--complete", pack_.complete,
       {"test: chưa thử hết thì mã thoát cũng là 1", "test: exit code 1 when not all is covered"});
  add_language(command);
}

}  // namespace dangbo::cli
