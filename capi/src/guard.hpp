// The wall between C++ and C: every entry function is one call of guard, and nothing passes it but
// a status and an error object.
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include "dangbo.h"
#include "dangbo/base/problem.hpp"
#include "handles.hpp"

namespace dangbo::inline v1::capi {

struct FreeError {
  void operator()(dangbo_error* error) const noexcept { dangbo_error_free(error); }
};

// What went wrong; null when nothing did.
using Failure = std::unique_ptr<dangbo_error, FreeError>;

// ---- making failures; all may run out of memory, which guard turns into the error of no memory

[[nodiscard]] Failure failure(dangbo_status status, base::Message message);
[[nodiscard]] Failure refused(base::ProblemList problems, dangbo_status status = DANGBO_E_REFUSED);
// A failed status of a room. `invalid`: what InvalidArgument with problems becomes, REFUSED for
// rows and QUERY for queries.
[[nodiscard]] Failure from_status(const absl::Status& status, dangbo_status invalid);

// The one error that needs no memory; freeing it does nothing.
[[nodiscard]] dangbo_error* out_of_memory() noexcept;
// An exception nobody expected: INTERNAL, or no memory when not even that can be said.
[[nodiscard]] dangbo_error* internal_fault(const char* what) noexcept;

// ---- checking what comes in

[[nodiscard]] Failure bad_handle(const char* name, bool is_null);

// The handle is there and of its kind.
template <typename AnyHandle>
[[nodiscard]] Failure check(const AnyHandle* handle, const char* name) {
  return is_live(handle) ? Failure() : bad_handle(name, handle == nullptr);
}

// The place for a result is there; it is emptied before anything else happens.
template <typename Value>
[[nodiscard]] Failure check_out(Value* out, const char* name) {
  if (out == nullptr) return bad_handle(name, true);
  *out = Value{};
  return nullptr;
}

// UTF-8 from outside. NULL with size 0 is the empty text.
[[nodiscard]] Failure read_text(const char* data, std::size_t size, const char* name,
                                std::string_view& out);
// The same, neither empty nor with a zero byte inside: what a file system takes.
[[nodiscard]] Failure read_path(const char* data, std::size_t size, std::string& out);

// A day the library knows: in the years 1400 … 9999.
[[nodiscard]] bool is_day(std::int32_t days) noexcept;

// The problems as a table: code, file, row, column, value, reason_vi, reason_en, fix_vi, fix_en.
[[nodiscard]] table::Table problem_table(const base::ProblemList& problems);

// Runs `body`, which returns a Failure. Never throws; allocates nothing when all goes well.
template <typename Body>
dangbo_status guard(dangbo_error** error, Body&& body) noexcept {
  if (error != nullptr) *error = nullptr;
  dangbo_error* failed = nullptr;
  try {
    failed = body().release();
  } catch (const std::bad_alloc&) {
    failed = out_of_memory();
  } catch (const std::length_error&) {
    failed = out_of_memory();
  } catch (const std::exception& caught) {
    failed = internal_fault(caught.what());
  } catch (...) {
    failed = internal_fault("an exception of unknown kind");
  }
  if (failed == nullptr) return DANGBO_OK;
  const dangbo_status status = failed->status;
  if (error != nullptr) {
    *error = failed;
  } else {
    dangbo_error_free(failed);
  }
  return status;
}

}  // namespace dangbo::inline v1::capi
