#include "dangbo/party/document_number.hpp"

#include <algorithm>

#include "dangbo/base/text.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "document_text.hpp"

namespace dangbo::inline v1::party {
namespace {

using document_text::Cursor;
using document_text::Flags;
using document_text::TypeWords;

struct Reading {
  Cursor cursor;
  Flags flags;
  std::optional<TypeWords> words;
  DocumentNumber found = {};
};

// "Số", "Số:", and the dots of a number still to be filled in.
void skip_so(Reading& reading) {
  Cursor trial = reading.cursor;
  const std::string_view start = trial.rest();
  std::size_t size = 0;
  for (const std::string_view so : {"Số", "số", "SỐ"}) {
    if (start.starts_with(so)) size = so.size();
  }
  if (size == 0) return;
  trial = Cursor(start.substr(size));
  const bool space = trial.skip_spaces();
  const bool colon = trial.take(':');
  if (!space && !colon) return;
  trial.skip_spaces();
  while (trial.take('.') || trial.take('_') || trial.skip_spaces()) {
  }
  if (trial.rest().starts_with("…")) {
    trial = Cursor(trial.rest().substr(std::string_view("…").size()));
    trial.skip_spaces();
  }
  if (colon) reading.flags.set(Irregularity::kColonAfterSo);
  reading.cursor = trial;
}

void set_number(Reading& reading, std::string_view digits) {
  reading.found.number_text = digits;
  reading.found.number = document_text::to_number(digits);
  if (reading.found.number && *reading.found.number > 0) return;
  reading.found.number.reset();
  reading.flags.set(Irregularity::kMissingNumber);
}

// The type code of a Party symbol; with words before it, they say which of two a code means.
void set_type(Reading& reading, const document_text::TypeMatch& type) {
  DocumentNumber& found = reading.found;
  if (!type.exact) reading.flags.set(Irregularity::kLetterCase);
  if (type.unmarked) reading.flags.set(Irregularity::kLookalike);
  found.type = type.code;
  found.type_code = document_text::type_code_of(type.code);
  if (!reading.words) return;
  const bool same_words = reading.words->id == "regulation" && found.type == "QĐi";
  if (reading.words->code != found.type && !same_words) {
    reading.flags.set(Irregularity::kTypeConflict);
  } else if (!reading.words->id.empty()) {
    found.type_code = document_types()->find(reading.words->id);
  }
}

void set_issuer(Reading& reading, std::string_view symbol) {
  reading.found.issuer = document_text::issuer_of(symbol, reading.flags).text;
}

// "/nb" after the issuer.
bool read_suffix(Reading& reading) {
  if (!reading.cursor.take_separator('/', reading.flags)) return true;
  reading.found.suffix = reading.cursor.take_symbol();
  return !reading.found.suffix.empty();
}

// "T.Ư" in a symbol: the dot would end it.
std::string_view take_issuer(Cursor& cursor) {
  for (const std::string_view dotted : {"T.Ư", "T.W"}) {
    if (cursor.rest().starts_with(dotted)) {
      cursor = Cursor(cursor.rest().substr(dotted.size()));
      return "TƯ";
    }
  }
  return cursor.take_symbol();
}

// After number and dash: type/issuer[/suffix].
bool read_party(Reading& reading) {
  reading.found.form = DocumentForm::kParty;
  const std::string_view symbol = reading.cursor.take_symbol();
  const auto type = document_text::longest_type(symbol);
  if (!type) return false;
  const std::string_view glued = symbol.substr(type->length);
  set_type(reading, *type);
  if (!glued.empty()) {
    Flags trial = reading.flags;
    const auto issuer = document_text::issuer_of(glued, trial);
    if (!issuer.known) return false;
    reading.flags = trial;
    reading.flags.set(Irregularity::kMissingSlash);
    reading.found.issuer = issuer.text;
    return read_suffix(reading);
  }
  if (!reading.cursor.take_separator('/', reading.flags)) return false;
  const std::string_view issuer = take_issuer(reading.cursor);
  if (issuer.empty()) return false;
  set_issuer(reading, issuer);
  return read_suffix(reading);
}

// Letters and dashes of a State issuer: "BTC-BNV".
std::string take_state_body(Reading& reading) {
  std::string body(reading.cursor.take_symbol());
  while (!body.empty() && reading.cursor.take_separator('-', reading.flags)) {
    const std::string_view more = reading.cursor.take_symbol();
    if (more.empty()) return {};
    body += '-';
    body += more;
  }
  return body;
}

// After number and slash: [year/]type-issuer, or year/assembly.
bool read_state(Reading& reading) {
  DocumentNumber& found = reading.found;
  Cursor trial = reading.cursor;
  const std::string_view digits = trial.take_digits();
  if (!digits.empty()) {
    if (digits.size() != 4 || digits.front() == '0') return false;
    if (!trial.take_separator('/', reading.flags)) return false;
    found.year = document_text::to_number(digits);
    reading.cursor = trial;
  }
  found.form = DocumentForm::kState;
  const std::string_view type = reading.cursor.take_symbol();
  if (type.empty()) return false;
  if (!reading.cursor.take_separator('-', reading.flags)) {
    // Acts of the National Assembly: 91/2025/QH15.
    found.issuer = type;
    return found.year.has_value() && type.starts_with("QH");
  }
  std::string body = take_state_body(reading);
  if (body.empty()) return false;
  if (!found.year) {
    Flags mended = reading.flags;
    const auto issuer = document_text::issuer_of(body, mended);
    const auto party_type = document_text::longest_type(type);
    if (issuer.known && party_type && party_type->length == type.size()) {
      reading.flags = mended;
      reading.flags.set(Irregularity::kStateOrder);
      found.form = DocumentForm::kParty;
      found.issuer = issuer.text;
      set_type(reading, *party_type);
      return true;
    }
  }
  found.type = type;
  found.issuer = std::move(body);
  if (reading.words && !reading.words->code.empty() && reading.words->code != found.type) {
    reading.flags.set(Irregularity::kTypeConflict);
  }
  return true;
}

// "Trung ương 4" after "Nghị quyết": the resolution of a plenum, whose number this is not.
bool read_plenum(Reading& reading) {
  Cursor trial = reading.cursor;
  std::string word = base::fold(trial.take_word());
  if (word == "trung") {
    trial.skip_spaces();
    word += ' ' + base::fold(trial.take_word());
  } else {
    word = document_text::upper(
        reading.cursor.rest().substr(0, reading.cursor.rest().size() - trial.rest().size()));
  }
  const bool centre =
      word == "trung uong" || word == "TW" || word == "TƯ" || word == "T.Ư" || word == "T.W";
  if (!centre) return false;
  trial.skip_spaces();
  const auto plenum = document_text::to_number(trial.take_digits());
  if (!plenum || *plenum == 0) return false;
  reading.found.plenum = plenum;
  reading.found.issuer = "TW";
  reading.flags.set(Irregularity::kMissingNumber);
  reading.cursor = trial;
  return true;
}

// Words without a full symbol.
bool read_mention(Reading& reading, std::string_view digits) {
  if (!reading.words || reading.words->id.empty()) return false;
  DocumentNumber& found = reading.found;
  found.form = DocumentForm::kMention;
  found.type = reading.words->code;
  found.type_code = document_types()->find(reading.words->id);
  if (digits.empty()) return found.type == "NQ" && read_plenum(reading);
  set_number(reading, digits);
  reading.flags.set(Irregularity::kMissingIssuer);
  return found.number.has_value();
}

bool read_symbol(Reading& reading) {
  const std::string_view digits = reading.cursor.take_digits();
  if (digits.size() > 9) return false;
  const Cursor after = reading.cursor;
  if (reading.cursor.take_separator('-', reading.flags)) {
    set_number(reading, digits);
    return read_party(reading);
  }
  if (!digits.empty() && reading.cursor.take_separator('/', reading.flags)) {
    set_number(reading, digits);
    return reading.found.number.has_value() && read_state(reading);
  }
  // No separator: a glued symbol ("62KH/ĐUK") or a mention.
  reading.cursor.skip_spaces();
  Reading glued = reading;
  glued.flags.set(Irregularity::kMissingDash);
  set_number(glued, digits);
  if (!digits.empty() && read_party(glued)) {
    reading = std::move(glued);
    return true;
  }
  reading.cursor = after;
  return read_mention(reading, digits);
}

bool is_term(std::string_view word) {
  if (word.empty() || word.size() > 8) return false;
  const bool digits =
      std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits || word.find_first_not_of("IVXLC") == std::string_view::npos;
}

// "(khoá XII)" or "khoá XII".
bool read_term(Reading& reading) {
  Cursor trial = reading.cursor;
  const bool bracket = trial.take('(');
  trial.skip_spaces();
  if (base::fold(trial.take_word()) != "khoa") return false;
  trial.skip_spaces();
  const std::string_view term = trial.take_word();
  trial.skip_spaces();
  if (!is_term(term) || (bracket && !trial.take(')'))) return false;
  reading.found.term = term;
  reading.cursor = trial;
  return true;
}

// "25 tháng 4 năm 2022" as 25/4/2022.
std::string spelled_day(Cursor& cursor) {
  Cursor trial = cursor;
  std::string day;
  for (const std::string_view unit : {"thang", "nam", ""}) {
    const std::string_view digits = trial.take_digits();
    if (digits.empty() || digits.size() > 4) return {};
    day += digits;
    if (unit.empty()) break;
    trial.skip_spaces();
    if (base::fold(trial.take_word()) != unit) return {};
    trial.skip_spaces();
    day += '/';
  }
  cursor = trial;
  return day;
}

// ["ngày"] and a date.
bool read_date(Reading& reading) {
  Cursor trial = reading.cursor;
  const std::string first = base::fold(trial.take_word());
  if (first == "ngay" || first == "thang") {
    trial.skip_spaces();
  } else {
    trial = reading.cursor;
  }
  std::string day = spelled_day(trial);
  if (day.empty()) day = trial.take_word();
  const time::ParsedDate parsed = time::parse_date(day);
  if (parsed.fault == time::DateFault::kNotADate) return false;
  if (!parsed.value) reading.flags.set(Irregularity::kBadDate);
  reading.found.date = parsed.value;
  reading.cursor = trial;
  return true;
}

// What may follow a symbol: a date and a term, each once.
bool read_tail(Reading& reading) {
  bool dated = false;
  bool termed = false;
  for (;;) {
    while (reading.cursor.skip_spaces() || reading.cursor.take(',')) {
    }
    if (reading.cursor.at_end()) return true;
    if (!termed && read_term(reading)) {
      termed = true;
    } else if (!dated && read_date(reading)) {
      dated = true;
    } else {
      return false;
    }
  }
}

const base::Message kMessages[kIrregularityCount] = {
    {"Sau chữ «Số» không dùng dấu hai chấm: viết «Số 62-KH/ĐUK».",
     "No colon after «Số»: write «Số 62-KH/ĐUK»."},
    {"Thừa khoảng trắng trong số, ký hiệu: viết liền «04-ĐA/TU».",
     "Stray space in the symbol: write «04-ĐA/TU» without spaces."},
    {"Văn bản của Đảng ghi số, gạch nối rồi thể loại: viết «01-BC/CB», không viết «01/BC-CB».",
     "Party documents put the dash first: write «01-BC/CB», not «01/BC-CB»."},
    {"Dùng gạch nối ngắn «-» thay cho gạch dài.", "Use the short dash «-», not a long one."},
    {"Thiếu gạch nối giữa số và thể loại: viết «62-KH/ĐUK».",
     "The dash between number and type is missing: write «62-KH/ĐUK»."},
    {"Thiếu dấu gạch chéo trước nơi ban hành: viết «62-KH/ĐUK».",
     "The slash before the issuer is missing: write «62-KH/ĐUK»."},
    {"Chữ hoa, chữ thường không đúng quy định: viết «62-KH/ĐUK».",
     "Capital and small letters are not as prescribed: write «62-KH/ĐUK»."},
    {"Chữ «Đ» bị gõ bằng ký tự khác hoặc thiếu dấu: gõ lại chữ «Đ».",
     "The letter «Đ» was typed as another character or without its mark: type «Đ»."},
    {"Trung ương viết tắt là «TW» trong ký hiệu văn bản.",
     "The Centre is written «TW» in symbols."},
    {"Chưa có số văn bản: ghi số vào trước thể loại.",
     "The document has no number: write it before the type."},
    {"Chưa rõ nơi ban hành: ghi đủ số, ký hiệu, ví dụ «10-CT/TW».",
     "The issuer is not said: give the full symbol, such as «10-CT/TW»."},
    {"Thể loại bằng chữ khác thể loại trong ký hiệu: xem lại văn bản gốc.",
     "The type in words differs from the one in the symbol: look at the document."},
    {"Ngày văn bản không có thật hoặc năm chỉ có hai chữ số: ghi lại ngày/tháng/năm.",
     "The date does not exist or its year has two digits: write day/month/year."},
};

}  // namespace

const base::Message& message_of(Irregularity irregularity) noexcept {
  return kMessages[static_cast<std::size_t>(irregularity)];
}

bool DocumentNumber::has(Irregularity irregularity) const noexcept {
  return std::find(irregularities.begin(), irregularities.end(), irregularity) !=
         irregularities.end();
}

std::optional<DocumentNumber> parse_document_number(std::string_view text) {
  Flags flags;
  const std::optional<std::string> cleaned = document_text::clean(text, flags);
  if (!cleaned) return std::nullopt;
  Reading reading{Cursor(*cleaned), flags, std::nullopt};
  reading.cursor.skip_spaces();
  reading.words = document_text::take_type_words(reading.cursor);
  skip_so(reading);
  if (!read_symbol(reading) || !read_tail(reading)) return std::nullopt;
  reading.found.irregularities = reading.flags.list();
  return std::move(reading.found);
}

std::string to_symbol(const DocumentNumber& document) {
  if (document.form == DocumentForm::kMention) return {};
  std::string symbol = document.number_text;
  if (document.form == DocumentForm::kParty) {
    symbol += '-' + document.type + '/' + document.issuer;
    if (!document.suffix.empty()) symbol += '/' + document.suffix;
    return symbol;
  }
  symbol += '/';
  if (document.year) symbol += std::to_string(*document.year) + '/';
  if (!document.type.empty()) symbol += document.type + '-';
  return symbol + document.issuer;
}

std::optional<DocumentKey> key_of(const DocumentNumber& document, std::string_view term) {
  const bool state = document.form == DocumentForm::kState;
  std::string series = document.term.empty() ? std::string(term) : document.term;
  if (state) series = document.year ? std::to_string(*document.year) : std::string();
  const bool typed = state || !document.type.empty();
  if (!document.number || !typed || document.issuer.empty() || series.empty()) return std::nullopt;
  return DocumentKey{document.issuer, document.type, std::move(series), *document.number};
}

}  // namespace dangbo::inline v1::party
