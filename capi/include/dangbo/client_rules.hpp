// Packs of rules and findings for C++ programs that use the C library, beside client.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/client.hpp"

namespace dangbo::client {

// What a change would mend and break, and the figures that would differ.
struct WhatIf {
  Table findings;
  Table figures;
};

// A pack with every pack that it extends (docs/rules.md). Immutable: any number of threads.
class Pack {
 public:
  // Texts in any order with the names they have in problems; host tables of `registry` may be
  // spoken of when it is given.
  explicit Pack(const std::vector<std::pair<std::string, std::string>>& named_texts,
                const Registry* registry = nullptr) {
    std::vector<const char*> texts;
    std::vector<std::size_t> text_sizes;
    std::vector<const char*> names;
    std::vector<std::size_t> name_sizes;
    for (const auto& [name, text] : named_texts) {
      names.push_back(name.data());
      name_sizes.push_back(name.size());
      texts.push_back(text.data());
      text_sizes.push_back(text.size());
    }
    dangbo_pack* out = nullptr;
    const dangbo_registry* host = registry == nullptr ? nullptr : registry->get();
    detail::call(dangbo_pack_read, host, texts.data(), text_sizes.data(), names.data(),
                 name_sizes.data(), named_texts.size(), &out);
    handle_.reset(out);
  }

  [[nodiscard]] std::string compile() const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_pack_compile, handle_.get(), &out);
    return detail::take(out);
  }
  [[nodiscard]] Table rules() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_pack_rules, handle_.get(), &out);
    return Table(out);
  }
  // `options` as a document, empty for none.
  [[nodiscard]] Table check(const View& view, std::string_view options = {}) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_check, view.get(), handle_.get(), options.data(), options.size(),
                 &out);
    return Table(out);
  }
  [[nodiscard]] Table due(const View& view, std::int32_t days,
                          std::string_view options = {}) const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_view_due, view.get(), handle_.get(), days, options.data(), options.size(),
                 &out);
    return Table(out);
  }
  [[nodiscard]] std::string explain(const View& view, std::string_view rule,
                                    std::string_view subject, std::int32_t format,
                                    std::int32_t language, bool about_persons = false) const {
    dangbo_text* out = nullptr;
    detail::call(dangbo_view_explain_finding, view.get(), handle_.get(), rule.data(), rule.size(),
                 subject.data(), subject.size(), format, language,
                 static_cast<std::int32_t>(about_persons), &out);
    return detail::take(out);
  }
  [[nodiscard]] WhatIf what_if(const View& view, std::string_view script,
                               std::string_view query = {}, std::string_view options = {}) const {
    dangbo_table* findings = nullptr;
    dangbo_table* figures = nullptr;
    detail::call(dangbo_view_what_if, view.get(), handle_.get(), script.data(), script.size(),
                 query.data(), query.size(), options.data(), options.size(), &findings, &figures);
    return {Table(findings), Table(figures)};
  }

  [[nodiscard]] const dangbo_pack* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<dangbo_pack, dangbo_pack_free> handle_;
};

// Findings that keep up with a registry. For one thread at a time.
class Checker {
 public:
  Checker(const View& view, const Pack& pack, std::string_view options = {}) {
    dangbo_checker* out = nullptr;
    detail::call(dangbo_checker_start, view.get(), pack.get(), options.data(), options.size(),
                 &out);
    handle_.reset(out);
  }
  // Columns change and key; `evaluated` counts the subjects that were asked again.
  Table update(const View& view, std::uint64_t& evaluated) {
    dangbo_table* out = nullptr;
    detail::call(dangbo_checker_update, handle_.get(), view.get(), &evaluated, &out);
    return Table(out);
  }
  [[nodiscard]] Table findings() const {
    dangbo_table* out = nullptr;
    detail::call(dangbo_checker_findings, handle_.get(), &out);
    return Table(out);
  }

 private:
  detail::Handle<dangbo_checker, dangbo_checker_free> handle_;
};

}  // namespace dangbo::client
