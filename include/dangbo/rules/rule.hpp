// One rule of a pack as data: whom it is about, what it requires, its exceptions, its texts and its
// tests. Expressions are checked against the closed names of rules/subject.hpp when a pack is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/expr/expression.hpp"
#include "dangbo/rules/citation.hpp"
#include "dangbo/rules/subject.hpp"
#include "dangbo/time/date.hpp"
#include "dangbo/time/date_range.hpp"

namespace dangbo::inline v1::rules {

// Where a part of a pack stands in the file it was written in.
struct SourcePlace {
  std::uint32_t layer = 0;   // position in Pack::layers
  std::uint32_t line = 0;    // 1-based
  std::uint32_t column = 0;  // 1-based
  friend bool operator==(SourcePlace, SourcePlace) = default;
};

// An expression of a rule. Its variables are numbered as RuleNames says (rules/subject.hpp), the
// same for every expression of one rule, so that one evaluation serves them all.
struct Condition {
  expr::Expression expression;  // its text() is as written
  SourcePlace place;            // of the first character of the text
};

// Mức độ, the mildest first.
enum class Severity : std::uint8_t {
  kAdvisory,   // tham khảo: rests on weak evidence (C, M)
  kNotice,     // lưu ý
  kViolation,  // vi phạm
};

[[nodiscard]] std::string_view text_of(Severity severity) noexcept;  // "advisory" …

// Biến: a named value of a rule. It may read the variables before it.
struct Let {
  std::string name;
  Condition condition;
};

// Ngoại lệ: what takes the edge off a requirement that does not hold.
struct Exception {
  std::string label;                // distinct in the rule
  bool is_open = false;             // lower layers may add exceptions beside it
  std::vector<Citation> citations;  // at least one
  Evidence evidence = Evidence::kA;
  time::DateRange effective;      // it applies on these days only
  std::optional<Condition> when;  // always there; a bool
  // When several hold with different effects, only those that no other outranks decide; if these
  // still differ, the finding is a conflict.
  Precedence precedence;
  // Nothing: the finding is waived. Else it is downgraded to this, which is milder than the rule's.
  std::optional<Severity> downgrade;
  SourcePlace place;
};

// A part of a message: text as it stands, or a value.
struct Piece {
  enum class Kind : std::uint8_t {
    kText,    // `text`
    kValue,   // {x}: the value of `value`
    kLabel,   // {x:label}: the name of its word in the language of the message; an enumeration
    kNumber,  // {n|one|many}: `one` when the value of `value` is 1, else `many`; an int
  };
  Kind kind = Kind::kText;
  std::string text;  // kText; else the expression as written
  std::string one;
  std::string many;
  std::optional<Condition> value;  // over the variables of the rule; all but kText
};

// A text for people in both languages. Both read the same values.
struct Template {
  std::vector<Piece> vi;
  std::vector<Piece> en;
};

// A value of an entity in a test.
struct TestValue {
  enum class Kind : std::uint8_t {
    kNumber,    // an int
    kText,      // a text, a word of a vocabulary
    kBool,      // `number` is 0 or 1
    kDate,      // `number` is its days
    kBoundary,  // n of generated boundaries, `number` added to it
    kEntities,  // a relation
    kEntity,    // a record
  };
  Kind kind = Kind::kNumber;
  std::string text;
  std::int64_t number = 1;
  std::vector<std::size_t> entities;  // positions in RuleTest::entities
};

// An invented unit, member, row: what a test knows of it. All else is missing, relations empty.
struct TestEntity {
  std::string name;     // as the test calls it; empty for one inside another
  std::string of_rule;  // the rule whose subject it is; empty for one inside another
  TestValue count;      // in a relation: so many alike
  std::vector<std::pair<std::string, TestValue>> fields;  // members of its record, keys of a cohort
};

struct TestExpectation {
  std::string rule;
  std::size_t subject = 0;  // position in RuleTest::entities
  std::string outcome;  // "satisfied", "out_of_scope", "violated", "waived", …; empty = generated
  std::string by;       // label of the exception; may be empty
  SourcePlace place;
};

// Ca kiểm thử, written beside the rules. With a `parameter` it stands for many: n is each value v
// of the parameter, less one, v, and plus one, on the day before each first day, the first and last
// day of each and the day after; where the rule is in force the outcome changes exactly once.
struct RuleTest {
  base::Message name;               // may be empty
  std::optional<time::Date> as_of;  // nothing = generated
  std::vector<TestEntity> entities;
  std::vector<TestExpectation> expectations;  // of generated boundaries: one
  std::string parameter;                      // of generated boundaries; empty = as written
  SourcePlace place;
};

// Quy tắc.
struct Rule {
  std::string id;
  Subject subject;
  expr::Type self;      // of the variable `self`, as its expressions were checked
  base::Message title;  // may be empty
  Severity severity = Severity::kViolation;
  // Whether a check runs it unless told otherwise. False for every rule about a person.
  bool on_by_default = true;
  time::DateRange effective;        // it applies on these days only
  std::vector<Citation> citations;  // at least one
  // Of its own texts. A finding has the weakest of it and of the parameter values that it reads;
  // what is weak (is_weak) is advisory, whatever the severity.
  Evidence evidence = Evidence::kA;
  std::optional<Condition> when;      // the scope; absent = every subject of its kind
  std::vector<Let> lets;              // in the order of the file
  std::optional<Condition> require;   // always there; a bool
  std::vector<Exception> exceptions;  // of all layers, in the order of the layers
  bool is_open = false;               // lower layers may add exceptions to it
  Template message;
  std::optional<Template> remedy;
  SourcePlace place;

  bool is_about_person = false;  // findings of it: off by default, procedural, without a forecast
};

}  // namespace dangbo::inline v1::rules
