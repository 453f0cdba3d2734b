// From JSON text to a Document: form only, every mistake of the form listed.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "dangbo/base/text.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/time/period.hpp"
#include "rollup/document.hpp"
#include "rollup/json_form.hpp"
#include "rollup/parse_form.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using Json = Form::Json;

constexpr std::size_t kMaxKeys = 64;  // columns in "by", words of a list are not limited by it

constexpr std::array<std::string_view, 22> kKeys = {
    "query",    "of",        "sum",    "min",      "max",    "mean", "on",    "compare",
    "known_at", "structure", "period", "dated_by", "unit",   "each", "scope", "by",
    "where",    "having",    "share",  "top",      "bottom", "rows"};
constexpr std::array<std::string_view, 6> kHavingKeys = {"of",    "period", "dated_by",
                                                         "scope", "where",  "at_least"};
constexpr std::array<std::string_view, 7> kShareKeys = {"of",    "sum",   "period", "dated_by",
                                                        "scope", "where", "having"};
constexpr std::array<std::string_view, 6> kShares = {"stock",  "full", "total",
                                                     "graded", "good", "units"};

template <std::size_t N>
std::vector<std::string_view> list_of(const std::array<std::string_view, N>& names) {
  std::vector<std::string_view> list;
  for (const std::string_view name : names) {
    if (!name.empty()) list.push_back(name);
  }
  return list;
}

class Parser : private Form {
 public:
  explicit Parser(ProblemList& problems) : Form(problems) {}

  void document(const Json& root, Query::Document& out) {
    if (!root.is_object()) {
      add("", shown(root), {"truy vấn phải là một đối tượng JSON", "a query is a JSON object"},
          {"viết {\"query\":1,\"of\":\"members\"}", "write {\"query\":1,\"of\":\"members\"}"});
      return;
    }
    known_keys(root, "", list_of(kKeys));
    version(root);
    ask(root, "", out.ask);
    if (const Json* value = find(root, "on")) on(*value, out);
    out.compare = day(root, "compare");
    out.structure = day(root, "structure");
    out.known_at = known_at(root);
    if (const Json* value = find(root, "unit")) out.unit = text(*value, "/unit");
    if (const Json* value = find(root, "each")) out.each = each(*value);
    if (const Json* value = find(root, "by")) out.by = groups(*value, "/by");
    if (const Json* value = find(root, "having")) having(*value, "/having", out.ask);
    if (const Json* value = find(root, "share")) out.share = share(*value);
    out.best = best(root);
    if (const Json* value = find(root, "rows")) out.rows = cell(*value);
    together(root, out);
    if (out.structure) restated(out);
    if (out.ask.of == kMovements) movements(root, out);
    if (out.ask.scope == Scope::kOwn && !out.unit && !out.each) {
      add("/scope", "own",
          {"cả rừng tổ chức không có dòng riêng", "the whole forest has no rows of its own"},
          {"cho thêm \"unit\" hoặc \"each\"", "give \"unit\" or \"each\" as well"});
    }
  }

 private:
  void version(const Json& root) {
    const Json* value = find(root, "query");
    if (value != nullptr && value->is_number_integer() && *value == 1) return;
    add("/query", value == nullptr ? "" : shown(*value),
        {"thiếu hoặc không biết phiên bản truy vấn", "the version is missing or unknown"},
        {"ghi \"query\": 1", "write \"query\": 1"});
  }

  std::vector<GroupBy> groups(const Json& value, const std::string& at) {
    std::vector<GroupBy> out;
    if (!value.is_array() || value.size() > kMaxKeys) {
      expected(value, at, "một danh sách ngắn tên cột", "a short list of columns");
      return out;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string here = at + "/" + std::to_string(i);
      GroupBy made = group(value[i], here);
      const bool is_again = std::any_of(out.begin(), out.end(), [&](const GroupBy& other) {
        return !made.name.empty() && other.name == made.name;
      });
      if (is_again) {
        add(here, made.name, {"cột này đã có", "this column is there already"},
            {"bỏ một", "drop one of them"});
      }
      out.push_back(std::move(made));
    }
    return out;
  }

