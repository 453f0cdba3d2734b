#include "load/header.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Message;
using base::Problem;
using base::ProblemCode;
using table::Field;
using table::Schema;

// Lines looked at for the header; lists carry a few title lines above it.
constexpr std::uint64_t kHeaderWithin = 30;
// Bytes; no header is longer, and folding a book would take its time.
constexpr std::size_t kLongestHeader = 400;
constexpr std::size_t kFirstLook = std::size_t{64} << 10;
constexpr std::array<char, 4> kSeparators = {',', ';', '\t', '|'};

std::vector<std::string> owned(std::span<const std::string_view> fields) {
  return {fields.begin(), fields.end()};
}

// One line that may be the header.
struct Candidate {
  char separator = ',';
  std::uint64_t record = 0;
  std::vector<std::string> cells;
  std::size_t matched = 0;  // different fields
  bool has_required = false;
};

class Finder {
 public:
  Finder(const Schema& schema, std::string_view text, std::uint64_t offset, bool is_last)
      : schema_(schema), words_(schema), text_(text), offset_(offset), is_last_(is_last) {}

  // Looks at the first lines with this separator; keeps the best line of all so far.
  void look(char separator) {
    CsvReader reader(separator);
    reader.feed(text_, is_last_);
    CsvRecord record;
    bool is_first = true;
    while (reader.next(record) && record.number <= kHeaderWithin) {
      if (record.fault != CsvFault::kNone) {
        // Quotes depend on the separator tried, the encoding does not.
        const bool is_certain =
            record.fault == CsvFault::kBadUtf8 || record.fault == CsvFault::kNul;
        std::optional<Problem>& kept = is_certain ? certain_fault_ : possible_fault_;
        if (!kept) kept = problem_of(record, "", offset_);
        continue;
      }
      if (std::all_of(record.fields.begin(), record.fields.end(), is_blank)) continue;
      consider(separator, record, is_first);
      is_first = false;
    }
  }

  [[nodiscard]] const std::optional<Candidate>& best() const noexcept { return best_; }
  // The line that would be a header in a file without titles, with the separator that cuts most.
  [[nodiscard]] const std::optional<Candidate>& first_line() const noexcept { return first_line_; }
  [[nodiscard]] const std::optional<Problem>& fault() const noexcept {
    return certain_fault_ || first_line_ ? certain_fault_ : possible_fault_;
  }
  [[nodiscard]] const FieldWords& words() const noexcept { return words_; }

 private:
  void consider(char separator, const CsvRecord& record, bool is_first) {
    Candidate candidate{separator, record.number, {}, 0, false};
    std::vector<bool> seen(schema_.fields().size(), false);
    for (const std::string_view cell : record.fields) {
      for (const FieldWords::Match& match : words_.find(cell)) {
        if (!seen[match.field]) ++candidate.matched;
        seen[match.field] = true;
      }
    }
    candidate.has_required = true;
    for (std::size_t field = 0; field < seen.size(); ++field) {
      if (schema_.fields()[field].required && !seen[field]) candidate.has_required = false;
    }
    const bool is_header =
        candidate.matched >= 2 || (is_first && candidate.matched == 1 && candidate.has_required);
    if (is_header && (!best_ || candidate.matched > best_->matched)) {
      candidate.cells = owned(record.fields);
      best_ = candidate;
    }
    if (is_first && (!first_line_ || record.fields.size() > first_line_->cells.size())) {
      candidate.cells = owned(record.fields);
      first_line_ = std::move(candidate);
    }
  }

  const Schema& schema_;
  FieldWords words_;
  std::string_view text_;
  std::uint64_t offset_;
  bool is_last_;
  std::optional<Candidate> best_;
  std::optional<Candidate> first_line_;
  std::optional<Problem> certain_fault_;
  std::optional<Problem> possible_fault_;
};

std::string quoted_list(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) {
    list += list.empty() ? "“" : ", “";
    list += word;
    list += "”";
  }
  return list;
}

Problem header_problem(ProblemCode code, std::uint64_t row, std::string_view column, Message reason,
                       Message fix) {
  return {.code = code,
          .place = {.file = "", .row = row, .column = base::shorten(column, 63)},
          .value = "",
          .reason = std::move(reason),
          .fix = std::move(fix)};
}

