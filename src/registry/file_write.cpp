// A plan's rows in canonical form, on their way into the file.
#include <algorithm>
#include <utility>

#include "registry/file_problem.hpp"
#include "registry/journal.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

namespace {

// Column of a batch behind each field of a layout; null where the batch has none.
std::vector<const table::Column*> columns_of(const PreparedBatch& batch,
                                             const std::vector<StoredField>& fields) {
  std::vector<const table::Column*> columns;
  columns.reserve(fields.size());
  const auto& known = batch.store->schema().fields();
  std::size_t at = 0;  // a layout keeps the order of the fields
  for (const StoredField& field : fields) {
    while (known[at % known.size()].name != field.name) ++at;
    columns.push_back(batch.columns[at++ % known.size()]);
  }
  return columns;
}

void put_value(std::string& out, const table::Column& column, std::size_t row) {
  switch (column.type()) {
    case table::Type::kText:
      put_text(out, column.text(row));
      break;
    case table::Type::kCode:
      put_text(out, column.word(row));
      break;
    case table::Type::kDate:
      put_u32(out, static_cast<std::uint32_t>(column.date(row).code()));
      break;
    case table::Type::kInt:
      put_u64(out, static_cast<std::uint64_t>(column.integer(row)));
      break;
    case table::Type::kBool:
      put_u8(out, column.boolean(row) ? 1 : 0);
      break;
    case table::Type::kReal:
      break;
  }
}

// Presence bits, the first `reserved` of them unused, then the values. True when there is one.
bool put_values(std::string& out, const std::vector<const table::Column*>& columns,
                std::size_t reserved, std::size_t row) {
  const std::size_t bits_at = out.size();
  out.append((columns.size() + reserved + 7) / 8, '\0');
  bool any = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == nullptr || columns[i]->is_missing(row)) continue;
    set_bit(out, bits_at, i + reserved);
    put_value(out, *columns[i], row);
    any = true;
  }
  return any;
}

// Bits of the fields that a correction sets.
void put_set_bits(std::string& out, const std::vector<const table::Column*>& columns,
                  std::size_t reserved) {
  const std::size_t bits_at = out.size();
  out.append((columns.size() + reserved + 7) / 8, '\0');
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] != nullptr) set_bit(out, bits_at, i + reserved);
  }
}

}  // namespace

// Writes one commit: rows into bodies, bodies into the file, and the digest beside them.
class CommitWriter {
 public:
  CommitWriter(Journal& journal, const Plan& plan) : journal_(journal), plan_(plan) {}

  absl::Status write(const CommitInfo& info) {
    FileHead head = journal_.file_->head();
    std::vector<std::uint32_t> batch_layouts;
    for (const PreparedBatch& batch : plan_.batches) {
      auto layout = journal_.layout_for(batch.store->schema(), head);
      if (!layout.ok()) return layout.status();
      batch_layouts.push_back(*layout);
    }
    std::vector<std::uint32_t> withdrawn_layouts;
    for (const Plan::Withdrawal& withdrawal : plan_.withdrawals) {
      auto layout = journal_.layout_for(withdrawal.store->schema(), head);
      if (!layout.ok()) return layout.status();
      withdrawn_layouts.push_back(*layout);
    }
    commit_.header = {
        .number = plan_.head + 1,
        .time = info.time,
        .kind = CommitKind::kRows,
        .synthetic = plan_.change.is_synthetic(),
        .current_day = plan_.current_day ? std::optional(plan_.current_day->days()) : std::nullopt,
        .source_version = info.source_version};
    commit_.content = plan_.content;
    journal_.hasher_.start(head.digest, head.layout_digest, commit_.header);
    begin_body();
    for (std::size_t i = 0; i < plan_.batches.size(); ++i) {
      if (absl::Status status = add_batch(plan_.batches[i], batch_layouts[i]); !status.ok())
        return status;
    }
    for (std::size_t i = 0; i < plan_.withdrawals.size(); ++i) {
      absl::Status status = add_withdrawal(plan_.withdrawals[i], withdrawn_layouts[i]);
      if (!status.ok()) return status;
    }
    return finish(head);
  }

 private:
  void begin_body() {
    body_.clear();
    put_u8(body_, kBodyFormat);
    put_u8(body_, static_cast<std::uint8_t>(SaltMode::kSecret));
    body_.append(secret_.size(), '\0');  // the secret, once a personal value asks for it
    empty_bytes_ = body_.size();
    personal_rows_ = 0;
    rows_at_ = 0;
  }

  void make_secret() {
    secret_ = random_salt();
    body_.replace(2, secret_.size(), bytes_of(secret_));
  }