  // Only members have a home of their own to follow where a unit became several.
  void restated(const Query::Document& document) {
    const base::Message fix = {"bỏ \"structure\", hoặc đếm \"members\"",
                               "drop \"structure\", or count \"members\""};
    if (document.ask.of != "members") {
      add("/structure", document.structure->to_string(),
          {"chỉ xếp lại được đảng viên theo cơ cấu của ngày khác",
           "only members can be shown under the structure of another day"},
          fix);
    }
    if (!document.share) return;
    const Share& share = *document.share;
    const bool counts_members =
        share.query != nullptr ? share.query->of == "members" : share.name != "units";
    if (counts_members) return;
    add(share.query != nullptr ? "/share/of" : "/share",
        share.query != nullptr ? share.query->of : share.name,
        {"mẫu số phải là đảng viên khi có \"structure\"",
         "with \"structure\" the base counts members"},
        fix);
  }

  // A balance has a period of whole days with both ends, and is about its last day.
  void movements(const Json& root, Query::Document& out) {
    for (const char* key : {"sum", "min", "max", "mean", "by", "where", "having", "share", "top",
                            "bottom", "rows", "compare"}) {
      const Json* value = find(root, key);
      if (value == nullptr) continue;
      add(std::string("/") + key, shown(*value),
          {"bảng tăng giảm có sẵn các cột của nó, không dùng khoá này",
           "a movement balance has columns of its own and takes no such key"},
          {"bỏ khoá này", "drop this key"});
    }
    if (!find_days(root, out)) return;
    const time::Date last = last_day_of(out);
    if (!out.on) out.on = last;
    if (*out.on == last) return;
    add("/on", out.on->to_string(),
        {"ngày của bảng tăng giảm là ngày cuối kỳ, " + last.to_string(),
         "a movement balance is of the last day of its period, " + last.to_string()},
        {"bỏ \"on\"", "drop \"on\""});
  }

  bool find_days(const Json& root, Query::Document& out) {
    if (!out.ask.period) {
      if (find(root, "period") == nullptr) {
        add("/period", "", {"thiếu kỳ của bảng tăng giảm", "the period of the balance is missing"},
            {"ghi \"period\": \"2025\"", "write \"period\": \"2025\""});
      }
      return false;
    }
    Period& period = *out.ask.period;
    if (!period.text.empty()) {
      const auto days = time::period_days(period.text);
      if (days) {
        period.range = *days;
        return true;
      }
      add("/period", period.text, {"không đọc được kỳ này", "this period cannot be read"},
          {"ghi như 2025, 2025-03, 2025Q1, 2015-2020",
           "write it like 2025, 2025-03, 2025Q1, 2015-2020"});
      return false;
    }
    const bool has_both = period.range.from() && period.range.until();
    const Json& written = *find(root, "period");
    const bool is_half = !written.contains("from") || !written.contains("until");
    if (!has_both && is_half) {
      add("/period", shown(written),
          {"kỳ của bảng tăng giảm có ngày đầu và ngày cuối",
           "the period of a balance has a first and a last day"},
          {"ghi cả \"from\" và \"until\"", "write both \"from\" and \"until\""});
    }
    return has_both && !period.range.empty();
  }

  std::optional<std::uint32_t> known_at(const Json& root) {
    const Json* value = find(root, "known_at");
    return value == nullptr ? std::nullopt : whole(*value, "/known_at");
  }

