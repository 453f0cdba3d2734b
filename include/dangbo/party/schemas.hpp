// The standard tables: columns, types, roles, natural keys and the headers people write. A registry
// knows units, members and memberships by name; every other table is schema plus roles.
// docs/tables.md is made from these.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::party {

// Names of the standard tables.
struct TableName {
  static constexpr std::string_view kUnits = "units";
  static constexpr std::string_view kUnitEvents = "unit_events";
  static constexpr std::string_view kMembers = "members";
  static constexpr std::string_view kMemberships = "memberships";
  static constexpr std::string_view kPosts = "posts";
  static constexpr std::string_view kDecisions = "decisions";
  static constexpr std::string_view kAbsences = "absences";
  static constexpr std::string_view kDocuments = "documents";
  static constexpr std::string_view kEvaluations = "evaluations";
  static constexpr std::string_view kMeetings = "meetings";
  static constexpr std::string_view kChecklist = "checklist";
  static constexpr std::string_view kRegistrations = "registrations";
  static constexpr std::string_view kHeadcounts = "headcounts";
  static constexpr std::string_view kCongresses = "congresses";
  static constexpr std::string_view kPlans = "plans";
  static constexpr std::string_view kContacts = "contacts";
  static constexpr std::string_view kRecognitions = "recognitions";
  static constexpr std::string_view kDues = "dues";
  static constexpr std::string_view kTraining = "training";
  static constexpr std::string_view kBaselines = "baselines";
  static constexpr std::string_view kQuarantine = "quarantine";
  static constexpr std::string_view kCrossReferences = "cross_references";
};

using SchemaPtr = std::shared_ptr<const table::Schema>;

// All standard tables in the order of TableName. Built on first use; safe from any number of
// threads. Headers and file names accepted for a column or table, its titles included, are in
// `aliases`.
[[nodiscard]] std::span<const SchemaPtr> standard_schemas();

// By name, title or file name without extension, folded; null when there is none.
[[nodiscard]] SchemaPtr find_schema(std::string_view name_or_alias);

}  // namespace dangbo::inline v1::party
