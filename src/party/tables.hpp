// The standard tables one by one; `standard_schemas` gathers them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dangbo/party/schemas.hpp"

namespace dangbo::inline v1::party {

// Titles join the aliases: a file may be called by them.
[[nodiscard]] SchemaPtr make_schema(std::string_view name, table::TableKind kind,
                                    std::vector<table::Field> fields,
                                    std::vector<std::string> natural_key, base::Message title,
                                    std::string_view aliases);

[[nodiscard]] SchemaPtr units_schema();
[[nodiscard]] SchemaPtr unit_events_schema();
[[nodiscard]] SchemaPtr members_schema();
[[nodiscard]] SchemaPtr memberships_schema();
[[nodiscard]] SchemaPtr posts_schema();
[[nodiscard]] SchemaPtr decisions_schema();
[[nodiscard]] SchemaPtr absences_schema();
[[nodiscard]] SchemaPtr documents_schema();
[[nodiscard]] SchemaPtr evaluations_schema();
[[nodiscard]] SchemaPtr meetings_schema();
[[nodiscard]] SchemaPtr checklist_schema();
[[nodiscard]] SchemaPtr registrations_schema();
[[nodiscard]] SchemaPtr headcounts_schema();
[[nodiscard]] SchemaPtr congresses_schema();
[[nodiscard]] SchemaPtr plans_schema();
[[nodiscard]] SchemaPtr contacts_schema();
[[nodiscard]] SchemaPtr recognitions_schema();
[[nodiscard]] SchemaPtr dues_schema();
[[nodiscard]] SchemaPtr training_schema();
[[nodiscard]] SchemaPtr baselines_schema();
[[nodiscard]] SchemaPtr quarantine_schema();
[[nodiscard]] SchemaPtr cross_references_schema();

}  // namespace dangbo::inline v1::party
