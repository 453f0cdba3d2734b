// What an Arrow schema asks of the importer: one plan a column, made and checked once, used for
// every batch.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/arrow/abi.h"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::table {

enum class ForeignKind : std::uint8_t {
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kBool,
  kFloat,
  kDouble,
  kText32,  // 32-bit offsets
  kText64,
  kDays,       // 32-bit days
  kTimestamp,  // 64-bit, units_per_second of them
  kAllMissing,
};

struct ColumnPlan {
  std::string name;
  ForeignKind kind = ForeignKind::kAllMissing;
  Type type = Type::kText;
  bool dictionary = false;  // `kind` is then the type of the indexes
  ForeignKind words = ForeignKind::kText32;
  std::int64_t units_per_second = 1;
  std::int64_t zone_seconds = 0;  // to add to reach local time
};

// A refusal of an import, in both languages. `column` may be empty.
[[nodiscard]] absl::Status refuse_import(base::ProblemCode code, std::string_view column,
                                         base::Message reason, base::Message fix = {},
                                         std::string value = {});

// REQUIRES: `schema` is not null and not released.
[[nodiscard]] absl::StatusOr<std::vector<ColumnPlan>> plan_import(const ArrowSchema& schema);

}  // namespace dangbo::inline v1::table
