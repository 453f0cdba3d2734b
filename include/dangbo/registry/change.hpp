// Rows on their way into a registry: new ones, corrections of stored ones, withdrawals; and
// operations, which become rows. A Change is plain data: nothing is looked up before check or
// commit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/registry/operation.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::registry {

class Registry;

class Change {
 public:
  // Takes the table names of `registry` as they are now; keeps no reference to it.
  explicit Change(const Registry& registry);

  // Rows with types of their own (Arrow, column buffers, tables built in code): converted to the
  // table's fields (table::conform); what does not fit is kept as a problem and refused at commit.
  // An unknown table is a problem too. `source` names the input in messages. O(rows).
  void add_table(std::string_view table_name, const table::Table& rows, std::string_view source);

  struct Batch {
    std::shared_ptr<const table::Schema> schema;
    table::Table rows;            // columns are fields of the schema, by name
    std::string source;           // a file as the caller named it
    std::uint64_t first_row = 1;  // number of the first row in the source
    std::vector<std::string>
        headers;  // what the source calls each column of `rows`; empty = the field names
    // Numbers of all rows in the source, ascending, when they do not follow one another from
    // first_row on; empty = they do.
    std::vector<std::uint64_t> row_numbers = {};

    [[nodiscard]] std::uint64_t row_number(std::size_t row) const noexcept {
      return row_numbers.empty() ? first_row + row : row_numbers[row];
    }
  };

  // Rows whose columns are already fields of the schema (from table::FieldBuilder). Fields without
  // a column are missing values. REQUIRES: the schema belongs to the registry; headers is empty or
  // one a column; row_numbers is empty or one a row.
  void add_batch(Batch batch) { batches_.push_back(std::move(batch)); }

  // Stored rows that stand corrected or withdrawn from this commit on. The row as it was stays
  // readable for earlier commits; a correction adds the row as it should be.
  struct Correction {
    std::shared_ptr<const table::Schema> schema;
    table::Table targets;  // one stored row each
    table::Table values;   // what to set; no columns in a withdrawal
    bool withdraw = false;
    std::string source;
    std::vector<std::string> target_headers = {};  // as Batch::headers, of `targets`
    std::vector<std::string> headers = {};         // and of `values`
    std::vector<std::uint64_t> row_numbers = {};   // as Batch::row_numbers; empty = from 1 on

    [[nodiscard]] std::uint64_t row_number(std::size_t row) const noexcept {
      return row_numbers.empty() ? row + 1 : row_numbers[row];
    }
  };

  // Corrects rows. Each row of `targets` names one stored row of the table: by the column `row_id`
  // (RowId as an integer), or by fields that together match one row known now, the key of its
  // member or unit or its whole natural key among them. `values` has as many rows and the fields to
  // set; a missing value becomes missing. Ending an interval is a correction of `until`. No such
  // row, several, or a row named twice: a problem at commit. O(rows).
  void correct(std::string_view table_name, const table::Table& targets, const table::Table& values,
               std::string_view source);
  // Corrections whose columns are fields of the schema, or the integers `row_id`, already.
  // REQUIRES: the schema belongs to the registry; values, where there are any, are as many as
  // targets.
  void add_correction(Correction correction) { corrections_.push_back(std::move(correction)); }

  // Takes rows back that should never have been there.
  void withdraw(std::string_view table_name, const table::Table& targets, std::string_view source);

  // Việc tổ chức (operation.hpp), carried out after the operations before it.
  void add_operation(Operation operation) { operations_.push_back(std::move(operation)); }

  // Problems met while reading, before any row could be checked.
  void add_problem(base::Problem problem) { problems_.add(std::move(problem)); }
  void add_problems(base::ProblemList problems) { problems_.append(std::move(problems)); }
  [[nodiscard]] const base::ProblemList& problems() const noexcept { return problems_; }

  // The people and bodies of these rows are invented: so is, from its commit on, the registry that
  // takes them (Snapshot::is_synthetic).
  void mark_synthetic() noexcept { synthetic_ = true; }
  [[nodiscard]] bool is_synthetic() const noexcept { return synthetic_; }

  // All that another change of the same registry holds, behind what this one holds.
  void append(Change other);

  [[nodiscard]] std::span<const Batch> batches() const noexcept { return batches_; }
  [[nodiscard]] std::span<const Correction> corrections() const noexcept { return corrections_; }
  [[nodiscard]] std::span<const Operation> operations() const noexcept { return operations_; }
  [[nodiscard]] bool empty() const noexcept {
    return batches_.empty() && corrections_.empty() && operations_.empty() && problems_.empty();
  }
  // New rows, corrections and withdrawals together, and one for each operation.
  [[nodiscard]] std::uint64_t row_count() const noexcept;

 private:
  [[nodiscard]] std::shared_ptr<const table::Schema> find_schema(std::string_view table_name,
                                                                 std::string_view source);
  void conform_correction(std::string_view table_name, const table::Table& targets,
                          const table::Table* values, std::string_view source);

  std::shared_ptr<const std::vector<std::shared_ptr<const table::Schema>>> schemas_;
  std::vector<Batch> batches_;
  std::vector<Correction> corrections_;
  std::vector<Operation> operations_;
  base::ProblemList problems_;
  bool synthetic_ = false;
};

}  // namespace dangbo::inline v1::registry
