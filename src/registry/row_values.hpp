// Stored values as columns of a table: keys for slots, words for codes.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <memory>
#include <string>

#include "dangbo/table/column.hpp"
#include "registry/core.hpp"

namespace dangbo::inline v1::registry {

// One field of a table as a column that grows value by value, from stored rows or from another
// column of the field.
class ValueColumn {
 public:
  // The column has the field's name unless another is given.
  ValueColumn(const TableStore& store, std::size_t field, const Core& core, std::string name = {});

  void read(std::uint32_t row);
  void copy(const table::Column& from, std::size_t row);
  void append_missing() { column_.append_missing(); }
  [[nodiscard]] std::size_t text_bytes() const noexcept { return column_.text_bytes(); }
  [[nodiscard]] table::Column take();

 private:
  void append_word(std::string_view word);

  const TableStore& store_;
  const Core& core_;
  std::size_t field_;
  const table::Field& description_;
  table::Column column_;
  std::shared_ptr<table::Words> words_;  // of a growing vocabulary, those met
  absl::flat_hash_map<std::string, std::int32_t> codes_;
};

// One stored value as a person or a file would see it; "" when missing.
[[nodiscard]] std::string display_value(const TableStore& store, std::size_t field,
                                        std::uint32_t row, const Core& core);

}  // namespace dangbo::inline v1::registry
