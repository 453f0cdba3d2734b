// Grades: units by kind, unit by unit, members, and units year by year.
#include <algorithm>
#include <numeric>

#include "dangbo/party/vocabulary.hpp"
#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr Tenths kWidth = px(460);
constexpr Tenths kBarLeft = px(150);
constexpr Tenths kBarWidth = px(258);
constexpr std::size_t kMostUnits = 80;
constexpr std::size_t kRowsOfPanel = 20;

class GradeFigures {
 public:
  explicit GradeFigures(const Context& context)
      : context_(context), say_(context.say), grades_(context.model.grades) {}

  std::string draw() {
    std::string out = "<div class=\"panels\">" + kinds() + year_by_year() + "</div>";
    return out + units() + own_grades();
  }

 private:
  [[nodiscard]] std::string grade_label(std::size_t code) const {
    const auto& codes = party::grades()->codes();
    return code < codes.size() ? say_(codes[code].name) : say_("chưa xếp loại", "not graded");
  }

  [[nodiscard]] std::string row_label(const GradeRow& row) const {
    if (row.unit != kNone) return name_of(context_.model.units[row.unit]);
    if (row.label == "members") return say_("đảng viên", "members");
    return kind_label(context_, row.label);
  }

  std::vector<Segment> segments(const GradeRow& row, const std::string& label) const {
    std::vector<Segment> out;
    for (const std::size_t code : by_rank()) {
      if (row.counts[code] == 0) continue;
      out.push_back({row.counts[code], grade_fill(code), say_.number(row.counts[code]),
                     label + " · " + grade_label(code) + ": " + say_.number(row.counts[code])});
    }
    return out;
  }

  void bar_row(Picture& picture, const GradeRow& row, const std::string& label, Tenths y) const {
    picture.text(0, y + px(14), fitted(label, 12, kBarLeft - px(8)), "t12");
    stacked_bar(picture, {kBarLeft, y, kBarWidth, px(19)}, row.rows, segments(row, label));
    picture.text(kWidth, y + px(14), say_.number(row.rows), "num12", Anchor::kEnd);
  }

  // All grades from the best, "not graded" last.
  static std::vector<std::size_t> by_rank() {
    std::vector<std::size_t> codes(party::grades()->codes().size() + 1);
    std::iota(codes.begin(), codes.end(), std::size_t{0});
    std::stable_sort(codes.begin(), codes.end(),
                     [](std::size_t a, std::size_t b) { return grade_rank(a) < grade_rank(b); });
    return codes;
  }

  // Grades that occur.
  [[nodiscard]] std::vector<std::size_t> met(const std::vector<GradeRow>& rows) const {
    std::vector<std::size_t> codes;
    for (const std::size_t code : by_rank()) {
      const bool is_met = std::any_of(rows.begin(), rows.end(),
                                      [&](const GradeRow& row) { return row.counts[code] > 0; });
      if (is_met) codes.push_back(code);
    }
    return codes;
  }

  std::string legend(const std::vector<GradeRow>& rows) const {
    std::string out = "<ul class=\"legend\">";
    for (const std::size_t code : met(rows)) {
      out += "<li><span class=\"swatch " + grade_fill(code) + "\"></span>" +
             base::escape_html(grade_label(code)) + "</li>";
    }
    return out + "</ul>";
  }

  template <typename Label>
  std::string table(const std::string& caption, const std::vector<GradeRow>& rows, Label label,
                    bool has_all) const {
    DataTable table(caption);
    std::vector<std::string> titles = {say_("đối tượng", "subject")};
    const std::vector<std::size_t> codes = met(rows);
    for (const std::size_t code : codes) titles.push_back(base::escape_html(grade_label(code)));
    titles.push_back(say_("số dòng đánh giá", "rows of evaluation"));
    if (has_all) titles.push_back(say_("hiện có trong ngày", "in all on the day"));
    table.head(titles);
    for (const GradeRow& row : rows) {
      std::vector<std::string> cells = {row.unit != kNone
                                            ? name_html(context_, context_.model.units[row.unit])
                                            : base::escape_html(label(row))};
      for (const std::size_t code : codes) cells.push_back(say_.number(row.counts[code]));
      cells.push_back(say_.number(row.rows));
      if (has_all) cells.push_back(row.all < 0 ? "" : say_.number(row.all));
      table.row(cells);
    }
    return table.finish();
  }

