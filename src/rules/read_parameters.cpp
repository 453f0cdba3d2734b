// Instruments and parameters of one layer.
#include <algorithm>
#include <limits>
#include <utility>

#include "rules/read_value.hpp"

namespace dangbo::inline v1::rules {

namespace {

constexpr std::int64_t kMaxRank = 1000;

class InstrumentReader : private PartReader {
 public:
  using PartReader::PartReader;

  void read(const YamlNode& root) {
    const YamlNode* const all = map_at(root, "instruments", layer_ == 0);
    for (std::size_t i = 0; all != nullptr && i < all->keys.size(); ++i) {
      instrument(all->keys[i], all->items[i]);
    }
  }

 private:
  void instrument(const YamlNode& name, const YamlNode& node) {
    std::vector<Instrument>& known = reading_.pack.instruments;
    const bool is_taken = std::any_of(known.begin(), known.end(),
                                      [&](const auto& one) { return one.id == name.text; });
    if (!is_new_name(name, is_taken, "-.") ||
        !is_map(node, {"rank", "title", "number", "in_force"})) {
      return;
    }
    Instrument out;
    out.id = name.text;
    out.layer = layer_;
    out.rank = number(node, "rank", 1, kMaxRank);
    if (const YamlNode* title = needed(node, "title")) out.title = message(*title);
    if (node.find("number") != nullptr) out.number = word(node, "number");
    if (const YamlNode* days = needed(node, "in_force"); days && is_map(*days, {"from", "until"})) {
      const YamlNode* const from = needed(*days, "from");
      out.in_force = range(from ? day(*from) : std::nullopt, days->find("until"));
    }
    known.push_back(std::move(out));
  }
};

class ParameterReader : private ValueReader {
 public:
  using ValueReader::ValueReader;

  void read(const YamlNode& root) {
    const YamlNode* const all = map_at(root, "parameters", false);
    for (std::size_t i = 0; all != nullptr && i < all->keys.size(); ++i) {
      parameter(all->keys[i], all->items[i]);
    }
  }

 private:
  void parameter(const YamlNode& name, const YamlNode& node) {
    if (!is_new_name(name, reading_.pack.parameter(name.text) != nullptr, "") ||
        !is_map(node, {"type", "unit", "title", "bounds", "override", "values"})) {
      return;
    }
    Parameter out;
    out.id = name.text;
    out.place = place_of(name);
    if (node.find("unit") != nullptr) out.unit = word(node, "unit");
    if (const YamlNode* title = node.find("title")) out.title = message(*title);
    if (!type(node, out)) return;
    if (const YamlNode* open = node.find("override")) override_of(*open, out);
    if (const YamlNode* all = needed(node, "values")) values(*all, out, out.values);
    reading_.pack.parameters.push_back(std::move(out));
  }

  void override_of(const YamlNode& node, Parameter& out) {
    if (!is_map(node, {"by", "direction"})) return;
    Override open;
    if (const YamlNode* by = needed(node, "by"); by && is_list(*by)) {
      for (const YamlNode& one : by->items) {
        const auto level = one_of(one, {"provincial", "local"}, {"không có cấp này", "no level"});
        if (level) open.by.push_back(*level == 0 ? Level::kProvincial : Level::kLocal);
      }
    }
    if (const YamlNode* way = needed(node, "direction")) {
      const auto got =
          one_of(*way, {"either", "up", "down"}, {"không có chiều này", "no direction"});
      open.direction = static_cast<Override::Direction>(got.value_or(0));
      if (!out.words.empty() && open.direction != Override::Direction::kEither) {
        refuse(*way, way->text, {"chữ không có lên hay xuống", "words have no up and down"},
               {"viết “either”", "write “either”"});
      }
    }
    out.open = std::move(open);
  }

  // "int", with bounds, or "enum(a, b)", without.
  bool type(const YamlNode& node, Parameter& out) {
    const YamlNode* const at = needed(node, "type");
    if (at == nullptr) return false;
    const YamlNode* bounds = node.find("bounds");
    if (at->text == "int") {
      constexpr auto kLow = std::numeric_limits<std::int64_t>::min();
      constexpr auto kHigh = std::numeric_limits<std::int64_t>::max();
      bounds = needed(node, "bounds");
      if (bounds == nullptr || !is_map(*bounds, {"min", "max"})) return false;
      out.least = number(*bounds, "min", kLow, kHigh);
      out.most = number(*bounds, "max", out.least, kHigh);
      return true;
    }
    if (bounds == nullptr) words(at->text, out);
    out.codes = codes_of(out.id, out.words);
    if (out.codes != nullptr) return true;
    refuse(*at, at->text, {"không có kiểu này", "unknown type"},
           {"viết “int” với “bounds”, hoặc “enum(a, b)” không có “bounds”, các từ khác nhau",
            "write “int” with “bounds”, or “enum(a, b)” without, of different words"});
    return false;
  }

