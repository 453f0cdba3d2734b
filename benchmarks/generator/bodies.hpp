// The bodies, one file each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "body_builder.hpp"
#include "roster.hpp"

namespace dangbo::inline v1::generator {

[[nodiscard]] Roster make_bloc_2022(std::uint64_t seed);
[[nodiscard]] Roster make_city_2018(std::uint64_t seed);
[[nodiscard]] Roster make_bloc_2020(std::uint64_t seed);
[[nodiscard]] Roster make_bloc_2017(std::uint64_t seed);
[[nodiscard]] Roster make_reorganisation(std::uint64_t seed);

// Committees first, then grassroots cells; the last cell is made of two on the day of the
// reorganisation.
[[nodiscard]] std::vector<Organisation> bloc_organisations(std::size_t committees,
                                                           std::size_t cells,
                                                           std::size_t enterprises);

[[nodiscard]] std::string readme_text(std::string_view source, const BodyPlan& plan);

// `counts` words of each kind in an order that tells nothing; the rest of `size` is empty.
struct Portion {
  std::string word;
  std::size_t count;
};
[[nodiscard]] std::vector<std::string> spread(Random& random, std::size_t size,
                                              const std::vector<Portion>& portions);

}  // namespace dangbo::inline v1::generator
