#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/table/arrow.hpp"
#include "dangbo/table/arrow/abi.h"

namespace dangbo::inline v1::table {

namespace {

constexpr std::size_t kAlignment = 64;
// A multiple of 64, so that a slice of a bitmap starts at a whole word.
constexpr std::size_t kBatchRows = std::size_t{64} * 1024;
static_assert(kBatchRows % 64 == 0);

// Stands for every buffer of no bytes, and for the single zero offset of an empty text column.
alignas(kAlignment) constexpr std::byte kNothing[kAlignment] = {};

// Memory of our own: aligned, its padding zeroed so that no stale bytes leak.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t bytes) {
    if (bytes != 0) {
      const std::size_t padded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
      memory_.reset(static_cast<std::byte*>(::operator new (padded, std::align_val_t{kAlignment})));
      std::memset(memory_.get(), 0, padded);
    }
  }
  [[nodiscard]] std::byte* data() noexcept { return memory_.get(); }
  [[nodiscard]] const std::byte* data() const noexcept {
    return memory_ ? memory_.get() : kNothing;
  }
  template <typename T>
  void put(std::size_t index, T value) noexcept {
    std::memcpy(memory_.get() + index * sizeof(T), &value, sizeof(T));
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept {
      ::operator delete (memory, std::align_val_t{kAlignment});
    }
  };
  std::unique_ptr<std::byte, Free> memory_;
};

struct TextBuffers {
  Buffer offsets;
  Buffer bytes;
};

// Offsets and bytes of `count` strings. REQUIRES: together under 2^31 bytes.
template <typename TextAt>
TextBuffers pack_text(std::size_t count, const TextAt& text_at) {
  std::size_t total = 0;
  for (std::size_t index = 0; index < count; ++index) {
    total += text_at(index).size();
  }
  assert(total <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()));
  TextBuffers result{Buffer((count + 1) * sizeof(std::int32_t)), Buffer(total)};
  std::size_t end = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const auto& text = text_at(index);
    if (!text.empty()) {
      std::memcpy(result.bytes.data() + end, text.data(), text.size());
    }
    end += text.size();
    result.offsets.put(index + 1, static_cast<std::int32_t>(end));
  }
  return result;
}

enum class Form : std::uint8_t { kText, kCode, kPlainCode, kDay, kDateText, kInt, kBool, kReal };

// Type of one exported column; equal in all batches of a stream.
struct Shape {
  std::string name;
  Form form;
  friend bool operator==(const Shape&, const Shape&) = default;
};

const char* format_of(Form form) noexcept {
  switch (form) {
    case Form::kText:
    case Form::kDateText:
      return "u";
    case Form::kCode:
    case Form::kPlainCode:
      return "i";
    case Form::kDay:
      return "tdD";
    case Form::kInt:
      return "l";
    case Form::kBool:
      return "b";
    case Form::kReal:
      return "g";
  }
  return "u";
}

bool has_partial_dates(const Column& column) noexcept {
  const auto codes = column.narrow();
  // Missing values are stored as 0, which is an exact day.
  return std::any_of(codes.begin(), codes.end(), [](std::int32_t code) {
    return !time::PartialDate::from_code(code).is_exact();
  });
}

Form form_of(const Column& column) noexcept {
  switch (column.type()) {
    case Type::kText:
      return Form::kText;
    case Type::kCode:
      return column.words() != nullptr ? Form::kCode : Form::kPlainCode;
    case Type::kDate:
      return has_partial_dates(column) ? Form::kDateText : Form::kDay;
    case Type::kInt:
      return Form::kInt;
    case Type::kBool:
      return Form::kBool;
    case Type::kReal:
      return Form::kReal;
  }
  return Form::kText;
}

std::vector<Shape> shapes_of(const Table& table) {
  std::vector<Shape> shapes;
  shapes.reserve(table.column_count());
  for (std::size_t index = 0; index < table.column_count(); ++index) {
    shapes.push_back({table.column(index).name(), form_of(table.column(index))});
  }
  return shapes;
}

// A column and what had to be converted for it. Immutable; every exported node that shows it holds
// a reference.
struct Backing {
  std::shared_ptr<const Column> column;
  Form form = Form::kText;
  Buffer values;      // kDay, kBool
  TextBuffers texts;  // kDateText: the values; kCode: the words
};

