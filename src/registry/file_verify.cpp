// A file against its own digests.
#include <absl/container/flat_hash_map.h>

#include <new>
#include <utility>

#include "dangbo/base/make_room.hpp"
#include "dangbo/registry/file.hpp"
#include "registry/file_body.hpp"
#include "registry/file_erasure.hpp"
#include "registry/file_problem.hpp"
#include "registry/file_store.hpp"

namespace dangbo::inline v1::registry {

namespace {

class Verifier {
 public:
  explicit Verifier(RegistryFile& file)
      : file_(file), chain_(first_digest(file.head().single_root)) {
    layout_chain_ = chain_;
  }

  absl::Status run() {
    absl::Status status =
        file_.read_layouts([&](const StoredLayout& layout) { return take_layout(layout); });
    if (!status.ok()) return status;
    status = file_.read_commits([&](const StoredCommit& commit) { return take_commit(commit); });
    return status.ok() ? compare_erased() : status;
  }

  [[nodiscard]] table::Table report() const {
    std::vector<table::Column> columns;
    const auto add = [&columns](const char* name, std::uint64_t value) {
      columns.emplace_back(name, table::Type::kInt);
      columns.back().append_integer(static_cast<std::int64_t>(value));
    };
    add("commits", file_.head().commits);
    add("rows", rows_);
    add("redactions", redactions_);
    add("erased_rows", erased_.size());
    columns.emplace_back("head", table::Type::kText);
    columns.back().append_text(base::to_hex(chain_));
    return {"verified", std::move(columns)};
  }

 private:
  using RowKey = std::pair<std::uint32_t, std::uint32_t>;  // table, row

  absl::Status take_layout(const StoredLayout& stored) {
    std::unique_ptr<const Layout> layout = parse_layout(stored.form);
    if (layout == nullptr) return broken("khai báo bảng", "a declaration", stored.number);
    tables_.push_back(table_number(layout->table));
    layouts_.push_back(std::move(layout));
    layout_chain_ = layout_digest(layout_chain_, stored.number, stored.after_commit, stored.form);
    declared_.emplace_back(stored.after_commit, layout_chain_);
    return absl::OkStatus();
  }

  std::uint32_t table_number(const std::string& name) {
    for (std::size_t i = 0; i < layouts_.size(); ++i) {
      if (layouts_[i]->table == name) return tables_[i];
    }
    row_counts_.push_back(0);
    return static_cast<std::uint32_t>(row_counts_.size() - 1);
  }

  // Digest of the declarations that a commit could use.
  [[nodiscard]] base::Digest layouts_of(std::uint32_t commit) const {
    base::Digest digest = first_digest(file_.head().single_root);
    for (const auto& [after, chain] : declared_) {
      if (after < commit) digest = chain;
    }
    return digest;
  }

  absl::Status take_commit(const StoredCommit& commit) {
    const std::uint32_t number = commit.header.number;
    hasher_.start(chain_, layouts_of(number), commit.header);
    if (commit.header.kind == CommitKind::kRedaction) {
      ++redactions_;
      hasher_.add_record(commit.body);
      if (!take_record(commit.body)) return broken("lần ghi", "commit", number);
    } else {
      absl::Status status = file_.read_bodies(
          commit, [&](std::uint32_t, std::string_view body) { return take_body(body, number); });
      if (!status.ok()) return status;
    }
    chain_ = hasher_.finish();
    return chain_ == commit.digest ? absl::OkStatus() : broken("lần ghi", "commit", number);
  }

  absl::Status take_body(std::string_view body, std::uint32_t commit) {
    BodyReader reader(body, layouts_);
    BodySection section;
    BodyRow row;
    while (reader.next_section(section)) {
      const std::uint32_t table = tables_[section.layout - 1];
      while (reader.next_row(row)) {
        ++rows_;
        hash_row(hasher_, reader, section, row);
        if (section.operation == RowOperation::kWithdraw) continue;
        const std::uint32_t number = row_counts_[table]++;
        if (row.erased.empty()) continue;
        base::make_room(erased_);
        erased_[{table, number}] = {commit, remainder_digest(hasher_, reader, row)};
      }
    }
    return reader.damaged() ? broken("lần ghi", "commit", commit) : absl::OkStatus();
  }

  bool take_record(std::string_view bytes) {
    return read_erasure_record(bytes, [&](const ErasureRecordRow& row) {
      base::make_room(recorded_);
      recorded_[{table_number(std::string(row.table)), row.row}] = row.remainder;
    });
  }

  // What is gone must have been taken by a redaction, and what is left must be what that left.
  absl::Status compare_erased() {
    for (const auto& [row, left] : erased_) {
      const auto record = recorded_.find(row);
      if (record == recorded_.end() || record->second != left.second)
        return broken("lần ghi", "commit", left.first);
    }
    if (erased_.size() == recorded_.size()) return absl::OkStatus();
    return damaged_status(file_.path(),
                          {"dữ liệu đã xoá lại xuất hiện", "data that was erased is there again"});
  }

  [[nodiscard]] absl::Status broken(const std::string& vi, const std::string& en,
                                    std::uint32_t number) const {
    return damaged_status(file_.path(),
                          {vi + " " + std::to_string(number), en + " " + std::to_string(number)});
  }

  RegistryFile& file_;
  Layouts layouts_;
  std::vector<std::uint32_t> tables_;      // of a layout
  std::vector<std::uint32_t> row_counts_;  // of a table
  std::vector<std::pair<std::uint32_t, base::Digest>> declared_;
  base::Digest chain_;
  base::Digest layout_chain_;
  CommitHasher hasher_;
  std::uint64_t rows_ = 0;
  std::uint64_t redactions_ = 0;
  absl::flat_hash_map<RowKey, std::pair<std::uint32_t, base::Digest>> erased_;
  absl::flat_hash_map<RowKey, base::Digest> recorded_;
};

}  // namespace

absl::StatusOr<table::Table> verify_file(const std::string& path) {
  try {
    auto file = RegistryFile::open(path, OpenMode::kRead, {});
    if (!file.ok()) return file.status();
    Verifier verifier(**file);
    if (absl::Status status = verifier.run(); !status.ok()) return status;
    return verifier.report();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("not enough memory to verify the file");
  }
}

}  // namespace dangbo::inline v1::registry
