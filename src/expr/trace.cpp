#include "expr/trace.hpp"

#include "expr/evaluate.hpp"

namespace dangbo::inline v1::expr::detail {

namespace {

class Tracer {
 public:
  Tracer(const Program& program, std::span<const Value> variables, std::vector<Decision>& decisions,
         std::size_t most)
      : tree_(program.tree), evaluator_(program, variables), decisions_(decisions), most_(most) {}

  // NOLINTBEGIN(misc-no-recursion): as deep as the parser lets trees be
  void explain(std::uint32_t id) {
    const Node& node = tree_.nodes[id];
    if (node.op == Op::kConstant || decisions_.size() >= most_) return;
    const std::size_t place = decisions_.size();
    decisions_.push_back({node.span, evaluator_.value(id), -1});
    const Value held = decisions_[place].value;
    switch (node.op) {
      case Op::kAnd:
      case Op::kOr:
        return terms(node, held);
      case Op::kConditional: {
        const std::uint32_t condition = tree_.links[node.first];
        explain(condition);
        const Value chosen = evaluator_.value(condition);
        if (chosen.kind() == Kind::kBool) {
          explain(tree_.links[node.first + (chosen.is_true() ? 1 : 2)]);
        }
        return;
      }
      case Op::kCall:
        for (const std::uint32_t child : tree_.children(node)) explain(child);
        return;
      case Op::kMacro:
        return quantifier(node, held, place);
      default:
        return;
    }
  }

 private:
  // The terms that would have decided the other way: all that agree with the whole.
  void terms(const Node& node, const Value& held) {
    for (const std::uint32_t child : tree_.children(node)) {
      const Value term = evaluator_.value(child);
      const bool agrees = held.is_error()
                              ? term.is_error()
                              : term.kind() == Kind::kBool && term.is_true() == held.is_true();
      if (agrees) explain(child);
    }
  }

  // The first element that decided: the witness of exists, the counter-example of all, the least
  // of min, the greatest of max, what failed of an error.
  void quantifier(const Node& node, const Value& held, std::size_t place) {
    if (node.macro == Macro::kHas || node.macro == Macro::kMap) return;
    const Value range = evaluator_.value(tree_.links[node.first]);
    if (range.kind() != Kind::kList && range.kind() != Kind::kMap) return;
    const std::uint32_t body = tree_.links[node.first + 2];
    const bool wanted = node.macro != Macro::kAll;
    const bool is_extreme = node.macro == Macro::kMin || node.macro == Macro::kMax;
    for (std::size_t i = 0; i < range.size(); ++i) {
      evaluator_.bind(node, range, i);
      const Value element = evaluator_.value(body);
      const bool decides = held.is_error() ? element.is_error()
                           : is_extreme
                               ? equal(element, held)
                               : element.kind() == Kind::kBool && element.is_true() == wanted;
      if (!decides) continue;
      decisions_[place].element = static_cast<std::int64_t>(i);
      return explain(body);
    }
  }
  // NOLINTEND(misc-no-recursion)

  const Tree& tree_;
  Evaluator evaluator_;
  std::vector<Decision>& decisions_;
  std::size_t most_;
};

}  // namespace

void trace(const Program& program, std::span<const Value> variables,
           std::vector<Decision>& decisions, std::size_t most) {
  Tracer(program, variables, decisions, most).explain(program.tree.root);
}

}  // namespace dangbo::inline v1::expr::detail
