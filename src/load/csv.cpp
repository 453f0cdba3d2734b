#include "dangbo/load/csv.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "dangbo/base/text.hpp"
#include "load/scan.hpp"

namespace dangbo::inline v1::load {

namespace {

bool ends_line(char byte) noexcept {
  return byte == '\n' || byte == '\r';
}

bool is_fatal(CsvFault fault) noexcept {
  return fault >= CsvFault::kOpenQuote;
}

}  // namespace

void CsvReader::feed(std::string_view bytes, bool is_last) {
  const std::size_t consumed = std::exchange(start_, 0);
  base_ += consumed;
  checked_ -= std::min(checked_, consumed);
  bytes_ = bytes;
  is_last_ = is_last;
  fields_.clear();
  nul_at_ = nul_at_ == kNowhere ? bytes.find('\0', checked_) : nul_at_ - consumed;
  look_for_bad_utf8();
  seek(0);
}

// A sequence cut off by the end of the bytes may be completed by the next ones; no record can end
// behind it before that.
void CsvReader::look_for_bad_utf8() {
  bad_at_ = kNowhere;
  const auto found = base::first_bad_utf8(bytes_.substr(checked_));
  if (!found) {
    checked_ = bytes_.size();
    return;
  }
  const std::size_t bad = checked_ + *found;
  const std::string_view tail = bytes_.substr(bad);
  const bool cut_off =
      !is_last_ && tail.size() < 4 && std::all_of(tail.begin(), tail.end(), [](char byte) {
        return static_cast<unsigned char>(byte) >= 0x80;
      });
  checked_ = bad;
  if (!cut_off) {
    bad_at_ = bad;
  }
}

void CsvReader::seek(std::size_t at) noexcept {
  block_ = at - at % 64;
  mask_ = 0;
  if (block_ + 64 <= bytes_.size()) {
    mask_ = detail::special_mask(bytes_.data() + block_, separator_);
  } else if (block_ < bytes_.size()) {
    std::array<char, 64> padded{};
    std::memcpy(padded.data(), bytes_.data() + block_, bytes_.size() - block_);
    mask_ = detail::special_mask(padded.data(), separator_);
  }
  mask_ &= ~std::uint64_t{0} << (at % 64);
}

// Position of the next special character, which is taken; the number of bytes when there is none.
inline std::size_t CsvReader::next_special() noexcept {
  while (mask_ == 0) {
    if (bytes_.size() - block_ <= 64) {
      return bytes_.size();
    }
    seek(block_ + 64);
  }
  const std::size_t at = block_ + static_cast<std::size_t>(std::countr_zero(mask_));
  mask_ &= mask_ - 1;
  return at;
}

CsvReader::Outcome CsvReader::fail(CsvFault fault, std::size_t at) noexcept {
  fault_ = fault;
  fault_at_ = at;
  return Outcome::kFault;
}

CsvReader::Outcome CsvReader::need_more(std::size_t field_size) {
  if (field_size > kMaxField) {
    return fail(CsvFault::kFieldTooLong, bytes_.size() - field_size);
  }
  if (bytes_.size() - start_ > kMaxRecord) {
    return fail(CsvFault::kRecordTooLong, start_);
  }
  return Outcome::kNeedMore;
}

// `at` is where a field has ended: at a separator, a line end or the last byte. Moves it behind.
inline CsvReader::Outcome CsvReader::end_field(std::size_t& at) {
  if (at == bytes_.size()) {
    return Outcome::kLineEnd;
  }
  const char byte = bytes_[at];
  ++at;
  if (byte == separator_) {
    return Outcome::kSeparator;
  }
  if (byte == '\r') {
    if (at == bytes_.size() && !is_last_) {
      return need_more(0);
    }
    if (at < bytes_.size() && bytes_[at] == '\n') {
      static_cast<void>(next_special());
      ++at;
    }
  }
  return Outcome::kLineEnd;
}

// Takes the fields that end with a separator among the special characters already found; most of a
// file goes this way.
inline void CsvReader::read_plain_fields(std::size_t& at) {
  const char* const bytes = bytes_.data();
  std::uint64_t mask = mask_;
  std::size_t begin = at;
  while (mask != 0) {
    const std::size_t end = block_ + static_cast<std::size_t>(std::countr_zero(mask));
    const bool is_last_allowed = fields_.size() + 1 >= kMaxFields;
    if (bytes[end] != separator_ || end - begin > kMaxField || is_last_allowed) break;
    fields_.emplace_back(bytes + begin, end - begin);
    mask &= mask - 1;
    begin = end + 1;
  }
  mask_ = mask;
  at = begin;
}

// Reads the field that begins at `at` and moves `at` to the next one.
inline CsvReader::Outcome CsvReader::read_field(std::size_t& at) {
  const std::size_t begin = at;
  const std::size_t end = next_special();
  if (end < bytes_.size() && bytes_[end] == '"') {
    return end == begin ? read_quoted(at) : fail(CsvFault::kStrayQuote, end);
  }
  const std::size_t size = end - begin;
  if (end == bytes_.size() && !is_last_) {
    return need_more(size);
  }
  if (size > kMaxField) {
    return fail(CsvFault::kFieldTooLong, begin);
  }
  fields_.push_back(bytes_.substr(begin, size));
  at = end;
  return end_field(at);
}

CsvReader::Outcome CsvReader::read_quoted(std::size_t& at) {
  const std::size_t opened = at;
  const std::size_t joined_begin = scratch_.size();
  std::size_t begin = at + 1;  // of the piece not yet in scratch_
  std::size_t quote = begin;
  bool is_joined = false;
  for (;;) {
    quote = bytes_.find('"', begin);
    if (quote == std::string_view::npos) {
      if (bytes_.size() - opened > kMaxField + 1) {
        return fail(CsvFault::kFieldTooLong, opened);
      }
      return is_last_ ? fail(CsvFault::kOpenQuote, opened) : need_more(0);
    }
    if (quote + 1 == bytes_.size() && !is_last_) {
      return need_more(0);
    }
    if (quote - opened > kMaxField + 1) {
      return fail(CsvFault::kFieldTooLong, opened);
    }
    if (quote + 1 == bytes_.size() || bytes_[quote + 1] != '"') {
      break;
    }
    scratch_.append(bytes_, begin, quote + 1 - begin);
    is_joined = true;
    begin = quote + 2;
  }
  if (is_joined) {
    scratch_.append(bytes_, begin, quote - begin);
    joined_.push_back({fields_.size(), joined_begin, scratch_.size() - joined_begin});
    fields_.emplace_back();
  } else {
    fields_.push_back(bytes_.substr(begin, quote - begin));
  }
  at = quote + 1;
  if (at < bytes_.size() && bytes_[at] != separator_ && !ends_line(bytes_[at])) {
    fields_.pop_back();
    if (is_joined) {
      joined_.pop_back();
    }
    return fail(CsvFault::kTextAfterQuote, at);
  }
  seek(at);
  static_cast<void>(next_special());
  return end_field(at);
}

bool CsvReader::next(CsvRecord& record) {
  if (stopped_ || start_ == bytes_.size()) {
    return false;
  }
  fields_.clear();
  joined_.clear();
  scratch_.clear();
  std::size_t at = start_;
  read_plain_fields(at);
  Outcome outcome = read_field(at);
  while (outcome == Outcome::kSeparator) {
    if (fields_.size() == kMaxFields) {
      outcome = fail(CsvFault::kTooManyFields, at);
      break;
    }
    read_plain_fields(at);
    outcome = read_field(at);
  }
  if (outcome == Outcome::kNeedMore) {
    seek(start_);
    return false;
  }
  return outcome == Outcome::kLineEnd ? finish(record, at) : finish_fault(record);
}

bool CsvReader::finish(CsvRecord& record, std::size_t end) {
  for (const Joined& joined : joined_) {
    fields_[joined.field] = std::string_view(scratch_).substr(joined.begin, joined.size);
  }
  record.number = ++number_;
  record.offset = base_ + start_;
  record.fields = fields_;
  record.fault = CsvFault::kNone;
  record.fault_field = 0;
  record.fault_offset = 0;
  if (nul_at_ < end) {
    record.fault = CsvFault::kNul;
    record.fault_offset = base_ + nul_at_;
    record.fault_field =
        static_cast<std::size_t>(std::find_if(fields_.begin(), fields_.end(),
                                              [](std::string_view field) {
                                                return field.find('\0') != std::string_view::npos;
                                              }) -
                                 fields_.begin());
    record.fields = std::span(fields_).first(record.fault_field);
    stopped_ = true;
  } else if (bad_at_ < end) {
    record.fault = CsvFault::kBadUtf8;
    record.fault_offset = base_ + bad_at_;
    record.fault_field =
        static_cast<std::size_t>(std::find_if(fields_.begin(), fields_.end(),
                                              [](std::string_view field) {
                                                return base::first_bad_utf8(field).has_value();
                                              }) -
                                 fields_.begin());
    record.fields = std::span(fields_).first(record.fault_field);
    checked_ = end;
    look_for_bad_utf8();
  }
  start_ = end;
  return true;
}

// The line with the fault is passed over as it stands, quotes or not: nobody knows what they mean.
bool CsvReader::finish_fault(CsvRecord& record) {
  const std::size_t fault_field = fields_.size();
  std::size_t end = bytes_.size();
  if (!is_fatal(fault_)) {
    end = std::min(bytes_.find_first_of("\r\n", fault_at_), bytes_.size());
    const bool may_go_on =
        end == bytes_.size() || (bytes_[end] == '\r' && end + 1 == bytes_.size());
    if (may_go_on && !is_last_) {
      if (bytes_.size() - start_ <= kMaxRecord) {
        seek(start_);
        return false;
      }
      fault_ = CsvFault::kRecordTooLong;
    }
    if (end < bytes_.size()) {
      end += std::size_t{bytes_.substr(end, 2) == "\r\n" ? 2U : 1U};
    }
  }
  if (nul_at_ < end) {
    fault_ = CsvFault::kNul;
    fault_at_ = nul_at_;
  }
  record.number = ++number_;
  record.offset = base_ + start_;
  record.fields = {};
  record.fault = fault_;
  record.fault_field = fault_field;
  record.fault_offset = base_ + fault_at_;
  stopped_ = is_fatal(fault_);
  start_ = end;
  if (bad_at_ < end) {
    checked_ = end;
    look_for_bad_utf8();
  }
  seek(start_);
  return true;
}

}  // namespace dangbo::inline v1::load
