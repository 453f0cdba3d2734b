// Before and after a reorganisation: who went where as bands, then every unit it touched.
#include <algorithm>
#include <map>

#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr Tenths kWidth = px(620);
constexpr Tenths kLeft = px(208);   // where the left column of bars begins
constexpr Tenths kRight = px(402);  // where the right one does
constexpr Tenths kBar = px(10);
constexpr Tenths kGap = px(16);
constexpr std::size_t kMostNodes = 30;
constexpr std::size_t kMostRows = 400;

struct Band {
  std::string from;
  std::string to;
  std::int64_t members = 0;
  std::string tip;
  bool is_staying = false;
};

struct Node {
  std::string key;
  std::int64_t members = 0;
  Tenths y = 0;
  Tenths used = 0;
};

class Bands {
 public:
  Bands(const Context& context, const Reorganisation& facts)
      : context_(context), say_(context.say), facts_(facts) {
    for (const TouchedUnit& unit : facts.units) units_[unit.key] = &unit;
    find_bands();
  }

  [[nodiscard]] bool can_draw() const {
    return !bands_.empty() && left_.size() <= kMostNodes && right_.size() <= kMostNodes;
  }
  [[nodiscard]] bool is_too_wide() const {
    return left_.size() > kMostNodes || right_.size() > kMostNodes;
  }

  std::string draw() {
    std::int64_t most = 1;
    for (const auto* side : {&left_, &right_}) {
      std::int64_t sum = 0;
      for (const Node& node : *side) sum += node.members;
      most = std::max(most, sum);
    }
    const auto rows = static_cast<Tenths>(std::max(left_.size(), right_.size()));
    const Tenths room = std::max<Tenths>(px(140), rows * px(26));
    Tenths height = 0;
    for (auto* side : {&left_, &right_}) {
      Tenths y = px(26);
      for (Node& node : *side) {
        node.y = y;
        y += std::max<Tenths>(scaled(node.members, most, room), 20) + kGap;
      }
      height = std::max(height, y);
    }
    Picture picture("flows-svg", kWidth, height);
    picture.text(kLeft + kBar, px(12), say_.date(facts_.last), "s dim", Anchor::kEnd);
    picture.text(kRight, px(12), say_.date(facts_.first), "s dim");
    for (const Band& band : bands_) draw_band(picture, band, most, room);
    for (const Node& node : left_) draw_node(picture, node, true, most, room);
    for (const Node& node : right_) draw_node(picture, node, false, most, room);
    return picture.finish(
        say_("Đảng viên chuyển theo tổ chức", "Members who moved with their units"),
        say_(
            "Bên trái là tổ chức trước, bên phải là sau; dải nối rộng theo số đảng viên; số liệu ở "
            "bảng bên dưới",
            "Units before on the left, after on the right; bands as wide as they have members; "
            "the table below has the figures"),
        context_.mark());
  }

 private:
  [[nodiscard]] std::int64_t members_of(const std::string& key, bool is_before) const {
    const auto at = units_.find(key);
    if (at == units_.end()) return 0;
    const auto& state = is_before ? at->second->before : at->second->after;
    return state ? state->members : 0;
  }

  [[nodiscard]] std::string label(const std::string& key) const {
    if (key.empty()) return say_("ngoài trang", "outside");
    const auto at = units_.find(key);
    if (at == units_.end()) return clean(key, kKeyLimit);
    const UnitState& state = at->second->after ? *at->second->after : *at->second->before;
    const std::string name = clean(state.name, kNameLimit);
    return name.empty() ? clean(key, kKeyLimit) : name;
  }

