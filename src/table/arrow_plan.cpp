#include "arrow_plan.hpp"

#include <optional>
#include <utility>

#include <absl/container/flat_hash_set.h>

#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::table {

namespace {

constexpr std::int64_t kMaxColumns = 10'000;

std::optional<ForeignKind> integer_kind(std::string_view format) noexcept {
  if (format.size() != 1) {
    return std::nullopt;
  }
  switch (format.front()) {
    case 'c':
      return ForeignKind::kInt8;
    case 'C':
      return ForeignKind::kUint8;
    case 's':
      return ForeignKind::kInt16;
    case 'S':
      return ForeignKind::kUint16;
    case 'i':
      return ForeignKind::kInt32;
    case 'I':
      return ForeignKind::kUint32;
    case 'l':
      return ForeignKind::kInt64;
    case 'L':
      return ForeignKind::kUint64;
    default:
      return std::nullopt;
  }
}

// Seconds east of Greenwich of "", "UTC", "Z", "+07:00", "+0700". A place name would need a table
// of zones and their history, which this library does not have.
std::optional<std::int64_t> zone_seconds(std::string_view zone) noexcept {
  if (zone.empty() || zone == "UTC" || zone == "Etc/UTC" || zone == "GMT" || zone == "Z") {
    return 0;
  }
  const auto digit = [&](std::size_t at) -> int {
    return zone[at] >= '0' && zone[at] <= '9' ? zone[at] - '0' : -1;
  };
  const bool colon = zone.size() == 6 && zone[3] == ':';
  if ((zone.front() != '+' && zone.front() != '-') || (!colon && zone.size() != 5)) {
    return std::nullopt;
  }
  const std::size_t minute_at = colon ? 4 : 3;
  const int digits[4] = {digit(1), digit(2), digit(minute_at), digit(minute_at + 1)};
  for (const int value : digits) {
    if (value < 0) {
      return std::nullopt;
    }
  }
  const int hours = digits[0] * 10 + digits[1];
  const int minutes = digits[2] * 10 + digits[3];
  if (hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return zone.front() == '-' ? -seconds : seconds;
}

absl::Status refuse_format(std::string_view column, std::string_view format) {
  return refuse_import(
      base::ProblemCode::kBadSchemaFile, column,
      {"kiểu Arrow này không nhận được", "this Arrow format is not accepted"},
      {"đổi cột sang số nguyên, chữ, ngày (date32), đúng/sai hoặc số thực",
       "cast the column to an integer, text, date32, boolean or floating-point type"},
      base::first_bad_utf8(format) ? std::string() : base::shorten(format, 63));
}

absl::Status plan_timestamp(std::string_view format, ColumnPlan& plan) {
  plan.kind = ForeignKind::kTimestamp;
  plan.type = Type::kDate;
  switch (format[2]) {
    case 's':
      plan.units_per_second = 1;
      break;
    case 'm':
      plan.units_per_second = 1'000;
      break;
    case 'u':
      plan.units_per_second = 1'000'000;
      break;
    default:
      plan.units_per_second = 1'000'000'000;
      break;
  }
  const std::string_view zone = format.substr(4);
  const std::optional<std::int64_t> seconds = zone_seconds(zone);
  if (!seconds) {
    return refuse_import(base::ProblemCode::kBadSchemaFile, plan.name,
                         {"không biết múi giờ này nên không rõ là ngày nào",
                          "this time zone is not known here, so the day is uncertain"},
                         {"đưa vào kiểu date32, hoặc giờ địa phương không kèm múi giờ",
                          "pass date32, or local time without a zone"},
                         base::first_bad_utf8(zone) ? std::string() : base::shorten(zone, 63));
  }
  plan.zone_seconds = *seconds;
  return absl::OkStatus();
}

bool is_timestamp(std::string_view format) noexcept {
  return format.size() >= 4 && format.substr(0, 2) == "ts" &&
         std::string_view("smun").find(format[2]) != std::string_view::npos && format[3] == ':';
}

absl::Status plan_plain(std::string_view format, ColumnPlan& plan) {
  if (const auto integer = integer_kind(format)) {
    plan.kind = *integer;
    plan.type = Type::kInt;
  } else if (format == "b") {
    plan.kind = ForeignKind::kBool;
    plan.type = Type::kBool;
  } else if (format == "f" || format == "g") {
    plan.kind = format == "f" ? ForeignKind::kFloat : ForeignKind::kDouble;
    plan.type = Type::kReal;
  } else if (format == "u" || format == "U") {
    plan.kind = format == "u" ? ForeignKind::kText32 : ForeignKind::kText64;
    plan.type = Type::kText;
  } else if (format == "tdD") {
    plan.kind = ForeignKind::kDays;
    plan.type = Type::kDate;
  } else if (format == "tdm") {
    plan.kind = ForeignKind::kTimestamp;
    plan.type = Type::kDate;
    plan.units_per_second = 1'000;
  } else if (is_timestamp(format)) {
    return plan_timestamp(format, plan);
  } else if (format == "n") {
    plan.kind = ForeignKind::kAllMissing;
    plan.type = Type::kText;
  } else {
    return refuse_format(plan.name, format);
  }
  return absl::OkStatus();
}

absl::Status plan_dictionary(const ArrowSchema& schema, std::string_view format, ColumnPlan& plan) {
  const ArrowSchema& words = *schema.dictionary;
  const auto index = integer_kind(format);
  if (!index) {
    return refuse_format(plan.name, format);
  }
  const std::string_view word_format =
      words.release == nullptr || words.format == nullptr ? "" : words.format;
  if ((word_format != "u" && word_format != "U") || words.dictionary != nullptr) {
    return refuse_format(plan.name, word_format);
  }
  plan.kind = *index;
  plan.type = Type::kCode;
  plan.dictionary = true;
  plan.words = word_format == "u" ? ForeignKind::kText32 : ForeignKind::kText64;
  return absl::OkStatus();
}

absl::StatusOr<ColumnPlan> plan_column(const ArrowSchema* schema, std::int64_t index) {
  const std::string position = "#" + std::to_string(index + 1);
  if (schema == nullptr || schema->release == nullptr || schema->format == nullptr) {
    return refuse_import(base::ProblemCode::kBadSchemaFile, position,
                         {"thiếu mô tả kiểu của cột", "the column has no type"},
                         {"kiểm tra phía xuất dữ liệu", "check the program that exports the data"});
  }
  ColumnPlan plan;
  plan.name = schema->name == nullptr ? "" : schema->name;
  if (base::first_bad_utf8(plan.name)) {
    return refuse_import(base::ProblemCode::kBadUtf8, position,
                         {"tên cột không phải UTF-8", "the column's name is not UTF-8"},
                         {"đặt tên cột bằng UTF-8", "name the column in UTF-8"});
  }
  const std::string_view format = schema->format;
  const absl::Status status = schema->dictionary != nullptr ? plan_dictionary(*schema, format, plan)
                                                            : plan_plain(format, plan);
  if (!status.ok()) {
    return status;
  }
  return plan;
}

}  // namespace

absl::Status refuse_import(base::ProblemCode code, std::string_view column, base::Message reason,
                           base::Message fix, std::string value) {
  base::Problem problem;
  problem.code = code;
  problem.place.column = std::string(column);
  problem.value = std::move(value);
  problem.reason = std::move(reason);
  problem.fix = std::move(fix);
  return base::problem_status(absl::StatusCode::kInvalidArgument, std::move(problem));
}

absl::StatusOr<std::vector<ColumnPlan>> plan_import(const ArrowSchema& schema) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s" ||
      schema.dictionary != nullptr || schema.n_children < 0 ||
      (schema.n_children > 0 && schema.children == nullptr)) {
    return refuse_import(base::ProblemCode::kBadSchemaFile, "",
                         {"dữ liệu Arrow không phải là bảng (struct)",
                          "the Arrow data is not a table (a struct of columns)"},
                         {"xuất cả bảng (record batch)", "export a record batch"});
  }
  if (schema.n_children > kMaxColumns) {
    return refuse_import(base::ProblemCode::kLimit, "", {"quá nhiều cột", "too many columns"},
                         {"nhiều nhất 10000 cột", "10000 columns at most"});
  }
  std::vector<ColumnPlan> plans;
  absl::flat_hash_set<std::string> names;
  plans.reserve(static_cast<std::size_t>(schema.n_children));
  for (std::int64_t index = 0; index < schema.n_children; ++index) {
    absl::StatusOr<ColumnPlan> plan = plan_column(schema.children[index], index);
    if (!plan.ok()) {
      return plan.status();
    }
    base::make_room(names);
    if (!names.insert(std::string(plan->name)).second) {
      return refuse_import(base::ProblemCode::kHeaderAmbiguous, plan->name,
                           {"hai cột cùng tên", "two columns have this name"},
                           {"đổi tên hoặc bỏ một cột", "rename or drop one of them"});
    }
    plans.push_back(std::move(*plan));
  }
  return plans;
}

}  // namespace dangbo::inline v1::table