  void ask(const Json& object, const std::string& at, Ask& out) {
    out.at = at;
    if (const Json* value = find(object, "of")) {
      out.of = text(*value, at + "/of");
    } else {
      add(at + "/of", "", {"thiếu \"of\": đếm cái gì", "\"of\" is missing: what is counted"},
          {"ví dụ \"of\": \"members\"", "for example \"of\": \"members\""});
    }
    if (out.of == kMovements && !at.empty()) {
      add(at + "/of", out.of,
          {"bảng tăng giảm là một kết quả riêng, không đếm được ở đây",
           "a movement balance is a result of its own and cannot be counted here"},
          {"dùng bảng khác", "use another table"});
    }
    measure(object, at, out);
    if (!out.sum.empty() && out.of == "persons") {
      add(at + "/" + name_of(out.measure), out.sum,
          {"một người có thể có nhiều dòng nên không cộng được",
           "a person may have several rows: there is nothing to sum"},
          {"dùng \"of\": \"members\"", "use \"of\": \"members\""});
    }
    if (const Json* value = find(object, "period")) out.period = period(*value, at + "/period");
    if (const Json* value = find(object, "dated_by")) {
      const std::string word = choice(*value, at + "/dated_by", {"ceremony", "decision"});
      if (word == "decision") out.dated_by = DatedBy::kDecision;
      if (out.of != "admissions") {
        add(at + "/dated_by", shown(*value),
            {"chỉ dùng khi đếm kết nạp", "only admissions have a choice of day"},
            {"bỏ đi, hoặc dùng \"of\": \"admissions\"", "drop it, or use \"of\": \"admissions\""});
      }
    }
    if (const Json* value = find(object, "scope")) {
      if (choice(*value, at + "/scope", {"below", "own"}) == "own") out.scope = Scope::kOwn;
    }
    if (const Json* value = find(object, "where")) where(*value, at + "/where", out);
  }

  void where(const Json& object, const std::string& at, Ask& out) {
    if (object.is_string()) {
      out.condition = text(object, at);
      return;
    }
    if (!object.is_object()) {
      expected(object, at, "một đối tượng cột: giá trị, hoặc một biểu thức",
               "an object of column: value, or an expression");
      return;
    }
    for (const auto& [column, value] : object.items()) {
      Condition made;
      made.column = base::to_nfc(column);
      made.at = at + step(column);
      if (value.is_object()) {
        special(value, made);
      } else {
        values(value, made.at, made);
      }
      out.where.push_back(std::move(made));
    }
  }

  // At most one of them.
  void measure(const Json& object, const std::string& at, Ask& out) {
    for (const Measure one : {Measure::kSum, Measure::kMin, Measure::kMax, Measure::kMean}) {
      const Json* value = find(object, name_of(one));
      if (value == nullptr) continue;
      const std::string here = at + "/" + name_of(one);
      if (!out.sum.empty()) {
        add(here, shown(*value), {"chỉ tính một đại lượng", "one figure is computed at a time"},
            {"bỏ một", "drop one of them"});
      }
      out.measure = one;
      out.sum = text(*value, here);
    }
  }

  // What cannot be asked at the same time.
  void together(const Json& root, const Query::Document& document) {
    const auto refuse = [&](const char* key, base::Message reason, base::Message fix) {
      add(std::string("/") + key, shown(*find(root, key)), std::move(reason), std::move(fix));
    };
    const Measure measure = document.ask.measure;
    if (document.share && measure != Measure::kCount && measure != Measure::kSum) {
      refuse("share", {"chỉ tính tỷ lệ của số đếm hoặc tổng", "only counts and sums have a share"},
             {"bỏ \"share\"", "drop \"share\""});
    }
    if (document.compare) {
      if (document.ask.of != "members" || measure != Measure::kCount || document.share ||
          document.structure || !document.days.empty() || document.best) {
        refuse(
            "compare",
            {"so hai ngày chỉ với số đảng viên, không kèm tỷ lệ, cơ cấu khác, top hay nhiều ngày",
             "two days are compared by counts of members, without share, structure, top or several "
             "days"},
            {"bỏ khoá này hoặc các khoá kia", "drop this key or the others"});
      } else if (document.on && *document.compare >= *document.on) {
        refuse(
            "compare",
            {"ngày so sánh phải trước ngày hỏi", "the day compared with is before the day asked"},
            {"đổi hai ngày cho nhau", "swap the days"});
      }
    }
    if (document.best && document.best->by == "percent" && !document.share) {
      refuse(document.best->top ? "top" : "bottom",
             {"không có tỷ lệ để xếp theo", "there is no share to order by"},
             {"thêm \"share\"", "add \"share\""});
    }
    if (document.rows && (document.compare || !document.days.empty() || document.best ||
                          document.share || document.structure || document.ask.having)) {
      refuse("rows",
             {"dòng của một ô: không kèm compare, nhiều ngày, top, share, structure, having",
              "rows of one cell take no compare, several days, top, share, structure or having"},
             {"bỏ các khoá ấy", "drop those keys"});
    }
  }

