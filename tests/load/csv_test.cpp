#include "dangbo/load/csv.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/text.hpp"

namespace dangbo::load {
namespace {

struct Row {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::vector<std::string> fields;
  CsvFault fault = CsvFault::kNone;
  std::size_t fault_field = 0;
  std::uint64_t fault_offset = 0;
  friend bool operator==(const Row&, const Row&) = default;
};

Row copy(const CsvRecord& record) {
  return {record.number, record.offset,      {record.fields.begin(), record.fields.end()},
          record.fault,  record.fault_field, record.fault_offset};
}

std::vector<Row> read(std::string_view text, char separator = ',') {
  CsvReader reader(separator);
  reader.feed(text, true);
  std::vector<Row> rows;
  CsvRecord record;
  while (reader.next(record)) rows.push_back(copy(record));
  return rows;
}

std::vector<std::vector<std::string>> fields_of(std::string_view text, char separator = ',') {
  std::vector<std::vector<std::string>> fields;
  for (Row& row : read(text, separator)) {
    EXPECT_EQ(row.fault, CsvFault::kNone);
    fields.push_back(std::move(row.fields));
  }
  return fields;
}

using Fields = std::vector<std::vector<std::string>>;

// The same text in pieces of random sizes, as a file comes in blocks.
std::vector<Row> read_in_pieces(const std::string& text, char separator, std::mt19937_64& random) {
  CsvReader reader(separator);
  std::vector<Row> rows;
  CsvRecord record;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (;;) {
    end = std::min(text.size(), end + random() % 7);
    // A copy of its own size, so that reading beyond it is seen.
    const std::vector<char> piece(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                  text.begin() + static_cast<std::ptrdiff_t>(end));
    reader.feed({piece.data(), piece.size()}, end == text.size());
    while (reader.next(record)) rows.push_back(copy(record));
    begin += reader.consumed();
    if (end == text.size() || reader.is_stopped()) return rows;
  }
}

// The slow and obvious twin: a character at a time.
class Twin {
 public:
  Twin(std::string_view text, char separator) : text_(text), separator_(separator) {}

  std::vector<Row> run() {
    while (at_ < text_.size() && !stopped_) read_record();
    return rows_;
  }

 private:
  void read_record() {
    const std::size_t start = at_;
    Row row;
    row.number = rows_.size() + 1;
    row.offset = start;
    for (bool more = true; more;) more = read_field(row);
    const std::string_view raw = text_.substr(start, at_ - start);
    if (raw.find('\0') != std::string_view::npos) {
      blame(row, CsvFault::kNul, start + raw.find('\0'), row.fault != CsvFault::kNone);
      stopped_ = true;
    } else if (const auto bad = base::first_bad_utf8(raw); bad && row.fault == CsvFault::kNone) {
      blame(row, CsvFault::kBadUtf8, start + *bad, false);
    }
    if (row.fault == CsvFault::kOpenQuote) stopped_ = true;
    if (row.fault == CsvFault::kTextAfterQuote || row.fault == CsvFault::kStrayQuote) {
      row.fields.clear();
    }
    if (row.fault == CsvFault::kOpenQuote) row.fields.clear();
    rows_.push_back(row);
  }

  static void blame(Row& row, CsvFault fault, std::uint64_t offset, bool had_fault) {
    row.fault = fault;
    row.fault_offset = offset;
    if (had_fault) {
      row.fields.clear();
      return;
    }
    for (row.fault_field = 0; row.fault_field < row.fields.size(); ++row.fault_field) {
      const std::string& field = row.fields[row.fault_field];
      if (fault == CsvFault::kNul ? field.find('\0') != std::string::npos
                                  : base::first_bad_utf8(field).has_value()) {
        break;
      }
    }
    row.fields.resize(row.fault_field);
  }

  [[nodiscard]] bool is_at(char byte) const { return at_ < text_.size() && text_[at_] == byte; }

