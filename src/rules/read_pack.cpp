#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "dangbo/load/yaml_reader.hpp"
#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Message;
using base::ProblemCode;
using load::detail::YamlNode;
using Kind = YamlNode::Kind;

constexpr load::detail::YamlLimits kLimits = {
    .code = ProblemCode::kBadPack, .keys = 2'000, .nodes = 500'000};
constexpr std::string_view kFormat = "dangbo.pack/1";
constexpr std::int64_t kMaxRank = 1000;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "2026-07-26" and no other form.
std::optional<time::Date> iso_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole_number(text.substr(0, 4));
  const auto month = whole_number(text.substr(5, 2));
  const auto day = whole_number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  return time::Date::from_ymd(static_cast<int>(*year), static_cast<int>(*month),
                              static_cast<int>(*day));
}

class PackReader : private load::detail::YamlReader {
 public:
  explicit PackReader(base::ProblemList& problems) : YamlReader(ProblemCode::kBadPack, problems) {}

  Pack read(const YamlNode& root) {
    if (!is_map(root, {"format", "id", "version", "instruments", "parameters"})) return {};
    const YamlNode* format = needed(root, "format");
    if (format != nullptr && format->text != kFormat) {
      refuse(*format, format->text, {"không phải dạng gói này đọc được", "not a known format"},
             {"viết “dangbo.pack/1”", "write “dangbo.pack/1”"});
    }
    pack_.id = word(root, "id");
    pack_.version = word(root, "version");
    if (const YamlNode* all = map_of(root, "instruments")) {
      for (std::size_t i = 0; i < all->keys.size(); ++i) instrument(all->keys[i], all->items[i]);
    }
    if (const YamlNode* all = map_of(root, "parameters")) {
      for (std::size_t i = 0; i < all->keys.size(); ++i) parameter(all->keys[i], all->items[i]);
    }
    return std::move(pack_);
  }

 private:
  // The map under a needed key; its own keys are names chosen by the author.
  const YamlNode* map_of(const YamlNode& map, std::string_view key) {
    const YamlNode* node = needed(map, key);
    if (node == nullptr || node->kind == Kind::kMap) return node;
    refuse(*node, node->text, {"chỗ này phải có các khoá", "this must have keys"},
           {"viết “tên: …” mỗi dòng", "write “name: …”, one a line"});
    return nullptr;
  }

  std::string word(const YamlNode& map, std::string_view key) {
    const YamlNode* node = needed(map, key);
    if (node == nullptr) return {};
    if (node->kind != Kind::kScalar || node->text.empty()) {
      refuse(*node, node->text, {"chỗ này phải là chữ", "this must be a text"},
             {"viết một giá trị", "write one value"});
    }
    return node->text;
  }

  std::int64_t number(const YamlNode& map, std::string_view key, std::int64_t least,
                      std::int64_t most) {
    const YamlNode* node = needed(map, key);
    if (node == nullptr) return least;
    const auto got = whole_number(node->text);
    if (got && *got >= least && *got <= most) return *got;
    const std::string range = std::to_string(least) + " … " + std::to_string(most);
    refuse(
        *node, node->text,
        {"không phải số nguyên trong khoảng cho phép", "not a whole number in the range allowed"},
        {"khoảng: " + range, "the range: " + range});
    return least;
  }

  std::optional<time::Date> day(const YamlNode& node) {
    const auto got = node.kind == Kind::kScalar ? iso_day(node.text) : std::nullopt;
    if (!got) {
      refuse(node, node.text, {"không phải một ngày", "not a day"},
             {"viết dạng “2026-07-26”", "write it as “2026-07-26”"});
    }
    return got;
  }

  time::DateRange range(std::optional<time::Date> from, const YamlNode* until) {
    const auto end = until == nullptr ? std::nullopt : day(*until);
    const time::DateRange days(from, end);
    if (end && days.empty()) {
      refuse(*until, until->text, {"kết thúc không sau bắt đầu", "it ends before it begins"},
             {"“until” là ngày đầu tiên không còn hiệu lực",
              "“until” is the first day no longer in force"});
    }
    return days;
  }

