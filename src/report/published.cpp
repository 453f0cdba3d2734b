#include "dangbo/report/published.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "dangbo/load/csv.hpp"
#include "dangbo/rollup/query.hpp"

namespace dangbo::inline v1::report {

namespace {

using base::Problem;
using base::ProblemCode;
using base::ProblemList;
using table::Column;
using table::Table;

constexpr std::array<std::string_view, 12> kColumns = {
    "source",   "place", "as_of", "figure_vi", "figure_en", "published",
    "relation", "body",  "query", "value",     "note_vi",   "note_en"};
enum Field : std::size_t {
  kSource,
  kPlace,
  kAsOf,
  kFigureVi,
  kFigureEn,
  kPublished,
  kRelation,
  kBody,
  kQuery,
  kValue,
  kNoteVi,
  kNoteEn
};
constexpr double kLargest = 1e12;
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

class FigureReader {
 public:
  FigureReader(std::string_view file, ProblemList& problems) : file_(file), problems_(problems) {}

  std::vector<PublishedFigure> read(std::string_view csv) {
    if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
    load::CsvReader reader(',');
    reader.feed(csv, true);
    load::CsvRecord record;
    bool has_header = false;
    std::vector<PublishedFigure> figures;
    while (reader.next(record)) {
      row_ = record.number;
      if (record.fault != load::CsvFault::kNone) {
        add(ProblemCode::kBrokenQuote, {}, {},
            {"dòng này không đọc được theo dạng CSV", "this row cannot be read as CSV"},
            {"kiểm tra dấu nháy kép và mã UTF-8", "check quotes and the UTF-8 encoding"});
      } else if (!has_header) {
        has_header = true;
        if (!find_columns(record)) return figures;
      } else if (record.fields.size() > 1 || !record.fields[0].empty()) {
        read_row(record, figures);
      }
    }
    return figures;
  }

 private:
  void add(ProblemCode code, std::string_view column, std::string_view value, base::Message reason,
           base::Message fix) {
    problems_.add(
        {.code = code,
         .place = {.file = std::string(file_), .row = row_, .column = std::string(column)},
         .value = std::string(value.substr(0, 60)),
         .reason = std::move(reason),
         .fix = std::move(fix)});
  }

  bool find_columns(const load::CsvRecord& record) {
    at_.fill(kNowhere);
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      const auto known = std::find(kColumns.begin(), kColumns.end(), record.fields[i]);
      if (known != kColumns.end()) at_[static_cast<std::size_t>(known - kColumns.begin())] = i;
    }
    bool all = true;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (at_[i] != kNowhere) continue;
      all = false;
      add(ProblemCode::kHeaderMissing, kColumns[i], {}, {"thiếu cột này", "this column is missing"},
          {"thêm cột, có thể để trống", "add the column; it may be empty"});
    }
    return all;
  }

  void read_row(const load::CsvRecord& record, std::vector<PublishedFigure>& figures) {
    const auto text = [&](Field field) {
      return at_[field] < record.fields.size() ? std::string(record.fields[at_[field]])
                                               : std::string();
    };
    PublishedFigure made{.source = text(kSource),
                         .place = text(kPlace),
                         .as_of = {},
                         .figure = {text(kFigureVi), text(kFigureEn)},
                         .published = 0,
                         .at_least = text(kRelation) == ">=",
                         .body = text(kBody),
                         .query = text(kQuery),
                         .value = text(kValue),
                         .note = {text(kNoteVi), text(kNoteEn)}};
    const std::string day = text(kAsOf);
    const auto date = time::parse_date(day).value;
    const bool has_day = date && date->is_exact();
    if (has_day) {
      made.as_of = *date->exact();
    } else {
      add(ProblemCode::kImpossibleDate, "as_of", day, {"không phải một ngày", "this is no day"},
          {"ghi như 2020-11-30", "write it like 2020-11-30"});
    }
    const std::string number = text(kPublished);
    const char* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, made.published);
    const bool has_number = error == std::errc() && stop == end && made.published >= -kLargest &&
                            made.published <= kLargest;
    if (!has_number) {
      add(ProblemCode::kNotANumber, "published", number, {"không phải một số", "this is no number"},
          {"ghi chữ số, dấu thập phân là dấu chấm", "write digits, with a point for decimals"});
    }
    if (has_day && has_number) figures.push_back(std::move(made));
  }

  std::string_view file_;
  ProblemList& problems_;
  std::uint64_t row_ = 0;
  std::array<std::size_t, kColumns.size()> at_{};
};

// What a figure is within the answer: its only number, a column of it, or the number of its rows.
std::optional<double> value_of(const Table& answer, std::string_view which) {
  if (which == "rows") return static_cast<double>(answer.row_count());
  if (answer.row_count() == 0) return std::nullopt;
  if (which == "percent") {
    const auto at = answer.find("percent");
    if (!at || answer.column(*at).is_missing(0)) return std::nullopt;
    return answer.column(*at).real(0);
  }
  auto at = answer.find("count");
  if (!at) at = answer.find("sum");
  if (!at) return std::nullopt;
  const Column& column = answer.column(*at);
  std::int64_t value = column.integer(0);
  for (std::size_t row = 1; row < answer.row_count(); ++row) {
    const std::int64_t next = column.integer(row);
    if (which == "min") value = std::min(value, next);
    if (which == "max") value = std::max(value, next);
  }
  return static_cast<double>(value);
}

}  // namespace

absl::StatusOr<std::vector<PublishedFigure>> parse_published(std::string_view csv,
                                                             std::string_view file) {
  ProblemList problems;
  std::vector<PublishedFigure> figures = FigureReader(file, problems).read(csv);
  if (problems.empty()) return figures;
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

ComputedFigure compute(const registry::Snapshot& snapshot, base::CommitNumber known_at,
                       const PublishedFigure& figure) {
  ComputedFigure computed;
  const auto query = rollup::Query::parse(figure.query);
  const auto answer =
      query.ok() ? rollup::run(snapshot.at(query->on().value_or(figure.as_of), known_at), *query)
                 : absl::StatusOr<Table>(query.status());
  if (!answer.ok()) {
    computed.problems = base::problems_of(answer.status());
    return computed;
  }
  computed.value = value_of(*answer, figure.value);
  if (computed.value) {
    computed.agrees =
        figure.at_least ? *computed.value >= figure.published : *computed.value == figure.published;
  }
  return computed;
}

}  // namespace dangbo::inline v1::report
