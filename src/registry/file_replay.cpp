#include "registry/file_replay.hpp"

#include <absl/container/flat_hash_map.h>

#include <utility>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/base/text.hpp"
#include "registry/file_problem.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;
using table::Field;
using table::Type;

bool is_date_code(std::int64_t code) noexcept {
  static const std::int32_t first = time::Date::from_ymd(1400, 1, 1)->days();
  static const std::int32_t last = time::Date::from_ymd(9999, 12, 31)->days();
  const std::int64_t days = code >> 2;
  return (code & 3) != 3 && days >= first && days <= last;
}

// Where the values of one stored field go.
struct Target {
  std::size_t field = 0;
  const Field* description = nullptr;
  std::shared_ptr<const table::Words> words;  // of a closed vocabulary
  absl::flat_hash_map<absl::string_view, std::int32_t> codes;
};

struct LayoutTarget {
  TableStore* store = nullptr;
  std::vector<Target> structural;
  std::vector<Target> personal;
};

// A column as it grows; rows without a value are made up for when the next one comes.
class Growing {
 public:
  explicit Growing(const Target& target) : target_(target) {}

  // There is a column, be it all missing.
  void begin() {
    if (!column_) column_.emplace(target_.description->name, target_.description->type);
  }

  // False for a value that the field cannot hold.
  bool append(std::size_t row, const StoredValue& value) {
    begin();
    while (column_->size() < row) column_->append_missing();
    switch (target_.description->type) {
      case Type::kText:
        if (value.text.size() > TextHeap::kMaxText || base::first_bad_utf8(value.text))
          return false;
        column_->append_text(value.text);
        return true;
      case Type::kCode:
        return append_word(value.text);
      case Type::kDate:
        if (!is_date_code(value.integer)) return false;
        column_->append_date(
            time::PartialDate::from_code(static_cast<std::int32_t>(value.integer)));
        return true;
      case Type::kInt:
        column_->append_integer(value.integer);
        return true;
      case Type::kBool:
        column_->append_boolean(value.integer != 0);
        return true;
      case Type::kReal:
        break;
    }
    return false;
  }

  // A closed vocabulary does not have the word.
  [[nodiscard]] bool met_unknown_word() const noexcept { return met_unknown_word_; }

  std::optional<table::Column> take(std::size_t rows) {
    if (!column_) return std::nullopt;
    while (column_->size() < rows) column_->append_missing();
    if (target_.description->type == Type::kCode) {
      column_->set_words(target_.words != nullptr
                             ? target_.words
                             : std::make_shared<const table::Words>(std::move(own_words_)));
    }
    return std::move(column_);
  }

 private:
  bool append_word(std::string_view word) {
    const table::Words& words = target_.words != nullptr ? *target_.words : own_words_;
    if (last_ < 0 || words[static_cast<std::size_t>(last_)] != word) {
      if (!find_word(word)) return false;
    }
    column_->append_code(last_);
    return true;
  }

  bool find_word(std::string_view word) {
    if (target_.words != nullptr) {
      const auto found = target_.codes.find(base::to_absl(word));
      met_unknown_word_ = found == target_.codes.end();
      if (met_unknown_word_) return false;
      last_ = found->second;
      return true;
    }
    if (word.size() > TextHeap::kMaxText || base::first_bad_utf8(word)) return false;
    base::make_room(own_codes_);
    const auto [entry, is_new] =
        own_codes_.try_emplace(std::string(word), static_cast<std::int32_t>(own_words_.size()));
    if (is_new) own_words_.emplace_back(word);
    last_ = entry->second;
    return true;
  }

  const Target& target_;
  std::optional<table::Column> column_;
  std::int32_t last_ = -1;
  bool met_unknown_word_ = false;
  table::Words own_words_;
  absl::flat_hash_map<std::string, std::int32_t> own_codes_;
};

class Replay {
 public:
  Replay(Registry& registry, Core& core, Journal& journal)
      : registry_(registry), core_(core), journal_(journal), path_(journal.file()->path()) {}

