// An erasure in the file.
#include <algorithm>
#include <utility>

#include "registry/file_erasure.hpp"
#include "registry/file_problem.hpp"
#include "registry/journal.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

class Eraser {
 public:
  Eraser(Journal& journal, const Plan& plan, const std::vector<ErasedRow>& rows)
      : journal_(journal), plan_(plan), rows_(rows) {}

  absl::Status run(std::string_view member, const std::vector<std::string>& fields,
                   const CommitInfo& info) {
    name_fields();
    for (const std::uint32_t commit : touched_commits(rows_)) {
      if (absl::Status status = rewrite(commit); !status.ok()) return status;
    }
    FileHead head = journal_.file_->head();
    const std::string record = erasure_record(member, fields, record_);
    const StoredCommit commit{.header = {.number = plan_.head + 1,
                                         .time = info.time,
                                         .kind = CommitKind::kRedaction,
                                         .synthetic = false,
                                         .current_day = std::nullopt,
                                         .source_version = info.source_version},
                              .content = plan_.content,
                              .parts = 0,
                              .body = record,
                              .digest = digest_of(head, record, info)};
    if (absl::Status status = journal_.file_->add_commit(commit); !status.ok()) return status;
    head.commits = commit.header.number;
    head.digest = commit.digest;
    return journal_.file_->publish(head);
  }

  // Commits whose change brought or named one of the rows.
  static std::vector<std::uint32_t> touched_commits(const std::vector<ErasedRow>& rows) {
    std::vector<std::uint32_t> commits;
    for (const ErasedRow& row : rows) {
      commits.push_back(row.store->recorded_at(row.row));
      if (const std::uint32_t end = row.store->superseded_at(row.row); end != 0)
        commits.push_back(end);
    }
    std::sort(commits.begin(), commits.end());
    commits.erase(std::unique(commits.begin(), commits.end()), commits.end());
    return commits;
  }

 private:
  // A commit as it stands, copied: the statement that reads it must end before it is written.
  struct Copy {
    StoredCommit commit;
    std::string source_version;
    std::vector<std::pair<std::uint32_t, std::string>> bodies;  // part (0 = inline), bytes
  };

  void name_fields() {
    for (const ErasedRow& row : rows_) {
      std::vector<std::string> names;
      for (const std::size_t field : row.fields)
        names.push_back(row.store->schema().fields()[field].name);
      names_.push_back(std::move(names));
    }
  }

  base::Digest digest_of(const FileHead& head, std::string_view record, const CommitInfo& info) {
    CommitHeader header{.number = plan_.head + 1,
                        .time = info.time,
                        .kind = CommitKind::kRedaction,
                        .synthetic = false,
                        .current_day = std::nullopt,
                        .source_version = info.source_version};
    journal_.hasher_.start(head.digest, head.layout_digest, header);
    journal_.hasher_.add_record(record);
    return journal_.hasher_.finish();
  }

  absl::Status rewrite(std::uint32_t number) {
    RegistryFile& file = *journal_.file_;
    next_row_.clear();
    Copy copy;
    absl::Status status = file.read_commit(number, [&](const StoredCommit& commit) {
      copy.commit = commit;
      copy.source_version = commit.header.source_version;
      if (commit.header.kind != CommitKind::kRows) return absl::OkStatus();
      return file.read_bodies(commit, [&](std::uint32_t part, std::string_view body) {
        return take_body(number, part, body, copy);
      });
    });
    if (!status.ok()) return status;
    copy.commit.header.source_version = copy.source_version;
    copy.commit.content.reset();
    copy.commit.body = {};
    for (const auto& [part, bytes] : copy.bodies) {
      if (part == 0) copy.commit.body = bytes;
      status = part == 0 ? absl::OkStatus() : file.add_part(number, part, bytes);
      if (!status.ok()) return status;
    }
    return file.add_commit(copy.commit);
  }

  // Keeps the body when it changes, and the inline one always.
  absl::Status take_body(std::uint32_t commit, std::uint32_t part, std::string_view body,
                         Copy& copy) {
    const std::size_t before = record_.size();
    std::vector<std::size_t> asked;
    RewrittenBody rewritten =
        rewrite_body(body, journal_.layouts_, journal_.hasher_, [&](const BodySection& section) {
          const auto at = row_at(journal_.layouts_[section.layout - 1]->table, commit);
          asked.push_back(at.value_or(rows_.size()));
          return at ? &names_[*at] : nullptr;
        });
    if (rewritten.damaged) {
      const std::string number = std::to_string(commit);
      return damaged_status(journal_.file_->path(), {"lần ghi " + number, "commit " + number});
    }
    for (std::size_t i = 0; i < rewritten.rows.size(); ++i) {
      const ErasedRow& row = rows_[asked[rewritten.rows[i]]];
      record_.push_back({.table = row.store->schema().name(),
                         .row = row.row,
                         .remainder = rewritten.remainders[i]});
    }
    if (record_.size() != before) {
      copy.bodies.emplace_back(part, std::move(rewritten.bytes));
    } else if (part == 0) {
      copy.bodies.emplace_back(part, std::string(body));
    }
    return absl::OkStatus();
  }

  // The next row of a table in a commit, as an index of rows_ when it is among those.
  std::optional<std::size_t> row_at(const std::string& table, std::uint32_t commit) {
    const TableStore* store = plan_.core.find_table(table);
    auto next = std::find_if(next_row_.begin(), next_row_.end(),
                             [&](const auto& entry) { return entry.first == store; });
    if (next == next_row_.end()) {
      next_row_.emplace_back(store, store->rows_at(commit - 1));
      next = next_row_.end() - 1;
    }
    const std::uint32_t row = next->second++;
    const auto found = std::lower_bound(
        rows_.begin(), rows_.end(), row, [store](const ErasedRow& entry, std::uint32_t wanted) {
          return entry.store == store ? entry.row < wanted
                                      : std::less<const TableStore*>()(entry.store, store);
        });
    const bool is_there = found != rows_.end() && found->store == store && found->row == row;
    return is_there ? std::optional(static_cast<std::size_t>(found - rows_.begin())) : std::nullopt;
  }

  Journal& journal_;
  const Plan& plan_;
  const std::vector<ErasedRow>& rows_;
  std::vector<std::vector<std::string>> names_;  // of the fields, beside rows_
  std::vector<ErasureRecordRow> record_;
  std::vector<std::pair<const TableStore*, std::uint32_t>> next_row_;
};

absl::Status Journal::write_erasure(const Plan& plan, std::string_view member,
                                    const std::vector<std::string>& fields,
                                    const std::vector<ErasedRow>& rows, const CommitInfo& info) {
  const std::vector<std::uint32_t> touched = Eraser::touched_commits(rows);
  make_room_for(info.source_version);
  if (file_ != nullptr) {
    if (absl::Status status = file_->begin(); !status.ok()) return status;
    Attempt attempt(*this);
    absl::Status status = Eraser(*this, plan, rows).run(member, fields, info);
    if (!status.ok()) return status;
    attempt.succeeded();
  }
  for (auto& [source_version, version] : versions_) {
    if (std::binary_search(touched.begin(), touched.end(), version.commit)) version.content.reset();
  }
  keep(plan.head + 1, plan.content);
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::registry
