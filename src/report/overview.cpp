// The first look: a few numbers and the whole organisation in one picture.
#include <algorithm>

#include "dangbo/party/vocabulary.hpp"
#include "report/html.hpp"
#include "report/treemap.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr std::size_t kMostTiles = 140;
constexpr std::size_t kMostInnerTiles = 2500;
constexpr Tenths kWidth = px(920);
constexpr Tenths kHeight = px(480);

// ---- numbers

std::string key_number(const std::string& id, const std::string& value, const std::string& label,
                       const std::string& more) {
  std::string out = "<div class=\"key\" id=\"key-" + id + "\"><dt>" + base::escape_html(label) +
                    "</dt><dd><b>" + value + "</b>";
  if (!more.empty()) out += element("span", "", base::escape_html(more));
  return out + "</dd></div>";
}

std::int64_t count_of(const std::vector<Count>& counts, std::string_view word) {
  for (const Count& count : counts) {
    if (count.word == word) return count.count;
  }
  return 0;
}

// The members of one word of an attribute, with their share.
std::string key_of(const Context& context, std::string_view column, std::string_view vietnamese,
                   const std::string& label) {
  const Composition* composition = context.model.find(column);
  if (composition == nullptr || composition->base == 0) return {};
  for (std::size_t c = 0; c < composition->categories.size(); ++c) {
    if (composition->categories[c].label.vi != vietnamese) continue;
    const std::int64_t count = composition->total[c];
    const double percent =
        static_cast<double>((count * 20'000 + composition->base) / (composition->base * 2)) / 100.0;
    return key_number(std::string(column), context.say.number(count), label,
                      context.say.percent(percent));
  }
  return {};
}

std::string key_numbers(const Context& context) {
  const Model& model = context.model;
  const Wording& say = context.say;
  std::int64_t units = 0;
  for (const Count& kind : model.kinds) units += kind.count;
  std::string out = key_number("members", say.number(model.members), say("đảng viên", "members"),
                               say("cả cấp dưới", "with all below"));
  const std::int64_t grassroots = count_of(model.classes, "grassroots");
  out +=
      key_number("units", say.number(units), say("tổ chức đảng", "units"),
                 grassroots == 0 ? std::string()
                                 : say.number(grassroots) + say(" tổ chức cơ sở", " grassroots"));
  const std::int64_t cells =
      count_of(model.kinds, "cell") + count_of(model.kinds, "grassroots_cell");
  if (cells > 0) {
    out += key_number("cells", say.number(cells), say("chi bộ", "cells"),
                      say("kể cả chi bộ cơ sở", "grassroots cells among them"));
  }
  out += key_of(context, "sex", "nữ", say("nữ", "women"));
  out += key_of(context, "standing", "dự bị", say("dự bị", "probationary"));
  out += key_of(context, "youth_union", "có", say("đoàn viên thanh niên", "youth union members"));
  return "<dl class=\"keys\">" + out + "</dl>";
}

// ---- the picture

// A name in as many lines as a box holds; empty when not even one word fits.
std::vector<std::string> lines_of(std::string_view text, int font, Tenths width, std::size_t most) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty() && lines.size() < most) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (text_width(longer, font) <= width) {
      line = longer;
    } else if (line.empty()) {
      lines.push_back(fitted(word, font, width));
    } else if (lines.size() + 1 == most) {
      line = fitted(line + " " + std::string(text), font, width);
      break;
    } else {
      lines.push_back(std::move(line));
      line = text_width(word, font) <= width ? std::string(word) : fitted(word, font, width);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty() && lines.size() < most) lines.push_back(std::move(line));
  return lines;
}

class TreemapFigure {
 public:
  explicit TreemapFigure(const Context& context)
      : context_(context),
        model_(context.model),
        tiles_(select_tops(model_, kMostTiles)),
        picture_("treemap-svg", kWidth, kHeight) {}

