// What must hold between the parts of a pack, all layers together.
#include <algorithm>
#include <utility>

#include "rules/reader.hpp"
#include "rules/reads.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Message;

class Whole {
 public:
  explicit Whole(Reading& reading) : reading_(reading), pack_(reading.pack) {}

  void run() {
    for (const Rule& rule : pack_.rules) {
      gaps(rule);
      applies(rule);
      precedence(rule);
    }
  }

 private:
  void refuse(SourcePlace place, std::string_view value, Message reason, Message fix) {
    base::Problem problem =
        load::detail::yaml_problem(base::ProblemCode::kBadPack, place.line, place.column, value,
                                   std::move(reason), std::move(fix));
    problem.place.file = reading_.layer(place.layer).source;
    reading_.problems.add(std::move(problem));
  }

  // Days on which the rule is in force and a parameter that it reads has no value. An exception
  // reads on its own days only.
  void gaps(const Rule& rule) {
    std::vector<bool> is_read(pack_.names(rule).size, false);
    const auto see = [&](const Condition& one) {
      for (const std::size_t variable : one.expression.variables()) is_read[variable] = true;
    };
    for_each_own_condition(rule, see);
    gaps(rule.place, is_read, rule.effective);
    for (const Exception& one : rule.exceptions) {
      if (!one.when) continue;
      is_read.assign(is_read.size(), false);
      see(*one.when);
      gaps(one.place, is_read, rule.effective.intersection(one.effective));
    }
  }

  void gaps(SourcePlace place, const std::vector<bool>& is_read, time::DateRange days) {
    for (std::size_t i = 0; i < pack_.parameters.size(); ++i) {
      if (!is_read[RuleNames::kParameters + i]) continue;
      std::int32_t reached = days.from_day();
      for (const ParameterValue& one : pack_.parameters[i].values) {
        if (one.days.from_day() <= reached) reached = std::max(reached, one.days.until_day());
      }
      if (reached >= days.until_day()) continue;
      const std::string day =
          reached == time::DateRange::kOpenFrom ? "…" : time::Date::from_days(reached).to_string();
      refuse(place, pack_.parameters[i].id,
             {"quy tắc dùng tham số không có giá trị từ ngày " + day,
              "the rule reads a parameter without a value from " + day},
             {"thêm giá trị, hoặc thu hẹp “effective” của quy tắc",
              "add a value, or narrow the “effective” of the rule"});
    }
  }

  static bool is_never(const std::optional<Condition>& when) {
    if (!when || !when->expression.variables().empty()) return false;
    return when->expression.evaluate({}).is_false();
  }

  void applies(const Rule& rule) {
    if (rule.effective.empty() || is_never(rule.when)) {
      refuse(rule.when ? rule.when->place : rule.place, rule.id,
             {"quy tắc không bao giờ áp dụng", "the rule can never apply"},
             {"sửa “when” hoặc “effective”", "mend “when” or “effective”"});
    }
    for (const Exception& one : rule.exceptions) {
      if (!is_never(one.when)) continue;
      refuse(one.when->place, one.label,
             {"ngoại lệ không bao giờ áp dụng", "the exception can never apply"},
             {"sửa “when”", "mend “when”"});
    }
  }

  // Two exceptions for the same case, neither above the other, that do not agree.
  void precedence(const Rule& rule) {
    for (std::size_t i = 0; i < rule.exceptions.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Exception& a = rule.exceptions[j];
        const Exception& b = rule.exceptions[i];
        if (a.downgrade == b.downgrade || a.precedence != b.precedence ||
            a.when->expression.text() != b.when->expression.text() ||
            !a.effective.overlaps(b.effective)) {
          continue;
        }
        refuse(b.place, b.label,
               {"cùng điều kiện với “" + a.label + "” mà khác tác dụng, không rõ bên nào thắng",
                "the case of “" + a.label + "” with another effect, and neither wins"},
               {"bỏ một trong hai, hoặc trích văn bản cấp cao hơn",
                "drop one, or cite a text of higher rank"});
      }
    }
  }

  Reading& reading_;
  const Pack& pack_;
};

}  // namespace

void check_whole(Reading& reading) {
  Whole(reading).run();
}

}  // namespace dangbo::inline v1::rules
