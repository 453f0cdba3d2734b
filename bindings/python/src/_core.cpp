// The extension dangbo._core: handles, buffers and capsules over dangbo.h. What is pleasant to use
// is made of it in Python, beside this file; another binder would replace this file only.
//
// The interpreter's lock is let go around every call that may take long. Order of locks: never wait
// for another lock while holding the interpreter's.
#include "dangbo/client.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dangbo/table/arrow/abi.h"

namespace py = pybind11;
namespace client = dangbo::client;

namespace {

using Unlocked = py::gil_scoped_release;

[[noreturn]] void refuse(const char* vi, const char* en) {
  throw client::Error(DANGBO_E_ARGUMENT, vi, en);
}

// What a Python object holds until it is closed. A call on another thread keeps it alive to its
// end.
template <typename T>
class Held {
 public:
  explicit Held(std::shared_ptr<T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<T> get() const {
    if (!value_) refuse("đối tượng đã đóng", "the object is closed");
    return value_;
  }
  [[nodiscard]] bool is_closed() const noexcept { return !value_; }
  void close() {
    std::shared_ptr<T> last = std::move(value_);
    const Unlocked unlocked;
    last.reset();
  }

 private:
  std::shared_ptr<T> value_;
};

// ---- tables

using Table = client::Table;

// A whole column lent to whoever speaks the buffer protocol.
struct Values {
  std::shared_ptr<const Table> table;
  const void* data;
  std::string format;
};

std::shared_ptr<const Table> share(Table table) {
  return std::make_shared<const Table>(std::move(table));
}

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

std::int64_t column_count_of(const py::object& schema) {
  return open_capsule<ArrowSchema>(schema)->n_children;
}

// ---- registry and change

struct RegistryState {
  explicit RegistryState(std::uint32_t flags) : registry(flags) {}

  client::Registry registry;
  std::mutex mutex;  // of everything but snapshot()
};

// The registries whose files this thread is reading: a progress function that asked one of them for
// more would wait for itself.
struct Loading {
  explicit Loading(const RegistryState* of) : registry(of), outer(innermost) { innermost = this; }
  ~Loading() { innermost = outer; }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  static void refuse_if(const RegistryState* wanted) {
    for (const Loading* at = innermost; at != nullptr; at = at->outer) {
      if (at->registry == wanted) {
        refuse("hàm theo dõi tiến độ không được gọi lại sổ đang nạp",
               "a progress function may not use the registry that is being loaded");
      }
    }
  }

  const RegistryState* registry;
  Loading* outer;
  static thread_local Loading* innermost;
};
thread_local Loading* Loading::innermost = nullptr;

struct ChangeState {
  explicit ChangeState(std::shared_ptr<RegistryState> of)
      : registry(std::move(of)), change(registry->registry) {}

