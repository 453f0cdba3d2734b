// Which stored row each correction names.
#include <algorithm>
#include <charconv>

#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::Message;
using base::ProblemCode;
using table::Field;
using table::Type;

constexpr std::size_t kListed = 5;

// One correction of the change beside the rows it names.
class Correcting {
 public:
  Correcting(Plan& plan, const Change::Correction& correction)
      : plan_(plan), correction_(correction), store_(plan.core.find_table(*correction.schema)) {
    const auto row_id = correction.targets.find("row_id");
    if (row_id) numbers_ = &correction.targets.column(*row_id);
    if (numbers_ == nullptr) {
      prepare(target_, *store_, given(correction.targets, correction.target_headers));
      resolve_references(plan, target_);
    }
  }

  void run() {
    const std::size_t count = correction_.targets.row_count();
    const std::uint64_t problems = plan_.problems.total();
    check_subject();
    for (std::size_t row = 0; row < count; ++row) {
      const auto found = numbers_ != nullptr ? by_number(row) : by_fields(row);
      if (found && retire(*found, row)) rows_.push_back(*found);
    }
    // A correction that names no row is refused as a whole: its other rows need no further look.
    if (plan_.problems.total() != problems || rows_.empty()) return;
    if (correction_.withdraw) {
      plan_.withdrawals.push_back({store_, {rows_.begin(), rows_.end()}});
      return;
    }
    PreparedBatch& batch = plan_.batches.emplace_back();
    prepare(batch, *store_, given(correction_.values, correction_.headers));
    batch.replaces = std::move(rows_);
  }

 private:
  [[nodiscard]] GivenRows given(const table::Table& rows,
                                const std::vector<std::string>& headers) const noexcept {
    return {.table = &rows,
            .source = &correction_.source,
            .first_row = 1,
            .headers = &headers,
            .row_numbers = &correction_.row_numbers};
  }

  void refuse(std::size_t row, ProblemCode code, std::string value, Message reason, Message fix) {
    plan_.problems.add(
        {.code = code,
         .place = {.file = correction_.source, .row = correction_.row_number(row), .column = ""},
         .value = std::move(value),
         .reason = std::move(reason),
         .fix = std::move(fix)});
  }

  // A subject's key means nothing without its type.
  void check_subject() {
    const TableRoles& roles = store_->roles();
    const auto& fields = store_->schema().fields();
    if (!roles.subject || !correction_.values.find(fields[*roles.subject_type].name) ||
        correction_.values.find(fields[*roles.subject].name))
      return;
    refuse(0, ProblemCode::kMissingValue, "",
           {"đổi loại đối tượng mà không cho mã đối tượng",
            "the subject's type is set but not its key"},
           {"cho cả hai cột", "set both columns"});
  }

  std::optional<std::uint32_t> by_number(std::size_t row) {
    const std::uint32_t count = store_->rows_at(plan_.head);
    const bool missing = numbers_->is_missing(row);
    const std::int64_t number = missing ? -1 : numbers_->integer(row);
    if (number < 0 || number >= static_cast<std::int64_t>(count)) {
      refuse(row, ProblemCode::kUnknownRow, missing ? "" : std::to_string(number),
             {"bảng không có dòng mang số này", "the table has no row of this number"},
             {"dùng row_id do thư viện cho, hoặc chỉ dòng bằng khoá",
              "use a row_id that the library gave, or name the row by its key"});
      return std::nullopt;
    }
    const auto found = static_cast<std::uint32_t>(number);
    store_->prefetch(found);
    if (store_->is_known(found, plan_.head)) return found;
    const std::string commit = std::to_string(store_->superseded_at(found));
    refuse(row, ProblemCode::kConflict, std::to_string(number),
           {"dòng này đã được sửa hoặc bỏ ở lần ghi " + commit,
            "this row was corrected or withdrawn in commit " + commit},
           {"đọc lại dữ liệu mới nhất rồi sửa", "read the latest data and correct that"});
    return std::nullopt;
  }

  // Where the candidates begin, and the chain that leads to the others.
  std::optional<std::pair<Chain, std::uint32_t>> candidates(std::size_t row) {
    const TableRoles& roles = store_->roles();
    const auto given = [&](std::optional<std::size_t> field) {
      return field && !target_.is_missing(*field, row);
    };
    if (given(roles.member))
      return std::pair(Chain::kMember,
                       store_->newest(Chain::kMember, target_.raw(*roles.member, row)));
    if (given(roles.subject) && given(roles.subject_type)) {
      const bool unit = target_.raw(*roles.subject_type, row) == roles.subject_unit_code;
      const Chain chain = unit ? Chain::kUnit : Chain::kMember;
      return std::pair(chain, store_->newest(chain, target_.raw(*roles.subject, row)));
    }
    if (store_->has_key_chain()) {
      const auto& key = store_->schema().natural_key();
      const bool whole = std::all_of(key.begin(), key.end(), [&](std::size_t field) {
        return target_.columns[field] != nullptr;
      });
      const auto hash = whole ? natural_key_hash(target_, row) : std::nullopt;
      if (hash) return std::pair(Chain::kKey, store_->newest_of_key(*hash));
    }
    if (given(roles.unit) && store_->has_unit_chain())
      return std::pair(Chain::kUnit, store_->newest(Chain::kUnit, target_.raw(*roles.unit, row)));
    return std::nullopt;
  }

