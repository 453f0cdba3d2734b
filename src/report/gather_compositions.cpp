// Who the members are: one question for the whole, one for all units, for each attribute.
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/base/make_room.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "report/model.hpp"
#include "report/suppress.hpp"
#include "report/text.hpp"

namespace dangbo::inline v1::report {

namespace {

using Json = nlohmann::ordered_json;
using table::Column;
using table::Table;

constexpr std::array<std::string_view, 10> kColumns = {
    "standing", "sex",    "youth_union", "unit.sector", "unit.kind",
    "status",   "degree", "theory",      "ethnicity",   "religion"};
// More words than this are taken together; sensitive ones sooner, for each is a way to a person.
constexpr std::size_t kMostWords = 8;
constexpr std::size_t kMostSensitiveWords = 6;
// A table of units by words beyond this is not worth its memory.
constexpr std::size_t kMostCells = 4'000'000;

const table::Field* field_of(const Model& model, std::string_view column) {
  const bool is_of_unit = column.starts_with("unit.");
  const auto rows = model.view.snapshot().rows(is_of_unit ? "units" : "members");
  if (!rows) return nullptr;
  const auto at = rows->schema().find(is_of_unit ? column.substr(5) : column);
  return at ? &rows->schema().fields()[*at] : nullptr;
}

// A group of an answer as its text; "" = missing. Answers with and without `each` agree in it.
std::string word_of(const Column& column, std::size_t row) {
  return column.display(row);
}

class Composer {
 public:
  Composer(Model& model, std::string_view column) : model_(model) {
    made_.column = column;
    const table::Field* field = field_of(model, column);
    if (field != nullptr) {
      made_.is_sensitive = field->sensitive;
      codes_ = field->codes.get();
      type_ = field->type;
      made_.title = field->title;
    }
    if (column == "standing") {
      made_.title = {"chính thức, dự bị", "standing"};
      codes_ = party::standings().get();
    }
    if (column == "unit.kind") made_.title = {"loại tổ chức đang sinh hoạt", "kind of unit"};
    if (column == "unit.sector") made_.title = {"loại hình đơn vị", "sector of unit"};
  }

  absl::Status run() {
    const Json by = Json::array({made_.column});
    const auto whole =
        ask(model_, model_.view, {{"of", "members"}, {"by", by}, {"share", "total"}}, made_.title);
    if (!whole.ok()) return whole.status();
    add_categories(*whole);
    const bool has_value =
        std::any_of(made_.categories.begin(), made_.categories.end(),
                    [](const Category& category) { return !category.is_missing; });
    if (!has_value) {
      if (made_.base > 0) model_.empty_columns.push_back(made_.title);
      return absl::OkStatus();
    }
    if (absl::Status status = add_units(by); !status.ok()) return status;
    if (made_.is_sensitive && model_.is_public()) hide();
    model_.compositions.push_back(std::move(made_));
    return absl::OkStatus();
  }

 private:
  base::Message label(const std::string& word) const {
    if (type_ == table::Type::kBool) {
      return word == "true" ? base::Message{"có", "yes"} : base::Message{"không", "no"};
    }
    if (codes_ != nullptr) return label_of(*codes_, word);
    const std::string shown = clean(word, 40);
    return {shown, shown};
  }

