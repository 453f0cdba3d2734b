#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dangbo/base/text.hpp"
#include "dangbo/table/parse.hpp"
#include "field_value.hpp"

namespace dangbo::inline v1::table {

namespace {

// Which input column feeds a field.
struct Match {
  std::optional<std::size_t> column;
  bool inclusive = false;
};

struct Where {
  std::string_view source;
  std::uint64_t first_row;
  base::ProblemList* problems;

  void report(base::Problem problem, std::string_view column,
              std::optional<std::size_t> row) const {
    problem.place.file = std::string(source);
    problem.place.column = std::string(column);
    problem.place.row = row ? first_row + *row : 0;
    problems->add(std::move(problem));
  }
};

bool folds_to_any(const std::string& folded, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return base::fold(word) == folded; });
}

enum class Fit : std::uint8_t { kNo, kPlain, kInclusive };

struct Found {
  Fit fit = Fit::kNo;
  std::size_t field = 0;
};

// The field a column stands for. A field's own name beats another field's alias.
Found find_field(std::string_view name, const Schema& schema) {
  if (const auto exact = schema.find(name)) {
    return {Fit::kPlain, *exact};
  }
  const std::string folded = base::fold(name);
  const std::vector<Field>& fields = schema.fields();
  if (folded.empty()) {
    return {};
  }
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (base::fold(fields[index].name) == folded) {
      return {Fit::kPlain, index};
    }
  }
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (fields[index].role == Role::kUntil &&
        folds_to_any(folded, fields[index].inclusive_aliases)) {
      return {Fit::kInclusive, index};
    }
    if (folds_to_any(folded, fields[index].aliases)) {
      return {Fit::kPlain, index};
    }
  }
  return {};
}

base::Problem ambiguous(const Field& field, std::string_view first) {
  base::Problem problem;
  problem.code = base::ProblemCode::kHeaderAmbiguous;
  problem.reason = {
      "hai cột cùng ứng với trường “" + field.name + "”; cột kia là “" + std::string(first) + "”",
      "two columns stand for the field “" + field.name + "”; the other is “" + std::string(first) +
          "”"};
  problem.fix = {"bỏ hoặc đổi tên một cột", "drop or rename one of them"};
  return problem;
}

base::Problem column_missing(const Field& field, const std::vector<std::string_view>& unknown) {
  base::Problem problem;
  problem.code = base::ProblemCode::kHeaderMissing;
  problem.reason = {"thiếu cột bắt buộc", "a required column is missing"};
  problem.fix = {"thêm cột “" + field.name + "”", "add a column “" + field.name + "”"};
  for (const std::string& alias : field.aliases) {
    const auto near = base::nearest(alias, unknown.data(), unknown.size());
    if (near) {
      problem.fix.vi += ", hoặc đổi tên cột “" + std::string(unknown[*near]) + "”";
      problem.fix.en += ", or rename the column “" + std::string(unknown[*near]) + "”";
      return problem;
    }
  }
  if (const auto near = base::nearest(field.name, unknown.data(), unknown.size())) {
    problem.fix.vi += ", hoặc đổi tên cột “" + std::string(unknown[*near]) + "”";
    problem.fix.en += ", or rename the column “" + std::string(unknown[*near]) + "”";
  }
  return problem;
}

std::vector<Match> match_columns(const Table& input, const Schema& schema, const Where& where,
                                 std::vector<std::string_view>& unknown) {
  std::vector<Match> matches(schema.fields().size());
  for (std::size_t index = 0; index < input.column_count(); ++index) {
    const std::string& name = input.column(index).name();
    const Found found = find_field(name, schema);
    if (found.fit == Fit::kNo) {
      unknown.push_back(name);
      continue;
    }
    Match& match = matches[found.field];
    if (match.column) {
      where.report(ambiguous(schema.fields()[found.field], input.column(*match.column).name()),
                   name, std::nullopt);
    } else {
      match = {index, found.fit == Fit::kInclusive};
    }
  }
  return matches;
}

