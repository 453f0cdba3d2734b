// What a difference consists of: rows added, rows corrected, findings; as a change and as the text
// of a script.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/ids.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/table/schema.hpp"
#include "dangbo/table/table.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::load::detail {

using SchemaPtr = std::shared_ptr<const table::Schema>;

// A row to add, or the stored row to correct.
struct Edit {
  SchemaPtr schema;
  std::optional<base::RowId> row;                        // nothing: a new row
  std::vector<std::pair<std::size_t, std::string>> key;  // what names the stored row, for people
  std::map<std::size_t, std::string> cells;              // by field; "" = missing
  base::Place place;                                     // in the extract

  void set(std::string_view field, std::string value) {
    if (const auto index = schema->find(field)) cells[*index] = std::move(value);
  }
};

struct Finding {
  std::string_view what;  // new, moved, vanished, happened, corrected, dated, ask
  std::string table;
  std::string key;
  std::string field = {};
  std::string before = {};
  std::string after = {};
  std::optional<time::PartialDate> day = {};
  std::optional<time::Date> observed = {};
  base::Message note = {};
  std::vector<std::string> proposals = {};  // changes, as lines of a script
  bool is_question = false;
};

class Edits {
 public:
  Edit& add(SchemaPtr schema, base::Place place);
  // One edit a stored row, however often it is asked for.
  Edit& correct(SchemaPtr schema, base::RowId row, base::Place place);
  void find(Finding finding) { findings_.push_back(std::move(finding)); }

  [[nodiscard]] bool empty() const noexcept { return edits_.empty(); }
  [[nodiscard]] std::uint64_t questions() const noexcept;
  [[nodiscard]] registry::Change change(const registry::Registry& registry) const;
  [[nodiscard]] std::string script(const std::string& title) const;
  [[nodiscard]] table::Table findings() const;

 private:
  std::deque<Edit> edits_;
  std::map<std::pair<const table::Schema*, base::RowId>, Edit*> by_row_;
  std::vector<Finding> findings_;
};

// A value as a scalar of a script.
[[nodiscard]] std::string scalar(std::string_view value);

}  // namespace dangbo::inline v1::load::detail
