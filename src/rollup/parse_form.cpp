#include "rollup/parse_form.hpp"

#include <algorithm>
#include <limits>

#include "dangbo/base/text.hpp"
#include "dangbo/time/period.hpp"
#include "rollup/json_form.hpp"

namespace dangbo::inline v1::rollup {

std::string Form::shown(const Json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Form::known_keys(const Json& object, const std::string& at,
                      const std::vector<std::string_view>& allowed) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(allowed.begin(), allowed.end(), key) != allowed.end()) continue;
    add(at + step(key), key, {"không có khoá này ở đây", "there is no such key here"},
        suggest(key, allowed));
  }
}

std::string Form::text(const Json& value, const std::string& at) {
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
    return base::to_nfc(value.get_ref<const std::string&>());
  }
  expected(value, at, "một chuỗi không rỗng", "a text that is not empty");
  return {};
}

std::string Form::choice(const Json& value, const std::string& at,
                         const std::vector<std::string_view>& allowed) {
  const std::string word = value.is_string() ? value.get<std::string>() : std::string();
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  add(at, shown(value), {"không có lựa chọn này", "there is no such choice"},
      suggest(shown(value), allowed));
  return {};
}

std::optional<std::uint32_t> Form::whole(const Json& value, const std::string& at) {
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() <= std::numeric_limits<std::uint32_t>::max()) {
    return static_cast<std::uint32_t>(value.get<std::uint64_t>());
  }
  expected(value, at, "một số nguyên không âm", "a whole number, 0 or more");
  return std::nullopt;
}

std::optional<time::Date> Form::full_day(const Json& value, const std::string& at) {
  if (value.is_string()) {
    const auto date = time::parse_date(value.get_ref<const std::string&>()).value;
    if (date && date->is_exact()) return date->exact();
  }
  expected(value, at, "một ngày đầy đủ như \"2020-11-30\"", "a full day like \"2020-11-30\"");
  return std::nullopt;
}

std::optional<time::Date> Form::day(const Json& root, const char* key) {
  const Json* value = find(root, key);
  return value == nullptr ? std::nullopt : full_day(*value, step(key));
}

void Form::on(const Json& value, Query::Document& out) {
  if (value.is_object()) {
    known_keys(value, "/on", {"months"});
    const Json* months = find(value, "months");
    if (months == nullptr)
      return expected(value, "/on", "{\"months\": kỳ}", "{\"months\": period}");
    out.months = period(*months, "/on/months");
    if (!out.months) return;
    time::DateRange range = out.months->range;
    if (!out.months->text.empty()) {
      const auto days = time::period_days(out.months->text);
      range = days ? *days : time::DateRange::from_days(1, 0);
    }
    if (!range.from() || !range.until() || range.empty()) {
      return expected(*months, "/on/months", "một kỳ có đầu có cuối như \"2020\"",
                      "a period with both ends like \"2020\"");
    }
    for (time::Date first = *time::Date::from_ymd(range.from()->year(), range.from()->month(), 1);
         out.days.size() <= kMostDays;) {
      const auto next = time::add_months(first, 1, time::MonthEndRule::kClamp);
      if (!next || *next > *range.until()) break;
      out.days.push_back(next->plus_days(-1));
      first = *next;
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < std::min(value.size(), kMostDays + 1); ++i) {
      if (const auto one = full_day(value[i], "/on/" + std::to_string(i))) out.days.push_back(*one);
    }
    std::sort(out.days.begin(), out.days.end());
    out.days.erase(std::unique(out.days.begin(), out.days.end()), out.days.end());
  } else {
    out.on = full_day(value, "/on");
    return;
  }
  if (out.days.empty() || out.days.size() > kMostDays) {
    expected(value, "/on", "từ 1 đến 1200 ngày", "1 to 1200 days");
  }
}

std::optional<time::Date> Form::bound(const Json& value, const std::string& at,
                                      std::string& written) {
  if (value.is_string()) {
    const auto date = time::parse_date(value.get_ref<const std::string&>()).value;
    if (date) {
      written = date->to_string();
      return date->first_day();
    }
  }
  expected(value, at, "một ngày, tháng hoặc năm", "a day, a month or a year");
  return std::nullopt;
}

