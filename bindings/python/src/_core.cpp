// The extension dangbo._core: handles, buffers and capsules over dangbo.h. What is pleasant to use
// is made of it in Python, beside these files; another binder would replace them only.
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "_parts.hpp"

namespace py = pybind11;

namespace dangbo::python {

namespace {

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

}  // namespace

}  // namespace dangbo::python

using namespace dangbo::python;
namespace client = dangbo::client;

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
  module.def(
      "frozen_table",
      [](const std::string& frozen) {
        const Unlocked unlocked;
        return std::make_shared<Table>(client::frozen_table(frozen));
      },
      py::arg("frozen"));
  define_tables(module);
  define_reading(module);
  define_writing(module);
  define_rules(module);
}