  void instrument(const YamlNode& name, const YamlNode& node) {
    if (!is_map(node, {"rank", "title", "number", "in_force"})) return;
    Instrument out;
    out.id = name.text;
    out.rank = number(node, "rank", 1, kMaxRank);
    if (const YamlNode* title = needed(node, "title"); title && is_map(*title, {"vi", "en"})) {
      out.title = {word(*title, "vi"), word(*title, "en")};
    }
    if (node.find("number") != nullptr) out.number = word(node, "number");
    if (const YamlNode* days = needed(node, "in_force"); days && is_map(*days, {"from", "until"})) {
      const YamlNode* from = needed(*days, "from");
      out.in_force = range(from ? day(*from) : std::nullopt, days->find("until"));
    }
    pack_.instruments.push_back(std::move(out));
  }

  void parameter(const YamlNode& name, const YamlNode& node) {
    if (!is_map(node, {"type", "unit", "bounds", "values"})) return;
    Parameter out;
    out.id = name.text;
    if (node.find("unit") != nullptr) out.unit = word(node, "unit");
    type(node, out);
    const YamlNode* values = map_of(node, "values");
    if (values == nullptr) return;
    starts_.clear();
    for (std::size_t i = 0; i < values->keys.size(); ++i) {
      value(values->keys[i], values->items[i], out);
    }
    if (values->keys.empty()) {
      refuse(*values, "", {"tham số không có giá trị", "a parameter without a value"},
             {"thêm giá trị theo ngày", "add a value by its first day"});
    }
    inside_the_law(out);
    pack_.parameters.push_back(std::move(out));
  }

  // A value may not outlive the text it cites.
  void inside_the_law(const Parameter& parameter) {
    for (std::size_t i = 0; i < parameter.values.size(); ++i) {
      const ParameterValue& value = parameter.values[i];
      for (const Citation& citation : value.citations) {
        const Instrument& text = pack_.instruments[citation.instrument];
        if (value.days.until_day() <= text.in_force.until_day()) continue;
        const std::string end = text.in_force.until()->to_string();
        refuse(*starts_[i], text.id,
               {"văn bản hết hiệu lực từ " + end + ", giá trị thì chưa",
                "the instrument ends on " + end + ", the value does not"},
               {"thêm “until”, hoặc giá trị mới theo văn bản thay thế",
                "add “until”, or a value by the text that replaces it"});
      }
    }
  }

