// Rows of the extract beside those in force on its day.
#include "load/comparing.hpp"

#include <algorithm>

#include "dangbo/registry/rows.hpp"

namespace dangbo::inline v1::load::detail {

using base::ProblemCode;
using base::RowId;
using table::TableKind;

void Comparing::run() {
  check_options();
  if (!problems_.empty()) return;
  gather();
  withhold();
  for (const auto& table : tables_) compare(*table);
  if (!problems_.empty()) return;
  ask_for_events();
  check_vanished();
}

Comparing::Dated Comparing::observed() const {
  if (!last_) return {};
  return {options_.day.to_string(), std::min(*last_, options_.day.plus_days(-1))};
}

std::optional<std::string> Comparing::decision_day(const std::string& decision) {
  if (!decisions_read_) {
    decisions_read_ = true;
    const auto put = [&](const Compared& table, auto row) {
      const auto& schema = *table.schema();
      const std::string effective = table.text(*schema.find("effective_from"), row);
      const std::string date =
          effective.empty() ? table.text(*schema.find("date"), row) : effective;
      if (date.size() == std::string_view("2020-01-01").size())
        decisions_.try_emplace(table.text(*schema.find("decision_id"), row), date);
    };
    const Compared* given = find("decisions");
    if (given != nullptr)
      for (const Given row : given->given()) put(*given, row);
    const Compared stored(snapshot_, registry_.find_schema("decisions"));
    for (std::uint32_t row = 0; row < stored.rows().size(); ++row)
      if (stored.is_known(RowId{row})) put(stored, RowId{row});
  }
  const auto at = decisions_.find(decision);
  return at == decisions_.end() ? std::nullopt : std::optional(at->second);
}

// The host's date, the decision's, or that of the extract.
Comparing::Dated Comparing::dated(const Compared& table, Given given) {
  if (const std::string day = table.text(*table.from, given); !day.empty()) return {day, {}};
  if (table.decision) {
    const auto day = decision_day(table.text(*table.decision, given));
    if (day && *day <= options_.day.to_string()) return {*day, {}};
  }
  return observed();
}

std::string Comparing::shown_key(const Compared& table, RowId row) const {
  std::string out;
  for (const std::size_t field : table.key_fields()) {
    const std::string value = table.text(field, row);
    if (!value.empty()) out += (out.empty() ? "" : " ") + value;
  }
  return out;
}

std::string Comparing::shown_key(const Compared& table, Given row) const {
  std::string out;
  for (const std::size_t field : table.key_fields()) {
    const std::string value = table.text(field, row);
    if (!value.empty()) out += (out.empty() ? "" : " ") + value;
  }
  return out;
}

Edit& Comparing::correct(Compared& table, RowId row, base::Place place) {
  Edit& edit = edits_.correct(table.schema(), row, std::move(place));
  if (edit.key.empty()) {
    for (const std::size_t field : table.key_fields())
      edit.key.emplace_back(field, table.text(field, row));
    if (table.from) edit.key.emplace_back(*table.from, table.text(*table.from, row));
  }
  return edit;
}

Comparing::Outcome Comparing::pair_up(Compared& table) {
  struct Seen {
    Given given;
    bool is_paired = false;
  };
  Outcome found;
  const std::vector<Given> all = table.given();
  absl::flat_hash_map<std::string, Seen> by_key;
  by_key.reserve(all.size());
  std::string key;
  for (const Given given : all) {
    if (is_withheld(table, given)) continue;
    if (!table.range(given).contains(options_.day)) {
      found.other_days.push_back(given);
      continue;
    }
    table.key(given, key);
    const auto [seen, is_first] = by_key.try_emplace(key, Seen{given});
    if (is_first) continue;
    problems_.add(
        {.code = ProblemCode::kDuplicateKey,
         .place = table.place(given),
         .value = shown_key(table, given),
         .reason = {"khoá này đã có ở dòng " + std::to_string(table.place(seen->second.given).row),
                    "the key is there already, in row " +
                        std::to_string(table.place(seen->second.given).row)},
         .fix = {"bản trích chỉ được có một dòng cho mỗi khoá trong một ngày",
                 "an extract has one row a key and day"}});
  }
  const bool is_state = table.schema()->kind() == TableKind::kState;
  for (std::uint32_t at = 0; at < table.rows().size(); ++at) {
    const RowId row{at};
    if (!table.is_known(row) || !table.rows().holds_on(row, options_.day)) continue;
    table.key(row, key);
    const auto seen = by_key.find(key);
    if (seen != by_key.end()) {
      seen->second.is_paired = true;
      found.both.emplace_back(seen->second.given, row);
    } else if (is_state && !is_withheld(table, row)) {
      found.gone.push_back(row);
    }
  }
  for (const Given given : all) {
    if (is_withheld(table, given) || !table.range(given).contains(options_.day)) continue;
    table.key(given, key);
    const auto seen = by_key.find(key);
    if (!seen->second.is_paired) found.is_new.push_back(given);
    seen->second.is_paired = true;
  }
  return found;
}

void Comparing::compare(Compared& table) {
  const Outcome found = pair_up(table);
  if (!problems_.empty()) return;
  const std::string& name = table.schema()->name();
  if (name == "memberships") {
    const std::size_t kind = *table.schema()->find("kind");
    const auto remember = [&](Given given) {
      if (table.text(kind, given) == "home")
        homes_[table.text(*table.member, given)] = table.text(*table.unit, given);
    };
    for (const auto& [given, row] : found.both) remember(given);
    for (const Given given : found.is_new) remember(given);
  }
  ended_.clear();
  fields_.assign(table.schema()->fields().size(), {});
  compare_rows(table, found);
  for (std::size_t field = 0; field < fields_.size(); ++field)
    values_[name + '.' + table.schema()->fields()[field].name] = fields_[field];
  if (name == "members") {
    if (is_complete(table)) close_members(found.gone);
  } else if (is_complete(table)) {
    for (const auto& [given, row] : found.both)
      if (is_in_scope(table, row)) ++keys_[name].all;
    close_gone(table, found.gone);
  }
}

void Comparing::compare_rows(Compared& table, const Outcome& found) {
  for (const auto& [given, row] : found.both) compare_row(table, given, row);
  const bool is_dated = table.from && table.schema()->name() != "members";
  for (const Given given : found.is_new) add_row(table, given, is_dated);
  for (const Given given : found.other_days) compare_other_day(table, given);
}

void Comparing::compare_row(Compared& table, Given given, RowId row) {
  std::vector<std::size_t> happened;
  const auto& fields = table.schema()->fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (!table.has(field, given) || table.is_key(field) || field == table.from ||
        field == table.until || field == table.from_after || field == table.until_after)
      continue;
    const bool was_there = !table.is_missing(field, row);
    fields_[field].all += was_there ? 1U : 0U;
    if (table.is_same(field, given, row)) continue;
    fields_[field].vanished += was_there && table.is_missing(field, given) ? 1U : 0U;
    Finding finding = {.what = "corrected",
                       .table = table.schema()->name(),
                       .key = shown_key(table, given),
                       .field = fields[field].name,
                       .before = table.text(field, row),
                       .after = table.text(field, given)};
    const OnChange policy = table.from ? this->policy(table, field) : OnChange::kCorrection;
    if (policy == OnChange::kAsk) {
      finding.what = "ask";
      finding.is_question = true;
      finding.note = {"cột " + finding.field + " đã khác: sửa cho đúng hay mới thay đổi?",
                      "the field " + finding.field + " differs: a correction, or has it changed?"};
      std::string key;
      for (const std::size_t part : table.key_fields())
        key += (key.empty() ? "" : ", ") + fields[part].name + ": " + scalar(table.text(part, row));
      finding.proposals = {"correct: {table: " + finding.table + ", key: {" + key + "}, set: {" +
                           finding.field + ": " + scalar(finding.after) + "}}"};
      edits_.find(std::move(finding));
    } else if (policy == OnChange::kHappened) {
      happened.push_back(field);
    } else {
      correct(table, row, table.place(given)).cells[field] = finding.after;
      edits_.find(std::move(finding));
    }
  }
  if (!happened.empty()) change_row(table, given, row, happened);
  if (happened.empty() && table.from) compare_dates(table, given, row);
}