  // Words of a vocabulary in its order, others by how often they occur; the seldom ones together.
  void add_categories(const Table& whole) {
    const Column& word = whole.column(*whole.find(made_.column));
    const Column& count = whole.column(*whole.find("count"));
    struct Met {
      std::string word;
      std::int64_t count;
      std::size_t order;
    };
    std::vector<Met> met;
    std::int64_t missing = 0;
    for (std::size_t row = 0; row < whole.row_count(); ++row) {
      made_.base += count.integer(row);
      if (word.is_missing(row)) {
        missing += count.integer(row);
        continue;
      }
      const std::size_t order = codes_ != nullptr && word.type() == table::Type::kCode
                                    ? static_cast<std::size_t>(word.code(row))
                                    : 0;
      met.push_back({word_of(word, row), count.integer(row), order});
    }
    const bool is_open = codes_ == nullptr && type_ != table::Type::kBool;
    std::stable_sort(met.begin(), met.end(), [&](const Met& a, const Met& b) {
      if (!is_open && type_ == table::Type::kBool) return a.word > b.word;
      return is_open ? a.count > b.count : a.order < b.order;
    });
    const std::size_t most = made_.is_sensitive ? kMostSensitiveWords : kMostWords;
    made_.is_tick = type_ == table::Type::kBool && met.size() == 1 && met[0].word == "true";
    std::int64_t rest = 0;
    std::size_t rest_words = 0;
    for (const Met& one : met) {
      const bool is_seldom = made_.is_sensitive && model_.is_public() && one.count < kSmallest;
      if ((is_open && made_.categories.size() >= most) || is_seldom) {
        rest += one.count;
        ++rest_words;
      } else {
        add_category({label(one.word), false, false}, one.word, one.count);
      }
    }
    rest_ = kNone;
    if (rest_words > 0) {
      rest_ = static_cast<std::uint32_t>(made_.categories.size());
      add_category({{"còn lại", "all others"}, false, true}, {}, rest);
    }
    missing_ = kNone;
    if (missing > 0) {
      missing_ = static_cast<std::uint32_t>(made_.categories.size());
      add_category({{"không ghi", "not recorded"}, true, false}, {}, missing);
    }
  }

  void add_category(Category category, const std::string& word, std::int64_t count) {
    if (!category.is_missing && !category.is_rest) {
      std::string key = word;
      base::make_room(number_of_);
      number_of_.emplace(std::move(key), static_cast<std::uint32_t>(made_.categories.size()));
    }
    made_.categories.push_back(std::move(category));
    made_.total.push_back(count);
  }

  absl::Status add_units(const Json& by) {
    const std::size_t width = made_.categories.size();
    if (model_.units.empty()) return absl::OkStatus();
    if (model_.units.size() * width > kMostCells) {
      made_.is_without_units = true;
      return absl::OkStatus();
    }
    const auto table = ask(model_, model_.view, {{"of", "members"}, {"each", "all"}, {"by", by}},
                           {made_.title.vi + ", từng tổ chức", made_.title.en + ", by unit"});
    if (!table.ok()) {  // the words before some were taken together may be too many
      made_.is_without_units = true;
      return absl::OkStatus();
    }
    fill(*table);
    return absl::OkStatus();
  }

  void fill(const Table& table) {
    const Column& unit = table.column(*table.find("unit_id"));
    const Column& word = table.column(*table.find(made_.column));
    const Column& count = table.column(*table.find("count"));
    absl::flat_hash_map<std::string_view, std::uint32_t> places;
    base::make_room(places, model_.units.size());
    for (std::uint32_t i = 0; i < model_.units.size(); ++i) places.emplace(model_.units[i].key, i);
    const std::size_t width = made_.categories.size();
    made_.counts.assign(model_.units.size() * width, 0);
    for (std::size_t row = 0; row < table.row_count(); ++row) {
      const std::int64_t value = count.integer(row);
      if (value == 0) continue;
      const auto place = places.find(unit.text(row));
      if (place == places.end()) continue;
      const std::uint32_t category = category_of(word, row);
      if (category != kNone) made_.counts[place->second * width + category] += value;
    }
  }

  std::uint32_t category_of(const Column& word, std::size_t row) {
    if (word.is_missing(row)) return missing_;
    const auto known = number_of_.find(word_of(word, row));
    return known == number_of_.end() ? rest_ : known->second;
  }

  // ---- what the public may not see

  [[nodiscard]] bool is_grassroots(const Unit& unit) const {
    const auto& classes = party::unit_classes()->codes();
    if (unit.unit_class < classes.size()) return classes[unit.unit_class].id == "grassroots";
    const auto& kinds = party::unit_kinds()->codes();
    return unit.kind < kinds.size() && kinds[unit.kind].id.starts_with("grassroots_");
  }

