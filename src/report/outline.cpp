// The org chart: the page's unit, a card for each unit below it, and in the card an outline that
// folds. Folding is the browser's own <details>, so it needs neither script nor mouse.
#include <algorithm>

#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr std::size_t kMostUnits = 6000;    // in the page
constexpr std::size_t kMostBrothers = 400;  // under one unit
constexpr std::uint32_t kMostLevels = 12;   // below the page's unit
constexpr Tenths kStripWidth = px(100);

// Which units are drawn: level by level, under each the largest; and what stands for the others.
struct Drawn {
  std::vector<bool> is_drawn;
  std::vector<std::uint32_t> left_units;   // by unit: units right below it that are not drawn
  std::vector<std::int64_t> left_members;  // their members
  std::uint32_t left_tops = 0;
  std::int64_t left_top_members = 0;
  std::size_t count = 0;
  std::size_t left = 0;  // units not drawn, in all
};

std::vector<std::uint32_t> below_of(const Model& model, std::uint32_t at) {
  std::vector<std::uint32_t> below;
  for (std::uint32_t unit = at + 1; unit < model.units[at].end; unit = model.units[unit].end) {
    below.push_back(unit);
  }
  return below;
}

Drawn choose(const Model& model) {
  Drawn drawn;
  drawn.is_drawn.assign(model.units.size(), false);
  drawn.left_units.assign(model.units.size(), 0);
  drawn.left_members.assign(model.units.size(), 0);
  const std::uint32_t top_level = model.root == kNone ? 0 : 1;
  std::vector<std::uint32_t> queue;
  const auto take = [&](std::vector<std::uint32_t> units, std::uint32_t parent, bool may) {
    std::size_t most = may ? std::min(kMostBrothers, kMostUnits - drawn.count) : 0;
    if (units.size() > most) {
      std::stable_sort(units.begin(), units.end(), [&](std::uint32_t a, std::uint32_t b) {
        return model.units[a].below > model.units[b].below;
      });
      for (std::size_t i = most; i < units.size(); ++i) {
        const Unit& unit = model.units[units[i]];
        (parent == kNone ? drawn.left_tops : drawn.left_units[parent]) += 1;
        (parent == kNone ? drawn.left_top_members : drawn.left_members[parent]) += unit.below;
        drawn.left += unit.end - units[i];
      }
      units.resize(most);
    }
    for (const std::uint32_t unit : units) drawn.is_drawn[unit] = true;
    drawn.count += units.size();
    queue.insert(queue.end(), units.begin(), units.end());
  };
  take(model.tops, kNone, true);
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const std::uint32_t at = queue[i];
    const bool may = model.units[at].level + 1 < top_level + kMostLevels;
    take(below_of(model, at), at, may);
  }
  return drawn;
}

class Outline {
 public:
  explicit Outline(const Context& context)
      : context_(context),
        model_(context.model),
        say_(context.say),
        drawn_(choose(model_)),
        sex_(context.model.find("sex")),
        standing_(context.model.find("standing")),
        female_(place_of(sex_, "nữ")),
        probationary_(place_of(standing_, "dự bị")) {
    for (const std::uint32_t unit : model_.tops) {
      largest_ = std::max(largest_, model_.units[unit].below);
    }
  }

  std::string draw() {
    std::string out = controls() + root_box() + "<ul class=\"cards\" id=\"cards\">";
    for (const std::uint32_t top : model_.tops) {
      if (drawn_.is_drawn[top]) card(top, out);
    }
    if (drawn_.left_tops > 0) out += rest(drawn_.left_tops, drawn_.left_top_members, "card");
    return out + "</ul>";
  }

  [[nodiscard]] const Drawn& drawn() const noexcept { return drawn_; }

 private:
  static std::size_t place_of(const Composition* composition, std::string_view vietnamese) {
    if (composition == nullptr || !composition->has_units()) return kNone;
    for (std::size_t c = 0; c < composition->categories.size(); ++c) {
      if (composition->categories[c].label.vi == vietnamese) return c;
    }
    return kNone;
  }

