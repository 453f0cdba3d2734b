// Memory that can be refused: operator new, the malloc family as the library calls it, and SQLite's
// own.
#pragma once

#include <array>
#include <cstdint>

namespace dangbo::testing {

enum class MemorySource : std::uint8_t { kNew, kMalloc, kSqlite };
inline constexpr std::array kMemorySources = {MemorySource::kNew, MemorySource::kMalloc,
                                              MemorySource::kSqlite};

// Before SQLite is used at all. Replaces its allocator for good.
void watch_sqlite_memory();

// From now on the n-th request for memory is refused (1: the next one); `goes_on`: and all after
// it. 0: none, they are only counted.
void refuse_memory(std::uint64_t nth, bool goes_on);
// All are granted again. True when one was refused.
bool grant_memory();
// Since refuse_memory.
std::uint64_t requests_of(MemorySource source);
// Refusals since the program began.
std::uint64_t refusals_of(MemorySource source);
// Given and not yet given back. SQLite's are not among them: sqlite3_memory_used tells of those.
std::int64_t live_memory();

}  // namespace dangbo::testing