  static void words(std::string_view list, Parameter& out) {
    if (!list.starts_with("enum(") || !list.ends_with(")")) return;
    list = list.substr(5, list.size() - 6);
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      std::string_view one = list.substr(0, comma);
      while (one.starts_with(' ')) one.remove_prefix(1);
      while (one.ends_with(' ')) one.remove_suffix(1);
      out.words.emplace_back(one);
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
};

}  // namespace

void ValueReader::values(const YamlNode& node, const Parameter& parameter,
                         std::vector<ParameterValue>& out) {
  if (!is_open_map(node)) return;
  starts_.clear();
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    value(node.keys[i], node.items[i], parameter, out);
  }
  if (node.keys.empty()) {
    refuse(node, "", {"tham số không có giá trị", "a parameter without a value"},
           {"thêm giá trị theo ngày", "add a value by its first day"});
  }
  inside_the_law(out);
}

void ValueReader::value(const YamlNode& first, const YamlNode& node, const Parameter& parameter,
                        std::vector<ParameterValue>& to) {
  if (!is_map(node, {"value", "until", "cite", "evidence", "reviewed"})) return;
  ParameterValue out;
  out.place = place_of(first);
  const auto from = day(first);
  out.days = range(from, node.find("until"));
  if (parameter.words.empty()) {
    out.number = number(node, "value", parameter.least, parameter.most);
  } else if (const YamlNode* at = needed(node, "value")) {
    const std::vector<std::string_view> words(parameter.words.begin(), parameter.words.end());
    const auto got = one_of(*at, words, {"không phải giá trị của kiểu", "not a value of the type"});
    if (got) out.word = words[*got];
  }
  out.evidence = evidence(node);
  if (const YamlNode* at = node.find("reviewed")) out.reviewed = day(*at);
  out.citations = citations(node);
  if (!from) return;
  for (const Citation& citation : out.citations) {
    const Instrument& text = reading_.pack.instruments[citation.instrument];
    if (text.in_force.contains(*from)) continue;
    refuse(*node.find("cite"), text.id,
           {"văn bản không có hiệu lực vào " + from->to_string(),
            "the instrument is not in force on " + from->to_string()},
           {"trích văn bản có hiệu lực ngày đó", "cite the text in force on that day"});
  }
  append(first, *from, to, std::move(out));
}

// Values stand in the order of their days; one without `until` lasts until the next begins.
void ValueReader::append(const YamlNode& first, time::Date from, std::vector<ParameterValue>& to,
                         ParameterValue out) {
  if (!to.empty()) {
    time::DateRange& before = to.back().days;
    if (before.from_day() >= from.days() || (before.until() && before.contains(from))) {
      refuse(first, first.text, {"chồng lên giá trị trước", "it overlaps the value before"},
             {"xếp theo ngày, mỗi ngày một giá trị", "order by day, one value a day"});
      return;
    }
    if (!before.until()) before = time::DateRange(before.from(), from);
  }
  to.push_back(std::move(out));
  starts_.push_back(&first);
}

// A value may not outlive the text it cites.
void ValueReader::inside_the_law(const std::vector<ParameterValue>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (const Citation& citation : values[i].citations) {
      const Instrument& text = reading_.pack.instruments[citation.instrument];
      if (values[i].days.until_day() <= text.in_force.until_day()) continue;
      const std::string end = text.in_force.until()->to_string();
      refuse(*starts_[i], text.id,
             {"văn bản hết hiệu lực từ " + end + ", giá trị thì chưa",
              "the instrument ends on " + end + ", the value does not"},
             {"thêm “until”, hoặc giá trị mới theo văn bản thay thế",
              "add “until”, or a value by the text that replaces it"});
    }
  }
}

void read_instruments(Reading& reading, std::uint32_t layer) {
  InstrumentReader(reading, layer).read(reading.roots[layer]);
}

void read_parameters(Reading& reading, std::uint32_t layer) {
  ParameterReader(reading, layer).read(reading.roots[layer]);
}

}  // namespace dangbo::inline v1::rules
