// What queries derive from a registry and keep beside it: units of the days asked last, and the
// frame of memberships. All of it can be made again from the facts.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "dangbo/hierarchy/tree.hpp"
#include "dangbo/registry/beside.hpp"
#include "dangbo/registry/snapshot.hpp"

namespace dangbo::inline v1::rollup {

class Frame;

// The tree of a day, and the row of `units` in force for every unit.
struct UnitsOfDay {
  hierarchy::Tree tree;
  std::vector<base::RowId> rows;  // by slot
};

class QueryCache final : public registry::Beside {
 public:
  static constexpr std::size_t kDays = 8;

  [[nodiscard]] static std::shared_ptr<QueryCache> of(const registry::Snapshot& snapshot);

  // Of the view's day, as known at its commit. O(unit rows) for a day not asked lately. Any thread.
  [[nodiscard]] std::shared_ptr<const UnitsOfDay> units_of(const registry::View& view);
  // All units by their keys. O(n log n) when units were added since.
  [[nodiscard]] std::shared_ptr<const std::vector<base::UnitSlot>> units_by_key(
      const registry::Snapshot& snapshot);
  // Of what the snapshot knows. Null for what was known earlier and for the first question: one
  // scan of the rows costs less than a frame. Any thread; one makes the frame while the others
  // wait.
  [[nodiscard]] std::shared_ptr<const Frame> frame_of(const registry::View& view);

 private:
  struct Day {
    std::uint32_t commit;
    std::uint32_t known_at;
    std::int32_t day;
    std::shared_ptr<const UnitsOfDay> units;
  };

  std::mutex days_mutex_;
  std::list<Day> days_;  // the one asked last stands first
  std::mutex keys_mutex_;
  std::shared_ptr<const std::vector<base::UnitSlot>> by_key_;
  std::mutex frame_mutex_;
  std::shared_ptr<const Frame> frame_;
  std::uint32_t asked_ = 0;
};

}  // namespace dangbo::inline v1::rollup
