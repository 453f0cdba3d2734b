// Snapshots and views.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "_parts.hpp"

namespace dangbo::python {

namespace {

template <typename Asked>
std::shared_ptr<Table> ask(const Held<const Asked>& held, const std::string& json) {
  const std::shared_ptr<const Asked> asked = held.get();
  const Unlocked unlocked;
  return std::make_shared<Table>(asked->query(json));
}

// Also where an interruption from the keyboard is noticed.
std::shared_ptr<Table> ask_with(const HeldView& held, const std::string& json,
                                std::uint32_t threads, bool counts_only,
                                const py::object& progress) {
  const std::shared_ptr<const client::View> asked = held.get();
  const Unlocked unlocked;
  return std::make_shared<Table>(asked->query(json, threads, counts_only, [&](std::uint64_t done) {
    const py::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (progress.is_none()) return true;
    const py::object answer = progress(static_cast<double>(done) / 1000.0);
    return answer.ptr() != Py_False;
  }));
}

void define_groups(py::class_<HeldView>& view) {
  view.def(
          "find_grouping",
          [](const HeldView& held, const std::string& name) {
            return held.get()->find_grouping(name);
          },
          py::arg("name"))
      .def(
          "group_words",
          [](const HeldView& held, std::int32_t grouping) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->group_words(grouping));
          },
          py::arg("grouping"))
      .def(
          "group_counts",
          [](const HeldView& held, std::uint64_t unit, std::int32_t grouping, std::int32_t scope) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->group_counts(unit, grouping, static_cast<client::Scope>(scope));
          },
          py::arg("unit"), py::arg("grouping"), py::arg("scope"));
}

py::tuple find_entity(const HeldView& held, const std::string& scheme, const std::string& key) {
  const auto found = held.get()->find_entity(scheme, key);
  return py::make_tuple(found.is_unit, found.key);
}

void define_views(py::module_& module) {
  py::class_<HeldView> view(module, "View", py::is_final());
  view.def_property_readonly("day", [](const HeldView& held) { return held.get()->day(); })
      .def(
          "find_unit",
          [](const HeldView& held, const std::string& key) { return held.get()->find_unit(key); },
          py::arg("key"))
      .def("find_entity", &find_entity, py::arg("scheme"), py::arg("key"))
      .def(
          "total",
          [](const HeldView& held, std::uint64_t unit, std::int32_t scope, std::int32_t measure) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->total(unit, static_cast<client::Scope>(scope), measure);
          },
          py::arg("unit"), py::arg("scope"), py::arg("measure"))
      .def(
          "find_measure",
          [](const HeldView& held, const std::string& name) {
            return held.get()->find_measure(name);
          },
          py::arg("name"))
      .def(
          "trend",
          [](const HeldView& held, const std::string& json) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->trend(json));
          },
          py::arg("json"))
      .def("query", &ask<client::View>, py::arg("json"))
      .def("query_run", &ask_with, py::arg("json"), py::arg("threads"), py::arg("counts_only"),
           py::arg("progress"))
      .def(
          "tree",
          [](const HeldView& held, const std::string& unit, std::uint32_t depth) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->tree(unit, depth));
          },
          py::arg("unit"), py::arg("depth"))
      .def(
          "lineage",
          [](const HeldView& held, const std::string& unit) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->lineage(unit));
          },
          py::arg("unit"))
      .def(
          "report",
          [](const HeldView& held, const std::string& json) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->report(json);
          },
          py::arg("json"))
      .def(
          "freeze",
          [](const HeldView& held, const std::string& json) {
            const auto asked = held.get();
            const Unlocked unlocked;
            return asked->freeze(json);
          },
          py::arg("json"));
  define_groups(view);
  add_closing(view);
}

// What a snapshot tells, made without the interpreter's lock.
template <typename Tell>
auto tell(const HeldSnapshot& held, Tell make) {
  const std::shared_ptr<const client::Snapshot> asked = held.get();
  const Unlocked unlocked;
  return make(*asked);
}

template <typename Make>
std::shared_ptr<Table> table_of(const HeldSnapshot& held, Make make) {
  return tell(held, [&](const client::Snapshot& of) { return std::make_shared<Table>(make(of)); });
}

