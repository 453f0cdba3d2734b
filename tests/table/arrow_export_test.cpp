#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "dangbo/table/arrow.hpp"
#include "dangbo/table/arrow/abi.h"
#include "table/arrow_check.hpp"
#include "table/sample.hpp"

namespace {

// Allocations until one fails; negative: none does.
int allocations_left = -1;

void* allocate(std::size_t size, std::size_t alignment) {
  if (allocations_left == 0) {
    throw std::bad_alloc();
  }
  allocations_left -= allocations_left > 0 ? 1 : 0;
  void* memory = nullptr;
  if (posix_memalign(&memory, alignment < sizeof(void*) ? sizeof(void*) : alignment,
                     size == 0 ? 1 : size) != 0) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

// Not inlined: the compiler would take the pair posix_memalign and free for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace dangbo::table {
namespace {

using arrow_check::check;
using arrow_check::Faults;

struct Exported {
  explicit Exported(const Table& table) {
    export_schema(table, &schema);
    export_array(table, &array);
  }
  ~Exported() {
    if (schema.release != nullptr) {
      schema.release(&schema);
    }
    if (array.release != nullptr) {
      array.release(&array);
    }
  }
  Exported(const Exported&) = delete;
  Exported& operator=(const Exported&) = delete;
  ArrowSchema schema{};
  ArrowArray array{};
};

void expect_equal(const Table& a, const Table& b) {
  ASSERT_EQ(a.row_count(), b.row_count());
  ASSERT_EQ(a.column_count(), b.column_count());
  for (std::size_t index = 0; index < a.column_count(); ++index) {
    const Column& left = a.column(index);
    const Column& right = b.column(index);
    ASSERT_EQ(left.name(), right.name());
    ASSERT_EQ(left.missing_count(), right.missing_count());
    for (std::size_t row = 0; row < left.size(); ++row) {
      ASSERT_EQ(left.is_missing(row), right.is_missing(row)) << left.name() << row;
      ASSERT_EQ(left.display(row), right.display(row)) << left.name() << row;
    }
  }
}

TEST(ArrowExport, EveryTypeAtEverySizePassesTheChecker) {
  for (const std::size_t rows : {0U, 1U, 2U, 7U, 8U, 63U, 64U, 65U, 66U, 128U, 4096U, 70'000U}) {
    for (const bool partial : {false, true}) {
      const Table table = sample::every_type(rows, partial);
      Exported exported(table);
      EXPECT_EQ(check(exported.schema, exported.array), Faults{}) << rows;
      EXPECT_EQ(exported.array.length, static_cast<std::int64_t>(rows));
      const auto back = import_array(&exported.schema, &exported.array);
      ASSERT_TRUE(back.ok()) << back.status();
      expect_equal(table, *back);
      EXPECT_EQ(exported.schema.release, nullptr);
      EXPECT_EQ(exported.array.release, nullptr);
    }
  }
}

TEST(ArrowExport, FormatsAndNames) {
  const auto formats = [](const Table& table) {
    const Exported exported(table);
    std::string all;
    for (std::int64_t index = 0; index < exported.schema.n_children; ++index) {
      all += std::string(exported.schema.children[index]->name) + "=" +
             exported.schema.children[index]->format + " ";
    }
    return all;
  };
  EXPECT_EQ(formats(sample::every_type(11, false)), "text=u code=i date=tdD int=l bool=b real=g ");
  EXPECT_EQ(formats(sample::every_type(101, true)), "text=u code=i date=u int=l bool=b real=g ");
}

TEST(ArrowExport, CodesWithoutWordsArePlainIntegers) {
  std::vector<Column> columns;
  columns.emplace_back("c", Type::kCode);
  columns[0].append_code(4);
  const Exported exported(Table("t", std::move(columns)));
  EXPECT_EQ(exported.schema.children[0]->dictionary, nullptr);
  EXPECT_EQ(arrow_check::narrow(exported.array.children[0]->buffers[1], 0), 4);
  EXPECT_EQ(check(exported.schema, exported.array), Faults{});
}

TEST(ArrowExport, LendsColumnsAndAlignsWhatItConverts) {
  const Table table = sample::every_type(1000, false);
  const Exported exported(table);
  const auto buffer = [&](std::int64_t column, int index) {
    return exported.array.children[column]->buffers[index];
  };
  EXPECT_EQ(buffer(0, 1), table.column(0).offsets().data());
  EXPECT_EQ(buffer(0, 2), table.column(0).bytes().data());
  EXPECT_EQ(buffer(1, 1), table.column(1).narrow().data());
  EXPECT_EQ(buffer(3, 1), table.column(3).wide().data());
  EXPECT_EQ(buffer(5, 1), table.column(5).reals().data());
  EXPECT_EQ(buffer(3, 0), table.column(3).valid_bits().data());
  for (const void* ours : {buffer(2, 1), buffer(4, 1)}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(ours) % 64, 0U);
  }
}

TEST(ArrowExport, MetadataCarriesNameAndFacts) {
  const Exported exported(sample::every_type(1, false));
  const std::string_view metadata(exported.schema.metadata, 60);
  EXPECT_NE(metadata.find("dangbo.table"), std::string_view::npos);
  EXPECT_NE(metadata.find("dangbo.on"), std::string_view::npos);
  const Exported plain{Table("", {})};
  EXPECT_EQ(plain.schema.metadata, nullptr);
  EXPECT_EQ(check(plain.schema, plain.array), Faults{});
}

TEST(ArrowExport, ReleaseFreesTheColumnsAndIsMarked) {
  std::weak_ptr<const Column> watched;
  ArrowArray array{};
  {
    const Table table = sample::every_type(100, false);
    watched = table.shared_column(0);
    export_array(table, &array);
  }
  EXPECT_FALSE(watched.expired());
  ArrowArray moved = array;  // consumers move bytewise
  array.release = nullptr;
  moved.release(&moved);
  EXPECT_EQ(moved.release, nullptr);
  EXPECT_TRUE(watched.expired());
}

TEST(ArrowExport, MovedChildrenOutliveEverything) {
  std::weak_ptr<const Column> text_column;
  std::weak_ptr<const Column> int_column;
  ArrowArray text{};
  ArrowArray words{};
  ArrowSchema text_type{};
  {
    const Table table = sample::every_type(101, false);
    text_column = table.shared_column(0);
    int_column = table.shared_column(3);
    Exported exported(table);
    text = *exported.array.children[0];
    exported.array.children[0]->release = nullptr;
    words = *exported.array.children[1]->dictionary;
    exported.array.children[1]->dictionary->release = nullptr;
    text_type = *exported.schema.children[0];
    exported.schema.children[0]->release = nullptr;
  }
  EXPECT_FALSE(text_column.expired());
  EXPECT_TRUE(int_column.expired());
  EXPECT_STREQ(text_type.name, "text");
  EXPECT_EQ(arrow_check::narrow(text.buffers[1], 101),
            static_cast<std::int32_t>(text_column.lock()->text_bytes()));
  EXPECT_EQ(words.length, 3);
  EXPECT_EQ(std::string(static_cast<const char*>(words.buffers[2]), 3), "chi");
  text.release(&text);
  words.release(&words);
  text_type.release(&text_type);
  EXPECT_TRUE(text_column.expired());
}

TEST(ArrowExport, TheCheckerFindsFaults) {
  const auto faults_after = [](const auto& spoil) {
    const Table table = sample::every_type(100, false);
    Exported exported(table);
    spoil(exported);
    return check(exported.schema, exported.array).size();
  };
  EXPECT_EQ(faults_after([](Exported&) {}), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.array.children[3]->null_count += 1; }), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.array.children[0]->length = 99; }), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.array.children[1]->dictionary->length = 1; }), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.schema.children[2]->format = "tdm"; }), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.array.children[4]->buffers[1] = nullptr; }), 0U);
  EXPECT_NE(faults_after([](Exported& e) { e.array.children[4]->n_buffers = 3; }), 0U);
}

