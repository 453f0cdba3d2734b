#include "rollup/frame.hpp"

#include <algorithm>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rollup {

namespace {

constexpr std::size_t round_up(std::size_t rows) noexcept {
  return (rows + Part::kBlockRows - 1) / Part::kBlockRows * Part::kBlockRows;
}

// The numbers of a field by row of its table.
std::vector<std::uint32_t> whole_column(const Rows& rows, const FieldReader& reader) {
  std::vector<std::uint32_t> out(rows.size());
  reader.read(RowId{0}, out);
  return out;
}

void make_planes(Lane& lane, std::uint32_t rows) {
  std::size_t width = 1;
  while ((std::uint64_t{1} << width) <= lane.values) ++width;
  lane.planes.assign(width, std::vector<std::uint64_t>(lane.bytes.size() / 64, 0));
  std::array<bool, 256> met{};
  for (std::size_t word = 0; word < lane.bytes.size() / 64; ++word) {
    std::array<std::uint64_t, 8> bits{};
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint8_t byte = lane.bytes[word * 64 + i];
      if (word * 64 + i < rows) met[byte] = true;
      const std::uint64_t code = byte == 0xFF ? lane.values : byte;
      for (std::size_t p = 0; p < width; ++p) bits[p] |= ((code >> p) & 1U) << i;
    }
    for (std::size_t p = 0; p < width; ++p) lane.planes[p][word] = bits[p];
  }
  for (std::uint32_t code = 0; code < lane.values; ++code) {
    if (met[code]) lane.met.push_back(code);
  }
  if (met[0xFF]) lane.met.push_back(lane.values);
}

}  // namespace

Part::Part(std::vector<Entry> entries, std::uint32_t places, bool dense)
    : size_(static_cast<std::uint32_t>(entries.size())), dense_(dense) {
  const std::size_t padded = round_up(size_);
  own_.resize(size_);
  member_rows_.resize(size_);
  from_.assign(padded, kNoShortDay);
  until_.assign(padded, 0);
  zones_.resize(padded / kBlockRows);
  begins_.assign(dense ? std::size_t{places} + 1 : size_, 0);
  for (std::uint32_t i = 0; i < size_; ++i) {
    const Entry& entry = entries[i];
    own_[i] = entry.own;
    member_rows_[i] = entry.member_row;
    from_[i] = entry.from;
    until_[i] = entry.until;
    Zone& zone = zones_[i / kBlockRows];
    zone.least_from = std::min(zone.least_from, entry.from);
    zone.most_from = std::max(zone.most_from, entry.from);
    zone.least_until = std::min(zone.least_until, entry.until);
    zone.most_until = std::max(zone.most_until, entry.until);
    if (dense) {
      ++begins_[entry.place + 1];
    } else {
      begins_[i] = entry.place;
    }
  }
  if (!dense) return;
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
}

std::uint32_t Part::begin_of(std::uint32_t place) const noexcept {
  if (dense_) return begins_[std::min<std::size_t>(place, begins_.size() - 1)];
  return static_cast<std::uint32_t>(std::lower_bound(begins_.begin(), begins_.end(), place) -
                                    begins_.begin());
}

const Lane& Part::lane(const Column& column, const Rows& rows) const {
  const bool of_member = column.source == Source::kMember;
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& kept = lanes_[{of_member, column.index}];
  if (kept != nullptr) return *kept;
  auto made = std::make_unique<Lane>();
  const auto type = column.field.type;
  const bool is_code = type == table::Type::kBool || type == table::Type::kCode;
  const std::uint32_t words = type == table::Type::kBool   ? 2
                              : type == table::Type::kCode ? column.reader.word_count()
                                                           : 0;
  const auto& at = of_member ? member_rows_ : own_;
  if (is_code && words < 255) {
    const auto numbers = whole_column(rows, column.reader);
    made->form = Lane::Form::kCodes;
    made->values = words;
    made->bytes.assign(round_up(size_), 0xFF);
    for (std::uint32_t i = 0; i < size_; ++i) {
      const std::uint32_t number = at[i] < numbers.size() ? numbers[at[i]] : column.missing_mark;
      if (number != column.missing_mark) made->bytes[i] = static_cast<std::uint8_t>(number);
    }
    make_planes(*made, size_);
  } else if (type == table::Type::kDate && !column.standing) {
    const auto numbers = whole_column(rows, column.reader);
    made->form = Lane::Form::kDays;
    made->bytes.assign(round_up(size_), 0xFF);
    made->low.assign(round_up(size_), 0xFF);
    for (std::uint32_t i = 0; i < size_; ++i) {
      const std::uint32_t number = at[i] < numbers.size() ? numbers[at[i]] : column.missing_mark;
      if (number == column.missing_mark) continue;
      const auto date = time::PartialDate::from_code(static_cast<std::int32_t>(number));
      if (!has_short_day(date.first_day())) {
        *made = Lane();
        break;
      }
      const std::uint16_t day = short_day(date.first_day().days());
      made->bytes[i] = static_cast<std::uint8_t>(day >> 8);
      made->low[i] = static_cast<std::uint8_t>(day & 0xFF);
      if (date.is_exact()) continue;
      if (made->partial.empty()) made->partial.assign(round_up(size_) / 64, 0);
      made->partial[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }
  kept = std::move(made);
  return *kept;
}

std::uint64_t Part::memory_bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::uint64_t bytes = std::uint64_t{size_} * 8 + from_.size() * 4 + begins_.size() * 4 +
                        zones_.size() * sizeof(Zone);
  for (const auto& [key, lane] : lanes_) {
    bytes += lane->bytes.size() + lane->low.size() + lane->partial.size() * 8;
    for (const auto& plane : lane->planes) bytes += plane.size() * 8;
  }
  return bytes;
}

void Frame::gather_pieces() {
  for (std::size_t i = 0; i < 3; ++i) {
    const bool in_force = i != Layout::kNotInForce;
    const auto& dead = dead_[i];
    pieces_.push_back({base_->rows.parts[i].get(), dead.empty() ? nullptr : dead.data(), in_force});
    if (tail_.parts[i] != nullptr) pieces_.push_back({tail_.parts[i].get(), nullptr, in_force});
  }
  std::erase_if(pieces_, [](const Piece& piece) { return piece.part->size() == 0; });
}

std::uint64_t Frame::memory_bytes() const {
  std::uint64_t bytes = base_->places.size() * 4;
  for (const Piece& piece : pieces_) bytes += piece.part->memory_bytes();
  for (const auto& dead : dead_) bytes += dead.size() * 8;
  return bytes;
}

}  // namespace dangbo::inline v1::rollup