Problem two_columns(const Field& field, const std::string& first, const std::string& second,
                    std::uint64_t row) {
  return header_problem(
      ProblemCode::kHeaderAmbiguous, row, second,
      {"hai cột “" + first + "” và “" + second + "” cùng ứng với trường “" + field.name + "”",
       "the columns “" + first + "” and “" + second + "” both stand for the field “" + field.name +
           "”"},
      {"bỏ hoặc đổi tên một cột", "drop or rename one of them"});
}

Problem two_fields(const Field& one, const Field& other, const std::string& column,
                   std::uint64_t row) {
  return header_problem(
      ProblemCode::kHeaderAmbiguous, row, column,
      {"tên cột này ứng với cả trường “" + one.name + "” lẫn trường “" + other.name + "”",
       "this header stands for the field “" + one.name + "” and for the field “" + other.name +
           "”"},
      {"dùng đúng tên trường: “" + one.name + "” hoặc “" + other.name + "”",
       "use the name of the field: “" + one.name + "” or “" + other.name + "”"});
}

Problem field_missing(const Field& field, std::uint64_t row) {
  std::vector<std::string_view> accepted = {field.name};
  accepted.insert(accepted.end(), field.aliases.begin(), field.aliases.end());
  accepted.insert(accepted.end(), field.inclusive_aliases.begin(), field.inclusive_aliases.end());
  const std::string list = quoted_list(accepted);
  return header_problem(ProblemCode::kHeaderMissing, row, field.name,
                        {"thiếu cột bắt buộc “" + field.name + "”",
                         "the required column “" + field.name + "” is missing"},
                        {"thêm cột, hoặc đổi tên cột thành một trong: " + list,
                         "add the column, or rename one to any of: " + list});
}

// Matches the cells of the header line to fields.
Header match(const Candidate& line, const Schema& schema, const FieldWords& words,
             base::ProblemList& problems) {
  Header header;
  header.separator = line.separator;
  header.record = line.record;
  std::vector<std::optional<std::size_t>> column_of(schema.fields().size());
  for (std::size_t index = 0; index < line.cells.size(); ++index) {
    HeaderColumn column;
    column.name = base::to_nfc(trimmed(line.cells[index]));
    const std::vector<FieldWords::Match> matches = words.find(column.name);
    if (matches.size() > 1) {
      problems.add(two_fields(schema.fields()[matches[0].field], schema.fields()[matches[1].field],
                              column.name, line.record));
    }
    for (const FieldWords::Match& found : matches) {
      std::optional<std::size_t>& taken = column_of[found.field];
      if (taken && matches.size() == 1) {
        problems.add(two_columns(schema.fields()[found.field], header.columns[*taken].name,
                                 column.name, line.record));
      } else if (!taken) {
        taken = index;
        column.field = found.field;
        column.inclusive = found.inclusive;
      }
    }
    if (!column.name.empty()) header.needed = index + 1;
    header.columns.push_back(std::move(column));
  }
  for (std::size_t field = 0; field < column_of.size(); ++field) {
    if (schema.fields()[field].required && !column_of[field]) {
      problems.add(field_missing(schema.fields()[field], line.record));
    }
  }
  return header;
}

Problem no_header(const Schema& schema) {
  std::vector<std::string_view> names;
  for (const Field& field : schema.fields()) {
    if (field.name != "extra") names.emplace_back(field.name);
  }
  const std::string list = quoted_list(names);
  return header_problem(
      ProblemCode::kHeaderMissing, 1, "",
      {"không thấy dòng tiêu đề của bảng “" + schema.name() + "” trong " +
           std::to_string(kHeaderWithin) + " dòng đầu",
       "no header line of the table “" + schema.name() + "” in the first " +
           std::to_string(kHeaderWithin) + " rows"},
      {"đặt tên cột ở dòng đầu: " + list, "name the columns in the first row: " + list});
}

std::optional<Header> conclude(const Finder& finder, const Schema& schema,
                               base::ProblemList& problems) {
  if (finder.best()) return match(*finder.best(), schema, finder.words(), problems);
  if (finder.fault()) {
    problems.add(*finder.fault());
  } else if (finder.first_line() && finder.first_line()->matched != 0) {
    match(*finder.first_line(), schema, finder.words(), problems);
  } else {
    problems.add(no_header(schema));
  }
  return std::nullopt;
}

}  // namespace

