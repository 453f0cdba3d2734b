#include "dangbo/rules/review_pack.hpp"

#include <string>
#include <utility>
#include <vector>

#include "rules/problem_at.hpp"
#include "rules/reads.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Message;

class Review {
 public:
  Review(const Pack& pack, std::optional<time::Date> today, int years)
      : pack_(pack), today_(today), years_(years) {}

  base::ProblemList run() {
    std::vector<bool> is_read(pack_.parameters.size(), false);
    for (const Rule& rule : pack_.rules) {
      const std::vector<bool> read = variables_read(rule, pack_.names(rule).size);
      for (std::size_t i = 0; i < is_read.size(); ++i) {
        if (!read[RuleNames::kParameters + i]) continue;
        is_read[i] = true;
        weak(rule, pack_.parameters[i]);
      }
      exceptions(rule);
    }
    for (std::size_t i = 0; i < is_read.size(); ++i) {
      const Parameter& one = pack_.parameters[i];
      if (!is_read[i]) {
        tell(one.place, one.id, {"không quy tắc nào dùng tham số này", "no rule reads it"},
             {"bỏ, hoặc để cho nơi khác dùng", "drop it, or keep it for others to read"});
      }
      old(one);
    }
    found_.sort();
    return std::move(found_);
  }

 private:
  void tell(SourcePlace place, std::string_view value, Message reason, Message fix) {
    found_.add(problem_at(pack_, place, value, std::move(reason), std::move(fix)));
  }

  void weak(const Rule& rule, const Parameter& parameter) {
    if (rule.severity == Severity::kAdvisory) return;
    for (const ParameterValue& one : parameter.values) {
      if (!is_weak(one.evidence) || !one.days.overlaps(rule.effective)) continue;
      const std::string since = one.days.from() ? one.days.from()->to_string() : "…";
      const std::string grade(text_of(one.evidence));
      tell(rule.place, rule.id,
           {"tham số " + parameter.id + " từ " + since + " có chứng cứ mức " + grade +
                ": các ngày đó chỉ là tham khảo",
            "parameter " + parameter.id + " since " + since + " has evidence of grade " + grade +
                ": advisory on those days"},
           {"tìm văn bản, hoặc viết “advisory”", "find the text, or write “advisory”"});
    }
  }

  void exceptions(const Rule& rule) {
    for (std::size_t i = 0; i < rule.exceptions.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Exception& a = rule.exceptions[j];
        const Exception& b = rule.exceptions[i];
        if (a.downgrade == b.downgrade || a.precedence != b.precedence ||
            !a.effective.overlaps(b.effective)) {
          continue;
        }
        tell(b.place, b.label,
             {"có thể cùng đúng với “" + a.label + "” mà khác tác dụng: khi đó là mâu thuẫn",
              "could hold together with “" + a.label + "”, with another effect: a conflict then"},
             {"viết điều kiện loại trừ nhau", "write conditions that exclude each other"});
      }
    }
  }

  void old(const Parameter& parameter) {
    if (!today_) return;
    const ParameterValue* const value = parameter.on(*today_);
    if (value == nullptr) return;
    const auto due = value->reviewed ? time::add_months(*value->reviewed, 12 * years_,
                                                        time::MonthEndRule::kClamp)
                                     : std::nullopt;
    if (due && *today_ <= *due) return;
    const std::string last = value->reviewed ? value->reviewed->to_string() : "—";
    tell(value->place, parameter.id, {"lần xem lại gần nhất: " + last, "last reviewed: " + last},
         {"đọc lại văn bản, ghi ngày vào “reviewed”", "read the text again, note the day"});
  }

  const Pack& pack_;
  std::optional<time::Date> today_;
  int years_;
  base::ProblemList found_;
};

}  // namespace

base::ProblemList review_pack(const Pack& pack, std::optional<time::Date> today, int years) {
  return Review(pack, today, years).run();
}

}  // namespace dangbo::inline v1::rules
