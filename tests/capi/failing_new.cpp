// Replaces operator new of the whole program, the shared library included.
#include "failing_new.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> until_failure{0};  // 0: none is due
std::atomic<bool> goes_on{false};
std::atomic<bool> has_failed{false};
std::atomic<std::int64_t> live{0};

bool must_fail() noexcept {
  if (goes_on.load() && has_failed.load()) return true;
  if (until_failure.load() == 0 || until_failure.fetch_sub(1) != 1) return false;
  has_failed.store(true);
  return true;
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (must_fail()) throw std::bad_alloc();
  void* memory = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    memory = std::malloc(size == 0 ? 1 : size);
  } else if (posix_memalign(&memory, alignment, size == 0 ? 1 : size) != 0) {
    memory = nullptr;
  }
  if (memory == nullptr) throw std::bad_alloc();
  live.fetch_add(1);
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  live.fetch_sub(1);
  std::free(memory);
}

}  // namespace

void fail_allocation(std::int64_t n, int and_all_after) {
  has_failed.store(false);
  goes_on.store(and_all_after != 0);
  until_failure.store(n);
}

int stop_failing() {
  until_failure.store(0);
  goes_on.store(false);
  return has_failed.exchange(false) ? 1 : 0;
}

std::int64_t live_allocations() {
  return live.load();
}

void* operator new(std::size_t size) {
  return allocate(size, 0);
}
void* operator new[](std::size_t size) {
  return allocate(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size, 0);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete[](void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}
