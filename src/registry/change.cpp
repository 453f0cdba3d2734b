#include "dangbo/registry/change.hpp"

#include <algorithm>

#include "dangbo/base/text.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/parse.hpp"

namespace dangbo::inline v1::registry {

Change::Change(const Registry& registry) : schemas_(registry.shared_schemas()) {}

namespace {

constexpr std::string_view kRowId = "row_id";

// Grows by half at least, so that many small appends cost no more than one.
template <typename Item>
void make_room(std::vector<Item>& items, std::size_t more) {
  if (items.capacity() - items.size() >= more) return;
  items.reserve(items.size() + std::max(more, items.size() / 2));
}

// Columns that name no field: a row would be named, or set, by less than was said.
void refuse_unknown(const table::Table& fitted, const table::Schema& schema,
                    std::string_view source, base::ProblemList& problems) {
  const auto unknown = fitted.provenance().find("unknown_columns");
  if (!unknown) return;
  std::vector<std::string_view> names;
  for (const table::Field& field : schema.fields()) names.push_back(field.name);
  base::Problem problem{.code = base::ProblemCode::kUnknownColumn,
                        .place = {.file = std::string(source), .row = 0, .column = ""},
                        .value = base::shorten(*unknown, 63),
                        .reason = {"bảng “" + schema.name() + "” không có cột này",
                                   "the table “" + schema.name() + "” has no such column"},
                        .fix = {"bỏ cột này hoặc sửa tên", "drop the column or mend its name"}};
  if (const auto near = base::nearest(*unknown, names.data(), names.size())) {
    const std::string name(names[*near]);
    problem.fix.vi = "có phải là “" + name + "”? Nếu không, " + problem.fix.vi;
    problem.fix.en = "did you mean “" + name + "”? If not, " + problem.fix.en;
  }
  problems.add(std::move(problem));
}

}  // namespace

std::shared_ptr<const table::Schema> Change::find_schema(std::string_view table_name,
                                                         std::string_view source) {
  const std::string folded = base::fold(table_name);
  for (const auto& schema : *schemas_) {
    if (schema->is_called(folded)) return schema;
  }
  std::string known;
  for (const auto& schema : *schemas_) known += (known.empty() ? "" : ", ") + schema->name();
  add_problem({.code = base::ProblemCode::kUnknownTable,
               .place = {.file = std::string(source), .row = 0, .column = ""},
               .value = base::shorten(table_name, 64),
               .reason = {"không có bảng nào tên như vậy", "there is no table of this name"},
               .fix = {"dùng một trong các bảng: " + known, "use one of the tables: " + known}});
  return nullptr;
}

void Change::add_table(std::string_view table_name, const table::Table& rows,
                       std::string_view source) {
  const auto schema = find_schema(table_name, source);
  if (schema == nullptr) return;
  add_batch({.schema = schema,
             .rows = table::conform(rows, *schema, source, 1, problems_),
             .source = std::string(source),
             .first_row = 1,
             .headers = {}});
}

void Change::correct(std::string_view table_name, const table::Table& targets,
                     const table::Table& values, std::string_view source) {
  conform_correction(table_name, targets, &values, source);
}

void Change::withdraw(std::string_view table_name, const table::Table& targets,
                      std::string_view source) {
  conform_correction(table_name, targets, nullptr, source);
}

void Change::conform_correction(std::string_view table_name, const table::Table& targets,
                                const table::Table* values, std::string_view source) {
  const auto schema = find_schema(table_name, source);
  if (schema == nullptr) return;
  if (values != nullptr && values->row_count() != targets.row_count()) {
    add_problem({.code = base::ProblemCode::kRowCount,
                 .place = {.file = std::string(source), .row = 0, .column = ""},
                 .value = std::to_string(values->row_count()),
                 .reason = {"số dòng giá trị khác số dòng cần sửa",
                            "there are not as many rows of values as rows to correct"},
                 .fix = {"cho mỗi dòng cần sửa một dòng giá trị", "give one row of values each"}});
    return;
  }
  Correction correction{.schema = schema,
                        .targets = {},
                        .values = {},
                        .withdraw = values == nullptr,
                        .source = std::string(source)};
  if (const auto row_id = targets.find(kRowId);
      row_id && targets.column(*row_id).type() == table::Type::kInt) {
    table::Column numbers(std::string(kRowId), table::Type::kInt);
    const table::Column& given = targets.column(*row_id);
    for (std::size_t row = 0; row < given.size(); ++row) {
      given.is_missing(row) ? numbers.append_missing() : numbers.append_integer(given.integer(row));
    }
    std::vector<table::Column> columns;
    columns.push_back(std::move(numbers));
    correction.targets = table::Table(schema->name(), std::move(columns));
  } else {
    correction.targets =
        table::conform(targets, *schema, source, 1, problems_, table::Fields::kSome);
    refuse_unknown(correction.targets, *schema, source, problems_);
  }
  if (values != nullptr) {
    correction.values =
        table::conform(*values, *schema, source, 1, problems_, table::Fields::kSome);
    refuse_unknown(correction.values, *schema, source, problems_);
  }
  corrections_.push_back(std::move(correction));
}

void Change::append(Change other) {
  // Room first: what is then moved cannot fail half-way.
  make_room(batches_, other.batches_.size());
  make_room(corrections_, other.corrections_.size());
  make_room(operations_, other.operations_.size());
  problems_.append(std::move(other.problems_));
  for (Batch& batch : other.batches_) batches_.push_back(std::move(batch));
  for (Correction& correction : other.corrections_) corrections_.push_back(std::move(correction));
  for (Operation& operation : other.operations_) operations_.push_back(std::move(operation));
  synthetic_ = synthetic_ || other.synthetic_;
}

std::uint64_t Change::row_count() const noexcept {
  std::uint64_t rows = operations_.size();
  for (const Batch& batch : batches_) rows += batch.rows.row_count();
  for (const Correction& correction : corrections_) rows += correction.targets.row_count();
  return rows;
}

}  // namespace dangbo::inline v1::registry
