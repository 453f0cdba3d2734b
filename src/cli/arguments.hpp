// The command line as plain data. Values are kept as typed; the commands check them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "console.hpp"

namespace dangbo::cli {

struct CommitOptions {
  std::string time;  // "" = the clock's
  std::string source_version;
};

struct LoadArguments {
  std::vector<std::string> paths;
  std::string output;  // a registry file; "" = kept nowhere
  CommitOptions commit;
  bool check = false;
  bool quarantine = false;
  bool quiet = false;
  bool excel = false;
  std::string problems;  // a file; "" = not asked for
};

struct TreeArguments {
  std::vector<std::string> paths;
  std::string on;
  std::string unit;
  std::string depth;
  std::string known_at;
  std::string format = "text";
};

struct QueryArguments {
  std::string query;
  std::vector<std::string> paths;
  std::string on;
  std::string format = "text";
};

struct RollupArguments {
  std::vector<std::string> paths;
  std::string on;
  std::string of = "members";
  std::string sum;
  std::string unit;
  std::string each;
  bool own = false;
  std::vector<std::string> by;
  std::vector<std::string> where;
  std::string period;
  std::string share;
  std::string structure;
  std::string known_at;
  std::string format = "text";
  bool show_query = false;
};

struct TablesArguments {
  std::string name;
};

struct ReportArguments {
  std::vector<std::string> paths;
  std::string on;
  std::string unit;
  std::string audience = "public";
  std::string published;  // a file; "" = not asked for
  std::string body;       // which figures of the file; "" = all
  std::string reorganisation;
  std::string trend;
  std::string movements;  // a period
  std::string known_at;
  std::string output;  // a file; "" = stdout
};

struct FreezeArguments {
  std::string query;
  std::vector<std::string> paths;
  std::string on;
  std::string output;  // a file; "" = stdout
};

struct CompareArguments {
  std::string frozen;
  std::vector<std::string> paths;
  bool causes = false;
  bool all = false;
  std::string format = "text";
};

struct ApplyArguments {
  std::string script;
  std::string file;
  bool dry_run = false;
  std::string problems;  // a file; "" = not asked for
  CommitOptions commit;
  std::string format = "text";
};

struct SyncArguments {
  std::vector<std::string> paths;
  std::string file;
  std::string on;
  bool dry_run = false;
  std::string output;  // the script, a file; "" = not asked for
  std::vector<std::string> partial;
  std::string unit;
  std::vector<std::string> happened;
  std::vector<std::string> correction;
  std::vector<std::string> ask;
  std::string max_vanished = "1";  // percent
  bool quarantine = false;
  std::string problems;  // a file; "" = not asked for
  CommitOptions commit;
  std::string format = "text";
};

struct LogArguments {
  std::vector<std::string> paths;
  std::string format = "text";
};

struct DiffArguments {
  std::vector<std::string> paths;
  std::string after;
  std::string until;
  std::string period;
  std::string table;
  std::string format = "text";
};

// Which pack, on which day, about what.
struct RuleChoice {
  std::vector<std::string> packs;
  std::string on;
  std::string unit;
  std::vector<std::string> rules;
  bool about_persons = false;
  std::string known_at;
};

struct CheckArguments {
  std::vector<std::string> paths;
  RuleChoice what;
  std::string format = "text";
};

struct ExplainArguments {
  std::vector<std::string> paths;
  RuleChoice what;
  std::string subject;
  bool html = false;
};

struct WhatifArguments {
  std::string script;
  std::vector<std::string> paths;
  RuleChoice what;
  std::string query;
  std::string format = "text";
};

struct DueArguments {
  std::vector<std::string> paths;
  std::string period;
  std::string days;  // with a pack; "" = rows of a period
  RuleChoice what;
  std::string known_at;
  std::string format = "text";
};

struct AdvanceArguments {
  std::string file;
  std::string day;
  CommitOptions commit;
};

struct VerifyArguments {
  std::string file;
  std::string format = "text";
};

struct CompactArguments {
  std::string file;
};

struct RedactArguments {
  std::string file;
  std::string member;
  std::vector<std::string> fields;  // none = all personal ones
  bool yes = false;
  CommitOptions commit;
};

struct ExportArguments {
  std::string data;
  std::string folder;
  std::string known_at;
};

struct LineageArguments {
  std::string data;
  std::string unit;
  std::string on;
  std::string from;
  std::string to;
  bool all = false;
  std::string draw;  // a file; "" = not asked for
  std::string known_at;
  std::string format = "text";
};

struct FindArguments {
  std::string data;
  std::string scheme;
  std::string key;
  std::string on;
  std::string known_at;
  std::string format = "text";
};

struct TrendArguments {
  std::string data;
  std::string unit;
  std::string from;
  std::string until;
  std::string step = "month";
  std::string of = "members";
  std::string where;  // field=word; "" = all rows
  std::string sum;
  bool own = false;
  std::string known_at;
  std::string format = "text";
};

struct ExprArguments {
  std::string input = "-";
  bool jsonl = false;
  bool format = false;
};

using Command =
    std::variant<LoadArguments, TreeArguments, QueryArguments, RollupArguments, TablesArguments,
                 ReportArguments, FreezeArguments, CompareArguments, ApplyArguments, LogArguments,
                 DiffArguments, DueArguments, AdvanceArguments, VerifyArguments, CompactArguments,
                 RedactArguments, ExportArguments, LineageArguments, FindArguments, SyncArguments,
                 TrendArguments, ExprArguments, CheckArguments, ExplainArguments, WhatifArguments>;

// The language asked for by --lang, wherever it stands. Looked up before anything can go wrong.
[[nodiscard]] Language language_of(int count, char** values) noexcept;

// What to do; nothing when all is said and done: then `exit_code` is set.
[[nodiscard]] std::optional<Command> parse_arguments(const Console& console, int count,
                                                     char** values, int& exit_code);

}  // namespace dangbo::cli
