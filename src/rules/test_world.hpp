// The records of a test: what is given, all else missing, relations empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "dangbo/expr/value.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

class TestWorld {
 public:
  // `test` and `n` of generated boundaries outlive this.
  TestWorld(const RuleTest& test, std::int64_t n) : test_(test), n_(n) {}
  TestWorld(const TestWorld&) = delete;
  TestWorld& operator=(const TestWorld&) = delete;

  // The variables of the rule about an entity on a day, those of `let` still missing; nothing when
  // the entity is not of the rule's records or has too many rows.
  [[nodiscard]] std::optional<std::vector<expr::Value>> variables(const Pack& pack,
                                                                  const Rule& rule,
                                                                  std::size_t entity,
                                                                  time::Date day);

 private:
  // Rows of which many are alike.
  struct Rows final : expr::RowSource {
    [[nodiscard]] expr::Value field(std::size_t row, std::size_t field) const override {
      return different[which[row]][field];
    }
    std::vector<std::vector<expr::Value>> different;
    std::vector<std::uint32_t> which;
  };

  const Rows* rows_of(const std::vector<std::size_t>& entities, const expr::Type& record,
                      int depth);
  bool fill(std::size_t entity, const expr::Type& record, int depth,
            std::vector<expr::Value>& fields);
  std::optional<expr::Value> value(const TestValue& given, const expr::Type& type, int depth);
  [[nodiscard]] std::int64_t number(const TestValue& given) const noexcept;

  const RuleTest& test_;
  std::int64_t n_;
  std::size_t made_ = 0;
  std::deque<Rows> kept_;
};

// The value of a parameter on a day as expressions see it.
[[nodiscard]] expr::Value value_on(const Parameter& parameter, time::Date day);

}  // namespace dangbo::inline v1::rules
