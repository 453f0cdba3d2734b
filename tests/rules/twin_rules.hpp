// Rules of every kind of subject, over what random histories hold (tests/rollup/history.hpp).
#pragma once

#include "dangbo/rules/pack.hpp"

namespace dangbo::test {

rules::Pack twin_pack();

}  // namespace dangbo::test