std::shared_ptr<const Backing> make_backing(std::shared_ptr<const Column> shared, Form form) {
  auto backing = std::make_shared<Backing>();
  const Column& column = *shared;
  const std::size_t rows = column.size();
  backing->column = std::move(shared);
  backing->form = form;
  if (form == Form::kDay) {
    backing->values = Buffer(rows * sizeof(std::int32_t));
    for (std::size_t row = 0; row < rows; ++row) {
      backing->values.put(row, column.date(row).first_day().days());
    }
  } else if (form == Form::kBool) {
    backing->values = Buffer((rows + 7) / 8);
    for (std::size_t row = 0; row < rows; ++row) {
      if (column.boolean(row)) {
        backing->values.data()[row / 8] |= std::byte{1} << (row % 8);
      }
    }
  } else if (form == Form::kDateText) {
    backing->texts = pack_text(rows, [&](std::size_t row) { return column.display(row); });
  } else if (form == Form::kCode) {
    const Words& words = *column.words();
    backing->texts = pack_text(
        words.size(), [&](std::size_t index) -> const std::string& { return words[index]; });
  }
  return backing;
}

// Private data of a schema. Children that a consumer moved out have a null release here.
struct SchemaNode {
  SchemaNode() = default;
  SchemaNode(const SchemaNode&) = delete;
  SchemaNode& operator=(const SchemaNode&) = delete;
  ~SchemaNode() {
    for (ArrowSchema& child : children) {
      if (child.release != nullptr) {
        child.release(&child);
      }
    }
    if (dictionary.release != nullptr) {
      dictionary.release(&dictionary);
    }
  }
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
};

void release_schema(ArrowSchema* schema) {
  delete static_cast<SchemaNode*>(schema->private_data);
  schema->private_data = nullptr;
  schema->release = nullptr;
}

// Nothing in the node may point at `out`: consumers move it.
void fill_schema(ArrowSchema* out, std::unique_ptr<SchemaNode> node, const char* format,
                 std::int64_t flags) noexcept {
  out->format = format;
  out->name = node->name.c_str();
  out->metadata = node->metadata.empty() ? nullptr : node->metadata.data();
  out->flags = flags;
  out->n_children = static_cast<std::int64_t>(node->pointers.size());
  out->children = node->pointers.empty() ? nullptr : node->pointers.data();
  out->dictionary = node->dictionary.release != nullptr ? &node->dictionary : nullptr;
  out->release = release_schema;
  out->private_data = node.release();
}

void build_schema(const std::vector<Shape>& shapes, const std::string& metadata, ArrowSchema* out) {
  *out = ArrowSchema{};
  auto root = std::make_unique<SchemaNode>();
  root->metadata = metadata;
  root->children.resize(shapes.size());
  root->pointers.reserve(shapes.size());
  for (std::size_t index = 0; index < shapes.size(); ++index) {
    auto node = std::make_unique<SchemaNode>();
    node->name = shapes[index].name;
    if (shapes[index].form == Form::kCode) {
      fill_schema(&node->dictionary, std::make_unique<SchemaNode>(), "u", 0);
    }
    fill_schema(&root->children[index], std::move(node), format_of(shapes[index].form),
                ARROW_FLAG_NULLABLE);
    root->pointers.push_back(&root->children[index]);
  }
  fill_schema(out, std::move(root), "+s", 0);
}

