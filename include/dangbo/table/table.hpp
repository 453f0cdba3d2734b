// A batch of rows: columns of equal length, and where the figures come from.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/table/column.hpp"

namespace dangbo::inline v1::table {

// What a result rests on, in the order it is shown: ("on", "2020-11-30"), ("scope", "with below"),
// … Keys used by the library: query, on, frozen, known_at, data, period, unit, filter, base, scope,
// coverage, quarantined, pack. "data" is "synthetic" where the facts are invented.
struct Provenance {
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<base::Message> notes;  // for people: approximations, contradictions, marks

  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const noexcept;
};

// Immutable rows. Copying a table copies pointers; safe from any number of threads.
class Table {
 public:
  Table() = default;
  // REQUIRES: all columns have `rows` values and distinct names.
  Table(std::string name, std::vector<Column> columns, Provenance provenance = {});

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::size_t row_count() const noexcept { return rows_; }
  [[nodiscard]] std::size_t column_count() const noexcept { return columns_.size(); }
  [[nodiscard]] const Column& column(std::size_t index) const noexcept { return *columns_[index]; }
  [[nodiscard]] const std::shared_ptr<const Column>& shared_column(
      std::size_t index) const noexcept {
    return columns_[index];
  }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column_name) const noexcept;
  [[nodiscard]] const Provenance& provenance() const noexcept { return provenance_; }

 private:
  std::string name_;
  std::vector<std::shared_ptr<const Column>> columns_;
  std::size_t rows_ = 0;
  Provenance provenance_;
};

}  // namespace dangbo::inline v1::table