  // The moves, and of each unit at their ends what neither left nor came.
  void find_bands() {
    std::map<std::string, std::int64_t> left_of;
    for (const UnitFlow& flow : facts_.flows) {
      if (flow.members == 0) continue;
      bands_.push_back({flow.from, flow.to, flow.members,
                        label(flow.unit) + ": " + members_text(context_, flow.members), false});
      left_of[flow.from] += flow.members;
    }
    std::vector<std::string> ends;
    for (const Band& band : bands_) {
      ends.push_back(band.from);
      ends.push_back(band.to);
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    for (const std::string& key : ends) {
      const std::int64_t stays =
          std::min(members_of(key, true) - left_of[key], members_of(key, false));
      if (stays > 0 && members_of(key, false) > 0) {
        bands_.push_back(
            {key, key, stays,
             label(key) + say_(", ở lại: ", ", staying: ") + members_text(context_, stays), true});
      }
    }
    std::stable_sort(bands_.begin(), bands_.end(), [](const Band& a, const Band& b) {
      return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    for (const std::string& key : ends) {
      add_node(left_, key, true);
      add_node(right_, key, false);
    }
  }

  void add_node(std::vector<Node>& side, const std::string& key, bool is_before) {
    std::int64_t sum = 0;
    bool is_end = false;
    for (const Band& band : bands_) {
      if ((is_before ? band.from : band.to) != key) continue;
      is_end = true;
      sum += band.members;
    }
    if (!is_end) return;
    side.push_back({key, std::max(sum, members_of(key, is_before)), 0, 0});
  }

  static Node& find(std::vector<Node>& side, const std::string& key) {
    return *std::find_if(side.begin(), side.end(),
                         [&](const Node& node) { return node.key == key; });
  }

  void draw_band(Picture& picture, const Band& band, std::int64_t most, Tenths room) {
    Node& from = find(left_, band.from);
    Node& to = find(right_, band.to);
    const Tenths width = std::max<Tenths>(scaled(band.members, most, room), 10);
    const Tenths x1 = kLeft + kBar;
    const Tenths x2 = kRight;
    const Tenths middle = (x1 + x2) / 2;
    const Tenths y1 = from.y + from.used;
    const Tenths y2 = to.y + to.used;
    from.used += width;
    to.used += width;
    const auto point = [](Tenths x, Tenths y) { return to_text(x) + " " + to_text(y); };
    picture.path("M" + point(x1, y1) + "C" + point(middle, y1) + " " + point(middle, y2) + " " +
                     point(x2, y2) + "L" + point(x2, y2 + width) + "C" + point(middle, y2 + width) +
                     " " + point(middle, y1 + width) + " " + point(x1, y1 + width) + "Z",
                 band.is_staying ? "band stay" : "band", band.tip);
  }

  void draw_node(Picture& picture, const Node& node, bool is_left, std::int64_t most,
                 Tenths room) const {
    const Tenths height = std::max<Tenths>(scaled(node.members, most, room), 20);
    picture.rect({is_left ? kLeft : kRight, node.y, kBar, height}, "node",
                 label(node.key) + ": " + members_text(context_, node.members));
    const std::string name = fitted(label(node.key), 12, px(150));
    const std::string number = say_.number(node.members);
    const Tenths y = node.y + std::min<Tenths>(height / 2 + px(4), px(16));
    if (is_left) {
      picture.text(kLeft - px(44), y, name, "t12", Anchor::kEnd);
      picture.text(kLeft - px(8), y, number, "num12", Anchor::kEnd);
    } else {
      picture.text(kRight + kBar + px(8), y, number, "num12");
      picture.text(kRight + kBar + px(44), y, name, "t12");
    }
  }

  const Context& context_;
  Wording say_;
  const Reorganisation& facts_;
  std::map<std::string, const TouchedUnit*> units_;
  std::vector<Band> bands_;
  std::vector<Node> left_;
  std::vector<Node> right_;
};

std::string cell(const Context& context, const std::optional<UnitState>& state) {
  if (!state) return "<span class=\"dim\">–</span>";
  std::string out = context.say.number(state->members);
  if (!state->parent.empty()) {
    out += " <small>" + context.say("dưới ", "under ") + bdi(context, state->parent, kKeyLimit) +
           "</small>";
  }
  return out;
}

std::string units_table(const Context& context, const Reorganisation& facts) {
  const Wording& say = context.say;
  DataTable table(say("Tổ chức có thay đổi", "Units that changed"));
  table.head({say("tổ chức", "unit"), say("mã", "key"), say("loại", "kind"),
              base::escape_html(say.date(facts.last)), base::escape_html(say.date(facts.first)),
              say("thay đổi", "change")});
  std::size_t rows = 0;
  for (const TouchedUnit& unit : facts.units) {
    if (++rows > kMostRows) break;
    const UnitState& state = unit.after ? *unit.after : *unit.before;
    const std::string name = state.name.empty() ? unit.key : state.name;
    std::string change = say.signed_number((unit.after ? unit.after->members : 0) -
                                           (unit.before ? unit.before->members : 0));
    if (!unit.before) change += " <small>" + say("lập mới", "new") + "</small>";
    if (!unit.after) change += " <small>" + say("kết thúc", "ended") + "</small>";
    if (unit.before && unit.after && unit.before->parent != unit.after->parent) {
      change += " <small>" + say("đổi cấp trên", "new parent") + "</small>";
    }
    table.row({bdi(context, name, kNameLimit), bdi(context, unit.key, kKeyLimit),
               base::escape_html(kind_label(context, state.kind)), cell(context, unit.before),
               cell(context, unit.after), change});
  }
  table.row({say("cả trang này", "the whole page"), "", "", say.number(facts.members_before),
             say.number(facts.members_after),
             say.signed_number(facts.members_after - facts.members_before)},
            "total");
  return table.finish();
}

std::string kinds_table(const Context& context, const Reorganisation& facts) {
  const Wording& say = context.say;
  DataTable table(say("Số tổ chức theo loại", "Units by kind"));
  table.head({say("loại", "kind"), base::escape_html(say.date(facts.last)),
              base::escape_html(say.date(facts.first)), say("thay đổi", "change")});
  for (const KindCount& kind : facts.kinds) {
    table.row({base::escape_html(kind_label(context, kind.kind)), say.number(kind.before),
               say.number(kind.after), say.signed_number(kind.after - kind.before)});
  }
  return table.finish();
}

}  // namespace

std::string reorganisation_section(const Context& context) {
  if (!context.model.reorganisation) return {};
  const Wording& say = context.say;
  const Reorganisation& facts = *context.model.reorganisation;
  std::string content;
  Bands bands(context, facts);
  Figure figure;
  figure.id = "flows";
  figure.title = say("Ai chuyển về đâu", "Who went where");
  figure.basis = base::escape_html(
      say("Ngày ", "On ") + say.date(facts.last) + say(" và ", " and ") + say.date(facts.first) +
      say(" · đảng viên của tổ chức, cả cấp dưới · cây của từng ngày",
          " · members of the units, with all below · the tree of each day"));
  figure.classes = "wide-figure";
  if (bands.can_draw()) {
    figure.pictures = bands.draw();
  } else if (bands.is_too_wide()) {
    figure.note = say("Quá nhiều tổ chức chuyển để vẽ thành hình; xem bảng.",
                      "Too many units moved for a picture; see the table.");
  }
  if (facts.units.empty()) {
    content += element(
        "p", "empty",
        base::escape_html(say("Không có tổ chức nào thay đổi trong ngày ", "No unit changed on ") +
                          say.date(facts.first) + "."));
  } else {
    figure.pictures += units_table(context, facts);
    if (facts.units.size() > kMostRows) {
      figure.note += base::escape_html(say(" Bảng chỉ liệt kê ", " The table has ") +
                                       std::to_string(kMostRows) + say(" trong ", " of ") +
                                       say.number(static_cast<std::int64_t>(facts.units.size())) +
                                       say(" tổ chức.", " units."));
    }
    content += to_html(context, figure);
  }
  content += "<div class=\"figure-table\" id=\"reorganisation-kinds\">" +
             kinds_table(context, facts) + "</div>";
  return section(word_of(Part::kReorganisation),
                 base::escape_html(
                     say("Trước và sau sắp xếp ngày ", "Before and after the reorganisation of ") +
                     say.date(facts.first)),
                 {}, content);
}

}  // namespace dangbo::inline v1::report