void append_counted(std::string& out, std::string_view text) {
  const auto size = static_cast<std::int32_t>(text.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  out.append(bytes, sizeof size);
  out.append(text);
}

std::string metadata_of(const Table& table) {
  std::vector<std::pair<std::string, std::string_view>> pairs;
  if (!table.name().empty()) {
    pairs.emplace_back("dangbo.table", table.name());
  }
  for (const auto& [key, value] : table.provenance().facts) {
    pairs.emplace_back("dangbo." + key, value);
  }
  std::string out;
  if (!pairs.empty()) {
    const auto count = static_cast<std::int32_t>(pairs.size());
    out.resize(sizeof count);
    std::memcpy(out.data(), &count, sizeof count);
    for (const auto& [key, value] : pairs) {
      append_counted(out, key);
      append_counted(out, value);
    }
  }
  return out;
}

struct ArrayNode {
  ArrayNode() = default;
  ArrayNode(const ArrayNode&) = delete;
  ArrayNode& operator=(const ArrayNode&) = delete;
  ~ArrayNode() {
    for (ArrowArray& child : children) {
      if (child.release != nullptr) {
        child.release(&child);
      }
    }
    if (dictionary.release != nullptr) {
      dictionary.release(&dictionary);
    }
  }
  std::shared_ptr<const Backing> backing;
  const void* buffers[3] = {nullptr, nullptr, nullptr};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  ArrowArray dictionary{};
};

void release_array(ArrowArray* array) {
  delete static_cast<ArrayNode*>(array->private_data);
  array->private_data = nullptr;
  array->release = nullptr;
}

void fill_array(ArrowArray* out, std::unique_ptr<ArrayNode> node, std::size_t length,
                std::size_t null_count, std::int64_t buffer_count) noexcept {
  out->length = static_cast<std::int64_t>(length);
  out->null_count = static_cast<std::int64_t>(null_count);
  out->offset = 0;
  out->n_buffers = buffer_count;
  out->n_children = static_cast<std::int64_t>(node->pointers.size());
  out->buffers = node->buffers;
  out->children = node->pointers.empty() ? nullptr : node->pointers.data();
  out->dictionary = node->dictionary.release != nullptr ? &node->dictionary : nullptr;
  out->release = release_array;
  out->private_data = node.release();
}

// Missing values among [start, start + length). REQUIRES: start is a multiple of 64.
std::size_t missing_in(const Column& column, std::size_t start, std::size_t length) noexcept {
  const auto words = column.valid_bits();
  if (words.empty() || length == 0) {
    return 0;
  }
  std::size_t present = 0;
  const std::size_t first = start / 64;
  for (std::size_t word = first; word < first + length / 64; ++word) {
    present += static_cast<std::size_t>(std::popcount(words[word]));
  }
  if (length % 64 != 0) {
    const std::uint64_t mask = (std::uint64_t{1} << (length % 64)) - 1;
    present += static_cast<std::size_t>(std::popcount(words[first + length / 64] & mask));
  }
  return length - present;
}

template <typename T>
const void* lend(std::span<const T> values, std::size_t start) noexcept {
  return values.size() == start ? static_cast<const void*>(kNothing) : values.data() + start;
}

// Sets the value buffers of rows from `start` on and gives the number of buffers, validity
// included.
std::int64_t point_at_values(ArrayNode& node, std::size_t start) noexcept {
  const Backing& backing = *node.backing;
  const Column& column = *backing.column;
  const std::size_t offset_bytes = start * sizeof(std::int32_t);
  switch (backing.form) {
    case Form::kText:
      node.buffers[1] = lend(column.offsets(), start);
      node.buffers[2] = lend(column.bytes(), 0);
      return 3;
    case Form::kDateText:
      node.buffers[1] = backing.texts.offsets.data() + offset_bytes;
      node.buffers[2] = backing.texts.bytes.data();
      return 3;
    case Form::kCode:
    case Form::kPlainCode:
      node.buffers[1] = lend(column.narrow(), start);
      return 2;
    case Form::kDay:
      node.buffers[1] = column.size() == 0 ? kNothing : backing.values.data() + offset_bytes;
      return 2;
    case Form::kBool:
      node.buffers[1] = column.size() == 0 ? kNothing : backing.values.data() + start / 8;
      return 2;
    case Form::kInt:
      node.buffers[1] = lend(column.wide(), start);
      return 2;
    case Form::kReal:
      node.buffers[1] = lend(column.reals(), start);
      return 2;
  }
  return 2;
}

void build_child(const std::shared_ptr<const Backing>& backing, std::size_t start,
                 std::size_t length, ArrowArray* out) {
  auto node = std::make_unique<ArrayNode>();
  node->backing = backing;
  const std::size_t missing = missing_in(*backing->column, start, length);
  if (missing != 0) {
    node->buffers[0] = backing->column->valid_bits().data() + start / 64;
  }
  const std::int64_t buffer_count = point_at_values(*node, start);
  if (backing->form == Form::kCode) {
    auto words = std::make_unique<ArrayNode>();
    words->backing = backing;
    words->buffers[1] = backing->texts.offsets.data();
    words->buffers[2] = backing->texts.bytes.data();
    fill_array(&node->dictionary, std::move(words), backing->column->words()->size(), 0, 3);
  }
  fill_array(out, std::move(node), length, missing, buffer_count);
}

using Backings = std::vector<std::shared_ptr<const Backing>>;

Backings make_backings(const Table& table, const std::vector<Shape>& shapes) {
  Backings backings;
  backings.reserve(shapes.size());
  for (std::size_t index = 0; index < shapes.size(); ++index) {
    backings.push_back(make_backing(table.shared_column(index), shapes[index].form));
  }
  return backings;
}

void build_array(const Backings& backings, std::size_t start, std::size_t length, ArrowArray* out) {
  *out = ArrowArray{};
  auto root = std::make_unique<ArrayNode>();
  root->children.resize(backings.size());
  root->pointers.reserve(backings.size());
  for (std::size_t index = 0; index < backings.size(); ++index) {
    build_child(backings[index], start, length, &root->children[index]);
    root->pointers.push_back(&root->children[index]);
  }
  fill_array(out, std::move(root), length, 0, 1);
}

// What a stream still has to give. Tables are let go of as soon as their last batch is out.
struct StreamState {
  std::vector<Shape> shapes;
  std::string metadata;
  std::vector<Table> tables;
  std::size_t table = 0;
  std::size_t row = 0;
  Backings current;  // of tables[table], once its first batch was asked for
  int failure = 0;
  std::string error;

  int fail(int code, const char* text) noexcept {
    failure = code;
    error.clear();
    try {
      error = text;
    } catch (...) {
      error.clear();  // the code says enough
    }
    return code;
  }

  void next(ArrowArray* out) {
    *out = ArrowArray{};
    if (table == tables.size()) {
      return;
    }
    const Table& here = tables[table];
    if (row == 0) {
      current = make_backings(here, shapes);
    }
    const std::size_t length = std::min(kBatchRows, here.row_count() - row);
    build_array(current, row, length, out);
    row += length;
    if (row == here.row_count()) {
      tables[table] = Table();
      current.clear();
      row = 0;
      ++table;
    }
  }
};

StreamState& state_of(ArrowArrayStream* stream) noexcept {
  return *static_cast<StreamState*>(stream->private_data);
}

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  StreamState& state = state_of(stream);
  *out = ArrowSchema{};
  if (state.failure != 0) {
    return state.failure;
  }
  try {
    build_schema(state.shapes, state.metadata, out);
    return 0;
  } catch (...) {
    return state.fail(ENOMEM, "out of memory");
  }
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  StreamState& state = state_of(stream);
  *out = ArrowArray{};
  if (state.failure != 0) {
    return state.failure;
  }
  try {
    state.next(out);
    return 0;
  } catch (...) {
    return state.fail(ENOMEM, "out of memory");
  }
}

