#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "branches.hpp"
#include "commands.hpp"
#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/query.hpp"
#include "dangbo/table/write.hpp"
#include "data.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Type;

// Below this a name says nothing; lines then grow longer than the terminal.
constexpr std::size_t kNarrowest = 20;
constexpr std::size_t kWidest = 60;
constexpr std::size_t kKeyWidth = 20;

struct Source {
  const Column& key;
  const Column& name;
  const Column& kind;
  const Column& level;
  const Column& own;
  const Column& below;
};

Source source_of(const table::Table& tree) {
  const auto at = [&](const char* name) -> const Column& { return tree.column(*tree.find(name)); };
  return {at("unit_id"), at("name"),        at("kind"),
          at("level"),   at("members_own"), at("members_below")};
}

std::string kind_title(const Column& kind, std::size_t row, Language language) {
  if (kind.is_missing(row)) return "-";
  const auto& codes = *party::unit_kinds();
  const auto code = codes.find(kind.word(row));
  return code ? base::text_in(codes.codes()[*code].name, language) : kind.word(row);
}

std::size_t width_of(const Column& column) {
  std::size_t width = base::display_width(column.name());
  for (std::size_t row = 0; row < column.size(); ++row) {
    width = std::max(width, base::display_width(column.display(row)));
  }
  return width;
}

// The tree as a table of text whose first column draws the branches.
table::Table drawn(const Console& console, const table::Table& tree, std::size_t width) {
  const Source from = source_of(tree);
  Column name(console.text({"tổ chức đảng", "unit"}), Type::kText);
  Column key(console.text({"mã", "key"}), Type::kText);
  Column kind(console.text({"loại", "kind"}), Type::kText);
  Column own(console.text({"riêng", "own"}), Type::kInt);
  Column below(console.text({"cả dưới", "with below"}), Type::kInt);
  for (std::size_t row = 0; row < tree.row_count(); ++row) {
    key.append_text(fit(from.key.text(row), kKeyWidth));
    kind.append_text(kind_title(from.kind, row, console.language()));
    own.append_integer(from.own.integer(row));
    below.append_integer(from.below.integer(row));
  }
  std::size_t taken = 0;
  for (const Column* column : {&key, &kind, &own, &below}) taken += width_of(*column) + 2;
  const std::size_t left = std::clamp(width > taken ? width - taken : 0, kNarrowest, kWidest);
  Branches branches(from.level);
  for (std::size_t row = 0; row < tree.row_count(); ++row) {
    const std::string branch = branches.next();
    const std::size_t used = base::display_width(branch);
    const std::string_view shown =
        from.name.is_missing(row) ? from.key.text(row) : from.name.text(row);
    name.append_text(branch + fit(shown, left > used + 8 ? left - used : 8));
  }
  std::vector<Column> columns;
  for (Column* column : {&name, &key, &kind, &own, &below}) columns.push_back(std::move(*column));
  return table::Table("tree", std::move(columns), tree.provenance());
}

std::optional<std::uint32_t> read_depth(const Console& console, const std::string& text) {
  std::uint32_t depth = 0;
  if (text.empty()) return depth;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, depth);
  if (error == std::errc() && stop == end && depth > 0) return depth;
  const std::string shown = fit(printable(text), 40);
  console.usage_error("tree", {"--depth «" + shown + "»: cần số nguyên từ 1",
                               "--depth \"" + shown + "\": a whole number from 1 is needed"});
  return std::nullopt;
}

}  // namespace

int run(const Console& console, const TreeArguments& arguments) {
  if (arguments.paths.empty()) {
    return console.usage_error("tree",
                               {"thiếu thư mục dữ liệu", "the folder of the data is missing"});
  }
  const auto day = read_day(console, "tree", arguments.on);
  if (!day) return kUsage;
  const auto depth = read_depth(console, arguments.depth);
  if (!depth || !is_format(console, "tree", arguments.format)) return kUsage;
  const auto registry = open_data(console, arguments.paths);
  if (registry == nullptr) return kRefused;
  const auto snapshot = snapshot_of(console, "tree", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  const auto tree = rollup::tree_table(snapshot->at(*day), arguments.unit, *depth);
  if (!tree.ok()) return report_failure(console, tree.status());
  if (arguments.format != "text") return print_table(console, *tree, arguments.format);
  return print_table(console, drawn(console, *tree, output_width()), arguments.format);
}

}  // namespace dangbo::cli
