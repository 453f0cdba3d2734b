// What is wrong with a durable file, said to people.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::registry {

// One status for each way in which a file cannot be used. `value` goes into Problem::value.
[[nodiscard]] absl::Status file_status(base::ProblemCode code, std::string_view path,
                                       std::string value = {});

// The file is damaged: `where` says in which commit or part.
[[nodiscard]] absl::Status damaged_status(std::string_view path, base::Message where);

// From a result code of SQLite, what it was doing being in `value`.
[[nodiscard]] absl::Status sqlite_status(int result, std::string_view path, std::string value = {});

}  // namespace dangbo::inline v1::registry
