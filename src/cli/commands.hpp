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

}  // namespace dangbo::cli
