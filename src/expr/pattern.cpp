#include "expr/pattern.hpp"

#ifdef DANGBO_WITH_RE2
#include <re2/re2.h>
#endif

#include "dangbo/expr/expression.hpp"

namespace dangbo::inline v1::expr {

bool has_patterns() noexcept {
  return detail::Pattern::available();
}

namespace detail {

#ifdef DANGBO_WITH_RE2

namespace {

constexpr std::int64_t kMemory = std::int64_t{1} << 20;  // of a compiled pattern and its automaton

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  return options;
}

}  // namespace

struct Pattern::Engine {
  explicit Engine(std::string_view text)
      : pattern(re2::StringPiece(text.data(), text.size()), options()) {}
  RE2 pattern;
};

Pattern::Pattern(std::string_view text) : engine_(std::make_unique<Engine>(text)) {}

bool Pattern::available() noexcept {
  return true;
}

std::string Pattern::fault() const {
  return engine_->pattern.ok() ? std::string() : engine_->pattern.error();
}

bool Pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), engine_->pattern);
}

#else

struct Pattern::Engine {};

Pattern::Pattern(std::string_view) {}
bool Pattern::available() noexcept {
  return false;
}
std::string Pattern::fault() const {
  return {};
}
bool Pattern::found_in(std::string_view) const {
  return false;
}

#endif

Pattern::~Pattern() = default;

}  // namespace detail

}  // namespace dangbo::inline v1::expr
