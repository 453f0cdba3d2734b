#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "arrow_plan.hpp"
#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/table/arrow.hpp"

namespace dangbo::inline v1::table {

namespace {

constexpr std::int64_t kMaxRows = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxTextBytes = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxBatches = 1'000'000;

// Releases what the caller handed over, whatever happens on the way.
template <typename Struct>
class Taken {
 public:
  explicit Taken(Struct* taken) noexcept : taken_(taken) {}
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() {
    if (usable()) {
      taken_->release(taken_);
    }
  }
  [[nodiscard]] bool usable() const noexcept {
    return taken_ != nullptr && taken_->release != nullptr;
  }

 private:
  Struct* taken_;
};

// Foreign buffers may lie at any address.
template <typename T>
T load(const void* buffer, std::int64_t index) noexcept {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + index * std::int64_t{sizeof(T)},
              sizeof(T));
  return value;
}

bool load_bit(const void* buffer, std::int64_t index) noexcept {
  return ((load<std::uint8_t>(buffer, index >> 3) >> (index & 7)) & 1) != 0;
}

absl::Status broken(std::string_view column, const char* vi, const char* en) {
  return refuse_import(base::ProblemCode::kBadSchemaFile, column, {vi, en},
                       {"kiểm tra phía xuất dữ liệu", "check the program that exports the data"});
}

std::string at_row(const char* text, const char* word, std::int64_t row) {
  return std::string(text) + ", " + word + " " + std::to_string(row + 1);
}

absl::Status bad_value(base::ProblemCode code, std::string_view column, std::int64_t row,
                       const char* vi, const char* en, base::Message fix, std::string value = {}) {
  return refuse_import(code, column, {at_row(vi, "dòng", row), at_row(en, "row", row)},
                       std::move(fix), std::move(value));
}

// Rows [first, first + count) of an array whose structure was checked.
struct Rows {
  const ArrowArray* array = nullptr;
  const void* validity = nullptr;
  std::int64_t first = 0;
  std::int64_t count = 0;
  [[nodiscard]] bool missing(std::int64_t row) const noexcept {
    return validity != nullptr && !load_bit(validity, first + row);
  }
};

absl::Status check_validity(const ArrowArray& array, std::string_view column) {
  if (array.null_count < -1 || array.null_count > array.length) {
    return broken(column, "số giá trị thiếu không hợp lệ", "the null count is impossible");
  }
  const void* validity = array.buffers[0];
  if (validity == nullptr) {
    return array.null_count > 0
               ? broken(column, "khai có giá trị thiếu nhưng không nói giá trị nào",
                        "nulls are announced but no validity is given")
               : absl::OkStatus();
  }
  if (array.null_count >= 0) {
    std::int64_t missing = 0;
    for (std::int64_t row = 0; row < array.length; ++row) {
      missing += load_bit(validity, array.offset + row) ? 0 : 1;
    }
    if (missing != array.null_count) {
      return broken(column, "số giá trị thiếu không khớp", "null count and validity disagree");
    }
  }
  return absl::OkStatus();
}

// Structure of one node: everything but the values. Rows are [skip, skip + count) of it.
absl::StatusOr<Rows> open_rows(const ArrowArray* array, std::string_view column,
                               std::int64_t buffer_count, std::int64_t skip, std::int64_t count) {
  if (array == nullptr || array->release == nullptr) {
    return broken(column, "thiếu dữ liệu của cột", "the column has no data");
  }
  if (array->length < 0 || array->offset < 0 || array->length > kMaxRows ||
      array->offset > std::numeric_limits<std::int64_t>::max() / 16 ||
      array->length - skip < count) {
    return broken(column, "độ dài hoặc vị trí bắt đầu không hợp lệ",
                  "length or offset is impossible");
  }
  if (array->n_buffers != buffer_count || (buffer_count > 0 && array->buffers == nullptr)) {
    return broken(column, "số vùng nhớ không đúng với kiểu",
                  "the number of buffers does not fit the type");
  }
  Rows rows{array, nullptr, array->offset + skip, count};
  if (buffer_count > 0 && array->length > 0) {
    if (absl::Status status = check_validity(*array, column); !status.ok()) {
      return status;
    }
    rows.validity = array->buffers[0];
    if (buffer_count > 1 && array->buffers[1] == nullptr) {
      return broken(column, "thiếu vùng nhớ giá trị", "the buffer of values is missing");
    }
  }
  return rows;
}

// Calls visit(T{}) with the integer type of `kind`.
template <typename Visit>
absl::Status visit_integer(ForeignKind kind, const Visit& visit) {
  switch (kind) {
    case ForeignKind::kInt8:
      return visit(std::int8_t{});
    case ForeignKind::kUint8:
      return visit(std::uint8_t{});
    case ForeignKind::kInt16:
      return visit(std::int16_t{});
    case ForeignKind::kUint16:
      return visit(std::uint16_t{});
    case ForeignKind::kInt32:
      return visit(std::int32_t{});
    case ForeignKind::kUint32:
      return visit(std::uint32_t{});
    case ForeignKind::kInt64:
      return visit(std::int64_t{});
    default:
      return visit(std::uint64_t{});
  }
}

absl::Status read_integers(const ColumnPlan& plan, const Rows& rows, Column& out) {
  return visit_integer(plan.kind, [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    for (std::int64_t row = 0; row < rows.count; ++row) {
      if (rows.missing(row)) {
        out.append_missing();
        continue;
      }
      const T value = load<T>(rows.array->buffers[1], rows.first + row);
      if (!std::in_range<std::int64_t>(value)) {
        return bad_value(base::ProblemCode::kOutOfRange, plan.name, row, "số quá lớn",
                         "the number is too large",
                         {"đưa mã số quá lớn vào dưới dạng chữ", "pass such large ids as text"},
                         std::to_string(value));
      }
      out.append_integer(static_cast<std::int64_t>(value));
    }
    return absl::OkStatus();
  });
}

void read_booleans(const Rows& rows, Column& out) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.missing(row)) {
      out.append_missing();
    } else {
      out.append_boolean(load_bit(rows.array->buffers[1], rows.first + row));
    }
  }
}