  std::shared_ptr<RegistryState> registry;
  client::Change change;
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
};

// A change is for one thread at a time: the second is told so and does not wait.
class Busy {
 public:
  explicit Busy(ChangeState& state) : state_(state) {
    if (state.busy.test_and_set()) {
      refuse("thay đổi đang được dùng ở chỗ khác", "the change is in use elsewhere");
    }
  }
  ~Busy() { state_.busy.clear(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  ChangeState& state_;
};

using HeldRegistry = Held<RegistryState>;
using HeldChange = Held<ChangeState>;
using HeldSnapshot = Held<const client::Snapshot>;
using HeldView = Held<const client::View>;

// Runs `work(registry)` as the only one.
template <typename Work>
auto alone(const HeldRegistry& held, Work work) {
  const std::shared_ptr<RegistryState> state = held.get();
  Loading::refuse_if(state.get());
  const Unlocked unlocked;
  const std::lock_guard lock(state->mutex);
  return work(*state);
}

HeldChange new_change(const HeldRegistry& held) {
  const std::shared_ptr<RegistryState> state = held.get();
  return HeldChange(
      alone(held, [&](RegistryState&) { return std::make_shared<ChangeState>(state); }));
}

std::uint64_t commit(const HeldRegistry& held, const HeldChange& change, std::int64_t time,
                     const std::string& source_version) {
  const std::shared_ptr<ChangeState> rows = change.get();
  const Busy busy(*rows);
  return alone(held, [&](RegistryState& state) {
    return state.registry.commit(rows->change, time, source_version);
  });
}

py::tuple memory(const HeldRegistry& held) {
  const auto used = alone(held, [](RegistryState& state) { return state.registry.memory(); });
  return py::make_tuple(used.hot_bytes, used.cold_bytes);
}

// Also where an interruption from the keyboard is noticed.
bool report(const py::object& progress, std::string_view what, std::uint64_t done,
            std::uint64_t total) {
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  if (progress.is_none()) return true;
  const py::object answer = progress(py::str(what.data(), what.size()), done, total);
  return answer.ptr() != Py_False;
}

void add_path(const HeldChange& held, const std::string& path, const py::object& progress) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  const Loading loading(state->registry.get());
  const Unlocked unlocked;
  state->change.add_path(path, [&](std::string_view what, std::uint64_t done, std::uint64_t total) {
    return report(progress, what, done, total);
  });
}

void add_file(const HeldChange& held, const std::string& table, const std::string& path) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  const Unlocked unlocked;
  state->change.add_file(table, path);
}

void add_stream(const HeldChange& held, const std::string& table, const py::object& capsule,
                const std::string& source) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  auto* stream = open_capsule<ArrowArrayStream>(capsule);
  if (stream->release == nullptr) {
    refuse("luồng Arrow đã được dùng hết", "the Arrow stream was consumed before");
  }
  const Unlocked unlocked;
  state->change.add_stream(table, stream, source);
}

// One column as Python prepared it. The buffers stay locked in memory until it is destroyed.
struct Column {
  std::string name;
  int type = 0;
  py::buffer_info values;
  py::buffer_info offsets;
  py::buffer_info validity;
};

// A buffer of at least `count` items of `size` bytes without gaps, null for None.
py::buffer_info open_buffer(const py::handle& object, py::ssize_t size, std::uint64_t count) {
  if (object.is_none()) return {};
  py::buffer_info info = py::reinterpret_borrow<py::buffer>(object).request();
  const bool is_dense = info.ndim == 1 && (info.size < 2 || info.strides[0] == info.itemsize);
  if (!is_dense || info.itemsize != size || static_cast<std::uint64_t>(info.size) < count) {
    throw py::value_error("a buffer of another shape");
  }
  return info;
}

py::ssize_t item_size(int type) {
  switch (type) {
    case DANGBO_TYPE_INT64:
      return 8;
    case DANGBO_TYPE_DATE:
      return 4;
    case DANGBO_TYPE_TEXT:
    case DANGBO_TYPE_BOOL:
      return 1;
    default:
      throw py::value_error("no column of this type can be given");
  }
}

Column open_column(const py::tuple& given, std::uint64_t rows) {
  Column column;
  column.name = given[0].cast<std::string>();
  column.type = given[1].cast<int>();
  const bool is_text = column.type == DANGBO_TYPE_TEXT;
  column.values = open_buffer(given[2], item_size(column.type), is_text ? 0 : rows);
  column.validity = open_buffer(given[4], 1, rows);
  if (!is_text) return column;
  column.offsets = open_buffer(given[3], 8, rows + 1);
  const auto* offsets = static_cast<const std::int64_t*>(column.offsets.ptr);
  if (offsets == nullptr || offsets[rows] > column.values.size) {
    throw py::value_error("offsets beyond the text");
  }
  return column;
}

void put_column(client::Change& into, const Column& column) {
  const auto* validity = static_cast<const std::uint8_t*>(column.validity.ptr);
  const void* values = column.values.ptr;
  switch (column.type) {
    case DANGBO_TYPE_TEXT:
      return into.text_column(column.name, static_cast<const char*>(values),
                              static_cast<const std::int64_t*>(column.offsets.ptr), validity);
    case DANGBO_TYPE_INT64:
      return into.int64_column(column.name, static_cast<const std::int64_t*>(values), validity);
    case DANGBO_TYPE_DATE:
      return into.date_column(column.name, static_cast<const std::int32_t*>(values), validity);
    default:
      return into.bool_column(column.name, static_cast<const std::uint8_t*>(values), validity);
  }
}

void add_columns(HeldChange& held, const std::string& table, std::uint64_t rows,
                 const std::string& source, const std::vector<py::tuple>& given) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  std::vector<Column> columns;
  columns.reserve(given.size());
  for (const py::tuple& column : given) columns.push_back(open_column(column, rows));
  try {
    const Unlocked unlocked;
    state->change.begin_rows(table, rows, source);
    for (const Column& column : columns) put_column(state->change, column);
    state->change.end_rows();
  } catch (const client::Error&) {
    // A batch begun cannot be taken back alone. Python has checked all values before, so that this
    // is a lack of memory.
    held.close();
    throw;
  }
}

py::tuple check(const HeldChange& held) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  std::uint64_t total = 0;
  std::shared_ptr<const Table> problems;
  {
    const Unlocked unlocked;
    problems = share(state->change.check(&total));
  }
  return py::make_tuple(std::const_pointer_cast<Table>(problems), total);
}

// ---- the module