  // Only a script makes them work, so only a script shows them.
  std::string controls() const {
    return "<div class=\"controls\" hidden=\"hidden\" id=\"controls\"><label for=\"filter\">" +
           say_("Lọc theo tên, mã hoặc loại", "Filter by name, key or kind") +
           "</label><input id=\"filter\" type=\"search\" autocomplete=\"off\"/>"
           "<output id=\"filter-count\" for=\"filter\" data-none=\"" +
           say_("không có tổ chức nào khớp", "no unit matches") + "\" data-some=\"" +
           say_("tổ chức khớp", "units match") +
           "\"></output><button type=\"button\" id=\"open-all\">" + say_("Mở hết", "Unfold all") +
           "</button><button type=\"button\" id=\"close-all\">" + say_("Gập hết", "Fold all") +
           "</button></div>";
  }

  std::string root_box() const {
    if (model_.root == kNone) return {};
    const Unit& unit = model_.units[model_.root];
    return "<div class=\"root\" " + data(unit) + "><span class=\"nm\">" +
           name_html(context_, unit) + "</span><span class=\"kd\">" +
           base::escape_html(kind_label(context_, unit.kind)) + "</span>" + numbers(model_.root) +
           "</div>";
  }

  std::string data(const Unit& unit) const {
    return "data-unit=\"" + base::escape_html(clean(unit.key, kKeyLimit)) + "\" data-members=\"" +
           std::to_string(unit.below) + "\"";
  }

  // The members, and who they are where that was counted.
  std::string numbers(std::uint32_t at) const {
    const Unit& unit = model_.units[at];
    std::string out = "<b>" + say_.number(unit.below) + "</b>";
    std::string more;
    const auto add = [&](const std::string& text) { more += (more.empty() ? "" : " · ") + text; };
    const bool has_below = unit.end > at + 1;
    if (has_below && unit.own > 0) add(say_("riêng ", "own ") + say_.number(unit.own));
    if (female_ != kNone && sex_->count(at, female_) > 0) {
      add(say_("nữ ", "women ") + say_.number(sex_->count(at, female_)));
    }
    if (probationary_ != kNone && standing_->count(at, probationary_) > 0) {
      add(say_("dự bị ", "prob. ") + say_.number(standing_->count(at, probationary_)));
    }
    if (!more.empty()) out += "<small>" + more + "</small>";
    return out;
  }

  // A bar as long as the unit is large beside its neighbours, cut where its own units part.
  std::string strip(std::uint32_t at) const {
    std::vector<Segment> segments;
    const Unit& unit = model_.units[at];
    std::int64_t left = unit.below;
    constexpr std::size_t kMostParts = 40;
    if (unit.end - at <= kMostParts) {
      for (const std::uint32_t part : below_of(model_, at)) {
        segments.push_back({model_.units[part].below, kind_fill(context_, unit.kind), {}, {}});
        left -= model_.units[part].below;
      }
    }
    segments.push_back({left, kind_fill(context_, unit.kind), {}, {}});
    Picture picture("", kStripWidth, px(5));
    stacked_bar(picture,
                {0, 0, std::max<Tenths>(scaled(unit.below, largest_, kStripWidth), 5), px(5)},
                unit.below, segments);
    return picture.decoration("strip");
  }

  std::string row(std::uint32_t at) const {
    const Unit& unit = model_.units[at];
    return "<span class=\"nm\">" + name_html(context_, unit) + "</span><i>" +
           base::escape_html(kind_label(context_, unit.kind)) + "</i>" + numbers(at);
  }

