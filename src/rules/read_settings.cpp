// What a layer sets of the parameters below it, and which setting wins on a day.
#include <algorithm>
#include <iterator>
#include <utility>

#include "rules/read_value.hpp"

namespace dangbo::inline v1::rules {

namespace {

// A value a layer sets, with where to complain about it.
struct Setting {
  std::uint32_t layer = 0;
  std::size_t parameter = 0;
  ParameterValue value;
  Precedence precedence;
};

class SettingReader : private ValueReader {
 public:
  using ValueReader::ValueReader;

  void read(const YamlNode& root, std::vector<Setting>& out) {
    const YamlNode* const all = map_at(root, "set", false);
    for (std::size_t i = 0; all != nullptr && i < all->keys.size(); ++i) {
      setting(all->keys[i], all->items[i], out);
    }
  }
  void refuse_at(SourcePlace place, std::string_view value, base::Message reason,
                 base::Message fix) {
    YamlNode at;
    at.line = place.line;
    at.column = place.column;
    refuse(at, value, std::move(reason), std::move(fix));
  }

 private:
  void setting(const YamlNode& name, const YamlNode& node, std::vector<Setting>& out) {
    const std::vector<Parameter>& known = reading_.pack.parameters;
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Parameter& one) { return one.id == name.text; });
    if (found == known.end() || found->place.layer >= layer_) {
      refuse(name, name.text,
             {"lớp dưới không có tham số này", "the layers below have no such parameter"},
             {"viết đúng tên, hoặc khai báo trong “parameters”",
              "write its name, or declare it in “parameters”"});
      return;
    }
    const auto& open = found->open;
    const Level level = reading_.layer(layer_).level;
    if (!open || std::find(open->by.begin(), open->by.end(), level) == open->by.end()) {
      refuse(name, name.text,
             {"gói dưới không cho cấp này đổi tham số", "the pack below does not open it here"},
             {"bỏ, hoặc thêm “override” vào gói dưới nếu văn bản cho phép",
              "drop it, or add “override” to the pack below if a text allows it"});
      return;
    }
    std::vector<ParameterValue> got;
    values(node, *found, got);
    for (ParameterValue& one : got) {
      own_text(name, one);
      const auto number = static_cast<std::size_t>(found - known.begin());
      const Precedence order = precedence(one.citations);
      out.push_back({layer_, number, std::move(one), order});
    }
  }

  void own_text(const YamlNode& name, const ParameterValue& value) {
    for (const Citation& one : value.citations) {
      if (reading_.pack.instruments[one.instrument].layer == layer_) return;
    }
    refuse(name, name.text,
           {"giá trị đặt lại không trích văn bản của chính lớp này",
            "what is set cites no text of this layer itself"},
           {"trích văn bản của cấp đặt giá trị", "cite the text by which this authority sets it"});
  }
};

// Settings of one parameter laid over its values.
class Overlay {
 public:
  Overlay(Reading& reading, Parameter& parameter) : reading_(reading), parameter_(parameter) {}

  // What may not be set over what is there.
  void check(const Setting& setting) {
    const ParameterValue& value = setting.value;
    bool is_allowed = true;
    std::int32_t covered = 0;
    for (const ParameterValue& below : parameter_.values) {
      const time::DateRange both = below.days.intersection(value.days);
      if (both.empty()) continue;
      ++covered;
      is_allowed = is_allowed && in_direction(value.number, below.number);
    }
    if (!is_allowed) {
      const bool up = parameter_.open->direction == Override::Direction::kUp;
      return refuse(setting, {"đổi ngược chiều được phép", "set against the direction allowed"},
                    up ? base::Message{"không được thấp hơn giá trị lớp dưới",
                                       "not less than the value below"}
                       : base::Message{"không được cao hơn giá trị lớp dưới",
                                       "not more than the value below"});
    }
    if (covered == 0 || !is_gapless(value.days)) {
      return refuse(setting,
                    {"có ngày lớp dưới không có giá trị", "on some of its days there is no value"},
                    {"thu hẹp lại trong các giá trị lớp dưới", "narrow it to the values below"});
    }
  }

  void lay(const ParameterValue& value) {
    std::vector<ParameterValue> out;
    for (const ParameterValue& below : parameter_.values) {
      const auto part = [&](std::int32_t from, std::int32_t until) {
        if (from >= until) return;
        out.push_back(below);
        out.back().days = time::DateRange::from_days(from, until);
      };
      const std::int32_t begin = below.days.from_day();
      const std::int32_t end = below.days.until_day();
      part(begin, std::min(end, value.days.from_day()));
      part(std::max(begin, value.days.until_day()), end);
    }
    out.push_back(value);
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.days.from_day() < b.days.from_day(); });
    parameter_.values = std::move(out);
  }

  void refuse(const Setting& setting, base::Message reason, base::Message fix) {
    SettingReader(reading_, setting.layer)
        .refuse_at(setting.value.place, parameter_.id, std::move(reason), std::move(fix));
  }

 private:
  [[nodiscard]] bool in_direction(std::int64_t set, std::int64_t below) const {
    switch (parameter_.open->direction) {
      case Override::Direction::kUp:
        return set >= below;
      case Override::Direction::kDown:
        return set <= below;
      case Override::Direction::kEither:
        break;
    }
    return true;
  }

  // Whether values follow each other over all of the days.
  [[nodiscard]] bool is_gapless(time::DateRange days) const {
    std::int32_t reached = days.from_day();
    for (const ParameterValue& one : parameter_.values) {
      if (one.days.from_day() <= reached && one.days.until_day() > reached) {
        reached = one.days.until_day();
      }
    }
    return reached >= days.until_day();
  }

  Reading& reading_;
  Parameter& parameter_;
};

}  // namespace

void read_settings(Reading& reading) {
  std::vector<Setting> all;
  for (std::uint32_t i = 0; i < reading.roots.size(); ++i) {
    SettingReader(reading, i).read(reading.roots[i], all);
  }
  // Direction and gaps: layer by layer, each over what those below it have set.
  std::vector<Parameter> below = reading.pack.parameters;
  for (const Setting& one : all) {
    Parameter& parameter = below[one.parameter];
    Overlay overlay(reading, parameter);
    overlay.check(one);
    for (const Setting& other : all) {
      if (&other == &one) break;
      if (other.parameter != one.parameter || other.precedence != one.precedence ||
          !other.value.days.overlaps(one.value.days)) {
        continue;
      }
      overlay.refuse(one,
                     {"hai lớp ngang nhau cùng đặt, không rõ lớp nào thắng",
                      "two layers of equal standing set it and neither wins"},
                     {"bỏ một trong hai, hoặc trích văn bản cấp cao hơn",
                      "drop one, or cite a text of higher rank"});
    }
    overlay.lay(one.value);
  }
  // What holds: the stronger over the weaker.
  std::stable_sort(all.begin(), all.end(),
                   [](const Setting& a, const Setting& b) { return a.precedence < b.precedence; });
  for (const Setting& one : all) {
    Overlay(reading, reading.pack.parameters[one.parameter]).lay(one.value);
  }
}

}  // namespace dangbo::inline v1::rules
