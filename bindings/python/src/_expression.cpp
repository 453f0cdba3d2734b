// Expressions, and their runs over buffers of Python.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "_parts.hpp"

namespace dangbo::python {

namespace {

using client::Expression;
using client::ExpressionRun;

py::ssize_t item_size(int type) {
  switch (type) {
    case DANGBO_TYPE_INT64:
    case DANGBO_TYPE_REAL:
      return 8;
    case DANGBO_TYPE_DATE:
      return 4;
    case DANGBO_TYPE_BOOL:
      return 1;
    default:
      throw py::value_error("no column of this type can be given");
  }
}

// A run with its result; the columns are needed no more.
struct Values {
  ExpressionRun run;
  std::uint64_t rows;
};

// The columns of a run, locked in memory until it has run.
class Columns {
 public:
  Columns(const py::list& given, std::uint64_t rows) : rows_(rows) {
    for (const py::handle& item : given) {
      const auto tuple = item.cast<py::tuple>();
      Column& column = columns_.emplace_back();
      column.name = tuple[0].cast<std::string>();
      column.type = tuple[1].cast<int>();
      const bool is_text = column.type == DANGBO_TYPE_TEXT;
      column.values = open_buffer(tuple[2], is_text ? 4 : item_size(column.type), rows);
      column.validity = open_buffer(tuple[3], 1, rows);
      if (!is_text) continue;
      column.bytes = open_buffer(tuple[4], 1, 0);
      column.offsets = open_buffer(tuple[5], 8, 1);
      column.count = static_cast<std::uint64_t>(column.offsets.size) - 1;
      const auto* offsets = static_cast<const std::int64_t*>(column.offsets.ptr);
      if (offsets[column.count] > column.bytes.size)
        throw py::value_error("offsets beyond the text");
    }
  }

  void give(ExpressionRun& run) const {
    for (const Column& column : columns_) {
      const auto* validity = static_cast<const std::uint8_t*>(column.validity.ptr);
      if (column.type == DANGBO_TYPE_TEXT) {
        run.text_column(column.name, static_cast<const std::int32_t*>(column.values.ptr), rows_,
                        static_cast<const char*>(column.bytes.ptr),
                        static_cast<const std::int64_t*>(column.offsets.ptr), column.count,
                        validity);
      } else {
        run.column(column.name, column.type, column.values.ptr, rows_, validity);
      }
    }
  }

 private:
  struct Column {
    std::string name;
    int type = 0;
    py::buffer_info values;
    py::buffer_info validity;
    py::buffer_info bytes;
    py::buffer_info offsets;
    std::uint64_t count = 0;
  };
  std::uint64_t rows_;
  std::vector<Column> columns_;
};

std::shared_ptr<Values> run(const std::shared_ptr<Expression>& asked, const py::list& given,
                            std::uint64_t rows) {
  const Columns columns(given, rows);
  const Unlocked unlocked;
  auto values = std::make_shared<Values>(Values{ExpressionRun(*asked), rows});
  columns.give(values->run);
  values->run.evaluate(rows);
  return values;
}

// One byte a row.
std::string bytes_of(const std::uint64_t* plane, std::uint64_t rows) {
  std::string bytes(rows, '\0');
  for (std::uint64_t i = 0; i < rows; ++i) {
    bytes[i] = static_cast<char>((plane[i / 64] >> (i % 64)) & 1U);
  }
  return bytes;
}

// The values as bytes, and one byte a row that has one.
std::pair<py::bytes, py::bytes> take(const Values& of) {
  if (of.run.type() == DANGBO_TYPE_BOOL) {
    const auto [yes, no] = of.run.planes();
    const std::string truth = bytes_of(yes, of.rows);
    std::string valid = bytes_of(no, of.rows);
    for (std::uint64_t i = 0; i < of.rows; ++i) valid[i] = static_cast<char>(valid[i] | truth[i]);
    return {truth, valid};
  }
  const auto [values, valid] = of.run.values();
  const bool is_wide = of.run.type() == DANGBO_TYPE_INT64 || of.run.type() == DANGBO_TYPE_REAL;
  return {py::bytes(static_cast<const char*>(values), of.rows * (is_wide ? 8U : 4U)),
          bytes_of(valid, of.rows)};
}

}  // namespace

void define_expression(py::module_& module) {
  using Shared = std::shared_ptr<Expression>;
  py::class_<Values, std::shared_ptr<Values>>(module, "ExpressionValues", py::is_final())
      .def_property_readonly("type", [](const Values& of) { return of.run.type(); })
      .def("take", &take)
      .def(
          "word",
          [](const Values& of, std::int32_t number) { return std::string(of.run.word(number)); },
          py::arg("number"))
      .def(
          "reason",
          [](const Values& of, std::uint64_t row, std::int32_t language) {
            return std::string(of.run.reason(row, language));
          },
          py::arg("row"), py::arg("language"));
  py::class_<Expression, Shared>(module, "Expression", py::is_final())
      .def(py::init([](const std::string& text, const std::string& schema) {
             const Unlocked unlocked;
             return std::make_shared<Expression>(text, schema);
           }),
           py::arg("text"), py::arg("schema"))
      .def(
          "evaluate",
          [](const Shared& asked, const std::shared_ptr<Table>& rows) {
            const Unlocked unlocked;
            return std::make_shared<Table>(asked->evaluate(*rows));
          },
          py::arg("rows"))
      .def(
          "evaluate_row",
          [](const Shared& asked, const std::string& json) {
            const Unlocked unlocked;
            return asked->evaluate_row(json);
          },
          py::arg("json"))
      .def("run", &run, py::arg("columns"), py::arg("rows"))
      .def("explain", [](const Shared& asked) {
        const Unlocked unlocked;
        return std::make_shared<Table>(asked->explain());
      });
}

}  // namespace dangbo::python
