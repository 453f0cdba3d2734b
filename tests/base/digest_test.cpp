#include "dangbo/base/digest.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace dangbo::base {
namespace {

// The examples of FIPS 180-4.
TEST(Digest, IsSha256) {
  EXPECT_EQ(to_hex(digest_of("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(digest_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Digest, PiecesGiveTheDigestOfTheWhole) {
  std::mt19937_64 random(20201130);
  for (int round = 0; round < 200; ++round) {
    std::string whole(random() % 500, '\0');
    for (char& byte : whole) {
      byte = static_cast<char>(random() & 0xFFU);
    }
    Hasher hasher;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t length = 1 + random() % 80;
      hasher.update(std::string_view(whole).substr(at, length));
      at += length;
    }
    ASSERT_EQ(hasher.finish(), digest_of(whole));
  }
}

TEST(Digest, NumbersAreEightLittleEndianBytes) {
  Hasher hasher;
  hasher.update_u64(0x0807060504030201U);
  EXPECT_EQ(hasher.finish(), digest_of("\x01\x02\x03\x04\x05\x06\x07\x08"));
}

TEST(Digest, AHasherStartsAnewAfterFinish) {
  Hasher hasher;
  hasher.update("chi bộ");
  const Digest first = hasher.finish();
  EXPECT_EQ(hasher.finish(), digest_of(""));
  hasher.update("chi bộ");
  EXPECT_EQ(hasher.finish(), first);
}

TEST(Digest, AMovedHasherKeepsItsState) {
  Hasher first;
  first.update("đảng ");
  Hasher second = std::move(first);
  second.update("bộ");
  EXPECT_EQ(second.finish(), digest_of("đảng bộ"));
}

}  // namespace
}  // namespace dangbo::base
