// The parts of a document that several of its keys share: texts, days, periods, conditions, bands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "dangbo/rollup/mistake.hpp"
#include "rollup/document.hpp"

namespace dangbo::inline v1::rollup {

// Every mistake goes to the list; what is read besides is usable when there is none.
class Form {
 public:
  using Json = nlohmann::json;
  static constexpr std::size_t kMostDays = 1200;
  static constexpr std::size_t kMostBands = 250;

  explicit Form(base::ProblemList& problems) : problems_(problems) {}

  void add(std::string at, std::string_view value, base::Message reason, base::Message fix) {
    problems_.add(mistake(base::ProblemCode::kBadQuery, std::move(at), value, std::move(reason),
                          std::move(fix)));
  }
  static const Json* find(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at == object.end() ? nullptr : &*at;
  }
  static std::string shown(const Json& value);
  void expected(const Json& value, const std::string& at, const char* vi, const char* en) {
    add(at, shown(value), {std::string("cần ") + vi, std::string("expected ") + en},
        {std::string("ghi ") + vi, std::string("write ") + en});
  }
  void known_keys(const Json& object, const std::string& at,
                  const std::vector<std::string_view>& allowed);

  std::string text(const Json& value, const std::string& at);
  // One word of those allowed.
  std::string choice(const Json& value, const std::string& at,
                     const std::vector<std::string_view>& allowed);
  // A whole number of 0 or more within 32 bits.
  std::optional<std::uint32_t> whole(const Json& value, const std::string& at);
  std::optional<time::Date> day(const Json& root, const char* key);
  std::optional<time::Date> full_day(const Json& value, const std::string& at);
  // A day, a list of days, or {"months": period}.
  void on(const Json& value, Query::Document& out);
  std::optional<Period> period(const Json& value, const std::string& at);
  std::optional<Value> value(const Json& given, const std::string& at);
  void values(const Json& given, const std::string& at, Condition& out);
  // An object in place of the value of a condition.
  void special(const Json& value, Condition& out);
  // A column, an expression, or bands.
  GroupBy group(const Json& value, const std::string& at);
  std::optional<Best> best(const Json& root);
  std::vector<Cell> cell(const Json& value);

 private:
  std::optional<time::Date> bound(const Json& value, const std::string& at, std::string& written);
  void range(const Json& value, const std::string& at, Condition& out);
  void bands(const Json& value, const std::string& at, GroupBy& out);

  base::ProblemList& problems_;
};

}  // namespace dangbo::inline v1::rollup