void define_history(py::class_<HeldSnapshot>& snapshot) {
  using Day = std::optional<std::int32_t>;
  snapshot
      .def_property_readonly("current_day",
                             [](const HeldSnapshot& held) -> Day {
                               const std::int32_t day = held.get()->current_day();
                               return day == DANGBO_DATE_NONE ? Day() : Day(day);
                             })
      .def_property_readonly("is_synthetic",
                             [](const HeldSnapshot& held) { return held.get()->is_synthetic(); })
      .def(
          "commit_at_time",
          [](const HeldSnapshot& held, std::int64_t time) {
            return held.get()->commit_at_time(time);
          },
          py::arg("time"))
      .def(
          "as_of",
          [](const HeldSnapshot& held, std::uint64_t commit) {
            return HeldSnapshot(
                std::make_shared<const client::Snapshot>(held.get()->as_of(commit)));
          },
          py::arg("commit"))
      .def("log",
           [](const HeldSnapshot& held) {
             return table_of(held, [](const client::Snapshot& of) { return of.log(); });
           })
      .def(
          "changes",
          [](const HeldSnapshot& held, std::uint64_t after, Day first, Day end,
             const std::string& table) {
            return table_of(held, [&](const client::Snapshot& of) {
              return of.changes(after, first.value_or(DANGBO_DATE_NONE),
                                end.value_or(DANGBO_DATE_NONE), table);
            });
          },
          py::arg("after"), py::arg("first"), py::arg("end"), py::arg("table"))
      .def(
          "agenda",
          [](const HeldSnapshot& held, std::int32_t first, std::int32_t end) {
            return table_of(held,
                            [&](const client::Snapshot& of) { return of.agenda(first, end); });
          },
          py::arg("first"), py::arg("end"))
      .def(
          "code_mapping",
          [](const HeldSnapshot& held, std::int32_t first, std::int32_t later, bool all) {
            return table_of(held, [&](const client::Snapshot& of) {
              return of.code_mapping(first, later, all);
            });
          },
          py::arg("first"), py::arg("later"), py::arg("all"))
      .def(
          "rows",
          [](const HeldSnapshot& held, const std::string& table, std::uint64_t first,
             std::uint64_t count) {
            return table_of(
                held, [&](const client::Snapshot& of) { return of.rows(table, first, count); });
          },
          py::arg("table"), py::arg("first"), py::arg("count"))
      .def("fork", [](const HeldSnapshot& held) {
        return HeldRegistry(tell(held, [](const client::Snapshot& of) {
          return std::make_shared<RegistryState>(of.fork());
        }));
      });
}

py::tuple compare(const HeldSnapshot& held, const std::string& frozen, bool all) {
  const auto asked = held.get();
  std::shared_ptr<Table> cells;
  std::shared_ptr<Table> causes;
  std::uint64_t differing = 0;
  {
    const Unlocked unlocked;
    client::Comparison made = asked->compare(frozen, all);
    cells = std::make_shared<Table>(std::move(made.cells));
    causes = std::make_shared<Table>(std::move(made.causes));
    differing = made.differing;
  }
  return py::make_tuple(cells, causes, differing);
}

void define_snapshots(py::module_& module) {
  py::class_<HeldSnapshot> snapshot(module, "Snapshot", py::is_final());
  define_history(snapshot);
  snapshot
      .def_property_readonly("commit",
                             [](const HeldSnapshot& held) { return held.get()->commit(); })
      .def(
          "expression",
          [](const HeldSnapshot& held, const std::string& table, const std::string& text) {
            return tell(held, [&](const client::Snapshot& of) {
              return std::make_shared<client::Expression>(of.expression(table, text));
            });
          },
          py::arg("table"), py::arg("text"))
      .def(
          "view",
          [](const HeldSnapshot& held, std::int32_t day, std::uint64_t known_at) {
            return HeldView(std::make_shared<const client::View>(held.get()->view(day, known_at)));
          },
          py::arg("day"), py::arg("known_at"))
      .def("query", &ask<client::Snapshot>, py::arg("json"))
      .def("compare", &compare, py::arg("frozen"), py::arg("all"));
  add_closing(snapshot);
}

}  // namespace

void define_reading(py::module_& module) {
  define_views(module);
  define_expression(module);
  define_snapshots(module);
}

}  // namespace dangbo::python