template <typename T>
void read_reals(const Rows& rows, Column& out) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.missing(row)) {
      out.append_missing();
    } else {
      out.append_real(static_cast<double>(load<T>(rows.array->buffers[1], rows.first + row)));
    }
  }
}

template <typename Offset>
absl::Status read_text(std::string_view column, const Rows& rows, Column& out) {
  const void* offsets = rows.array->buffers[1];
  const char* bytes = static_cast<const char*>(rows.array->buffers[2]);
  if (rows.count == 0) {
    return absl::OkStatus();  // an empty column may come without offsets
  }
  std::int64_t begin = load<Offset>(offsets, rows.first);
  if (begin < 0) {
    return broken(column, "vị trí chữ âm", "a text offset is negative");
  }
  for (std::int64_t row = 0; row < rows.count; ++row) {
    const std::int64_t end = load<Offset>(offsets, rows.first + row + 1);
    if (end < begin || (end > begin && bytes == nullptr)) {
      return broken(column, "vị trí chữ chạy lùi hoặc ra ngoài",
                    "text offsets go backwards or have no bytes behind them");
    }
    const auto size = static_cast<std::size_t>(end - begin);
    if (rows.missing(row)) {
      out.append_missing();
    } else {
      if (size > kMaxTextBytes - out.text_bytes()) {
        return bad_value(base::ProblemCode::kLimit, column, row, "cột chữ vượt 2 GB trong một lô",
                         "the text of one batch exceeds 2 GB",
                         {"chia thành nhiều lô nhỏ hơn", "split it into smaller batches"});
      }
      const std::string_view text =
          size == 0 ? std::string_view() : std::string_view(bytes + begin, size);
      if (base::first_bad_utf8(text)) {
        return bad_value(base::ProblemCode::kBadUtf8, column, row, "chữ không phải UTF-8",
                         "the text is not UTF-8", {"chuyển sang UTF-8", "convert it to UTF-8"});
      }
      out.append_text(text);
    }
    begin = end;
  }
  return absl::OkStatus();
}

