#include "dangbo/expr/columns.hpp"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "dangbo/base/absl.hpp"
#include "expr/run.hpp"
#include "expr/status.hpp"

namespace dangbo::inline v1::expr {

static_assert(detail::kComparisons == 6);

namespace {

constexpr InstructionSet kSets[] = {InstructionSet::kPlain, InstructionSet::kAvx2,
                                    InstructionSet::kAvx512};

bool same_variables(const Environment& a, const Environment& b) {
  if (&a == &b) return true;
  return a.calendar == b.calendar &&
         std::equal(
             a.variables.begin(), a.variables.end(), b.variables.begin(), b.variables.end(),
             [](const Member& x, const Member& y) { return x.name == y.name && x.type == y.type; });
}

}  // namespace

std::span<const InstructionSet> instruction_sets() noexcept {
  return {kSets, detail::kernel_choice().count};
}

std::string_view name_of(InstructionSet set) noexcept {
  static constexpr std::string_view kNames[] = {"plain", "avx2", "avx512"};
  return kNames[static_cast<std::size_t>(set)];
}

absl::StatusOr<ColumnProgram> ColumnProgram::compile(std::span<const Expression> expressions) {
  auto lowered = std::make_shared<Lowered>();
  lowered->expressions.assign(expressions.begin(), expressions.end());
  detail::Lowering lowering(*lowered);
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const detail::Program& program = *expressions[i].program();
    if (!same_variables(*program.environment, *expressions.front().program()->environment)) {
      return absl::InvalidArgumentError("expressions of one program have the same variables");
    }
    detail::Faults faults;
    lowering.add(program, static_cast<std::uint32_t>(i), faults);
    if (!faults.empty()) return detail::status_of(program.text, faults.take());
  }
  return ColumnProgram(std::move(lowered));
}

std::size_t ColumnProgram::size() const noexcept {
  return lowered_->roots.size();
}

std::vector<ColumnStep> ColumnProgram::explain() const {
  std::vector<ColumnStep> steps;
  for (const detail::Part& part : lowered_->parts) {
    const std::string& text = lowered_->expressions[part.expression].text();
    steps.push_back({detail::kernel_name(*lowered_, part),
                     text.substr(part.span.begin, part.span.end - part.span.begin), part.uses,
                     lowered_->domains[part.domain].depth});
  }
  return steps;
}

std::vector<std::size_t> ColumnProgram::variables() const {
  std::vector<std::size_t> read;
  for (const detail::Part& part : lowered_->parts) {
    if (part.kernel == detail::Kernel::kVariable) read.push_back(part.slot);
  }
  std::sort(read.begin(), read.end());
  return read;
}

Value ColumnResult::value(std::size_t row) const {
  if (is_error(row)) return Value::error(reasons[row]);
  switch (type.kind) {
    case Kind::kBool:
      return Value::boolean(is_true(row));
    case Kind::kInt:
      return Value::integer(integers[row]);
    case Kind::kDuration:
      return Value::duration(integers[row]);
    case Kind::kDouble:
      return Value::real(reals[row]);
    case Kind::kString:
      return Value::borrowed_text(dictionary[words[row]]);
    case Kind::kDate:
      return Value::date(time::Date::from_days(small[row]));
    case Kind::kEnum: {
      const auto& codes = type.shape->codes->codes();
      return Value::enumeration(small[row], codes[static_cast<std::size_t>(small[row])].id);
    }
    case Kind::kTimestamp:
      return Value::timestamp(integers[row], small[row]);
    default:
      return Value::period(static_cast<std::int32_t>(integers[row]), small[row]);
  }
}

namespace detail {

namespace {

// Takes the blocks of one expression into its result.
class Collector {
 public:
  Collector(ColumnResult& out, const Type& type, std::size_t size) : out_(out), rep_(rep_of(type)) {
    const std::size_t words = (size + kWord - 1) / kWord;
    out.type = type;
    out.size = size;
    out.truth.resize(rep_ == Rep::kBits ? words : 0);
    out.integers.resize(rep_ == Rep::kInt64 || rep_ == Rep::kParts ? size : 0);
    out.small.resize(rep_ == Rep::kInt32 || rep_ == Rep::kParts ? size : 0);
    out.reals.resize(rep_ == Rep::kDouble ? size : 0);
    out.words.resize(rep_ == Rep::kText ? size : 0);
    out.dictionary.clear();
    out.errors.clear();
    out.reasons.clear();
  }

  void take(const Block& block, std::size_t base, std::size_t count) {
    const std::size_t words = (count + kWord - 1) / kWord;
    switch (rep_) {
      case Rep::kBits:
        std::copy_n(block.as<std::uint64_t>(), words, out_.truth.data() + base / kWord);
        out_.truth[base / kWord + words - 1] &= last_mask(count);
        break;
      case Rep::kInt32:
        copy(block.as<std::int32_t>(), block, count, out_.small.data() + base);
        break;
      case Rep::kInt64:
        copy(block.as<std::int64_t>(), block, count, out_.integers.data() + base);
        break;
      case Rep::kDouble:
        copy(block.as<double>(), block, count, out_.reals.data() + base);
        for (std::size_t i = base; i < base + count; ++i) {
          if (out_.reals[i] != out_.reals[i]) {
            out_.reals[i] = std::numeric_limits<double>::quiet_NaN();
          }
        }
        break;
      case Rep::kText:
        take_texts(block, base, count);
        break;
      default:
        copy(block.as<std::int64_t>(), block, count, out_.integers.data() + base);
        copy(static_cast<const std::int32_t*>(block.more), block, count, out_.small.data() + base);
    }
    if (block.errors) take_errors(block.errors, base, count);
  }

