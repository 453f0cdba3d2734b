// What stands around the pack in the canonical form.
#pragma once

#include <string>
#include <string_view>

#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

inline constexpr std::string_view kCompiledHead = R"({"digest":")";
inline constexpr std::string_view kCompiledMiddle = R"(","format":"dangbo.compiled/1","pack":)";
inline constexpr std::string_view kCompiledTail = "}\n";

// The value of "pack": what the digest is of.
[[nodiscard]] std::string compiled_body(const Pack& pack);

}  // namespace dangbo::inline v1::rules
