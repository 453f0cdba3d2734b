#include "rules/examiner.hpp"

#include <algorithm>
#include <utility>

#include "rules/reads.hpp"

namespace dangbo::inline v1::rules {

using expr::Value;

class Sources::Source final : public expr::RowSource {
 public:
  Source(const Facts& facts, const RecordBinding& binding, const Sources& sources)
      : facts_(facts), binding_(binding), sources_(sources) {}

  [[nodiscard]] Value field(std::size_t row, std::size_t field) const override {
    const FieldBinding& bound = binding_.fields[field];
    sources_.note(binding_, row);
    if (bound.is_record()) {
      const Entity entity = facts_.single(binding_, bound, row);
      return entity == kNoEntity ? Value::error(expr::ErrorCode::kMissing)
                                 : sources_.record(*bound.target, entity);
    }
    if (!bound.is_list()) return facts_.scalar(binding_, bound, row);
    std::vector<Entity> entities;
    facts_.list(binding_, bound, row, entities);
    std::vector<Value> items;
    items.reserve(entities.size());
    for (const Entity entity : entities) items.push_back(sources_.record(*bound.target, entity));
    return Value::list(std::move(items));
  }

 private:
  const Facts& facts_;
  const RecordBinding& binding_;
  const Sources& sources_;
};

Sources::Sources(const Facts& facts) : facts_(facts) {}
Sources::~Sources() = default;

Value Sources::record(const RecordBinding& binding, Entity entity) const {
  auto& source = made_[&binding];
  if (!source) source = std::make_unique<Source>(facts_, binding, *this);
  return Value::record(*source, entity);
}

Examiner::Examiner(const Pack& pack, const Rule& rule, const Facts& facts, Cohort cohorts)
    : pack_(pack), rule_(rule), facts_(facts), names_(pack.names(rule)), sources_(facts) {
  self_ = facts.bindings().of(rule.self);
  item_ = rule.subject.is_cohort() ? self_->fields.front().target : self_;
  base_.assign(names_.size, Value::error(expr::ErrorCode::kMissing));
  base_[RuleNames::kAsOf] = Value::date(facts.day());
  bind_parameters();
  if (rule.subject.is_cohort() && cohorts == Cohort::kAll) gather_cohorts();
}

bool Examiner::is_in_force() const noexcept {
  return rule_.effective.contains(facts_.day());
}

void Examiner::bind_parameters() {
  const std::vector<bool> read = variables_read(rule_, names_.size);
  const std::int32_t today = facts_.day().days();
  const auto see = [&](const time::DateRange& days) {
    for (const std::int32_t day : {days.from_day(), days.until_day()}) {
      if (day > today && day < law_changes_) law_changes_ = day;
    }
  };
  see(rule_.effective);
  for (const Exception& one : rule_.exceptions) see(one.effective);
  for (std::size_t i = 0; i < pack_.parameters.size(); ++i) {
    if (!read[RuleNames::kParameters + i]) continue;
    const Parameter& parameter = pack_.parameters[i];
    const ParameterValue* value = parameter.on(facts_.day());
    uses_.push_back({i, value});
    for (const ParameterValue& one : parameter.values) see(one.days);
    if (value == nullptr) continue;
    Value& variable = base_[RuleNames::kParameters + i];
    if (parameter.words.empty()) {
      variable = Value::integer(value->number);
    } else if (const auto code = parameter.codes->find(value->word)) {
      variable = Value::enumeration(static_cast<std::int32_t>(*code), parameter.words[*code]);
    }
  }
}

Value Examiner::key_value(const std::string& path, Entity item) const {
  const RecordBinding* record = item_;
  std::string_view rest = path;
  while (true) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    const auto& members = record->type.shape->members;
    const auto found = std::find_if(members.begin(), members.end(), [&](const expr::Member& one) {
      return one.name == rest.substr(0, dot);
    });
    const FieldBinding& field = record->fields[static_cast<std::size_t>(found - members.begin())];
    if (dot == rest.size()) {
      return field.is_record() || field.is_list() ? Value::error(expr::ErrorCode::kMissing)
                                                  : facts_.scalar(*record, field, item);
    }
    item = facts_.single(*record, field, item);
    if (item == kNoEntity) return Value::error(expr::ErrorCode::kMissing);
    record = field.target;
    rest.remove_prefix(dot + 1);
  }
}