  std::string year_basis() const {
    return basis(context_, say_("đánh giá năm ", "evaluations of ") + grades_.year +
                               say_(" · cơ số: số đã có dòng đánh giá",
                                    " · base: those with a row of evaluation"));
  }

  std::string kinds() const {
    Picture picture("grades-kinds-svg", kWidth, static_cast<Tenths>(grades_.kinds.size()) * px(26));
    Tenths y = 0;
    for (const GradeRow& row : grades_.kinds) {
      bar_row(picture, row, row_label(row), y);
      y += px(26);
    }
    Figure figure;
    figure.id = "grades-kinds";
    figure.title = say_("Xếp loại năm ", "Grades of ") + grades_.year;
    figure.basis = year_basis();
    figure.pictures =
        legend(grades_.kinds) +
        picture.finish(say_("Xếp loại theo loại tổ chức và đảng viên", "Grades by kind of unit"),
                       say_("Mỗi hàng một loại, thanh chia theo mức xếp loại; số ở cuối hàng là "
                            "tổng",
                            "A row a kind, bars divided by grade, totals at the end"),
                       context_.mark());
    figure.table = table(
        say_("Xếp loại năm ", "Grades of ") + grades_.year, grades_.kinds,
        [&](const GradeRow& row) { return row_label(row); }, true);
    figure.note = base::escape_html(without_row());
    return to_html(context_, figure);
  }

  // Who could have been graded and has no row at all.
  std::string without_row() const {
    std::string out;
    bool has_members = false;
    for (const GradeRow& row : grades_.kinds) {
      has_members = has_members || row.label == "members";
      if (row.all <= row.rows) continue;
      out += (out.empty() ? say_("Không có dòng đánh giá: ", "Without a row of evaluation: ")
                          : std::string("; ")) +
             say_.number(row.all - row.rows) + " " + row_label(row);
    }
    if (!out.empty()) out += ". ";
    if (!has_members) {
      out += say_("Năm này không có đánh giá đảng viên nào trong dữ liệu.",
                  "The data has no evaluation of members for this year.");
    }
    return out;
  }

  std::string year_by_year() const {
    if (grades_.years.size() < 2) return {};
    Picture picture("grades-years-svg", kWidth, static_cast<Tenths>(grades_.years.size()) * px(26));
    Tenths y = 0;
    for (const GradeRow& row : grades_.years) {
      bar_row(picture, row, row.label, y);
      y += px(26);
    }
    Figure figure;
    figure.id = "grades-years";
    figure.title = say_("Tổ chức đảng, từng năm", "Units, year by year");
    figure.basis = basis(context_, say_("tổ chức của cây ngày này, theo đánh giá từng năm",
                                        "units of this day's tree, by each year's evaluations"));
    figure.pictures =
        legend(grades_.years) +
        picture.finish(say_("Xếp loại tổ chức từng năm", "Grades of units year by year"),
                       say_("Mỗi hàng một năm; số ở cuối hàng là tổng",
                            "A row a year, totals at "
                            "the end"),
                       context_.mark());
    figure.table = table(
        say_("Xếp loại tổ chức từng năm", "Grades of units year by year"), grades_.years,
        [](const GradeRow& row) { return row.label; }, false);
    figure.note = say_("Tên các mức thay đổi theo quy định từng năm; màu đặt theo thứ bậc.",
                       "The names of grades change with each year's rules; colours follow rank.");
    return to_html(context_, figure);
  }

