#include "dangbo/report/lineage.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/registry/lineage.hpp"
#include "report/svg.hpp"
#include "report/text.hpp"

namespace dangbo::inline v1::report {

namespace {

using base::index_of;
using base::kNoUnitSlot;
using base::UnitSlot;
using registry::Lineage;
using registry::UnitEvent;
using time::Date;
using time::DateRange;

constexpr std::size_t kMostDrawn = 300;
constexpr int kFont = 13;
constexpr Tenths kBoxWidth = px(216);
constexpr Tenths kBoxHeight = px(60);
constexpr Tenths kColumnGap = px(190);
constexpr Tenths kRowGap = px(26);
constexpr Tenths kMargin = px(16);
constexpr Tenths kHead = px(34);  // days above the columns
constexpr Tenths kPadding = px(8);

constexpr std::string_view kStyle =
    "svg{background:#fff}"
    "text{font:13px system-ui,\"Segoe UI\",Roboto,\"Noto Sans\",Arial,sans-serif;fill:#1c2430}"
    ".small{font-size:11px;fill:#515c6b}.day{font-weight:600}.mark{font-size:10px;fill:#515c6b}"
    ".mid{text-anchor:middle}.end{text-anchor:end}"
    ".box{fill:#eaf1fb;stroke:#2f5c9e;stroke-width:1}.ended{fill:#f2f2f2;stroke:#7b8492}"
    ".asked{stroke-width:3}"
    ".arrow{fill:none;stroke:#515c6b;stroke-width:1.4}.split{stroke-dasharray:5 4}"
    ".event{font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".tip{fill:#515c6b}.ground{fill:#fff}";

struct Node {
  UnitSlot unit = kNoUnitSlot;
  std::int32_t founded = DateRange::kOpenFrom;
  std::size_t column = 0;
  std::size_t row = 0;
};

struct Arrow {
  std::size_t from = 0;  // nodes
  std::size_t to = 0;
  UnitEvent event;
};

// Units and rows connected with one, nearest first.
class Graph {
 public:
  Graph(const Lineage& lineage, UnitSlot unit) : lineage_(lineage) {
    find_units(unit);
    find_arrows();
    place();
  }

  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] const std::vector<Arrow>& arrows() const noexcept { return arrows_; }
  [[nodiscard]] const std::vector<std::int32_t>& days() const noexcept { return days_; }
  [[nodiscard]] std::size_t left_out() const noexcept { return left_out_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

 private:
  static bool joins(const UnitEvent& event) {
    return registry::is_descent_event(event.event) && event.from != event.to &&
           event.from != kNoUnitSlot && event.to != kNoUnitSlot;
  }

  void find_units(UnitSlot unit) {
    std::set<UnitSlot> seen = {unit};
    std::deque<UnitSlot> pending = {unit};
    while (!pending.empty()) {
      const UnitSlot at = pending.front();
      pending.pop_front();
      if (nodes_.size() == kMostDrawn) {
        ++left_out_;
      } else {
        const auto lives = lineage_.lives(at);
        numbers_.emplace(at, nodes_.size());
        nodes_.push_back(
            {at, lives.empty() ? DateRange::kOpenFrom : lives.front().from_day(), 0, 0});
      }
      for (const auto list : {lineage_.events_from(at), lineage_.events_to(at)}) {
        for (const std::uint32_t number : list) {
          const UnitEvent& event = lineage_.events()[number];
          if (!joins(event)) continue;
          const UnitSlot other = event.from == at ? event.to : event.from;
          if (seen.insert(other).second) pending.push_back(other);
        }
      }
    }
  }

  void find_arrows() {
    for (const UnitEvent& event : lineage_.events()) {
      if (!joins(event)) continue;
      const auto from = numbers_.find(event.from);
      const auto to = numbers_.find(event.to);
      if (from == numbers_.end() || to == numbers_.end()) continue;
      arrows_.push_back({from->second, to->second, event});
    }
  }

  // Columns by day; in each, units stand near what they came from, or near what they became.
  void place() {
    for (const Node& node : nodes_) days_.push_back(node.founded);
    std::sort(days_.begin(), days_.end());
    days_.erase(std::unique(days_.begin(), days_.end()), days_.end());
    std::vector<std::vector<std::size_t>> columns(days_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const auto day = std::lower_bound(days_.begin(), days_.end(), nodes_[i].founded);
      nodes_[i].column = static_cast<std::size_t>(day - days_.begin());
      columns[nodes_[i].column].push_back(i);
    }
    for (auto& column : columns) {
      std::sort(column.begin(), column.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(wanted_row(a), next_of(a), key(a)) <
               std::tuple(wanted_row(b), next_of(b), key(b));
      });
      for (std::size_t i = 0; i < column.size(); ++i) nodes_[column[i]].row = i;
      rows_ = std::max(rows_, column.size());
    }
  }

  // Twice the mean row of those it came from in columns to the left.
  [[nodiscard]] std::size_t wanted_row(std::size_t node) const {
    std::size_t sum = 0;
    std::size_t count = 0;
    for (const Arrow& arrow : arrows_) {
      if (arrow.to != node || nodes_[arrow.from].column >= nodes_[node].column) continue;
      sum += nodes_[arrow.from].row;
      ++count;
    }
    return count == 0 ? 0 : 2 * sum / count;
  }

  // What it became first; units of one merger stand together.
  [[nodiscard]] std::pair<std::int32_t, std::string_view> next_of(std::size_t node) const {
    for (const Arrow& arrow : arrows_) {
      if (arrow.from == node) return {arrow.event.date.code(), key(arrow.to)};
    }
    return {0, key(node)};
  }

  [[nodiscard]] std::string_view key(std::size_t node) const {
    return lineage_.snapshot().key_of(nodes_[node].unit);
  }

  const Lineage& lineage_;
  std::vector<Node> nodes_;
  std::map<UnitSlot, std::size_t> numbers_;
  std::vector<Arrow> arrows_;
  std::vector<std::int32_t> days_;
  std::size_t left_out_ = 0;
  std::size_t rows_ = 0;
};

// A text in at most two lines of a width; the second is cut.
std::pair<std::string, std::string> in_two_lines(const std::string& text, Tenths width) {
  if (text_width(text, kFont) <= width) return {text, {}};
  std::size_t cut = std::string::npos;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    if (text_width(std::string_view(text).substr(0, at), kFont) > width) break;
    cut = at;
  }
  if (cut == std::string::npos) return {fitted(text, kFont, width), {}};
  return {text.substr(0, cut), fitted(std::string_view(text).substr(cut + 1), kFont, width)};
}

class Drawer {
 public:
  Drawer(const Lineage& lineage, UnitSlot asked, base::Language language)
      : lineage_(lineage),
        graph_(lineage, asked),
        asked_(asked),
        say_(language),
        height_(kHead + kMargin + static_cast<Tenths>(graph_.rows()) * (kBoxHeight + kRowGap) +
                (graph_.left_out() == 0 ? 0 : px(20))),
        picture_("lineage", width(), height_) {}