  [[nodiscard]] bool matches(std::size_t row, std::uint32_t stored) const {
    const auto& fields = store_->schema().fields();
    for (std::size_t field = 0; field < fields.size(); ++field) {
      if (target_.columns[field] == nullptr) continue;
      if (fields[field].type == Type::kInt) {
        if (target_.wide(field, row) != store_->wide(field, stored)) return false;
      } else if (fields[field].type == Type::kText && target_.numbers_of(field) == nullptr) {
        const std::uint32_t ref = store_->raw(field, stored);
        const bool missing = ref == kMissingWord;
        if (missing != target_.is_missing(field, row)) return false;
        if (!missing && store_->text().get(ref) != target_.text(field, row)) return false;
      } else if (target_.raw(field, row) != store_->raw(field, stored)) {
        return false;
      }
    }
    return true;
  }

  std::optional<std::uint32_t> by_fields(std::size_t row) {
    const std::uint64_t problems = plan_.problems.total();
    const auto begin = candidates(row);
    if (plan_.problems.total() != problems || has_unknown_reference(row)) return std::nullopt;
    if (!begin) {
      refuse(row, ProblemCode::kMissingValue, "",
             {"chưa chỉ rõ dòng nào: thiếu khoá của bảng",
              "it is not said which row: the table's key is missing"},
             {"ghi row_id, hoặc đủ các cột khoá của bảng",
              "give row_id, or all columns of the table's key"});
      return std::nullopt;
    }
    std::vector<std::uint32_t> found;
    for (std::uint32_t at = begin->second; at != kMissingWord;
         at = store_->previous(begin->first, at)) {
      if (store_->is_known(at, plan_.head) && matches(row, at)) found.push_back(at);
    }
    if (found.size() == 1) return found.front();
    std::string numbers;
    std::sort(found.begin(), found.end());
    for (std::size_t i = 0; i < found.size() && i < kListed; ++i)
      numbers += (i == 0 ? "" : ", ") + std::to_string(found[i]);
    if (found.size() > kListed) numbers += ", …";
    if (found.empty()) {
      refuse(row, ProblemCode::kUnknownRow, described(row),
             {"không có dòng nào như vậy đang đúng", "no row known now is like this"},
             {"kiểm tra khoá và các cột dùng để chỉ dòng",
              "check the key and the columns that name it"});
    } else {
      refuse(row, ProblemCode::kAmbiguousRow, described(row),
             {"có nhiều dòng như vậy: row_id " + numbers,
              "several rows are like this: row_id " + numbers},
             {"thêm cột (thường là «từ ngày») hoặc ghi row_id",
              "add a column, often `from`, or give row_id"});
    }
    return std::nullopt;
  }

  // A key that names nothing has been reported when it was resolved.
  [[nodiscard]] bool has_unknown_reference(std::size_t row) const {
    const auto& fields = store_->schema().fields();
    for (std::size_t field = 0; field < fields.size(); ++field) {
      const PreparedBatch::Numbers* numbers = target_.numbers_of(field);
      if (numbers == nullptr) continue;
      if (fields[field].role == table::Role::kNone) continue;
      // Without its type a subject was not looked up, and nothing reported.
      if (fields[field].role == table::Role::kSubject &&
          target_.is_missing(*store_->roles().subject_type, row))
        continue;
      if (!target_.is_missing(field, row) && numbers->of_rows[row] == kMissingWord) return true;
    }
    return false;
  }

  [[nodiscard]] std::string described(std::size_t row) const {
    std::string out;
    for (const std::size_t field : store_->schema().natural_key()) {
      if (target_.columns[field] == nullptr || target_.is_missing(field, row)) continue;
      out += (out.empty() ? "" : ", ") + target_.display(field, row);
    }
    return out;
  }

  bool retire(std::uint32_t stored, std::size_t row) {
    if (plan_.retire_in(*store_).insert(stored)) return true;
    refuse(row, ProblemCode::kDuplicateKey, std::to_string(stored),
           {"dòng này được sửa hai lần trong cùng một lần ghi",
            "this row is corrected twice in one change"},
           {"gộp thành một lần sửa", "make it one correction"});
    return false;
  }

  Plan& plan_;
  const Change::Correction& correction_;
  TableStore* store_;
  const table::Column* numbers_ = nullptr;
  PreparedBatch target_;
  RowNumbers rows_;  // stored rows named
};

}  // namespace

void resolve_corrections(Plan& plan) {
  for (const Change::Correction& correction : plan.change.corrections()) {
    Correcting(plan, correction).run();
  }
}

}  // namespace dangbo::inline v1::registry
