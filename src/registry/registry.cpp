#include "dangbo/registry/registry.hpp"

#include <new>

#include "dangbo/base/text.hpp"
#include "dangbo/party/schemas.hpp"
#include "registry/core.hpp"
#include "registry/journal.hpp"
#include "registry/operate.hpp"
#include "registry/plan.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;
using table::Field;
using table::Role;
using table::Schema;
using table::Type;

// The schema with the hidden field that carries unknown columns of a file, as one JSON object a
// row.
std::shared_ptr<const Schema> with_extra(const Schema& schema) {
  std::vector<Field> fields = schema.fields();
  if (!schema.find("extra")) {
    Field extra;
    extra.name = "extra";
    extra.title = {"cột khác", "other columns"};
    fields.push_back(std::move(extra));
  }
  std::vector<std::string> key;
  for (const std::size_t field : schema.natural_key()) key.push_back(schema.fields()[field].name);
  return std::make_shared<Schema>(schema.name(), schema.kind(), std::move(fields), std::move(key),
                                  schema.title(), schema.aliases());
}

absl::Status schema_fault(const Schema& schema, std::string_view column, std::string vi,
                          std::string en) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      {.code = ProblemCode::kBadSchemaFile,
       .place = {.file = schema.name(), .row = 0, .column = std::string(column)},
       .value = "",
       .reason = {std::move(vi), std::move(en)},
       .fix = {"sửa lược đồ của bảng", "correct the table's schema"}});
}

absl::Status check_schema(const Schema& schema) {
  for (const Field& field : schema.fields()) {
    const bool key = field.role == Role::kUnit || field.role == Role::kParent ||
                     field.role == Role::kMember || field.role == Role::kSubject ||
                     field.role == Role::kDecision || field.role == Role::kPeriod;
    const bool date =
        field.role == Role::kFrom || field.role == Role::kUntil || field.role == Role::kDay;
    if (key && field.type != Type::kText)
      return schema_fault(schema, field.name, "cột này phải là văn bản",
                          "this column must be text");
    if (date && field.type != Type::kDate)
      return schema_fault(schema, field.name, "cột này phải là ngày", "this column must be a date");
    if (field.type == Type::kReal)
      return schema_fault(schema, field.name, "số thực chỉ có trong kết quả",
                          "real numbers stand in results only");
    if (field.name == "row_id")
      return schema_fault(schema, field.name, "tên này dành cho số dòng của sổ",
                          "this name is kept for the registry's row numbers");
    if (field.role == Role::kSubject) {
      const auto type = schema.find("subject_type");
      if (!type || schema.fields()[*type].codes == nullptr) {
        return schema_fault(schema, field.name, "thiếu cột mã subject_type",
                            "the code column subject_type is missing");
      }
    }
  }
  if (schema.kind() == table::TableKind::kEvent && !schema.find(Role::kDay)) {
    return schema_fault(schema, "", "bảng sự kiện cần một cột ngày",
                        "a table of events needs a day column");
  }
  if (schema.kind() == table::TableKind::kPeriod && !schema.find(Role::kPeriod)) {
    return schema_fault(schema, "", "bảng theo kỳ cần một cột kỳ",
                        "a table of periods needs a period column");
  }
  return absl::OkStatus();
}

}  // namespace

Registry::Registry(std::shared_ptr<Core> core)
    : core_(std::move(core)), journal_(std::make_unique<Journal>()) {}
Registry::~Registry() = default;

std::unique_ptr<Registry> Registry::create(const RegistryOptions& options) {
  std::unique_ptr<Registry> registry(new Registry(std::make_shared<Core>(options)));
  for (const auto& schema : party::standard_schemas()) registry->declare(schema).IgnoreError();
  return registry;
}

absl::Status Registry::declare(std::shared_ptr<const Schema> schema) {
  if (find_schema(schema->name()) != nullptr) {
    return schema_fault(*schema, "", "đã có bảng tên này", "a table of this name exists");
  }
  if (absl::Status status = check_schema(*schema); !status.ok()) return status;
  std::shared_ptr<const Schema> kept = with_extra(*schema);
  auto store = std::make_unique<TableStore>(kept, core_->text);
  auto schemas = core_->make_room_for_table(kept);
  const std::uint32_t head = core_->head.load(std::memory_order_relaxed);
  if (absl::Status status = journal_->write_declaration(*kept, head); !status.ok()) return status;
  core_->add_table(std::move(store), std::move(schemas));
  return absl::OkStatus();
}

const std::vector<std::shared_ptr<const Schema>>& Registry::schemas() const noexcept {
  return *core_->schemas;
}

const std::shared_ptr<const std::vector<std::shared_ptr<const Schema>>>& Registry::shared_schemas()
    const noexcept {
  return core_->schemas;
}

std::shared_ptr<const Schema> Registry::find_schema(std::string_view name) const {
  const std::string folded = base::fold(name);
  for (const auto& schema : *core_->schemas) {
    if (schema->is_called(folded)) return schema;
  }
  return nullptr;
}

CheckReport Registry::check(const Change& given) const {
  CheckReport report;
  std::optional<Change> expanded;
  if (!given.operations().empty()) expanded = expand_operations(*core_, given);
  const Change& change = expanded ? *expanded : given;
  Plan plan(*core_, change);
  complete(plan);
  report.problems = std::move(plan.problems);
  for (const auto& schema : *core_->schemas) {
    std::uint64_t rows = 0;
    for (const Change::Batch& batch : change.batches()) {
      if (batch.schema->name() == schema->name()) rows += batch.rows.row_count();
    }
    if (rows != 0) report.rows.emplace_back(schema->name(), rows);
  }
  return report;
}

