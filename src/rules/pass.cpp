#include "rules/pass.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "rules/gather.hpp"

namespace dangbo::inline v1::rules {

namespace {

using expr::ColumnResult;
using expr::ColumnView;
using expr::Kind;
using expr::Value;

constexpr std::size_t kBlock = 8192;  // subjects whose columns are held at once

bool is_hit(const Verdict& verdict) noexcept {
  return is_finding(verdict.outcome);
}

// A result as the column of a variable for what is computed from it.
class Carried {
 public:
  // False for types that have no such column.
  static bool can(Kind kind) noexcept {
    return kind == Kind::kBool || kind == Kind::kInt || kind == Kind::kDate ||
           kind == Kind::kEnum || kind == Kind::kString || kind == Kind::kDouble ||
           kind == Kind::kDuration;
  }

  ColumnView view(const ColumnResult& from) {
    const std::uint64_t* valid = nullptr;
    if (!from.errors.empty()) {
      valid_.resize(from.errors.size());
      std::transform(from.errors.begin(), from.errors.end(), valid_.begin(),
                     [](std::uint64_t word) { return ~word; });
      valid = valid_.data();
    }
    switch (from.type.kind) {
      case Kind::kBool:
        return ColumnView::booleans(from.truth.data(), from.size, valid);
      case Kind::kInt:
        return ColumnView::integers({from.integers.data(), from.size}, valid);
      case Kind::kDuration:
        return ColumnView::durations({from.integers.data(), from.size}, valid);
      case Kind::kDate:
        return ColumnView::dates({from.small.data(), from.size}, valid);
      case Kind::kDouble:
        return ColumnView::reals({from.reals.data(), from.size}, valid);
      case Kind::kEnum:
        codes_.assign(from.small.begin(),
                      from.small.begin() + static_cast<std::ptrdiff_t>(from.size));
        return ColumnView::codes(std::span<const std::uint32_t>(codes_), valid);
      default:
        words_.assign(from.dictionary.begin(), from.dictionary.end());
        return ColumnView::texts({from.words.data(), from.size}, words_, valid);
    }
  }

 private:
  std::vector<std::uint64_t> valid_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::string_view> words_;
};

// Scope, variables and requirement of a rule in the order in which they need each other: what needs
// nothing first, in one program, then what needs that.
class ColumnRule {
 public:
  // Nothing when a part has no column; such a rule goes row by row.
  static std::optional<ColumnRule> make(const Examiner& examiner) {
    ColumnRule out(examiner);
    const Rule& rule = examiner.rule();
    std::vector<std::size_t> levels;
    for (std::size_t i = 0; i < rule.lets.size(); ++i) {
      const Condition& condition = rule.lets[i].condition;
      if (!Carried::can(condition.expression.type().kind)) return std::nullopt;
      levels.push_back(out.level_of(condition, levels));
      out.place(condition, levels.back(), i);
    }
    if (rule.when) out.place(*rule.when, out.level_of(*rule.when, levels), kScope);
    out.place(*rule.require, out.level_of(*rule.require, levels), kRequire);
    for (Stage& stage : out.stages_) {
      auto program = expr::ColumnProgram::compile(stage.expressions);
      if (!program.ok()) return std::nullopt;
      stage.evaluator.emplace(*std::move(program));
    }
    return out;
  }

  absl::Status run(std::span<const Entity> subjects, Gatherer& gatherer,
                   std::vector<Entity>& hits) {
    gatherer.clear();
    expr::ColumnTable table;
    table.size = subjects.size();
    variables(subjects, gatherer, table);
    std::deque<Carried> carried;
    const ColumnResult* scope = nullptr;
    const ColumnResult* require = nullptr;
    for (Stage& stage : stages_) {
      const absl::Status done = stage.evaluator->evaluate(table, 0, subjects.size(), stage.results);
      if (!done.ok()) return done;
      for (std::size_t i = 0; i < stage.gives.size(); ++i) {
        const ColumnResult& result = stage.results[i];
        if (stage.gives[i] == kScope) {
          scope = &result;
        } else if (stage.gives[i] == kRequire) {
          require = &result;
        } else {
          table.columns[examiner_.names().lets + stage.gives[i]] =
              carried.emplace_back().view(result);
        }
      }
    }
    collect(subjects, scope, *require, hits);
    return absl::OkStatus();
  }

 private:
  static constexpr std::size_t kScope = ~std::size_t{0};
  static constexpr std::size_t kRequire = kScope - 1;

  struct Stage {
    std::vector<expr::Expression> expressions;
    std::vector<std::size_t> gives;  // number of a let, kScope, kRequire
    std::optional<expr::ColumnEvaluator> evaluator;
    std::vector<ColumnResult> results;
  };

  explicit ColumnRule(const Examiner& examiner) : examiner_(examiner) {}

  [[nodiscard]] std::size_t level_of(const Condition& condition,
                                     const std::vector<std::size_t>& levels) const {
    std::size_t level = 0;
    for (const std::size_t variable : condition.expression.variables()) {
      if (variable < examiner_.names().lets) continue;
      level = std::max(level, levels[variable - examiner_.names().lets] + 1);
    }
    return level;
  }

