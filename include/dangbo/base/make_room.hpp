// Growing a hash table of Abseil so that running out of memory leaves it as it was. Such a table
// breaks when an allocation fails while it grows, and when a value's own constructor throws while
// it is put in: call make_room before every insertion, and insert values that only need moving.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>

namespace dangbo::inline v1::base {

// Afterwards `more` insertions allocate nothing in the table itself. May throw std::bad_alloc, and
// changes nothing then. O(1) amortised over the insertions; REQUIRES: nothing is ever erased.
template <typename Table>
void make_room(Table& table, std::size_t more = 1) {
  // One below how full Abseil lets a table become.
  const std::size_t capacity = table.capacity();
  if (capacity != 0 && table.size() + more < capacity - capacity / 8) return;
  // Never destroyed when its only allocation fails: it owns nothing then, but believes otherwise.
  union Grown {
    Grown() {}
    ~Grown() {}
    Table table;
  } grown;
  new (&grown.table) Table();
  grown.table.reserve(std::max(table.size() + more + 1, 2 * table.size()));
  grown.table.merge(table);
  grown.table.swap(table);
  grown.table.~Table();
}

}  // namespace dangbo::inline v1::base
