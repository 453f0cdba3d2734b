// Any bytes: fed whole and fed in two pieces, the reader gives the same records.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/load/csv.hpp"

namespace {

using dangbo::load::CsvReader;
using dangbo::load::CsvRecord;

struct Seen {
  std::uint64_t number;
  dangbo::load::CsvFault fault;
  std::vector<std::string> fields;
  friend bool operator==(const Seen&, const Seen&) = default;
};

void drain(CsvReader& reader, std::vector<Seen>& seen) {
  CsvRecord record;
  while (reader.next(record)) {
    seen.push_back({record.number, record.fault, {record.fields.begin(), record.fields.end()}});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<Seen> whole;
  CsvReader one(',');
  one.feed(text, true);
  drain(one, whole);

  std::vector<Seen> pieces;
  CsvReader two(',');
  const std::size_t half = size / 2;
  two.feed(text.substr(0, half), false);
  drain(two, pieces);
  if (!two.is_stopped()) {
    two.feed(text.substr(two.consumed()), true);
    drain(two, pieces);
  }
  if (whole != pieces) std::abort();
  return 0;
}