  absl::Status run() {
    RegistryFile& file = *journal_.file();
    absl::Status status =
        file.read_layouts([&](const StoredLayout& layout) { return take_layout(layout); });
    if (!status.ok()) return status;
    return file.read_commits([&](const StoredCommit& commit) { return take_commit(commit); });
  }

 private:
  struct Rows {
    RowNumbers replaces;
    bool is_replacement = false;
  };

  absl::Status take_layout(const StoredLayout& stored) {
    if (absl::Status status = journal_.take_layout(stored); !status.ok()) return status;
    const Layout& layout = *journal_.layouts().back();
    if (layout.of_host) {
      std::shared_ptr<const table::Schema> schema = parse_schema(stored.form);
      if (schema == nullptr)
        return damaged("khai báo bảng " + layout.table, "table " + layout.table);
      if (absl::Status status = registry_.declare(std::move(schema)); !status.ok()) return status;
    }
    LayoutTarget target{.store = core_.find_table(layout.table), .structural = {}, .personal = {}};
    if (target.store == nullptr) return newer(layout.table);
    if (absl::Status status = find_fields(target, layout.structural, target.structural);
        !status.ok()) {
      return status;
    }
    if (absl::Status status = find_fields(target, layout.personal, target.personal); !status.ok())
      return status;
    targets_.push_back(std::move(target));
    return absl::OkStatus();
  }

  absl::Status find_fields(const LayoutTarget& at, const std::vector<StoredField>& fields,
                           std::vector<Target>& targets) {
    const table::Schema& schema = at.store->schema();
    for (const StoredField& stored : fields) {
      const auto field = schema.find(stored.name);
      if (!field || schema.fields()[*field].type != stored.type)
        return newer(schema.name() + "." + stored.name);
      Target target{
          .field = *field, .description = &schema.fields()[*field], .words = {}, .codes = {}};
      if (target.description->codes != nullptr) {
        target.words = target.description->codes->ids();
        for (std::size_t code = 0; code < target.words->size(); ++code) {
          base::make_room(target.codes);
          target.codes.try_emplace(base::to_absl((*target.words)[code]),
                                   static_cast<std::int32_t>(code));
        }
      }
      targets.push_back(std::move(target));
    }
    return absl::OkStatus();
  }

  absl::Status take_commit(const StoredCommit& commit) {
    number_ = commit.header.number;
    Change change(registry_);
    rows_.clear();
    withdrawals_.clear();
    if (commit.header.kind == CommitKind::kRows) {
      absl::Status status = journal_.file()->read_bodies(
          commit, [&](std::uint32_t, std::string_view body) { return take_body(body, change); });
      if (!status.ok()) return status;
    }
    if (commit.header.synthetic) change.mark_synthetic();
    journal_.take_commit(commit);
    return append_commit(change, commit.header);
  }

  absl::Status take_body(std::string_view body, Change& change) {
    BodyReader reader(body, journal_.layouts());
    BodySection section;
    while (reader.next_section(section)) {
      const LayoutTarget& target = targets_[section.layout - 1];
      if (std::uint64_t{section.rows} + target.store->row_count() >= 0xFFFFFFF0ULL)
        return damaged();
      absl::Status status = section.operation == RowOperation::kWithdraw
                                ? take_withdrawals(reader, target)
                                : take_rows(reader, section, target, change);
      if (!status.ok()) return status;
    }
    return reader.damaged() ? damaged() : absl::OkStatus();
  }

  absl::Status take_withdrawals(BodyReader& reader, const LayoutTarget& target) {
    Plan::Withdrawal withdrawal{.store = target.store, .rows = {}};
    BodyRow row;
    while (reader.next_row(row)) {
      if (row.target >= target.store->row_count()) return damaged();
      withdrawal.rows.push_back(row.target);
    }
    withdrawals_.push_back(std::move(withdrawal));
    return absl::OkStatus();
  }

