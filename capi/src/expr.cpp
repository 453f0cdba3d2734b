#include <cstddef>
#include <string_view>
#include <utility>

#include "dangbo.h"
#include "dangbo/expr/table.hpp"
#include "guard.hpp"
#include "handles.hpp"

using namespace dangbo::capi;

namespace {

Failure compile_in(std::string_view text, const dangbo::expr::Environment& environment,
                   dangbo_expr** out) {
  auto made = dangbo::expr::Expression::compile(text, environment);
  if (!made.ok()) return from_status(made.status(), DANGBO_E_QUERY);
  *out = new dangbo_expr(*std::move(made));
  return nullptr;
}

}  // namespace

dangbo_status dangbo_expr_compile(const char* text, size_t text_size, const char* schema,
                                  size_t schema_size, dangbo_expr** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view written;
    std::string_view document;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = read_text(text, text_size, "text", written)) return bad;
    if (Failure bad = read_text(schema, schema_size, "schema", document)) return bad;
    const auto environment = dangbo::expr::parse_environment(document);
    if (!environment.ok()) return from_status(environment.status(), DANGBO_E_QUERY);
    return compile_in(written, *environment, out);
  });
}

dangbo_status dangbo_snapshot_expr(const dangbo_snapshot* snapshot, const char* table,
                                   size_t table_size, const char* text, size_t text_size,
                                   dangbo_expr** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view name;
    std::string_view written;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(snapshot, "snapshot")) return bad;
    if (Failure bad = read_text(table, table_size, "table", name)) return bad;
    if (Failure bad = read_text(text, text_size, "text", written)) return bad;
    const auto rows = snapshot->snapshot.rows(name);
    if (!rows) {
      const std::string quoted = "“" + std::string(name) + "”";
      return failure(DANGBO_E_NOT_FOUND,
                     {"không có bảng nào tên " + quoted, "there is no table " + quoted});
    }
    return compile_in(written, dangbo::expr::environment_of(rows->schema()), out);
  });
}

dangbo_status dangbo_expr_evaluate(const dangbo_expr* expr, const dangbo_table* rows,
                                   dangbo_table** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(expr, "expr")) return bad;
    if (Failure bad = check(rows, "rows")) return bad;
    auto values = dangbo::expr::evaluate(expr->expression, rows->table);
    if (!values.ok()) return from_status(values.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(values));
    return nullptr;
  });
}

dangbo_status dangbo_expr_evaluate_row(const dangbo_expr* expr, const char* json, size_t json_size,
                                       dangbo_text** out, dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    std::string_view row;
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(expr, "expr")) return bad;
    if (Failure bad = read_text(json, json_size, "json", row)) return bad;
    auto value = dangbo::expr::evaluate_row(expr->expression, row);
    if (!value.ok()) return from_status(value.status(), DANGBO_E_QUERY);
    *out = new dangbo_text(*std::move(value));
    return nullptr;
  });
}

dangbo_status dangbo_expr_explain(const dangbo_expr* expr, dangbo_table** out,
                                  dangbo_error** error) {
  return guard(error, [&]() -> Failure {
    if (Failure bad = check_out(out, "out")) return bad;
    if (Failure bad = check(expr, "expr")) return bad;
    auto parts = dangbo::expr::explain(expr->expression);
    if (!parts.ok()) return from_status(parts.status(), DANGBO_E_QUERY);
    *out = new dangbo_table(*std::move(parts));
    return nullptr;
  });
}

void dangbo_expr_free(dangbo_expr* expr) {
  destroy(expr);
}
