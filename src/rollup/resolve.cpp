// Names of a query against the schemas: tables, columns, words, keys.
#include <algorithm>
#include <array>
#include <utility>

#include "dangbo/base/text.hpp"
#include "dangbo/party/schemas.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "dangbo/rollup/mistake.hpp"
#include "dangbo/time/period.hpp"
#include "rollup/input.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using base::ProblemCode;
using base::ProblemList;
using party::TableName;
using table::Role;
using table::TableKind;
using table::Type;

constexpr std::string_view kHidden = "extra";

class Resolver {
 public:
  Resolver(World& world, const Ask& ask, ProblemList& problems)
      : world_(world), ask_(ask), problems_(problems) {}

  Input run(const std::vector<GroupBy>& by) {
    if (!find_table()) return std::move(input_);
    find_roles();
    check_period();
    for (const Condition& condition : ask_.where) add_filter(condition);
    if (!ask_.condition.empty()) add_condition();
    for (std::size_t i = 0; i < by.size(); ++i) {
      const std::string at = "/by/" + std::to_string(i);
      if (!by[i].edges.empty()) {
        add_bands(by[i], at);
      } else if (by[i].expression.empty()) {
        add_group(by[i].name, at);
      } else {
        add_formula_group(by[i], at + "/value");
      }
    }
    if (!ask_.sum.empty()) add_sum();
    return std::move(input_);
  }

 private:
  void add(ProblemCode code, std::string at, std::string_view value, base::Message reason,
           base::Message fix) {
    problems_.add(mistake(code, std::move(at), value, std::move(reason), std::move(fix)));
  }

  [[nodiscard]] bool about_members() const {
    return input_.kind == Kind::kMembers || input_.kind == Kind::kPersons ||
           input_.kind == Kind::kAdmissions;
  }

  bool find_table() {
    const std::string& of = ask_.of;
    const auto take = [&](Kind kind, const Rows& rows) {
      input_.kind = kind;
      input_.rows = rows;
      return true;
    };
    if (of == "members") return take(Kind::kMembers, world_.memberships());
    if (of == "memberships") return take(Kind::kMemberships, world_.memberships());
    if (of == "persons") return take(Kind::kPersons, world_.memberships());
    if (of == "units") return take(Kind::kUnits, world_.units());
    if (of == "admissions") return take(Kind::kAdmissions, world_.memberships());
    const auto rows = world_.snapshot().rows(of);
    if (!rows) {
      std::vector<std::string_view> names = {"members", "memberships", "units",
                                             "persons", "admissions",  kMovements};
      for (const auto& schema : party::standard_schemas()) {
        if (std::find(names.begin(), names.end(), schema->name()) == names.end())
          names.push_back(schema->name());
      }
      add(ProblemCode::kUnknownTable, ask_.at + "/of", of,
          {"không có bảng này", "there is no such table"}, suggest(of, names));
      return false;
    }
    if (of == TableName::kEvaluations) return take(Kind::kEvaluations, *rows);
    switch (rows->schema().kind()) {
      case TableKind::kState:
        return take(Kind::kState, *rows);
      case TableKind::kEvent:
        return take(Kind::kEvent, *rows);
      default:
        return take(Kind::kPeriod, *rows);
    }
  }

  void find_roles() {
    const auto& schema = input_.rows.schema();
    for (std::size_t i = 0; i < schema.fields().size(); ++i) {
      if (schema.fields()[i].role == Role::kUnit) {
        input_.unit_fields.push_back(input_.rows.field(i));
      }
    }
    const bool subject = schema.find(Role::kSubject).has_value();
    input_.has_member = subject || schema.find(Role::kMember).has_value();
    input_.whole_only = input_.unit_fields.empty() && !input_.has_member;
    if (const auto day = schema.find(Role::kDay)) input_.day_field = input_.rows.field(*day);
    if (const auto period = schema.find(Role::kPeriod)) {
      input_.period_field = input_.rows.field(*period);
    }
    input_.own_day = input_.kind == Kind::kAdmissions || input_.kind == Kind::kEvent ||
                     input_.kind == Kind::kPeriod;
    if (schema.name() == TableName::kMemberships) {
      input_.membership_kind = *input_.rows.field("kind");
      input_.in_reason = *input_.rows.field("in_reason");
    }
    if (input_.kind != Kind::kAdmissions) return;
    input_.needs_member = true;
    input_.admission_code = *party::in_reasons()->find("admission");
    input_.admission_day = *world_.members().field(
        ask_.dated_by == DatedBy::kDecision ? "decision_date" : "joined_date");
  }

