// Text as it may stand in a page: names come from files, so nothing of them is trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dangbo/base/escape.hpp"
#include "dangbo/base/problem.hpp"
#include "dangbo/time/date.hpp"

namespace dangbo::inline v1::report {

// At most `limit` code points; control characters become U+FFFD, line ends a space, and marks that
// turn the direction of writing are dropped.
[[nodiscard]] std::string clean(std::string_view text, std::size_t limit);

inline constexpr std::size_t kNameLimit = 120;
inline constexpr std::size_t kKeyLimit = 40;

// The language of a page: picks between two texts, and writes numbers and days as people do.
class Wording {
 public:
  explicit Wording(base::Language language) noexcept : language_(language) {}

  [[nodiscard]] base::Language language() const noexcept { return language_; }
  [[nodiscard]] bool is_vietnamese() const noexcept {
    return language_ == base::Language::kVietnamese;
  }
  [[nodiscard]] const char* code() const noexcept { return is_vietnamese() ? "vi" : "en"; }
  [[nodiscard]] std::string operator()(const char* vi, const char* en) const {
    return is_vietnamese() ? vi : en;
  }
  [[nodiscard]] std::string operator()(const base::Message& message) const {
    return base::text_in(message, language_);
  }

  // "2.712", in English "2,712".
  [[nodiscard]] std::string number(std::int64_t value) const;
  // "+36", "−36", "0": a difference.
  [[nodiscard]] std::string signed_number(std::int64_t value) const;
  // A share as rollup gives it, with two decimals: "38,94%", "5,20%"; "100%".
  [[nodiscard]] std::string percent(double value) const;
  // At most two decimals, without those that are 0: "106", "60,71".
  [[nodiscard]] std::string decimal(double value) const;
  // "30/11/2020", in English "30 Nov 2020".
  [[nodiscard]] std::string date(time::Date day) const;
  // "11/2020", in English "Nov 2020".
  [[nodiscard]] std::string month(time::Date day) const;
  // "12 tổ chức", "1 unit", "12 units".
  [[nodiscard]] std::string count(std::int64_t value, const char* vi, const char* one,
                                  const char* many) const;

 private:
  base::Language language_;
};

}  // namespace dangbo::inline v1::report
