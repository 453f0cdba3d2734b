#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/rollup/query.hpp"
#include "report/model.hpp"

namespace dangbo::inline v1::report {

namespace {

using base::ProblemCode;
using Json = nlohmann::ordered_json;

absl::Status refuse(ProblemCode code, const char* at, const std::string& value,
                    base::Message reason, base::Message fix) {
  return base::problem_status(absl::StatusCode::kInvalidArgument,
                              rollup::mistake(code, at, value, std::move(reason), std::move(fix)));
}

std::uint32_t code_in(const table::Column& column, std::size_t row) {
  return column.is_missing(row) ? kNone : static_cast<std::uint32_t>(column.code(row));
}

void read_tree(Model& model) {
  const auto column = [&](const char* name) -> const table::Column& {
    return model.tree.column(*model.tree.find(name));
  };
  const table::Column& key = column("unit_id");
  const table::Column& name = column("name");
  const table::Column& kind = column("kind");
  const table::Column& unit_class = column("class");
  const table::Column& level = column("level");
  const table::Column& own = column("members_own");
  const table::Column& below = column("members_below");
  std::vector<std::uint32_t> open;  // the way down to the row
  const auto rows = static_cast<std::uint32_t>(model.tree.row_count());
  model.units.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    Unit& unit = model.units[row];
    unit.level = static_cast<std::uint32_t>(level.integer(row));
    while (open.size() > unit.level) {
      model.units[open.back()].end = row;
      open.pop_back();
    }
    unit.parent = open.empty() ? kNone : open.back();
    open.push_back(row);
    unit.key = key.text(row);
    unit.name = name.text(row);
    unit.kind = code_in(kind, row);
    unit.unit_class = code_in(unit_class, row);
    unit.own = own.integer(row);
    unit.below = below.integer(row);
  }
  for (const std::uint32_t unit : open) model.units[unit].end = rows;
}

absl::Status gather_tree(Model& model) {
  auto tree = rollup::tree_table(model.view, model.request.unit, 0);
  if (!tree.ok()) return tree.status();
  model.tree = *std::move(tree);
  model.unit_key = model.request.unit;
  read_tree(model);
  const bool has_one_top = !model.units.empty() && model.units[0].end == model.units.size();
  if (has_one_top) {
    model.root = 0;
    model.unit_key = model.units[0].key;
  } else {
    model.is_in_force = model.unit_key.empty();
  }
  const std::uint32_t first = has_one_top ? 1 : 0;
  for (std::uint32_t at = first; at < model.units.size(); at = model.units[at].end) {
    model.tops.push_back(at);
    if (!has_one_top) model.members += model.units[at].below;
  }
  if (has_one_top) {
    model.members = model.units[0].below;
    model.title = model.units[0].name.empty() ? model.units[0].key : model.units[0].name;
  } else if (!model.unit_key.empty()) {
    model.title = model.unit_key;
  }
  return absl::OkStatus();
}

absl::Status count_units(Model& model, const char* column, base::Message what,
                         std::vector<Count>& out) {
  const auto table =
      ask(model, model.view, {{"of", "units"}, {"by", Json::array({column})}}, std::move(what));
  if (!table.ok()) return table.status();
  const table::Column& word = table->column(*table->find(column));
  const table::Column& count = table->column(*table->find("count"));
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    out.push_back({word.display(row), count.integer(row)});
  }
  return absl::OkStatus();
}

// The kinds that lie side by side differ most.
void order_kinds(Model& model) {
  const auto add = [&](std::uint32_t kind) {
    if (kind == kNone) return;
    const auto known = std::find(model.kind_order.begin(), model.kind_order.end(), kind);
    if (known == model.kind_order.end()) model.kind_order.push_back(kind);
  };
  for (const std::uint32_t unit : model.tops) add(model.units[unit].kind);
  for (const Unit& unit : model.units) add(unit.kind);
}

absl::Status gather_reorganisation(Model& model) {
  if (!model.request.reorganisation || !model.request.has(Part::kReorganisation)) {
    return absl::OkStatus();
  }
  auto compared = compare_days(model.view.snapshot(), model.view.known_at(),
                               *model.request.reorganisation, model.unit_key);
  if (!compared.ok()) return compared.status();
  model.reorganisation = *std::move(compared);
  return absl::OkStatus();
}

}  // namespace

const Composition* Model::find(std::string_view column) const noexcept {
  for (const Composition& composition : compositions) {
    if (composition.column == column) return &composition;
  }
  return nullptr;
}

base::Message label_of(const table::CodeSet& codes, std::string_view word) {
  const auto code = codes.find(word);
  return code ? codes.codes()[*code].name : base::Message{std::string(word), std::string(word)};
}

absl::StatusOr<table::Table> ask(Model& model, const registry::View& view, Json question,
                                 base::Message what) {
  Json document = {{"query", 1}};
  document.update(question);
  if (!model.unit_key.empty()) document["unit"] = model.unit_key;
  const auto query =
      rollup::Query::parse(document.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!query.ok()) return query.status();
  auto table = rollup::run(view, *query);
  if (!table.ok()) return table;
  model.asked.push_back({std::move(what), view.day(), query->to_json(), table->provenance().notes});
  return table;
}

absl::StatusOr<std::unique_ptr<Model>> gather(const registry::View& view,
                                              const PageRequest::Document& request) {
  if (request.on && *request.on != view.day()) {
    const std::string day = view.day().to_string();
    return refuse(ProblemCode::kBadQuery, "/on", request.on->to_string(),
                  {"yêu cầu hỏi ngày khác với ngày " + day + " đang xem",
                   "the request asks another day than the view's " + day},
                  {"bỏ \"on\" hoặc đổi ngày xem", "drop \"on\" or change the view"});
  }
  auto model = std::make_unique<Model>(view, request);
  model->is_synthetic = view.snapshot().is_synthetic();
  if (absl::Status status = gather_tree(*model); !status.ok()) return status;
  order_kinds(*model);
  const auto steps = {
      count_units(*model, "class", {"tổ chức theo cấp", "units by class"}, model->classes),
      count_units(*model, "kind", {"tổ chức theo loại", "units by kind"}, model->kinds),
      gather_compositions(*model),
      gather_grades(*model),
      gather_trend(*model),
      gather_movements(*model),
      gather_reorganisation(*model),
  };
  for (const absl::Status& status : steps) {
    if (!status.ok()) return status;
  }
  gather_figures(*model);
  return model;
}

}  // namespace dangbo::inline v1::report
