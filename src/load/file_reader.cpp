#include "load/file_reader.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "dangbo/base/text.hpp"
#include "dangbo/load/csv.hpp"
#include "dangbo/table/parse.hpp"
#include "load/block_file.hpp"
#include "load/extra_columns.hpp"
#include "load/header.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Message;
using base::Problem;
using base::ProblemCode;
using table::FieldBuilder;

constexpr std::size_t kBlock = std::size_t{4} << 20;
constexpr std::size_t kBatchRows = 65'536;
constexpr std::size_t kBatchText = std::size_t{256} << 20;
// How many bytes may go by between two looks at the size of the columns.
constexpr std::size_t kTextCheck = std::size_t{1} << 20;
constexpr std::uint64_t kMaxGaps = 10'000;
// A file in an old encoding is bad in every row; it is enough to say so some times.
constexpr int kMaxBadUtf8 = 100;

Problem file_problem(ProblemCode code, Message reason, Message fix) {
  Problem problem;
  problem.code = code;
  problem.reason = std::move(reason);
  problem.fix = std::move(fix);
  return problem;
}

// The text field that carries columns no other field knows.
std::optional<std::size_t> extra_field_of(const table::Schema& schema) {
  const auto field = schema.find("extra");
  return field && schema.fields()[*field].type == table::Type::kText ? field : std::nullopt;
}

// The columns of the table while they grow, and the batches already full.
class Rows {
 public:
  // `offset`: where in the file the reader of the records began.
  Rows(const FileJob& job, const Header& header, std::uint64_t offset, base::ProblemList& problems)
      : job_(job),
        header_(header),
        offset_(offset),
        problems_(problems),
        extra_field_(extra_field_of(*job.schema)),
        extra_(header, extra_field_) {
    const auto& fields = job.schema->fields();
    for (std::size_t field = 0; field < fields.size(); ++field) {
      for (std::size_t column = 0; column < header.columns.size(); ++column) {
        const HeaderColumn& head = header.columns[column];
        if (head.field != field || field == extra_field_) continue;
        columns_.push_back({column, field, FieldBuilder(fields[field], head.inclusive)});
      }
    }
    if (!extra_.empty()) {
      if (extra_field_) {
        extra_builder_.emplace(fields[*extra_field_], false);
      } else {
        report_unknown_columns();
      }
    }
  }

  // False when the file is past helping.
  bool add(const CsvRecord& record) {
    if (record.fault != CsvFault::kNone) return add_fault(record);
    if (is_blank(record.fields.front()) &&
        std::all_of(record.fields.begin(), record.fields.end(), is_blank)) {
      return true;
    }
    if (!begin_row(record.number)) return false;
    if (record.fields.size() != header_.columns.size() && !has_right_count(record)) {
      add_nothing();
      return true;
    }
    for (BuiltColumn& column : columns_) {
      // The cells after the last header with a name may be left out, and are none of ours.
      if (auto problem = column.builder.append(record.fields[column.column])) {
        report(std::move(*problem), record.number, header_.columns[column.column].name);
      }
    }
    if (extra_builder_) {
      const std::string_view object = extra_.object_of(record.fields);
      if (auto problem = extra_builder_->append(object)) {
        report(std::move(*problem), record.number, "extra");
      }
    }
    end_row(record);
    return true;
  }

  void flush() {
    if (row_count_ == 0) return;
    registry::Change::Batch batch;
    batch.schema = job_.schema;
    batch.source = job_.source;
    batch.first_row = first_row_;
    std::vector<table::Column> columns;
    for (BuiltColumn& column : columns_) {
      columns.push_back(column.builder.take());
      batch.headers.push_back(header_.columns[column.column].name);
      const auto& words = columns.back().words();
      const table::Field& field = job_.schema->fields()[column.field];
      // A builder hands all its words out with every batch: once they outnumber the rows, a new one
      // keeps memory in proportion to the rows.
      if (words != nullptr && field.codes == nullptr && words->size() > row_count_) {
        column.builder = FieldBuilder(field, header_.columns[column.column].inclusive);
      }
    }
    if (extra_builder_) {
      table::Column column = extra_builder_->take();
      if (column.missing_count() != column.size()) {
        columns.push_back(std::move(column));
        batch.headers.emplace_back("extra");
      }
    }
    batch.rows = table::Table(job_.schema->name(), std::move(columns));
    batches_.push_back(std::move(batch));
    row_count_ = 0;
    unchecked_bytes_ = 0;
  }

  [[nodiscard]] std::vector<registry::Change::Batch> take() { return std::move(batches_); }

 private:
  struct BuiltColumn {
    std::size_t column;
    std::size_t field;
    FieldBuilder builder;
  };

