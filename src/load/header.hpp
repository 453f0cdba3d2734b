// The head of a file: where it is, what separates its columns, which field each of them is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/problem.hpp"
#include "dangbo/load/csv.hpp"
#include "dangbo/table/schema.hpp"

namespace dangbo::inline v1::load::detail {

// The words that stand for a table's fields, folded.
class FieldWords {
 public:
  explicit FieldWords(const table::Schema& schema);

  struct Match {
    std::size_t field;
    bool inclusive;  // the column gives the last day of the interval
  };
  // The fields a header may stand for: a field's own name beats aliases of others.
  [[nodiscard]] std::vector<Match> find(std::string_view header) const;

 private:
  struct Word {
    std::string folded;
    int rank;  // 0 = the name, 1 = an alias
    Match match;
  };
  std::vector<Word> words_;  // sorted
};

struct HeaderColumn {
  std::string name;                  // as the file writes it, trimmed, NFC
  std::optional<std::size_t> field;  // nothing: carried in `extra`
  bool inclusive = false;
};

struct Header {
  char separator = ',';
  std::uint64_t record = 1;           // its number in the file
  std::vector<HeaderColumn> columns;  // as many as the line has
  std::size_t needed = 0;             // columns up to the last one with a name
};

// Excel's first line "sep=;". `bytes` is what the line takes, its end included.
struct SeparatorLine {
  char separator;
  std::size_t bytes;
};
[[nodiscard]] std::optional<SeparatorLine> separator_line(std::string_view text) noexcept;

// Finds the header among the first records of `text`, trying each separator unless one is given.
// Problems go to `problems`, without their file. Nothing when no line is the header.
// `offset`: of the text in the file; `is_last`: the file ends with `text`.
[[nodiscard]] std::optional<Header> find_header(std::string_view text, std::uint64_t offset,
                                                bool is_last, std::optional<char> separator,
                                                const table::Schema& schema,
                                                base::ProblemList& problems);

// What is wrong with a record, for people; its place without the file. `offset` is that of the
// bytes the reader was fed first.
[[nodiscard]] base::Problem problem_of(const CsvRecord& record, std::string_view column,
                                       std::uint64_t offset);

[[nodiscard]] bool is_blank(std::string_view field) noexcept;
[[nodiscard]] std::string_view trimmed(std::string_view field) noexcept;

}  // namespace dangbo::inline v1::load::detail