bool is_blank(std::string_view field) noexcept {
  return trimmed(field).empty();
}

std::string_view trimmed(std::string_view field) noexcept {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  const auto is_space = [](char byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); };
  for (;;) {
    if (!field.empty() && is_space(field.front())) {
      field.remove_prefix(1);
    } else if (field.starts_with(kNoBreakSpace)) {
      field.remove_prefix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  for (;;) {
    if (!field.empty() && is_space(field.back())) {
      field.remove_suffix(1);
    } else if (field.ends_with(kNoBreakSpace)) {
      field.remove_suffix(kNoBreakSpace.size());
    } else {
      break;
    }
  }
  return field;
}

FieldWords::FieldWords(const Schema& schema) {
  const auto add = [&](std::string_view word, int rank, Match match) {
    std::string folded = base::fold(word);
    if (!folded.empty()) words_.push_back({std::move(folded), rank, match});
  };
  for (std::size_t field = 0; field < schema.fields().size(); ++field) {
    const Field& declared = schema.fields()[field];
    add(declared.name, 0, {field, false});
    for (const std::string& alias : declared.inclusive_aliases) add(alias, 1, {field, true});
    for (const std::string& alias : declared.aliases) add(alias, 1, {field, false});
  }
  // Of the words of one field the inclusive one comes first and wins.
  std::sort(words_.begin(), words_.end(), [](const Word& a, const Word& b) {
    return std::tuple(std::string_view(a.folded), a.rank, a.match.field, !a.match.inclusive) <
           std::tuple(std::string_view(b.folded), b.rank, b.match.field, !b.match.inclusive);
  });
}

std::vector<FieldWords::Match> FieldWords::find(std::string_view header) const {
  std::vector<Match> found;
  if (header.size() > kLongestHeader) return found;
  const std::string folded = base::fold(header);
  auto at =
      std::lower_bound(words_.begin(), words_.end(), folded,
                       [](const Word& word, const std::string& key) { return word.folded < key; });
  const auto first = at;
  for (; at != words_.end() && at->folded == folded && at->rank == first->rank; ++at) {
    if (found.empty() || found.back().field != at->match.field) found.push_back(at->match);
  }
  return found;
}

std::optional<SeparatorLine> separator_line(std::string_view text) noexcept {
  constexpr std::size_t kPrefix = 4;
  if (text.size() < kPrefix + 1) return std::nullopt;
  const auto lower = [](char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
  };
  for (std::size_t i = 0; i < kPrefix; ++i) {
    if (lower(text[i]) != "sep="[i]) return std::nullopt;
  }
  const char separator = text[kPrefix];
  const bool is_printable = separator == '\t' || (separator >= ' ' && separator < 0x7F);
  if (!is_printable || separator == '"') return std::nullopt;
  const std::string_view rest = text.substr(kPrefix + 1);
  if (rest.starts_with("\r\n")) return SeparatorLine{separator, kPrefix + 3};
  if (rest.starts_with('\n') || rest.starts_with('\r'))
    return SeparatorLine{separator, kPrefix + 2};
  return rest.empty() ? std::optional(SeparatorLine{separator, kPrefix + 1}) : std::nullopt;
}

std::optional<Header> find_header(std::string_view text, std::uint64_t offset, bool is_last,
                                  std::optional<char> separator, const Schema& schema,
                                  base::ProblemList& problems) {
  // The reader checks all it is fed; a header seldom lies deeper than a few lines.
  const auto look = [&](std::string_view part, bool is_end) {
    Finder finder(schema, part, offset, is_end);
    for (const char candidate : kSeparators) {
      if (!separator) finder.look(candidate);
    }
    if (separator) finder.look(*separator);
    return finder;
  };
  Finder finder = look(text.substr(0, kFirstLook), is_last && text.size() <= kFirstLook);
  if (!finder.best() && text.size() > kFirstLook) {
    Finder deeper = look(text, is_last);
    return conclude(deeper, schema, problems);
  }
  return conclude(finder, schema, problems);
}

}  // namespace dangbo::inline v1::load::detail