  void place(const Condition& condition, std::size_t level, std::size_t gives) {
    while (stages_.size() <= level) stages_.emplace_back();
    stages_[level].expressions.push_back(condition.expression);
    stages_[level].gives.push_back(gives);
    for (const expr::FieldRead& read : condition.expression.reads()) {
      if (read.variable == RuleNames::kSelf) reads_.add(read.path);
    }
  }

  void variables(std::span<const Entity> subjects, Gatherer& gatherer, expr::ColumnTable& table) {
    const RuleNames& names = examiner_.names();
    table.columns.resize(names.size);
    table.columns[RuleNames::kSelf] =
        ColumnView::record(gatherer.gather(examiner_.self(), reads_, subjects));
    const std::vector<Value>& fixed = examiner_.fixed();
    for (std::size_t i = RuleNames::kAsOf; i < names.keys; ++i) {
      table.columns[i] = ColumnView::one(fixed[i]);
    }
    keys_.clear();
    for (std::size_t i = names.keys; i < names.lets; ++i) {
      table.columns[i] = key_column(subjects, i - names.keys);
    }
  }

  // Keys of cohorts, one a cohort: few, so each is made from its Value.
  ColumnView key_column(std::span<const Entity> subjects, std::size_t key) {
    Keys& into = keys_.emplace_back();
    Kind kind = Kind::kNull;
    into.valid.assign((subjects.size() + 63) / 64, 0);
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const Value& value = examiner_.cohorts().keys[subjects[i]][key];
      into.integers.push_back(value.is_error() ? 0 : value.as_int());
      into.texts.push_back(value.is_error() ? std::string_view() : value.as_text());
      if (value.is_error()) continue;
      kind = value.kind();
      into.valid[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    for (const std::int64_t one : into.integers) {
      into.days.push_back(static_cast<std::int32_t>(one));
      into.codes.push_back(static_cast<std::uint32_t>(one));
    }
    into.truth.assign(into.valid.size(), 0);
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      if (into.integers[i] != 0) into.truth[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    switch (kind) {
      case Kind::kInt:
        return ColumnView::integers(into.integers, into.valid.data());
      case Kind::kDate:
        return ColumnView::dates(into.days, into.valid.data());
      case Kind::kEnum:
        return ColumnView::codes(std::span<const std::uint32_t>(into.codes), into.valid.data());
      case Kind::kBool:
        return ColumnView::booleans(into.truth.data(), subjects.size(), into.valid.data());
      case Kind::kString:
        return ColumnView::texts(into.texts, into.valid.data());
      default:  // not one is known
        return ColumnView::one(Value::error(expr::ErrorCode::kMissing));
    }
  }

  static void collect(std::span<const Entity> subjects, const ColumnResult* scope,
                      const ColumnResult& require, std::vector<Entity>& hits) {
    for (std::size_t word = 0; word < require.truth.size(); ++word) {
      const std::uint64_t error = require.errors.empty() ? 0 : require.errors[word];
      std::uint64_t open = ~(require.truth[word] & ~error);
      if (scope != nullptr) {
        open &= scope->truth[word] | (scope->errors.empty() ? 0 : scope->errors[word]);
      }
      for (; open != 0; open &= open - 1) {
        const std::size_t row = word * 64 + static_cast<std::size_t>(__builtin_ctzll(open));
        if (row < subjects.size()) hits.push_back(subjects[row]);
      }
    }
  }

  struct Keys {
    std::vector<std::uint64_t> valid;
    std::vector<std::uint64_t> truth;
    std::vector<std::int64_t> integers;
    std::vector<std::int32_t> days;
    std::vector<std::uint32_t> codes;
    std::vector<std::string_view> texts;
  };

  const Examiner& examiner_;
  ReadTree reads_;
  std::vector<Stage> stages_;
  std::deque<Keys> keys_;
};

}  // namespace

absl::StatusOr<std::vector<Entity>> hits_by_rows(const Examiner& examiner,
                                                 std::span<const Entity> subjects) {
  std::vector<Entity> out;
  for (const Entity subject : subjects) {
    if (is_hit(examiner.judge(subject))) out.push_back(subject);
  }
  return out;
}

absl::StatusOr<std::vector<Entity>> hits_by_columns(const Examiner& examiner,
                                                    std::span<const Entity> subjects) {
  std::optional<ColumnRule> rule = ColumnRule::make(examiner);
  if (!rule) return hits_by_rows(examiner, subjects);
  examiner.facts().set_cohorts(&examiner.cohorts().items);
  Gatherer gatherer(examiner.facts());
  std::vector<Entity> out;
  for (std::size_t first = 0; first < subjects.size(); first += kBlock) {
    const std::size_t count = std::min(kBlock, subjects.size() - first);
    const absl::Status done = rule->run(subjects.subspan(first, count), gatherer, out);
    if (!done.ok()) return done;
  }
  return out;
}

}  // namespace dangbo::inline v1::rules