 private:
  template <typename T>
  static void copy(const T* from, const Block& block, std::size_t count, T* to) {
    if (block.is_one) {
      std::fill_n(to, count, *from);
    } else {
      std::copy_n(from, count, to);
    }
  }

  std::uint32_t number_of(std::string_view text) {
    const auto found = numbers_.find(base::to_absl(text));
    if (found != numbers_.end()) return found->second;
    const auto next = static_cast<std::uint32_t>(out_.dictionary.size());
    out_.dictionary.emplace_back(text);
    numbers_.emplace(std::string(text), next);
    return next;
  }

  void take_texts(const Block& block, std::size_t base, std::size_t count) {
    if (block.coded && dictionary_ != block.dictionary.data()) {
      dictionary_ = block.dictionary.data();
      by_code_.assign(block.dictionary.size(), kUnknown);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (block.errors.at(i)) continue;
      std::uint32_t& number = out_.words[base + i];
      if (!block.coded) {
        number = number_of(block.text(i));
        continue;
      }
      std::uint32_t& known = by_code_[static_cast<std::size_t>(block.as<std::int32_t>()[i])];
      if (known == kUnknown) known = number_of(block.text(i));
      number = known;
    }
  }

  void take_errors(const Errors& errors, std::size_t base, std::size_t count) {
    const std::size_t words = (count + kWord - 1) / kWord;
    if (out_.errors.empty()) {
      out_.errors.assign((out_.size + kWord - 1) / kWord, 0);
      out_.reasons.assign(out_.size, ErrorCode::kMissing);
    }
    std::uint64_t* plane = out_.errors.data() + base / kWord;
    std::copy_n(errors.plane, words, plane);
    plane[words - 1] &= last_mask(count);
    each_bit(plane, words, [&](std::size_t row) {
      const std::size_t at = base + row;
      out_.reasons[at] = errors.reason_of(row);
      if (!out_.integers.empty()) out_.integers[at] = 0;
      if (!out_.small.empty()) out_.small[at] = 0;
      if (!out_.reals.empty()) out_.reals[at] = 0;
      if (!out_.words.empty()) out_.words[at] = 0;
    });
    if (rep_ != Rep::kBits) return;
    for (std::size_t i = 0; i < words; ++i) out_.truth[base / kWord + i] &= ~plane[i];
  }

  static constexpr std::uint32_t kUnknown = 0xFFFFFFFFU;
  ColumnResult& out_;
  Rep rep_;
  absl::flat_hash_map<std::string, std::uint32_t> numbers_;
  const std::string_view* dictionary_ = nullptr;
  std::vector<std::uint32_t> by_code_;
};

}  // namespace

}  // namespace detail

class ColumnEvaluator::Runner {
 public:
  Runner(std::shared_ptr<const ColumnProgram::Lowered> lowered, const detail::Kernels& kernels)
      : run_(std::move(lowered), kernels) {}

  absl::Status evaluate(const ColumnTable& table, std::size_t first, std::size_t count,
                        std::vector<ColumnResult>& results) {
    const absl::Status bound = run_.bind(table, first, count);
    if (!bound.ok()) return bound;
    const auto& lowered = run_.lowered();
    results.resize(lowered.roots.size());
    std::vector<detail::Collector> collectors;
    collectors.reserve(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      collectors.emplace_back(results[i], lowered.parts[lowered.roots[i]].type, count);
    }
    for (std::size_t done = 0; done < count; done += detail::kBlock) {
      const std::size_t rows = std::min(count - done, detail::kBlock);
      run_.at(first + done, rows);
      for (std::size_t i = 0; i < results.size(); ++i) {
        collectors[i].take(run_.value(lowered.roots[i]), done, rows);
      }
      if (run_.is_broken()) {
        return absl::InvalidArgumentError(
            "a column of a record is missing, of another type or too short, or a range leaves its "
            "table");
      }
    }
    return absl::OkStatus();
  }

 private:
  detail::Run run_;
};

ColumnEvaluator::ColumnEvaluator(ColumnProgram program)
    : ColumnEvaluator(std::move(program), instruction_sets().back()) {}

ColumnEvaluator::ColumnEvaluator(ColumnProgram program, InstructionSet set)
    : runner_(std::make_unique<Runner>(
          program.lowered(), *detail::kernel_choice().list[std::min(
                                 static_cast<std::size_t>(set), instruction_sets().size() - 1)])) {}

ColumnEvaluator::~ColumnEvaluator() = default;
ColumnEvaluator::ColumnEvaluator(ColumnEvaluator&&) noexcept = default;
ColumnEvaluator& ColumnEvaluator::operator=(ColumnEvaluator&&) noexcept = default;

absl::Status ColumnEvaluator::evaluate(const ColumnTable& table, std::size_t first,
                                       std::size_t count, std::vector<ColumnResult>& results) {
  return runner_->evaluate(table, first, count, results);
}

}  // namespace dangbo::inline v1::expr