// The row ends and another begins with the new values.
void Comparing::change_row(Compared& table, Given given, RowId row,
                           const std::vector<std::size_t>& happened) {
  const auto& schema = *table.schema();
  Dated change = observed();
  const auto is_among = [&](std::optional<std::size_t> field) {
    return field && std::find(happened.begin(), happened.end(), *field) != happened.end();
  };
  const time::DateRange held = table.rows().range(row);
  const auto take = [&](const std::optional<std::string>& day) {
    if (!day || day->size() != std::string_view("2020-01-01").size()) return;
    const time::Date parsed = time::parse_date(*day).value->first_day();
    if (parsed.days() > held.from_day() && parsed <= options_.day) change = {*day, {}};
  };
  if (is_among(table.decision)) take(decision_day(table.text(*table.decision, given)));
  if (is_among(schema.find("status")) && table.has(*schema.find("status_date"), given))
    take(table.text(*schema.find("status_date"), given));
  // The first look at a registry without a day, or a second one on the same day.
  const bool is_same_row =
      change.day.empty() ||
      held.from_day() >= time::parse_date(change.day).value->first_day().days();
  for (const std::size_t field : happened) {
    Finding finding = {.what = is_same_row ? "corrected" : "happened",
                       .table = schema.name(),
                       .key = shown_key(table, given),
                       .field = schema.fields()[field].name,
                       .before = table.text(field, row),
                       .after = table.text(field, given)};
    if (!is_same_row) {
      finding.day = time::parse_date(change.day).value;
      finding.observed = change.observed;
    }
    edits_.find(std::move(finding));
  }
  Edit& old = correct(table, row, table.place(given));
  if (is_same_row) {
    for (const std::size_t field : happened) old.cells[field] = table.text(field, given);
    return;
  }
  const auto corrected = old.cells;
  old.cells[*table.until] = change.day;
  if (table.until_after) old.cells[*table.until_after] = change.mark();
  Edit& added = edits_.add(table.schema(), table.place(given));
  for (std::size_t field = 0; field < schema.fields().size(); ++field)
    added.cells[field] = table.text(field, row);
  for (const auto& [field, value] : corrected) added.cells[field] = value;
  for (const std::size_t field : happened) added.cells[field] = table.text(field, given);
  added.cells[*table.from] = change.day;
  if (table.from_after) added.cells[*table.from_after] = change.mark();
}

