#include "report/markup.hpp"

#include <algorithm>
#include <set>

namespace dangbo::test {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == ':';
}

class Reader {
 public:
  explicit Reader(std::string_view html) : html_(html) {
    out_.elements.push_back({"#document", {}, 0, {}});
  }

  Markup read() {
    constexpr std::string_view kStart = "<!DOCTYPE html>\n";
    if (!html_.starts_with(kStart)) fail("no document type");
    at_ = kStart.size();
    open_ = {0};
    while (at_ < html_.size() && out_.error.empty()) step();
    if (out_.error.empty() && open_.size() != 1) fail("never closed: " + top().name);
    check_ids();
    return std::move(out_);
  }

 private:
  Element& top() { return out_.elements[open_.back()]; }

  void fail(const std::string& what) {
    if (out_.error.empty()) out_.error = "byte " + std::to_string(at_) + ": " + what;
  }

  void step() {
    if (html_[at_] != '<') return text();
    if (html_.substr(at_, 2) == "</") return end_tag();
    start_tag();
  }

  void text() {
    const std::size_t end = std::min(html_.find('<', at_), html_.size());
    const std::string value = resolve(html_.substr(at_, end - at_));
    if (open_.size() == 1 && value.find_first_not_of(" \n") != std::string::npos) {
      fail("text outside the document");
    }
    top().text += value;
    at_ = end;
  }

  std::string resolve(std::string_view raw) {
    static const std::map<std::string, std::string> kEntities = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"#39", "'"}};
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto byte = static_cast<unsigned char>(raw[i]);
      if (raw[i] == '>') fail("a bare >");
      if (byte < 0x20 && raw[i] != '\n') fail("a control character");
      if (raw[i] != '&') {
        out += raw[i];
        continue;
      }
      const std::size_t end = raw.find(';', i);
      const auto known = kEntities.find(std::string(raw.substr(i + 1, end - i - 1)));
      if (end == std::string_view::npos || known == kEntities.end()) {
        fail("an unknown entity");
        return out;
      }
      out += known->second;
      i = end;
    }
    return out;
  }

  void end_tag() {
    const std::size_t end = html_.find('>', at_);
    const std::string name(html_.substr(at_ + 2, end - at_ - 2));
    if (open_.size() == 1 || top().name != name) {
      return fail("</" + name + "> closes <" + (open_.size() == 1 ? "" : top().name) + ">");
    }
    open_.pop_back();
    at_ = end + 1;
  }

  std::string name() {
    const std::size_t begin = at_;
    while (at_ < html_.size() && is_name(html_[at_])) ++at_;
    if (begin == at_) fail("a name is missing");
    return std::string(html_.substr(begin, at_ - begin));
  }

  void start_tag() {
    ++at_;
    Element made;
    made.name = name();
    made.parent = open_.back();
    while (out_.error.empty() && html_[at_] == ' ') {
      ++at_;
      const std::string key = name();
      if (html_.substr(at_, 2) != "=\"") return fail("an attribute without quotes: " + key);
      at_ += 2;
      const std::size_t end = html_.find('"', at_);
      const std::string_view raw = html_.substr(at_, end - at_);
      if (raw.find('<') != std::string_view::npos) fail("a bare < in " + key);
      if (!made.attributes.emplace(key, resolve(raw)).second) fail("twice: " + key);
      at_ = end + 1;
    }
    const bool is_closed = html_.substr(at_, 2) == "/>";
    at_ += is_closed ? 2 : 1;
    if (!is_closed && html_[at_ - 1] != '>') return fail("a tag that does not end");
    const std::string tag = made.name;
    out_.elements.push_back(std::move(made));
    if (is_closed) return;
    open_.push_back(out_.elements.size() - 1);
    if (tag != "style" && tag != "script") return;
    const std::size_t end = html_.find("</" + tag, at_);
    top().text = html_.substr(at_, end - at_);
    at_ = end;
  }

  void check_ids() {
    std::set<std::string> ids;
    for (const Element& element : out_.elements) {
      const auto id = element.attributes.find("id");
      if (id != element.attributes.end() && !ids.insert(id->second).second) {
        fail("an id twice: " + id->second);
      }
    }
    for (const Element& element : out_.elements) {
      for (const char* key : {"aria-labelledby", "for"}) {
        const auto names = element.attributes.find(key);
        if (names == element.attributes.end()) continue;
        std::string_view rest = names->second;
        while (!rest.empty()) {
          const std::size_t space = std::min(rest.find(' '), rest.size());
          if (!ids.contains(std::string(rest.substr(0, space)))) {
            fail("no element has the id of " + names->second);
          }
          rest.remove_prefix(std::min(space + 1, rest.size()));
        }
      }
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
  Markup out_;
};

}  // namespace

const Element* Markup::find_id(std::string_view id) const {
  for (const Element& element : elements) {
    const auto found = element.attributes.find("id");
    if (found != element.attributes.end() && found->second == id) return &element;
  }
  return nullptr;
}

bool Markup::is_inside(std::size_t element, std::size_t ancestor) const {
  while (element > ancestor) element = elements[element].parent;
  return element == ancestor;
}

std::string Markup::text_of(const Element& element) const {
  const auto first = static_cast<std::size_t>(&element - elements.data());
  std::string out;
  for (std::size_t i = first; i < elements.size() && (i == first || is_inside(i, first)); ++i) {
    out += elements[i].text;
  }
  return out;
}

std::vector<std::vector<std::string>> Markup::table_in(std::string_view id) const {
  std::vector<std::vector<std::string>> rows;
  const Element* holder = find_id(id);
  if (holder == nullptr) return rows;
  const auto first = static_cast<std::size_t>(holder - elements.data());
  for (std::size_t i = first + 1; i < elements.size() && is_inside(i, first); ++i) {
    if (elements[i].name == "tr") rows.emplace_back();
    if (elements[i].name == "td" || elements[i].name == "th") {
      rows.back().push_back(text_of(elements[i]));
    }
  }
  return rows;
}

std::size_t Markup::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(elements.begin(), elements.end(),
                    [&](const Element& element) { return element.name == name; }));
}

std::size_t Markup::deepest() const {
  std::vector<std::size_t> depth(elements.size(), 0);
  std::size_t most = 0;
  for (std::size_t i = 1; i < elements.size(); ++i) {
    depth[i] = depth[elements[i].parent] + 1;
    most = std::max(most, depth[i]);
  }
  return most;
}

Markup read_markup(std::string_view html) {
  return Reader(html).read();
}

}  // namespace dangbo::test