  void card(std::uint32_t top, std::string& out) const {
    const Unit& unit = model_.units[top];
    const bool has_below = unit.end > top + 1;
    const std::string below = say_.count(unit.end - top - 1, "trực thuộc", "below", "below");
    const std::string face = "<span class=\"nm\">" + name_html(context_, unit) +
                             "</span><span class=\"kd\">" +
                             base::escape_html(kind_label(context_, unit.kind) +
                                               (has_below ? " · " + below : std::string())) +
                             "</span>" + numbers(top) + strip(top);
    out += "<li class=\"card " + kind_fill(context_, unit.kind) + "\" " + data(unit) + ">";
    if (has_below) {
      out += "<details><summary>" + face + "</summary>";
      branches(top, out);
      out += "</details></li>";
    } else {
      out += "<div class=\"leaf\">" + face + "</div></li>";
    }
  }

  // Own stack: what is drawn is at most kMostLevels deep, the tree itself may be deeper.
  void branches(std::uint32_t top, std::string& out) const {
    std::vector<std::uint32_t> open = {top};
    out += "<ul>";
    const auto close = [&] {
      const std::uint32_t at = open.back();
      open.pop_back();
      if (drawn_.left_units[at] > 0)
        out += rest(drawn_.left_units[at], drawn_.left_members[at], "");
      out += "</ul>";
      if (!open.empty()) out += "</details></li>";
    };
    for (std::uint32_t unit = top + 1; unit < model_.units[top].end;) {
      if (!drawn_.is_drawn[unit]) {
        unit = model_.units[unit].end;
        continue;
      }
      while (model_.units[unit].parent != open.back()) close();
      out += "<li " + data(model_.units[unit]) + ">";
      if (model_.units[unit].end > unit + 1) {
        out += "<details><summary>" + row(unit) + "</summary><ul>";
        open.push_back(unit);
      } else {
        out += "<p>" + row(unit) + "</p></li>";
      }
      ++unit;
    }
    while (!open.empty()) close();
  }

  std::string rest(std::uint32_t units, std::int64_t members, const std::string& classes) const {
    return "<li class=\"rest " + classes + "\"><p>" +
           base::escape_html(say_("và ", "and ") +
                             say_.count(units, "tổ chức nữa", "more unit", "more units") + ", " +
                             members_text(context_, members)) +
           "</p></li>";
  }

  const Context& context_;
  const Model& model_;
  Wording say_;
  Drawn drawn_;
  const Composition* sex_;
  const Composition* standing_;
  std::size_t female_;
  std::size_t probationary_;
  std::int64_t largest_ = 0;
};

}  // namespace

std::string units_section(const Context& context) {
  const Model& model = context.model;
  const Wording& say = context.say;
  if (model.units.empty()) return {};
  Outline outline(context);
  std::string content = outline.draw();
  const Drawn& drawn = outline.drawn();
  const std::string lead = base::escape_html(
      say("Mỗi thẻ là một tổ chức; mở thẻ để xem bên dưới. Số lớn là đảng viên, cả cấp "
          "dưới, ngày ",
          "Each card is a unit; open it to see what is below. The large number is "
          "members, with all below, on ") +
      say.date(model.view.day()) +
      say("; vạch màu dài theo số đảng viên, mỗi khúc một tổ chức bên dưới.",
          "; the coloured strip is as long, each piece a unit below."));
  if (drawn.left > 0) {
    content += element(
        "p", "note left-out",
        base::escape_html(
            say("Cây vẽ ", "The tree draws ") +
            say.count(static_cast<std::int64_t>(drawn.count), "tổ chức", "unit", "units") +
            say(", không vẽ ", " and leaves out ") +
            say.number(static_cast<std::int64_t>(drawn.left)) +
            say(" tổ chức ở quá sâu hoặc quá nhiều dưới một nơi; số đảng viên của các tổ chức đó "
                "vẫn nằm trong số của cấp trên.",
                " that stand too deep or are too many in one place; their members are in the "
                "figures of the units above.")));
  }
  return section(word_of(Part::kUnits), say("Cây tổ chức", "Units"), lead, content);
}

}  // namespace dangbo::inline v1::report