void Comparing::compare_dates(Compared& table, Given given, RowId row) {
  if (!table.is_missing(*table.from, given)) redate(table, given, row);
  if (!table.is_missing(*table.until, given) && !table.is_same(*table.until, given, row))
    end_again(table, given, row);
}

// The host's own first day, for the first of the rows that followed one another under the key.
void Comparing::redate(Compared& table, Given given, RowId row) {
  RowId first = row;
  for (bool more = true; more;) {
    more = false;
    const std::int32_t begins = table.rows().range(first).from_day();
    table.each_of_key(given, [&](RowId other) {
      if (more || begins == time::DateRange::kOpenFrom ||
          table.rows().range(other).until_day() != begins)
        return;
      first = other;
      more = true;
    });
  }
  if (table.is_same(*table.from, given, first) || table.is_same(*table.from, given, row)) return;
  const std::string day = table.text(*table.from, given);
  const std::int32_t begins = table.date(*table.from, given)->first_day().days();
  const std::string key = shown_key(table, given);
  // The home before it ended when this one was first seen.
  std::optional<RowId> before;
  const std::int32_t was = table.rows().range(first).from_day();
  if (table.member && table.from_after && !table.is_missing(*table.from_after, first)) {
    const auto slot = snapshot_.find_member(table.text(*table.member, given));
    for (RowId other = table.rows().newest_of(*slot); other != base::kNoRow;
         other = table.rows().previous_of_member(other)) {
      if (table.is_known(other) && table.rows().range(other).until_day() == was &&
          !table.is_missing(*table.until_after, other))
        before = other;
    }
  }
  if (begins >= table.rows().range(first).until_day() ||
      (before && table.rows().range(*before).from_day() >= begins)) {
    ask(table, key,
        {"ngày bắt đầu " + day + " không khớp với các dòng đã biết của khoá này",
         "the first day " + day + " does not agree with the rows known of the key"});
    return;
  }
  edits_.find({.what = "dated",
               .table = table.schema()->name(),
               .key = key,
               .field = "from",
               .before = table.text(*table.from, first),
               .after = day});
  Edit& edit = correct(table, first, table.place(given));
  edit.cells[*table.from] = day;
  if (table.from_after && !table.is_missing(*table.from_after, first))
    edit.cells[*table.from_after] = "";
  if (!before) return;
  Edit& earlier = correct(table, *before, table.place(given));
  earlier.cells[*table.until] = time::Date::from_days(begins).to_string();
  earlier.cells[*table.until_after] = "";
}

