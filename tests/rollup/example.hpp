// The invented registry that the examples of docs/query.md and docs/freeze.md speak of.
#pragma once

#include <memory>

#include "rollup/fixture.hpp"

namespace dangbo::test {

std::unique_ptr<registry::Registry> example();

}  // namespace dangbo::test
