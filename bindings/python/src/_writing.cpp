// Registries, and changes on their way into them.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "_parts.hpp"
#include "dangbo/table/arrow/abi.h"

namespace dangbo::python {

namespace {

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

std::shared_ptr<const Table> share(Table table) {
  return std::make_shared<const Table>(std::move(table));
}

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

std::uint64_t advance(const HeldRegistry& held, std::int32_t day, std::int64_t time,
                      const std::string& source_version) {
  return alone(held, [&](RegistryState& state) {
    return state.registry.advance(day, time, source_version);
  });
}

// The C library locks the fork itself.
std::uint64_t commit_fork(const HeldRegistry& held, const HeldRegistry& fork, std::int64_t time,
                          const std::string& source_version) {
  const std::shared_ptr<RegistryState> of = fork.get();
  Loading::refuse_if(of.get());
  return alone(held, [&](RegistryState& state) {
    return state.registry.commit_fork(of->registry, time, source_version);
  });
}

HeldRegistry open_registry(const std::string& path, std::int32_t mode, std::uint32_t flags) {
  const Unlocked unlocked;
  return HeldRegistry(std::make_shared<RegistryState>(
      client::Registry::open(path, static_cast<client::OpenMode>(mode), flags)));
}

std::shared_ptr<Table> verify_file(const std::string& path) {
  const Unlocked unlocked;
  return std::make_shared<Table>(client::verify_file(path));
}

py::tuple redact(const HeldRegistry& held, const std::string& member, const std::string& fields,
                 std::int64_t time, const std::string& source_version) {
  const auto done = alone(held, [&](RegistryState& state) {
    return state.registry.redact(member, fields, time, source_version);
  });
  return py::make_tuple(done.commit, done.values);
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
  auto* stream = open_stream(capsule);
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

std::vector<Column> open_columns(const std::vector<py::tuple>& given, std::uint64_t rows) {
  std::vector<Column> columns;
  columns.reserve(given.size());
  for (const py::tuple& column : given) columns.push_back(open_column(column, rows));
  return columns;
}

// A batch of columns: `put(change)` begins it and gives them.
template <typename Put>
void add_batch(HeldChange& held, Put put) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  try {
    const Unlocked unlocked;
    put(state->change);
    state->change.end_rows();
  } catch (const client::Error&) {
    // A batch begun cannot be taken back alone. Python has checked all values before, so that this
    // is a lack of memory.
    held.close();
    throw;
  }
}

void add_columns(HeldChange& held, const std::string& table, std::uint64_t rows,
                 const std::string& source, const std::vector<py::tuple>& given) {
  const std::vector<Column> columns = open_columns(given, rows);
  add_batch(held, [&](client::Change& change) {
    change.begin_rows(table, rows, source);
    for (const Column& column : columns) put_column(change, column);
  });
}

void correct_columns(HeldChange& held, const std::string& table, std::uint64_t rows,
                     const std::string& source, const std::vector<py::tuple>& keys,
                     const std::vector<py::tuple>& values) {
  const std::vector<Column> named = open_columns(keys, rows);
  const std::vector<Column> set = open_columns(values, rows);
  add_batch(held, [&](client::Change& change) {
    change.begin_corrections(table, rows, source);
    for (const Column& column : named) put_column(change, column);
    change.begin_values();
    for (const Column& column : set) put_column(change, column);
  });
}

void withdraw_columns(HeldChange& held, const std::string& table, std::uint64_t rows,
                      const std::string& source, const std::vector<py::tuple>& keys) {
  const std::vector<Column> named = open_columns(keys, rows);
  add_batch(held, [&](client::Change& change) {
    change.begin_withdrawals(table, rows, source);
    for (const Column& column : named) put_column(change, column);
  });
}

void add_script_text(const HeldChange& held, const std::string& text, const std::string& source) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  const Unlocked unlocked;
  state->change.add_script_text(text, source);
}

void add_script(const HeldChange& held, const std::string& path) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  const Unlocked unlocked;
  state->change.add_script(path);
}

void mark_synthetic(const HeldChange& held) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  state->change.mark_synthetic();
}

py::tuple set_aside(const HeldChange& held) {
  const std::shared_ptr<ChangeState> state = held.get();
  const Busy busy(*state);
  Loading::refuse_if(state->registry.get());
  std::uint64_t rows = 0;
  std::shared_ptr<const Table> reasons;
  {
    const Unlocked unlocked;
    reasons = share(state->change.set_aside(&rows));
  }
  return py::make_tuple(std::const_pointer_cast<Table>(reasons), rows);
}