  void begin_section(std::uint32_t layout, RowOperation operation) {
    put_varint(body_, layout);
    put_u8(body_, static_cast<std::uint8_t>(operation));
    rows_at_ = body_.size();
    put_u32(body_, 0);
    section_rows_ = 0;
  }

  // After each row: goes on in a new body when this one is full.
  absl::Status end_row(std::uint32_t layout, RowOperation operation, bool is_last) {
    set_u32(body_, rows_at_, ++section_rows_);
    if (body_.size() < kPartBytes || is_last) return absl::OkStatus();
    if (absl::Status status = flush_part(); !status.ok()) return status;
    begin_section(layout, operation);
    return absl::OkStatus();
  }

  absl::Status flush_part() {
    absl::Status status =
        journal_.file_->add_part(commit_.header.number, ++commit_.parts, finished_body());
    begin_body();
    return status;
  }

  // A body without a personal value needs no secret.
  std::string_view finished_body() {
    if (personal_rows_ == 0) {
      body_[1] = static_cast<char>(SaltMode::kNone);
      body_.erase(2, secret_.size());
    }
    return body_;
  }

  absl::Status add_batch(const PreparedBatch& batch, std::uint32_t number) {
    const std::size_t rows = batch.row_count();
    if (rows == 0) return absl::OkStatus();
    const Layout& layout = *journal_.layouts_[number - 1];
    const auto structural = columns_of(batch, layout.structural);
    const auto personal = columns_of(batch, layout.personal);
    const RowOperation operation =
        batch.replaces.empty() ? RowOperation::kAdd : RowOperation::kReplace;
    std::string set;
    if (operation == RowOperation::kReplace) {
      put_set_bits(set, structural, 0);
      if (!personal.empty()) put_set_bits(set, personal, 1);
    }
    CommitHasher& hasher = journal_.hasher_;
    begin_section(number, operation);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint32_t target = batch.replaces.empty() ? 0 : batch.replaces[row];
      if (operation == RowOperation::kReplace) put_u32(body_, target);
      const std::size_t begin = body_.size();
      body_.append(set);
      put_values(body_, structural, 0, row);
      const std::size_t middle = body_.size();
      const bool has_personal = !personal.empty() && put_values(body_, personal, 1, row);
      const std::string_view bytes = body_;
      if (has_personal) {
        if (personal_rows_ == 0) make_secret();
        const Salt salt = hasher.derive_salt(secret_, personal_rows_++);
        hasher.add_row(number, operation, target, bytes.substr(begin, middle - begin),
                       hasher.personal_digest(salt, bytes.substr(middle)));
      } else {
        hasher.add_row(number, operation, target, bytes.substr(begin, middle - begin));
      }
      if (absl::Status status = end_row(number, operation, row + 1 == rows); !status.ok())
        return status;
    }
    return absl::OkStatus();
  }

  absl::Status add_withdrawal(const Plan::Withdrawal& withdrawal, std::uint32_t number) {
    if (withdrawal.rows.empty()) return absl::OkStatus();
    begin_section(number, RowOperation::kWithdraw);
    for (std::size_t i = 0; i < withdrawal.rows.size(); ++i) {
      put_u32(body_, withdrawal.rows[i]);
      journal_.hasher_.add_row(number, RowOperation::kWithdraw, withdrawal.rows[i], {});
      absl::Status status =
          end_row(number, RowOperation::kWithdraw, i + 1 == withdrawal.rows.size());
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status finish(FileHead& head) {
    if (commit_.parts != 0) {
      if (absl::Status status = flush_part(); !status.ok()) return status;
    } else if (body_.size() != empty_bytes_) {
      commit_.body = finished_body();
    }
    commit_.digest = journal_.hasher_.finish();
    if (absl::Status status = journal_.file_->add_commit(commit_); !status.ok()) return status;
    head.commits = commit_.header.number;
    head.digest = commit_.digest;
    return journal_.file_->publish(head);
  }

  Journal& journal_;
  const Plan& plan_;
  StoredCommit commit_;
  std::string body_;
  std::size_t empty_bytes_ = 0;  // size of a body without sections
  Salt secret_{};
  std::uint64_t personal_rows_ = 0;  // of this body
  std::size_t rows_at_ = 0;          // where the section's number of rows stands
  std::uint32_t section_rows_ = 0;
};

absl::Status Journal::write(const Plan& plan, const CommitInfo& info) {
  make_room_for(info.source_version);
  if (file_ != nullptr) {
    if (absl::Status status = file_->begin(); !status.ok()) return status;
    Attempt attempt(*this);
    if (absl::Status status = CommitWriter(*this, plan).write(info); !status.ok()) return status;
    attempt.succeeded();
  }
  keep(plan.head + 1, plan.content);
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::registry