std::optional<Period> Form::period(const Json& value, const std::string& at) {
  Period made;
  if (value.is_string()) {
    made.text = text(value, at);
    return made;
  }
  if (!value.is_object() || value.empty()) {
    expected(value, at, "\"2018\" hoặc {\"from\": …, \"until\": …}",
             "\"2018\" or {\"from\": …, \"until\": …}");
    return std::nullopt;
  }
  known_keys(value, at, {"from", "until"});
  std::optional<time::Date> from;
  std::optional<time::Date> until;
  if (const Json* start = find(value, "from")) from = bound(*start, at + "/from", made.from_text);
  if (const Json* end = find(value, "until")) until = bound(*end, at + "/until", made.until_text);
  made.range = time::DateRange(from, until);
  if (from && until && made.range.empty()) {
    add(at + "/until", made.until_text,
        {"khoảng rỗng: ngày cuối không được tính vào khoảng",
         "empty range: its end is not part of it"},
        {"cho \"until\" sau \"from\"", "let \"until\" be after \"from\""});
  }
  return made;
}

std::optional<Value> Form::value(const Json& given, const std::string& at) {
  if (given.is_boolean()) return Value(given.get<bool>());
  const bool fits = given.is_number_integer() &&
                    !(given.is_number_unsigned() &&
                      given.get<std::uint64_t>() >
                          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  if (fits) return Value(given.get<std::int64_t>());
  if (given.is_string()) return Value(base::to_nfc(given.get_ref<const std::string&>()));
  expected(given, at, "chuỗi, số nguyên hoặc true, false", "a text, a whole number, a boolean");
  return std::nullopt;
}

void Form::values(const Json& given, const std::string& at, Condition& out) {
  const auto take = [&](const Json& one, const std::string& here) {
    if (auto made = value(one, here)) out.values.push_back(*std::move(made));
  };
  if (!given.is_array()) return take(given, at);
  if (given.empty()) expected(given, at, "ít nhất một giá trị", "at least one value");
  for (std::size_t i = 0; i < given.size(); ++i) take(given[i], at + "/" + std::to_string(i));
}

void Form::special(const Json& value, Condition& out) {
  if (value.contains("from") || value.contains("until")) {
    known_keys(value, out.at, {"from", "until"});
    out.test = Test::kRange;
    return range(value, out.at, out);
  }
  if (const Json* years = find(value, "years")) {
    known_keys(value, out.at, {"years", "certain"});
    out.test = Test::kYears;
    const std::string at = out.at + "/years";
    if (!years->is_object() || years->empty()) {
      return expected(*years, at, "{\"from\": 18, \"until\": 35}", "{\"from\": 18, \"until\": 35}");
    }
    known_keys(*years, at, {"from", "until"});
    range(*years, at, out);
    if (const Json* certain = find(value, "certain")) out.certain = *certain == true;
    return;
  }
  known_keys(value, out.at, {"missing", "not"});
  const Json* missing = find(value, "missing");
  const Json* other = find(value, "not");
  if ((missing == nullptr) == (other == nullptr)) {
    expected(value, out.at, "{\"missing\": true}, {\"not\": …}, {\"from\": …} hoặc {\"years\": …}",
             "{\"missing\": true}, {\"not\": …}, {\"from\": …} or {\"years\": …}");
  } else if (other != nullptr) {
    out.test = Test::kNot;
    values(*other, out.at + "/not", out);
  } else if (missing->is_boolean()) {
    out.test = missing->get<bool>() ? Test::kMissing : Test::kPresent;
  } else {
    expected(*missing, out.at + "/missing", "true hoặc false", "true or false");
  }
}

void Form::range(const Json& value, const std::string& at, Condition& out) {
  const auto end = [&](const char* key, std::optional<Value>& into) {
    const Json* given = find(value, key);
    if (given == nullptr) return;
    into = this->value(*given, at + step(key));
    const bool is_years = out.test == Test::kYears;
    const bool fits = into && (std::holds_alternative<std::int64_t>(*into) ||
                               (!is_years && std::holds_alternative<std::string>(*into)));
    if (into && !fits) {
      expected(*given, at + step(key), is_years ? "một số năm" : "một ngày hoặc số nguyên",
               is_years ? "a number of years" : "a day or a whole number");
    }
  };
  end("from", out.from);
  end("until", out.until);
}

GroupBy Form::group(const Json& value, const std::string& at) {
  GroupBy out;
  if (!value.is_object()) {
    out.name = text(value, at);
    return out;
  }
  known_keys(value, at, {"as", "value", "years", "number", "bands", "certain"});
  const Json* name = find(value, "as");
  const Json* expression = find(value, "value");
  const bool is_banded = value.contains("years") != value.contains("number");
  if (name == nullptr || (expression != nullptr) == is_banded) {
    expected(value, at,
             "{\"as\": tên, \"value\": biểu thức} hoặc {\"as\": tên, \"years\": cột ngày, "
             "\"bands\": [18, 31]}",
             "{\"as\": name, \"value\": expression} or {\"as\": name, \"years\": a date, "
             "\"bands\": [18, 31]}");
    return out;
  }
  out.name = text(*name, at + "/as");
  if (expression != nullptr) {
    out.expression = text(*expression, at + "/value");
  } else {
    bands(value, at, out);
  }
  return out;
}

void Form::bands(const Json& value, const std::string& at, GroupBy& out) {
  if (const Json* years = find(value, "years")) out.years = text(*years, at + "/years");
  if (const Json* number = find(value, "number")) out.number = text(*number, at + "/number");
  if (const Json* certain = find(value, "certain")) out.certain = *certain == true;
  const Json* edges = find(value, "bands");
  bool fits =
      edges != nullptr && edges->is_array() && !edges->empty() && edges->size() <= kMostBands;
  for (std::size_t i = 0; fits && i < edges->size(); ++i) {
    const auto edge = this->value((*edges)[i], at + "/bands/" + std::to_string(i));
    const std::int64_t* number = edge ? std::get_if<std::int64_t>(&*edge) : nullptr;
    fits = number != nullptr && (out.edges.empty() || out.edges.back() < *number) &&
           (out.years.empty() || *number > 0) && *number > std::numeric_limits<std::int64_t>::min();
    if (fits) out.edges.push_back(*number);
  }
  if (fits) return;
  out.edges.assign(1, 1);
  expected(edges == nullptr ? value : *edges, at + "/bands",
           "các số tăng dần, số đầu của từng khoảng như [18, 31, 61]",
           "ascending numbers, the first of each band, like [18, 31, 61]");
}

std::optional<Best> Form::best(const Json& root) {
  const Json* top = find(root, "top");
  const Json* bottom = find(root, "bottom");
  if (top == nullptr && bottom == nullptr) return std::nullopt;
  if (top != nullptr && bottom != nullptr) {
    add("/bottom", shown(*bottom), {"đã có \"top\"", "there is \"top\" already"},
        {"bỏ một", "drop one of them"});
  }
  Best made;
  made.top = top != nullptr;
  const Json& given = made.top ? *top : *bottom;
  const std::string at = made.top ? "/top" : "/bottom";
  if (given.is_object()) {
    known_keys(given, at, {"count", "by"});
    if (const Json* by = find(given, "by")) made.by = choice(*by, at + "/by", {"percent"});
    const Json* count = find(given, "count");
    made.count = count == nullptr ? 0 : whole(*count, at + "/count").value_or(1);
  } else {
    made.count = whole(given, at).value_or(1);
  }
  if (made.count == 0) expected(given, at, "một số nguyên từ 1", "a whole number from 1");
  return made;
}

std::vector<Cell> Form::cell(const Json& value) {
  std::vector<Cell> out;
  if (!value.is_object()) {
    expected(value, "/rows", "{cột: giá trị} của ô, hoặc {}", "{column: value} of the cell, or {}");
    return out;
  }
  for (const auto& [column, given] : value.items()) {
    Cell made{base::to_nfc(column), std::nullopt};
    if (!given.is_null()) made.value = this->value(given, "/rows" + step(column));
    out.push_back(std::move(made));
  }
  return out;
}

}  // namespace dangbo::inline v1::rollup
