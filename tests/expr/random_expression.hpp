// Random columns of every form, and random expressions over them that are right in type.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/expr/columns.hpp"

namespace dangbo::test {

class RandomColumns {
 public:
  explicit RandomColumns(std::uint32_t seed);

  [[nodiscard]] const expr::Environment& environment() const noexcept { return environment_; }
  [[nodiscard]] const expr::ColumnTable& table() const noexcept { return table_; }
  [[nodiscard]] const expr::TableRows& rows() const noexcept { return *rows_; }
  // Of any type that has columns.
  [[nodiscard]] std::string expression();
  [[nodiscard]] std::size_t below(std::size_t count) { return random_() % count; }

 private:
  struct Name {
    std::string text;
    expr::Kind kind;
  };
  struct Memory;

  // A value of the kind, at most `depth` calls deep.
  std::string made(expr::Kind kind, int depth);
  std::string leaf(expr::Kind kind);
  std::string literal(expr::Kind kind);
  std::string condition(int depth);
  std::string fold(expr::Kind kind, int depth);
  std::string whole(int depth);
  std::string quantifier(int depth, bool counts);
  std::string text(int depth);
  std::string day(int depth);
  std::string one_of(std::initializer_list<std::string> choices);
  expr::Kind any_kind();

  expr::ColumnView below_of(const expr::Member& member, std::size_t size,
                            const std::uint64_t* valid);
  void fill(expr::ColumnTable& table, const std::vector<expr::Member>& members, std::size_t size);

  std::mt19937 random_;
  std::shared_ptr<const table::CodeSet> grades_;
  expr::Environment environment_;
  expr::ColumnTable table_;
  expr::ColumnTable members_;
  expr::ColumnTable duties_;
  std::shared_ptr<Memory> memory_;
  std::unique_ptr<expr::TableRows> rows_;
  std::vector<std::string> records_;  // of members, in scope
  int locals_ = 0;
};

}  // namespace dangbo::test
