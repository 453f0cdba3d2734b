// Opt-in: with this header a Tree is itself a Boost.Graph graph, without a wrapper or a copy.
//
//   #include "dangbo/hierarchy/boost_graph.hpp"
//   boost::breadth_first_search(tree, root, boost::vertex_index_map(get(boost::vertex_index, tree))
//                                               .visitor(visitor));
//
// A vertex is the integer behind a UnitPosition, an edge leads from parent to child. Convert at the
// edge of the algorithm: index_of(position) and UnitPosition{vertex}. Models IncidenceGraph,
// BidirectionalGraph, AdjacencyGraph, VertexListGraph, EdgeListGraph and ReadablePropertyGraph of
// vertex_index; read-only. Any array by position is a property map:
//   boost::make_iterator_property_map(column.begin(), get(boost::vertex_index, tree))
// Iterators live as long as the tree. O(1), except: out_degree and degree O(children),
// num_edges O(roots). Subtrees, ancestors and totals need no graph algorithm: see Tree.
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>

#include <cstdint>
#include <iterator>
#include <utility>

#include "dangbo/hierarchy/tree.hpp"

namespace dangbo::inline v1::hierarchy {

using TreeVertex = std::uint32_t;

// From parent to child.
struct TreeEdge {
  TreeVertex from = index_of(kNoPosition);
  TreeVertex to = index_of(kNoPosition);
  friend bool operator==(const TreeEdge&, const TreeEdge&) = default;
};

struct TreeTraversalTag : virtual boost::bidirectional_graph_tag,
                          virtual boost::adjacency_graph_tag,
                          virtual boost::vertex_list_graph_tag,
                          virtual boost::edge_list_graph_tag {};

// The children of one vertex, in order.
class TreeAdjacencyIterator
    : public boost::iterator_facade<TreeAdjacencyIterator, TreeVertex, boost::forward_traversal_tag,
                                    TreeVertex> {
 public:
  TreeAdjacencyIterator() = default;
  TreeAdjacencyIterator(const Tree* tree, TreeVertex at) : tree_(tree), at_(at) {}

 private:
  friend class boost::iterator_core_access;
  [[nodiscard]] TreeVertex dereference() const { return at_; }
  [[nodiscard]] bool equal(const TreeAdjacencyIterator& other) const { return at_ == other.at_; }
  void increment() { at_ = index_of(tree_->end_of(UnitPosition{at_})); }

  const Tree* tree_ = nullptr;
  TreeVertex at_ = index_of(kNoPosition);
};

// The edges down from one vertex, in the order of its children.
class TreeOutEdgeIterator : public boost::iterator_facade<TreeOutEdgeIterator, TreeEdge,
                                                          boost::forward_traversal_tag, TreeEdge> {
 public:
  TreeOutEdgeIterator() = default;
  TreeOutEdgeIterator(const Tree* tree, TreeEdge at) : tree_(tree), at_(at) {}

 private:
  friend class boost::iterator_core_access;
  [[nodiscard]] TreeEdge dereference() const { return at_; }
  [[nodiscard]] bool equal(const TreeOutEdgeIterator& other) const { return at_ == other.at_; }
  void increment() { at_.to = index_of(tree_->end_of(UnitPosition{at_.to})); }

  const Tree* tree_ = nullptr;
  TreeEdge at_;
};

// All edges by child; roots have none above them and are passed over.
class TreeEdgeIterator : public boost::iterator_facade<TreeEdgeIterator, TreeEdge,
                                                       boost::forward_traversal_tag, TreeEdge> {
 public:
  TreeEdgeIterator() = default;
  TreeEdgeIterator(const Tree* tree, TreeVertex child) : tree_(tree), child_(child) {
    pass_over_roots();
  }

 private:
  friend class boost::iterator_core_access;
  [[nodiscard]] TreeEdge dereference() const {
    return {index_of(tree_->parent_of(UnitPosition{child_})), child_};
  }
  [[nodiscard]] bool equal(const TreeEdgeIterator& other) const { return child_ == other.child_; }
  void increment() {
    ++child_;
    pass_over_roots();
  }
  void pass_over_roots() {
    while (child_ < tree_->size() && tree_->parent_of(UnitPosition{child_}) == kNoPosition) {
      ++child_;
    }
  }

  const Tree* tree_ = nullptr;
  TreeVertex child_ = index_of(kNoPosition);
};

}  // namespace dangbo::inline v1::hierarchy

