// A forest whose links come and go (Sleator and Tarjan's link-cut trees, without re-rooting).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dangbo::inline v1::hierarchy::detail {

using NodeNumber = std::uint32_t;
inline constexpr NodeNumber kNoNode = 0xFFFFFFFFU;

// Nodes 0 … size - 1, all roots at first. Every operation is O(log size), amortised over a run of
// them. Each path from a preferred descendant upwards is a splay tree ordered by depth, so nothing
// recurses and a chain costs no more than a star.
class LinkForest {
 public:
  explicit LinkForest(std::size_t size) : nodes_(size) {}

  [[nodiscard]] NodeNumber root_of(NodeNumber node) {
    expose(node);
    while (nodes_[node].child[kShallower] != kNoNode) {
      node = nodes_[node].child[kShallower];
    }
    splay(node);  // pays for the descent
    return node;
  }

  // REQUIRES: `root` is a root and not that of `parent`.
  void link(NodeNumber root, NodeNumber parent) {
    expose(root);
    nodes_[root].above = parent;
  }

  // REQUIRES: `node` is not a root.
  void cut(NodeNumber node) {
    expose(node);
    nodes_[nodes_[node].child[kShallower]].above = kNoNode;
    nodes_[node].child[kShallower] = kNoNode;
  }

 private:
  static constexpr std::size_t kShallower = 0;
  static constexpr std::size_t kDeeper = 1;

  struct Node {
    NodeNumber above = kNoNode;  // in its splay tree, or for the top of one the path's parent
    std::array<NodeNumber, 2> child{kNoNode, kNoNode};
  };

  [[nodiscard]] std::size_t side_of(NodeNumber node, NodeNumber above) const noexcept {
    return nodes_[above].child[kDeeper] == node ? kDeeper : kShallower;
  }

  [[nodiscard]] bool is_top(NodeNumber node) const noexcept {
    const NodeNumber above = nodes_[node].above;
    return above == kNoNode ||
           (nodes_[above].child[kShallower] != node && nodes_[above].child[kDeeper] != node);
  }

  void rotate(NodeNumber node) noexcept {
    const NodeNumber above = nodes_[node].above;
    const std::size_t side = side_of(node, above);
    const NodeNumber inner = nodes_[node].child[1 - side];
    if (!is_top(above)) {
      const NodeNumber top = nodes_[above].above;
      nodes_[top].child[side_of(above, top)] = node;
    }
    nodes_[node].above = nodes_[above].above;
    nodes_[node].child[1 - side] = above;
    nodes_[above].above = node;
    nodes_[above].child[side] = inner;
    if (inner != kNoNode) {
      nodes_[inner].above = above;
    }
  }

  void splay(NodeNumber node) noexcept {
    while (!is_top(node)) {
      const NodeNumber above = nodes_[node].above;
      if (!is_top(above)) {
        const bool straight = side_of(node, above) == side_of(above, nodes_[above].above);
        rotate(straight ? above : node);
      }
      rotate(node);
    }
  }

  // Makes the path from `node` to its root one splay tree with `node` on top.
  void expose(NodeNumber node) noexcept {
    NodeNumber deeper = kNoNode;
    for (NodeNumber at = node; at != kNoNode; at = nodes_[at].above) {
      splay(at);
      nodes_[at].child[kDeeper] = deeper;
      deeper = at;
    }
    splay(node);
  }

  std::vector<Node> nodes_;
};

}  // namespace dangbo::inline v1::hierarchy::detail
