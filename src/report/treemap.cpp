#include "report/treemap.hpp"

#include <algorithm>

namespace dangbo::inline v1::report {

std::vector<Box> treemap(const std::vector<std::int64_t>& weights, const Box& box) {
  std::vector<std::int64_t> before(weights.size() + 1, 0);
  for (std::size_t i = 0; i < weights.size(); ++i) before[i + 1] = before[i] + weights[i];
  std::vector<Box> boxes(weights.size());
  struct Piece {
    std::size_t first;
    std::size_t end;
    Box box;
  };
  std::vector<Piece> stack;
  if (before.back() > 0) stack.push_back({0, weights.size(), box});
  while (!stack.empty()) {
    const Piece piece = stack.back();
    stack.pop_back();
    const std::int64_t sum = before[piece.end] - before[piece.first];
    if (sum <= 0) continue;
    if (piece.end - piece.first == 1) {
      boxes[piece.first] = piece.box;
      continue;
    }
    // The first place where the left half is at least half, or the one before when it is nearer.
    const std::int64_t half = before[piece.first] + sum / 2;
    const auto begin = before.begin() + static_cast<std::ptrdiff_t>(piece.first) + 1;
    const auto end = before.begin() + static_cast<std::ptrdiff_t>(piece.end);
    auto cut = std::lower_bound(begin, end, half);
    if (cut == end) --cut;
    if (cut != begin && *cut - half > half - *(cut - 1)) --cut;
    const auto middle = static_cast<std::size_t>(cut - before.begin());
    const std::int64_t left = before[middle] - before[piece.first];
    Box a = piece.box;
    Box b = piece.box;
    if (piece.box.width >= piece.box.height) {
      a.width = scaled(left, sum, piece.box.width);
      b.x += a.width;
      b.width -= a.width;
    } else {
      a.height = scaled(left, sum, piece.box.height);
      b.y += a.height;
      b.height -= a.height;
    }
    stack.push_back({piece.first, middle, a});
    stack.push_back({middle, piece.end, b});
  }
  return boxes;
}

}  // namespace dangbo::inline v1::report
