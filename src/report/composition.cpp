// Who the members are: one bar an attribute for the whole, then small bars unit by unit.
#include <algorithm>
#include <array>

#include "report/html.hpp"
#include "report/suppress.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr Tenths kWidth = px(460);
constexpr std::size_t kMostUnits = 80;
constexpr std::size_t kRowsOfPanel = 20;

double percent_of(std::int64_t part, std::int64_t whole) {
  return static_cast<double>((part * 20'000 + whole) / (whole * 2)) / 100.0;
}

std::string withheld(const Context& context) {
  return context.say("không nêu", "withheld");
}

bool is_hidden_total(const Composition& composition, std::size_t category) {
  return !composition.hidden_total.empty() && composition.hidden_total[category];
}

// One value for everybody, or a gap larger than all values, is said better than drawn.
bool is_worth_drawing(const Composition& composition) {
  if (composition.is_sensitive) return true;
  if (composition.categories.size() < 2) return false;
  return composition.is_tick || !composition.categories.back().is_missing ||
         composition.total.back() * 2 <= composition.base;
}

std::string in_words(const Context& context, const Composition& composition) {
  std::string out = context.say(composition.title) + ": ";
  for (std::size_t c = 0; c < composition.categories.size(); ++c) {
    out += (c == 0 ? "" : "; ") + context.say(composition.categories[c].label) + " " +
           context.say.number(composition.total[c]);
  }
  return element("li", "", base::escape_html(out));
}

// ---- the whole

class WholeFigure {
 public:
  WholeFigure(const Context& context, const Composition& composition)
      : context_(context), composition_(composition), id_("composition-" + composition.column) {
    std::replace(id_.begin(), id_.end(), '.', '-');
  }

  std::string draw() {
    const Wording& say = context_.say;
    Picture picture(id_ + "-svg", kWidth, 0);
    stacked_bar(picture, {0, 0, kWidth, px(28)}, composition_.base, segments());
    Tenths y = px(48);
    for (std::size_t c = 0; c < composition_.categories.size(); ++c, y += px(19)) {
      line(picture, c, y);
    }
    picture.grow(y - px(10));
    Figure figure;
    figure.id = id_;
    figure.title = base::escape_html(capital(say(composition_.title)));
    figure.basis =
        basis(context_, say("cơ số ", "base ") + members_text(context_, composition_.base));
    figure.pictures =
        picture.finish(say("Đảng viên theo: ", "Members by: ") + say(composition_.title),
                       say("Một thanh ngang chia theo tỷ lệ; số liệu ở bảng bên dưới",
                           "One bar divided by shares; the table below has the figures"),
                       context_.mark());
    figure.table = table();
    figure.note = base::escape_html(note());
    return to_html(context_, figure);
  }

 private:
  // The first letter large, as a title has it.
  static std::string capital(std::string text) {
    if (text.starts_with("đ")) return "Đ" + text.substr(2);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
      text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
  }

  std::string share(std::size_t c) const {
    return context_.say.percent(percent_of(composition_.total[c], composition_.base));
  }

  std::vector<Segment> segments() const {
    std::vector<Segment> out;
    std::int64_t hidden = 0;
    for (std::size_t c = 0; c < composition_.categories.size(); ++c) {
      if (is_hidden_total(composition_, c)) {
        hidden += composition_.total[c];
        continue;
      }
      const std::string label = context_.say(composition_.categories[c].label);
      out.push_back(
          {composition_.total[c], category_fill(composition_, c), share(c),
           label + ": " + context_.say.number(composition_.total[c]) + " (" + share(c) + ")"});
    }
    if (hidden > 0) out.push_back({hidden, "c-hid", {}, withheld(context_)});
    return out;
  }

  void line(Picture& picture, std::size_t c, Tenths y) const {
    const bool is_hidden = is_hidden_total(composition_, c);
    picture.rect({0, y - px(10), px(11), px(11)},
                 is_hidden ? "c-hid" : category_fill(composition_, c));
    picture.text(px(18), y, fitted(context_.say(composition_.categories[c].label), 13, px(270)),
                 "t");
    if (is_hidden) {
      picture.text(kWidth, y, withheld(context_), "t dim", Anchor::kEnd);
      return;
    }
    picture.text(px(380), y, context_.say.number(composition_.total[c]), "num", Anchor::kEnd);
    picture.text(kWidth, y, share(c), "t dim", Anchor::kEnd);
  }

  std::string table() const {
    const Wording& say = context_.say;
    DataTable table(say("Đảng viên theo: ", "Members by: ") + say(composition_.title));
    table.head({base::escape_html(say(composition_.title)), say("đảng viên", "members"),
                say("tỷ lệ", "share")});
    for (std::size_t c = 0; c < composition_.categories.size(); ++c) {
      const bool is_hidden = is_hidden_total(composition_, c);
      table.row({word_html(context_, composition_.categories[c].label),
                 is_hidden ? withheld(context_) : say.number(composition_.total[c]),
                 is_hidden ? std::string() : share(c)});
    }
    table.row({say("tất cả", "all"), say.number(composition_.base), ""}, "total");
    return table.finish();
  }

  std::string note() const {
    const auto hidden =
        std::count(composition_.hidden_total.begin(), composition_.hidden_total.end(), true);
    if (hidden == 0) return {};
    return context_.say.count(hidden, "nhóm không nêu số", "group is withheld",
                              "groups are withheld") +
           context_.say(": số nhỏ, hoặc từ đó tính ra được số nhỏ.",
                        ": a small count, or one from which a small one could be computed.");
  }

  const Context& context_;
  const Composition& composition_;
  std::string id_;
};

// ---- unit by unit

class UnitBars {
 public:
  UnitBars(const Context& context, std::vector<const Composition*> shown, std::string id,
           Selection tops)
      : context_(context), shown_(std::move(shown)), id_(std::move(id)), tops_(std::move(tops)) {
    const auto count = static_cast<Tenths>(shown_.size());
    bar_ = (kWidth - kBars - (count - 1) * px(10)) / count;
  }

  std::string draw(const std::string& title, const std::string& note) {
    const std::size_t rows = tops_.units.size() + (tops_.rest.empty() ? 0 : 1);
    const std::size_t panels = (rows + kRowsOfPanel - 1) / kRowsOfPanel;
    const std::size_t each = (rows + panels - 1) / panels;
    Figure figure;
    figure.id = id_;
    figure.title = base::escape_html(title);
    figure.basis = basis(context_, context_.say("cơ số mỗi thanh: đảng viên của tổ chức đó",
                                                "base of each bar: the unit's members"));
    figure.classes = "wide-figure";
    figure.pictures = legends() + "<div class=\"panels\">";
    for (std::size_t panel = 0; panel < panels; ++panel) {
      figure.pictures += draw_panel(panel, panel * each, std::min(rows, (panel + 1) * each));
    }
    figure.pictures += "</div>";
    figure.table = table();
    figure.note = base::escape_html(note);
    return to_html(context_, figure);
  }

 private:
  static constexpr Tenths kBars = px(214);

  [[nodiscard]] Tenths left_of(std::size_t i) const {
    return kBars + static_cast<Tenths>(i) * (bar_ + px(10));
  }

  // A count of a row: of a unit, or of all that have no row.
  [[nodiscard]] std::int64_t count(const Composition& composition, std::size_t row,
                                   std::size_t c) const {
    if (row < tops_.units.size()) return composition.count(tops_.units[row], c);
    std::int64_t sum = 0;
    for (const std::uint32_t unit : tops_.rest) sum += composition.count(unit, c);
    return sum;
  }
  [[nodiscard]] bool is_hidden(const Composition& composition, std::size_t row,
                               std::size_t c) const {
    return row < tops_.units.size() ? composition.is_hidden(tops_.units[row], c)
                                    : !composition.hidden.empty();
  }
  [[nodiscard]] std::int64_t members(std::size_t row) const {
    return row < tops_.units.size() ? context_.model.units[tops_.units[row]].below
                                    : tops_.rest_members;
  }
  [[nodiscard]] std::string label(std::size_t row) const {
    return row < tops_.units.size()
               ? name_of(context_.model.units[tops_.units[row]])
               : context_.say.count(static_cast<std::int64_t>(tops_.rest.size()), "tổ chức còn lại",
                                    "other unit", "other units");
  }

  [[nodiscard]] std::string label_html(std::size_t row) const {
    return row < tops_.units.size() ? name_html(context_, context_.model.units[tops_.units[row]])
                                    : base::escape_html(label(row));
  }
  [[nodiscard]] std::string short_label(std::size_t row) const {
    return row < tops_.units.size() ? short_name_of(context_.model.units[tops_.units[row]])
                                    : label(row);
  }

  std::string legends() const {
    std::string out;
    for (const Composition* composition : shown_) {
      out += "<ul class=\"legend\"><li class=\"what\">" +
             base::escape_html(context_.say(composition->title)) + "</li>";
      for (std::size_t c = 0; c < composition->categories.size(); ++c) {
        out += "<li><span class=\"swatch " + category_fill(*composition, c) + "\"></span>" +
               word_html(context_, composition->categories[c].label) + "</li>";
      }
      if (!composition->hidden.empty()) {
        out += "<li><span class=\"swatch c-hid\"></span>" + withheld(context_) + "</li>";
      }
      out += "</ul>";
    }
    return out;
  }

  std::string draw_panel(std::size_t number, std::size_t begin, std::size_t end) {
    Picture picture(id_ + "-svg-" + std::to_string(number), kWidth,
                    px(22) + static_cast<Tenths>(end - begin) * px(20));
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      picture.text(left_of(i), px(13), fitted(context_.say(shown_[i]->title), 11, bar_), "s dim");
    }
    picture.text(px(206), px(13), context_.say("đảng viên", "members"), "s dim", Anchor::kEnd);
    picture.line(0, px(17), kWidth, px(17), "rule");
    for (std::size_t row = begin; row < end; ++row) {
      const Tenths y = px(22) + static_cast<Tenths>(row - begin) * px(20);
      picture.text(0, y + px(12), fitted(short_label(row), 12, px(168)), "t12");
      picture.text(px(206), y + px(12), context_.say.number(members(row)), "num12", Anchor::kEnd);
      for (std::size_t i = 0; i < shown_.size(); ++i) {
        stacked_bar(picture, {left_of(i), y + px(2), bar_, px(13)}, members(row),
                    segments(*shown_[i], row));
      }
    }
    const Wording& say = context_.say;
    return picture.finish(
        say("Cơ cấu đảng viên từng tổ chức, hình ", "Members unit by unit, picture ") +
            std::to_string(number + 1),
        say("Mỗi hàng một tổ chức, mỗi thanh chia theo tỷ lệ; số liệu ở bảng bên dưới",
            "A row a unit, each bar divided by shares; the table below has the figures"),
        context_.mark());
  }

  std::vector<Segment> segments(const Composition& composition, std::size_t row) const {
    std::vector<Segment> out;
    std::int64_t hidden = members(row);
    for (std::size_t c = 0; c < composition.categories.size(); ++c) {
      if (is_hidden(composition, row, c)) continue;
      const std::int64_t value = count(composition, row, c);
      hidden -= value;
      if (value == 0) continue;
      out.push_back({value,
                     category_fill(composition, c),
                     {},
                     label(row) + " · " + context_.say(composition.categories[c].label) + ": " +
                         context_.say.number(value)});
    }
    if (hidden > 0) out.push_back({hidden, "c-hid", {}, withheld(context_)});
    return out;
  }

  std::string table() const {
    const Wording& say = context_.say;
    DataTable table(say("Cơ cấu đảng viên từng tổ chức", "Members unit by unit"));
    std::vector<std::string> titles = {say("tổ chức", "unit"), say("đảng viên", "members")};
    for (const Composition* composition : shown_) {
      for (const Category& category : composition->categories) {
        titles.push_back(base::escape_html(say(composition->title) + ": ") +
                         word_html(context_, category.label));
      }
    }
    table.head(titles);
    const std::size_t rows = tops_.units.size() + (tops_.rest.empty() ? 0 : 1);
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<std::string> cells = {label_html(row), say.number(members(row))};
      for (const Composition* composition : shown_) {
        for (std::size_t c = 0; c < composition->categories.size(); ++c) {
          cells.push_back(is_hidden(*composition, row, c)
                              ? withheld(context_)
                              : say.number(count(*composition, row, c)));
        }
      }
      table.row(cells);
    }
    return table.finish();
  }

  const Context& context_;
  std::vector<const Composition*> shown_;
  std::string id_;
  Selection tops_;
  Tenths bar_ = 0;
};