  std::optional<Each> each(const Json& value) {
    Each made;
    if (!value.is_object()) {
      const std::string word = choice(value, "/each", {"children", "all"});
      if (word == "all") made.kind = EachKind::kAll;
      return made;
    }
    if (value.size() != 1) {
      expected(value, "/each", "đúng một trong level, class, kind",
               "exactly one of level, class, kind");
      return made;
    }
    known_keys(value, "/each", {"level", "class", "kind"});
    const std::string key = value.begin().key();
    const Json& what = *value.begin();
    const std::string at = "/each" + step(key);
    if (key == "level") {
      made.kind = EachKind::kLevel;
      made.level = whole(what, at).value_or(0);
    } else if (key == "class" || key == "kind") {
      made.kind = key == "class" ? EachKind::kClass : EachKind::kKind;
      if (what.is_array() && !what.empty()) {
        for (std::size_t i = 0; i < what.size(); ++i) {
          made.words.push_back(text(what[i], at + "/" + std::to_string(i)));
        }
      } else {
        made.words.push_back(text(what, at));
      }
    }
    return made;
  }

  void having(const Json& value, const std::string& at, Ask& owner) {
    if (owner.of != "units") {
      add(at, "", {"chỉ dùng khi đếm đơn vị", "only a count of units can have it"},
          {"dùng \"of\": \"units\"", "use \"of\": \"units\""});
    }
    if (!value.is_object()) {
      expected(value, at, "một đối tượng", "an object");
      return;
    }
    known_keys(value, at, list_of(kHavingKeys));
    auto made = std::make_shared<Having>();
    ask(value, at, made->ask);
    if (const Json* least = find(value, "at_least")) {
      if (least->is_number_integer() && *least >= 1 &&
          *least <= std::numeric_limits<std::int64_t>::max()) {
        made->at_least = least->get<std::int64_t>();
      } else {
        expected(*least, at + "/at_least", "số nguyên từ 1", "a whole number from 1");
      }
    }
    owner.having = std::move(made);
  }

  std::optional<Share> share(const Json& value) {
    Share made;
    if (!value.is_object()) {
      made.name = choice(value, "/share", list_of(kShares));
      return made;
    }
    known_keys(value, "/share", list_of(kShareKeys));
    auto query = std::make_shared<Ask>();
    ask(value, "/share", *query);
    if (const Json* inner = find(value, "having")) having(*inner, "/share/having", *query);
    made.query = std::move(query);
    return made;
  }
};

}  // namespace

// In canonical.cpp.
std::string canonical_form(const Query::Document& document);

absl::StatusOr<Query> Query::parse(std::string_view json) {
  ProblemList problems;
  const auto root = read_json(json, problems);
  if (!root) return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  auto document = std::make_shared<Document>();
  Parser(problems).document(*root, *document);
  if (!problems.empty()) {
    problems.sort();
    return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
  }
  document->canonical = canonical_form(*document);
  return Query(std::move(document));
}

Query Query::about(time::Date day) const {
  auto document = std::make_shared<Document>(*document_);
  document->on = day;
  document->days.clear();
  document->months.reset();
  document->known_at.reset();
  document->canonical = canonical_form(*document);
  return Query(std::move(document));
}

const std::string& Query::to_json() const noexcept {
  return document_->canonical;
}

std::optional<time::Date> Query::on() const noexcept {
  return document_->days.empty() ? document_->on : std::optional(document_->days.back());
}

}  // namespace dangbo::inline v1::rollup