  std::string draw() {
    picture_.rect({0, 0, width(), height_ + px(14)}, "ground");
    heads();
    for (const Arrow& arrow : graph_.arrows()) arrow_line(arrow);
    for (const Node& node : graph_.nodes()) box(node);
    for (const Arrow& arrow : graph_.arrows()) label(arrow);
    if (graph_.left_out() != 0) {
      picture_.text(kMargin, height_ - px(6),
                    say_.count(static_cast<std::int64_t>(graph_.left_out()),
                               "tổ chức liên quan không được vẽ", "connected unit is not drawn",
                               "connected units are not drawn"),
                    "small");
    }
    const std::string name = clean(name_of(asked_), kNameLimit);
    const auto units = static_cast<std::int64_t>(graph_.nodes().size());
    const auto events = static_cast<std::int64_t>(graph_.arrows().size());
    return picture_.document(
        say_("Phả hệ của ", "Lineage of ") + name,
        say_.count(units, "tổ chức", "unit", "units") + ", " +
            say_.count(events, "biến động", "event", "events"),
        lineage_.snapshot().is_synthetic() ? say_("DỮ LIỆU MÔ PHỎNG", "SYNTHETIC DATA") : "",
        kStyle);
  }

 private:
  [[nodiscard]] Tenths columns() const { return static_cast<Tenths>(graph_.days().size()); }
  // Arrows that do not lead to the right go around the right side of their boxes.
  [[nodiscard]] Tenths loop_room() const {
    return std::any_of(graph_.arrows().begin(), graph_.arrows().end(),
                       [&](const Arrow& arrow) { return !leads_right(arrow); })
               ? px(150)
               : 0;
  }
  [[nodiscard]] Tenths width() const {
    return 2 * kMargin + columns() * kBoxWidth + (columns() - 1) * kColumnGap + loop_room();
  }
  [[nodiscard]] bool leads_right(const Arrow& arrow) const {
    return graph_.nodes()[arrow.from].column < graph_.nodes()[arrow.to].column;
  }
  [[nodiscard]] static Box place_of(const Node& node) {
    return {kMargin + static_cast<Tenths>(node.column) * (kBoxWidth + kColumnGap),
            kHead + static_cast<Tenths>(node.row) * (kBoxHeight + kRowGap), kBoxWidth, kBoxHeight};
  }

  [[nodiscard]] std::string key_of(UnitSlot unit) const {
    return clean(lineage_.snapshot().key_of(unit), kKeyLimit);
  }

  // The latest name, or the key.
  [[nodiscard]] std::string name_of(UnitSlot unit) const {
    const auto& snapshot = lineage_.snapshot();
    const registry::Rows rows = *snapshot.rows(party::TableName::kUnits);
    const registry::FieldReader name = *rows.field("name");
    std::string_view latest;
    std::optional<std::int32_t> from;
    for (base::RowId row = rows.newest_of(unit); row != base::kNoRow;
         row = rows.previous_of_unit(row)) {
      if (!rows.is_known(row, snapshot.commit())) continue;
      if (from && rows.range(row).from_day() <= *from) continue;
      from = rows.range(row).from_day();
      latest = name.text(row);
    }
    return latest.empty() ? std::string(snapshot.key_of(unit)) : std::string(latest);
  }

