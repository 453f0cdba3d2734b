#include "dangbo/rules/document_pack.hpp"

#include <algorithm>
#include <utility>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::Message;

// Text of a pack inside Markdown: nothing in it is markup, and a cell of a table stays one.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out.push_back(' ');
      continue;
    }
    if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// Code on a line; longer runs of backticks around what has some.
std::string code(std::string_view text) {
  std::string marks = "`";
  while (text.find(marks) != text.npos) marks.push_back('`');
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line.push_back(c);
    } else if (!line.ends_with(' ')) {
      line.push_back(' ');
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  const std::string space = marks.size() > 1 ? " " : "";
  return marks + space + line + space + marks;
}

std::string both(const Message& message) {
  return plain(message.vi) + " / " + plain(message.en);
}

std::string day_vi(time::Date day) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(day.day()) + "/" + two(day.month()) + "/" + std::to_string(day.year());
}

// The last day, as texts print it; open ends as "…".
std::string from_of(const time::DateRange& days) {
  return days.from() ? day_vi(*days.from()) : "…";
}
std::string last_of(const time::DateRange& days) {
  return days.until() ? day_vi(time::Date::from_days(days.until_day() - 1)) : "…";
}

Message severity_name(Severity severity) {
  switch (severity) {
    case Severity::kAdvisory:
      return {"tham khảo", "advisory"};
    case Severity::kNotice:
      return {"lưu ý", "notice"};
    case Severity::kViolation:
      return {"vi phạm", "violation"};
  }
  return {};
}

Message kind_name(Subject::Kind kind) {
  switch (kind) {
    case Subject::Kind::kUnit:
      return {"tổ chức đảng", "unit"};
    case Subject::Kind::kMember:
      return {"đảng viên", "member"};
    case Subject::Kind::kUnitMonth:
      return {"tổ chức đảng, mỗi tháng", "unit, each month"};
    case Subject::Kind::kMove:
      return {"việc chuyển sinh hoạt", "move"};
    case Subject::Kind::kAdmission:
      return {"việc kết nạp", "admission"};
    case Subject::Kind::kRow:
      break;
  }
  return {"dòng của bảng", "row of table"};
}

class Document {
 public:
  explicit Document(const Pack& pack) : pack_(pack) {}

  std::string run() {
    out_ = "# " + plain(pack_.id) + " " + plain(pack_.version) + "\n\n";
    line(
        {"Mọi ngày là ngày đầu và ngày cuối còn hiệu lực. Mức chứng cứ: A đã đọc điều khoản; B "
         "nguồn "
         "thứ cấp dẫn điều khoản; C nguồn yếu; M theo trí nhớ. C và M chỉ để tham khảo.",
         "Days are the first and the last in force. Evidence: A the clause was read; B a secondary "
         "source cites it; C a weak source; M from memory. C and M are advice only."});
    layers();
    instruments();
    parameters();
    out_ += "## Quy tắc / Rules\n\n";
    for (const Rule& one : pack_.rules) rule(one);
    out_ += "---\n\nSHA-256: `" + base::to_hex(pack_.digest) + "`\n";
    return std::move(out_);
  }

 private:
  void line(const Message& message) { out_ += message.vi + "\n\n*" + message.en + "*\n\n"; }

  void layers() {
    if (pack_.layers.size() < 2) return;
    out_ +=
        "## Các lớp / Layers\n\n| gói / pack | phiên bản / version | nơi / place "
        "|\n|---|---|---|\n";
    for (const Layer& one : pack_.layers) {
      out_ += "| " + plain(one.id) + " | " + plain(one.version) + " | " + plain(one.code) + " |\n";
    }
    out_ += '\n';
  }

  void instruments() {
    out_ +=
        "## Văn bản / Texts\n\n"
        "| mã / key | văn bản / text | số / number | từ / from | đến / to | bậc / rank |\n"
        "|---|---|---|---|---|---:|\n";
    for (const Instrument& one : pack_.instruments) {
      out_ += "| " + code(one.id) + " | " + both(one.title) + " | " + plain(one.number) + " | " +
              from_of(one.in_force) + " | " + last_of(one.in_force) + " | " +
              std::to_string(one.rank) + " |\n";
    }
    out_ += '\n';
  }

  // "Điều lệ …, điều 24.1": articles as the texts count them.
  [[nodiscard]] std::string cited(const std::vector<Citation>& citations) const {
    std::string out;
    for (const Citation& one : citations) {
      out += out.empty() ? "" : "; ";
      const Instrument& text = pack_.instruments[one.instrument];
      out += text.number.empty() ? plain(text.title.vi) : plain(text.number);
      if (one.clause == "*") {
        out += " (chưa đọc điều khoản / clause not read)";
        continue;
      }
      std::string clause = one.clause;
      std::replace(clause.begin(), clause.end(), '/', '.');
      out += ", điều " + plain(clause);
    }
    return out;
  }

