// Packs of rules: reading, checking, explaining, what is to come.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/party/schemas.hpp"
#include "dangbo/rules/check.hpp"
#include "dangbo/rules/checker.hpp"
#include "dangbo/rules/compiled.hpp"
#include "dangbo/rules/outlook.hpp"
#include "dangbo/rules/pack.hpp"
#include "guard.hpp"
#include "handles.hpp"

using namespace dangbo::capi;

namespace {

namespace rules = dangbo::rules;
namespace table = dangbo::table;

constexpr std::size_t kMostLayers = 64;

// The host's own tables, so that packs may speak of them.
rules::PackOptions options_of(const dangbo_registry* registry) {
  rules::PackOptions out;
  if (registry == nullptr) return out;
  const std::scoped_lock lock(registry->shared->writing);
  const auto& schemas = registry->shared->registry->schemas();
  const auto standard = dangbo::party::standard_schemas().size();
  out.tables.assign(schemas.begin() + static_cast<std::ptrdiff_t>(standard), schemas.end());
  return out;
}

Failure read_options(const char* json, std::size_t size, rules::CheckOptions& out) {
  std::string_view document;
  if (Failure bad = read_text(json, size, "options", document)) return bad;
  auto read = rules::parse_options(document);
  if (!read.ok()) return from_status(read.status(), DANGBO_E_QUERY);
  out = *std::move(read);
  return nullptr;
}

// View and pack as nearly every function takes them.
Failure check_both(const dangbo_view* view, const dangbo_pack* pack) {
  if (Failure bad = check(view, "view")) return bad;
  return check(pack, "pack");
}

Failure give(absl::StatusOr<table::Table> made, dangbo_table** out) {
  if (!made.ok()) return from_status(made.status(), DANGBO_E_QUERY);
  *out = new dangbo_table(*std::move(made));
  return nullptr;
}

table::Table keys_of(const rules::Step& step) {
  std::vector<table::Column> columns;
  columns.emplace_back("change", table::Type::kText);
  columns.emplace_back("key", table::Type::kText);
  const auto add = [&](const char* change, const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      columns[0].append_text(change);
      columns[1].append_text(key);
    }
  };
  add("appeared", step.appeared);
  add("changed", step.changed);
  add("gone", step.gone);
  return {"changes", std::move(columns)};
}

}  // namespace

dangbo_status dangbo_pack_read(const dangbo_registry* registry, const char* const* texts,
                               const size_t* text_sizes, const char* const* sources,
                               const size_t* source_sizes, size_t count, dangbo_pack** out,
                               dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (registry != nullptr) {
      if (Failure bad = check(registry, "registry")) return bad;
    }
    if (texts == nullptr || text_sizes == nullptr) return bad_handle("texts", true);
    if (sources == nullptr || source_sizes == nullptr) return bad_handle("sources", true);
    if (count == 0 || count > kMostLayers) {
      return failure(DANGBO_E_ARGUMENT, {"số lớp phải từ 1 đến 64", "there are 1 to 64 layers"});
    }
    std::vector<rules::PackText> layers(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (Failure bad = read_text(texts[i], text_sizes[i], "texts", layers[i].text)) return bad;
      if (Failure bad = read_text(sources[i], source_sizes[i], "sources", layers[i].source)) {
        return bad;
      }
    }
    const rules::PackOptions options = options_of(registry);
    const bool is_compiled = count == 1 && layers.front().text.starts_with('{');
    auto read = is_compiled
                    ? rules::load_compiled(layers.front().text, layers.front().source, options)
                    : rules::read_pack(layers, options);
    if (!read.ok()) return from_status(read.status(), DANGBO_E_REFUSED);
    *out = new dangbo_pack(std::make_shared<const rules::Pack>(*std::move(read)));
    return nullptr;
  });
}

dangbo_status dangbo_pack_compile(const dangbo_pack* pack, dangbo_text** out,
                                  dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(pack, "pack")) return bad;
    *out = new dangbo_text(rules::compile_pack(*pack->pack));
    return nullptr;
  });
}

dangbo_status dangbo_pack_rules(const dangbo_pack* pack, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(pack, "pack")) return bad;
    *out = new dangbo_table(rules::rules_table(*pack->pack));
    return nullptr;
  });
}

void dangbo_pack_free(dangbo_pack* pack) {
  destroy(pack);
}

dangbo_status dangbo_view_check(const dangbo_view* view, const dangbo_pack* pack,
                                const char* options, size_t options_size, dangbo_table** out,
                                dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    rules::CheckOptions what;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check_both(view, pack)) return bad;
    if (Failure bad = read_options(options, options_size, what)) return bad;
    return give(rules::check(view->view, *pack->pack, what), out);
  });
}

