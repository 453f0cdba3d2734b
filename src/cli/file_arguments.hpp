// The commands that keep a registry in a file, and those that tell its history.
#pragma once

#include "command_line.hpp"

namespace dangbo::cli {

class FileCommands : public CommandLine {
 protected:
  using CommandLine::CommandLine;
  ~FileCommands() = default;

  void add_file_commands();

 private:
  void add_apply();
  void add_sync();
  void add_log();
  void add_diff();
  void add_due();
  void add_advance();
  void add_verify();
  void add_compact();
  void add_redact();
  void add_export();
  void add_lineage();
  void add_find();
  void add_trend();
  void add_expr();
  void add_check();
  void add_explain();
  void add_whatif();
  void add_pack(CLI::App& command, RuleChoice& what);
  void add_period(CLI::App& command, std::string& period);

  ApplyArguments apply_;
  SyncArguments sync_;
  LogArguments log_;
  DiffArguments diff_;
  DueArguments due_;
  AdvanceArguments advance_;
  VerifyArguments verify_;
  CompactArguments compact_;
  RedactArguments redact_;
  ExportArguments export_;
  LineageArguments lineage_;
  FindArguments find_;
  TrendArguments trend_;
  ExprArguments expr_;
  CheckArguments check_;
  ExplainArguments explain_;
  WhatifArguments whatif_;
};

}  // namespace dangbo::cli
