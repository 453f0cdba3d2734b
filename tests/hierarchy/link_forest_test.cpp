#include "hierarchy/link_forest.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace dangbo::hierarchy::detail {
namespace {

TEST(LinkForest, AgreesWithParentPointers) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    const auto count = static_cast<NodeNumber>(1 + random() % 30);
    LinkForest forest(count);
    std::vector<NodeNumber> parents(count, kNoNode);
    const auto naive_root = [&](NodeNumber node) {
      while (parents[node] != kNoNode) {
        node = parents[node];
      }
      return node;
    };
    for (int step = 0; step < 300; ++step) {
      const auto node = static_cast<NodeNumber>(random() % count);
      const auto other = static_cast<NodeNumber>(random() % count);
      ASSERT_EQ(forest.root_of(node), naive_root(node)) << "seed " << seed << " step " << step;
      if (parents[node] == kNoNode && naive_root(other) != node) {
        forest.link(node, other);
        parents[node] = other;
      } else if (parents[node] != kNoNode && random() % 3 == 0) {
        forest.cut(node);
        parents[node] = kNoNode;
      }
    }
    for (NodeNumber node = 0; node < count; ++node) {
      ASSERT_EQ(forest.root_of(node), naive_root(node)) << "seed " << seed;
    }
  }
}

TEST(LinkForest, LongChainFromEitherEnd) {
  constexpr NodeNumber kCount = 300'000;
  LinkForest down(kCount);
  LinkForest up(kCount);
  for (NodeNumber node = 1; node < kCount; ++node) {
    down.link(node, node - 1);
    up.link(kCount - node, kCount - node - 1);
  }
  EXPECT_EQ(down.root_of(kCount - 1), 0U);
  EXPECT_EQ(up.root_of(kCount - 1), 0U);
  up.cut(kCount / 2);
  EXPECT_EQ(up.root_of(kCount - 1), kCount / 2);
  EXPECT_EQ(up.root_of(kCount / 2 - 1), 0U);
}

}  // namespace
}  // namespace dangbo::hierarchy::detail
