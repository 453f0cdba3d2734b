#include "dangbo/base/ids.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <type_traits>

namespace dangbo::base {
namespace {

template <typename From, typename... To>
constexpr bool kConvertsToAny = (std::is_convertible_v<From, To> || ...);

TEST(Ids, TheCompilerKeepsTheIntegerSpacesApart) {
  EXPECT_FALSE((kConvertsToAny<UnitId, MemberId, UnitSlot, UnitPosition, std::uint64_t>));
  EXPECT_FALSE((kConvertsToAny<UnitSlot, UnitId, MemberSlot, UnitPosition, std::uint32_t>));
  EXPECT_FALSE((kConvertsToAny<std::uint32_t, UnitSlot, MemberSlot, UnitPosition, RowId>));
}

TEST(Ids, IndexGivesTheIntegerBehindAnId) {
  EXPECT_EQ(index_of(UnitId{7}), 7U);
  EXPECT_EQ(index_of(kNoUnit), 0U);
  EXPECT_EQ(index_of(kNoMember), 0U);
  EXPECT_EQ(index_of(kNoUnitSlot), std::numeric_limits<std::uint32_t>::max());
  EXPECT_TRUE((std::is_same_v<decltype(index_of(MemberId{1})), std::uint64_t>));
  EXPECT_TRUE((std::is_same_v<decltype(index_of(RowId{1})), std::uint32_t>));
}

}  // namespace
}  // namespace dangbo::base
