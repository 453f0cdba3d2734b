#include "registry/blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "registry/block_pool.hpp"

namespace dangbo::registry {
namespace {

struct Block {
  unsigned char* memory;
  std::size_t bytes;
  unsigned char mark;
};

// Random sizes, more than pieces hold, given back in random order: no block touches another.
template <typename Take, typename Give>
void take_and_give(std::uint32_t seed, std::size_t largest, Take take, Give give) {
  std::mt19937 random(seed);
  constexpr std::size_t kSizes[] = {1,      100,     16384,   65536,  131076,
                                    262144, 1048576, 1500000, 4194304};
  std::vector<Block> blocks;
  for (int step = 0; step < 1200; ++step) {
    if (blocks.empty() || random() % 8 < (step < 700 ? 6U : 2U)) {
      const std::size_t bytes = kSizes[random() % std::size(kSizes)];
      if (bytes > largest || (bytes > 1048576 && blocks.size() > 100)) continue;
      Block block{static_cast<unsigned char*>(take(bytes)), bytes,
                  static_cast<unsigned char>(random())};
      ASSERT_NE(block.memory, nullptr);
      block.memory[0] = block.memory[bytes / 2] = block.memory[bytes - 1] = block.mark;
      blocks.push_back(block);
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      const Block& block = blocks.back();
      for (const std::size_t at : {std::size_t{0}, block.bytes / 2, block.bytes - 1})
        ASSERT_EQ(block.memory[at], block.mark) << block.bytes;
      std::memset(block.memory, 0xEE, block.bytes);
      give(block.memory);
      blocks.pop_back();
    }
  }
  for (const Block& block : blocks) {
    ASSERT_EQ(block.memory[block.bytes / 2], block.mark);
    give(block.memory);
  }
}

TEST(Blocks, StandApartInAnyOrder) {
  for (const std::uint32_t seed : {1U, 2U}) take_and_give(seed, 4194304, take_block, give_block);
}

// What blocks come from where no memory checker is at work.
void use_pool(BlockPool& pool, std::uint32_t seed) {
  take_and_give(
      seed, 1048576, [&](std::size_t bytes) { return pool.take(bytes); },
      [&](void* block) {
        if (!pool.give(block)) std::free(block);
      });
}

TEST(Blocks, APoolCutsThemFromPiecesAndGivesPiecesBack) {
  BlockPool pool;
  std::vector<void*> blocks;
  constexpr std::size_t kBytes = 256 << 10;
  for (std::uint32_t i = 0; i < BlockPool::kPlain + 20; ++i) blocks.push_back(pool.take(kBytes));
  std::uint32_t cut = 0;
  for (void* block : blocks) {
    if (pool.give(block)) {
      ++cut;
    } else {
      std::free(block);
    }
  }
  EXPECT_EQ(cut, 20U);
  for (const std::uint32_t seed : {3U, 4U, 5U}) use_pool(pool, seed);
}

TEST(Blocks, APoolServesManyThreads) {
  BlockPool pool;
  std::vector<std::thread> threads;
  for (std::uint32_t seed = 10; seed < 14; ++seed)
    threads.emplace_back([&pool, seed] { use_pool(pool, seed); });
  for (std::thread& thread : threads) thread.join();
}

TEST(Blocks, AnArrayBeginsAsZerosAlsoOfUsedMemory) {
  for (int again = 0; again < 40; ++again) {
    const BlockArray<std::uint32_t> array(1U << 15);
    for (std::size_t at = 0; at < 1U << 15; ++at) {
      ASSERT_EQ(array[at], 0U);
      array[at] = 0xFFFFFFFFU;
    }
  }
}

}  // namespace
}  // namespace dangbo::registry
