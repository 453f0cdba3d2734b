#include "load/scan.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace dangbo::load::detail {
namespace {

// On machines without vectors both are the same function, and the test says nothing new there.
TEST(Scan, FastMaskEqualsPlainMask) {
  std::mt19937_64 random(20);
  constexpr std::array<char, 8> kLikely = {',', ';', '"', '\n', '\r', 'a', '\0', '\xC3'};
  for (int round = 0; round < 20'000; ++round) {
    std::array<char, 64> bytes{};
    for (char& byte : bytes) {
      byte = random() % 2 == 0 ? kLikely[random() % kLikely.size()] : static_cast<char>(random());
    }
    const char separator = random() % 2 == 0 ? ',' : '\t';
    ASSERT_EQ(special_mask(bytes.data(), separator), special_mask_plain(bytes.data(), separator));
  }
}

TEST(Scan, EachSpecialByteHasItsBit) {
  for (unsigned at = 0; at < 64; ++at) {
    for (const char special : {';', '"', '\n', '\r'}) {
      std::array<char, 64> bytes{};
      bytes[at] = special;
      EXPECT_EQ(special_mask(bytes.data(), ';'), std::uint64_t{1} << at);
    }
    std::array<char, 64> other{};
    other[at] = ',';
    EXPECT_EQ(special_mask(other.data(), ';'), 0U);
  }
}

}  // namespace
}  // namespace dangbo::load::detail
