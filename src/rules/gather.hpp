// Entities as columns: what expressions read of them, field by field.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "dangbo/expr/columns.hpp"
#include "rules/facts.hpp"

namespace dangbo::inline v1::rules {

// Fields that are read of a record, and of the records behind them.
struct ReadTree {
  std::map<std::uint32_t, ReadTree> fields;
  void add(std::span<const std::uint32_t> path);
};

// Columns and what they point to; for one block of subjects at a time.
class Gatherer {
 public:
  explicit Gatherer(const Facts& facts) : facts_(facts) {}
  // A row an entity. Everything gathered before is gone after `clear`.
  const expr::ColumnTable& gather(const RecordBinding& record, const ReadTree& reads,
                                  std::span<const Entity> entities);
  void clear();

 private:
  struct Memory {
    std::vector<std::uint64_t> valid;
    std::vector<std::uint64_t> bits;
    std::vector<std::int64_t> integers;
    std::vector<std::int32_t> days;
    std::vector<std::uint32_t> codes;
    std::vector<double> reals;
    std::vector<std::string_view> texts;
    std::vector<std::uint32_t> known;
    std::vector<std::uint32_t> begin;
    std::vector<std::uint32_t> end;
  };
  // The rows whose columns the entities have.
  struct Block {
    const RecordBinding& record;
    std::span<const Entity> entities;
    std::vector<RowId> rows;
  };
  Memory& memory(std::size_t count);
  expr::ColumnView field(const Block& block, std::uint32_t number, const ReadTree& below);
  expr::ColumnView stored(const Block& block, std::size_t column, Memory& into) const;
  expr::ColumnView words(const Block& block, std::size_t column, Memory& into) const;
  expr::ColumnView scalars(const Block& block, std::uint32_t number, Memory& into) const;
  expr::ColumnView list(const Block& block, const FieldBinding& field, const ReadTree& below);
  expr::ColumnView nested(const Block& block, const FieldBinding& field, const ReadTree& below);

  const Facts& facts_;
  std::deque<Memory> memory_;
  std::deque<expr::ColumnTable> tables_;
};

}  // namespace dangbo::inline v1::rules
