// Saying what is wrong with the text of an expression.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dangbo/expr/expression.hpp"

namespace dangbo::inline v1::expr::detail {

// Collects faults; keeps the first few, since one mistake often makes others.
class Faults {
 public:
  static constexpr std::size_t kMost = 20;

  void add(Span span, base::Message reason, base::Message fix = {}) {
    if (faults_.size() < kMost) faults_.push_back({span, std::move(reason), std::move(fix)});
  }
  [[nodiscard]] bool empty() const noexcept { return faults_.empty(); }
  [[nodiscard]] std::vector<Fault> take() { return std::move(faults_); }

 private:
  std::vector<Fault> faults_;
};

}  // namespace dangbo::inline v1::expr::detail
