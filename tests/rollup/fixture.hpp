// Registries made of rows written as text, and results read as text.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/registry/registry.hpp"
#include "dangbo/rollup/query.hpp"

namespace dangbo::test {

using Cells = std::map<std::string, std::string>;  // field -> text; absent = missing

// Adds rows of one table to a change; every text must fit its field.
void add_rows(registry::Change& change, const registry::Registry& registry,
              std::string_view table_name, const std::vector<Cells>& rows);

// Commits rows of several tables at once; fails the test with the problems when refused.
void commit(registry::Registry& registry,
            const std::vector<std::pair<std::string, std::vector<Cells>>>& tables);

using Lines = std::vector<std::vector<std::string>>;

// Header, then each row as displayed; missing values are "".
Lines lines_of(const table::Table& table);

time::Date day(std::string_view iso);

// Runs a document that must be accepted; an error fails the test and gives no lines.
Lines ask(const registry::Registry& registry, std::string_view json);
// The same with its provenance.
table::Table ask_table(const registry::Registry& registry, std::string_view json);

// "code at pointer" of every problem of a document that must be refused.
std::vector<std::string> faults(const registry::Registry& registry, std::string_view json);
std::vector<std::string> faults_of(const absl::Status& status);

}  // namespace dangbo::test