  void hide() {
    const std::size_t width = made_.categories.size();
    made_.hidden_total.assign(width, false);
    if (!made_.counts.empty()) made_.hidden.assign(made_.counts.size(), true);
    GuardedTable table;
    table.categories = width;
    for (const Category& category : made_.categories) table.is_open.push_back(category.is_missing);
    // The page's own unit is the first row, or all roots together are.
    const bool is_low_page = model_.root != kNone && !is_high(model_.units[model_.root]);
    table.rows.push_back({GuardedTable::kNoRow, !is_low_page});
    table.cells = made_.total;
    std::vector<std::uint32_t> unit_of = {model_.root};
    if (!made_.counts.empty() && !is_low_page) add_rows(table, unit_of);
    const std::vector<bool> hidden = hidden_cells(table, kSmallest);
    for (std::size_t c = 0; c < width; ++c) made_.hidden_total[c] = hidden[c];
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      if (unit_of[row] == kNone || made_.counts.empty()) continue;
      for (std::size_t c = 0; c < width; ++c) {
        made_.hidden[unit_of[row] * width + c] = hidden[row * width + c];
      }
    }
  }

  // Units that may have rows, from above; and for each with some below what these do not account
  // for.
  void add_rows(GuardedTable& table, std::vector<std::uint32_t>& unit_of) {
    const std::size_t width = made_.categories.size();
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const std::uint32_t at = unit_of[row];
      const bool is_top = row == 0;
      if (!is_top && (at == kNone || is_grassroots(model_.units[at]))) continue;
      if (is_top && at != kNone && is_grassroots(model_.units[at])) continue;
      std::vector<std::int64_t> rest(
          table.cells.begin() + static_cast<std::ptrdiff_t>(row * width),
          table.cells.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
      bool has_rows = false;
      const auto add_row = [&](std::uint32_t unit) {
        if (!is_high(model_.units[unit])) return;
        has_rows = true;
        table.rows.push_back({static_cast<std::uint32_t>(row), true});
        unit_of.push_back(unit);
        for (std::size_t c = 0; c < width; ++c) {
          table.cells.push_back(made_.count(unit, c));
          rest[c] -= made_.count(unit, c);
        }
      };
      if (is_top) {
        for (const std::uint32_t unit : model_.tops) add_row(unit);
      } else {
        for (std::uint32_t unit = at + 1; unit < model_.units[at].end;
             unit = model_.units[unit].end) {
          add_row(unit);
        }
      }
      const bool has_rest =
          std::any_of(rest.begin(), rest.end(), [](std::int64_t count) { return count != 0; });
      if (!has_rows || !has_rest) continue;
      table.rows.push_back({static_cast<std::uint32_t>(row), false});
      unit_of.push_back(kNone);
      table.cells.insert(table.cells.end(), rest.begin(), rest.end());
    }
  }

  Model& model_;
  Composition made_;
  const table::CodeSet* codes_ = nullptr;
  table::Type type_ = table::Type::kText;
  std::uint32_t rest_ = kNone;
  std::uint32_t missing_ = kNone;
  absl::flat_hash_map<std::string, std::uint32_t> number_of_;
};

}  // namespace

bool is_high(const Unit& unit) {
  const auto& classes = party::unit_classes()->codes();
  if (unit.unit_class < classes.size()) return classes[unit.unit_class].id != "below_grassroots";
  const auto& kinds = party::unit_kinds()->codes();
  if (unit.kind >= kinds.size()) return false;
  constexpr std::array<std::string_view, 4> kLow = {"cell", "group", "section_committee",
                                                    "subordinate_committee"};
  return std::find(kLow.begin(), kLow.end(), kinds[unit.kind].id) == kLow.end();
}

absl::Status gather_compositions(Model& model) {
  for (const std::string_view column : kColumns) {
    if (absl::Status status = Composer(model, column).run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace dangbo::inline v1::report