// The classes of exceptions are Python's own (_errors.py).
void set_error(const client::Error& error) {
  const py::object problems =
      error.problems() ? py::cast(std::const_pointer_cast<Table>(error.problems())) : py::none();
  const py::object made =
      py::module_::import("dangbo._errors")
          .attr("make_error")(error.status(), error.message(client::Language::kVietnamese),
                              error.message(client::Language::kEnglish), error.problem_count(),
                              problems);
  PyErr_SetObject(py::type::handle_of(made).ptr(), made.ptr());
}

// What every object that can be closed has.
template <typename Class>
void add_closing(Class& made) {
  using T = typename Class::type;
  made.def("close", &T::close).def_property_readonly("closed", &T::is_closed);
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

template <typename Asked>
std::shared_ptr<Table> ask(const Held<const Asked>& held, const std::string& json) {
  const std::shared_ptr<const Asked> asked = held.get();
  const Unlocked unlocked;
  return std::make_shared<Table>(asked->query(json));
}

void define_reading(py::module_& module) {
  py::class_<HeldView> view(module, "View", py::is_final());
  view.def_property_readonly("day", [](const HeldView& held) { return held.get()->day(); })
      .def(
          "find_unit",
          [](const HeldView& held, const std::string& key) { return held.get()->find_unit(key); },
          py::arg("key"))
      .def(
          "total",
          [](const HeldView& held, std::uint64_t unit, std::int32_t scope) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->total(unit, static_cast<client::Scope>(scope));
          },
          py::arg("unit"), py::arg("scope"))
      .def("query", &ask<client::View>, py::arg("json"))
      .def(
          "tree",
          [](const HeldView& held, const std::string& unit, std::uint32_t depth) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->tree(unit, depth));
          },
          py::arg("unit"), py::arg("depth"))
      .def(
          "report",
          [](const HeldView& held, const std::string& json) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->report(json);
          },
          py::arg("json"));
  add_closing(view);

  py::class_<HeldSnapshot> snapshot(module, "Snapshot", py::is_final());
  snapshot
      .def_property_readonly("commit",
                             [](const HeldSnapshot& held) { return held.get()->commit(); })
      .def(
          "view",
          [](const HeldSnapshot& held, std::int32_t day, std::uint64_t known_at) {
            return HeldView(std::make_shared<const client::View>(held.get()->view(day, known_at)));
          },
          py::arg("day"), py::arg("known_at"))
      .def("query", &ask<client::Snapshot>, py::arg("json"));
  add_closing(snapshot);
}

void define_writing(py::module_& module) {
  py::class_<HeldChange> change(module, "Change", py::is_final());
  change.def("add_path", &add_path, py::arg("path"), py::arg("progress"))
      .def("add_file", &add_file, py::arg("table"), py::arg("path"))
      .def("add_stream", &add_stream, py::arg("table"), py::arg("capsule"), py::arg("source"))
      .def("add_columns", &add_columns, py::arg("table"), py::arg("rows"), py::arg("source"),
           py::arg("columns"))
      .def("check", &check);
  add_closing(change);

  py::class_<HeldRegistry> registry(module, "Registry", py::is_final());
  registry
      .def(py::init([](std::uint32_t flags) {
             return HeldRegistry(std::make_shared<RegistryState>(flags));
           }),
           py::arg("flags"))
      .def(
          "declare_file",
          [](const HeldRegistry& held, const std::string& path) {
            alone(held, [&](RegistryState& state) { state.registry.declare_file(path); });
          },
          py::arg("path"))
      .def("tables",
           [](const HeldRegistry& held) {
             return alone(held, [](RegistryState& state) {
               return std::make_shared<Table>(state.registry.tables());
             });
           })
      .def("memory", &memory)
      .def("change", &new_change)
      .def("commit", &commit, py::arg("change"), py::arg("time"), py::arg("source_version"))
      .def("snapshot", [](const HeldRegistry& held) {
        const auto state = held.get();
        const Unlocked unlocked;
        return HeldSnapshot(std::make_shared<const client::Snapshot>(state->registry.snapshot()));
      });
  add_closing(registry);
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  if (dangbo_check_abi(DANGBO_ABI_MAJOR, DANGBO_ABI_MINOR) != 1) {
    throw py::import_error(std::string("libdangbo ") + dangbo_version_text() +
                           " does not fit this module; install the two together");
  }
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const client::Error& error) {
      set_error(error);
    }
  });
  module.def("version", [] {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    dangbo_version(&major, &minor, &patch);
    return py::make_tuple(major, minor, patch);
  });
  module.def("version_text", [] { return std::string(dangbo_version_text()); });
  module.def("abi_version", [] {
    const std::uint32_t both = dangbo_abi_version();
    return py::make_tuple(both >> 16, both & 0xFFFF);
  });
  module.def("build_info", [] { return std::string(dangbo_build_info()); });
  module.def("column_count_of", &column_count_of, py::arg("schema"));
  define_tables(module);
  define_reading(module);
  define_writing(module);
}
