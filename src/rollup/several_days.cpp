#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "rollup/answers.hpp"

namespace dangbo::inline v1::rollup {

namespace {

using table::Type;

// The words of a coded column of all answers, and where each answer's words stand among them.
struct Joined {
  std::shared_ptr<const table::Words> words;
  std::vector<std::vector<std::int32_t>> codes;  // by answer, by its code
};

Joined join_words(const std::vector<table::Table>& answers, std::size_t column) {
  std::map<std::string, std::int32_t> all;
  for (const table::Table& answer : answers) {
    for (const std::string& word : *answer.column(column).words()) all.emplace(word, 0);
  }
  auto words = std::make_shared<table::Words>();
  for (auto& [word, code] : all) {
    code = static_cast<std::int32_t>(words->size());
    words->push_back(word);
  }
  Joined out;
  out.words = std::move(words);
  for (const table::Table& answer : answers) {
    std::vector<std::int32_t>& codes = out.codes.emplace_back();
    for (const std::string& word : *answer.column(column).words()) codes.push_back(all.at(word));
  }
  return out;
}

table::Column below_each_other(const std::vector<table::Table>& answers, std::size_t column) {
  const table::Column& first = answers.front().column(column);
  const Type type = first.type();
  table::Column out(first.name(), type);
  Joined joined;
  if (type == Type::kCode) {
    joined = join_words(answers, column);
    out.set_words(joined.words);
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const table::Column& from = answers[i].column(column);
    for (std::size_t row = 0; row < from.size(); ++row) {
      if (from.is_missing(row)) {
        out.append_missing();
      } else if (type == Type::kCode) {
        out.append_code(joined.codes[i][static_cast<std::size_t>(from.code(row))]);
      } else if (type == Type::kInt) {
        out.append_integer(from.integer(row));
      } else if (type == Type::kReal) {
        out.append_real(from.real(row));
      } else if (type == Type::kBool) {
        out.append_boolean(from.boolean(row));
      } else {
        out.append_text(from.text(row));
      }
    }
  }
  return out;
}

}  // namespace

table::Table several_days(const std::vector<time::Date>& days,
                          const std::vector<table::Table>& answers) {
  std::vector<table::Column> columns;
  table::Column& on = columns.emplace_back("on", Type::kDate);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (std::size_t row = 0; row < answers[i].row_count(); ++row) on.append_date(days[i]);
  }
  for (std::size_t column = 0; column < answers.front().column_count(); ++column) {
    columns.push_back(below_each_other(answers, column));
  }
  table::Provenance about = answers.front().provenance();
  for (auto& [key, value] : about.facts) {
    if (key != "on" || days.size() == 1) continue;
    value = days.front().to_string() + " … " + days.back().to_string() + " (" +
            std::to_string(days.size()) + ")";
  }
  about.notes.clear();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string day = days[i].to_string() + ": ";
    for (const base::Message& note : answers[i].provenance().notes) {
      about.notes.push_back({day + note.vi, day + note.en});
    }
  }
  return {"result", std::move(columns), std::move(about)};
}

}  // namespace dangbo::inline v1::rollup
