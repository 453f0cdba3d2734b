// A pack as one canonical file: JSON with sorted keys and its digest, loaded without a YAML parser.
//
//   {"digest": SHA-256 of the bytes of the value of "pack", "format": "dangbo.compiled/1", "pack":
//   …}
//
// Layers are one pack in it: what a province set is a value like others, with its citation. Days
// are half-open as everywhere, places are those of the files it was written in.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "dangbo/rules/pack.hpp"

namespace dangbo::inline v1::rules {

inline constexpr std::size_t kMaxCompiledBytes = 32'000'000;

// One line with a line end; the same pack gives the same bytes. Names of files are not in it: a
// layer is called by its id after loading. O(pack).
[[nodiscard]] std::string compile_pack(const Pack& pack);

// The pack of such a file. Fails with InvalidArgument (ProblemCode::kBadPack) and the place as a
// JSON pointer in place.column when the text was changed, is of another format, or is not what
// compile_pack() writes: everything is checked as when it was read first. `options` as for
// read_pack(). O(text).
[[nodiscard]] absl::StatusOr<Pack> load_compiled(std::string_view json, std::string_view source,
                                                 const PackOptions& options = {});

}  // namespace dangbo::inline v1::rules
