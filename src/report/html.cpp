#include "report/html.hpp"

#include <algorithm>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::report {

std::string name_of(const Unit& unit, std::size_t limit) {
  const std::string name = clean(unit.name, limit);
  const bool is_blank = name.find_first_not_of(' ') == std::string::npos;
  return is_blank ? clean(unit.key, kKeyLimit) : name;
}

std::string short_name_of(const Unit& unit) {
  const std::string name = name_of(unit);
  for (const std::string_view kind : {"Đảng bộ ", "Chi bộ ", "Tổ đảng "}) {
    if (name.size() > kind.size() + 2 && name.starts_with(kind)) return name.substr(kind.size());
  }
  return name;
}

std::string bdi(const Context& context, std::string_view text, std::size_t limit) {
  return (context.say.is_vietnamese() ? "<bdi>" : "<bdi lang=\"vi\">") +
         base::escape_html(clean(text, limit)) + "</bdi>";
}

std::string word_html(const Context& context, const base::Message& word) {
  constexpr std::size_t kLongest = 60;
  return word.vi == word.en ? bdi(context, word.vi, kLongest)
                            : base::escape_html(clean(context.say(word), kLongest));
}

std::string name_html(const Context& context, const Unit& unit, std::size_t limit) {
  return bdi(context, name_of(unit, limit), limit);
}

std::string kind_label(const Context& context, std::uint32_t kind) {
  const auto& codes = party::unit_kinds()->codes();
  return kind < codes.size() ? context.say(codes[kind].name)
                             : context.say("không ghi loại", "kind not recorded");
}

std::size_t grade_rank(std::size_t code) {
  const std::string fill = grade_fill(code);
  return fill[0] == 'g' ? static_cast<std::size_t>(fill[1] - '0') : 4;
}

std::string kind_label(const Context& context, std::string_view word) {
  const auto code = party::unit_kinds()->find(word);
  return kind_label(context, code.value_or(kNone));
}

std::string members_text(const Context& context, std::int64_t members) {
  return context.say.count(members, "đảng viên", "member", "members");
}

std::string basis(const Context& context, std::string_view base) {
  std::string out = context.say("Ngày ", "On ") + context.say.date(context.model.view.day());
  if (!base.empty()) (out += " · ") += base;
  return base::escape_html(out + context.say(" · gồm cả cấp dưới", " · with all below"));
}

DataTable::DataTable(std::string_view caption) {
  ((out_ += "<div class=\"scroll\"><table><caption>") += base::escape_html(caption)) +=
      "</caption>";
}

void DataTable::head(const std::vector<std::string>& titles) {
  out_ += "<thead><tr>";
  for (const std::string& title : titles) out_ += "<th scope=\"col\">" + title + "</th>";
  out_ += "</tr></thead>";
}

void DataTable::row(const std::vector<std::string>& cells, std::string_view classes) {
  if (!has_body_) out_ += "<tbody>";
  has_body_ = true;
  out_ += classes.empty() ? "<tr>" : "<tr class=\"" + std::string(classes) + "\">";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out_ += i == 0 ? "<th scope=\"row\">" + cells[i] + "</th>" : "<td>" + cells[i] + "</td>";
  }
  out_ += "</tr>";
}

std::string DataTable::finish() const {
  return out_ + (has_body_ ? "</tbody>" : "") + "</table></div>";
}

std::string to_html(const Context& context, const Figure& figure) {
  std::string out = "<figure id=\"" + figure.id + "\" class=\"picture " + figure.classes +
                    "\"><figcaption><h3>" + figure.title + "</h3><p class=\"basis\">" +
                    figure.basis + "</p></figcaption>" + figure.pictures;
  if (!figure.note.empty()) out += "<p class=\"note\">" + figure.note + "</p>";
  if (!figure.table.empty()) {
    out += "<details class=\"data\"><summary>" + context.say("Bảng số liệu", "Table of figures") +
           "</summary>" + figure.table + "</details>";
  }
  return out + "</figure>";
}

std::string section(std::string_view id, std::string_view title, std::string_view lead,
                    std::string_view content) {
  std::string out = "<section id=\"";
  ((out += id) += "\" aria-labelledby=\"h-") += id;
  ((out += "\"><h2 id=\"h-") += id) += "\">";
  (out += title) += "</h2>";
  if (!lead.empty()) out += element("p", "lead", lead);
  return (out += content) += "</section>";
}

void stacked_bar(Picture& picture, const Box& box, std::int64_t whole,
                 const std::vector<Segment>& segments) {
  std::int64_t before = 0;
  constexpr Tenths kGap = 10;
  for (const Segment& segment : segments) {
    const Tenths from = scaled(before, whole, box.width);
    before += segment.count;
    const Tenths until = scaled(before, whole, box.width);
    if (segment.count == 0) continue;
    // A gap parts neighbours; whoever counts stays visible.
    const bool is_last = before == whole;
    const Tenths width = std::max<Tenths>(until - from - (is_last ? 0 : kGap), 5);
    picture.rect({box.x + from, box.y, width, box.height}, segment.classes, segment.tip);
    if (segment.label.empty() || text_width(segment.label, 11) + px(6) > width) continue;
    picture.text(box.x + from + px(4), box.y + box.height / 2 + px(4), segment.label,
                 "s on-" + segment.classes);
  }
}

std::string kind_fill(const Context& context, std::uint32_t kind) {
  const auto& order = context.model.kind_order;
  const auto slot = std::find(order.begin(), order.end(), kind) - order.begin();
  return slot < std::min<std::ptrdiff_t>(6, std::ssize(order)) ? "k" + std::to_string(slot)
                                                               : "c-rest";
}

std::string category_fill(const Composition& composition, std::size_t category) {
  // A box that was not ticked is no gap in the data.
  if (composition.categories[category].is_missing) return composition.is_tick ? "c-void" : "c-miss";
  if (composition.categories[category].is_rest || category >= 8) return "c-rest";
  return "c" + std::to_string(category);
}

std::string grade_fill(std::size_t code) {
  const auto& codes = party::grades()->codes();
  if (code >= codes.size()) return "c-miss";
  const std::string& id = codes[code].id;
  if (id == "excellent" || id == "exemplary" || id == "qualified_excellent") return "g0";
  if (id == "good" || id == "clean_strong" || id == "qualified_good") return "g1";
  return id == "completed" || id == "qualified_completed" ? "g2" : "g3";
}

Selection select_tops(const Model& model, std::size_t most) {
  Selection out;
  out.units = model.tops;
  if (out.units.size() <= most) return out;
  std::stable_sort(out.units.begin(), out.units.end(), [&](std::uint32_t a, std::uint32_t b) {
    return model.units[a].below > model.units[b].below;
  });
  out.rest.assign(out.units.begin() + static_cast<std::ptrdiff_t>(most), out.units.end());
  out.units.resize(most);
  std::sort(out.units.begin(), out.units.end());
  for (const std::uint32_t unit : out.rest) out.rest_members += model.units[unit].below;
  return out;
}

}  // namespace dangbo::inline v1::report
