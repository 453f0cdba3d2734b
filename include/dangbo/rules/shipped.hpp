// The packs that come inside the library, so that a host needs no files: the law of docs/law.md.
// They are texts like any other and may be left out, replaced by files, or pinned by digest.
#pragma once

#include <span>
#include <string_view>

namespace dangbo::inline v1::rules {

// Gói có sẵn. Views last as long as the program.
struct ShippedPack {
  std::string_view id;    // as in the text
  std::string_view text;  // for read_pack(); Layer::digest is that of its bytes
  bool needs_calendar = false;
};

// In an order in which each extends those before it.
[[nodiscard]] std::span<const ShippedPack> shipped_packs() noexcept;

// Null when there is none of this id.
[[nodiscard]] const ShippedPack* find_shipped(std::string_view id) noexcept;

}  // namespace dangbo::inline v1::rules