dangbo_status dangbo_view_due(const dangbo_view* view, const dangbo_pack* pack, int32_t days,
                              const char* options, size_t options_size, dangbo_table** out,
                              dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    rules::CheckOptions what;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check_both(view, pack)) return bad;
    if (Failure bad = read_options(options, options_size, what)) return bad;
    return give(rules::due(view->view, *pack->pack, days, what), out);
  });
}

dangbo_status dangbo_view_explain_finding(const dangbo_view* view, const dangbo_pack* pack,
                                          const char* rule, size_t rule_size, const char* subject,
                                          size_t subject_size, int32_t format, int32_t language,
                                          int32_t about_persons, dangbo_text** out,
                                          dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view which;
    std::string_view whom;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check_both(view, pack)) return bad;
    if (Failure bad = read_text(rule, rule_size, "rule", which)) return bad;
    if (Failure bad = read_text(subject, subject_size, "subject", whom)) return bad;
    const bool is_language = language == DANGBO_LANGUAGE_VI || language == DANGBO_LANGUAGE_EN;
    if (!is_language || (format != DANGBO_EXPLAIN_TEXT && format != DANGBO_EXPLAIN_HTML)) {
      return failure(DANGBO_E_ARGUMENT,
                     {"không có ngôn ngữ hoặc dạng này", "there is no such language or format"});
    }
    rules::ExplainOptions options;
    options.language = language == DANGBO_LANGUAGE_VI ? dangbo::base::Language::kVietnamese
                                                      : dangbo::base::Language::kEnglish;
    options.format = format == DANGBO_EXPLAIN_HTML ? rules::Format::kHtml : rules::Format::kText;
    options.about_persons = about_persons != 0;
    auto text = rules::explain(view->view, *pack->pack, which, whom, options);
    if (!text.ok()) return from_status(text.status(), DANGBO_E_QUERY);
    *out = new dangbo_text(*std::move(text));
    return nullptr;
  });
}

dangbo_status dangbo_view_what_if(const dangbo_view* view, const dangbo_pack* pack,
                                  const char* script, size_t script_size, const char* query,
                                  size_t query_size, const char* options, size_t options_size,
                                  dangbo_table** findings, dangbo_table** figures,
                                  dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view change;
    std::string_view asked;
    rules::CheckOptions what;
    Failure no_figures = check_out(figures, "figures");
    if (Failure bad = check_out(findings, "findings")) return bad;
    if (no_figures != nullptr) return no_figures;
    if (Failure bad = check_both(view, pack)) return bad;
    if (Failure bad = read_text(script, script_size, "script", change)) return bad;
    if (Failure bad = read_text(query, query_size, "query", asked)) return bad;
    if (Failure bad = read_options(options, options_size, what)) return bad;
    auto made = rules::what_if(view->view, *pack->pack, change, "script", asked, what);
    if (!made.ok()) return from_status(made.status(), DANGBO_E_REFUSED);
    auto first = std::make_unique<dangbo_table>(std::move(made->findings));
    *figures = new dangbo_table(std::move(made->figures));
    *findings = first.release();
    return nullptr;
  });
}

dangbo_status dangbo_checker_start(const dangbo_view* view, const dangbo_pack* pack,
                                   const char* options, size_t options_size, dangbo_checker** out,
                                   dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    rules::CheckOptions what;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check_both(view, pack)) return bad;
    if (Failure bad = read_options(options, options_size, what)) return bad;
    auto made = rules::Checker::start(view->view, *pack->pack, what);
    if (!made.ok()) return from_status(made.status(), DANGBO_E_QUERY);
    *out = new dangbo_checker(pack->pack, *std::move(made));
    return nullptr;
  });
}

dangbo_status dangbo_checker_update(dangbo_checker* checker, const dangbo_view* view,
                                    uint64_t* evaluated, dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (evaluated != nullptr) *evaluated = 0;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(checker, "checker")) return bad;
    if (Failure bad = check(view, "view")) return bad;
    const auto step = checker->checker.update(view->view);
    if (!step.ok()) return from_status(step.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(keys_of(*step));
    if (evaluated != nullptr) *evaluated = step->evaluated;
    return nullptr;
  });
}

dangbo_status dangbo_checker_findings(const dangbo_checker* checker, dangbo_table** out,
                                      dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(checker, "checker")) return bad;
    *out = new dangbo_table(checker->checker.findings());
    return nullptr;
  });
}

void dangbo_checker_free(dangbo_checker* checker) {
  destroy(checker);
}