absl::Status read_text(ForeignKind kind, std::string_view column, const Rows& rows, Column& out) {
  return kind == ForeignKind::kText32 ? read_text<std::int32_t>(column, rows, out)
                                      : read_text<std::int64_t>(column, rows, out);
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
  return value / by - (value % by < 0 ? 1 : 0);
}

absl::Status read_dates(const ColumnPlan& plan, const Rows& rows, Column& out) {
  static const std::int64_t first_day = time::Date::from_ymd(1400, 1, 1)->days();
  static const std::int64_t last_day = time::Date::from_ymd(9999, 12, 31)->days();
  for (std::int64_t row = 0; row < rows.count; ++row) {
    if (rows.missing(row)) {
      out.append_missing();
      continue;
    }
    std::int64_t day = 0;
    if (plan.kind == ForeignKind::kDays) {
      day = load<std::int32_t>(rows.array->buffers[1], rows.first + row);
    } else {
      const auto stamp = load<std::int64_t>(rows.array->buffers[1], rows.first + row);
      const std::int64_t seconds = floor_divide(stamp, plan.units_per_second);
      // Far outside the calendar either way, and the sum below must not overflow.
      constexpr std::int64_t kFar = std::int64_t{1} << 60;
      day = floor_divide(std::clamp(seconds, -kFar, kFar) + plan.zone_seconds, 86'400);
    }
    if (day < first_day || day > last_day) {
      return bad_value(base::ProblemCode::kImpossibleDate, plan.name, row,
                       "ngày ngoài khoảng từ năm 1400 đến năm 9999",
                       "the date lies outside the years 1400 to 9999",
                       {"để trống nếu không biết ngày", "leave it null when it is not known"});
    }
    out.append_date(time::Date::from_days(static_cast<std::int32_t>(day)));
  }
  return absl::OkStatus();
}

// The words of a dictionary without repeats, and where each of its entries went; -1 for a null
// entry.
struct Dictionary {
  std::shared_ptr<const Words> words;
  std::vector<std::int32_t> code_of;
};

absl::StatusOr<Dictionary> read_dictionary(const ColumnPlan& plan, const ArrowArray* array) {
  const std::int64_t length = array == nullptr ? 0 : array->length;
  absl::StatusOr<Rows> rows = open_rows(array, plan.name, 3, 0, length);
  if (!rows.ok()) {
    return rows.status();
  }
  Column texts("", Type::kText);
  if (absl::Status status = read_text(plan.words, plan.name, *rows, texts); !status.ok()) {
    return status;
  }
  auto words = std::make_shared<Words>();
  Dictionary result;
  absl::flat_hash_map<std::string, std::int32_t> seen;
  for (std::size_t index = 0; index < texts.size(); ++index) {
    if (texts.is_missing(index)) {
      result.code_of.push_back(-1);
      continue;
    }
    base::make_room(seen);
    const auto [at, is_new] =
        seen.try_emplace(std::string(texts.text(index)), static_cast<std::int32_t>(words->size()));
    if (is_new) {
      words->push_back(at->first);
    }
    result.code_of.push_back(at->second);
  }
  result.words = std::move(words);
  return result;
}

absl::Status read_codes(const ColumnPlan& plan, const Rows& rows,
                        std::shared_ptr<const Words>& previous_words, Column& out) {
  absl::StatusOr<Dictionary> dictionary = read_dictionary(plan, rows.array->dictionary);
  if (!dictionary.ok()) {
    return dictionary.status();
  }
  // Streams mostly repeat one dictionary: keep one copy of it.
  if (previous_words == nullptr || *previous_words != *dictionary->words) {
    previous_words = dictionary->words;
  }
  out.set_words(previous_words);
  const std::vector<std::int32_t>& code_of = dictionary->code_of;
  return visit_integer(plan.kind, [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    for (std::int64_t row = 0; row < rows.count; ++row) {
      if (rows.missing(row)) {
        out.append_missing();
        continue;
      }
      const T index = load<T>(rows.array->buffers[1], rows.first + row);
      if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, code_of.size())) {
        return bad_value(base::ProblemCode::kOutOfRange, plan.name, row, "chỉ số nằm ngoài từ điển",
                         "the index lies outside the dictionary",
                         {"kiểm tra phía xuất dữ liệu", "check the program that exports the data"},
                         std::to_string(index));
      }
      const std::int32_t code = code_of[static_cast<std::size_t>(index)];
      if (code < 0) {
        out.append_missing();
      } else {
        out.append_code(code);
      }
    }
    return absl::OkStatus();
  });
}

