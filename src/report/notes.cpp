// What the data lacks, what the page leaves out and why, what a figure means, and every question
// that was asked.
#include <algorithm>

#include "dangbo/party/vocabulary.hpp"
#include "report/html.hpp"
#include "report/suppress.hpp"

namespace dangbo::inline v1::report {

namespace {

std::string list(const std::vector<std::string>& items) {
  std::string out = "<ul>";
  for (const std::string& item : items) out += "<li>" + item + "</li>";
  return out + "</ul>";
}

std::string block(const char* id, const std::string& title, const std::string& content) {
  return "<div class=\"block\" id=\"" + std::string(id) + "\"><h3>" + title + "</h3>" + content +
         "</div>";
}

// ---- what is missing

// Units that lack something, the first few by name.
std::string units_without(const Context& context, const std::string& what,
                          const std::vector<std::uint32_t>& units) {
  constexpr std::size_t kNamed = 8;
  std::string out = base::escape_html(
      context.say.count(static_cast<std::int64_t>(units.size()), "tổ chức ", "unit ", "units ") +
      what + ": ");
  for (std::size_t i = 0; i < std::min(kNamed, units.size()); ++i) {
    if (i > 0) out += ", ";
    out += name_html(context, context.model.units[units[i]], 60);
  }
  if (units.size() > kNamed) out += ", …";
  return out;
}

void add_units(const Context& context, std::vector<std::string>& items) {
  const Wording& say = context.say;
  std::vector<std::uint32_t> empty;
  std::vector<std::uint32_t> nameless;
  std::vector<std::uint32_t> classless;
  std::vector<std::uint32_t> kindless;
  for (std::uint32_t i = 0; i < context.model.units.size(); ++i) {
    const Unit& unit = context.model.units[i];
    if (unit.below == 0) empty.push_back(i);
    if (unit.name.empty()) nameless.push_back(i);
    if (unit.unit_class == kNone) classless.push_back(i);
    if (unit.kind == kNone) kindless.push_back(i);
  }
  if (!empty.empty()) {
    items.push_back(units_without(
        context, say("đang hoạt động mà không có đảng viên nào", "in force without any member"),
        empty));
  }
  if (!nameless.empty()) {
    items.push_back(units_without(
        context, say("không ghi tên, hiện bằng mã", "without a name, shown by key"), nameless));
  }
  if (!classless.empty()) {
    items.push_back(units_without(context, say("không ghi cấp", "without a class"), classless));
  }
  if (!kindless.empty()) {
    items.push_back(units_without(context, say("không ghi loại", "without a kind"), kindless));
  }
}

void add_attributes(const Context& context, std::vector<std::string>& items) {
  const Wording& say = context.say;
  for (const Composition& composition : context.model.compositions) {
    for (std::size_t c = 0; c < composition.categories.size(); ++c) {
      // A box ticked or left empty is not a value that is missing.
      if (!composition.categories[c].is_missing || composition.column == "youth_union") continue;
      if (!composition.hidden_total.empty() && composition.hidden_total[c]) continue;
      items.push_back(base::escape_html(members_text(context, composition.total[c]) +
                                        say(" không ghi: ", " without: ") +
                                        say(composition.title)));
    }
    if (composition.is_without_units) {
      items.push_back(base::escape_html(
          say("Quá nhiều ô để đếm từng tổ chức theo: ", "Too many cells to count unit by unit: ") +
          say(composition.title)));
    }
  }
  std::string columns;
  for (const base::Message& title : context.model.empty_columns) {
    columns += (columns.empty() ? "" : ", ") + say(title);
  }
  if (!columns.empty()) {
    items.push_back(
        base::escape_html(say("Không đảng viên nào có: ", "No member has: ") + columns));
  }
}

std::string missing(const Context& context) {
  const Wording& say = context.say;
  const Model& model = context.model;
  std::vector<std::string> items;
  add_units(context, items);
  add_attributes(context, items);
  if (model.request.has(Part::kGrades) && model.grades.year.empty()) {
    items.push_back(say("Không có xếp loại nào dùng được cho ngày này.",
                        "There are no grades that can be used on this day."));
  }
  const auto events = model.view.snapshot().rows("unit_events");
  if (model.reorganisation && (!events || events->size() == 0)) {
    items.push_back(say("Không có bảng biến động tổ chức: trước và sau chỉ so hai cây.",
                        "There is no table of unit events: before and after compares two trees."));
  }
  if (items.empty()) {
    items.push_back(say("Không thấy thiếu gì trong những gì trang này dùng.",
                        "Nothing that this page uses was found missing."));
  }
  return block("missing", say("Dữ liệu còn thiếu", "What the data lacks"), list(items));
}

// ---- what is left out

std::string left_out(const Context& context) {
  const Wording& say = context.say;
  const Model& model = context.model;
  std::vector<std::string> items;
  if (!model.is_public()) {
    items.push_back(
        say("Trang dành cho nội bộ: dân tộc, tôn giáo được nêu đủ mọi cấp. Không công bố "
            "trang này.",
            "An internal page: ethnicity and religion are shown at every level. Do not "
            "publish it."));
    return block("left-out", say("Trang này không nêu gì", "What the page leaves out"),
                 list(items));
  }
  items.push_back(base::escape_html(
      say("Dân tộc và tôn giáo là dữ liệu nhạy cảm theo luật. Số dưới ",
          "Ethnicity and religion are sensitive by law. Counts below ") +
      std::to_string(kSmallest) +
      say(" (kể cả 0), và mọi số của tổ chức dưới cấp cơ sở, không được nêu; thêm một số ô "
          "cũng giữ lại để không ai cộng trừ mà tìm ra được.",
          " (0 too), and all of units below grassroots level, are not shown; some more are "
          "held back so that nobody can find them by adding and subtracting.")));
  for (const Composition& composition : model.compositions) {
    if (!composition.is_sensitive) continue;
    const auto whole =
        std::count(composition.hidden_total.begin(), composition.hidden_total.end(), true);
    const auto units = std::count(composition.hidden.begin(), composition.hidden.end(), true);
    items.push_back(
        base::escape_html(say(composition.title) + ": " +
                          say.count(whole, "nhóm của cả trang", "group of the whole page",
                                    "groups of the whole page") +
                          say(" và ", " and ") +
                          say.count(units, "ô của từng tổ chức không nêu", "cell of units withheld",
                                    "cells of units withheld")));
  }
  if (model.movements && model.movements->is_grouped) {
    items.push_back(base::escape_html(
        say("Tăng, giảm đảng viên: lý do có ít hơn ",
            "Movement of members: reasons with fewer than ") +
        std::to_string(kSmallest) +
        say(" người được gộp với lý do khác.", " members are taken together with others.")));
  }
  if (model.movements && model.movements->is_low) {
    items.push_back(say("Tăng, giảm đảng viên: không nêu lý do của tổ chức dưới cấp cơ sở.",
                        "Movement of members: no reasons are shown of a unit below grassroots "
                        "level."));
  }
  const auto withheld = std::count_if(model.figures.begin(), model.figures.end(),
                                      [](const ShownFigure& figure) { return figure.is_withheld; });
  if (withheld > 0) {
    items.push_back(
        base::escape_html(say.count(withheld, "số đã công bố không kèm số tính được",
                                    "published figure has no computed one beside it",
                                    "published figures have no computed one beside them")));
  }
  return block("left-out", say("Trang này không nêu gì", "What the page leaves out"), list(items));
}

// ---- what a figure means

std::string meaning(const Context& context) {
  const Wording& say = context.say;
  const std::vector<std::string> items = {
      say("Đảng viên của một tổ chức trong một ngày: người sinh hoạt chính thức ở đó trong ngày "
          "ấy; "
          "ngày chuyển đi hoặc từ trần là ngày đầu tiên không tính.",
          "Members of a unit on a day: those whose home it is on that day; the day one leaves or "
          "dies is the first not counted."),
      say("Gồm cả cấp dưới: tổ chức ấy và mọi tổ chức bên dưới theo cây của đúng ngày đó. Riêng: "
          "chỉ "
          "tổ chức ấy.",
          "With all below: the unit and every unit below it in the tree of that very day. Own: "
          "that "
          "unit alone."),
      say("Dự bị: đã vào Đảng, chưa đến ngày chính thức. Không có ngày nào thì không rõ, không "
          "đoán.",
          "Probationary: joined and not yet full. Without either date it is unknown and not "
          "guessed."),
      say("Tỷ lệ tính sau cùng từ số nguyên, làm tròn hai chữ số thập phân; cộng lại có thể lệch "
          "100%.",
          "Shares are computed last, from whole numbers, rounded to two decimals; they may not add "
          "up to 100%."),
  };
  return block("meaning", say("Con số nghĩa là gì", "What a figure means"), list(items));
}

// ---- questions

std::string sources(const Context& context) {
  const Wording& say = context.say;
  std::string items;
  for (const Asked& asked : context.model.asked) {
    items += "<li><span>" + base::escape_html(say(asked.what)) + ", " +
             base::escape_html(say.date(asked.on)) + "</span><code>" +
             base::escape_html(clean(asked.query, 600)) + "</code>";
    for (const base::Message& note : asked.notes) {
      items += "<small>" + base::escape_html(say(note)) + "</small>";
    }
    items += "</li>";
  }
  return "<details class=\"block\" id=\"questions\"><summary>" +
         say("Các câu hỏi đã dùng (docs/query.md)", "The questions asked (docs/query.md)") +
         "</summary><ol class=\"questions\">" + items + "</ol></details>";
}

}  // namespace

std::string notes_section(const Context& context) {
  const Wording& say = context.say;
  return section(word_of(Part::kNotes), say("Ghi chú", "Notes"), {},
                 "<div class=\"blocks\">" + missing(context) + left_out(context) +
                     meaning(context) + "</div>" + sources(context));
}

}  // namespace dangbo::inline v1::report