std::string unit_bars(const Context& context) {
  std::vector<const Composition*> shown;
  for (const std::string_view column : {"standing", "sex", "youth_union"}) {
    const Composition* composition = context.model.find(column);
    if (composition != nullptr && composition->has_units()) shown.push_back(composition);
  }
  if (shown.empty() || context.model.tops.empty()) return {};
  return UnitBars(context, shown, "units-composition", select_tops(context.model, kMostUnits))
      .draw(context.say("Từng tổ chức", "Unit by unit"), {});
}

// Sensitive attributes: only units of which something is shown have a row, and nothing is summed up
// for the others.
std::string sensitive_bars(const Context& context) {
  const Model& model = context.model;
  std::vector<const Composition*> shown;
  for (const Composition& composition : model.compositions) {
    if (composition.is_sensitive && composition.has_units()) shown.push_back(&composition);
  }
  if (shown.empty() || model.tops.empty()) return {};
  Selection tops;
  std::size_t without = 0;
  for (const std::uint32_t unit : select_tops(model, kMostUnits).units) {
    if (model.units[unit].below == 0) continue;
    bool has_any = false;
    for (const Composition* composition : shown) {
      for (std::size_t c = 0; c < composition->categories.size(); ++c) {
        has_any = has_any || (!composition->is_hidden(unit, c) && composition->count(unit, c) > 0 &&
                              !composition->categories[c].is_missing);
      }
    }
    if (has_any) {
      tops.units.push_back(unit);
    } else {
      ++without;
    }
  }
  const Wording& say = context.say;
  std::string note;
  if (without > 0) {
    note = say.count(static_cast<std::int64_t>(without), "tổ chức không có hàng", "unit has no row",
                     "units have no row") +
           say(": nêu số nào cũng lộ ra một số dưới ", ": every figure would tell a count below ") +
           std::to_string(kSmallest) + ".";
  }
  if (tops.units.empty())
    return note.empty() ? note : element("p", "note", base::escape_html(note));
  return UnitBars(context, shown, "units-sensitive", std::move(tops))
      .draw(say("Dân tộc, tôn giáo, từng tổ chức", "Ethnicity and religion, unit by unit"), note);
}

}  // namespace

std::string composition_section(const Context& context) {
  const Wording& say = context.say;
  if (context.model.compositions.empty()) return {};
  std::string figures = "<div class=\"panels\">";
  std::string words;
  for (const Composition& composition : context.model.compositions) {
    if (is_worth_drawing(composition)) {
      figures += WholeFigure(context, composition).draw();
    } else {
      words += in_words(context, composition);
    }
  }
  figures += "</div>";
  if (!words.empty())
    figures += "<ul class=\"in-words\" id=\"composition-words\">" + words + "</ul>";
  figures += unit_bars(context) + sensitive_bars(context);
  return section(word_of(Part::kComposition), say("Cơ cấu đảng viên", "Members"), {}, figures);
}

}  // namespace dangbo::inline v1::report
