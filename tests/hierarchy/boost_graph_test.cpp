#include "dangbo/hierarchy/boost_graph.hpp"

#include <gtest/gtest.h>
#include <boost/concept/assert.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/graphviz.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/topological_sort.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <random>
#include <sstream>
#include <utility>
#include <vector>

namespace dangbo::hierarchy {
namespace {

BOOST_CONCEPT_ASSERT((boost::concepts::GraphConcept<Tree>));
BOOST_CONCEPT_ASSERT((boost::concepts::IncidenceGraphConcept<Tree>));
BOOST_CONCEPT_ASSERT((boost::concepts::BidirectionalGraphConcept<Tree>));
BOOST_CONCEPT_ASSERT((boost::concepts::AdjacencyGraphConcept<Tree>));
BOOST_CONCEPT_ASSERT((boost::concepts::VertexListGraphConcept<Tree>));
BOOST_CONCEPT_ASSERT((boost::concepts::EdgeListGraphConcept<Tree>));
BOOST_CONCEPT_ASSERT(
    (boost::concepts::ReadablePropertyGraphConcept<Tree, TreeVertex, boost::vertex_index_t>));

// Positions 0 … 6: 0 above 1 and 4, 1 above 2 and 3, 4 above 5; 6 is a second root.
Tree small_tree() {
  const std::vector<UnitSlot> units{UnitSlot{4}, UnitSlot{9}, UnitSlot{5}, UnitSlot{7},
                                    UnitSlot{2}, UnitSlot{1}, UnitSlot{3}};
  const std::vector<UnitSlot> parents{UnitSlot{9}, UnitSlot{5}, kNoUnitSlot, kNoUnitSlot,
                                      UnitSlot{5}, UnitSlot{9}, UnitSlot{2}};
  return Tree(units, parents);
}

Tree random_tree(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<UnitSlot> units;
  std::vector<UnitSlot> parents;
  const std::uint64_t count = random() % 60;
  for (std::uint32_t i = 0; i < count; ++i) {
    units.push_back(UnitSlot{i});
    parents.push_back(i == 0 || random() % 8 == 0
                          ? kNoUnitSlot
                          : UnitSlot{static_cast<std::uint32_t>(random() % i)});
  }
  return Tree(units, parents);
}

auto index_map(const Tree& tree) {
  return get(boost::vertex_index, tree);
}

std::vector<std::uint32_t> counting(std::size_t size) {
  std::vector<std::uint32_t> numbers(size);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

struct DiscoverOrder : boost::default_dfs_visitor {
  explicit DiscoverOrder(std::vector<TreeVertex>* order_in) : order(order_in) {}
  void discover_vertex(TreeVertex vertex, const Tree& /*tree*/) const { order->push_back(vertex); }
  std::vector<TreeVertex>* order;
};

TEST(BoostGraph, DepthFirstDiscoversInPositionOrder) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Tree tree = random_tree(seed);
    std::vector<TreeVertex> order;
    boost::depth_first_search(
        tree, boost::vertex_index_map(index_map(tree)).visitor(DiscoverOrder(&order)));
    EXPECT_EQ(order, counting(tree.size())) << "seed " << seed;
  }
}

TEST(BoostGraph, DepthFirstOnAChainOfAMillion) {
  constexpr std::uint32_t kCount = 1'000'000;
  std::vector<UnitSlot> units;
  std::vector<UnitSlot> parents;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    units.push_back(UnitSlot{i});
    parents.push_back(i == 0 ? kNoUnitSlot : UnitSlot{i - 1});
  }
  const Tree tree(units, parents);
  std::vector<TreeVertex> order;
  boost::depth_first_search(
      tree, boost::vertex_index_map(index_map(tree)).visitor(DiscoverOrder(&order)));
  EXPECT_EQ(order, counting(kCount));
}

TEST(BoostGraph, TopologicalSortPutsChildrenBeforeTheirParents) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Tree tree = random_tree(seed);
    std::vector<TreeVertex> children_first;
    boost::topological_sort(tree, std::back_inserter(children_first),
                            boost::vertex_index_map(index_map(tree)));
    ASSERT_EQ(children_first.size(), tree.size());
    std::vector<std::size_t> place(tree.size());
    for (std::size_t i = 0; i < children_first.size(); ++i) {
      place[children_first[i]] = i;
    }
    for (TreeVertex vertex = 0; vertex < tree.size(); ++vertex) {
      const UnitPosition parent = tree.parent_of(UnitPosition{vertex});
      EXPECT_TRUE(parent == kNoPosition || place[vertex] < place[index_of(parent)]);
    }
  }
}

