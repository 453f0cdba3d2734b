#include "rules/read_layers.hpp"

#include <algorithm>
#include <utility>

namespace dangbo::inline v1::rules {

namespace {

constexpr std::string_view kFormat = "dangbo.pack/1";
constexpr std::string_view kLanguage = "cel-strict/1";

// "2026.1.12" as numbers; nothing when it is no such text.
std::optional<std::vector<std::int64_t>> version_numbers(std::string_view text) {
  std::vector<std::int64_t> out;
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const auto number = whole_number(text.substr(0, dot));
    if (!number || *number < 0) return std::nullopt;
    out.push_back(*number);
    if (dot == text.size()) return out;
    text.remove_prefix(dot + 1);
  }
}

class HeadReader : private PartReader {
 public:
  using PartReader::PartReader;

  void read(const YamlNode& root) {
    if (!is_map(root,
                {"format", "id", "version", "extends", "jurisdiction", "expressions", "languages",
                 "instruments", "parameters", "set", "rules", "except", "tests"})) {
      return;
    }
    same(root, "format", kFormat, {"không phải dạng gói này đọc được", "not a known format"}, true);
    same(root, "expressions", kLanguage, {"không có ngôn ngữ này", "unknown language"}, false);
    languages(root);
    Layer& out = reading_.pack.layers[layer_];
    out.id = word(root, "id");
    out.version = word(root, "version");
    if (const YamlNode* at = root.find("version"); at && !version_numbers(out.version)) {
      refuse(*at, out.version, {"không phải số phiên bản", "not a version"},
             {"viết dạng “2026.1”", "write it as “2026.1”"});
    }
    if (const YamlNode* at = root.find("extends")) extends(*at, out);
    jurisdiction(root, out);
    only_above(root, out);
  }

  // The layer that this one extends is old.
  void check_version(const YamlNode& root, const Layer& below) {
    const Layer& own = reading_.layer(layer_);
    const YamlNode* const at = root.find("extends");
    if (at == nullptr) return;
    const std::size_t sign = at->text.find(">=");
    if (sign != std::string::npos) {
      std::string_view least = std::string_view(at->text).substr(sign + 2);
      while (least.starts_with(' ')) least.remove_prefix(1);
      const auto wanted = version_numbers(least);
      const auto got = version_numbers(below.version);
      if (wanted && got && *got < *wanted) {
        refuse(*at, below.version, {"gói dưới cũ hơn bản cần có", "the pack below is too old"},
               {"cập nhật gói dưới", "update the pack below"});
      }
    }
    if (own.level < below.level) {
      refuse(*at, own.extends,
             {"gói dưới thuộc cấp thấp hơn", "the pack below is of a lower authority"},
             {"gói cấp dưới mở rộng gói cấp trên", "the lower authority extends the higher"});
    } else if (own.code != below.code && !own.code.starts_with(below.code + "-")) {
      refuse(*at, below.code, {"gói dưới của nơi khác", "the pack below is of another place"},
             {"mã nơi bắt đầu bằng mã của gói dưới", "codes begin with that of the pack below"});
    }
  }
  void refuse_extends(const YamlNode& root, base::Message reason, base::Message fix) {
    const YamlNode* const at = root.find("extends");
    refuse(at != nullptr ? *at : root, reading_.layer(layer_).id, std::move(reason),
           std::move(fix));
  }

 private:
  void same(const YamlNode& root, std::string_view key, std::string_view wanted,
            base::Message reason, bool is_needed) {
    const YamlNode* const at = is_needed ? needed(root, key) : root.find(key);
    if (at == nullptr || at->text == wanted) return;
    const std::string text(wanted);
    refuse(*at, at->text, std::move(reason), {"viết “" + text + "”", "write “" + text + "”"});
  }

  void languages(const YamlNode& root) {
    const YamlNode* const at = root.find("languages");
    if (at == nullptr || !is_list(*at)) return;
    if (at->items.size() == 2 && at->items[0].text == "vi" && at->items[1].text == "en") return;
    refuse(*at, "", {"gói luôn có hai ngôn ngữ", "a pack is always in two languages"},
           {"viết [vi, en], hoặc bỏ", "write [vi, en], or drop it"});
  }

  void extends(const YamlNode& node, Layer& out) {
    const std::string text = scalar(node);
    const std::size_t sign = text.find(">=");
    out.extends = text.substr(0, sign);
    while (out.extends.ends_with(' ')) out.extends.pop_back();
    std::string_view least = std::string_view(text).substr(std::min(sign, text.size()));
    least.remove_prefix(std::min<std::size_t>(2, least.size()));
    while (least.starts_with(' ')) least.remove_prefix(1);
    if (out.extends.empty() || (sign != std::string::npos && !version_numbers(least))) {
      refuse(node, text, {"không rõ mở rộng gói nào", "it is not clear which pack it extends"},
             {"viết “mã-gói >= 2026.1”", "write “id >= 2026.1”"});
    }
  }