  [[nodiscard]] std::string date_text(time::PartialDate date) const {
    const auto day = date.exact();
    return day ? say_.date(*day) : date.to_string();
  }

  // The days of a unit's first life to its last, both in force.
  [[nodiscard]] std::string life_text(UnitSlot unit) const {
    const auto lives = lineage_.lives(unit);
    if (lives.empty()) return {};
    std::string out = lives.front().from() ? say_.date(*lives.front().from()) : "…";
    out += " – ";
    const auto until = lives.back().until();
    return until ? out + say_.date(until->plus_days(-1)) : out;
  }

  [[nodiscard]] bool has_ended(UnitSlot unit) const {
    const auto lives = lineage_.lives(unit);
    return lives.empty() || lives.back().until().has_value();
  }

  void heads() {
    for (std::size_t i = 0; i < graph_.days().size(); ++i) {
      const std::int32_t day = graph_.days()[i];
      const std::string text = day == DateRange::kOpenFrom ? say_("từ trước", "from earlier on")
                                                           : say_.date(Date::from_days(day));
      Node node;
      node.column = i;
      picture_.text(place_of(node).x, kHead - px(12), text, "day");
    }
  }

  void box(const Node& node) {
    const Box box = place_of(node);
    std::string classes = has_ended(node.unit) ? "box ended" : "box";
    if (node.unit == asked_) classes += " asked";
    picture_.rect(box, classes);
    const Tenths room = box.width - 2 * kPadding;
    const auto [first, second] = in_two_lines(clean(name_of(node.unit), kNameLimit), room);
    picture_.text(box.x + kPadding, box.y + px(18), first, "name");
    picture_.text(box.x + kPadding, box.y + px(34), second, "name");
    const std::string life = life_text(node.unit);
    const Tenths left = room - text_width(life, 11) - px(8);
    picture_.text(box.x + kPadding, box.y + px(52), fitted(key_of(node.unit), 11, left), "small");
    picture_.text(box.x + box.width - kPadding, box.y + px(52), life, "small", Anchor::kEnd);
  }

  void arrow_line(const Arrow& arrow) {
    const Box from = place_of(graph_.nodes()[arrow.from]);
    const Box to = place_of(graph_.nodes()[arrow.to]);
    const bool right = leads_right(arrow);
    const Tenths x1 = from.x + from.width;
    const Tenths y1 = from.y + from.height / 2;
    const Tenths x2 = right ? to.x : to.x + to.width;
    // What comes around ends below what leaves.
    const Tenths y2 = to.y + to.height / 2 + (right ? 0 : px(14));
    const Tenths bend = right ? (x2 - x1) / 2 : px(70);
    const Tenths tip = right ? -px(8) : px(8);
    const auto point = [](Tenths x, Tenths y) { return to_text(x) + " " + to_text(y); };
    const bool splits = !registry::is_lineage_event(arrow.event.event);
    picture_.path("M" + point(x1, y1) + "C" + point(x1 + bend, y1) + " " +
                      point(right ? x2 - bend : x2 + bend, y2) + " " + point(x2 + tip, y2),
                  splits ? "arrow split" : "arrow");
    picture_.path("M" + point(x2, y2) + "L" + point(x2 + tip, y2 - px(4)) + "L" +
                      point(x2 + tip, y2 + px(4)) + "Z",
                  "tip");
  }

  // Rows of one event leave a unit with one label.
  void label(const Arrow& arrow) {
    const table::Code& code = party::unit_events()->codes()[arrow.event.event];
    const std::string text = say_(code.name) + " " + date_text(arrow.event.date);
    if (!labels_.emplace(arrow.from, text).second) return;
    const Box from = place_of(graph_.nodes()[arrow.from]);
    picture_.text(from.x + from.width + px(6),
                  from.y + from.height / 2 - px(5) - px(14) * said_[arrow.from]++,
                  fitted(text, 11, kColumnGap - px(12)), "event");
  }

  const Lineage& lineage_;
  Graph graph_;
  UnitSlot asked_;
  Wording say_;
  Tenths height_;
  Picture picture_;
  std::set<std::pair<std::size_t, std::string>> labels_;
  std::map<std::size_t, Tenths> said_;  // labels at a unit
};

}  // namespace

absl::StatusOr<std::string> draw_lineage(const registry::Snapshot& snapshot, std::string_view unit,
                                         base::Language language) {
  const auto slot = snapshot.find_unit(unit);
  // The table of a unit's lineage says what is wrong with a key.
  if (!slot) return registry::lineage_table(snapshot, unit, std::nullopt).status();
  const Lineage lineage(snapshot);
  return Drawer(lineage, *slot, language).draw();
}

}  // namespace dangbo::inline v1::report
