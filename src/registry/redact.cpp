// Taking a person's values out of a registry.
#include <algorithm>
#include <new>
#include <utility>

#include "registry/beside.hpp"
#include "registry/core.hpp"
#include "registry/file_bytes.hpp"
#include "registry/file_problem.hpp"
#include "registry/journal.hpp"
#include "registry/plan.hpp"
#include "registry/totals_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;

bool is_missing(const TableStore& store, std::size_t field, std::uint32_t row) noexcept {
  if (store.storage(field) == Storage::kLong) return store.wide(field, row) == kMissingLong;
  return store.raw(field, row) == store.missing(field);
}

// Rows about a member, and every other version of them: a corrected row shares the text it keeps.
std::vector<std::uint32_t> versions_about(const TableStore& store, std::uint32_t member) {
  std::vector<bool> chosen(store.row_count(), false);
  for (std::uint32_t row = store.newest(Chain::kMember, member); row != kMissingWord;
       row = store.previous(Chain::kMember, row)) {
    for (std::uint32_t version = row; version != kMissingWord && !chosen[version];
         version = store.previous(Chain::kVersion, version)) {
      chosen[version] = true;
    }
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < store.row_count(); ++row) {
    const std::uint32_t corrected = store.previous(Chain::kVersion, row);
    if (corrected != kMissingWord && chosen[corrected]) chosen[row] = true;
    if (chosen[row]) rows.push_back(row);
  }
  return rows;
}

// Personal fields of a table, those named; all when none is.
std::vector<std::size_t> fields_to_erase(const table::Schema& schema,
                                         const std::vector<std::string>& names) {
  std::vector<std::size_t> fields;
  for (std::size_t field = 0; field < schema.fields().size(); ++field) {
    if (!is_personal(schema, field)) continue;
    if (names.empty() ||
        std::find(names.begin(), names.end(), schema.fields()[field].name) != names.end()) {
      fields.push_back(field);
    }
  }
  return fields;
}

std::vector<ErasedRow> rows_to_erase(const Core& core, std::uint32_t member,
                                     const std::vector<std::string>& names) {
  std::vector<ErasedRow> erased;
  for (const auto& store : core.tables) {
    const std::vector<std::size_t> fields = fields_to_erase(store->schema(), names);
    if (fields.empty()) continue;
    for (const std::uint32_t row : versions_about(*store, member)) {
      ErasedRow one{.store = store.get(), .row = row, .fields = {}};
      for (const std::size_t field : fields) {
        if (!is_missing(*store, field, row)) one.fields.push_back(field);
      }
      if (!one.fields.empty()) erased.push_back(std::move(one));
    }
  }
  std::sort(erased.begin(), erased.end(), [](const ErasedRow& a, const ErasedRow& b) {
    return a.store == b.store ? a.row < b.row : std::less<TableStore*>()(a.store, b.store);
  });
  return erased;
}

// Words that only the erased rows used go too.
void erase_word(TableStore& store, std::size_t field, std::uint32_t code) noexcept {
  for (std::uint32_t row = 0; row < store.row_count(); ++row) {
    if (store.raw(field, row) == code) return;
  }
  store.words(field)->erase(code);
}

void erase_values(Core& core, const std::vector<ErasedRow>& rows) noexcept {
  forget_beside(core);  // nobody reads: there is no snapshot
  for (const ErasedRow& erased : rows) {
    TableStore& store = *erased.store;
    for (const std::size_t field : erased.fields) {
      const table::Field& description = store.schema().fields()[field];
      if (description.type == table::Type::kInt) {
        store.fill(field, erased.row, 1, [](std::uint32_t) { return kMissingLong; });
        continue;
      }
      const std::uint32_t value = store.raw(field, erased.row);
      store.set_missing(field, erased.row);
      if (is_plain_text(description)) core.text.erase(value);
      if (store.words(field) != nullptr) erase_word(store, field, value);
    }
  }
}

absl::Status unknown_member(std::string_view member) {
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      {.code = ProblemCode::kUnknownMember,
       .place = {},
       .value = std::string(member),
       .reason = {"không có đảng viên nào mang mã này", "no member has this key"},
       .fix = {"kiểm tra mã", "check the key"}});
}

// Every name must be a personal field of some table.
base::ProblemList check_fields(const Core& core, const std::vector<std::string>& names) {
  base::ProblemList problems;
  for (const std::string& name : names) {
    const bool known = std::any_of(core.tables.begin(), core.tables.end(), [&](const auto& store) {
      return !fields_to_erase(store->schema(), {name}).empty();
    });
    if (known) continue;
    problems.add({.code = ProblemCode::kUnknownColumn,
                  .place = {.file = "", .row = 0, .column = name},
                  .value = name,
                  .reason = {"không có cột dữ liệu cá nhân nào tên như vậy",
                             "no field of personal data has this name"},
                  .fix = {"khoá, ngày và quan hệ không xoá được; dùng tên cột khác",
                          "keys, dates and relations cannot be erased; name another field"}});
  }
  return problems;
}

base::Digest content_of(const Salt& key, std::string_view member,
                        const std::vector<std::string>& fields) {
  std::string bytes(bytes_of(key));
  put_text(bytes, "redact");
  put_text(bytes, member);
  for (const std::string& field : fields) put_text(bytes, field);
  return base::digest_of(bytes);
}

}  // namespace

absl::StatusOr<RedactResult> Registry::redact(std::string_view member,
                                              const std::vector<std::string>& fields,
                                              const CommitInfo& info) {
  try {
    const std::string path = journal_->file() == nullptr ? "" : journal_->file()->path();
    if (core_.use_count() != 1 || core_->base != nullptr)
      return file_status(ProblemCode::kInUse, path);
    const auto slot = core_->members.find(member);
    if (!slot) return unknown_member(member);
    if (const base::ProblemList problems = check_fields(*core_, fields); !problems.empty())
      return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
    const Change nothing(*this);
    Plan plan(*core_, nothing);
    if (!info.source_version.empty()) {
      plan.content = content_of(journal_->content_key(), member, fields);
      const auto earlier = journal_->find_repeated(info.source_version, *plan.content);
      if (!earlier.ok()) return earlier.status();
      if (*earlier)
        return RedactResult{.number = **earlier, .rows = {}, .values = 0, .repeated = true};
    }
    check_info(plan, info);
    if (!plan.problems.empty())
      return base::problem_status(absl::StatusCode::kInvalidArgument, plan.problems);
    const std::vector<ErasedRow> rows = rows_to_erase(*core_, *slot, fields);
    RedactResult result{
        .number = CommitNumber{plan.head + 1}, .rows = {}, .values = 0, .repeated = false};
    for (const auto& store : core_->tables) {
      std::uint64_t count = 0;
      for (const ErasedRow& row : rows) {
        if (row.store != store.get()) continue;
        ++count;
        result.values += row.fields.size();
      }
      if (count != 0) result.rows.emplace_back(store->schema().name(), count);
    }
    core_->totals->expect_erasure();
    reserve_for(*core_, plan, info);
    absl::Status status = journal_->write_erasure(plan, member, fields, rows, info);
    if (!status.ok()) return status;
    erase_values(*core_, rows);
    append(*core_, plan, info, false);
    core_->totals->follow_erasure();
    return result;
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory; nothing was erased");
  }
}

}  // namespace dangbo::inline v1::registry
