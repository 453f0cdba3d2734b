// What stands behind the handles of dangbo.h. Each begins with a word that names its kind: checked
// on entry, cleared when freed, so that a handle of the wrong kind is an error and not a crash.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dangbo.h"
#include "dangbo/base/problem.hpp"
#include "dangbo/expr/buffers.hpp"
#include "dangbo/expr/expression.hpp"
#include "dangbo/load/difference.hpp"
#include "dangbo/registry/change.hpp"
#include "dangbo/registry/registry.hpp"
#include "dangbo/registry/snapshot.hpp"
#include "dangbo/registry/totals.hpp"
#include "dangbo/rules/checker.hpp"
#include "dangbo/rules/pack.hpp"
#include "dangbo/table/column.hpp"
#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::capi {

enum class Kind : std::uint32_t {
  kFreed = 0,
  kError = 0xDA9B0001U,
  kText = 0xDA9B0002U,
  kRegistry = 0xDA9B0003U,
  kChange = 0xDA9B0004U,
  kSnapshot = 0xDA9B0005U,
  kView = 0xDA9B0006U,
  kTable = 0xDA9B0007U,
  kDifference = 0xDA9B0008U,
  kExpr = 0xDA9B0009U,
  kPack = 0xDA9B000AU,
  kChecker = 0xDA9B000BU,
  kExprRun = 0xDA9B000CU,
};

struct Handle {
  Kind kind;
};

// A registry with its writers in a row. Changes hold it too: they may outlive the registry handle,
// and may be filled on another thread than the one that commits.
struct SharedRegistry {
  std::unique_ptr<registry::Registry> registry;
  // Recursive, because a host that calls back from its progress function against the rules should
  // not hang.
  std::recursive_mutex writing;
};

// Rows between dangbo_change_begin_… and dangbo_change_end_rows.
struct OpenRows {
  enum class Kind : std::uint8_t { kNew, kCorrections, kWithdrawals };
  Kind kind = Kind::kNew;
  std::string table;
  std::string source;
  std::size_t count = 0;
  std::vector<table::Column> columns;                // of new rows, or what names stored ones
  std::optional<std::vector<table::Column>> values;  // kCorrections, once begun

  // Where the next column goes.
  [[nodiscard]] std::vector<table::Column>& growing() { return values ? *values : columns; }
};

// The library's words on a failure, in full; an error without it is the one of no memory.
struct ErrorDetail {
  base::Message message;
  base::ProblemList problems;
};

}  // namespace dangbo::inline v1::capi

struct dangbo_error : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kError;
  constexpr dangbo_error(dangbo_status code, const dangbo::capi::ErrorDetail* owned) noexcept
      : Handle{kKind}, status(code), detail(owned) {}
  dangbo_status status;
  const dangbo::capi::ErrorDetail* detail;
};

struct dangbo_text : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kText;
  explicit dangbo_text(std::string bytes) noexcept : Handle{kKind}, text(std::move(bytes)) {}
  std::string text;
};

struct dangbo_registry : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kRegistry;
  explicit dangbo_registry(std::shared_ptr<dangbo::capi::SharedRegistry> facts) noexcept
      : Handle{kKind}, shared(std::move(facts)) {}
  std::shared_ptr<dangbo::capi::SharedRegistry> shared;
};

struct dangbo_change : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kChange;
  explicit dangbo_change(std::shared_ptr<dangbo::capi::SharedRegistry> facts) noexcept
      : Handle{kKind}, shared(std::move(facts)) {}
  std::shared_ptr<dangbo::capi::SharedRegistry> shared;
  // One for each call that added something: a call that fails half-way leaves nothing behind.
  std::vector<dangbo::registry::Change> parts;
  std::optional<dangbo::capi::OpenRows> open;
};

struct dangbo_snapshot : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kSnapshot;
  explicit dangbo_snapshot(dangbo::registry::Snapshot state) noexcept
      : Handle{kKind}, snapshot(std::move(state)) {}
  dangbo::registry::Snapshot snapshot;
};

struct dangbo_view : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kView;
  explicit dangbo_view(dangbo::registry::View seen)
      : Handle{kKind}, view(std::move(seen)), totals(view) {}
  dangbo::registry::View view;
  dangbo::registry::Totals totals;
};

struct dangbo_difference : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kDifference;
  dangbo_difference(dangbo::load::Difference of_extract, dangbo::time::Date of_day,
                    std::shared_ptr<dangbo::capi::SharedRegistry> facts) noexcept
      : Handle{kKind}, found(std::move(of_extract)), day(of_day), shared(std::move(facts)) {}
  dangbo::load::Difference found;
  dangbo::time::Date day;
  std::shared_ptr<dangbo::capi::SharedRegistry> shared;
};

struct dangbo_table : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kTable;
  explicit dangbo_table(dangbo::table::Table rows) noexcept
      : Handle{kKind}, table(std::move(rows)) {}
  dangbo::table::Table table;
};

struct dangbo_expr : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kExpr;
  explicit dangbo_expr(dangbo::expr::Expression checked) noexcept
      : Handle{kKind}, expression(std::move(checked)) {}
  dangbo::expr::Expression expression;
};

struct dangbo_pack : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kPack;
  explicit dangbo_pack(std::shared_ptr<const dangbo::rules::Pack> read) noexcept
      : Handle{kKind}, pack(std::move(read)) {}
  std::shared_ptr<const dangbo::rules::Pack> pack;
};

struct dangbo_checker : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kChecker;
  dangbo_checker(std::shared_ptr<const dangbo::rules::Pack> applied,
                 dangbo::rules::Checker started) noexcept
      : Handle{kKind}, pack(std::move(applied)), checker(std::move(started)) {}
  std::shared_ptr<const dangbo::rules::Pack> pack;  // outlives the checker
  dangbo::rules::Checker checker;
};

struct dangbo_expr_run : dangbo::capi::Handle {
  static constexpr auto kKind = dangbo::capi::Kind::kExprRun;
  dangbo_expr_run(dangbo::expr::BufferRun made,
                  std::vector<dangbo::base::Message> of_codes) noexcept
      : Handle{kKind}, run(std::move(made)), reasons(std::move(of_codes)) {}
  dangbo::expr::BufferRun run;
  std::vector<dangbo::base::Message> reasons;  // by ErrorCode
};

namespace dangbo::inline v1::capi {

// Reads the first word whatever the pointer points to; not NULL and of this type.
template <typename AnyHandle>
[[nodiscard]] bool is_live(const AnyHandle* handle) noexcept {
  if (handle == nullptr) return false;
  Kind kind = Kind::kFreed;
  std::memcpy(&kind, static_cast<const void*>(handle), sizeof kind);
  return kind == AnyHandle::kKind;
}

// Does nothing for NULL and for a handle of another kind.
template <typename AnyHandle>
void destroy(AnyHandle* handle) noexcept {
  if (!is_live(handle)) return;
  // Volatile: the compiler would drop a store to an object about to end.
  *static_cast<volatile Kind*>(&handle->kind) = Kind::kFreed;
  delete handle;
}

}  // namespace dangbo::inline v1::capi
