// One table of an extract beside the rows that a registry holds of it, read alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::load::detail {

// A row of the extract.
struct Given {
  std::uint32_t batch = 0;
  std::uint32_t row = 0;
};

class Compared {
 public:
  Compared(const registry::Snapshot& snapshot, std::shared_ptr<const table::Schema> schema);
  void add(const registry::Change::Batch& batch);

  [[nodiscard]] const std::shared_ptr<const table::Schema>& schema() const noexcept {
    return schema_;
  }
  [[nodiscard]] const registry::Rows& rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<Given> given() const;
  [[nodiscard]] base::Place place(Given row) const;
  [[nodiscard]] bool is_known(base::RowId row) const noexcept {
    return rows_.is_known(row, snapshot_.commit());
  }

  // The extract has a column for the field.
  [[nodiscard]] bool has(std::size_t field, Given row) const noexcept {
    return columns_[row.batch][field] != nullptr;
  }
  [[nodiscard]] bool is_missing(std::size_t field, Given row) const noexcept {
    return !has(field, row) || columns_[row.batch][field]->is_missing(row.row);
  }
  [[nodiscard]] std::string text(std::size_t field, Given row) const {
    return is_missing(field, row) ? "" : columns_[row.batch][field]->display(row.row);
  }
  [[nodiscard]] std::optional<time::PartialDate> date(std::size_t field, Given row) const;
  // Days on which the row holds.
  [[nodiscard]] time::DateRange range(Given row) const;

  [[nodiscard]] bool is_missing(std::size_t field, base::RowId row) const noexcept {
    return readers_[field].is_missing(row);
  }
  [[nodiscard]] std::string text(std::size_t field, base::RowId row) const;
  [[nodiscard]] bool is_same(std::size_t field, Given given, base::RowId stored) const;

  // Values of the key, one behind the other: what tells rows apart that hold on one day.
  template <typename Row>
  void key(Row row, std::string& out) const {
    out.clear();
    for (const std::size_t field : key_) {
      append(field, row, out);
      out += '\x1F';
    }
  }
  [[nodiscard]] const std::vector<std::size_t>& key_fields() const noexcept { return key_; }
  [[nodiscard]] bool is_key(std::size_t field) const noexcept { return in_key_[field]; }

  // Calls `visit` with the known rows of the key of `given`.
  template <typename Visit>
  void each_of_key(Given given, Visit&& visit) const {
    std::string wanted;
    std::string found;
    key(given, wanted);
    each_of_entity(given, [&](base::RowId row) {
      key(row, found);
      if (found == wanted) visit(row);
    });
  }

  std::optional<std::size_t> from, until, from_after, until_after, unit, member, parent, subject,
      decision;

 private:
  void append(std::size_t field, Given row, std::string& out) const;
  void append(std::size_t field, base::RowId row, std::string& out) const;
  [[nodiscard]] std::string_view key_of(std::size_t field, base::RowId row) const;

  template <typename Visit>
  void each_of_entity(Given given, Visit&& visit) const {
    if (member) {
      const auto slot = snapshot_.find_member(text(*member, given));
      if (!slot) return;
      for (base::RowId row = rows_.newest_of(*slot); row != base::kNoRow;
           row = rows_.previous_of_member(row))
        if (is_known(row)) visit(row);
      return;
    }
    if (schema_->name() == "units") {
      const auto slot = snapshot_.find_unit(text(*unit, given));
      if (!slot) return;
      for (base::RowId row = rows_.newest_of(*slot); row != base::kNoRow;
           row = rows_.previous_of_unit(row))
        if (is_known(row)) visit(row);
      return;
    }
    for (std::uint32_t row = 0; row < rows_.size(); ++row)
      if (is_known(base::RowId{row})) visit(base::RowId{row});
  }

  registry::Snapshot snapshot_;
  std::shared_ptr<const table::Schema> schema_;
  registry::Rows rows_;
  std::vector<registry::FieldReader> readers_;
  std::vector<const registry::Change::Batch*> batches_;
  std::vector<std::vector<const table::Column*>> columns_;  // by batch and field
  std::vector<std::size_t> key_;
  std::vector<bool> in_key_;
};

}  // namespace dangbo::inline v1::load::detail
