// What a table of facts looks like: its fields, their types and roles, and the words people use for
// them. Schemas are immutable once declared and shared by pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"

namespace dangbo::inline v1::table {

enum class Type : std::uint8_t {
  kText,  // UTF-8, normalised to NFC when read
  kCode,  // one word of a vocabulary, closed (CodeSet) or growing with the data
  kDate,  // possibly partial day (time::PartialDate)
  kInt,   // 64-bit integer
  kBool,
  kReal,  // results only: shares and averages, computed last
};

[[nodiscard]] std::string_view name_of(Type type) noexcept;

// What a field means to the registry. A table has at most one field of each role but kUnit and
// kDecision, of which it may have several (the first kUnit field places the row in the tree).
enum class Role : std::uint8_t {
  kNone,
  kUnit,     // key of a unit; must exist
  kParent,   // key of the unit above; `units` only
  kMember,   // key of a member; must exist
  kSubject,  // key of a unit or of a member, as the code field `subject_type` of the row says; must
             // exist
  kDecision,  // key of a row of `decisions`; must exist when that table is part of the registry
  kFrom,      // first day of the interval
  kUntil,     // first day after the interval
  kDay,       // the day of an event
  kPeriod,    // the period of the fact: "2021-08" (month), "2025Q3", "2025", "2020-2025" as text
};

// As schema files and descriptions of tables say it; "" for kNone.
[[nodiscard]] std::string_view name_of(Role role) noexcept;

// Whether a row holds over days, on a day, or for a period.
enum class TableKind : std::uint8_t {
  kState,   // interval [from, until); without either end it is open there
  kEvent,   // one day
  kPeriod,  // a month, quarter, year or term
};

// One word of a vocabulary.
struct Code {
  std::string id;                    // identifier in queries and in the API: "grassroots_cell"
  std::string csv;                   // code in files: "CBCS"
  base::Message name;                // shown to people: "chi bộ cơ sở", "grassroots cell"
  std::vector<std::string> aliases;  // other spellings accepted when reading
};

// A closed vocabulary. Codes are numbered from 0 in the order given; numbers are stable and only
// grow.
class CodeSet {
 public:
  // REQUIRES: ids are distinct; ids, csv codes and aliases of different codes do not fold alike.
  CodeSet(std::string name, std::vector<Code> codes);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<Code>& codes() const noexcept { return codes_; }
  // The ids, by number: the words of every column of this vocabulary.
  [[nodiscard]] const std::shared_ptr<const std::vector<std::string>>& ids() const noexcept {
    return ids_;
  }
  // By id, csv code, Vietnamese or English name or alias, folded (base::fold); ids, csv codes and
  // aliases win over names. O(log words).
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view word) const;

 private:
  struct Entry {
    std::string folded;
    std::uint32_t code;
  };
  std::string name_;
  std::vector<Code> codes_;
  std::shared_ptr<const std::vector<std::string>> ids_;
  std::vector<Entry> by_word_;  // sorted
};

struct Field {
  std::string name;
  Type type = Type::kText;
  bool required = false;
  Role role = Role::kNone;
  std::shared_ptr<const CodeSet> codes;  // kCode only; null = the vocabulary grows with the data
  std::vector<std::string> aliases;      // headers accepted beside the name, matched after folding
  base::Message title;                   // for headings
  bool sensitive = false;  // ethnicity, religion: withheld from small groups in reports
  // Aliases under which the file's value is the last day of the interval, not the first day after
  // it; kUntil only.
  std::vector<std::string> inclusive_aliases;
};

class Schema {
 public:
  // REQUIRES: field names are distinct; natural_key names fields.
  Schema(std::string name, TableKind kind, std::vector<Field> fields,
         std::vector<std::string> natural_key, base::Message title,
         std::vector<std::string> aliases = {});

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] TableKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }
  // Field indexes. Two rows may not share the whole key (missing parts equal); for state tables,
  // not on one day. Empty: rows have no natural key and only a RowId names one.
  [[nodiscard]] const std::vector<std::size_t>& natural_key() const noexcept {
    return natural_key_;
  }
  [[nodiscard]] const base::Message& title() const noexcept { return title_; }
  // File names (without extension) accepted for this table beside its own name, matched after
  // folding.
  [[nodiscard]] const std::vector<std::string>& aliases() const noexcept { return aliases_; }

  // Whether a word that was folded (base::fold) is the table's name or one of its aliases.
  [[nodiscard]] bool is_called(std::string_view folded) const noexcept;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view field_name) const noexcept;
  [[nodiscard]] std::optional<std::size_t> find(Role role) const noexcept;  // the first such field

 private:
  std::string name_;
  TableKind kind_;
  std::vector<Field> fields_;
  std::vector<std::size_t> natural_key_;
  base::Message title_;
  std::vector<std::string> aliases_;
  std::vector<std::string> folded_;  // the name and the aliases
};

}  // namespace dangbo::inline v1::table