  // Graded members, unit by unit.
  std::string units() const {
    if (grades_.units.empty()) return {};
    std::vector<GradeRow> rows;
    const Selection tops = select_tops(context_.model, kMostUnits);
    for (const GradeRow& row : grades_.units) {
      const bool is_shown = std::binary_search(tops.units.begin(), tops.units.end(), row.unit);
      if (is_shown && row.rows > 0) rows.push_back(row);
    }
    if (rows.empty()) return {};
    const std::size_t panels = (rows.size() + kRowsOfPanel - 1) / kRowsOfPanel;
    const std::size_t each = (rows.size() + panels - 1) / panels;
    Figure figure;
    figure.id = "grades-units";
    figure.classes = "wide-figure";
    figure.title = say_("Đảng viên, từng tổ chức", "Members, unit by unit");
    figure.basis = year_basis();
    figure.pictures = legend(rows) + "<div class=\"panels\">";
    for (std::size_t panel = 0; panel < panels; ++panel) {
      const std::size_t begin = panel * each;
      const std::size_t end = std::min(rows.size(), begin + each);
      Picture picture("grades-units-svg-" + std::to_string(panel), kWidth,
                      static_cast<Tenths>(end - begin) * px(24));
      for (std::size_t i = begin; i < end; ++i) {
        bar_row(picture, rows[i], row_label(rows[i]), static_cast<Tenths>(i - begin) * px(24));
      }
      figure.pictures += picture.finish(
          say_("Xếp loại đảng viên từng tổ chức, hình ", "Grades of members, picture ") +
              std::to_string(panel + 1),
          say_("Mỗi hàng một tổ chức", "A row a unit"), context_.mark());
    }
    figure.pictures += "</div>";
    figure.table = table(
        say_("Xếp loại đảng viên từng tổ chức", "Grades of members, unit by unit"), rows,
        [&](const GradeRow& row) { return row_label(row); }, true);
    const std::size_t left = grades_.units.size() - rows.size();
    if (left > 0) {
      figure.note = base::escape_html(
          say_.count(static_cast<std::int64_t>(left),
                     "tổ chức không có đánh giá đảng viên, hoặc nhỏ hơn, không vẽ",
                     "unit without evaluations, or smaller, is not drawn",
                     "units without evaluations, or smaller, are not drawn"));
    }
    return to_html(context_, figure);
  }

  // Which unit has which grade: lists, one a grade, for what is counted above.
  std::string own_grades() const {
    if (grades_.own.empty()) return {};
    const Model& model = context_.model;
    constexpr std::size_t kMostNames = 200;
    std::string out;
    for (std::size_t code = 0; code < party::grades()->codes().size(); ++code) {
      std::string names;
      std::size_t count = 0;
      for (const std::uint32_t unit : model.tops) {
        if (grades_.own[unit] != code) continue;
        if (++count <= kMostNames)
          names += "<li>" + name_html(context_, model.units[unit]) + "</li>";
      }
      if (count == 0) continue;
      if (count > kMostNames) names += "<li>…</li>";
      out += "<details class=\"names\"><summary><span class=\"swatch " + grade_fill(code) +
             "\"></span>" + base::escape_html(grade_label(code)) + ": " +
             base::escape_html(
                 say_.count(static_cast<std::int64_t>(count), "tổ chức", "unit", "units")) +
             "</summary><ul class=\"names-list\">" + names + "</ul></details>";
    }
    if (out.empty()) return {};
    return "<div class=\"own\" id=\"grades-own\"><h3>" +
           say_("Từng tổ chức trực thuộc được xếp loại", "The grade of each unit below") +
           "</h3><p class=\"basis\">" + year_basis() + "</p>" + out + "</div>";
  }

  const Context& context_;
  Wording say_;
  const Grades& grades_;
};

}  // namespace

std::string grades_section(const Context& context) {
  const Wording& say = context.say;
  const Grades& grades = context.model.grades;
  if (context.model.units.empty()) return {};
  std::string content;
  if (grades.year.empty()) {
    content = element("p", "empty",
                      say("Dữ liệu không có xếp loại của năm nào đã hết trong ngày này.",
                          "The data has no grades of a year that is over on this day."));
  } else {
    content = GradeFigures(context).draw();
  }
  if (!grades.later.empty()) {
    content += element(
        "p", "note",
        base::escape_html(say("Dữ liệu còn có xếp loại năm ", "The data also has grades of ") +
                          grades.later +
                          say("; năm đó chưa hết trong ngày này nên không nêu.",
                              "; that year is not over on this day, so they are not shown.")));
  }
  return section(word_of(Part::kGrades), say("Đánh giá, xếp loại", "Grades"), {}, content);
}

}  // namespace dangbo::inline v1::report