  // A text is the row's own value in a period table, and the days it names elsewhere.
  void check_period() {
    if (!ask_.period) return;
    input_.period = ask_.period;
    const std::string at = ask_.at + "/period";
    const bool has_text = input_.kind == Kind::kPeriod || input_.kind == Kind::kEvaluations;
    if (has_text) return;
    if (input_.kind != Kind::kEvent && input_.kind != Kind::kAdmissions) {
      add(ProblemCode::kBadQuery, at, ask_.period->text,
          {"bảng này theo ngày, không theo kỳ", "this table is asked on a day, not for a period"},
          {"dùng \"on\"", "use \"on\""});
      return;
    }
    if (ask_.period->text.empty()) return;
    const auto days = time::period_days(ask_.period->text);
    if (!days) {
      add(ProblemCode::kBadQuery, at, ask_.period->text,
          {"không đọc được kỳ này", "this period cannot be read"},
          {"ghi như 2018, 2018-03, 2018Q1, 2015-2020",
           "write it like 2018, 2018-03, 2018Q1, 2015-2020"});
      return;
    }
    input_.period->text.clear();
    input_.period->range = *days;
  }

  static void add_names(const Rows& rows, std::string_view prefix, std::vector<std::string>& out) {
    for (const auto& field : rows.schema().fields()) {
      if (field.name != kHidden) out.push_back(std::string(prefix) + field.name);
    }
  }

