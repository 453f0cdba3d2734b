#include "dangbo/expr/expression.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "expr/clock.hpp"
#include "expr/evaluate.hpp"
#include "expr/fault.hpp"
#include "expr/lower.hpp"
#include "expr/parser.hpp"
#include "expr/program.hpp"
#include "expr/status.hpp"
#include "expr/trace.hpp"

namespace dangbo::inline v1::expr {

absl::StatusOr<Expression> Expression::compile(std::string_view text,
                                               const Environment& environment,
                                               std::vector<Fault>* faults) {
  return compile(text, std::make_shared<const Environment>(environment), faults);
}

absl::StatusOr<Expression> Expression::compile(std::string_view text,
                                               std::shared_ptr<const Environment> environment,
                                               std::vector<Fault>* faults) {
  auto program = std::make_shared<detail::Program>();
  detail::Faults found;
  if (detail::parse(text, program->tree, found)) {
    program->text = text;
    program->environment = std::move(environment);
    bool is_fine = detail::check(*program, found);
    if (is_fine && program->environment->profile == Profile::kPack) {
      ColumnProgram::Lowered lowered;
      detail::Lowering(lowered).add(*program, 0, found);
      is_fine = found.empty();
    }
    if (is_fine) return Expression(std::move(program));
  }
  std::vector<Fault> list = found.take();
  absl::Status status = detail::status_of(text, list);
  if (faults != nullptr) *faults = std::move(list);
  return status;
}

const std::string& Expression::text() const noexcept {
  return program_->text;
}

const Type& Expression::type() const noexcept {
  return program_->tree.nodes[program_->tree.root].type;
}

std::vector<std::size_t> Expression::variables() const {
  std::vector<std::size_t> read;
  for (const detail::Node& node : program_->tree.nodes) {
    if (node.op == detail::Op::kVariable) read.push_back(node.slot);
  }
  std::sort(read.begin(), read.end());
  read.erase(std::unique(read.begin(), read.end()), read.end());
  return read;
}

std::uint64_t Expression::cost(std::uint64_t longest) const noexcept {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  const auto& tree = program_->tree;
  const auto add = [&](std::uint64_t a, std::uint64_t b) { return a > kMost - b ? kMost : a + b; };
  // Children stand before their parents.
  std::vector<std::uint64_t> costs(tree.nodes.size(), 0);
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const detail::Node& node = tree.nodes[id];
    std::uint64_t cost = 1;
    const auto children = tree.children(node);
    const bool loops = node.op == detail::Op::kMacro && node.macro != detail::Macro::kHas;
    for (std::size_t i = 0; i < children.size(); ++i) {
      std::uint64_t part = costs[children[i]];
      if (loops && i >= 2) part = longest != 0 && part > kMost / longest ? kMost : part * longest;
      cost = add(cost, part);
    }
    const bool scans = node.op == detail::Op::kCall;
    costs[id] = scans && node.function >= detail::Function::kEqual ? add(cost, longest) : cost;
  }
  return costs[tree.root];
}

Value Expression::evaluate(std::span<const Value> variables) const {
  return detail::Evaluator(*program_, variables).run();
}

Value Expression::evaluate(std::span<const Value> variables, std::vector<Decision>& decisions,
                           std::size_t most) const {
  detail::Evaluator evaluator(*program_, variables);
  Value out = evaluator.run();
  detail::trace(*program_, variables, decisions, most);
  return out;
}

Value Expression::evaluate(std::span<const Value> variables, std::size_t clock,
                           std::optional<time::Date>& until) const {
  detail::Clock watching(*program_, variables, clock);
  detail::Evaluator evaluator(*program_, variables);
  evaluator.watch(watching);
  Value out = evaluator.run();
  until = watching.until() == detail::Clock::kNever
              ? std::nullopt
              : std::optional(time::Date::from_days(watching.until()));
  return out;
}

base::Message message_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMissing:
      return {"thiếu giá trị", "no value is known"};
    case ErrorCode::kNoOverload:
      return {"phép toán không nhận kiểu này", "no such overload for these types"};
    case ErrorCode::kUnbound:
      return {"biến không có giá trị", "the variable has no value"};
    case ErrorCode::kOverflow:
      return {"kết quả ngoài phạm vi", "the result is out of range"};
    case ErrorCode::kDivideByZero:
      return {"chia cho 0", "division by zero"};
    case ErrorCode::kNoSuchKey:
      return {"không có khoá này", "no such key"};
    case ErrorCode::kOutOfRange:
      return {"số thứ tự ngoài danh sách", "the index is outside the list"};
    case ErrorCode::kDuplicateKey:
      return {"khoá lặp lại", "a key stands twice"};
    case ErrorCode::kBadConversion:
      return {"không đổi được giá trị này", "the value cannot be converted"};
    case ErrorCode::kBadUtf8:
      return {"không phải UTF-8", "not UTF-8"};
    case ErrorCode::kBadPattern:
      return {"mẫu không hợp lệ", "not a pattern"};
    case ErrorCode::kNoPatterns:
      return {"bản này không có RE2 nên không có matches()",
              "matches() is missing: this was built without RE2"};
    case ErrorCode::kNoSuchDay:
      return {"không có ngày này", "there is no such day"};
    case ErrorCode::kNoRounding:
      return {"cộng tháng phải nói cách làm tròn: clamp, snap-to-end, spill hoặc strict",
              "adding months needs a rounding: clamp, snap-to-end, spill or strict"};
    case ErrorCode::kMonthsAndDays:
      return {"không so sánh tháng với ngày", "months do not compare with days"};
    case ErrorCode::kBadZone:
      return {"không có múi giờ này", "no such time zone"};
    case ErrorCode::kNoCalendar:
      return {"chưa có lịch làm việc", "no calendar of working days was supplied"};
    case ErrorCode::kEmpty:
      return {"danh sách rỗng không có giá trị nhỏ nhất hay lớn nhất",
              "an empty list has no least or greatest value"};
    case ErrorCode::kBudget:
      return {"quá nhiều bước tính", "too many steps"};
  }
  return {"lỗi", "error"};
}

}  // namespace dangbo::inline v1::expr