const char* stream_error(ArrowArrayStream* stream) {
  const StreamState& state = state_of(stream);
  return state.failure == 0 ? nullptr : state.error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamState*>(stream->private_data);
  stream->private_data = nullptr;
  stream->release = nullptr;
}

// One shape for all tables; false when there is none. A date column that is partial anywhere is
// text everywhere.
bool merge_shapes(std::vector<Shape>& into, const std::vector<Shape>& other) {
  if (into.size() != other.size()) {
    return false;
  }
  for (std::size_t index = 0; index < into.size(); ++index) {
    Shape& mine = into[index];
    const Shape& theirs = other[index];
    const auto is_date = [](Form form) { return form == Form::kDay || form == Form::kDateText; };
    if (mine.name == theirs.name && is_date(mine.form) && is_date(theirs.form)) {
      mine.form = theirs.form == Form::kDateText ? Form::kDateText : mine.form;
    } else if (mine != theirs) {
      return false;
    }
  }
  return true;
}

}  // namespace

void export_schema(const Table& table, ArrowSchema* out) {
  *out = ArrowSchema{};
  build_schema(shapes_of(table), metadata_of(table), out);
}

void export_array(const Table& table, ArrowArray* out) {
  *out = ArrowArray{};
  build_array(make_backings(table, shapes_of(table)), 0, table.row_count(), out);
}

void export_stream(std::vector<Table> batches_of_one_schema, ArrowArrayStream* out) {
  *out = ArrowArrayStream{};
  auto state = std::make_unique<StreamState>();
  state->tables = std::move(batches_of_one_schema);
  for (std::size_t index = 0; index < state->tables.size(); ++index) {
    std::vector<Shape> shapes = shapes_of(state->tables[index]);
    if (index == 0) {
      state->shapes = std::move(shapes);
      state->metadata = metadata_of(state->tables[index]);
    } else if (!merge_shapes(state->shapes, shapes)) {
      state->fail(EINVAL,
                  "the tables of this stream differ in the names or types of their columns");
      break;
    }
  }
  out->get_schema = stream_schema;
  out->get_next = stream_next;
  out->get_last_error = stream_error;
  out->release = release_stream;
  out->private_data = state.release();
}

}  // namespace dangbo::inline v1::table
