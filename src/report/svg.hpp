// Pictures: the few SVG elements that the page needs. Every length is an integer of tenths of a
// pixel, so that the same facts give the same bytes on any machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dangbo::inline v1::report {

using Tenths = std::int64_t;

[[nodiscard]] constexpr Tenths px(std::int64_t pixels) noexcept {
  return pixels * 10;
}

// `part` of `whole` as a length on a scale of `length`; 0 when there is no whole.
[[nodiscard]] Tenths scaled(std::int64_t part, std::int64_t whole, Tenths length) noexcept;

// What a text takes at a font size, at most: fonts differ from machine to machine.
[[nodiscard]] Tenths text_width(std::string_view text, int font_px);
// The text, shortened with "…" until it fits.
[[nodiscard]] std::string fitted(std::string_view text, int font_px, Tenths width);

struct Box {
  Tenths x = 0;
  Tenths y = 0;
  Tenths width = 0;
  Tenths height = 0;
};

enum class Anchor : std::uint8_t { kStart, kMiddle, kEnd };

class Picture {
 public:
  // `id` names the picture in the page; title and description are read aloud.
  Picture(std::string id, Tenths width, Tenths height);

  // `classes` and `tip` are ours or cleaned; the tip is escaped here. Nothing of no size is drawn.
  void rect(const Box& box, std::string_view classes, std::string_view tip = {});
  void text(Tenths x, Tenths y, std::string_view text, std::string_view classes,
            Anchor anchor = Anchor::kStart);
  void line(Tenths x1, Tenths y1, Tenths x2, Tenths y2, std::string_view classes);
  void circle(Tenths x, Tenths y, Tenths radius, std::string_view classes,
              std::string_view tip = {});
  void path(std::string_view data, std::string_view classes, std::string_view tip = {});
  void grow(Tenths height) noexcept { height_ = height; }

  // The element as an ornament: what it shows stands in words beside it.
  [[nodiscard]] std::string decoration(std::string_view classes) const;

  // The element. `mark`: said in the lower right corner; empty: nothing.
  [[nodiscard]] std::string finish(std::string_view title, std::string_view description,
                                   std::string_view mark) const;
  // The picture as a file of its own, with its style.
  [[nodiscard]] std::string document(std::string_view title, std::string_view description,
                                     std::string_view mark, std::string_view style) const;

 private:
  void shape_end(std::string_view classes, std::string_view tip);

  std::string id_;
  Tenths width_;
  Tenths height_;
  std::string body_;
};

// "12.3" or "12".
[[nodiscard]] std::string to_text(Tenths value);

}  // namespace dangbo::inline v1::report