  // Whether another field follows.
  bool read_field(Row& row) {
    std::string field;
    if (is_at('"')) {
      const std::size_t opened = at_++;
      for (;;) {
        if (at_ == text_.size()) return fail(row, CsvFault::kOpenQuote, opened);
        if (!is_at('"')) {
          field += text_[at_++];
          continue;
        }
        ++at_;
        if (!is_at('"')) break;
        field += text_[at_++];
      }
      if (at_ < text_.size() && !is_at(separator_) && !is_at('\r') && !is_at('\n')) {
        return fail(row, CsvFault::kTextAfterQuote, at_);
      }
    } else {
      while (at_ < text_.size() && !is_at(separator_) && !is_at('\r') && !is_at('\n')) {
        if (is_at('"')) return fail(row, CsvFault::kStrayQuote, at_);
        field += text_[at_++];
      }
    }
    row.fields.push_back(field);
    if (is_at(separator_)) {
      ++at_;
      return true;
    }
    end_line();
    return false;
  }

  void end_line() {
    const bool is_return = is_at('\r');
    if (at_ < text_.size()) ++at_;
    if (is_return && is_at('\n')) ++at_;
  }

  bool fail(Row& row, CsvFault fault, std::size_t at) {
    row.fault = fault;
    row.fault_field = row.fields.size();
    row.fault_offset = at;
    while (at_ < text_.size() && !is_at('\r') && !is_at('\n')) ++at_;
    end_line();
    return false;
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  bool stopped_ = false;
  std::vector<Row> rows_;
};

TEST(Csv, LineEndsOfEveryKind) {
  const Fields expected = {{"a", "b"}, {"c", "d"}, {"e", "f"}};
  EXPECT_EQ(fields_of("a,b\r\nc,d\r\ne,f\r\n"), expected);
  EXPECT_EQ(fields_of("a,b\nc,d\ne,f"), expected);
  EXPECT_EQ(fields_of("a,b\rc,d\re,f\r"), expected);
  EXPECT_EQ(fields_of("a,b\rc,d\ne,f\r\n"), expected);
}

TEST(Csv, EmptyThings) {
  EXPECT_EQ(fields_of(""), Fields{});
  EXPECT_EQ(fields_of("\n"), Fields{{""}});
  EXPECT_EQ(fields_of("\n\r\n\r"), (Fields{{""}, {""}, {""}}));
  EXPECT_EQ(fields_of("a,"), (Fields{{"a", ""}}));
  EXPECT_EQ(fields_of(",\n,"), (Fields{{"", ""}, {"", ""}}));
  EXPECT_EQ(fields_of("\"\""), Fields{{""}});
}

TEST(Csv, QuotesHoldSeparatorsLineEndsAndQuotes) {
  EXPECT_EQ(fields_of("\"a,b\",\"c\r\nd\",\"\"\"e\"\"\"\nf,g,h"),
            (Fields{{"a,b", "c\r\nd", "\"e\""}, {"f", "g", "h"}}));
  EXPECT_EQ(fields_of("\"a\"\"\",\"\"\"\"\"b\"", ','), (Fields{{"a\"", "\"\"b"}}));
  EXPECT_EQ(fields_of("\"a;b\";c", ';'), (Fields{{"a;b", "c"}}));
}

TEST(Csv, RecordsAreNumberedNotLines) {
  const auto rows = read("a\n\"b\nb\nb\"\n\nc\n");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].number, 2U);
  EXPECT_EQ(rows[1].offset, 2U);
  EXPECT_EQ(rows[3].number, 4U);
  EXPECT_EQ(rows[3].offset, 11U);
}

TEST(Csv, BrokenQuotesAreSetAsideAndReadingGoesOn) {
  auto rows = read("a,\"b\"c,d\ne,f\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].fault, CsvFault::kTextAfterQuote);
  EXPECT_EQ(rows[0].fault_field, 1U);
  EXPECT_EQ(rows[0].fault_offset, 5U);
  EXPECT_EQ(rows[1].fields, (std::vector<std::string>{"e", "f"}));
  rows = read("a,b\"c\r\ne,f");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].fault, CsvFault::kStrayQuote);
  EXPECT_EQ(rows[0].fault_offset, 3U);
  EXPECT_EQ(rows[1].number, 2U);
}

TEST(Csv, OpenQuoteEndsTheReadingAtItsRow) {
  const auto rows = read("a,b\nc,\"d\ne,f\ng,h\n");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].fault, CsvFault::kOpenQuote);
  EXPECT_EQ(rows[1].number, 2U);
  EXPECT_EQ(rows[1].fault_field, 1U);
  EXPECT_EQ(rows[1].fault_offset, 6U);
}

