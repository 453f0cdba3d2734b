#include <string>
#include <utility>

#include "dangbo/base/text.hpp"
#include "load/header.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Message;
using base::ProblemCode;

base::ProblemCode code_of(CsvFault fault) noexcept {
  switch (fault) {
    case CsvFault::kBadUtf8:
    case CsvFault::kNul:
      return ProblemCode::kBadUtf8;
    case CsvFault::kFieldTooLong:
    case CsvFault::kRecordTooLong:
      return ProblemCode::kFieldTooLong;
    case CsvFault::kTooManyFields:
      return ProblemCode::kFieldCount;
    default:
      return ProblemCode::kBrokenQuote;
  }
}

Message reason_of(CsvFault fault) {
  switch (fault) {
    case CsvFault::kTextAfterQuote:
      return {"sau dấu nháy đóng còn chữ", "text follows a closing quote"};
    case CsvFault::kStrayQuote:
      return {"dấu nháy nằm giữa ô không có nháy",
              "a quote inside a cell that does not begin with one"};
    case CsvFault::kBadUtf8:
      return {"không phải chữ UTF-8 (có thể là bảng mã cũ TCVN3, VNI, hay UTF-16)",
              "not UTF-8 text (perhaps an old encoding, TCVN3 or VNI, or UTF-16)"};
    case CsvFault::kOpenQuote:
      return {"dấu nháy mở mà không đóng", "a quote is opened and never closed"};
    case CsvFault::kNul:
      return {"có ký tự số không (NUL): không phải tệp chữ, hoặc là UTF-16",
              "a NUL character: not a text file, or UTF-16"};
    case CsvFault::kFieldTooLong:
      return {"ô dài quá 1 000 000 byte", "the cell is longer than 1,000,000 bytes"};
    case CsvFault::kTooManyFields:
      return {"dòng có hơn 16 384 ô", "the row has more than 16,384 cells"};
    case CsvFault::kRecordTooLong:
      return {"dòng dài quá 64 MiB", "the row is longer than 64 MiB"};
    case CsvFault::kNone:
      break;
  }
  return {};
}

Message fix_of(CsvFault fault) {
  switch (code_of(fault)) {
    case ProblemCode::kBadUtf8:
      return {"chuyển phông chữ sang Unicode, lưu lại dạng “CSV UTF-8”",
              "convert the text to Unicode and save it as “CSV UTF-8”"};
    case ProblemCode::kFieldTooLong:
      return {"rút gọn nội dung; có thể một dấu nháy mở ở đây chưa được đóng",
              "shorten it; perhaps a quote opened here is never closed"};
    case ProblemCode::kFieldCount:
      return {"bỏ các cột thừa; kiểm tra dấu xuống dòng của tệp",
              "drop the surplus columns; check the line ends of the file"};
    default:
      return {"đặt cả ô trong dấu nháy và viết đôi dấu nháy bên trong: \"chi bộ \"\"A\"\"\"",
              "put the whole cell in quotes and double the quotes inside: \"cell \"\"A\"\"\""};
  }
}

}  // namespace

base::Problem problem_of(const CsvRecord& record, std::string_view column, std::uint64_t offset) {
  base::Problem problem;
  problem.code = code_of(record.fault);
  problem.place.row = record.number;
  problem.place.column = base::shorten(column, 63);
  problem.reason = reason_of(record.fault);
  const std::string at = std::to_string(offset + record.fault_offset);
  problem.reason.vi += ", byte thứ " + at + " của tệp";
  problem.reason.en += ", at byte " + at + " of the file";
  problem.fix = fix_of(record.fault);
  return problem;
}

}  // namespace dangbo::inline v1::load::detail
