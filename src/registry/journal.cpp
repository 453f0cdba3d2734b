#include "registry/journal.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/base/make_room.hpp"
#include "dangbo/party/schemas.hpp"
#include "registry/file_problem.hpp"

namespace dangbo::inline v1::registry {

namespace {

bool is_standard(std::string_view table) {
  for (const party::SchemaPtr& schema : party::standard_schemas()) {
    if (schema->name() == table) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::optional<CommitNumber>> Journal::find_repeated(
    const std::string& source_version, const base::Digest& content) const {
  const auto found = versions_.find(source_version);
  if (found == versions_.end()) return std::optional<CommitNumber>();
  if (found->second.content == content) return std::optional(CommitNumber{found->second.commit});
  const std::string commit = std::to_string(found->second.commit);
  return base::problem_status(
      absl::StatusCode::kInvalidArgument,
      {.code = base::ProblemCode::kConflict,
       .place = {},
       .value = source_version,
       .reason = {"source_version này đã dùng cho lần ghi " + commit + " với nội dung khác",
                  "this source_version stands for commit " + commit + ", which is not the same"},
       .fix = {
           "cho mỗi lần ghi một source_version riêng; muốn sửa thì ghi bản sửa",
           "give each commit a source_version of its own; to correct rows, commit corrections"}});
}

void Journal::attach(std::unique_ptr<RegistryFile> file) {
  file_ = std::move(file);
  content_key_ = file_->head().content_key;
  loading_ = true;
}

absl::Status Journal::end_loading() {
  loading_ = false;
  return file_->end_reading();
}

absl::Status Journal::take_layout(const StoredLayout& layout) {
  std::unique_ptr<const Layout> parsed = parse_layout(layout.form);
  if (parsed == nullptr) {
    const std::string at = std::to_string(layout.number);
    return damaged_status(file_->path(), {"khai báo bảng thứ " + at, "declaration " + at});
  }
  layouts_.push_back(std::move(parsed));
  return absl::OkStatus();
}

void Journal::take_commit(const StoredCommit& commit) {
  if (commit.header.source_version.empty()) return;
  make_room_for(std::string(commit.header.source_version));
  keep(commit.header.number, commit.content);
}

absl::StatusOr<std::uint32_t> Journal::layout_for(const table::Schema& schema, FileHead& head) {
  for (const Current& current : current_) {
    if (current.schema == &schema) return current.layout;
  }
  auto layout = std::make_unique<const Layout>(layout_of(schema, !is_standard(schema.name())));
  // The newest layout of the table, when it is still the table's.
  for (std::size_t i = layouts_.size(); i-- > 0;) {
    if (layouts_[i]->table != layout->table) continue;
    if (layouts_[i]->form != layout->form) break;
    current_.push_back({&schema, static_cast<std::uint32_t>(i + 1)});
    return current_.back().layout;
  }
  const StoredLayout stored{
      .number = head.layouts + 1, .after_commit = head.commits, .form = layout->form};
  const base::Digest digest =
      layout_digest(head.layout_digest, stored.number, stored.after_commit, stored.form);
  if (absl::Status status = file_->add_layout(stored, digest); !status.ok()) return status;
  layouts_.push_back(std::move(layout));
  current_.push_back({&schema, stored.number});
  head.layouts = stored.number;
  head.layout_digest = digest;
  return stored.number;
}

Journal::Attempt::~Attempt() {
  if (has_succeeded_) return;
  journal_.file_->rollback();
  std::erase_if(journal_.current_,
                [this](const Current& current) { return current.layout > layouts_before_; });
  journal_.layouts_.resize(layouts_before_);
}

absl::Status Journal::write_declaration(const table::Schema& schema, std::uint32_t after_commit) {
  if (file_ == nullptr || loading_) return absl::OkStatus();
  if (absl::Status status = file_->begin(); !status.ok()) return status;
  Attempt attempt(*this);
  FileHead head = file_->head();
  head.commits = after_commit;
  absl::Status status = layout_for(schema, head).status();
  if (status.ok()) status = file_->publish(head);
  if (status.ok()) attempt.succeeded();
  return status;
}

void Journal::make_room_for(const std::string& source_version) {
  pending_ = source_version;
  if (!pending_.empty()) base::make_room(versions_);
}

void Journal::keep(std::uint32_t commit, const std::optional<base::Digest>& content) noexcept {
  if (pending_.empty()) return;
  versions_.try_emplace(std::move(pending_), Version{.commit = commit, .content = content});
  pending_.clear();
}

}  // namespace dangbo::inline v1::registry