TEST(Csv, BadUtf8NamesTheField) {
  const auto rows = read("a,b\nc,d\xC3,e\nf,g\nh\xFF,\n");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[1].fault, CsvFault::kBadUtf8);
  EXPECT_EQ(rows[1].fault_field, 1U);
  EXPECT_EQ(rows[1].fault_offset, 7U);
  EXPECT_EQ(rows[1].fields, (std::vector<std::string>{"c"}));
  EXPECT_EQ(rows[2].fault, CsvFault::kNone);
  EXPECT_EQ(rows[3].fault, CsvFault::kBadUtf8);
  EXPECT_EQ(rows[3].fault_offset, 16U);
}

TEST(Csv, NulStopsTheReading) {
  const auto rows = read(std::string_view("a,b\nc,\0d\ne,f\n", 13));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].fault, CsvFault::kNul);
  EXPECT_EQ(rows[1].fault_field, 1U);
  EXPECT_EQ(rows[1].fault_offset, 6U);
}

TEST(Csv, FieldLengthLimitOnBothSides) {
  const std::string longest(CsvReader::kMaxField, 'x');
  EXPECT_EQ(fields_of("a," + longest + "\nb"), (Fields{{"a", longest}, {"b"}}));
  EXPECT_EQ(fields_of("a,\"" + longest + "\"\nb"), (Fields{{"a", longest}, {"b"}}));
  for (const std::string& text : {"a," + longest + "x\nb", "a,\"" + longest + "x\"\nb",
                                  "a,\"" + longest + "x", "a," + longest + "x"}) {
    const auto rows = read(text);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].fault, CsvFault::kFieldTooLong);
    EXPECT_EQ(rows[0].fault_field, 1U);
    EXPECT_EQ(rows[0].fault_offset, 2U);
  }
  // Known before the end of the field is seen.
  CsvReader reader(',');
  const std::string unfinished = "\"" + longest + "x";
  reader.feed(unfinished, false);
  CsvRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.fault, CsvFault::kFieldTooLong);
  EXPECT_TRUE(reader.is_stopped());
}

TEST(Csv, FieldCountLimitOnBothSides) {
  const std::string most(CsvReader::kMaxFields - 1, ',');
  auto rows = read(most + "\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].fields.size(), CsvReader::kMaxFields);
  rows = read(most + ",\n\n");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].fault, CsvFault::kTooManyFields);
}

TEST(Csv, RecordLengthLimit) {
  std::string text;
  const std::string piece(CsvReader::kMaxField, 'x');
  while (text.size() <= CsvReader::kMaxRecord) text += piece + ",";
  CsvReader reader(',');
  reader.feed(text, false);
  CsvRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.fault, CsvFault::kRecordTooLong);
}

std::string random_text(std::mt19937_64& random) {
  constexpr std::string_view kLikely = ",;\"\"\n\r\n,aAbc \xC3\xA1\xE1\xBB\x87";
  const std::size_t size = random() % 90;
  const auto kind = random() % 4;
  std::string text;
  while (text.size() < size) {
    if (kind == 0) {
      text += static_cast<char>(random());
    } else if (kind == 1 && random() % 40 == 0) {
      text += static_cast<char>(random() % 2 == 0 ? 0 : 0xFF);
    } else if (kind == 2) {
      // Mostly sound: rows of plain and quoted fields.
      text += random() % 3 == 0 ? "\"x\"\"y\n\"" : "tên";
      text += random() % 3 == 0 ? "\r\n" : ",";
    } else {
      text += kLikely[random() % kLikely.size()];
    }
  }
  return text;
}

TEST(Csv, HostileBytesReadAsByTheTwinAlsoInPieces) {
  for (std::uint64_t seed = 0; seed < 100'000; ++seed) {
    std::mt19937_64 random(seed);
    const std::string text = random_text(random);
    const char separator = random() % 2 == 0 ? ',' : ';';
    // A copy on the heap of its own size, so that reading beyond it is seen.
    const std::vector<char> bytes(text.begin(), text.end());
    const auto rows = read({bytes.data(), bytes.size()}, separator);
    ASSERT_EQ(rows, Twin(text, separator).run()) << "seed " << seed;
    ASSERT_EQ(rows, read_in_pieces(text, separator, random)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace dangbo::load