HeldDifference difference(const HeldRegistry& held, const HeldChange& extract,
                          const std::string& json) {
  const std::shared_ptr<ChangeState> change = extract.get();
  const Busy busy(*change);
  return HeldDifference(alone(held, [&](RegistryState& state) {
    return std::make_shared<const client::Difference>(
        state.registry.difference(change->change, json));
  }));
}

std::uint64_t commit_difference(const HeldRegistry& held, const HeldDifference& found,
                                std::int64_t time, const std::string& source_version) {
  const auto difference = found.get();
  return alone(held, [&](RegistryState& state) {
    return state.registry.commit(*difference, time, source_version);
  });
}

void define_differences(py::module_& module) {
  py::class_<HeldDifference> difference(module, "Difference", py::is_final());
  difference
      .def("counts",
           [](const HeldDifference& held) {
             const auto all = held.get()->counts();
             return py::make_tuple(all.rows, all.questions, all.set_aside);
           })
      .def("script", [](const HeldDifference& held) { return held.get()->script(); })
      .def("findings",
           [](const HeldDifference& held) {
             return std::make_shared<Table>(held.get()->findings());
           })
      .def("set_aside", [](const HeldDifference& held) {
        return std::make_shared<Table>(held.get()->set_aside());
      });
  add_closing(difference);
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

void define_changes(py::module_& module) {
  py::class_<HeldChange> change(module, "Change", py::is_final());
  change.def("add_path", &add_path, py::arg("path"), py::arg("progress"))
      .def("add_file", &add_file, py::arg("table"), py::arg("path"))
      .def("add_stream", &add_stream, py::arg("table"), py::arg("capsule"), py::arg("source"))
      .def("add_columns", &add_columns, py::arg("table"), py::arg("rows"), py::arg("source"),
           py::arg("columns"))
      .def("correct_columns", &correct_columns, py::arg("table"), py::arg("rows"),
           py::arg("source"), py::arg("keys"), py::arg("values"))
      .def("withdraw_columns", &withdraw_columns, py::arg("table"), py::arg("rows"),
           py::arg("source"), py::arg("keys"))
      .def("add_script", &add_script, py::arg("path"))
      .def("add_script_text", &add_script_text, py::arg("text"), py::arg("source"))
      .def("mark_synthetic", &mark_synthetic)
      .def("set_aside", &set_aside)
      .def("check", &check);
  add_closing(change);
}

}  // namespace

void define_writing(py::module_& module) {
  module.def("open_registry", &open_registry, py::arg("path"), py::arg("mode"), py::arg("flags"));
  module.def("verify_file", &verify_file, py::arg("path"));
  define_changes(module);
  define_differences(module);
  py::class_<HeldRegistry> registry(module, "Registry", py::is_final());
  registry
      .def(py::init([](std::uint32_t flags) {
             return HeldRegistry(std::make_shared<RegistryState>(client::Registry(flags)));
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
      .def(
          "declare_measure",
          [](const HeldRegistry& held, const std::string& json) {
            return alone(
                held, [&](RegistryState& state) { return state.registry.declare_measure(json); });
          },
          py::arg("json"))
      .def(
          "declare_grouping",
          [](const HeldRegistry& held, const std::string& json) {
            return alone(
                held, [&](RegistryState& state) { return state.registry.declare_grouping(json); });
          },
          py::arg("json"))
      .def("advance", &advance, py::arg("day"), py::arg("time"), py::arg("source_version"))
      .def("redact", &redact, py::arg("member"), py::arg("fields"), py::arg("time"),
           py::arg("source_version"))
      .def("compact",
           [](const HeldRegistry& held) {
             alone(held, [](RegistryState& state) { state.registry.compact(); });
           })
      .def("commit_fork", &commit_fork, py::arg("fork"), py::arg("time"), py::arg("source_version"))
      .def("difference", &difference, py::arg("extract"), py::arg("json"))
      .def("commit_difference", &commit_difference, py::arg("difference"), py::arg("time"),
           py::arg("source_version"))
      .def("snapshot", [](const HeldRegistry& held) {
        const auto state = held.get();
        const Unlocked unlocked;
        return HeldSnapshot(std::make_shared<const client::Snapshot>(state->registry.snapshot()));
      });
  add_closing(registry);
}

}  // namespace dangbo::python