  absl::Status take_rows(BodyReader& reader, const BodySection& section, const LayoutTarget& target,
                         Change& change) {
    std::vector<Growing> structural(target.structural.begin(), target.structural.end());
    std::vector<Growing> personal(target.personal.begin(), target.personal.end());
    Rows rows{.replaces = {}, .is_replacement = section.operation == RowOperation::kReplace};
    std::size_t count = 0;
    const Growing* refused = nullptr;
    std::string_view set;
    BodyRow row;
    while (reader.next_row(row, [&](bool is_personal, std::size_t i, const StoredValue& value) {
      Growing& column = is_personal ? personal[i] : structural[i];
      if (refused == nullptr && !column.append(count, value)) refused = &column;
    })) {
      if (rows.is_replacement) {
        if (count == 0) set = row.set;
        if (row.target >= target.store->row_count() || row.set != set) return damaged();
        rows.replaces.push_back(row.target);
      }
      ++count;
    }
    if (refused != nullptr) {
      return refused->met_unknown_word() ? newer(target.store->schema().name()) : damaged();
    }
    if (!set.empty()) begin_columns(set, structural, personal);
    std::vector<table::Column> columns;
    const auto take_all = [&](std::vector<Growing>& growing) {
      for (Growing& one : growing) {
        if (auto column = one.take(count)) columns.push_back(std::move(*column));
      }
    };
    take_all(structural);
    take_all(personal);
    // A table without columns has no rows: a row without any value still counts.
    if (columns.empty() && count != 0 && !rows.is_replacement) {
      const Field& field = target.store->schema().fields().front();
      table::Column nothing(field.name, field.type);
      while (nothing.size() < count) nothing.append_missing();
      columns.push_back(std::move(nothing));
    }
    change.add_batch({.schema = target.store->shared_schema(),
                      .rows = table::Table(target.store->schema().name(), std::move(columns)),
                      .source = path_,
                      .first_row = 1,
                      .headers = {}});
    rows_.push_back(std::move(rows));
    return absl::OkStatus();
  }

  // A correction may set a field to missing in all its rows.
  static void begin_columns(std::string_view set, std::vector<Growing>& structural,
                            std::vector<Growing>& personal) {
    for (std::size_t i = 0; i < structural.size(); ++i) {
      if (bit_of(set, i)) structural[i].begin();
    }
    const std::string_view personal_bits = set.substr((structural.size() + 7) / 8);
    for (std::size_t i = 0; i < personal.size(); ++i) {
      if (bit_of(personal_bits, i + 1)) personal[i].begin();
    }
  }

  absl::Status append_commit(const Change& change, const CommitHeader& header) {
    Plan plan(core_, change);
    for (std::size_t i = 0; i < change.batches().size(); ++i) {
      prepare(plan.batches.emplace_back(), core_, change.batches()[i]);
      plan.batches.back().replaces = std::move(rows_[i].replaces);
    }
    for (PreparedBatch& batch : plan.batches) collect_new_keys(plan, batch);
    for (PreparedBatch& batch : plan.batches) resolve_references(plan, batch);
    if (!plan.problems.empty()) return damaged();
    plan.withdrawals = std::move(withdrawals_);
    if (header.current_day) plan.current_day = time::Date::from_days(*header.current_day);
    const CommitInfo info{.time = header.time,
                          .source_version = std::string(header.source_version)};
    reserve_for(core_, plan, info);
    append(core_, plan, info, false);
    return absl::OkStatus();
  }

  [[nodiscard]] absl::Status newer(const std::string& what) const {
    return file_status(ProblemCode::kFileNewer, path_, what);
  }
  [[nodiscard]] absl::Status damaged(const std::string& vi, const std::string& en) const {
    return damaged_status(path_, {vi, en});
  }
  [[nodiscard]] absl::Status damaged() const {
    const std::string number = std::to_string(number_);
    return damaged("lần ghi " + number, "commit " + number);
  }

  Registry& registry_;
  Core& core_;
  Journal& journal_;
  const std::string& path_;
  std::vector<LayoutTarget> targets_;
  std::uint32_t number_ = 0;
  std::vector<Rows> rows_;  // beside the batches of the change
  std::vector<Plan::Withdrawal> withdrawals_;
};

}  // namespace

absl::Status replay(Registry& registry, Core& core, Journal& journal) {
  return Replay(registry, core, journal).run();
}

}  // namespace dangbo::inline v1::registry
