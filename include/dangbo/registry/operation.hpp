// Việc tổ chức: what decisions do to units, members and posts. Each operation names its day and its
// decision, checks what must hold before it, and becomes ordinary rows: those that end, those that
// begin, and for units a row of `unit_events`. Operations of a change are carried out in their
// order when it is checked or committed; each sees what those before it did, not the plain rows of
// the same change. What does not hold is a problem (kOperationRefused) that names the rows.
//
// Rows of a unit or member that begin later than the operation's day and still say what stood
// before it are changed with it: a unit renamed in March under a row that begins in June keeps its
// new name in June.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::registry {

// Fields of `units` or `members` by name, each with its text as a file would have it.
using Attributes = std::vector<std::pair<std::string, std::string>>;

// What every operation states.
struct Act {
  time::Date day = {};        // the first day on which things are as the operation says
  std::string decision = {};  // key in `decisions`; may be empty where an operation says so
  std::string event = {};     // key of the row of `unit_events`; empty: made of word, day and unit
  base::Place place = {};     // where the operation was written down; stands in its problems
};

// ---- Units. Their decision is required.

// Thành lập: a unit begins. Refused when it stands on the day or later.
struct Establish {
  Act act = {};
  std::string unit = {};
  std::string parent = {};     // empty: a root
  Attributes attributes = {};  // `kind` among them
};

// Đổi tên.
struct Rename {
  Act act = {};
  std::string unit = {};
  std::string name = {};
  std::optional<std::string> short_name = {};
};

// Chuyển loại hình: another kind, class, sector, epoch or other attribute, the same unit.
struct Convert {
  Act act = {};
  std::string unit = {};
  Attributes attributes = {};
};

// Chuyển đảng bộ cấp trên: units with all below them come to stand under another one.
struct Reparent {
  Act act = {};
  std::vector<std::string> units = {};
  std::string children_of = {};  // and all that stand directly below this unit on the day
  std::string parent = {};       // empty: they become roots
};

// Sáp nhập: units end and become part of one that goes on. Members' rows, child units and other
// rows in force pass to it (reason reorganisation); posts in the units end.
struct Absorb {
  Act act = {};
  std::vector<std::string> units = {};
  std::string into = {};
};

// Hợp nhất: units end and become a new one together. As Absorb.
struct Merge {
  Act act = {};
  std::vector<std::string> units = {};
  std::string into = {};
  std::optional<std::string> parent = {};  // nothing: theirs, when they share one
  Attributes attributes = {};  // of the new unit; `kind` among them unless they share one
};

// What a new unit takes over from the one it comes out of.
struct Part {
  std::string unit = {};
  std::optional<std::string> parent = {};  // nothing: that of the old unit
  Attributes attributes = {};              // what is not said is as it was with the old unit
  std::vector<std::string> members = {};
  std::vector<std::string> units = {};  // child units
  bool rest = false;                    // and all that no part names
};

// Chia: a unit ends, new ones take over all it held. Refused when a member or child unit is left
// to no part, or named twice.
struct Divide {
  Act act = {};
  std::string unit = {};
  std::vector<Part> parts = {};
};

// Tách: a unit goes on, new ones begin with some of what it held.
struct SplitOff {
  Act act = {};
  std::string unit = {};
  std::vector<Part> parts = {};
};

// Kết thúc hoạt động; giải tán (disciplinary). Refused while a member or a child unit stands in
// one. Posts end.
struct Close {
  Act act = {};
  std::vector<std::string> units = {};
  bool disband = false;
};

// ---- Members.

// Kết nạp: a home membership begins. For a person who was a member before, `in_reason` is
// re_admission or reinstatement.
struct Admit {
  Act act = {};  // the day of the ceremony
  std::string member = {};
  std::string unit = {};
  std::string in_reason = "admission";
  Attributes attributes = {};  // of `members`; decision_date is the decision's when it is known
};

// Công nhận chính thức. Refused before the admission.
struct Confirm {
  Act act = {};
  std::string member = {};
};

// Chuyển sinh hoạt chính thức: the home row ends and begins on the day the papers are presented
// (definitions.md 2). The decision may be left out.
struct Move {
  Act act = {};
  std::vector<std::string> members = {};
  std::string to = {};
  std::string reason = "internal";  // a word of both in_reasons and out_reasons
  std::optional<time::Date> issued_on = {};
};

// Sinh hoạt tạm thời beside the home membership. The decision may be left out.
struct Temporary {
  Act act = {};
  std::string member = {};
  std::string unit = {};
  std::optional<time::Date> until = {};  // first day no longer
};

// Đang chuyển: papers are issued; the home row stays. The decision may be left out.
struct Transit {
  Act act = {};
  std::string member = {};
};

// Miễn (with `until`: tạm miễn) công tác và sinh hoạt.
struct Exempt {
  Act act = {};
  std::string member = {};
  std::optional<time::Date> until = {};
};

// Đình chỉ sinh hoạt.
struct Suspend {
  Act act = {};
  std::string member = {};
  std::optional<time::Date> until = {};
};

// Ra khỏi sổ: memberships and posts end on the day. The decision may be left out for death,
// to_other_province and unknown.
struct Leave {
  Act act = {};
  std::string member = {};
  std::string reason = {};  // a word of out_reasons
};

// ---- Posts.

struct Appoint {
  Act act = {};
  std::string member = {};
  std::string unit = {};
  std::string post = {};
  std::string body = {};   // may be empty
  std::string basis = {};  // elected, appointed, co_opted; may be empty
  std::optional<time::Date> approved_on = {};
};

struct Relieve {
  Act act = {};
  std::string member = {};
  std::string unit = {};
  std::string post = {};
  std::string body = {};
};

// ---- Records. Corrections of what is known, not events: the day is not used, no decision needed.

// Nhập hồ sơ trùng: `member` is `into`. What is recorded of the one becomes recorded of the other;
// what the other has already, and the row of `members`, is withdrawn. Refused when both have a home
// in different units, or different attributes under one key, on a day.
struct MergeMembers {
  Act act = {};
  std::string member = {};
  std::string into = {};
};

// Tách hồ sơ nhập nhầm: what the last merge of `member` changed becomes as it was; corrections made
// since are kept.
struct UnmergeMembers {
  Act act = {};
  std::string member = {};
};

using Operation = std::variant<Establish, Rename, Convert, Reparent, Absorb, Merge, Divide,
                               SplitOff, Close, Admit, Confirm, Move, Temporary, Transit, Exempt,
                               Suspend, Leave, Appoint, Relieve, MergeMembers, UnmergeMembers>;

}  // namespace dangbo::inline v1::registry
