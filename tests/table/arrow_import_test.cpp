#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "dangbo/table/arrow.hpp"
#include "table/foreign.hpp"
#include "table/sample.hpp"

namespace dangbo::table {
namespace {

using base::ProblemCode;
using foreign::Batch;
using foreign::Node;

// Imports the batch and checks that it was released exactly once, base only, whatever came of it.
absl::StatusOr<Table> import(Batch& batch) {
  absl::StatusOr<Table> table = import_array(batch.schema(), batch.array());
  EXPECT_EQ(batch.schema_releases, 1);
  EXPECT_EQ(batch.array_releases, 1);
  EXPECT_EQ(batch.misuse, 0);
  return table;
}

std::string shown(Batch& batch, std::size_t column = 0) {
  const auto table = import(batch);
  if (!table.ok()) {
    return std::string(table.status().message());
  }
  std::string all;
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    const Column& values = table->column(column);
    all += (row == 0 ? "" : "|") + (values.is_missing(row) ? "?" : values.display(row));
  }
  return all;
}

void expect_refused(Batch& batch, ProblemCode code, const std::string& column) {
  const auto table = import(batch);
  ASSERT_FALSE(table.ok());
  const base::ProblemList problems = base::problems_of(table.status());
  ASSERT_EQ(problems.total(), 1U);
  const base::Problem& problem = problems.kept()[0];
  EXPECT_EQ(problem.code, code) << problem.reason.en;
  EXPECT_EQ(problem.place.column, column) << problem.reason.en;
  EXPECT_FALSE(problem.reason.vi.empty());
  EXPECT_FALSE(problem.fix.en.empty());
}

template <typename T>
std::string integers(const char* format) {
  const T values[] = {0, 1, static_cast<T>(-1), 100, 5};
  const std::uint8_t validity = 0b01111;
  Batch batch(5);
  batch.add("n", format, {&validity, values});
  return shown(batch);
}

TEST(ArrowImport, IntegersOfEveryWidth) {
  EXPECT_EQ(integers<std::int8_t>("c"), "0|1|-1|100|?");
  EXPECT_EQ(integers<std::uint8_t>("C"), "0|1|255|100|?");
  EXPECT_EQ(integers<std::int16_t>("s"), "0|1|-1|100|?");
  EXPECT_EQ(integers<std::uint16_t>("S"), "0|1|65535|100|?");
  EXPECT_EQ(integers<std::int32_t>("i"), "0|1|-1|100|?");
  EXPECT_EQ(integers<std::uint32_t>("I"), "0|1|4294967295|100|?");
  EXPECT_EQ(integers<std::int64_t>("l"), "0|1|-1|100|?");
}

TEST(ArrowImport, UnsignedBeyondInt64IsAnErrorWithTheColumnsName) {
  const std::uint64_t fits[] = {0x7FFFFFFFFFFFFFFFU, ~std::uint64_t{0}};
  const std::uint8_t validity = 0b01;
  Batch good(2);
  good.add("id", "L", {&validity, fits});
  EXPECT_EQ(shown(good), "9223372036854775807|?");
  const std::uint64_t beyond[] = {1, 0x8000000000000000U};
  Batch bad(2);
  bad.add("id", "L", {nullptr, beyond});
  expect_refused(bad, ProblemCode::kOutOfRange, "id");
}

TEST(ArrowImport, BooleansRealsAndNothing) {
  const std::uint8_t bits[] = {0b10110101, 0b1};
  Batch flags(3);
  flags.add("b", "b", {nullptr, bits}).array.offset = 6;
  EXPECT_EQ(shown(flags), "false|true|true");
  const float singles[] = {0.5F, -2};
  Batch floats(2);
  floats.add("f", "f", {nullptr, singles});
  EXPECT_EQ(shown(floats), "0.5|-2");
  const double doubles[] = {0.1, 3};
  Batch reals(2);
  reals.add("g", "g", {nullptr, doubles});
  EXPECT_EQ(shown(reals), "0.1|3");
  Batch nothing(3);
  nothing.add("n", "n", {}).array.null_count = 3;
  EXPECT_EQ(shown(nothing), "?|?|?");
}

TEST(ArrowImport, TextOfBothOffsetSizes) {
  const char bytes[] = "Chi bộxx\xFF";
  const std::int32_t small[] = {0, 8, 8, 10, 11};
  const std::int64_t large[] = {0, 8, 8, 10, 11};
  const std::uint8_t validity = 0b0111;  // what lies under a null is nobody's business
  Batch narrow(4);
  narrow.add("t", "u", {&validity, small, bytes});
  EXPECT_EQ(shown(narrow), "Chi bộ||xx|?");
  Batch wide(4);
  wide.add("t", "U", {&validity, large, bytes});
  EXPECT_EQ(shown(wide), "Chi bộ||xx|?");
  Batch sliced(2);
  Node& node = sliced.add("t", "u", {&validity, small, bytes});
  node.array.length = 4;
  sliced.array()->offset = 1;
  EXPECT_EQ(shown(sliced), "|xx");
  Batch empty(0);
  empty.add("t", "u", {nullptr, nullptr, nullptr});
  EXPECT_EQ(shown(empty), "");
}

TEST(ArrowImport, EveryOffsetOfBothLevels) {
  std::vector<std::int32_t> values(200);
  std::vector<std::uint8_t> validity(25, 0);
  for (std::size_t index = 0; index < values.size(); ++index) {
    values[index] = static_cast<std::int32_t>(index);
    if (index % 3 != 0) {
      validity[index / 8] = static_cast<std::uint8_t>(validity[index / 8] | (1U << (index % 8)));
    }
  }
  for (std::int64_t outer = 0; outer < 70; outer += 7) {
    for (std::int64_t inner = 0; inner < 70; inner += 9) {
      Batch batch(50);
      Node& node = batch.add("n", "i", {validity.data(), values.data()});
      batch.array()->offset = outer;
      node.array.offset = inner;
      node.array.length = outer + 50;
      const auto table = import(batch);
      ASSERT_TRUE(table.ok());
      for (std::size_t row = 0; row < 50; ++row) {
        const std::size_t at = row + static_cast<std::size_t>(outer + inner);
        ASSERT_EQ(table->column(0).is_missing(row), at % 3 == 0);
        ASSERT_EQ(table->column(0).integer(row), at % 3 == 0 ? 0 : static_cast<std::int64_t>(at));
      }
    }
  }
}

TEST(ArrowImport, BuffersAtOddAddresses) {
  alignas(8) char memory[40] = {};
  const std::int64_t values[] = {7, -8};
  std::memcpy(memory + 3, values, sizeof values);
  Batch batch(2);
  batch.add("n", "l", {nullptr, memory + 3});
  EXPECT_EQ(shown(batch), "7|-8");
}

std::string day(const char* format, std::int64_t value) {
  Batch batch(1);
  const auto narrow = static_cast<std::int32_t>(value);
  const bool days = std::string_view(format) == "tdD";
  batch.add("d", format, {nullptr, days ? static_cast<const void*>(&narrow) : &value});
  return shown(batch);
}

TEST(ArrowImport, DatesAndTimestamps) {
  EXPECT_EQ(day("tdD", -14577), "1930-02-03");
  EXPECT_EQ(day("tdm", -14577LL * 86'400'000), "1930-02-03");
  EXPECT_EQ(day("tss:", 0), "1970-01-01");
  EXPECT_EQ(day("tss:", 86'399), "1970-01-01");  // the time of day is dropped
  EXPECT_EQ(day("tss:", 86'400), "1970-01-02");
  EXPECT_EQ(day("tss:", -1), "1969-12-31");
  EXPECT_EQ(day("tsm:", -1), "1969-12-31");
  EXPECT_EQ(day("tsu:", 86'400'000'000 - 1), "1970-01-01");
  EXPECT_EQ(day("tsn:", -86'400'000'000'001), "1969-12-30");
  EXPECT_EQ(day("tss:UTC", 0), "1970-01-01");
  // Midnight in Hà Nội is five in the afternoon of the day before in Greenwich.
  EXPECT_EQ(day("tss:+07:00", -7 * 3600), "1970-01-01");
  EXPECT_EQ(day("tsn:+0700", -7LL * 3600 * 1'000'000'000 - 1), "1969-12-31");
  EXPECT_EQ(day("tss:-05:30", 0), "1969-12-31");
}

TEST(ArrowImport, DatesOutsideTheCalendarAndUnknownZones) {
  for (const std::int64_t days : {-208'189LL, 2'932'897LL, 2'147'483'647LL, -2'147'483'648LL}) {
    const auto narrow = static_cast<std::int32_t>(days);
    Batch batch(1);
    batch.add("d", "tdD", {nullptr, &narrow});
    expect_refused(batch, ProblemCode::kImpossibleDate, "d");
  }
  EXPECT_EQ(day("tdD", -208'188), "1400-01-01");
  EXPECT_EQ(day("tdD", 2'932'896), "9999-12-31");
  for (const char* format : {"tss:", "tsm:", "tdm", "tss:+23:59", "tss:-23:59"}) {
    for (const std::int64_t value : {INT64_MAX, INT64_MIN}) {
      Batch batch(1);
      batch.add("d", format, {nullptr, &value});
      expect_refused(batch, ProblemCode::kImpossibleDate, "d");
    }
  }
  for (const char* format : {"tss:Asia/Ho_Chi_Minh", "tss:+7", "tss:+24:00", "tss:+07:60",
                             "tss:07:00", "tss:+ab:cd", "tss:\xFF"}) {
    const std::int64_t value = 0;
    Batch batch(1);
    batch.add("d", format, {nullptr, &value});
    expect_refused(batch, ProblemCode::kBadSchemaFile, "d");
  }
}

struct Dictionary {
  const char* bytes = "chi bộđảng bộchi bộ";
  std::int32_t offsets[6] = {0, 8, 20, 20, 28, 28};
  std::uint8_t validity = 0b01011;  // the third entry and the last are null
};

template <typename T>
std::string coded(const char* format) {
  static const Dictionary words;
  const T indexes[] = {1, 0, 3, 2};
  Batch batch(4);
  Node& node = batch.add("k", format, {nullptr, indexes});
  batch.add_dictionary(node, "u", {&words.validity, words.offsets, words.bytes}, 5);
  const auto table = import(batch);
  if (!table.ok()) {
    return std::string(table.status().message());
  }
  const Column& column = table->column(0);
  EXPECT_EQ(column.type(), Type::kCode);
  EXPECT_EQ(*column.words(), (Words{"chi bộ", "đảng bộ"}));  // repeats are one word
  EXPECT_EQ(column.code(1), column.code(2));
  EXPECT_TRUE(column.is_missing(3));
  return column.display(0);
}

TEST(ArrowImport, DictionariesWithEveryIndexType) {
  EXPECT_EQ(coded<std::int8_t>("c"), "đảng bộ");
  EXPECT_EQ(coded<std::uint8_t>("C"), "đảng bộ");
  EXPECT_EQ(coded<std::int16_t>("s"), "đảng bộ");
  EXPECT_EQ(coded<std::uint16_t>("S"), "đảng bộ");
  EXPECT_EQ(coded<std::int32_t>("i"), "đảng bộ");
  EXPECT_EQ(coded<std::uint32_t>("I"), "đảng bộ");
  EXPECT_EQ(coded<std::int64_t>("l"), "đảng bộ");
  EXPECT_EQ(coded<std::uint64_t>("L"), "đảng bộ");
}

TEST(ArrowImport, DictionaryFaults) {
  const Dictionary words;
  const auto refused = [&](std::int32_t index, const std::function<void(Batch&, Node&)>& spoil,
                           ProblemCode code) {
    Batch batch(1);
    Node& node = batch.add("k", "i", {nullptr, &index});
    batch.add_dictionary(node, "u", {&words.validity, words.offsets, words.bytes}, 5);
    spoil(batch, node);
    expect_refused(batch, code, "k");
  };
  const auto nothing = [](Batch&, Node&) {};
  refused(5, nothing, ProblemCode::kOutOfRange);
  refused(-1, nothing, ProblemCode::kOutOfRange);
  refused(INT32_MIN, nothing, ProblemCode::kOutOfRange);
  refused(
      0, [](Batch&, Node& n) { n.array.dictionary = nullptr; }, ProblemCode::kBadSchemaFile);
  refused(
      0, [](Batch&, Node& n) { n.array.dictionary->release = nullptr; },
      ProblemCode::kBadSchemaFile);
  refused(
      0, [](Batch&, Node& n) { n.array.dictionary->length = -5; }, ProblemCode::kBadSchemaFile);
  refused(
      0, [](Batch&, Node& n) { n.schema.dictionary->format = "l"; }, ProblemCode::kBadSchemaFile);
  refused(
      0, [](Batch&, Node& n) { n.schema.dictionary->dictionary = n.schema.dictionary; },
      ProblemCode::kBadSchemaFile);
  refused(
      0, [](Batch&, Node& n) { n.schema.format = "g"; }, ProblemCode::kBadSchemaFile);
  // Under a null any index may stand.
  const std::int32_t wild[] = {99, 1};
  const std::uint8_t validity = 0b10;
  Batch batch(2);
  Node& node = batch.add("k", "i", {&validity, wild});
  batch.add_dictionary(node, "u", {&words.validity, words.offsets, words.bytes}, 5);
  EXPECT_EQ(shown(batch), "?|đảng bộ");
}

// A good two-row batch of an integer column "n", spoilt in one way.
void expect_spoilt(const std::function<void(Batch&, Node&)>& spoil, const std::string& column = "n",
                   ProblemCode code = ProblemCode::kBadSchemaFile) {
  static const std::int64_t values[] = {1, 2};
  static const std::uint8_t validity = 0b01;
  Batch batch(2);
  Node& node = batch.add("n", "l", {&validity, values});
  spoil(batch, node);
  expect_refused(batch, code, column);
}

TEST(ArrowImport, BrokenArrays) {
  expect_spoilt([](Batch&, Node& n) { n.array.release = nullptr; });
  expect_spoilt([](Batch&, Node& n) { n.array.length = 1; });
  expect_spoilt([](Batch&, Node& n) { n.array.length = -1; });
  expect_spoilt([](Batch&, Node& n) { n.array.length = INT64_MAX; });
  expect_spoilt([](Batch&, Node& n) { n.array.offset = -1; });
  expect_spoilt([](Batch&, Node& n) { n.array.offset = INT64_MAX; });
  expect_spoilt([](Batch&, Node& n) { n.array.n_buffers = 3; });
  expect_spoilt([](Batch&, Node& n) { n.array.n_buffers = -1; });
  expect_spoilt([](Batch&, Node& n) { n.array.buffers = nullptr; });
  expect_spoilt([](Batch&, Node& n) { n.buffers[1] = nullptr; });
  expect_spoilt([](Batch&, Node& n) { n.array.null_count = 2; });
  expect_spoilt([](Batch&, Node& n) { n.array.null_count = 0; });
  expect_spoilt([](Batch&, Node& n) { n.array.null_count = -2; });
  expect_spoilt([](Batch&, Node& n) { n.array.null_count = 3; });
  expect_spoilt([](Batch&, Node& n) {
    n.array.null_count = 1;
    n.buffers[0] = nullptr;
  });
  expect_spoilt([](Batch& b, Node&) { b.array()->children[0] = nullptr; });
  expect_spoilt([](Batch& b, Node&) { b.array()->n_children = 0; }, "");
  expect_spoilt([](Batch& b, Node&) { b.array()->children = nullptr; }, "");
  expect_spoilt([](Batch& b, Node&) { b.array()->length = -2; }, "");
  expect_spoilt([](Batch& b, Node&) { b.array()->n_buffers = 0; }, "");
  expect_spoilt([](Batch& b, Node&) { b.array()->offset = 1; });
  static const std::uint8_t row_missing = 0b01;
  expect_spoilt([](Batch& b, Node&) { b.root().buffers[0] = &row_missing; }, "");
}

TEST(ArrowImport, BrokenSchemas) {
  for (const char* format : {"", "+l", "+s", "z", "Z", "vu", "w:16", "d:10,2", "e", "tts", "tdd",
                             "tsx:", "ts", "tss", "tiM", "ii", "u ", "\xFF", "+ud:0,1"}) {
    expect_spoilt([&](Batch&, Node& n) { n.schema.format = format; });
  }
  expect_spoilt([](Batch&, Node& n) { n.schema.format = nullptr; }, "#1");
  expect_spoilt([](Batch&, Node& n) { n.schema.release = nullptr; }, "#1");
  expect_spoilt([](Batch& b, Node&) { b.schema()->children[0] = nullptr; }, "#1");
  expect_spoilt([](Batch&, Node& n) { n.schema.name = "\xC3("; }, "#1", ProblemCode::kBadUtf8);
  expect_spoilt([](Batch& b, Node&) { b.schema()->format = "l"; }, "");
  expect_spoilt([](Batch& b, Node&) { b.schema()->format = nullptr; }, "");
  expect_spoilt([](Batch& b, Node&) { b.schema()->n_children = -1; }, "");
  expect_spoilt([](Batch& b, Node&) { b.schema()->children = nullptr; }, "");
  expect_spoilt([](Batch& b, Node&) { b.schema()->n_children = 1'000'000; }, "",
                ProblemCode::kLimit);
  static const std::int64_t values[] = {1, 2};
  expect_spoilt(
      [](Batch& b, Node&) {
        b.add("n", "l", {nullptr, values});
      },
      "n", ProblemCode::kHeaderAmbiguous);
}

TEST(ArrowImport, BrokenText) {
  const char bytes[] = "ộxx";
  const auto refused = [&](std::vector<std::int32_t> offsets, const char* data, ProblemCode code) {
    Batch batch(2);
    batch.add("t", "u", {nullptr, offsets.data(), data});
    expect_refused(batch, code, "t");
  };
  refused({0, 3, 2}, bytes, ProblemCode::kBadSchemaFile);
  refused({-1, 0, 2}, bytes, ProblemCode::kBadSchemaFile);
  refused({0, -1, 2}, bytes, ProblemCode::kBadSchemaFile);
  refused({0, 3, 4}, nullptr, ProblemCode::kBadSchemaFile);
  refused({0, 2, 3}, bytes, ProblemCode::kBadUtf8);  // a letter cut in two
  refused({0, 0, 1}, "\xED\xA0\x80", ProblemCode::kBadUtf8);
  Batch missing(2);
  missing.add("t", "u", {nullptr, nullptr, bytes});
  expect_refused(missing, ProblemCode::kBadSchemaFile, "t");
  const std::int64_t huge[] = {0, 1, INT64_MAX};
  Batch large(2);
  large.add("t", "U", {nullptr, huge, "x"});
  expect_refused(large, ProblemCode::kLimit, "t");
  const std::int32_t zero[] = {0, 0, 0};
  Batch empty(2);
  empty.add("t", "u", {nullptr, zero, nullptr});
  EXPECT_EQ(shown(empty), "|");
}

TEST(ArrowImport, NullsAndReleasedStructs) {
  EXPECT_FALSE(import_array(nullptr, nullptr).ok());
  EXPECT_FALSE(import_stream(nullptr).ok());
  ArrowArrayStream released{};
  EXPECT_FALSE(import_stream(&released).ok());
  Batch batch(0);
  EXPECT_FALSE(import_array(batch.schema(), nullptr).ok());
  EXPECT_EQ(batch.schema_releases, 1);
  EXPECT_FALSE(import_array(batch.schema(), batch.array()).ok());  // the schema is gone
  EXPECT_EQ(batch.schema_releases, 1);
  EXPECT_EQ(batch.array_releases, 1);
}

TEST(ArrowImport, NoColumnsAndColumnsWithoutNames) {
  Batch none(3);
  const auto table = import(none);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->column_count(), 0U);
  const std::int64_t value = 4;
  Batch unnamed(1);
  unnamed.add("", "l", {nullptr, &value}).schema.name = nullptr;
  EXPECT_EQ(shown(unnamed), "4");
}

// A stream of our own making that fails where it is told to.
struct FailingStream {
  int fail_schema = 0;
  int fail_at = -1;  // batch
  int code = 0;
  const char* why = nullptr;
  int batches = 3;
  int given = 0;
  int releases = 0;
  int open = 0;  // schemas and arrays not yet released
  ArrowArrayStream stream{};

  FailingStream() {
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream* s, ArrowSchema* out) {
      auto& self = *static_cast<FailingStream*>(s->private_data);
      *out = ArrowSchema{};
      if (self.fail_schema != 0) {
        return self.fail_schema;
      }
      out->format = "+s";
      out->private_data = &self.open;
      out->release = [](ArrowSchema* schema) {
        --*static_cast<int*>(schema->private_data);
        schema->release = nullptr;
      };
      ++self.open;
      return 0;
    };
    stream.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
      auto& self = *static_cast<FailingStream*>(s->private_data);
      static const void* no_validity[] = {nullptr};
      *out = ArrowArray{};
      if (self.given == self.fail_at) {
        return self.code;
      }
      if (self.given++ == self.batches) {
        return 0;
      }
      out->n_buffers = 1;
      out->buffers = no_validity;
      out->private_data = &self.open;
      out->release = [](ArrowArray* array) {
        --*static_cast<int*>(array->private_data);
        array->release = nullptr;
      };
      ++self.open;
      return 0;
    };
    stream.get_last_error = [](ArrowArrayStream* s) {
      return static_cast<FailingStream*>(s->private_data)->why;
    };
    stream.release = [](ArrowArrayStream* s) {
      ++static_cast<FailingStream*>(s->private_data)->releases;
      s->release = nullptr;
    };
  }
  FailingStream(const FailingStream&) = delete;
  FailingStream& operator=(const FailingStream&) = delete;

  absl::StatusOr<std::vector<Table>> run() {
    auto tables = import_stream(&stream);
    EXPECT_EQ(releases, 1);
    EXPECT_EQ(open, 0);
    return tables;
  }
};

TEST(ArrowImportStream, ReleasesEverythingOnEveryWay) {
  FailingStream good;
  const auto tables = good.run();
  ASSERT_TRUE(tables.ok());
  EXPECT_EQ(tables->size(), 3U);

  FailingStream no_schema;
  no_schema.fail_schema = EIO;
  EXPECT_FALSE(no_schema.run().ok());

  FailingStream broken;
  broken.fail_at = 2;
  broken.code = ECANCELED;
  broken.why = "người dùng dừng";
  const auto cancelled = broken.run();
  EXPECT_EQ(cancelled.status().code(), absl::StatusCode::kCancelled);
  EXPECT_NE(base::problems_of(cancelled.status()).kept()[0].reason.vi.find(broken.why),
            std::string::npos);

  FailingStream no_memory;
  no_memory.fail_at = 0;
  no_memory.code = ENOMEM;
  no_memory.why = "\xFF not text";  // never passed on
  EXPECT_EQ(no_memory.run().status().code(), absl::StatusCode::kResourceExhausted);

  FailingStream no_callback;
  no_callback.stream.get_next = nullptr;
  EXPECT_FALSE(no_callback.run().ok());
}

TEST(ArrowImportStream, NoBatchesKeepTheColumns) {
  ArrowArrayStream stream{};
  export_stream({sample::every_type(0, false)}, &stream);
  ArrowArray skipped{};
  ASSERT_EQ(stream.get_next(&stream, &skipped), 0);
  skipped.release(&skipped);
  const auto tables = import_stream(&stream);
  ASSERT_TRUE(tables.ok());
  ASSERT_EQ(tables->size(), 1U);
  EXPECT_EQ(tables->front().column_count(), 6U);
  EXPECT_EQ(tables->front().column(1).type(), Type::kCode);
  EXPECT_TRUE(tables->front().column(1).words()->empty());
}

}  // namespace
}  // namespace dangbo::table