  std::string draw() {
    std::vector<std::int64_t> weights;
    for (const std::uint32_t unit : tiles_.units) weights.push_back(model_.units[unit].below);
    if (!tiles_.rest.empty()) weights.push_back(tiles_.rest_members);
    const std::vector<Box> boxes = treemap(weights, {0, 0, kWidth, kHeight});
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (boxes[i].width > 0 && boxes[i].height > 0) tile(i, inset(boxes[i], 10));
    }
    const Wording& say = context_.say;
    Figure figure;
    figure.id = "treemap";
    figure.title = say("Cả tổ chức trong một hình", "The whole organisation in one picture");
    figure.basis = basis(context_, say("diện tích là số đảng viên, ô nhỏ bên trong là tổ chức trực "
                                       "thuộc, tổng ",
                                       "area is members, inner boxes are units below, in all ") +
                                       members_text(context_, model_.members));
    figure.pictures = legend() + "<div class=\"scroll wide\">" +
                      picture_.finish(say("Số đảng viên của từng tổ chức", "Members of each unit"),
                                      description(), context_.mark()) +
                      "</div>";
    figure.table = table();
    figure.note = note();
    return to_html(context_, figure);
  }

 private:
  static Box inset(const Box& box, Tenths by) {
    return {box.x + by, box.y + by, std::max<Tenths>(box.width - 2 * by, 5),
            std::max<Tenths>(box.height - 2 * by, 5)};
  }

  void tile(std::size_t index, const Box& box) {
    if (index == tiles_.units.size()) {
      picture_.rect(box, "tile c-rest", rest_text());
      label(rest_text(), {}, box, "c-rest");
      return;
    }
    const std::uint32_t at = tiles_.units[index];
    const Unit& unit = model_.units[at];
    const std::string fill = kind_fill(context_, unit.kind);
    picture_.rect(box, "tile " + fill,
                  name_of(unit) + " · " + kind_label(context_, unit.kind) + " · " +
                      members_text(context_, unit.below));
    const Tenths used = label(short_name_of(unit), context_.say.number(unit.below), box, fill);
    const Tenths margin = px(3);
    inner(at, {box.x + margin, box.y + used, box.width - 2 * margin, box.height - used - margin});
  }

  // Units below, as boxes under the name.
  void inner(std::uint32_t at, const Box& box) {
    if (box.width < px(16) || box.height < px(9)) return;
    std::vector<std::int64_t> weights;
    const std::uint32_t end = model_.units[at].end;
    for (std::uint32_t unit = at + 1; unit < end; unit = model_.units[unit].end) {
      if (inner_ + weights.size() >= kMostInnerTiles || weights.size() >= 200) return;
      weights.push_back(model_.units[unit].below);
    }
    inner_ += weights.size();
    for (const Box& part : treemap(weights, box)) {
      if (part.width > 20 && part.height > 20) picture_.rect(inset(part, 5), "inner");
    }
  }

  // Name and number in the upper left corner; the height they take.
  Tenths label(const std::string& name, const std::string& number, const Box& box,
               const std::string& fill) {
    const Tenths room = box.width - px(8);
    if (room < px(16) || box.height < px(15)) return px(3);
    const auto rows = static_cast<std::size_t>((box.height - px(4)) / px(13));
    const bool has_number = !number.empty() && text_width(number, 12) <= room;
    Tenths y = box.y + px(12);
    // A few letters of a name say less than the number.
    if (has_number && (rows == 1 || room < px(40))) {
      picture_.text(box.x + px(4), y, number, "num12 on-" + fill);
      return px(17);
    }
    const std::size_t for_name = has_number ? std::min<std::size_t>(rows - 1, 4) : rows;
    for (const std::string& line : lines_of(name, 11, room, for_name)) {
      picture_.text(box.x + px(4), y, line, "s on-" + fill);
      y += px(13);
    }
    if (has_number) {
      picture_.text(box.x + px(4), y, number, "num12 on-" + fill);
      y += px(13);
    }
    return y - box.y - px(8);
  }

  std::string rest_text() const {
    return context_.say.count(static_cast<std::int64_t>(tiles_.rest.size()),
                              "tổ chức nhỏ hơn, gộp lại", "smaller unit, taken together",
                              "smaller units, taken together") +
           " · " + members_text(context_, tiles_.rest_members);
  }

  std::string legend() const {
    std::vector<std::uint32_t> kinds;
    for (const std::uint32_t unit : tiles_.units) {
      const std::uint32_t kind = model_.units[unit].kind;
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
    std::string out = "<ul class=\"legend\">";
    for (const std::uint32_t kind : kinds) {
      out += "<li><span class=\"swatch " + kind_fill(context_, kind) + "\"></span>" +
             base::escape_html(kind_label(context_, kind)) + "</li>";
    }
    return out + "</ul>";
  }

  std::string description() const {
    const Wording& say = context_.say;
    return say.count(static_cast<std::int64_t>(tiles_.units.size()), "ô, mỗi ô một tổ chức",
                     "box, a unit", "boxes, one a unit") +
           say("; số liệu ở bảng bên dưới", "; the table below has the figures");
  }

  std::string table() const {
    const Wording& say = context_.say;
    DataTable table(say("Số đảng viên của từng tổ chức", "Members of each unit"));
    table.head({say("tổ chức", "unit"), say("mã", "key"), say("loại", "kind"),
                say("đảng viên, cả cấp dưới", "members, with below"),
                say("đảng viên, riêng", "members, own")});
    for (const std::uint32_t at : tiles_.units) {
      const Unit& unit = model_.units[at];
      table.row({name_html(context_, unit), bdi(context_, unit.key, kKeyLimit),
                 base::escape_html(kind_label(context_, unit.kind)), say.number(unit.below),
                 say.number(unit.own)});
    }
    if (!tiles_.rest.empty()) {
      table.row({base::escape_html(say.count(static_cast<std::int64_t>(tiles_.rest.size()),
                                             "tổ chức còn lại", "other unit", "other units")),
                 "", "", say.number(tiles_.rest_members), ""});
    }
    if (model_.root != kNone) {
      const Unit& root = model_.units[model_.root];
      table.row({name_html(context_, root), bdi(context_, root.key, kKeyLimit),
                 base::escape_html(kind_label(context_, root.kind)), say.number(root.below),
                 say.number(root.own)},
                "total");
    }
    return table.finish();
  }

  std::string note() const {
    const Wording& say = context_.say;
    std::string out;
    if (!tiles_.rest.empty()) {
      out = base::escape_html(say("Hình vẽ riêng các tổ chức đông nhất; ",
                                  "The largest units have boxes of their own; ") +
                              rest_text() + ". ");
    }
    if (model_.root != kNone && model_.units[model_.root].own > 0) {
      out += base::escape_html(members_text(context_, model_.units[model_.root].own) +
                               say(" sinh hoạt ngay tại cấp này, không có ô riêng.",
                                   " stand at this unit itself and have no box."));
    }
    return out;
  }

  const Context& context_;
  const Model& model_;
  Selection tiles_;
  Picture picture_;
  std::size_t inner_ = 0;
};

}  // namespace

std::string overview_section(const Context& context) {
  const Model& model = context.model;
  const Wording& say = context.say;
  std::string content = key_numbers(context);
  if (model.units.empty()) {
    const std::string day = say.date(model.view.day());
    content += element(
        "p", "empty",
        base::escape_html(
            model.is_in_force
                ? say("Không có tổ chức nào hoạt động trong ngày ", "No unit is in force on ") +
                      day + "."
                : say("Tổ chức này không hoạt động trong ngày ", "This unit is not in force on ") +
                      day + "."));
  } else if (model.members == 0) {
    content += element("p", "empty",
                       say("Không có đảng viên nào trong ngày này, nên không vẽ hình theo số đảng "
                           "viên.",
                           "Nobody is a member on this day, so there is no picture by members."));
  } else if (!model.tops.empty()) {
    content += TreemapFigure(context).draw();
  }
  return section(word_of(Part::kOverview), say("Tổng quan", "Overview"), {}, content);
}

}  // namespace dangbo::inline v1::report