std::int64_t buffers_of(ForeignKind kind) noexcept {
  switch (kind) {
    case ForeignKind::kAllMissing:
      return 0;
    case ForeignKind::kText32:
    case ForeignKind::kText64:
      return 3;
    default:
      return 2;
  }
}

absl::Status read_values(const ColumnPlan& plan, const Rows& rows,
                         std::shared_ptr<const Words>& words, Column& out) {
  if (plan.dictionary) {
    return read_codes(plan, rows, words, out);
  }
  switch (plan.type) {
    case Type::kInt:
      return read_integers(plan, rows, out);
    case Type::kDate:
      return read_dates(plan, rows, out);
    case Type::kBool:
      read_booleans(rows, out);
      return absl::OkStatus();
    case Type::kReal:
      if (plan.kind == ForeignKind::kFloat) {
        read_reals<float>(rows, out);
      } else {
        read_reals<double>(rows, out);
      }
      return absl::OkStatus();
    case Type::kText:
    case Type::kCode:
      break;
  }
  if (plan.kind != ForeignKind::kAllMissing) {
    return read_text(plan.kind, plan.name, rows, out);
  }
  for (std::int64_t row = 0; row < rows.count; ++row) {
    out.append_missing();
  }
  return absl::OkStatus();
}

using WordsByColumn = std::vector<std::shared_ptr<const Words>>;