TEST(BoostGraph, BreadthFirstDistancesAreLevels) {
  const Tree tree = small_tree();
  // A column by position serves as property map without a copy.
  std::vector<std::uint32_t> distances(tree.size(), 0);
  const auto distance_map = boost::make_iterator_property_map(distances.begin(), index_map(tree));
  for (const UnitPosition root : tree.roots()) {
    boost::breadth_first_search(tree, index_of(root),
                                boost::vertex_index_map(index_map(tree))
                                    .visitor(boost::make_bfs_visitor(boost::record_distances(
                                        distance_map, boost::on_tree_edge()))));
    if (index_of(root) == 0) {
      EXPECT_EQ(distances, (std::vector<std::uint32_t>{0, 1, 2, 2, 1, 2, 0}));
    }
  }
  EXPECT_EQ(distances, std::vector(tree.levels().begin(), tree.levels().end()));
}

TEST(BoostGraph, GraphvizWritesVerticesAndEdges) {
  const Tree tree = small_tree();
  const auto write_slot = [&](std::ostream& out, TreeVertex vertex) {
    out << "[label=" << index_of(tree.slot_at(UnitPosition{vertex})) << ']';
  };
  std::ostringstream out;
  boost::write_graphviz(out, tree, write_slot, boost::default_writer(), boost::default_writer(),
                        index_map(tree));
  EXPECT_EQ(out.str(),
            "digraph G {\n"
            "0[label=5];\n1[label=9];\n2[label=4];\n3[label=1];\n4[label=2];\n5[label=3];\n"
            "6[label=7];\n"
            "0->1 ;\n1->2 ;\n1->3 ;\n0->4 ;\n4->5 ;\n"
            "}\n");
}

TEST(BoostGraph, ReverseGraphLeadsUpwards) {
  const Tree tree = small_tree();
  const auto upwards = boost::make_reverse_graph(tree);
  std::vector<TreeVertex> path{5};
  while (out_degree(path.back(), upwards) == 1) {
    path.push_back(*adjacent_vertices(path.back(), upwards).first);
  }
  EXPECT_EQ(path, (std::vector<TreeVertex>{5, 4, 0}));
}

TEST(BoostGraph, CountsAndEdgesAgreeWithTheTree) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Tree tree = random_tree(seed);
    std::vector<TreeEdge> expected;
    for (TreeVertex vertex = 0; vertex < tree.size(); ++vertex) {
      if (tree.parent_of(UnitPosition{vertex}) != kNoPosition) {
        expected.push_back({index_of(tree.parent_of(UnitPosition{vertex})), vertex});
      }
    }
    const auto [first_edge, last_edge] = edges(tree);
    EXPECT_EQ(std::vector(first_edge, last_edge), expected) << "seed " << seed;
    EXPECT_EQ(num_edges(tree), expected.size());
    EXPECT_EQ(num_vertices(tree), tree.size());
    const auto [first_vertex, last_vertex] = vertices(tree);
    EXPECT_EQ(std::vector<TreeVertex>(first_vertex, last_vertex), counting(tree.size()));

    std::vector<TreeEdge> incoming;
    for (TreeVertex vertex = 0; vertex < tree.size(); ++vertex) {
      const auto [first_in, last_in] = in_edges(vertex, tree);
      EXPECT_EQ(std::distance(first_in, last_in), in_degree(vertex, tree));
      incoming.insert(incoming.end(), first_in, last_in);

      std::vector<TreeVertex> children;
      for (const UnitPosition child : tree.children_of(UnitPosition{vertex})) {
        children.push_back(index_of(child));
      }
      const auto [first_child, last_child] = adjacent_vertices(vertex, tree);
      EXPECT_EQ(std::vector<TreeVertex>(first_child, last_child), children);
      std::vector<TreeVertex> targets;
      const auto [first_out, last_out] = out_edges(vertex, tree);
      for (auto edge = first_out; edge != last_out; ++edge) {
        EXPECT_EQ(source(*edge, tree), vertex);
        targets.push_back(target(*edge, tree));
      }
      EXPECT_EQ(targets, children);
      EXPECT_EQ(out_degree(vertex, tree), children.size());
      EXPECT_EQ(degree(vertex, tree), children.size() + in_degree(vertex, tree));
      EXPECT_EQ(get(boost::vertex_index, tree, vertex), vertex);
    }
    EXPECT_EQ(incoming, expected) << "seed " << seed;
  }
}

TEST(BoostGraph, EmptyTreeIsAnEmptyGraph) {
  const Tree tree;
  EXPECT_EQ(num_vertices(tree), 0U);
  EXPECT_EQ(num_edges(tree), 0U);
  EXPECT_EQ(edges(tree).first, edges(tree).second);
  EXPECT_EQ(vertices(tree).first, vertices(tree).second);
  EXPECT_EQ(boost::graph_traits<Tree>::null_vertex(), index_of(kNoPosition));
}

}  // namespace
}  // namespace dangbo::hierarchy