namespace boost {

template <>
struct graph_traits<dangbo::hierarchy::Tree> {
  using vertex_descriptor = dangbo::hierarchy::TreeVertex;
  using edge_descriptor = dangbo::hierarchy::TreeEdge;
  using directed_category = bidirectional_tag;
  using edge_parallel_category = disallow_parallel_edge_tag;
  using traversal_category = dangbo::hierarchy::TreeTraversalTag;
  using vertex_iterator = counting_iterator<vertex_descriptor>;
  using adjacency_iterator = dangbo::hierarchy::TreeAdjacencyIterator;
  using out_edge_iterator = dangbo::hierarchy::TreeOutEdgeIterator;
  using in_edge_iterator = dangbo::hierarchy::TreeEdgeIterator;
  using edge_iterator = dangbo::hierarchy::TreeEdgeIterator;
  using vertices_size_type = std::uint32_t;
  using edges_size_type = std::uint32_t;
  using degree_size_type = std::uint32_t;
  static vertex_descriptor null_vertex() {
    return dangbo::hierarchy::index_of(dangbo::hierarchy::kNoPosition);
  }
};

template <>
struct property_map<dangbo::hierarchy::Tree, vertex_index_t> {
  using type = typed_identity_property_map<dangbo::hierarchy::TreeVertex>;
  using const_type = type;
};

}  // namespace boost

// Found by argument-dependent look-up, as Boost.Graph asks.
namespace dangbo::inline v1::hierarchy {

using TreeTraits = boost::graph_traits<Tree>;

[[nodiscard]] inline TreeTraits::vertices_size_type num_vertices(const Tree& tree) {
  return static_cast<TreeTraits::vertices_size_type>(tree.size());
}
[[nodiscard]] inline std::pair<TreeTraits::vertex_iterator, TreeTraits::vertex_iterator> vertices(
    const Tree& tree) {
  return {TreeTraits::vertex_iterator(0), TreeTraits::vertex_iterator(num_vertices(tree))};
}

[[nodiscard]] inline TreeVertex source(const TreeEdge& edge, const Tree& /*tree*/) {
  return edge.from;
}
[[nodiscard]] inline TreeVertex target(const TreeEdge& edge, const Tree& /*tree*/) {
  return edge.to;
}

[[nodiscard]] inline std::pair<TreeAdjacencyIterator, TreeAdjacencyIterator> adjacent_vertices(
    TreeVertex vertex, const Tree& tree) {
  return {{&tree, vertex + 1}, {&tree, index_of(tree.end_of(UnitPosition{vertex}))}};
}
[[nodiscard]] inline std::pair<TreeOutEdgeIterator, TreeOutEdgeIterator> out_edges(
    TreeVertex vertex, const Tree& tree) {
  return {{&tree, {vertex, vertex + 1}},
          {&tree, {vertex, index_of(tree.end_of(UnitPosition{vertex}))}}};
}
[[nodiscard]] inline TreeTraits::degree_size_type out_degree(TreeVertex vertex, const Tree& tree) {
  return static_cast<TreeTraits::degree_size_type>(
      std::ranges::distance(tree.children_of(UnitPosition{vertex})));
}

[[nodiscard]] inline TreeTraits::degree_size_type in_degree(TreeVertex vertex, const Tree& tree) {
  return tree.parent_of(UnitPosition{vertex}) == kNoPosition ? 0 : 1;
}
[[nodiscard]] inline std::pair<TreeEdgeIterator, TreeEdgeIterator> in_edges(TreeVertex vertex,
                                                                            const Tree& tree) {
  if (in_degree(vertex, tree) == 0) {
    return {};
  }
  const TreeEdgeIterator first(&tree, vertex);
  return {first, std::next(first)};
}
[[nodiscard]] inline TreeTraits::degree_size_type degree(TreeVertex vertex, const Tree& tree) {
  return in_degree(vertex, tree) + out_degree(vertex, tree);
}

[[nodiscard]] inline TreeTraits::edges_size_type num_edges(const Tree& tree) {
  return num_vertices(tree) -
         static_cast<TreeTraits::edges_size_type>(std::ranges::distance(tree.roots()));
}
[[nodiscard]] inline std::pair<TreeEdgeIterator, TreeEdgeIterator> edges(const Tree& tree) {
  return {{&tree, 0}, {&tree, num_vertices(tree)}};
}

[[nodiscard]] inline boost::typed_identity_property_map<TreeVertex> get(boost::vertex_index_t,
                                                                        const Tree& /*tree*/) {
  return {};
}
[[nodiscard]] inline TreeVertex get(boost::vertex_index_t, const Tree& /*tree*/,
                                    TreeVertex vertex) {
  return vertex;
}

}  // namespace dangbo::inline v1::hierarchy
