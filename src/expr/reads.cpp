// Which fields an expression reads, and through which relations.
#include <algorithm>
#include <optional>
#include <utility>

#include "dangbo/expr/expression.hpp"
#include "expr/program.hpp"

namespace dangbo::inline v1::expr {

namespace {

using detail::Macro;
using detail::Node;
using detail::Op;
using detail::Tree;

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(tree) {}

  std::vector<FieldRead> take() {
    visit(tree_.root);
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  // Where the record or list that a node gives comes from; nothing for all else.
  // NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
  [[nodiscard]] std::optional<FieldRead> origin(const Node& node) const {
    switch (node.op) {
      case Op::kVariable:
        return FieldRead{node.slot, {}};
      case Op::kLocal:
        return node.slot < locals_.size() ? locals_[node.slot] : std::nullopt;
      case Op::kField: {
        auto from = origin(tree_.child(node, 0));
        if (from) from->path.push_back(node.slot);
        return from;
      }
      case Op::kMacro:
        return node.macro == Macro::kFilter ? origin(tree_.child(node, 0)) : std::nullopt;
      case Op::kCall:
        return node.function == detail::Function::kIndex ? origin(tree_.child(node, 0))
                                                         : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  void visit(std::uint32_t id) {
    const Node& node = tree_.nodes[id];
    if (node.op == Op::kField || node.op == Op::kVariable) {
      if (auto read = origin(node)) found_.push_back(*std::move(read));
    }
    if (node.op != Op::kMacro || node.macro == Macro::kHas) {
      for (const std::uint32_t child : tree_.children(node)) visit(child);
      return;
    }
    const auto children = tree_.children(node);
    visit(children[0]);
    if (locals_.size() <= node.slot) locals_.resize(node.slot + 1);
    auto around = std::exchange(locals_[node.slot], origin(tree_.nodes[children[0]]));
    for (std::size_t i = 2; i < children.size(); ++i) visit(children[i]);
    locals_[node.slot] = std::move(around);
  }
  // NOLINTEND(misc-no-recursion)

  const Tree& tree_;
  std::vector<std::optional<FieldRead>> locals_;
  std::vector<FieldRead> found_;
};

}  // namespace

std::vector<FieldRead> Expression::reads() const {
  return Reader(program_->tree).take();
}

}  // namespace dangbo::inline v1::expr
