// What the parts of the extension share: objects that can be closed, and who holds what.
//
// The interpreter's lock is let go around every call that may take long. Order of locks: never wait
// for another lock while holding the interpreter's.
#pragma once

#include "dangbo/client.hpp"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace dangbo::python {

namespace py = pybind11;

using Unlocked = py::gil_scoped_release;

[[noreturn]] inline void refuse(const char* vi, const char* en) {
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

using Table = client::Table;

struct RegistryState {
  explicit RegistryState(client::Registry of) : registry(std::move(of)) {}

  client::Registry registry;
  std::mutex mutex;  // of everything but snapshot()
};

struct ChangeState {
  explicit ChangeState(std::shared_ptr<RegistryState> of)
      : registry(std::move(of)), change(registry->registry) {}

  std::shared_ptr<RegistryState> registry;
  client::Change change;
  std::atomic_flag busy = ATOMIC_FLAG_INIT;
};

using HeldRegistry = Held<RegistryState>;
using HeldChange = Held<ChangeState>;
using HeldSnapshot = Held<const client::Snapshot>;
using HeldView = Held<const client::View>;
using HeldDifference = Held<const client::Difference>;

// What every object that can be closed has.
template <typename Class>
void add_closing(Class& made) {
  using T = typename Class::type;
  made.def("close", &T::close).def_property_readonly("closed", &T::is_closed);
}

// A buffer of at least `count` items of `size` bytes without gaps, null for None.
inline py::buffer_info open_buffer(const py::handle& object, py::ssize_t size,
                                   std::uint64_t count) {
  if (object.is_none()) return {};
  py::buffer_info info = py::reinterpret_borrow<py::buffer>(object).request();
  const bool is_dense = info.ndim == 1 && (info.size < 2 || info.strides[0] == info.itemsize);
  if (!is_dense || info.itemsize != size || static_cast<std::uint64_t>(info.size) < count) {
    throw py::value_error("a buffer of another shape");
  }
  return info;
}

// One part of the module each.
void define_tables(py::module_& module);
void define_expression(py::module_& module);
void define_reading(py::module_& module);
void define_writing(py::module_& module);
void define_rules(py::module_& module);
// Of an Arrow schema in a capsule.
std::int64_t column_count_of(const py::object& schema);
// An Arrow stream in a capsule; throws what PyCapsule_GetPointer says of any other object.
ArrowArrayStream* open_stream(const py::object& capsule);

}  // namespace dangbo::python
