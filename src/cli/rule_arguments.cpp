// The options of check, explain and whatif.
#include "file_arguments.hpp"

namespace dangbo::cli {

void FileCommands::add_pack(CLI::App& command, RuleChoice& what) {
  option(command, "--pack", what.packs, "PACK.yaml",
         {"gói quy tắc; ghi nhiều lần khi gói này mở rộng gói kia",
          "pack of rules; repeat it for the packs that it extends"});
  add_day(command, what.on);
  option(command, "--rule", what.rules, "RULE",
         {"chỉ quy tắc này (có thể ghi nhiều lần)", "only this rule (may be repeated)"});
  flag(command, "--persons", what.about_persons,
       {"cả quy tắc về cá nhân, mặc định tắt", "rules about persons too; off by default"});
  add_known_at(command, what.known_at);
}

void FileCommands::add_check() {
  CLI::App& command = add_command(
      "check", {"Đối chiếu dữ liệu với gói quy tắc", "Check the data against a pack of rules"},
      {"Ví dụ:\n"
       "  dangbo check tinh.dangbo --pack dieu-le.yaml --on 2026-06-30\n"
       "  dangbo check tinh.dangbo --pack dieu-le.yaml --on 2026-06-30 --unit K --format csv\n"
       "Mã thoát 1 khi có chỗ vi phạm hoặc chưa kết luận được (docs/rules.md).\n",
       "Examples:\n"
       "  dangbo check province.dangbo --pack charter.yaml --on 2026-06-30\n"
       "  dangbo check province.dangbo --pack charter.yaml --on 2026-06-30 --unit K --format csv\n"
       "The exit code is 1 when something is violated or undecidable (docs/rules.md).\n"},
      check_);
  add_paths(command, check_.paths);
  add_pack(command, check_.what);
  option(command, "--unit", check_.what.unit, "KEY",
         {"chỉ tổ chức này và cấp dưới", "only this unit and all below"});
  add_format(command, check_.format);
  add_language(command);
}

void FileCommands::add_explain() {
  CLI::App& command = add_command(
      "explain", {"Vì sao: một quy tắc và một đối tượng", "Why: one rule and one subject"},
      {"Ví dụ:\n"
       "  dangbo explain tinh.dangbo --pack dieu-le.yaml --on 2026-06-30 \\\n"
       "    --rule cell-min-full --subject unit:CB1\n"
       "Đối tượng viết như cột subject của dangbo check.\n",
       "Examples:\n"
       "  dangbo explain province.dangbo --pack charter.yaml --on 2026-06-30 \\\n"
       "    --rule cell-min-full --subject unit:CB1\n"
       "The subject is written as in the column subject of dangbo check.\n"},
      explain_);
  add_paths(command, explain_.paths);
  add_pack(command, explain_.what);
  option(command, "--subject", explain_.subject, "SUBJECT",
         {"đối tượng: unit:CB1, member:A1, …", "the subject: unit:CB1, member:A1, …"});
  flag(command, "--html", explain_.html, {"một đoạn HTML", "a fragment of HTML"});
  add_language(command);
}

void FileCommands::add_whatif() {
  CLI::App& command = add_command(
      "whatif",
      {"Nếu làm theo bản sửa này thì quy định nào được, mất",
       "What a change script would mend and break"},
      {"Ví dụ:\n"
       "  dangbo whatif sap-nhap.yaml --data tinh.dangbo --pack dieu-le.yaml --on 2026-07-01\n"
       "Không ghi gì. --query: một truy vấn, in thêm các con số sẽ khác.\n",
       "Examples:\n"
       "  dangbo whatif merger.yaml --data province.dangbo --pack charter.yaml --on 2026-07-01\n"
       "Writes nothing. --query: a query, whose figures that would differ are printed too.\n"},
      whatif_);
  option(command, "script", whatif_.script, "SCRIPT",
         {"bản sửa, tệp YAML (docs/scripts.md)", "change script, a YAML file (docs/scripts.md)"});
  option(command, "--data", whatif_.paths, "DIR",
         {"thư mục dữ liệu (có thể ghi nhiều lần) hoặc tệp sổ .dangbo",
          "folder of the data (may be repeated) or registry file .dangbo"});
  add_pack(command, whatif_.what);
  option(command, "--unit", whatif_.what.unit, "KEY",
         {"chỉ tổ chức này và cấp dưới", "only this unit and all below"});
  option(command, "--query", whatif_.query, "QUERY.json",
         {"truy vấn (docs/query.md): tệp hoặc JSON", "a query (docs/query.md): a file or JSON"});
  add_format(command, whatif_.format);
  add_language(command);
}

}  // namespace dangbo::cli
