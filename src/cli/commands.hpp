// One function a command; each returns the exit code.
#pragma once

#include "arguments.hpp"
#include "console.hpp"

namespace dangbo::cli {

[[nodiscard]] int run(const Console& console, const LoadArguments& arguments);
[[nodiscard]] int run(const Console& console, const TreeArguments& arguments);
[[nodiscard]] int run(const Console& console, const QueryArguments& arguments);
[[nodiscard]] int run(const Console& console, const RollupArguments& arguments);
[[nodiscard]] int run(const Console& console, const TablesArguments& arguments);
[[nodiscard]] int run(const Console& console, const ReportArguments& arguments);
[[nodiscard]] int run(const Console& console, const FreezeArguments& arguments);
[[nodiscard]] int run(const Console& console, const CompareArguments& arguments);
[[nodiscard]] int run(const Console& console, const ApplyArguments& arguments);
[[nodiscard]] int run(const Console& console, const SyncArguments& arguments);
[[nodiscard]] int run(const Console& console, const LogArguments& arguments);
[[nodiscard]] int run(const Console& console, const DiffArguments& arguments);
[[nodiscard]] int run(const Console& console, const DueArguments& arguments);
[[nodiscard]] int run(const Console& console, const AdvanceArguments& arguments);
[[nodiscard]] int run(const Console& console, const VerifyArguments& arguments);
[[nodiscard]] int run(const Console& console, const CompactArguments& arguments);
[[nodiscard]] int run(const Console& console, const RedactArguments& arguments);
[[nodiscard]] int run(const Console& console, const ExportArguments& arguments);
[[nodiscard]] int run(const Console& console, const LineageArguments& arguments);
[[nodiscard]] int run(const Console& console, const TrendArguments& arguments);
[[nodiscard]] int run(const Console& console, const FindArguments& arguments);
[[nodiscard]] int run(const Console& console, const ExprArguments& arguments);
[[nodiscard]] int run(const Console& console, const CheckArguments& arguments);
[[nodiscard]] int run(const Console& console, const ExplainArguments& arguments);
[[nodiscard]] int run(const Console& console, const WhatifArguments& arguments);

}  // namespace dangbo::cli
