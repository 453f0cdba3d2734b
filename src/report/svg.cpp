#include "report/svg.hpp"

#include <utility>

#include "dangbo/base/text.hpp"
#include "report/text.hpp"

namespace dangbo::inline v1::report {

Tenths scaled(std::int64_t part, std::int64_t whole, Tenths length) noexcept {
  if (whole <= 0) return 0;
  __extension__ using Wide = __int128;
  return static_cast<Tenths>(Wide{part} * length / whole);
}

Tenths text_width(std::string_view text, int font_px) {
  // Six tenths of the size a character: the mean of a wide sans-serif face.
  return static_cast<Tenths>(base::display_width(text)) * font_px * 6;
}

std::string fitted(std::string_view text, int font_px, Tenths width) {
  if (text_width(text, font_px) <= width) return std::string(text);
  const Tenths one = Tenths{font_px} * 6;
  std::size_t points = width > one ? static_cast<std::size_t>(width / one) - 1 : 0;
  std::string out = base::shorten(text, points);
  while (points > 0 && text_width(out, font_px) > width) out = base::shorten(text, --points);
  return points == 0 ? std::string() : out;
}

std::string to_text(Tenths value) {
  const bool negative = value < 0;
  const Tenths above = negative ? -value : value;
  std::string out = (negative ? "-" : "") + std::to_string(above / 10);
  if (above % 10 != 0) out += "." + std::to_string(above % 10);
  return out;
}

Picture::Picture(std::string id, Tenths width, Tenths height)
    : id_(std::move(id)), width_(width), height_(height) {}

void Picture::shape_end(std::string_view classes, std::string_view tip) {
  ((body_ += " class=\"") += classes) += '"';
  if (!tip.empty()) ((body_ += " data-tip=\"") += base::escape_html(tip)) += '"';
  body_ += "/>";
}

void Picture::rect(const Box& box, std::string_view classes, std::string_view tip) {
  if (box.width <= 0 || box.height <= 0) return;
  body_ += "<rect x=\"" + to_text(box.x) + "\" y=\"" + to_text(box.y) + "\" width=\"" +
           to_text(box.width) + "\" height=\"" + to_text(box.height) + "\"";
  shape_end(classes, tip);
}

void Picture::text(Tenths x, Tenths y, std::string_view text, std::string_view classes,
                   Anchor anchor) {
  if (text.empty()) return;
  body_ += "<text x=\"" + to_text(x) + "\" y=\"" + to_text(y) + "\" class=\"";
  body_ += classes;
  if (anchor == Anchor::kMiddle) body_ += " mid";
  if (anchor == Anchor::kEnd) body_ += " end";
  ((body_ += "\">") += base::escape_html(text)) += "</text>";
}

void Picture::line(Tenths x1, Tenths y1, Tenths x2, Tenths y2, std::string_view classes) {
  body_ += "<line x1=\"" + to_text(x1) + "\" y1=\"" + to_text(y1) + "\" x2=\"" + to_text(x2) +
           "\" y2=\"" + to_text(y2) + "\"";
  shape_end(classes, {});
}

void Picture::circle(Tenths x, Tenths y, Tenths radius, std::string_view classes,
                     std::string_view tip) {
  body_ +=
      "<circle cx=\"" + to_text(x) + "\" cy=\"" + to_text(y) + "\" r=\"" + to_text(radius) + "\"";
  shape_end(classes, tip);
}

void Picture::path(std::string_view data, std::string_view classes, std::string_view tip) {
  ((body_ += "<path d=\"") += data) += '"';
  shape_end(classes, tip);
}

std::string Picture::decoration(std::string_view classes) const {
  std::string out = "<svg aria-hidden=\"true\" class=\"";
  out += classes;
  return out + "\" viewBox=\"0 0 " + to_text(width_) + " " + to_text(height_) +
         "\" preserveAspectRatio=\"none\">" + body_ + "</svg>";
}

std::string Picture::finish(std::string_view title, std::string_view description,
                            std::string_view mark) const {
  const Tenths foot = mark.empty() ? 0 : px(14);
  std::string out = "<svg id=\"" + id_ + "\" role=\"img\" aria-labelledby=\"" + id_ + "-t " + id_ +
                    "-d\" viewBox=\"0 0 " + to_text(width_) + " " + to_text(height_ + foot) +
                    "\"><title id=\"" + id_ + "-t\">" + base::escape_html(title) +
                    "</title><desc id=\"" + id_ + "-d\">" + base::escape_html(description) +
                    "</desc>" + body_;
  if (!mark.empty()) {
    out += "<text x=\"" + to_text(width_) + "\" y=\"" + to_text(height_ + foot - px(2)) +
           "\" class=\"mark end\">" + base::escape_html(mark) + "</text>";
  }
  return out + "</svg>";
}

std::string Picture::document(std::string_view title, std::string_view description,
                              std::string_view mark, std::string_view style) const {
  constexpr std::string_view kOpening = "<svg";
  std::string out = finish(title, description, mark);
  const Tenths foot = mark.empty() ? 0 : px(14);
  out.insert(out.find('>') + 1, "<style>" + std::string(style) + "</style>");
  out.insert(kOpening.size(), " xmlns=\"http://www.w3.org/2000/svg\" width=\"" + to_text(width_) +
                                  "\" height=\"" + to_text(height_ + foot) + "\"");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + out + "\n";
}

}  // namespace dangbo::inline v1::report