  void report(Problem problem, std::uint64_t row, std::string_view column) {
    problem.place = {
        .file = job_.source, .row = row, .column = base::shorten(base::to_nfc(column), 63)};
    problems_.add(std::move(problem));
  }

  void report_unknown_columns() {
    for (const HeaderColumn& head : header_.columns) {
      if (head.field || head.name.empty()) continue;
      report(file_problem(ProblemCode::kUnknownColumn,
                          {"bảng không có trường nào cho cột này và không giữ cột lạ",
                           "the table has no field for this column and keeps no unknown columns"},
                          {"đổi tên hoặc bỏ cột", "rename or drop the column"}),
             header_.record, head.name);
    }
  }

  // A batch knows the number of its first row only, so rows after a blank line begin a new one.
  bool begin_row(std::uint64_t number) {
    if (row_count_ != 0 && number != first_row_ + row_count_) {
      flush();
      if (++gaps_ > kMaxGaps) {
        report(file_problem(ProblemCode::kLimit,
                            {"quá nhiều dòng trống xen giữa các dòng dữ liệu",
                             "too many blank lines among the rows"},
                            {"xoá các dòng trống; kiểm tra dấu xuống dòng của tệp",
                             "delete the blank lines; check the line ends of the file"}),
               number, "");
        return false;
      }
    }
    if (row_count_ == 0) first_row_ = number;
    return true;
  }

  void end_row(const CsvRecord& record) {
    ++row_count_;
    // About the bytes of the row before this one, which do as well.
    unchecked_bytes_ += static_cast<std::size_t>(record.offset - last_offset_);
    last_offset_ = record.offset;
    if (row_count_ == kBatchRows) {
      flush();
    } else if (unchecked_bytes_ >= kTextCheck) {
      unchecked_bytes_ = 0;
      std::size_t most = extra_builder_ ? extra_builder_->text_bytes() : 0;
      for (const BuiltColumn& column : columns_) {
        most = std::max(most, column.builder.text_bytes());
      }
      if (most >= kBatchText) flush();
    }
  }

  // A row that cannot be read keeps its place, so that those after it keep their numbers.
  void add_nothing() {
    for (BuiltColumn& column : columns_) static_cast<void>(column.builder.append(""));
    if (extra_builder_) static_cast<void>(extra_builder_->append(""));
    ++row_count_;
    if (row_count_ == kBatchRows) flush();
  }

  bool add_fault(const CsvRecord& record) {
    const std::string_view column = record.fault_field < header_.columns.size()
                                        ? std::string_view(header_.columns[record.fault_field].name)
                                        : std::string_view();
    report(problem_of(record, column, offset_), record.number, column);
    if (record.fault == CsvFault::kBadUtf8 && ++bad_utf8_ >= kMaxBadUtf8) return false;
    if (!begin_row(record.number)) return false;
    add_nothing();
    return true;
  }

  bool has_right_count(const CsvRecord& record) {
    const std::size_t got = record.fields.size();
    if (got >= header_.needed) {
      const std::size_t known = std::min(got, header_.columns.size());
      const auto surplus = record.fields.subspan(known);
      if (std::all_of(surplus.begin(), surplus.end(), is_blank)) return true;
    }
    const std::string count = std::to_string(got);
    const std::string wanted = std::to_string(header_.needed);
    report(file_problem(ProblemCode::kFieldCount,
                        {"dòng có " + count + " ô, dòng tiêu đề có " + wanted,
                         "the row has " + count + " cells, the header has " + wanted},
                        {"đặt ô có dấu phân cách trong dấu nháy; thêm hoặc bớt ô cho khớp tiêu đề",
                         "put cells that hold the separator in quotes; add or drop cells to match "
                         "the header"}),
           record.number, "");
    return false;
  }

  const FileJob& job_;
  const Header& header_;
  std::uint64_t offset_;
  base::ProblemList& problems_;
  std::optional<std::size_t> extra_field_;
  ExtraColumns extra_;
  std::optional<FieldBuilder> extra_builder_;
  std::vector<BuiltColumn> columns_;
  std::vector<registry::Change::Batch> batches_;
  std::uint64_t first_row_ = 0;
  std::size_t row_count_ = 0;
  std::size_t unchecked_bytes_ = 0;
  std::uint64_t last_offset_ = 0;
  std::uint64_t gaps_ = 0;
  int bad_utf8_ = 0;
};

// The bytes of a file that are not read yet, as far as they are in memory.
class Window {
 public:
  explicit Window(std::uint64_t file_size)
      : capacity_(file_size == 0 || file_size >= kBlock ? kBlock
                                                        : static_cast<std::size_t>(file_size) + 1),
        bytes_(std::make_unique_for_overwrite<char[]>(capacity_)) {}

