// Tables, their columns as buffers, and the capsules of the Arrow interface.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>

#include "_parts.hpp"
#include "dangbo/table/arrow/abi.h"

namespace dangbo::python {

namespace {

// ---- tables

// A whole column lent to whoever speaks the buffer protocol.
struct Values {
  std::shared_ptr<const Table> table;
  const void* data;
  std::string format;
};

py::buffer_info lend(const Values& values) {
  constexpr py::ssize_t kItem = 8;
  const auto rows = static_cast<py::ssize_t>(values.table->row_count());
  return {const_cast<void*>(values.data), kItem, values.format, 1, {rows}, {kItem}, true};
}

Values values_of(const std::shared_ptr<const Table>& table, std::uint64_t column) {
  if (table->column_type(column) == DANGBO_TYPE_REAL) {
    return {table, table->reals(column), py::format_descriptor<double>::format()};
  }
  return {table, table->int64s(column), py::format_descriptor<std::int64_t>::format()};
}

// The words of a coded column are few: each is fetched once.
class CodedReader {
 public:
  CodedReader(const Table& table, std::uint64_t column)
      : table_(table), column_(column), codes_(table.codes(column)) {}

  py::object operator()(std::uint64_t row) {
    const auto [at, is_new] = words_.try_emplace(codes_[row]);
    if (is_new) at->second = py::str(table_.value(column_, row));
    return at->second;
  }

 private:
  const Table& table_;
  std::uint64_t column_;
  const std::int32_t* codes_;
  std::unordered_map<std::int32_t, py::str> words_;
};

template <typename Read>
py::list list_of(const Table& table, std::uint64_t column, std::uint64_t rows, Read read) {
  py::list out(static_cast<std::size_t>(rows));
  for (std::uint64_t row = 0; row < rows; ++row) {
    py::object value = table.is_missing(column, row) ? py::none() : py::object(read(row));
    PyList_SET_ITEM(out.ptr(), static_cast<py::ssize_t>(row), value.release().ptr());
  }
  return out;
}

py::list column_of(const Table& table, std::uint64_t column, std::uint64_t wanted) {
  const std::uint64_t rows = std::min(wanted, table.row_count());
  switch (table.column_type(column)) {
    case DANGBO_TYPE_INT64: {
      const std::int64_t* values = table.int64s(column);
      return list_of(table, column, rows, [&](std::uint64_t row) { return py::int_(values[row]); });
    }
    case DANGBO_TYPE_REAL: {
      const double* values = table.reals(column);
      return list_of(table, column, rows,
                     [&](std::uint64_t row) { return py::float_(values[row]); });
    }
    case DANGBO_TYPE_CODE: {
      CodedReader read(table, column);
      return list_of(table, column, rows, [&](std::uint64_t row) { return read(row); });
    }
    case DANGBO_TYPE_BOOL:
      return list_of(table, column, rows, [&](std::uint64_t row) {
        return py::bool_(table.value(column, row) == "true");
      });
    default:
      return list_of(table, column, rows,
                     [&](std::uint64_t row) { return py::str(table.value(column, row)); });
  }
}

py::bytes missing_of(const Table& table, std::uint64_t column) {
  std::string flags;
  const std::uint64_t rows = table.row_count();
  flags.reserve(static_cast<std::size_t>(rows));
  for (std::uint64_t row = 0; row < rows; ++row) {
    flags.push_back(table.is_missing(column, row) ? '\1' : '\0');
  }
  return flags;
}

// ---- capsules of the Arrow interface

template <typename Struct>
struct CapsuleName;
template <>
struct CapsuleName<ArrowArrayStream> {
  static constexpr const char* kName = "arrow_array_stream";
};
template <>
struct CapsuleName<ArrowSchema> {
  static constexpr const char* kName = "arrow_schema";
};

// The capsule is made first, so that an exception cannot lose what is then put into it.
template <typename Struct>
py::object make_capsule(Struct*& inside) {
  auto made = std::make_unique<Struct>();
  PyObject* capsule = PyCapsule_New(made.get(), CapsuleName<Struct>::kName, [](PyObject* self) {
    auto* held = static_cast<Struct*>(PyCapsule_GetPointer(self, CapsuleName<Struct>::kName));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
  if (capsule == nullptr) throw py::error_already_set();
  inside = made.release();
  return py::reinterpret_steal<py::object>(capsule);
}

template <typename Struct>
Struct* open_capsule(const py::object& capsule) {
  void* inside = PyCapsule_GetPointer(capsule.ptr(), CapsuleName<Struct>::kName);
  if (inside == nullptr) throw py::error_already_set();
  return static_cast<Struct*>(inside);
}

py::object export_stream(const Table& table) {
  ArrowArrayStream* stream = nullptr;
  py::object capsule = make_capsule(stream);
  const Unlocked unlocked;
  table.export_stream(stream);
  return capsule;
}

py::object export_schema(const Table& table) {
  ArrowArrayStream* stream = nullptr;
  ArrowSchema* schema = nullptr;
  const py::object owner = make_capsule(stream);
  py::object capsule = make_capsule(schema);
  table.export_stream(stream);
  if (stream->get_schema(stream, schema) != 0) throw std::bad_alloc();
  return capsule;
}

}  // namespace

std::int64_t column_count_of(const py::object& schema) {
  return open_capsule<ArrowSchema>(schema)->n_children;
}

ArrowArrayStream* open_stream(const py::object& capsule) {
  return open_capsule<ArrowArrayStream>(capsule);
}

void define_tables(py::module_& module) {
  py::class_<Values>(module, "Values", py::is_final(), py::buffer_protocol()).def_buffer(&lend);
  using Shared = std::shared_ptr<Table>;
  py::class_<Table, Shared>(module, "Table", py::is_final())
      .def_property_readonly("row_count", &Table::row_count)
      .def_property_readonly("column_count", &Table::column_count)
      .def("column_name", &Table::column_name, py::arg("column"))
      .def("column_type", &Table::column_type, py::arg("column"))
      .def("column", &column_of, py::arg("column"), py::arg("rows"))
      .def(
          "values",
          [](const Shared& table, std::uint64_t column) { return values_of(table, column); },
          py::arg("column"))
      .def("missing", &missing_of, py::arg("column"))
      .def(
          "format",
          [](const Table& table, std::int32_t format, std::int32_t language) {
            return table.format(static_cast<client::Format>(format),
                                static_cast<client::Language>(language));
          },
          py::arg("format"), py::arg("language"), py::call_guard<Unlocked>())
      .def("provenance", [](const Table& table) { return Shared(new Table(table.provenance())); })
      .def("export_stream", &export_stream)
      .def("export_schema", &export_schema);
}

}  // namespace dangbo::python
