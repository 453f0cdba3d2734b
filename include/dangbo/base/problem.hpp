// What is wrong with an input, said so that a person can mend it: where, which value, why, and what
// to do. A refused change carries every problem found, never only the first.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::inline v1::base {

// A text for people, in both languages of the library.
struct Message {
  std::string vi;
  std::string en;
  friend bool operator==(const Message&, const Message&) = default;
};

enum class Language : std::uint8_t { kVietnamese, kEnglish };

[[nodiscard]] const std::string& text_in(const Message& message, Language language) noexcept;

// Stable numbers, grouped by room with room between; part of the C ABI, never renumbered.
enum class ProblemCode : std::int32_t {
  // reading files
  kFileUnreadable = 100,
  kFileEmpty = 101,
  kFileIsFolder = 102,
  kBadUtf8 = 103,
  kBrokenQuote = 104,
  kFieldTooLong = 105,
  kFieldCount = 106,
  kHeaderMissing = 107,
  kHeaderAmbiguous = 108,
  kUnknownTable = 109,
  kBadSchemaFile = 110,
  kRowCount = 111,
  kBadScript = 112,
  // values
  kMissingValue = 200,
  kImpossibleDate = 201,
  kUnknownCode = 202,
  kNotANumber = 203,
  kEndBeforeStart = 204,
  kOutOfRange = 205,
  // references and structure
  kDuplicateKey = 300,
  kUnknownUnit = 301,
  kUnknownMember = 302,
  kUnknownDecision = 303,
  kOrphanUnit = 304,
  kUnitCycle = 305,
  kTwoHomes = 306,
  kSeveralRoots = 307,
  kUnitNotInForce = 308,
  kUnknownRow = 309,
  kAmbiguousRow = 310,
  kOperationRefused = 311,
  kPersonsLost = 312,
  kEventContradicted = 313,
  // queries
  kBadQuery = 400,
  kUnknownColumn = 401,
  kTooManyCells = 402,
  kOutsideCoverage = 403,
  kBadDigest = 404,
  // limits and conditions of the registry
  kLimit = 500,
  kConflict = 501,
  // the durable file
  kFileBusy = 600,
  kFileForeign = 601,
  kFileNewer = 602,
  kFileDamaged = 603,
  kFileReadOnly = 604,
  kNetworkShare = 605,
  kDiskFull = 606,
  kFileExists = 607,
  kWalMissing = 608,
  kFileFault = 609,
  kInUse = 610,
  // rule packs
  kBadPack = 700,
};

// Where a problem stands. Every part may be absent.
struct Place {
  std::string file;       // as the caller named it
  std::uint64_t row = 0;  // 1-based as a spreadsheet numbers it, the header being row 1; 0 = no row
  std::string column;     // as the file's header names it
  friend bool operator==(const Place&, const Place&) = default;
};

struct Problem {
  ProblemCode code = ProblemCode::kBadQuery;
  Place place;
  std::string value;  // as read, at most 64 characters
  Message reason;
  Message fix;  // suggested, never applied
  friend bool operator==(const Problem&, const Problem&) = default;
};

// One line: "members.csv, dòng 12, cột sinh ngày: «31/02/1980»: … Cách sửa: …".
[[nodiscard]] std::string to_line(const Problem& problem, Language language);

// Collects problems. Keeps the first `kMaxKept` and counts all, so that hostile input cannot fill
// memory.
class ProblemList {
 public:
  static constexpr std::size_t kMaxKept = 1'000'000;

  void add(Problem problem);
  void append(ProblemList other);

  [[nodiscard]] bool empty() const noexcept { return total_ == 0; }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
  [[nodiscard]] std::span<const Problem> kept() const noexcept { return kept_; }
  // Orders by file, row, column, code: the same input gives the same list.
  void sort();

 private:
  friend ProblemList problems_of(const absl::Status& status);

  std::vector<Problem> kept_;
  std::uint64_t total_ = 0;
};

// A status that carries its problems as payload "dangbo.detail"; its message is the first problem
// in English. REQUIRES: code is not OK and problems is not empty.
[[nodiscard]] absl::Status problem_status(absl::StatusCode code, const ProblemList& problems);
[[nodiscard]] absl::Status problem_status(absl::StatusCode code, Problem problem);

// The problems a status carries; empty for OK and for a status made elsewhere. O(problems).
[[nodiscard]] ProblemList problems_of(const absl::Status& status);

}  // namespace dangbo::inline v1::base
