#include "registry/failing_memory.hpp"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <new>
#include <unordered_set>

// The linker sends the library's calls of malloc here (--wrap).
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* memory, std::size_t size);
void __real_free(void* memory);
void* __wrap_malloc(std::size_t size);
void* __wrap_calloc(std::size_t count, std::size_t size);
void* __wrap_realloc(void* memory, std::size_t size);
void __wrap_free(void* memory);
// NOLINTEND(bugprone-reserved-identifier)
}

namespace dangbo::testing {

namespace {

bool is_counting = false;
bool goes_on_refusing = false;
bool has_refused = false;
std::uint64_t refused_at = 0;
std::uint64_t requests = 0;
std::array<std::uint64_t, kMemorySources.size()> requested{};
std::array<std::uint64_t, kMemorySources.size()> refused{};
sqlite3_mem_methods sqlite_memory{};

bool must_refuse(MemorySource source) noexcept {
  if (!is_counting) return false;
  const auto at = static_cast<std::size_t>(source);
  ++requested[at];
  ++requests;
  if (refused_at == 0) return false;
  if (requests != refused_at && !(goes_on_refusing && requests > refused_at)) return false;
  ++refused[at];
  has_refused = true;
  return true;
}

// Without asking for memory where it is counted.
template <typename T>
struct PlainAllocator {
  using value_type = T;
  PlainAllocator() = default;
  template <typename U>
  PlainAllocator(const PlainAllocator<U>&) {}  // NOLINT(google-explicit-constructor)
  T* allocate(std::size_t count) {
    void* memory = __real_malloc(count * sizeof(T));
    if (memory == nullptr) std::abort();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { __real_free(memory); }
  bool operator==(const PlainAllocator&) const = default;
};

// What was given out here: the library also frees what others took (utf8proc). Never destroyed. The
// bits are turned over, so that the leak checker does not take them for pointers.
using Given = std::unordered_set<std::uintptr_t, std::hash<std::uintptr_t>, std::equal_to<>,
                                 PlainAllocator<std::uintptr_t>>;
Given& given() {
  alignas(Given) static std::array<std::byte, sizeof(Given)> room;
  static auto* made = new (room.data()) Given();
  return *made;
}

void* counted(void* memory) {
  if (memory != nullptr) given().insert(~reinterpret_cast<std::uintptr_t>(memory));
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  given().erase(~reinterpret_cast<std::uintptr_t>(memory));
  __real_free(memory);
}

void* take(std::size_t size, std::size_t alignment) noexcept {
  if (must_refuse(MemorySource::kNew)) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return counted(__real_malloc(size == 0 ? 1 : size));
  void* memory = nullptr;
  return counted(posix_memalign(&memory, alignment, size == 0 ? 1 : size) == 0 ? memory : nullptr);
}

void* take_or_throw(std::size_t size, std::size_t alignment) {
  void* memory = take(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* sqlite_malloc(int size) {
  return must_refuse(MemorySource::kSqlite) ? nullptr : sqlite_memory.xMalloc(size);
}
void* sqlite_realloc(void* memory, int size) {
  return must_refuse(MemorySource::kSqlite) ? nullptr : sqlite_memory.xRealloc(memory, size);
}

}  // namespace

void watch_sqlite_memory() {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
  sqlite3_mem_methods watched = sqlite_memory;
  watched.xMalloc = sqlite_malloc;
  watched.xRealloc = sqlite_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &watched);
}

void refuse_memory(std::uint64_t nth, bool goes_on) {
  requested = {};
  requests = 0;
  has_refused = false;
  refused_at = nth;
  goes_on_refusing = goes_on;
  is_counting = true;
}

bool grant_memory() {
  is_counting = false;
  return has_refused;
}

std::uint64_t requests_of(MemorySource source) {
  return requested[static_cast<std::size_t>(source)];
}
std::uint64_t refusals_of(MemorySource source) {
  return refused[static_cast<std::size_t>(source)];
}
std::int64_t live_memory() {
  return static_cast<std::int64_t>(given().size());
}

}  // namespace dangbo::testing

using dangbo::testing::MemorySource;

void* __wrap_malloc(std::size_t size) {
  if (dangbo::testing::must_refuse(MemorySource::kMalloc)) return nullptr;
  return dangbo::testing::counted(__real_malloc(size));
}
void* __wrap_calloc(std::size_t count, std::size_t size) {
  if (dangbo::testing::must_refuse(MemorySource::kMalloc)) return nullptr;
  return dangbo::testing::counted(__real_calloc(count, size));
}
void* __wrap_realloc(void* memory, std::size_t size) {
  if (dangbo::testing::must_refuse(MemorySource::kMalloc)) return nullptr;
  if (memory != nullptr) dangbo::testing::given().erase(~reinterpret_cast<std::uintptr_t>(memory));
  return dangbo::testing::counted(__real_realloc(memory, size));
}
void __wrap_free(void* memory) {
  dangbo::testing::release(memory);
}

void* operator new(std::size_t size) {
  return dangbo::testing::take_or_throw(size, 0);
}
void* operator new[](std::size_t size) {
  return dangbo::testing::take_or_throw(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return dangbo::testing::take_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return dangbo::testing::take_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return dangbo::testing::take(size, 0);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return dangbo::testing::take(size, 0);
}
void operator delete(void* memory) noexcept {
  dangbo::testing::release(memory);
}
void operator delete[](void* memory) noexcept {
  dangbo::testing::release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  dangbo::testing::release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  dangbo::testing::release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  dangbo::testing::release(memory);
}
