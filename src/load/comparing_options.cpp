// What is compared, and what is left alone until a person has answered.
#include <algorithm>
#include <array>
#include <utility>

#include "dangbo/base/text.hpp"
#include "load/comparing.hpp"

namespace dangbo::inline v1::load::detail {

using base::ProblemCode;
using base::RowId;

Comparing::Comparing(const registry::Registry& registry, const registry::Change& extract,
                     const DifferenceOptions& options, LeftAlone left_alone)
    : registry_(registry),
      extract_(extract),
      options_(options),
      snapshot_(registry.snapshot()),
      view_(snapshot_.at(options.day)),
      last_(snapshot_.current_day()),
      withheld_units_(std::move(left_alone.units)),
      withheld_members_(std::move(left_alone.members)),
      incomplete_(std::move(left_alone.tables)) {}

void Comparing::refuse(ProblemCode code, std::string value, base::Message reason,
                       base::Message fix) {
  problems_.add({.code = code,
                 .place = {},
                 .value = std::move(value),
                 .reason = std::move(reason),
                 .fix = std::move(fix)});
}

void Comparing::check_options() {
  problems_.append(extract_.problems());
  if (!extract_.corrections().empty() || !extract_.operations().empty()) {
    refuse(ProblemCode::kOutOfRange, "",
           {"bản trích chỉ được có các dòng, không có việc sửa", "an extract holds rows only"},
           {"đưa bản sửa vào bằng lệnh apply", "make the changes of a script with apply"});
  }
  if (last_ && options_.day < *last_) {
    refuse(ProblemCode::kConflict, options_.day.to_string(),
           {"bản trích này cũ hơn bản đã đối chiếu, ngày " + last_->to_string(),
            "this extract is older than the one compared last, of " + last_->to_string()},
           {"kiểm tra thứ tự các bản trích; bản cũ bỏ đi",
            "check the order of the extracts; drop the old one"});
  }
  if (!last_ && base::index_of(snapshot_.commit()) > 0) {
    refuse(ProblemCode::kOutOfRange, options_.day.to_string(),
           {"sổ chưa có ngày hiện tại: không biết lần trước dữ liệu đúng đến ngày nào",
            "the registry has no current day: it is not known up to which day it was right"},
           {"đặt ngày của dữ liệu đã nạp: dangbo advance FILE.dangbo NGÀY",
            "set the day of the data loaded: dangbo advance FILE.dangbo DAY"});
  }
  if (!options_.subtree.empty()) {
    const auto slot = snapshot_.find_unit(options_.subtree);
    if (slot) subtree_ = *slot;
    if (!slot || view_.tree().position_of(*slot) == base::kNoPosition) {
      refuse(ProblemCode::kOutOfRange, options_.subtree,
             {"không có tổ chức này trong ngày của bản trích",
              "there is no such unit on the day of the extract"},
             {"kiểm tra mã tổ chức", "check the unit's key"});
    }
  }
  for (const std::string& name : options_.partial) {
    if (registry_.find_schema(name) != nullptr) continue;
    refuse(ProblemCode::kOutOfRange, name, {"không có bảng này", "there is no such table"},
           {"xem dangbo tables", "see dangbo tables"});
  }
  for (const auto& [name, policy] : options_.policies) {
    const std::size_t point = name.find('.');
    const auto schema = registry_.find_schema(name.substr(0, point));
    if (schema != nullptr && point != name.npos && schema->find(name.substr(point + 1))) continue;
    refuse(ProblemCode::kOutOfRange, name, {"không có cột này", "there is no such field"},
           {"viết bảng.cột, ví dụ members.full_name", "write table.field, as members.full_name"});
  }
}

void Comparing::gather() {
  for (const auto& schema : registry_.schemas()) {
    std::unique_ptr<Compared> table;
    for (const auto& batch : extract_.batches()) {
      if (batch.schema->name() != schema->name() || batch.rows.row_count() == 0) continue;
      if (table == nullptr) table = std::make_unique<Compared>(snapshot_, schema);
      table->add(batch);
    }
    if (table != nullptr) tables_.push_back(std::move(table));
  }
}

Compared* Comparing::find(std::string_view name) {
  for (const auto& table : tables_)
    if (table->schema()->name() == name) return table.get();
  return nullptr;
}

bool Comparing::is_complete(const Compared& table) const {
  if (incomplete_.contains(table.schema()->name())) return false;
  return std::none_of(
      options_.partial.begin(), options_.partial.end(), [&](const std::string& name) {
        return registry_.find_schema(name) == table.schema() || name == table.schema()->name();
      });
}

OnChange Comparing::policy(const Compared& table, std::size_t field) const {
  const std::string& name = table.schema()->fields()[field].name;
  const std::string full = table.schema()->name() + '.' + name;
  for (const auto& [asked, policy] : options_.policies)
    if (asked == full) return policy;
  if (table.schema()->name() == "units") return OnChange::kHappened;
  static constexpr std::array<std::string_view, 8> kLife = {
      "status", "status_date", "youth_union", "education",
      "degree", "theory",      "languages",   "occupation"};
  const bool is_life = table.schema()->name() == "members" &&
                       std::find(kLife.begin(), kLife.end(), name) != kLife.end();
  return is_life ? OnChange::kHappened : OnChange::kCorrection;
}

void Comparing::ask(Compared& table, const std::string& key, base::Message note,
                    std::vector<std::string> proposals) {
  edits_.find({.what = "ask",
               .table = table.schema()->name(),
               .key = key,
               .note = std::move(note),
               .proposals = std::move(proposals),
               .is_question = true});
}

namespace {

// Nothing known of the one is possible of the other.
bool is_other_birth(time::PartialDate a, time::PartialDate b) {
  return a.last_day() < b.first_day() || b.last_day() < a.first_day();
}

}  // namespace

// A key that stands for another person now.
void Comparing::withhold_members() {
  Compared* table = find("members");
  if (table == nullptr) return;
  const std::size_t name = *table->schema()->find("full_name");
  const std::size_t birth = *table->schema()->find("birth_date");
  for (const Given given : table->given()) {
    const auto slot = snapshot_.find_member(table->text(*table->member, given));
    if (!slot) continue;
    const RowId row = view_.member_row(*slot);
    if (row == base::kNoRow || table->is_missing(name, given) || table->is_missing(birth, given) ||
        table->is_missing(name, row) || table->is_missing(birth, row))
      continue;
    const auto stored = time::PartialDate::from_code(
        static_cast<std::int32_t>(table->rows().field(birth).raw(row)));
    if (!is_other_birth(*table->date(birth, given), stored) ||
        base::fold(table->text(name, given)) == base::fold(table->text(name, row)))
      continue;
    const std::string key = table->text(*table->member, given);
    withheld_members_.insert(key);
    ask(*table, key,
        {"cả họ tên và ngày sinh đều khác: mã này có thể đã cấp cho người khác; mọi dòng của mã "
         "được giữ nguyên",
         "name and birth date both differ: the key may stand for another person now; all rows of "
         "the key are left as they are"},
        {"correct: {table: members, key: {member_id: " + scalar(key) +
         "}, set: {full_name: , birth_date: }}"});
  }
}

// A key of a unit that ended and is there again; with what stands below it or in it.
void Comparing::withhold_units() {
  Compared* table = find("units");
  if (table == nullptr) return;
  for (const Given given : table->given()) {
    const std::string key = table->text(*table->unit, given);
    const auto slot = snapshot_.find_unit(key);
    if (!slot || view_.unit_row(*slot) != base::kNoRow ||
        !table->range(given).contains(options_.day))
      continue;
    std::optional<std::int32_t> ended;
    table->each_of_key(given, [&](RowId row) {
      const std::int32_t end = table->rows().range(row).until_day();
      if (end <= options_.day.days()) ended = std::max(ended.value_or(end), end);
    });
    if (!ended) continue;
    withheld_units_.insert(key);
    const std::string day = time::Date::from_days(*ended).to_string();
    ask(*table, key,
        {"mã này của một tổ chức đã kết thúc ngày " + day +
             ": là tổ chức cũ hay tổ chức mới dùng lại mã? Các dòng thuộc mã được giữ nguyên",
         "the key is that of a unit that ended on " + day +
             ": is it the same unit again, or a new one under an old key? Rows of it are left as "
             "they are"},
        {"add: {table: units, row: {unit_id: " + scalar(key) +
         ", kind: " + scalar(table->text(*table->schema()->find("kind"), given)) +
         ", from: " + options_.day.to_string() + "}}"});
  }
  for (bool more = !withheld_units_.empty(); more;) {
    more = false;
    for (const Given given : table->given()) {
      if (!withheld_units_.contains(table->text(*table->parent, given))) continue;
      more = withheld_units_.insert(table->text(*table->unit, given)).second || more;
    }
  }
}

void Comparing::withhold() {
  withhold_members();
  withhold_units();
  Compared* table = find("memberships");
  if (table == nullptr || withheld_units_.empty()) return;
  for (const Given given : table->given()) {
    if (withheld_units_.contains(table->text(*table->unit, given)))
      withheld_members_.insert(table->text(*table->member, given));
  }
}

bool Comparing::is_withheld(const Compared& table, Given row) const {
  if (withheld_members_.empty() && withheld_units_.empty()) return false;
  const auto has = [&](std::optional<std::size_t> field, const auto& keys) {
    return field && keys.contains(table.text(*field, row));
  };
  return has(table.member, withheld_members_) || has(table.subject, withheld_members_) ||
         has(table.unit, withheld_units_) || has(table.subject, withheld_units_);
}

bool Comparing::is_withheld(const Compared& table, RowId row) const {
  if (withheld_members_.empty() && withheld_units_.empty()) return false;
  const auto has = [&](std::optional<std::size_t> field, const auto& keys) {
    return field && keys.contains(table.text(*field, row));
  };
  return has(table.member, withheld_members_) || has(table.subject, withheld_members_) ||
         has(table.unit, withheld_units_) || has(table.subject, withheld_units_);
}

bool Comparing::is_in_scope(const Compared& table, RowId row) const {
  if (subtree_ == base::kNoUnitSlot) return true;
  base::UnitSlot unit = table.rows().unit_of(row);
  if (unit == base::kNoUnitSlot) {
    const base::MemberSlot member = table.rows().member_of(row);
    if (member != base::kNoMemberSlot) unit = view_.home_of(member);
  }
  if (unit == base::kNoUnitSlot) return false;
  const auto at = view_.tree().position_of(unit);
  return at != base::kNoPosition && view_.tree().is_within(at, view_.tree().position_of(subtree_));
}

}  // namespace dangbo::inline v1::load::detail
