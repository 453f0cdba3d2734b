// Pages of registries made of rows written as text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "dangbo/registry/registry.hpp"
#include "report/markup.hpp"
#include "rollup/fixture.hpp"

namespace dangbo::test {

// A bloc K over two committees with cells and one grassroots cell, with people of two ethnicities,
// grades of two years and a reorganisation on 2020-07-01.
std::unique_ptr<registry::Registry> bloc();

// The page of a day; a refused request fails the test.
std::string page_of(const registry::Registry& registry, std::string_view on,
                    std::string_view request);

// The same, read; a page that is not well-formed fails the test.
Markup markup_of(const registry::Registry& registry, std::string_view on, std::string_view request);

}  // namespace dangbo::test