void check_info(Plan& plan, const CommitInfo& info) {
  if (plan.head != 0 && info.time < plan.core.mark(plan.head).time) {
    plan.problems.add(
        {.code = ProblemCode::kOutOfRange,
         .place = {},
         .value = std::to_string(info.time),
         .reason = {"giờ của lần ghi này sớm hơn lần ghi trước",
                    "the time of this commit is earlier than the last one's"},
         .fix = {"kiểm tra đồng hồ của máy ghi", "check the clock of the writing machine"}});
  }
  if (info.source_version.size() > TextHeap::kMaxText) {
    plan.problems.add({.code = ProblemCode::kFieldTooLong,
                       .place = {},
                       .value = "",
                       .reason = {"source_version dài quá 1 000 000 byte",
                                  "source_version is longer than 1,000,000 bytes"},
                       .fix = {"rút gọn", "shorten it"}});
  }
}

namespace {

// How many rows of a table a commit adds, corrects and withdraws.
void count_rows(const Plan& plan, const TableStore& store, CommitResult& result) {
  std::uint64_t added = 0;
  std::uint64_t corrected = 0;
  std::uint64_t withdrawn = 0;
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store == &store) (batch.replaces.empty() ? added : corrected) += batch.row_count();
  }
  for (const Plan::Withdrawal& withdrawal : plan.withdrawals)
    withdrawn += withdrawal.store == &store ? withdrawal.rows.size() : 0;
  const std::string& name = store.schema().name();
  if (added != 0) result.added.emplace_back(name, added);
  if (corrected != 0) result.corrected.emplace_back(name, corrected);
  if (withdrawn != 0) result.withdrawn.emplace_back(name, withdrawn);
}

CommitResult repeated(CommitNumber earlier) {
  CommitResult result;
  result.number = earlier;
  result.repeated = true;
  return result;
}

absl::Status out_of_memory() {
  return absl::ResourceExhaustedError("not enough memory for this change; nothing was changed");
}

}  // namespace

absl::StatusOr<CommitResult> Registry::commit_plan(Plan& plan, const CommitInfo& info) {
  check_info(plan, info);
  if (!plan.problems.empty())
    return base::problem_status(absl::StatusCode::kInvalidArgument, plan.problems);
  if (core_.use_count() == 1) {
    for (const auto& store : core_->tables) store->free_outlived();
    if (core_->totals != nullptr) core_->totals->free_outlived();
  }
  reserve_for(*core_, plan, info);
  CommitResult result;
  result.number = CommitNumber{plan.head + 1};
  for (const TableStore* store : plan.tables) count_rows(plan, *store, result);
  if (absl::Status status = journal_->write(plan, info); !status.ok()) return status;
  // The slots of a first commit are news to every snapshot.
  append(*core_, plan, info, plan.head != 0);
  return result;
}

absl::StatusOr<CommitResult> Registry::commit_change(const Change& change,
                                                     std::optional<time::Date> day,
                                                     const CommitInfo& info) {
  std::optional<base::Digest> content;
  if (!info.source_version.empty() && change.problems().empty()) {
    content = content_digest(journal_->content_key(), change, day);
    const auto earlier = journal_->find_repeated(info.source_version, *content);
    if (!earlier.ok()) return earlier.status();
    if (*earlier) return repeated(**earlier);
  }
  std::optional<Change> expanded;
  if (!change.operations().empty()) expanded = expand_operations(*core_, change);
  Plan plan(*core_, expanded ? *expanded : change);
  complete(plan);
  plan.content = content;
  plan.current_day = day;
  return commit_plan(plan, info);
}

absl::StatusOr<CommitResult> Registry::commit(Change change, const CommitInfo& info) {
  try {
    return commit_change(change, std::nullopt, info);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

absl::StatusOr<CommitResult> Registry::advance(time::Date day, const CommitInfo& info) {
  try {
    const Change nothing(*this);
    Plan plan(*core_, nothing);
    if (!info.source_version.empty()) {
      plan.content = content_digest(journal_->content_key(), day);
      const auto earlier = journal_->find_repeated(info.source_version, *plan.content);
      if (!earlier.ok()) return earlier.status();
      if (*earlier) return repeated(**earlier);
    }
    const std::optional<time::Date> current = snapshot().current_day();
    if (current && day < *current) {
      plan.problems.add(
          {.code = ProblemCode::kOutOfRange,
           .place = {},
           .value = day.to_string(),
           .reason = {"ngày hiện tại của sổ đã là " + current->to_string(),
                      "the registry's day is " + current->to_string() + " already"},
           .fix = {"xem một ngày đã qua bằng at(ngày)", "look at a day past with at(day)"}});
    }
    plan.current_day = day;
    return commit_plan(plan, info);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

Snapshot Registry::snapshot() const {
  return {core_, CommitNumber{core_->head.load(std::memory_order_acquire)}};
}

MemoryUse Registry::memory_use() const {
  MemoryUse use;
  use.hot_bytes =
      core_->units.memory_bytes() + core_->members.memory_bytes() + core_->commits.memory_bytes();
  if (core_->totals != nullptr) use.hot_bytes += core_->totals->memory_bytes();
  use.cold_bytes = core_->text.memory_bytes() + core_->key_text.memory_bytes();
  for (const auto& store : core_->tables) {
    use.hot_bytes += store->hot_bytes();
    use.cold_bytes += store->text_reference_bytes();
  }
  return use;
}

}  // namespace dangbo::inline v1::registry
