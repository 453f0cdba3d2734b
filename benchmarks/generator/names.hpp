// Names that sound right and belong to nobody.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "random.hpp"

namespace dangbo::inline v1::generator {

[[nodiscard]] std::string person_name(Random& random, bool is_female, std::string_view ethnicity);

// An ethnicity other than Kinh, by name.
[[nodiscard]] std::string_view minority(Random& random);
// A religion, by name; people without one have "Không".
[[nodiscard]] std::string_view religion(Random& random);

// Offices of a province of no name, each with the code of its sector (loại hình).
struct Office {
  std::string_view name;
  std::string_view sector;
};
[[nodiscard]] const std::vector<Office>& offices();
[[nodiscard]] const std::vector<Office>& enterprises();

// Places that are on no map.
[[nodiscard]] const std::vector<std::string_view>& places();

// "Chi bộ Văn phòng", …; by number when the names are used up.
[[nodiscard]] std::string cell_name(std::size_t index);

}  // namespace dangbo::inline v1::generator