// Values that are of the field's type already.
template <typename Append>
Column copy_values(const Column& from, const Field& field, const Where& where,
                   const Append& append) {
  Column to(field.name, field.type);
  to.reserve(from.size());
  for (std::size_t row = 0; row < from.size(); ++row) {
    if (!from.is_missing(row)) {
      append(to, row);
      continue;
    }
    to.append_missing();
    if (field.required) {
      where.report(missing_value(field), from.name(), row);
    }
  }
  return to;
}

void append_until(Column& to, const Column& from, std::size_t row, bool inclusive,
                  const Where& where) {
  if (const auto until = until_from(from.date(row), inclusive)) {
    to.append_date(*until);
  } else {
    to.append_missing();
    where.report(until_too_late(from.display(row)), from.name(), row);
  }
}

Column copy_same_type(const Column& from, const Field& field, bool inclusive, const Where& where) {
  return copy_values(from, field, where, [&](Column& to, std::size_t row) {
    switch (field.type) {
      case Type::kInt:
        to.append_integer(from.integer(row));
        break;
      case Type::kBool:
        to.append_boolean(from.boolean(row));
        break;
      case Type::kReal:
        to.append_real(from.real(row));
        break;
      default:
        if (field.role == Role::kUntil) {
          append_until(to, from, row, inclusive, where);
        } else {
          to.append_date(from.date(row));
        }
        break;
    }
  });
}

// Everything else goes by its text, as if it stood in a file: one set of rules for both.
Column convert(const Column& from, const Field& field, bool inclusive, const Where& where) {
  FieldBuilder builder(field, inclusive);
  const auto append = [&](std::string_view text, std::size_t row) {
    if (auto problem = builder.append(text)) {
      where.report(std::move(*problem), from.name(), row);
    }
  };
  for (std::size_t row = 0; row < from.size(); ++row) {
    if (from.is_missing(row)) {
      append("", row);
    } else if (from.type() == Type::kText) {
      append(from.text(row), row);
    } else if (from.type() == Type::kCode && from.words() != nullptr) {
      append(from.word(row), row);
    } else if (from.type() == Type::kReal && !std::isfinite(from.real(row))) {
      // Missing, and reported for what it is rather than as a value left out.
      (void)builder.append("");
      where.report(not_a_real(from.display(row)), from.name(), row);
    } else {
      append(from.display(row), row);
    }
  }
  return builder.take();
}

bool keeps_type(const Column& from, const Field& field) noexcept {
  return from.type() == field.type && field.type != Type::kText && field.type != Type::kCode;
}

}  // namespace

Table conform(const Table& input, const Schema& schema, std::string_view source,
              std::uint64_t first_row, base::ProblemList& problems, Fields needed) {
  const Where where{source, first_row, &problems};
  std::vector<std::string_view> unknown;
  const std::vector<Match> matches = match_columns(input, schema, where, unknown);
  std::vector<Column> columns;
  for (std::size_t index = 0; index < matches.size(); ++index) {
    const Field& declared = schema.fields()[index];
    if (!matches[index].column) {
      if (declared.required && needed == Fields::kAllRequired) {
        where.report(column_missing(declared, unknown), declared.name, std::nullopt);
      }
      continue;
    }
    Field relaxed;
    const bool may_miss = declared.required && needed == Fields::kSome;
    if (may_miss) {
      relaxed = declared;
      relaxed.required = false;
    }
    const Field& field = may_miss ? relaxed : declared;
    const Column& from = input.column(*matches[index].column);
    const bool inclusive = matches[index].inclusive;
    columns.push_back(keeps_type(from, field) ? copy_same_type(from, field, inclusive, where)
                                              : convert(from, field, inclusive, where));
  }
  Provenance provenance = input.provenance();
  if (!unknown.empty()) {
    std::string names;
    for (const std::string_view name : unknown) {
      names += names.empty() ? "" : ", ";
      names += name;
    }
    provenance.facts.emplace_back("unknown_columns", std::move(names));
  }
  return Table(schema.name(), std::move(columns), std::move(provenance));
}

}  // namespace dangbo::inline v1::table