  std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    add_names(about_members() ? world_.members() : input_.rows, "", names);
    if (about_members()) names.emplace_back("standing");
    if (about_members()) add_names(input_.rows, "membership.", names);
    if (input_.has_member && !about_members()) {
      add_names(world_.members(), "member.", names);
      names.emplace_back("member.standing");
    }
    if (!input_.whole_only && input_.kind != Kind::kUnits) {
      add_names(world_.units(), "unit.", names);
    }
    return names;
  }

  static std::optional<Column> field_of(const Rows& rows, std::string_view field, Source source,
                                        const std::string& name) {
    const auto at = rows.schema().find(field);
    if (!at || field == kHidden) return std::nullopt;
    return bind(rows, *at, source, name);
  }

  std::optional<Column> find_column(const std::string& name) {
    const std::string_view all = name;
    const auto own = [&] {
      return about_members() ? field_of(world_.members(), name, Source::kMember, name)
                             : field_of(input_.rows, name, Source::kOwn, name);
    };
    if (auto column = own()) return column;
    if (about_members() && name == "standing") return bind_standing(world_.members(), name);
    const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
      return all.starts_with(prefix) ? std::optional(all.substr(prefix.size())) : std::nullopt;
    };
    if (const auto field = after("unit.");
        field && !input_.whole_only && input_.kind != Kind::kUnits) {
      return field_of(world_.units(), *field, Source::kUnit, name);
    }
    if (const auto field = after("membership."); field && about_members()) {
      return field_of(input_.rows, *field, Source::kOwn, name);
    }
    if (const auto field = after("member."); field && input_.has_member && !about_members()) {
      if (*field == "standing") return bind_standing(world_.members(), name);
      return field_of(world_.members(), *field, Source::kMember, name);
    }
    return std::nullopt;
  }

  std::optional<Column> column(const std::string& name, const std::string& at) {
    auto found = find_column(name);
    if (!found) {
      const std::vector<std::string> names = column_names();
      add(ProblemCode::kUnknownColumn, at, name,
          {"không có cột này khi đếm " + ask_.of,
           "there is no such column when counting " + ask_.of},
          suggest(name, std::vector<std::string_view>(names.begin(), names.end())));
      return std::nullopt;
    }
    if (found->source == Source::kMember) input_.needs_member = true;
    return found;
  }

  void add_filter(const Condition& condition) {
    auto found = column(condition.column, condition.at);
    if (!found) return;
    Filter filter;
    filter.column = std::move(*found);
    filter.test = condition.test;
    if (filter.column.field.role == Role::kSubject && !condition.values.empty()) {
      add(ProblemCode::kBadQuery, condition.at, condition.column,
          {"không lọc theo mã đối tượng được", "a subject's key cannot be compared"},
          {"dùng \"unit\" hoặc cột unit.…, member.…",
           "use \"unit\" or a unit.… or member.… column"});
      return;
    }
    for (const Value& value : condition.values) add_value(filter, value, condition.at);
    if (condition.test == Test::kRange || condition.test == Test::kYears) {
      add_range(filter, condition);
    }
    std::sort(filter.numbers.begin(), filter.numbers.end());
    std::sort(filter.integers.begin(), filter.integers.end());
    std::sort(filter.texts.begin(), filter.texts.end());
    auto& list = filter.column.source == Source::kOwn      ? input_.own_filters
                 : filter.column.source == Source::kMember ? input_.member_filters
                                                           : input_.unit_filters;
    list.push_back(std::move(filter));
  }

  void add_range(Filter& filter, const Condition& condition) {
    const Type type = filter.column.field.type;
    const bool of_years = condition.test == Test::kYears;
    filter.certain = condition.certain;
    if (type != Type::kDate && (of_years || type != Type::kInt)) {
      add(ProblemCode::kBadQuery, condition.at, condition.column,
          {of_years ? "số năm tính từ một cột ngày" : "khoảng chỉ dùng cho cột ngày hoặc số nguyên",
           of_years ? "years are completed since a date"
                    : "a range is one of dates or whole numbers"},
          {"chọn cột khác", "choose another column"});
      return;
    }
    const auto end = [&](const std::optional<Value>& value, const char* key, std::int64_t& into) {
      if (!value) return;
      const std::string at = condition.at + (of_years ? "/years/" : "/") + key;
      if (const std::int64_t* number = std::get_if<std::int64_t>(&*value)) {
        if (type == Type::kInt || of_years) {
          into = *number;
        } else {
          wrong_type(filter.column, at, "một ngày", "a date");
        }
        return;
      }
      const auto date = time::parse_date(std::get<std::string>(*value)).value;
      if (type == Type::kDate && date) {
        into = date->first_day().days();
      } else if (type == Type::kDate) {
        wrong_type(filter.column, at, "một ngày", "a date");
      } else {
        wrong_type(filter.column, at, "số nguyên", "a whole number");
      }
    };
    end(condition.from, "from", filter.from);
    end(condition.until, "until", filter.until);
  }

  void add_bands(const GroupBy& by, const std::string& at) {
    const bool of_years = !by.years.empty();
    const std::string& name = of_years ? by.years : by.number;
    const std::string here = at + (of_years ? "/years" : "/number");
    auto found = column(name, here);
    if (!found) return;
    if (found->field.type != (of_years ? Type::kDate : Type::kInt)) {
      add(ProblemCode::kBadQuery, here, name,
          {of_years ? "số năm tính từ một cột ngày" : "khoảng số dùng cho cột số nguyên",
           of_years ? "years are completed since a date" : "bands are of whole numbers"},
          {"chọn cột khác", "choose another column"});
      return;
    }
    GroupColumn group;
    group.column = std::move(*found);
    group.column.name = by.name;
    group.bands = Bands{of_years, by.certain, by.edges};
    group.radix = group.bands->count() + 1;
    input_.groups.push_back(std::move(group));
  }

  void wrong_type(const Column& column, const std::string& at, const char* vi, const char* en) {
    add(ProblemCode::kBadQuery, at, column.name,
        {std::string("cột này so với ") + vi, std::string("this column compares with ") + en},
        {std::string("ghi ") + vi, std::string("write ") + en});
  }

  void add_value(Filter& filter, const Value& value, const std::string& at) {
    const Column& column = filter.column;
    if (column.field.type == Type::kBool) {
      const bool* flag = std::get_if<bool>(&value);
      if (flag == nullptr) return wrong_type(column, at, "true hoặc false", "true or false");
      filter.by_code.resize(2, false);
      filter.by_code[*flag ? 1 : 0] = true;
      return;
    }
    if (column.field.type == Type::kInt) {
      const std::int64_t* number = std::get_if<std::int64_t>(&value);
      if (number == nullptr) return wrong_type(column, at, "số nguyên", "a whole number");
      filter.integers.push_back(*number);
      return;
    }
    const std::string* text = std::get_if<std::string>(&value);
    if (text == nullptr) return wrong_type(column, at, "một chuỗi", "a text");
    if (column.field.type == Type::kCode) return add_word(filter, *text, at);
    if (column.field.type == Type::kDate) {
      const auto date = time::parse_date(*text).value;
      if (!date) return wrong_type(column, at, "một ngày", "a date");
      filter.numbers.push_back(static_cast<std::uint32_t>(date->code()));
      return;
    }
    if (!column.is_slot()) {
      filter.texts.push_back(*text);
    } else if (column.is_unit_key()) {
      const auto slot = world_.snapshot().find_unit(*text);
      if (slot) {
        filter.numbers.push_back(index_of(*slot));
      } else {
        unknown_unit(*text, at);
      }
    } else {
      const auto slot = world_.snapshot().find_member(*text);
      if (slot) {
        filter.numbers.push_back(index_of(*slot));
      } else {
        add(ProblemCode::kUnknownMember, at, *text,
            {"không có đảng viên mang mã này", "no member has this key"},
            {"kiểm tra lại mã", "check the key"});
      }
    }
  }

  void add_word(Filter& filter, const std::string& word, const std::string& at) {
    const auto& codes = filter.column.field.codes;
    const auto code = codes != nullptr ? codes->find(word) : filter.column.reader.find_word(word);
    if (code) {
      if (filter.by_code.size() <= *code) filter.by_code.resize(*code + std::size_t{1}, false);
      filter.by_code[*code] = true;
      return;
    }
    if (codes == nullptr) return;  // a word nobody has used yet
    std::vector<std::string_view> ids;
    for (const table::Code& known : codes->codes()) ids.push_back(known.id);
    add(ProblemCode::kUnknownCode, at, word,
        {"từ này không có trong danh mục " + codes->name(),
         "the vocabulary " + codes->name() + " has no such word"},
        suggest(word, ids));
  }

  void unknown_unit(const std::string& key, const std::string& at) {
    add(ProblemCode::kUnknownUnit, at, key, {"không có đơn vị mang mã này", "no unit has this key"},
        {"kiểm tra lại mã", "check the key"});
  }

  void add_group(const std::string& name, const std::string& at) {
    auto found = column(name, at);
    if (!found) return;
    const table::Field& field = found->field;
    GroupColumn group;
    const std::uint32_t units = world_.snapshot().unit_count();
    if (field.type == Type::kCode) {
      group.radix = (field.codes != nullptr ? field.codes->codes().size()
                                            : std::size_t{found->reader.word_count()}) +
                    1;
    } else if (field.type == Type::kBool) {
      group.radix = 3;
    } else if (field.type == Type::kText && found->is_unit_key()) {
      group.radix = std::uint64_t{units} + 1;
    } else if (field.type == Type::kText && field.role == Role::kPeriod) {
      group.radix = GroupColumn::kMaxTexts + 1;
    } else {
      add(ProblemCode::kBadQuery, at, name,
          {"không nhóm theo cột này: nó là chữ tự do, ngày, số hoặc mã riêng của từng dòng",
           "this column cannot group: free text, a date, a number or a key of single rows"},
          {"nhóm theo cột có danh mục, đúng/sai, kỳ hoặc đơn vị",
           "group by a coded, boolean, period or unit column"});
      return;
    }
    group.column = std::move(*found);
    input_.groups.push_back(std::move(group));
  }

  // What an expression may read: the columns under their names, and the row's day.
  std::optional<Formula> formula(const std::string& text, const std::string& at) {
    expr::Environment environment;
    std::vector<Column> columns;
    for (const std::string& name : column_names()) {
      auto found = find_column(name);
      if (!found || found->field.role == Role::kSubject || name == kDayVariable) continue;
      environment.variables.push_back({name, type_of(*found), true});
      columns.push_back(std::move(*found));
    }
    environment.variables.push_back({kDayVariable, expr::Kind::kDate, false});
    std::vector<expr::Fault> faults;
    const auto made = expr::Expression::compile(text, environment, &faults);
    for (const expr::Fault& fault : faults) {
      const std::string part = text.substr(fault.span.begin, fault.span.end - fault.span.begin);
      add(ProblemCode::kBadQuery, at, base::shorten(part.empty() ? text : part, 64), fault.reason,
          fault.fix.en.empty() ? base::Message{"xem docs/expressions.md", "see docs/expressions.md"}
                               : fault.fix);
    }
    if (!made.ok()) return std::nullopt;
    std::vector<std::pair<std::size_t, Column>> read;
    for (const std::size_t variable : made->variables()) {
      if (variable == columns.size()) continue;
      if (columns[variable].source == Source::kMember) input_.needs_member = true;
      read.emplace_back(variable, columns[variable]);
    }
    return Formula(world_.snapshot(), *made, std::move(read), environment.variables.size(),
                   columns.size());
  }

  void add_condition() {
    const std::string at = ask_.at + "/where";
    auto made = formula(ask_.condition, at);
    if (!made) return;
    if (made->expression().type().kind != expr::Kind::kBool) {
      add(ProblemCode::kBadQuery, at, made->expression().type().to_string(),
          {"điều kiện phải là đúng hoặc sai", "a condition is true or false"},
          {"so sánh giá trị với một giá trị khác", "compare the value with another one"});
      return;
    }
    input_.condition = std::move(made);
  }

  void add_formula_group(const GroupBy& by, const std::string& at) {
    auto made = formula(by.expression, at);
    if (!made) return;
    const expr::Kind kind = made->expression().type().kind;
    if (kind != expr::Kind::kBool && kind != expr::Kind::kInt && kind != expr::Kind::kString &&
        kind != expr::Kind::kEnum) {
      add(ProblemCode::kBadQuery, at, made->expression().type().to_string(),
          {"nhóm theo chữ, từ của danh mục, số nguyên hoặc đúng/sai",
           "groups are texts, words of a vocabulary, whole numbers, or true and false"},
          {"đổi giá trị thành chữ bằng string(…)", "make it a text with string(…)"});
      return;
    }
    GroupColumn group;
    group.column.name = by.name;
    group.column.field.type = Type::kText;
    group.formula = std::move(made);
    group.radix = GroupColumn::kMaxTexts + 1;
    input_.groups.push_back(std::move(group));
  }

  void add_sum() {
    const std::string at = ask_.at + "/" + name_of(ask_.measure);
    auto found = column(ask_.sum, at);
    if (!found) return;
    if (found->field.type != Type::kInt) {
      add(ProblemCode::kBadQuery, at, ask_.sum,
          {"chỉ tính được trên cột số nguyên", "only a column of whole numbers has such a figure"},
          {std::string("bỏ \"") + name_of(ask_.measure) + "\" để đếm dòng",
           std::string("drop \"") + name_of(ask_.measure) + "\" to count rows"});
      return;
    }
    input_.sum = std::move(*found);
    input_.measure = ask_.measure;
  }

  World& world_;
  const Ask& ask_;
  ProblemList& problems_;
  Input input_;
};

}  // namespace

Input resolve(World& world, const Ask& ask, const std::vector<GroupBy>& by, ProblemList& problems) {
  return Resolver(world, ask, problems).run(by);
}

}  // namespace dangbo::inline v1::rollup
