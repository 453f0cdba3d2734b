#include "expr/random_expression.hpp"

#include <deque>
#include <utility>

namespace dangbo::test {

using expr::ColumnTable;
using expr::ColumnView;
using expr::Kind;
using expr::Member;

namespace {

constexpr std::size_t kRows = 5'000;
constexpr std::size_t kMembers = 9'000;
constexpr std::size_t kDuties = 700;

constexpr std::int64_t kWholes[] = {0,
                                    1,
                                    -1,
                                    2,
                                    3,
                                    7,
                                    30,
                                    -12,
                                    1'000'000,
                                    std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min(),
                                    std::numeric_limits<std::int64_t>::min() + 1,
                                    std::int64_t{1} << 32,
                                    3'037'000'500};
constexpr double kReals[] = {0.0,
                             -0.0,
                             1.5,
                             -2.25,
                             1e308,
                             -1e-308,
                             0x1p63,
                             std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()};
// Ends of months, leap days, both ends of the calendar and beyond them.
constexpr std::int32_t kDays[] = {0,
                                  -1,
                                  19'782,    // 2024-02-29
                                  19'753,    // 2024-01-31
                                  20'543,    // 2026-03-31
                                  19'358,    // 2023-01-01
                                  -208'188,  // 1400-01-01
                                  -208'189,
                                  2'932'896,  // 9999-12-31
                                  2'932'897,
                                  std::numeric_limits<std::int32_t>::max(),
                                  std::numeric_limits<std::int32_t>::min(),
                                  11'016,    // 2000-02-29
                                  -25'509};  // 1900-02-28
const std::string_view kTexts[] = {
    "",   "a",      "ab",         "đảng viên", "chi bộ",  "2026-03-31", "\xff",
    "42", "-9e999", "2026-13-01", "true",      "'\"\\\n", "P1M",        "9223372036854775808"};
constexpr std::string_view kGrades[] = {"excellent", "good", "completed"};

}  // namespace

// What the columns point to.
struct RandomColumns::Memory {
  std::deque<std::vector<std::int64_t>> int64;
  std::deque<std::vector<std::int32_t>> int32;
  std::deque<std::vector<double>> real;
  std::deque<std::vector<std::uint64_t>> bits;
  std::deque<std::vector<std::uint8_t>> byte;
  std::deque<std::vector<std::uint16_t>> half;
  std::deque<std::vector<std::uint32_t>> word;
  std::deque<std::vector<std::string_view>> texts;
};

RandomColumns::RandomColumns(std::uint32_t seed)
    : random_(seed), memory_(std::make_shared<Memory>()) {
  std::vector<table::Code> codes;
  for (const std::string_view grade : kGrades) {
    codes.push_back({std::string(grade), std::string(grade), {}, {}});
  }
  grades_ = std::make_shared<table::CodeSet>("grade", std::move(codes));
  const expr::Type grade = expr::Type::enumeration(grades_);
  const std::vector<Member> plain = {{"i", Kind::kInt, true},
                                     {"j", Kind::kInt, true},
                                     {"d", Kind::kDate, true},
                                     {"e", Kind::kDate, true},
                                     {"b", Kind::kBool, true},
                                     {"c", Kind::kBool, true},
                                     {"s", Kind::kString, true},
                                     {"t", Kind::kString, true},
                                     {"g", grade, true},
                                     {"h", grade, true},
                                     {"x", Kind::kDouble, true},
                                     {"y", Kind::kDouble, true},
                                     {"ts", Kind::kTimestamp, true},
                                     {"du", Kind::kDuration, true},
                                     {"p", Kind::kPeriod, true}};
  const expr::Type duty = expr::record_type("duty", plain);
  auto of_member = plain;
  of_member.push_back({"duties", expr::Type::list(duty), true});
  of_member.push_back({"first", duty, true});
  const expr::Type member = expr::record_type("member", of_member);
  environment_.variables = plain;
  environment_.variables.push_back({"members", expr::Type::list(member), true});
  environment_.variables.push_back({"head", member, true});
  environment_.variables.push_back({"on", Kind::kDate, true});
  environment_.variables.push_back({"none", Kind::kInt, true});
  environment_.variables.push_back({"word", grade, true});
  const std::vector<time::Date> holidays = {*time::Date::from_ymd(2024, 1, 1)};
  environment_.calendar =
      std::make_shared<time::WorkingCalendar>(holidays, std::vector<time::Date>());
  fill(duties_, plain, kDuties);
  fill(members_, of_member, kMembers);
  fill(table_, environment_.variables, kRows);
  rows_ = std::make_unique<expr::TableRows>(table_, environment_.variables);
}

void RandomColumns::fill(ColumnTable& table, const std::vector<Member>& members, std::size_t size) {
  table.size = size;
  Memory& memory = *memory_;
  const auto valid = [&]() -> const std::uint64_t* {
    const std::size_t kind = below(3);
    if (kind == 0) return nullptr;
    auto& bits = memory.bits.emplace_back((size + 63) / 64);
    for (auto& word : bits) {
      for (int i = 0; i < 64; ++i) word |= std::uint64_t{below(kind == 1 ? 50 : 3) != 0} << i;
    }
    return bits.data();
  };
  const auto many = [&](auto& store, const auto& pick) {
    auto& values = store.emplace_back(size);
    for (auto& value : values) value = pick();
    return std::span<const typename std::decay_t<decltype(values)>::value_type>(values);
  };
  const auto day = [&] {
    return below(4) == 0 ? kDays[below(std::size(kDays))]
                         : static_cast<std::int32_t>(below(30'000)) - 5'000;
  };
  const auto part = [&] { return static_cast<std::int32_t>(below(40)) - 5; };
  const auto whole = [&] {
    return below(2) == 0 ? kWholes[below(std::size(kWholes))]
                         : static_cast<std::int64_t>(below(20));
  };
  for (const Member& member : members) {
    const std::string& name = member.name;
    ColumnView view;
    switch (member.type.kind) {
      case Kind::kInt:
        view = name == "none" ? ColumnView::one(expr::Value::error(expr::ErrorCode::kMissing))
                              : ColumnView::integers(many(memory.int64, whole), valid());
        break;
      case Kind::kDate:
        view = name == "on" ? ColumnView::one(expr::Value::date(*time::Date::from_ymd(2026, 2, 28)))
                            : ColumnView::dates(many(memory.int32, day), valid());
        break;
      case Kind::kBool: {
        auto& bits = memory.bits.emplace_back((size + 63) / 64);
        for (auto& word : bits) word = (std::uint64_t{random_()} << 32) | random_();
        view = ColumnView::booleans(bits.data(), size, valid());
        break;
      }
      case Kind::kString: {
        static const std::vector<std::string_view> kDictionary(std::begin(kTexts),
                                                               std::end(kTexts));
        view = name == "s"
                   ? ColumnView::texts(
                         many(memory.word,
                              [&] {
                                return static_cast<std::uint32_t>(below(kDictionary.size() + 1));
                              }),
                         kDictionary, valid())
                   : ColumnView::texts(
                         many(memory.texts, [&] { return kTexts[below(std::size(kTexts))]; }),
                         valid());
        break;
      }
      case Kind::kEnum: {
        const auto code = [&] { return static_cast<std::uint8_t>(below(8) == 0 ? 255 : below(3)); };
        view = name == "word" ? ColumnView::one(expr::Value::enumeration(1, kGrades[1]))
               : name == "g"  ? ColumnView::codes(many(memory.byte, code), valid())
               : below(2) == 0
                   ? ColumnView::codes(many(memory.half, code), valid())
                   : ColumnView::codes(many(memory.word, [&] { return std::uint32_t{code()}; }),
                                       valid());
        break;
      }
      case Kind::kDouble:
        view = ColumnView::reals(
            many(memory.real, [&] { return kReals[below(std::size(kReals))]; }), valid());
        break;
      case Kind::kTimestamp: {
        const auto seconds = many(memory.int64, [&] {
          return below(20) == 0 ? std::int64_t{1} << 60 : std::int64_t{day()} * 86'400;
        });
        view = ColumnView::timestamps(
            seconds, many(memory.int32, [&] { return static_cast<std::int32_t>(below(2)); }),
            valid());
        break;
      }
      case Kind::kDuration:
        view = ColumnView::durations(many(memory.int64, whole), valid());
        break;
      case Kind::kPeriod:
        view = ColumnView::periods(many(memory.int32, part), many(memory.int32, part), valid());
        break;
      default:
        view = below_of(member, size, valid());
    }
    table.columns.push_back(std::move(view));
  }
}

ColumnView RandomColumns::below_of(const Member& member, std::size_t size,
                                   const std::uint64_t* valid) {
  if (member.type.kind == Kind::kRecord) {
    const ColumnTable& of = member.name == "head" ? members_ : duties_;
    auto& rows = memory_->word.emplace_back(size);
    for (auto& row : rows) row = static_cast<std::uint32_t>(below(of.size + of.size / 20));
    return ColumnView::record(of, rows, valid);
  }
  // Consecutive ranges, empty ones among them; those of duties overlap and jump about.
  const bool is_members = member.name == "members";
  const ColumnTable& of = is_members ? members_ : duties_;
  auto& begin = memory_->word.emplace_back(size);
  auto& end = memory_->word.emplace_back(size);
  std::size_t at = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (!is_members) at = below(of.size);
    begin[i] = static_cast<std::uint32_t>(at);
    const std::size_t count = is_members ? below(below(60) == 0 ? 90 : 4) : below(5);
    at = std::min(of.size, at + count);
    end[i] = static_cast<std::uint32_t>(at);
  }
  return ColumnView::rows(of, begin, end, valid);
}

std::string RandomColumns::one_of(std::initializer_list<std::string> choices) {
  return *(choices.begin() + below(choices.size()));
}

Kind RandomColumns::any_kind() {
  constexpr Kind kKinds[] = {Kind::kInt,       Kind::kDate,     Kind::kBool,
                             Kind::kString,    Kind::kDouble,   Kind::kEnum,
                             Kind::kTimestamp, Kind::kDuration, Kind::kPeriod};
  return kKinds[below(std::size(kKinds))];
}

std::string RandomColumns::literal(Kind kind) {
  switch (kind) {
    case Kind::kInt: {
      const std::int64_t number = kWholes[below(std::size(kWholes))];
      return std::to_string(number);
    }
    case Kind::kDate:
      return one_of({"date('2024-02-29')", "date('2026-03-31')", "date('1400-01-01')",
                     "date('9999-12-31')", "date(2023, 1, 31)"});
    case Kind::kString:
      return one_of({"''", "'a'", "'ab'", "'đảng viên'", "'chi'", "'2026-03-31'", "'42'"});
    case Kind::kDouble:
      return one_of({"0.0", "1.5", "-2.25", "1e308"});
    case Kind::kTimestamp:
      return one_of({"timestamp('2024-02-29T00:00:00Z')", "timestamp(0)"});
    case Kind::kDuration:
      return one_of({"duration('1s')", "duration('-36h')"});
    case Kind::kPeriod:
      return one_of({"period('P1M')", "period('P1Y2M')", "period('P10D')", "period('-P1M')",
                     "period('P1M3D')"});
    default:
      return one_of({"true", "false"});
  }
}

std::string RandomColumns::leaf(Kind kind) {
  const bool has_literal = kind != Kind::kEnum;
  if (has_literal && below(3) == 0) return literal(kind);
  std::string name;
  const bool below_a_record = below(4) == 0 || (!records_.empty() && below(3) != 0);
  switch (kind) {
    case Kind::kInt:
      name = one_of({"i", "j"});
      if (!below_a_record && below(12) == 0) return "none";
      break;
    case Kind::kDate:
      name = one_of({"d", "e"});
      if (!below_a_record && below(4) == 0) return "on";
      break;
    case Kind::kBool:
      name = one_of({"b", "c"});
      break;
    case Kind::kString:
      name = one_of({"s", "t"});
      break;
    case Kind::kEnum:
      name = one_of({"g", "h"});
      if (!below_a_record && below(6) == 0) return "word";
      break;
    case Kind::kDouble:
      name = one_of({"x", "y"});
      break;
    case Kind::kTimestamp:
      return "ts";
    case Kind::kDuration:
      return "du";
    default:
      return "p";
  }
  if (!below_a_record) return name;
  if (!records_.empty()) return records_[below(records_.size())] + "." + name;
  return one_of({"head.", "head.first."}) + name;
}

std::string RandomColumns::quantifier(int depth, bool counts) {
  const bool nests = !records_.empty() && below(2) == 0 && records_.back().starts_with("m");
  const std::string range =
      nests ? records_.back() + ".duties" : one_of({"members", "head.duties", "members"});
  const std::string local = (range == "members" ? "m" : "q") + std::to_string(locals_++);
  records_.push_back(local);
  const std::string body = condition(depth - 1);
  records_.pop_back();
  --locals_;
  if (counts) {
    return one_of({"count(" + range + ", " + local + ", " + body + ")",
                   range + ".filter(" + local + ", " + body + ").size()", "size(" + range + ")"});
  }
  return range + one_of({".exists(", ".all(", ".exists_one("}) + local + ", " + body + ")";
}

std::string RandomColumns::fold(Kind kind, int depth) {
  std::string name = one_of({"min(", "max("});
  if (kind == Kind::kInt || kind == Kind::kDouble || kind == Kind::kDuration) {
    name = one_of({"sum(", name});
  }
  if (below(4) == 0 || records_.size() >= 2) {
    return name + "[" + made(kind, depth - 1) + ", " + made(kind, depth - 1) + "])";
  }
  const bool nests = !records_.empty() && below(2) == 0 && records_.back().starts_with("m");
  const std::string range =
      nests ? records_.back() + ".duties" : one_of({"members", "head.duties"});
  const std::string local = (range == "members" ? "m" : "q") + std::to_string(locals_++);
  records_.push_back(local);
  const std::string body = below(3) == 0 ? leaf(kind) : made(kind, depth - 1);
  records_.pop_back();
  --locals_;
  return name + range + ", " + local + ", " + body + ")";
}

std::string RandomColumns::whole(int depth) {
  if (below(8) == 0) return fold(Kind::kInt, depth);
  switch (below(13)) {
    case 0:
    case 1:
    case 2: {
      const std::string a = made(Kind::kInt, depth - 1);
      const std::string b = made(Kind::kInt, depth - 1);
      return "(" + a + one_of({" + ", " - ", " * ", " / ", " % "}) + b + ")";
    }
    case 3:
      return "-(" + made(Kind::kInt, depth - 1) + ")";
    case 4:
      return day(depth - 1) + one_of({".year()", ".month()", ".day()"});
    case 5: {
      const std::string since = day(depth - 1);
      return day(depth - 1) + one_of({".daysSince(", ".monthsSince(", ".yearsSince("}) + since +
             ")";
    }
    case 6:
      return "size(" + made(Kind::kString, depth - 1) + ")";
    case 7:
      return "int(" + made(one_of({"a", "b"}) == "a" ? Kind::kString : Kind::kDouble, depth - 1) +
             ")";
    case 8:
      return "[3, 5, 8][" + made(Kind::kInt, depth - 1) + "]";
    case 9:
      return "{'a': 1, 'ab': -7}[" + made(Kind::kString, depth - 1) + "]";
    case 10:
      return made(Kind::kTimestamp, depth - 1) + one_of({".getFullYear()", ".getHours()"});
    default:
      return records_.size() < 2 ? quantifier(depth, true) : leaf(Kind::kInt);
  }
}

std::string RandomColumns::day(int depth) {
  if (depth <= 0 || below(3) == 0) return leaf(Kind::kDate);
  if (below(8) == 0) return fold(Kind::kDate, depth);
  switch (below(5)) {
    case 0:
      return "date(" + made(Kind::kString, depth - 1) + ")";
    case 1:
      return day(depth - 1) + ".plus(" + made(Kind::kPeriod, depth - 1) + ")";
    case 2:
      return "d.plusWorkingDays(i % 40)";
    default: {
      const std::string period = below(3) == 0 ? made(Kind::kPeriod, 0) : literal(Kind::kPeriod);
      return day(depth - 1) + ".plus(" + period +
             one_of({", 'clamp')", ", 'spill')", ", 'strict')", ", 'snap-to-end')", ", s)"});
    }
  }
}

std::string RandomColumns::text(int depth) {
  if (below(3) == 0) {
    return "(" + made(Kind::kString, depth - 1) + " + " + made(Kind::kString, depth - 1) + ")";
  }
  return "string(" + made(any_kind(), depth - 1) + ")";
}

std::string RandomColumns::condition(int depth) {
  if (depth <= 0) return leaf(Kind::kBool);
  switch (below(14)) {
    case 0:
    case 1: {
      std::string out = condition(depth - 1);
      const std::string with = one_of({" && ", " || "});
      const std::size_t more = 1 + below(3);
      for (std::size_t i = 0; i < more; ++i) out += with + condition(depth - 1);
      return "(" + out + ")";
    }
    case 2:
      return "!(" + condition(depth - 1) + ")";
    case 3:
    case 4: {
      const Kind kind = any_kind();
      if (kind == Kind::kEnum) {
        return leaf(kind) +
               one_of({" == 'good'", " != 'excellent'", " == g", " in ['good', 'completed']"});
      }
      const std::string a = made(kind, depth - 1);
      return "(" + a + one_of({" == ", " != ", " < ", " <= ", " > ", " >= "}) +
             made(kind, depth - 1) + ")";
    }
    case 5:
      return "(" + made(Kind::kInt, depth - 1) + " in " +
             one_of({"[1, 2, 3]", "[i, 7]", "[" + made(Kind::kInt, depth - 1) + "]", "{1: 2}"}) +
             ")";
    case 6:
      return "(" + made(Kind::kString, depth - 1) + " in ['a', 'chi bộ', '']" + ")";
    case 7:
      return made(Kind::kString, depth - 1) + one_of({".contains(", ".startsWith(", ".endsWith("}) +
             made(Kind::kString, depth - 1) + ")";
    case 8:
      return one_of({"(i == null)", "(g != null)", "(members == null)", "has(head.i)",
                     "has(head.first.g)", "has(head.duties)", "(head.first.d == null)"});
    case 9:
      return "(t in [s, 'a'] || " + condition(depth - 1) + ")";
    case 10:
      return expr::has_patterns() ? made(Kind::kString, depth - 1) + ".matches('^[a-z]+$')"
                                  : condition(depth - 1);
    case 11:
      return "d.isWorkingDay()";
    default:
      return records_.size() < 2 ? quantifier(depth, false) : condition(depth - 1);
  }
}

std::string RandomColumns::made(Kind kind, int depth) {
  if (depth <= 0) return leaf(kind);
  const bool is_measured =
      kind == Kind::kDouble || kind == Kind::kDuration || kind == Kind::kTimestamp;
  if (is_measured && below(5) == 0) return fold(kind, depth);
  if (kind != Kind::kEnum && below(6) == 0) {
    return "(" + condition(depth - 1) + " ? " + made(kind, depth - 1) + " : " +
           made(kind, depth - 1) + ")";
  }
  switch (kind) {
    case Kind::kBool:
      return condition(depth);
    case Kind::kInt:
      return whole(depth);
    case Kind::kString:
      return below(2) == 0 ? leaf(kind) : text(depth);
    case Kind::kDate:
      return day(depth);
    case Kind::kDouble:
      return "(" + made(kind, depth - 1) + one_of({" + ", " - ", " * ", " / "}) +
             made(kind, depth - 1) + ")";
    case Kind::kDuration:
      return "(" + made(kind, depth - 1) + " + " + made(kind, depth - 1) + ")";
    case Kind::kTimestamp:
      return "(" + made(kind, depth - 1) + " - " + made(Kind::kDuration, depth - 1) + ")";
    case Kind::kPeriod:
      return literal(kind);
    default:
      return leaf(kind);
  }
}

std::string RandomColumns::expression() {
  locals_ = 0;
  return made(below(3) == 0 ? any_kind() : Kind::kBool, 1 + static_cast<int>(below(4)));
}

}  // namespace dangbo::test
