// Any text as a change script: read or refused, and what the check accepts the commit accepts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dangbo/load/script.hpp"
#include "dangbo/registry/registry.hpp"

namespace {

using dangbo::registry::Change;
using dangbo::registry::Registry;

constexpr std::string_view kBody =
    "script: 1\nchanges:\n"
    "- add: {table: units, row: {unit_id: K, kind: bloc}}\n"
    "- add: {table: units, row: {unit_id: A, kind: cell, parent_id: K}}\n"
    "- add: {table: members, row: {member_id: m1}}\n"
    "- add: {table: memberships, row: {member_id: m1, unit_id: A, kind: home, from: 2010}}\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto registry = Registry::create();
  for (const std::string_view text :
       {kBody, std::string_view(reinterpret_cast<const char*>(data), size)}) {
    Change change(*registry);
    if (!dangbo::load::add_script_text(*registry, change, text, "fuzz").ok()) std::abort();
    const bool fits = registry->check(change).problems.empty();
    if (!fits && text.data() == kBody.data()) std::abort();
    if (registry->commit(std::move(change), {}).ok() != fits) std::abort();
  }
  return 0;
}
