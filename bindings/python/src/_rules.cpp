// Packs of rules: findings, why, what is to come, what if.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "_parts.hpp"
#include "dangbo/client_rules.hpp"

namespace dangbo::python {

namespace {

using client::Pack;
using SharedPack = std::shared_ptr<const Pack>;
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct CheckerState {
  CheckerState(const client::View& view, SharedPack of, const std::string& options)
      : pack(std::move(of)), checker(view, *pack, options) {}

  SharedPack pack;
  client::Checker checker;
  std::mutex mutex;
};
using HeldChecker = Held<CheckerState>;

SharedPack read_pack(const NamedTexts& texts, const HeldRegistry* registry) {
  if (registry == nullptr) {
    const Unlocked unlocked;
    return std::make_shared<const Pack>(texts);
  }
  const auto state = registry->get();
  const Unlocked unlocked;
  const std::scoped_lock lock(state->mutex);
  return std::make_shared<const Pack>(texts, &state->registry);
}

void define_pack(py::module_& module) {
  py::class_<Pack, std::shared_ptr<Pack>>(module, "Pack", py::is_final())
      .def(py::init([](const NamedTexts& texts, const HeldRegistry* registry) {
             return std::const_pointer_cast<Pack>(read_pack(texts, registry));
           }),
           py::arg("texts"), py::arg("registry"))
      .def("compile", &Pack::compile)
      .def("rules", [](const Pack& pack) { return std::make_shared<Table>(pack.rules()); })
      .def(
          "check",
          [](const std::shared_ptr<Pack>& pack, const HeldView& view, const std::string& options) {
            const auto asked = view.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(pack->check(*asked, options));
          },
          py::arg("view"), py::arg("options"))
      .def(
          "due",
          [](const std::shared_ptr<Pack>& pack, const HeldView& view, std::int32_t days,
             const std::string& options) {
            const auto asked = view.get();
            const Unlocked unlocked;
            return std::make_shared<Table>(pack->due(*asked, days, options));
          },
          py::arg("view"), py::arg("days"), py::arg("options"))
      .def(
          "explain",
          [](const std::shared_ptr<Pack>& pack, const HeldView& view, const std::string& rule,
             const std::string& subject, bool html, std::int32_t language, bool about_persons) {
            const auto asked = view.get();
            const Unlocked unlocked;
            return pack->explain(*asked, rule, subject,
                                 html ? DANGBO_EXPLAIN_HTML : DANGBO_EXPLAIN_TEXT, language,
                                 about_persons);
          },
          py::arg("view"), py::arg("rule"), py::arg("subject"), py::arg("html"),
          py::arg("language"), py::arg("about_persons"))
      .def(
          "what_if",
          [](const std::shared_ptr<Pack>& pack, const HeldView& view, const std::string& script,
             const std::string& query, const std::string& options) {
            const auto asked = view.get();
            std::shared_ptr<Table> findings;
            std::shared_ptr<Table> figures;
            {
              const Unlocked unlocked;
              client::WhatIf made = pack->what_if(*asked, script, query, options);
              findings = std::make_shared<Table>(std::move(made.findings));
              figures = std::make_shared<Table>(std::move(made.figures));
            }
            return py::make_tuple(findings, figures);
          },
          py::arg("view"), py::arg("script"), py::arg("query"), py::arg("options"));
}

void define_checker(py::module_& module) {
  py::class_<HeldChecker> checker(module, "Checker", py::is_final());
  checker
      .def(py::init([](const HeldView& view, const std::shared_ptr<Pack>& pack,
                       const std::string& options) {
             const auto asked = view.get();
             const Unlocked unlocked;
             return HeldChecker(std::make_shared<CheckerState>(*asked, pack, options));
           }),
           py::arg("view"), py::arg("pack"), py::arg("options"))
      .def(
          "update",
          [](const HeldChecker& held, const HeldView& view) {
            const auto state = held.get();
            const auto asked = view.get();
            std::uint64_t evaluated = 0;
            std::shared_ptr<Table> changes;
            {
              const Unlocked unlocked;
              const std::scoped_lock lock(state->mutex);
              changes = std::make_shared<Table>(state->checker.update(*asked, evaluated));
            }
            return py::make_tuple(changes, evaluated);
          },
          py::arg("view"))
      .def("findings", [](const HeldChecker& held) {
        const auto state = held.get();
        const Unlocked unlocked;
        const std::scoped_lock lock(state->mutex);
        return std::make_shared<Table>(state->checker.findings());
      });
  add_closing(checker);
}

}  // namespace

void define_rules(py::module_& module) {
  define_pack(module);
  define_checker(module);
}

}  // namespace dangbo::python