  [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.get(), size_}; }
  [[nodiscard]] bool is_last() const noexcept { return is_last_; }

  // Drops `taken` bytes at the front and reads more behind the rest; nothing after an error.
  [[nodiscard]] std::optional<std::size_t> advance(BlockFile& file, std::size_t taken) {
    size_ -= taken;
    if (size_ == capacity_) {
      // One record fills all of it.
      auto larger = std::make_unique_for_overwrite<char[]>(capacity_ * 2);
      std::memcpy(larger.get(), bytes_.get() + taken, size_);
      bytes_ = std::move(larger);
      capacity_ *= 2;
    } else {
      std::memmove(bytes_.get(), bytes_.get() + taken, size_);
    }
    const std::size_t room = capacity_ - size_;
    const auto got = file.read(bytes_.get() + size_, room);
    if (got) {
      size_ += *got;
      is_last_ = *got < room;
    }
    return got;
  }

 private:
  std::size_t capacity_;
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  bool is_last_ = false;
};

// What stands before the first record: a byte order mark, Excel's "sep=;".
struct Beginning {
  std::size_t bytes = 0;
  std::optional<char> separator;
};

std::optional<Problem> read_beginning(const Window& window, Beginning& beginning) {
  std::string_view text = window.bytes();
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return file_problem(ProblemCode::kBadUtf8,
                        {"tệp ở dạng UTF-16, không phải UTF-8", "the file is UTF-16, not UTF-8"},
                        {"lưu lại dạng “CSV UTF-8”", "save it as “CSV UTF-8”"});
  }
  if (text.starts_with("\xEF\xBB\xBF")) beginning.bytes = 3;
  text.remove_prefix(beginning.bytes);
  if (const auto line = separator_line(text)) {
    beginning.separator = line->separator;
    beginning.bytes += line->bytes;
    text.remove_prefix(line->bytes);
  }
  if (window.is_last() && is_blank(text)) {
    return file_problem(ProblemCode::kFileEmpty, {"tệp không có nội dung", "the file is empty"},
                        {"kiểm tra lại việc xuất tệp; bảng không có dòng nào vẫn cần dòng tiêu đề",
                         "check the export; a table without rows still needs its header line"});
  }
  return std::nullopt;
}

class FileReader {
 public:
  FileReader(const FileJob& job, const std::function<bool(std::uint64_t)>& tick)
      : job_(job), tick_(tick), window_(job.size) {}

  FileRows run() {
    FileRows result;
    if (!file_.open(job_.path, job_.source)) {
      result.problems.add(file_.problem());
      return result;
    }
    if (!more(0, result.problems)) return result;
    Beginning beginning;
    base::ProblemList head_problems;
    std::optional<Header> header;
    if (auto problem = read_beginning(window_, beginning)) {
      head_problems.add(std::move(*problem));
    } else {
      header = find_header(window_.bytes().substr(beginning.bytes), beginning.bytes,
                           window_.is_last(), beginning.separator, *job_.schema, head_problems);
    }
    if (!header || !head_problems.empty()) {
      for (Problem problem : head_problems.kept()) {
        problem.place.file = job_.source;
        result.problems.add(std::move(problem));
      }
      return result;
    }
    read_rows(*header, beginning.bytes, result);
    return result;
  }

 private:
  bool more(std::size_t taken, base::ProblemList& problems) {
    const auto got = window_.advance(file_, taken);
    if (!got) {
      problems.add(file_.problem());
      return false;
    }
    return tick_(*got);
  }

  void read_rows(const Header& header, std::size_t begin, FileRows& result) {
    Rows rows(job_, header, begin, result.problems);
    CsvReader reader(header.separator);
    reader.feed(window_.bytes().substr(begin), window_.is_last());
    CsvRecord record;
    for (bool go_on = true; go_on;) {
      while (go_on && reader.next(record)) {
        go_on = record.number <= header.record || rows.add(record);
      }
      if (!go_on || reader.is_stopped() || window_.is_last()) break;
      go_on = more(begin + reader.consumed(), result.problems);
      begin = 0;
      if (go_on) reader.feed(window_.bytes(), window_.is_last());
    }
    rows.flush();
    result.batches = rows.take();
  }

  const FileJob& job_;
  const std::function<bool(std::uint64_t)>& tick_;
  BlockFile file_;
  Window window_;
};

}  // namespace

FileRows read_file(const FileJob& job, const std::function<bool(std::uint64_t bytes)>& tick) {
  return FileReader(job, tick).run();
}

}  // namespace dangbo::inline v1::load::detail