TEST(ArrowExport, RunningOutOfMemoryLeavesNothingBehind) {
  const Table table = sample::every_type(100, true);
  const auto survives = [&](const auto& attempt) {
    int failures = 0;
    for (int budget = 0; budget < 10'000; ++budget) {
      allocations_left = budget;
      const bool done = attempt();
      allocations_left = -1;
      if (done) {
        return failures;
      }
      ++failures;
    }
    return -1;
  };
  const auto run = [](const auto& work) {
    try {
      work();
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  };
  EXPECT_GT(survives([&] {
              ArrowArray array{};
              const bool done = run([&] { export_array(table, &array); });
              allocations_left = -1;
              EXPECT_EQ(array.release != nullptr, done);
              if (done) {
                array.release(&array);
              }
              return done;
            }),
            5);
  EXPECT_GT(survives([&] {
              ArrowSchema schema{};
              const bool done = run([&] { export_schema(table, &schema); });
              allocations_left = -1;
              EXPECT_EQ(schema.release != nullptr, done);
              if (done) {
                schema.release(&schema);
              }
              return done;
            }),
            5);
}

TEST(ArrowExport, AStreamThatRunsOutOfMemoryStaysFailed) {
  ArrowArrayStream stream{};
  export_stream({sample::every_type(100, false)}, &stream);
  ArrowArray array{};
  allocations_left = 2;
  const int code = stream.get_next(&stream, &array);
  allocations_left = -1;
  EXPECT_EQ(code, ENOMEM);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(stream.get_next(&stream, &array), ENOMEM);
  ArrowSchema schema{};
  EXPECT_EQ(stream.get_schema(&stream, &schema), ENOMEM);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_NE(stream.get_last_error(&stream), nullptr);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
}

// Batches of a stream with their checks; the stream is released before the batches are read.
std::vector<std::int64_t> lengths_of(std::vector<Table> tables) {
  ArrowArrayStream stream{};
  export_stream(std::move(tables), &stream);
  ArrowSchema schema{};
  ArrowSchema again{};
  EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_EQ(stream.get_schema(&stream, &again), 0);
  again.release(&again);
  std::vector<ArrowArray> batches;
  while (true) {
    ArrowArray array{};
    EXPECT_EQ(stream.get_next(&stream, &array), 0);
    if (array.release == nullptr) {
      break;
    }
    batches.push_back(array);
  }
  ArrowArray end{};
  EXPECT_EQ(stream.get_next(&stream, &end), 0);
  EXPECT_EQ(end.release, nullptr);
  EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  stream.release(&stream);
  std::vector<std::int64_t> lengths;
  for (ArrowArray& batch : batches) {
    EXPECT_EQ(check(schema, batch), Faults{});
    lengths.push_back(batch.length);
    batch.release(&batch);
  }
  schema.release(&schema);
  return lengths;
}

TEST(ArrowStream, BatchesOf64KiRows) {
  using Lengths = std::vector<std::int64_t>;
  EXPECT_EQ(lengths_of({}), Lengths{});
  EXPECT_EQ(lengths_of({sample::every_type(0, false)}), Lengths{0});
  EXPECT_EQ(lengths_of({sample::every_type(65'536, false)}), Lengths{65'536});
  EXPECT_EQ(lengths_of({sample::every_type(65'537, false), sample::every_type(3, true)}),
            (Lengths{65'536, 1, 3}));
  EXPECT_EQ(lengths_of({sample::every_type(140'000, true)}), (Lengths{65'536, 65'536, 8'928}));
}

TEST(ArrowStream, ComesBackWhole) {
  const Table first = sample::every_type(70'000, false, 1);
  const Table second = sample::every_type(10, true, 2);  // makes dates text in all batches
  ArrowArrayStream stream{};
  export_stream({first, second}, &stream);
  const auto tables = import_stream(&stream);
  ASSERT_TRUE(tables.ok()) << tables.status();
  EXPECT_EQ(stream.release, nullptr);
  ASSERT_EQ(tables->size(), 3U);
  std::size_t row = 0;
  for (const Table& table : *tables) {
    for (std::size_t here = 0; here < table.row_count(); ++here, ++row) {
      const Table& source = row < 70'000 ? first : second;
      const std::size_t there = row < 70'000 ? row : row - 70'000;
      for (std::size_t index = 0; index < source.column_count(); ++index) {
        ASSERT_EQ(table.column(index).is_missing(here), source.column(index).is_missing(there));
        ASSERT_EQ(table.column(index).display(here), source.column(index).display(there));
      }
    }
  }
  EXPECT_EQ(row, 70'010U);
  // One dictionary was sent with every batch; one copy is kept.
  EXPECT_EQ((*tables)[0].column(1).words(), (*tables)[2].column(1).words());
}

TEST(ArrowStream, NoBatchesGiveOneEmptyTable) {
  ArrowArrayStream stream{};
  export_stream({}, &stream);
  const auto tables = import_stream(&stream);
  ASSERT_TRUE(tables.ok());
  ASSERT_EQ(tables->size(), 1U);
  EXPECT_EQ(tables->front().row_count(), 0U);
}

TEST(ArrowStream, TablesOfTwoSchemasFail) {
  std::vector<Column> columns;
  columns.emplace_back("other", Type::kInt);
  ArrowArrayStream stream{};
  export_stream({sample::every_type(3, false), Table("t", std::move(columns))}, &stream);
  ArrowSchema schema{};
  ArrowArray array{};
  EXPECT_EQ(stream.get_schema(&stream, &schema), EINVAL);
  EXPECT_EQ(stream.get_next(&stream, &array), EINVAL);
  EXPECT_NE(std::string(stream.get_last_error(&stream)), "");
  const auto tables = import_stream(&stream);
  EXPECT_FALSE(tables.ok());
  EXPECT_EQ(stream.release, nullptr);
}

TEST(ArrowStream, LetsGoOfTablesAsItGoes) {
  std::weak_ptr<const Column> watched;
  ArrowArrayStream stream{};
  {
    const Table first = sample::every_type(10, false);
    watched = first.shared_column(3);
    export_stream({first, sample::every_type(5, false)}, &stream);
  }
  ArrowArray array{};
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  EXPECT_FALSE(watched.expired());
  array.release(&array);
  EXPECT_TRUE(watched.expired());
  stream.release(&stream);
}

}  // namespace
}  // namespace dangbo::table