// The host's own last day.
void Comparing::end_again(Compared& table, Given given, RowId row) {
  const time::Date end = table.date(*table.until, given)->first_day();
  const std::string key = shown_key(table, given);
  if (table.rows().range(row).from_day() >= end.days()) {
    ask(table, key,
        {"ngày kết thúc " + end.to_string() + " trước khi dòng đã biết bắt đầu",
         "the end " + end.to_string() + " is before the known row begins"});
    return;
  }
  edits_.find({.what = "dated",
               .table = table.schema()->name(),
               .key = key,
               .field = "until",
               .before = table.text(*table.until, row),
               .after = end.to_string()});
  Edit& edit = correct(table, row, table.place(given));
  edit.cells[*table.until] = end.to_string();
  if (table.until_after && !table.is_missing(*table.until_after, row))
    edit.cells[*table.until_after] = "";
  for (const std::string_view name : {"out_reason", "decision_id"}) {
    const auto field = table.schema()->find(name);
    if (field && !table.is_missing(*field, given) && !table.is_same(*field, given, row))
      edit.cells[*field] = table.text(*field, given);
  }
}

void Comparing::add_row(Compared& table, Given given, bool is_dated) {
  const auto& schema = *table.schema();
  Edit& edit = edits_.add(table.schema(), table.place(given));
  for (std::size_t field = 0; field < schema.fields().size(); ++field)
    if (!table.is_missing(field, given)) edit.cells[field] = table.text(field, given);
  Finding finding = {.what = "new", .table = schema.name(), .key = shown_key(table, given)};
  if (is_dated) {
    const Dated begin = dated(table, given);
    if (!begin.day.empty()) {
      edit.cells[*table.from] = begin.day;
      finding.day = time::parse_date(begin.day).value;
    }
    if (begin.observed && table.from_after) {
      edit.cells[*table.from_after] = begin.mark();
      finding.observed = begin.observed;
    }
    if (schema.name() == "memberships" && table.text(*schema.find("kind"), given) == "home")
      new_homes_[table.text(*table.member, given)] = begin;
  }
  edits_.find(std::move(finding));
}

// A row that ended, or begins later: the host's own history.
void Comparing::compare_other_day(Compared& table, Given given) {
  const time::DateRange range = table.range(given);
  std::optional<RowId> same;
  table.each_of_key(given, [&](RowId row) {
    const time::DateRange held = table.rows().range(row);
    const bool is_one =
        table.is_missing(*table.from, given)
            ? held.until_day() >= range.until_day() && held.from_day() < range.until_day()
            : held.from_day() == range.from_day();
    const bool ends_alike = held.until_day() == range.until_day();
    // What was seen to begin and to end between two extracts, told by its date now.
    const bool is_near = held.overlaps(range);
    if (!same && (is_one || ends_alike || is_near)) same = row;
  });
  if (!same) {
    if (table.is_missing(*table.from, given)) {
      ask(table, shown_key(table, given),
          {"dòng đã kết thúc nhưng không có ngày bắt đầu, chưa từng có trong sổ",
           "the row has ended, has no first day and was never known"});
      return;
    }
    add_row(table, given, false);
    return;
  }
  if (range.until_day() <= options_.day.days()) ended_.insert(base::index_of(*same));
  if (!table.is_missing(*table.until, given) && !table.is_same(*table.until, given, *same))
    end_again(table, given, *same);
}

}  // namespace dangbo::inline v1::load::detail