  void jurisdiction(const YamlNode& root, Layer& out) {
    out.level = Level::kNational;
    out.code = "VN";
    const YamlNode* const at =
        out.extends.empty() ? root.find("jurisdiction") : needed(root, "jurisdiction");
    if (at == nullptr || !is_map(*at, {"level", "code"})) return;
    if (const YamlNode* level = needed(*at, "level")) {
      const auto got =
          one_of(*level, {"national", "provincial", "local"}, {"không có cấp này", "no level"});
      out.level = static_cast<Level>(got.value_or(0));
    }
    out.code = word(*at, "code");
  }

  // What only makes sense over another layer.
  void only_above(const YamlNode& root, const Layer& own) {
    if (!own.extends.empty()) return;
    for (const char* const key : {"set", "except"}) {
      const YamlNode* const at = root.find(key);
      if (at == nullptr) continue;
      refuse(*at, key, {"gói này không mở rộng gói nào", "this pack extends none"},
             {"thêm “extends: …”", "add “extends: …”"});
    }
  }
};

class Ordering {
 public:
  explicit Ordering(Reading& reading) : reading_(reading) {}

  void run() {
    std::vector<Layer>& layers = reading_.pack.layers;
    for (std::size_t placed = 0; placed < layers.size(); ++placed) {
      const std::size_t next = next_after(placed);
      if (next == layers.size()) return refuse_rest(placed);
      swap(placed, next);
    }
  }

 private:
  [[nodiscard]] bool is_among(std::string_view id, std::size_t first, std::size_t last) const {
    const auto& layers = reading_.pack.layers;
    return std::any_of(layers.begin() + static_cast<std::ptrdiff_t>(first),
                       layers.begin() + static_cast<std::ptrdiff_t>(last),
                       [&](const Layer& one) { return one.id == id; });
  }

  // Of those whose base is placed, the one of the highest authority, then by id.
  [[nodiscard]] std::size_t next_after(std::size_t placed) const {
    const auto& layers = reading_.pack.layers;
    std::size_t best = layers.size();
    for (std::size_t i = placed; i < layers.size(); ++i) {
      const Layer& one = layers[i];
      const bool is_ready = placed == 0 ? one.extends.empty() : is_among(one.extends, 0, placed);
      if (!is_ready || is_among(one.id, 0, placed)) continue;
      const auto order = [](const Layer& l) { return std::tie(l.level, l.id); };
      if (best == layers.size() || order(one) < order(layers[best])) best = i;
    }
    return best;
  }

  void swap(std::size_t a, std::size_t b) {
    std::swap(reading_.pack.layers[a], reading_.pack.layers[b]);
    std::swap(reading_.texts[a], reading_.texts[b]);
    std::swap(reading_.roots[a], reading_.roots[b]);
    std::swap(reading_.lines[a], reading_.lines[b]);
  }

  void refuse_rest(std::size_t placed) {
    const std::size_t all = reading_.pack.layers.size();
    for (std::size_t i = placed; i < all; ++i) {
      const Layer one = reading_.pack.layers[i];
      HeadReader head(reading_, static_cast<std::uint32_t>(i));
      const YamlNode& root = reading_.roots[i];
      if (is_among(one.id, 0, i) || is_among(one.id, i + 1, all)) {
        head.refuse_extends(root, {"hai gói trùng mã", "two packs of one id"},
                            {"đưa vào một lần", "give it once"});
      } else if (one.extends.empty()) {
        head.refuse_extends(
            root, {"đã có một gói gốc khác", "there is another first pack"},
            {"thêm “extends: …”, hoặc bỏ một gói", "add “extends: …”, or drop one"});
      } else if (!is_among(one.extends, 0, all)) {
        head.refuse_extends(
            root,
            {"thiếu gói “" + one.extends + "”", "the pack “" + one.extends + "” is not given"},
            {"đưa cả gói đó vào", "give that pack as well"});
      } else {
        head.refuse_extends(root,
                            {"mở rộng vòng quanh, hoặc gói dưới có lỗi",
                             "a cycle of “extends”, or the pack below is at fault"},
                            {"một gói phải không mở rộng gói nào", "one pack must extend none"});
      }
    }
  }

  Reading& reading_;
};

}  // namespace

void read_layers(Reading& reading) {
  for (std::uint32_t i = 0; i < reading.roots.size(); ++i) {
    HeadReader(reading, i).read(reading.roots[i]);
  }
  if (!reading.problems.empty()) return;
  Ordering(reading).run();
  if (!reading.problems.empty()) return;
  const std::vector<Layer>& layers = reading.pack.layers;
  for (std::uint32_t i = 1; i < layers.size(); ++i) {
    const auto below = std::find_if(layers.begin(), layers.end(),
                                    [&](const Layer& one) { return one.id == layers[i].extends; });
    HeadReader(reading, i).check_version(reading.roots[i], *below);
  }
}

}  // namespace dangbo::inline v1::rules
