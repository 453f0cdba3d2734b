// A strict reader of separated text (RFC 4180): bytes in, records of fields out. It knows nothing
// of tables. Line ends are CRLF, LF and a lone CR; a field in quotes may hold separators, line ends
// and doubled quotes. Nothing is guessed: a quote where none may stand is a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::inline v1::load {

enum class CsvFault : std::uint8_t {
  kNone,
  // The record is set aside, reading goes on with the next line.
  kTextAfterQuote,  // something other than a separator follows a closing quote
  kStrayQuote,      // a quote inside a field that does not begin with one
  kBadUtf8,
  // Reading stops.
  kOpenQuote,  // a quote is never closed
  kNul,
  kFieldTooLong,
  kTooManyFields,
  kRecordTooLong,
};

struct CsvRecord {
  std::uint64_t number = 0;  // 1 = the first; empty lines count, lines inside quotes do not
  std::uint64_t offset = 0;  // of its first byte
  // Without quotes, doubled quotes made one. Well-formed UTF-8 when there is no fault; with one,
  // the fields before it or none. Valid until the next call of next() or feed().
  std::span<const std::string_view> fields;
  CsvFault fault = CsvFault::kNone;
  std::size_t fault_field = 0;     // index of the field with the fault
  std::uint64_t fault_offset = 0;  // of the byte at fault; for kOpenQuote that of the quote
};

// Reads what it is fed; keeps no copy of it.
//
//   CsvReader reader(',');
//   reader.feed(text, true);
//   CsvRecord record;
//   while (reader.next(record)) …
class CsvReader {
 public:
  static constexpr std::size_t kMaxField = 1'000'000;  // bytes
  static constexpr std::size_t kMaxFields = 16'384;    // as many columns as spreadsheets have
  static constexpr std::size_t kMaxRecord = std::size_t{64} << 20;  // bytes

  // REQUIRES: an ASCII character that is no quote, CR, LF or NUL.
  explicit CsvReader(char separator) noexcept : separator_(separator) {}

  // `bytes`: those of the last feed from consumed() on, then new ones. They must stay until the
  // next feed. `is_last`: nothing will follow.
  void feed(std::string_view bytes, bool is_last);

  // The next record; false when more bytes are needed, when all are read, and after a fault that
  // stops the reading. An empty line is a record of one empty field. O(bytes of the record), of
  // which a record that was not complete before is read again from its start.
  bool next(CsvRecord& record);

  // How many of the bytes fed have been given out as records.
  [[nodiscard]] std::size_t consumed() const noexcept { return start_; }
  [[nodiscard]] bool is_stopped() const noexcept { return stopped_; }

 private:
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  enum class Outcome : std::uint8_t { kSeparator, kLineEnd, kNeedMore, kFault };
  struct Joined {  // a field whose doubled quotes were made one
    std::size_t field;
    std::size_t begin;
    std::size_t size;
  };

  void seek(std::size_t at) noexcept;
  std::size_t next_special() noexcept;
  void read_plain_fields(std::size_t& at);
  Outcome read_field(std::size_t& at);
  Outcome read_quoted(std::size_t& at);
  Outcome end_field(std::size_t& at);
  Outcome need_more(std::size_t field_size);
  Outcome fail(CsvFault fault, std::size_t at) noexcept;
  bool finish_fault(CsvRecord& record);
  bool finish(CsvRecord& record, std::size_t end);
  void look_for_bad_utf8();

  char separator_;
  bool is_last_ = false;
  bool stopped_ = false;
  std::string_view bytes_;
  std::uint64_t base_ = 0;  // offset of bytes_[0]
  std::size_t start_ = 0;   // of the next record
  std::uint64_t number_ = 0;
  std::size_t block_ = 0;  // 64 bytes whose special characters `mask_` still holds
  std::uint64_t mask_ = 0;
  std::size_t checked_ = 0;  // bytes known to be well-formed UTF-8
  std::size_t bad_at_ = kNowhere;
  std::size_t nul_at_ = kNowhere;
  CsvFault fault_ = CsvFault::kNone;
  std::size_t fault_at_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<Joined> joined_;
  std::string scratch_;
};

}  // namespace dangbo::inline v1::load