absl::Status check_root(const ArrowArray& root, std::size_t column_count) {
  absl::StatusOr<Rows> rows = open_rows(&root, "", 1, 0, root.length);
  if (!rows.ok()) {
    return rows.status();
  }
  if (root.n_children != static_cast<std::int64_t>(column_count) ||
      (column_count > 0 && root.children == nullptr)) {
    return broken("", "số cột của dữ liệu khác số cột của mô tả",
                  "data and schema differ in the number of columns");
  }
  for (std::int64_t row = 0; row < rows->count; ++row) {
    if (rows->missing(row)) {
      return bad_value(base::ProblemCode::kBadSchemaFile, "", row, "cả dòng bị đánh dấu thiếu",
                       "a whole row is null",
                       {"bỏ dòng đó, hoặc để trống từng ô", "drop the row, or null its cells"});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Table> read_batch(const std::vector<ColumnPlan>& plans, const ArrowArray& root,
                                 WordsByColumn& words) {
  if (absl::Status status = check_root(root, plans.size()); !status.ok()) {
    return status;
  }
  std::vector<Column> columns;
  columns.reserve(plans.size());
  for (std::size_t index = 0; index < plans.size(); ++index) {
    const ColumnPlan& plan = plans[index];
    // Rows of the table may start inside each column: both offsets count.
    if (root.offset > kMaxRows) {
      return broken(plan.name, "độ dài hoặc vị trí bắt đầu không hợp lệ",
                    "length or offset is impossible");
    }
    absl::StatusOr<Rows> rows =
        open_rows(root.children[index], plan.name, buffers_of(plan.kind), root.offset, root.length);
    if (!rows.ok()) {
      return rows.status();
    }
    Column column(plan.name, plan.type);
    column.reserve(static_cast<std::size_t>(rows->count));
    if (absl::Status status = read_values(plan, *rows, words[index], column); !status.ok()) {
      return status;
    }
    columns.push_back(std::move(column));
  }
  return Table("", std::move(columns));
}

Table empty_table(const std::vector<ColumnPlan>& plans) {
  std::vector<Column> columns;
  columns.reserve(plans.size());
  for (const ColumnPlan& plan : plans) {
    columns.emplace_back(plan.name, plan.type);
    if (plan.type == Type::kCode) {
      columns.back().set_words(std::make_shared<const Words>());
    }
  }
  return Table("", std::move(columns));
}

absl::Status released(const char* vi, const char* en) {
  return broken("", vi, en);
}

absl::Status stream_failure(ArrowArrayStream* stream, int code) {
  const char* text = stream->get_last_error == nullptr ? nullptr : stream->get_last_error(stream);
  std::string why = text == nullptr ? "" : text;
  if (base::first_bad_utf8(why)) {
    why.clear();
  }
  why = base::shorten(why, 200);
  const std::string number = std::to_string(code);
  base::Problem problem;
  problem.code = base::ProblemCode::kFileUnreadable;
  problem.reason = {"nguồn dữ liệu báo lỗi " + number,
                    "the source of the data reports error " + number};
  if (!why.empty()) {
    problem.reason.vi += ": " + why;
    problem.reason.en += ": " + why;
  }
  problem.fix = {"xem lỗi ở phía xuất dữ liệu", "see the program that exports the data"};
  const absl::StatusCode status = code == ENOMEM      ? absl::StatusCode::kResourceExhausted
                                  : code == ECANCELED ? absl::StatusCode::kCancelled
                                                      : absl::StatusCode::kInvalidArgument;
  return base::problem_status(status, std::move(problem));
}

}  // namespace

absl::StatusOr<Table> import_array(ArrowSchema* schema, ArrowArray* array) {
  const Taken<ArrowSchema> schema_taken(schema);
  const Taken<ArrowArray> array_taken(array);
  if (!schema_taken.usable() || !array_taken.usable()) {
    return released("dữ liệu Arrow trống hoặc đã được giải phóng",
                    "the Arrow data is null or was released");
  }
  const absl::StatusOr<std::vector<ColumnPlan>> plans = plan_import(*schema);
  if (!plans.ok()) {
    return plans.status();
  }
  WordsByColumn words(plans->size());
  return read_batch(*plans, *array, words);
}

absl::StatusOr<std::vector<Table>> import_stream(ArrowArrayStream* stream) {
  const Taken<ArrowArrayStream> stream_taken(stream);
  if (!stream_taken.usable() || stream->get_schema == nullptr || stream->get_next == nullptr) {
    return released("luồng Arrow trống hoặc đã được giải phóng",
                    "the Arrow stream is null or was released");
  }
  ArrowSchema schema{};
  if (const int code = stream->get_schema(stream, &schema); code != 0) {
    return stream_failure(stream, code);
  }
  const Taken<ArrowSchema> schema_taken(&schema);
  if (!schema_taken.usable()) {
    return released("luồng Arrow không đưa ra mô tả bảng", "the Arrow stream gives no schema");
  }
  const absl::StatusOr<std::vector<ColumnPlan>> plans = plan_import(schema);
  if (!plans.ok()) {
    return plans.status();
  }
  WordsByColumn words(plans->size());
  std::vector<Table> tables;
  while (true) {
    ArrowArray array{};
    if (const int code = stream->get_next(stream, &array); code != 0) {
      return stream_failure(stream, code);
    }
    const Taken<ArrowArray> array_taken(&array);
    if (!array_taken.usable()) {
      break;
    }
    if (tables.size() == kMaxBatches) {
      return refuse_import(base::ProblemCode::kLimit, "", {"quá nhiều lô", "too many batches"},
                           {"gộp thành các lô lớn hơn", "use larger batches"});
    }
    absl::StatusOr<Table> table = read_batch(*plans, array, words);
    if (!table.ok()) {
      return table.status();
    }
    tables.push_back(std::move(*table));
  }
  if (tables.empty()) {
    tables.push_back(empty_table(*plans));
  }
  return tables;
}

}  // namespace dangbo::inline v1::table