void Examiner::gather_cohorts() {
  Subject rows = rule_.subject;
  rows.by.clear();
  std::vector<Entity> all;
  facts_.subjects(rows, all);
  // By the texts of the keys, so that the order is that of no number.
  std::map<std::string, std::pair<std::vector<Value>, std::vector<Entity>>> groups;
  for (const Entity item : all) {
    std::vector<Value> keys;
    std::string name;
    for (const std::string& path : rule_.subject.by) {
      keys.push_back(key_value(path, item));
      if (!name.empty()) name += " · ";
      name += text_of(keys.back(), base::Language::kEnglish);
    }
    auto& group = groups[name];
    if (group.second.empty()) group.first = std::move(keys);
    group.second.push_back(item);
  }
  for (auto& [name, group] : groups) {
    cohorts_.names.push_back(name);
    cohorts_.keys.push_back(std::move(group.first));
    cohorts_.items.push_back(std::move(group.second));
  }
}

std::vector<Entity> Examiner::subjects() const {
  std::vector<Entity> out;
  if (!rule_.subject.is_cohort()) {
    facts_.subjects(rule_.subject, out);
    return out;
  }
  for (std::size_t i = 0; i < cohorts_.items.size(); ++i) out.push_back(i);
  return out;
}

std::vector<Value> Examiner::variables(Entity subject) const {
  std::vector<Value> out = base_;
  out[RuleNames::kSelf] = sources_.record(*self_, subject);
  if (rule_.subject.is_cohort()) {
    for (std::size_t i = 0; i < rule_.subject.by.size(); ++i) {
      out[names_.keys + i] = cohorts_.keys[subject][i];
    }
  }
  return out;
}

Verdict Examiner::judge(Entity subject) const {
  std::vector<Value> values;
  return judge(subject, values, nullptr);
}

Verdict Examiner::judge(Entity subject, std::vector<Value>& values, std::int32_t* until) const {
  facts_.set_cohorts(&cohorts_.items);
  values = variables(subject);
  if (until == nullptr) return rules::judge(rule_, names_, values, facts_.day());
  *until = law_changes_;
  facts_.watch(until);
  if (!rule_.subject.is_cohort()) static_cast<void>(facts_.is_subject(rule_.subject, subject));
  std::optional<time::Date> changes;
  Verdict out = rules::judge(rule_, names_, values, facts_.day(), &changes);
  facts_.watch(nullptr);
  if (changes && changes->days() < *until) *until = changes->days();
  return out;
}

std::string Examiner::row_name(RowId row) const {
  const registry::Rows& rows = *facts_.rows(item_->table);
  const table::Schema& schema = rows.schema();
  std::string out = schema.name() + ":";
  if (schema.natural_key().empty() || item_->about != About::kRow) {
    // A correction stands for the row that it corrects.
    RowId first = row;
    while (rows.corrects(first) != kNoRow) first = rows.corrects(first);
    return out + std::to_string(index_of(first));
  }
  bool is_first = true;
  for (const std::size_t column : schema.natural_key()) {
    if (!is_first) out += '/';
    is_first = false;
    FieldBinding field;
    field.column = column;
    const Value value = facts_.scalar(*item_, field, index_of(row));
    if (!value.is_error()) out += text_of(value, base::Language::kEnglish);
  }
  return out;
}

std::string Examiner::name_of(Entity subject) const {
  const registry::Snapshot& snapshot = facts_.snapshot();
  const auto slot = static_cast<std::uint32_t>(subject);
  switch (self_->about) {
    case About::kUnit:
      return "unit:" + std::string(snapshot.key_of(UnitSlot{slot}));
    case About::kMember:
      return "member:" + std::string(snapshot.key_of(MemberSlot{slot}));
    case About::kUnitMonth:
      return "unit:" + std::string(snapshot.key_of(unit_of_month(subject))) + ":" +
             first_day_of_month(subject).to_string().substr(0, 7);
    case About::kCohort:
      return "cohort:" + cohorts_.names[subject];
    default:
      return "row:" + row_name(RowId{slot});
  }
}

UnitSlot Examiner::unit_of(Entity subject) const {
  const auto slot = static_cast<std::uint32_t>(subject);
  switch (self_->about) {
    case About::kUnit:
      return UnitSlot{slot};
    case About::kMember: {
      const RowId home = facts_.home_row(MemberSlot{slot});
      return home == kNoRow ? kNoUnitSlot : facts_.rows(facts_.memberships_table())->unit_of(home);
    }
    case About::kUnitMonth:
      return unit_of_month(subject);
    case About::kCohort:
      return kNoUnitSlot;
    default:
      return facts_.unit_of_row(self_->table, RowId{slot});
  }
}

MemberSlot Examiner::member_of(Entity subject) const {
  const auto slot = static_cast<std::uint32_t>(subject);
  switch (self_->about) {
    case About::kMember:
      return MemberSlot{slot};
    case About::kRow:
    case About::kMove:
    case About::kAdmission:
      return facts_.member_of_row(self_->table, RowId{slot});
    default:
      return base::kNoMemberSlot;
  }
}

}  // namespace dangbo::inline v1::rules
