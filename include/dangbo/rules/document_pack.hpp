// A pack as a text that jurists read and sign.
#pragma once

#include <string>

#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

// Markdown in both languages, Vietnamese first: the texts that are cited, parameters with their
// history, each rule with its articles, grade of evidence, days, condition, exceptions, messages
// and tests. Ends with the digest of the pack. The same pack gives the same bytes. O(pack).
[[nodiscard]] std::string document_pack(const Pack& pack);

}  // namespace dangbo::inline v1::rules