  void parameters() {
    if (pack_.parameters.empty()) return;
    out_ += "## Tham số / Parameters\n\n";
    for (const Parameter& one : pack_.parameters) {
      out_ += "### " + code(one.id) + "\n\n";
      if (!one.title.vi.empty()) out_ += both(one.title) + "\n\n";
      out_ +=
          "| từ / from | đến / to | giá trị / value | trích / cite | mức / grade | xem lại / "
          "reviewed |\n|---|---|---:|---|---|---|\n";
      for (const ParameterValue& value : one.values) {
        const std::string figure = one.words.empty() ? std::to_string(value.number) : value.word;
        const std::string unit = one.unit.empty() ? "" : " " + one.unit;
        out_ += "| " + from_of(value.days) + " | " + last_of(value.days) + " | " +
                plain(figure + unit) + " | " + cited(value.citations) + " | " +
                std::string(text_of(value.evidence)) + " | " +
                (value.reviewed ? day_vi(*value.reviewed) : "—") + " |\n";
      }
      out_ += '\n';
    }
  }

  // ---- rules ----

  [[nodiscard]] std::string subject(const Subject& subject) const {
    std::string out = both(kind_name(subject.kind));
    if (!subject.table.empty()) {
      const auto* const schema = pack_.subjects.table(subject.table);
      out += " " + code(subject.table);
      if (schema != nullptr) out += " (" + both((*schema)->title()) + ")";
    }
    names(subject.unit_kinds, *party::unit_kinds(), out);
    names(subject.unit_classes, *party::unit_classes(), out);
    if (!subject.by.empty()) {
      out += "; nhóm theo / grouped by";
      for (const std::string& one : subject.by) out += " " + code(one);
    }
    return out;
  }

  static void names(const std::vector<std::string>& words, const table::CodeSet& set,
                    std::string& out) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto number = set.find(words[i]);
      out += i == 0 ? ": " : ", ";
      out += number ? both(set.codes()[*number].name) : plain(words[i]);
    }
  }

  void item(std::string_view vi, std::string_view en, const std::string& text) {
    out_ += "- " + std::string(vi) + " / *" + std::string(en) + "*: " + text + "\n";
  }

  void rule(const Rule& one) {
    out_ += "### " + code(one.id) + "\n\n";
    if (!one.title.vi.empty()) {
      out_ += "**" + plain(one.title.vi) + "**\n\n*" + plain(one.title.en) + "*\n\n";
    }
    item("Đối tượng", "subject", subject(one.subject));
    item("Căn cứ", "cites", cited(one.citations) + " (" + std::string(text_of(one.evidence)) + ")");
    item("Mức", "severity", both(severity_name(one.severity)));
    item("Hiệu lực", "in force", from_of(one.effective) + " – " + last_of(one.effective));
    if (one.is_about_person) {
      item("Về một người", "about a person", "chỉ chạy khi được yêu cầu / runs on request only");
    } else if (!one.on_by_default) {
      item("Chạy", "runs", "khi được yêu cầu / on request");
    }
    if (one.when) item("Áp dụng khi", "applies when", code(one.when->expression.text()));
    for (const Let& let : one.lets) {
      item("Với " + code(let.name), "with", code(let.condition.expression.text()));
    }
    item("Phải", "requires", code(one.require->expression.text()));
    for (const Exception& exception : one.exceptions) exception_of(exception);
    text("Thông báo", "message", one.message);
    if (one.remedy) text("Cách khắc phục", "remedy", *one.remedy);
    tests(one);
    out_ += '\n';
  }

  void exception_of(const Exception& one) {
    const Message effect =
        one.downgrade ? severity_name(*one.downgrade) : Message{"được miễn", "waived"};
    std::string text = code(one.label) + " → " + both(effect) + "; " + cited(one.citations) + " (" +
                       std::string(text_of(one.evidence)) + "); " +
                       code(one.when->expression.text());
    if (one.is_open) text += "; lớp dưới được thêm bên cạnh / layers may add beside it";
    item("Ngoại lệ", "exception", text);
  }

  static std::string written(const std::vector<Piece>& pieces) {
    std::string out;
    for (const Piece& one : pieces) {
      if (one.kind == Piece::Kind::kText) {
        out += plain(one.text);
      } else if (one.kind == Piece::Kind::kNumber) {
        out += plain(one.one + "/" + one.many);
      } else {
        out += code(one.text);
      }
    }
    return out;
  }

  void text(std::string_view vi, std::string_view en, const Template& one) {
    item(vi, en, written(one.vi) + " / " + written(one.en));
  }

  void tests(const Rule& rule) {
    for (const RuleTest& test : pack_.tests) {
      for (const TestExpectation& one : test.expectations) {
        if (one.rule != rule.id) continue;
        if (!test.parameter.empty()) {
          item("Ca thử sinh tự động", "generated tests",
               "quanh mỗi giá trị của / around each value of " + code(test.parameter));
          continue;
        }
        const std::string by = one.by.empty() ? "" : " (" + code(one.by) + ")";
        item("Ca thử", "test",
             both(test.name) + ", " + day_vi(*test.as_of) + ": " + code(one.outcome) + by);
      }
    }
  }

  const Pack& pack_;
  std::string out_;
};

}  // namespace

std::string document_pack(const Pack& pack) {
  return Document(pack).run();
}

}  // namespace dangbo::inline v1::rules
