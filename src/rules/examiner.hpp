// One rule of a pack on the facts of one day, one subject after the other: the slow and obvious
// way. Everything that is reported goes through here.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/rules/finding.hpp"
#include "dangbo/rules/pack.hpp"
#include "rules/facts.hpp"

namespace dangbo::inline v1::rules {

// The records of the facts as expressions take them.
class Sources {
 public:
  explicit Sources(const Facts& facts);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;
  [[nodiscard]] expr::Value record(const RecordBinding& binding, Entity entity) const;
  // Has every entity of which a field is read put into `into`, repeats included; null ends it.
  using Touched = std::vector<std::pair<const RecordBinding*, Entity>>;
  void touch(Touched* into) const noexcept { touched_ = into; }
  void note(const RecordBinding& binding, Entity entity) const {
    if (touched_ != nullptr) touched_->emplace_back(&binding, entity);
  }

 private:
  class Source;
  const Facts& facts_;
  mutable std::map<const RecordBinding*, std::unique_ptr<Source>> made_;
  mutable Touched* touched_ = nullptr;
};

// Rows alike in the keys of a rule.
struct Cohorts {
  std::vector<std::vector<Entity>> items;  // by cohort; cohorts by the texts of their keys
  std::vector<std::vector<expr::Value>> keys;
  std::vector<std::string> names;  // "2025 · cell"
};

// A parameter that a rule reads.
struct ParameterUse {
  std::size_t parameter = 0;
  const ParameterValue* value = nullptr;  // null: none on the day
};

class Examiner {
 public:
  // Whether the cohorts of a rule about cohorts are gathered; without them only what concerns the
  // rule alone may be asked.
  enum class Cohort : std::uint8_t { kAll, kNone };
  // REQUIRES: pack, rule and facts outlive this.
  Examiner(const Pack& pack, const Rule& rule, const Facts& facts, Cohort cohorts = Cohort::kAll);

  [[nodiscard]] const Pack& pack() const noexcept { return pack_; }
  [[nodiscard]] const Rule& rule() const noexcept { return rule_; }
  [[nodiscard]] const Facts& facts() const noexcept { return facts_; }
  [[nodiscard]] const RuleNames& names() const noexcept { return names_; }
  [[nodiscard]] const RecordBinding& self() const noexcept { return *self_; }
  [[nodiscard]] const RecordBinding& item() const noexcept { return *item_; }
  [[nodiscard]] const Cohorts& cohorts() const noexcept { return cohorts_; }
  [[nodiscard]] const Sources& sources() const noexcept { return sources_; }
  // Whether the rule applies on the day at all.
  [[nodiscard]] bool is_in_force() const noexcept;
  [[nodiscard]] const std::vector<ParameterUse>& parameters() const noexcept { return uses_; }
  // The first later day on which a parameter that it reads, the rule or an exception begins or
  // ends; Facts::kNever.
  [[nodiscard]] std::int32_t law_changes() const noexcept { return law_changes_; }

  // The variables that are the same for all subjects: the day and the parameters.
  [[nodiscard]] const std::vector<expr::Value>& fixed() const noexcept { return base_; }

  [[nodiscard]] std::vector<Entity> subjects() const;
  // The variables of the rule for a subject; those of `let` are filled in by `judge`.
  [[nodiscard]] std::vector<expr::Value> variables(Entity subject) const;
  [[nodiscard]] Verdict judge(Entity subject) const;
  // With the variables, and with the day of the next possible change (Facts::kNever).
  Verdict judge(Entity subject, std::vector<expr::Value>& variables, std::int32_t* until) const;

  // What to call the subject for ever: "unit:CB1", "row:congresses:CB1/2020-2025".
  [[nodiscard]] std::string name_of(Entity subject) const;
  // The unit and member that a finding about the subject is shown under.
  [[nodiscard]] UnitSlot unit_of(Entity subject) const;
  [[nodiscard]] MemberSlot member_of(Entity subject) const;

 private:
  void gather_cohorts();
  void bind_parameters();
  [[nodiscard]] expr::Value key_value(const std::string& path, Entity item) const;
  [[nodiscard]] std::string row_name(RowId row) const;

  const Pack& pack_;
  const Rule& rule_;
  const Facts& facts_;
  RuleNames names_;
  Sources sources_;
  const RecordBinding* item_ = nullptr;
  const RecordBinding* self_ = nullptr;
  Cohorts cohorts_;
  std::vector<expr::Value> base_;  // variables without self, keys and lets
  std::vector<ParameterUse> uses_;
  std::int32_t law_changes_ = Facts::kNever;
};

}  // namespace dangbo::inline v1::rules
