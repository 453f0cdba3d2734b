// Opening, who came, who left, closing: a bar a line, each beginning where the one above ends.
#include <algorithm>

#include "report/html.hpp"

namespace dangbo::inline v1::report {

namespace {

constexpr Tenths kWidth = px(620);
constexpr Tenths kLeft = px(214);
constexpr Tenths kRight = px(560);
constexpr Tenths kRow = px(27);
constexpr Tenths kBar = px(17);

class MovementFigure {
 public:
  explicit MovementFigure(const Context& context)
      : context_(context),
        say_(context.say),
        facts_(*context.model.movements),
        picture_("movements-svg", kWidth, kRow * static_cast<Tenths>(line_count())) {
    for (const Movement& movement : facts_.in) total_in_ += movement.members;
    for (const Movement& movement : facts_.out) total_out_ += movement.members;
    const std::int64_t low = std::min(facts_.opening, facts_.closing);
    high_ = facts_.opening + total_in_;
    // Where little moves among many, the axis begins near those who stayed.
    const std::int64_t moved = std::max<std::int64_t>(total_in_ + total_out_, 1);
    if (low > 4 * moved) floor_ = low - 2 * moved;
  }

  std::string draw() {
    bar(opening_label(), 0, facts_.opening, "c0", say_.number(facts_.opening));
    std::int64_t level = facts_.opening;
    for (const Movement& movement : facts_.in) {
      bar(say_(movement.label), level, level + movement.members, "gain",
          say_.signed_number(movement.members));
      level += movement.members;
    }
    for (const Movement& movement : facts_.out) {
      bar(say_(movement.label), level - movement.members, level, "loss",
          say_.signed_number(-movement.members));
      level -= movement.members;
    }
    bar(closing_label(), 0, facts_.closing, "c0", say_.number(facts_.closing));
    Figure figure;
    figure.id = "movements-figure";
    figure.classes = "wide-figure";
    figure.title = say_("Từ đầu kỳ đến cuối kỳ", "From opening to closing");
    figure.basis =
        base::escape_html(say_.date(facts_.eve) + say_(" đến ", " to ") + say_.date(facts_.last) +
                          say_(" · cây tổ chức của từng ngày · gồm cả cấp dưới",
                               " · the tree of each day · with all below"));
    figure.pictures = picture_.finish(say_("Tăng, giảm đảng viên", "Movement of members"),
                                      description(), context_.mark());
    figure.table = table();
    figure.note = base::escape_html(note());
    return to_html(context_, figure);
  }

 private:
  [[nodiscard]] std::size_t line_count() const { return facts_.in.size() + facts_.out.size() + 2; }

  [[nodiscard]] std::string opening_label() const {
    return say_("đầu kỳ, ", "opening, ") + say_.date(facts_.eve);
  }
  [[nodiscard]] std::string closing_label() const {
    return say_("cuối kỳ, ", "closing, ") + say_.date(facts_.last);
  }

  [[nodiscard]] Tenths x_of(std::int64_t members) const {
    return kLeft + scaled(std::max(members - floor_, std::int64_t{0}),
                          std::max<std::int64_t>(high_ - floor_, 1), kRight - kLeft);
  }

  void bar(const std::string& label, std::int64_t from, std::int64_t until, const char* classes,
           const std::string& number) {
    const Tenths y = kRow * line_++;
    picture_.text(0, y + px(14), fitted(label, 12, kLeft - px(8)), "t12");
    const Tenths x = x_of(from);
    const Tenths width = std::max<Tenths>(x_of(until) - x, until > from ? 10 : 0);
    picture_.rect({x, y, width, kBar}, classes, label + ": " + number);
    picture_.text(kWidth, y + px(14), number, "num12", Anchor::kEnd);
  }

  [[nodiscard]] std::string description() const {
    return say_("Đầu kỳ ", "Opening ") + say_.number(facts_.opening) + say_(", tăng ", ", in ") +
           say_.number(total_in_) + say_(", giảm ", ", out ") + say_.number(total_out_) +
           say_(", cuối kỳ ", ", closing ") + say_.number(facts_.closing);
  }

  [[nodiscard]] std::string table() const {
    DataTable table(say_("Tăng, giảm đảng viên", "Movement of members"));
    table.head({say_("khoản", "item"), say_("đảng viên", "members")});
    table.row({base::escape_html(opening_label()), say_.number(facts_.opening)}, "total");
    for (const Movement& movement : facts_.in) {
      table.row({base::escape_html(say_("tăng: ", "in: ") + say_(movement.label)),
                 say_.number(movement.members)});
    }
    table.row({say_("tăng, cộng", "in, together"), say_.number(total_in_)}, "total");
    for (const Movement& movement : facts_.out) {
      table.row({base::escape_html(say_("giảm: ", "out: ") + say_(movement.label)),
                 say_.number(movement.members)});
    }
    table.row({say_("giảm, cộng", "out, together"), say_.number(total_out_)}, "total");
    table.row({base::escape_html(closing_label()), say_.number(facts_.closing)}, "total");
    return table.finish();
  }

  [[nodiscard]] std::string note() const {
    std::string out;
    if (floor_ > 0) {
      out = say_("Trục ngang bắt đầu từ ", "The horizontal axis begins at ") + say_.number(floor_) +
            say_(", không từ 0. ", ", not at 0. ");
    }
    if (facts_.is_low) {
      out += say_("Lý do không được nêu ở dưới cấp cơ sở. ",
                  "Reasons are not shown below grassroots level. ");
    } else if (facts_.is_grouped) {
      out += say_("Lý do có ít người được gộp lại. ", "Reasons of few members are grouped. ");
    }
    return out +
           say_(
               "Chuyển trong nội bộ tổ chức này không tính; đảng viên đi theo tổ chức được sắp xếp "
               "lại là do sắp xếp tổ chức.",
               "Moves inside this unit do not count; members carried by a unit that was "
               "reorganised "
               "stand under reorganisation.");
  }

  const Context& context_;
  Wording say_;
  const MovementBalance& facts_;
  Picture picture_;
  std::int64_t total_in_ = 0;
  std::int64_t total_out_ = 0;
  std::int64_t high_ = 0;
  std::int64_t floor_ = 0;
  Tenths line_ = 0;
};

}  // namespace

std::string movements_section(const Context& context) {
  if (!context.model.movements) return {};
  return section(word_of(Part::kMovements),
                 context.say("Tăng, giảm đảng viên", "Movement of members"), {},
                 MovementFigure(context).draw());
}

}  // namespace dangbo::inline v1::report
