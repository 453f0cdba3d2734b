// find: who another system means by a key.
#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/registry/cross_reference.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

using table::Column;
using table::Type;

// One row: what it is and its key, and where a member is at home.
table::Table answer(const registry::View& view, const registry::Entity& found) {
  const auto& snapshot = view.snapshot();
  const bool is_unit = found.unit != base::kNoUnitSlot;
  Column type("subject_type", Type::kText);
  Column key("subject_id", Type::kText);
  Column home("unit_id", Type::kText);
  type.append_text(is_unit ? "unit" : "member");
  key.append_text(is_unit ? snapshot.key_of(found.unit) : snapshot.key_of(found.member));
  const auto unit = is_unit ? base::kNoUnitSlot : view.home_of(found.member);
  unit == base::kNoUnitSlot ? home.append_missing() : home.append_text(snapshot.key_of(unit));
  std::vector<Column> columns;
  for (Column* column : {&type, &key, &home}) columns.push_back(std::move(*column));
  return {"find", std::move(columns)};
}

}  // namespace

int run(const Console& console, const FindArguments& arguments) {
  if (arguments.data.empty() || arguments.scheme.empty() || arguments.key.empty()) {
    return console.usage_error("find",
                               {"cần tệp sổ hoặc thư mục, hệ thống mã và mã",
                                "a registry file or folder, a scheme and a key are needed"});
  }
  if (!is_format(console, "find", arguments.format)) return kUsage;
  const auto day = read_day(console, "find", arguments.on);
  if (!day) return kUsage;
  const auto registry = open_data(console, {arguments.data});
  if (registry == nullptr) return kRefused;
  const auto snapshot = snapshot_of(console, "find", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  const registry::View view = snapshot->at(*day);
  const auto found = registry::find_entity(view, arguments.scheme, arguments.key);
  if (found) return print_table(console, answer(view, *found), arguments.format);
  const std::string key = printable(arguments.key);
  const std::string scheme = printable(arguments.scheme);
  const std::string on = day->to_string();
  console.say({"ngày " + on + " không ai mang mã «" + key + "» của «" + scheme + "»",
               "on " + on + " nobody has the key \"" + key + "\" of \"" + scheme + "\""});
  return kRefused;
}

}  // namespace dangbo::cli