  // "int", with bounds, or "enum(a, b)", without.
  void type(const YamlNode& node, Parameter& out) {
    const YamlNode* at = needed(node, "type");
    if (at == nullptr) return;
    const YamlNode* bounds = node.find("bounds");
    if (at->text == "int") {
      constexpr auto kLow = std::numeric_limits<std::int64_t>::min();
      constexpr auto kHigh = std::numeric_limits<std::int64_t>::max();
      bounds = needed(node, "bounds");
      if (bounds == nullptr || !is_map(*bounds, {"min", "max"})) return;
      out.least = number(*bounds, "min", kLow, kHigh);
      out.most = number(*bounds, "max", out.least, kHigh);
      return;
    }
    std::string_view list = at->text;
    if (list.starts_with("enum(") && list.ends_with(")") && bounds == nullptr) {
      list = list.substr(5, list.size() - 6);
      while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (!one.empty()) out.words.emplace_back(one);
        list.remove_prefix(std::min(comma + 1, list.size()));
      }
    }
    if (out.words.empty()) {
      refuse(*at, at->text, {"không có kiểu này", "unknown type"},
             {"viết “int” với “bounds”, hoặc “enum(a, b)” không có “bounds”",
              "write “int” with “bounds”, or “enum(a, b)” without"});
    }
  }

  void value(const YamlNode& first, const YamlNode& node, Parameter& to) {
    if (!is_map(node, {"value", "until", "cite", "evidence", "reviewed"})) return;
    ParameterValue out;
    const auto from = day(first);
    out.days = range(from, node.find("until"));
    if (to.words.empty()) {
      out.number = number(node, "value", to.least, to.most);
    } else {
      out.word = word(node, "value");
      if (std::find(to.words.begin(), to.words.end(), out.word) == to.words.end()) {
        refuse(node, out.word, {"không phải giá trị của kiểu", "not a value of the type"},
               {"dùng một giá trị trong “enum(…)”", "use one of those in “enum(…)”"});
      }
    }
    evidence(node, out);
    if (const YamlNode* at = node.find("reviewed")) out.reviewed = day(*at);
    if (from) citations(node, *from, out);
    if (from) append(first, *from, to, std::move(out));
  }

  void evidence(const YamlNode& node, ParameterValue& out) {
    const YamlNode* at = needed(node, "evidence");
    if (at == nullptr) return;
    for (const Evidence one :
         {Evidence::kA, Evidence::kB, Evidence::kC, Evidence::kMHigh, Evidence::kMMed}) {
      if (at->text != text_of(one)) continue;
      out.evidence = one;
      return;
    }
    refuse(*at, at->text, {"không có mức chứng cứ này", "unknown grade of evidence"},
           {"dùng A, B, C, M-high hoặc M-med", "use A, B, C, M-high or M-med"});
  }

  void citations(const YamlNode& node, time::Date from, ParameterValue& out) {
    const YamlNode* list = needed(node, "cite");
    if (list == nullptr || !is_list(*list)) return;
    if (list->items.empty()) {
      refuse(*list, "", {"giá trị không có trích dẫn", "a value without a citation"},
             {"thêm “văn-bản/điều/khoản”", "add “instrument/article/clause”"});
    }
    for (const YamlNode& item : list->items) {
      const std::size_t slash = std::min(item.text.find('/'), item.text.size());
      const std::string id = item.text.substr(0, slash);
      const auto found = std::find_if(pack_.instruments.begin(), pack_.instruments.end(),
                                      [&](const Instrument& one) { return one.id == id; });
      if (found == pack_.instruments.end() || slash + 1 >= item.text.size()) {
        refuse(item, item.text,
               {"trích dẫn không chỉ tới văn bản nào và điều nào",
                "it names no instrument of the pack and article of it"},
               {"viết “văn-bản/điều/khoản”", "write “instrument/article/clause”"});
      } else if (!found->in_force.contains(from)) {
        refuse(item, item.text,
               {"văn bản không có hiệu lực vào " + from.to_string(),
                "the instrument is not in force on " + from.to_string()},
               {"trích văn bản có hiệu lực ngày đó", "cite the text in force on that day"});
      } else {
        out.citations.push_back({static_cast<std::size_t>(found - pack_.instruments.begin()),
                                 item.text.substr(slash + 1)});
      }
    }
  }

  // Values stand in the order of their days; one without `until` lasts until the next begins.
  void append(const YamlNode& first, time::Date from, Parameter& to, ParameterValue out) {
    if (!to.values.empty()) {
      time::DateRange& before = to.values.back().days;
      if (before.from_day() >= from.days() || (before.until() && before.contains(from))) {
        refuse(first, first.text, {"chồng lên giá trị trước", "it overlaps the value before"},
               {"xếp theo ngày, mỗi ngày một giá trị", "order by day, one value a day"});
        return;
      }
      if (!before.until()) before = time::DateRange(before.from(), from);
    }
    to.values.push_back(std::move(out));
    starts_.push_back(&first);
  }

  Pack pack_;
  std::vector<const YamlNode*> starts_;  // of the parameter at hand: where each value begins
};

absl::Status refused(const base::ProblemList& found, std::string_view source) {
  base::ProblemList named;
  for (base::Problem problem : found.kept()) {
    problem.place.file = source;
    named.add(std::move(problem));
  }
  named.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, named);
}

}  // namespace

absl::StatusOr<Pack> read_pack(std::span<const PackText> layers,
                               std::vector<party::SchemaPtr> /*host_tables*/) {
  const auto [text, source] = layers.front();
  base::ProblemList problems;
  if (text.size() > kMaxPackBytes) {
    problems.add(load::detail::size_problem(ProblemCode::kBadPack, kMaxPackBytes, ""));
    return refused(problems, source);
  }
  if (auto bad = load::detail::utf8_problem(text, "")) {
    problems.add(*std::move(bad));
    return refused(problems, source);
  }
  const auto root = load::detail::parse_yaml(std::string(text), kLimits, problems);
  Pack pack;
  if (root) pack = PackReader(problems).read(*root);
  if (!problems.empty()) return refused(problems, source);
  return pack;
}

absl::StatusOr<Pack> read_pack(std::string_view text, std::string_view source) {
  const PackText one{text, source};
  return read_pack({&one, 1});
}

}  // namespace dangbo::inline v1::rules
