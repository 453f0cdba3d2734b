#include "dangbo/load/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <exception>
#include <sstream>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::load::detail {

namespace {

using base::Message;

// The formats need at most seven.
constexpr std::size_t kMaxDepth = 12;

// Builds the tree from the parser's events. Once something is refused the rest is passed over.
class Builder : public YAML::EventHandler {
 public:
  Builder(const YamlLimits& limits, base::ProblemList& problems)
      : limits_(limits), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor != 0) return refuse_anchor(mark);
    put(make(YamlNode::Kind::kNothing, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { refuse_anchor(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    refuse_anchor(mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (anchor != 0) return refuse_anchor(mark);
    if (!is_plain(tag)) return refuse_tag(mark, tag);
    YamlNode node = make(YamlNode::Kind::kScalar, mark);
    node.text = value;
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::kList, mark), tag, anchor, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::kMap, mark), tag, anchor, mark);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] bool is_refused() const noexcept { return refused_; }
  [[nodiscard]] YamlNode take() { return std::move(root_); }

 private:
  static YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode node;
    node.kind = kind;
    node.line = static_cast<std::uint64_t>(mark.line) + 1;
    node.column = static_cast<std::uint64_t>(mark.column) + 1;
    return node;
  }

  // "?" is what the parser says of a plain node, "!" of a quoted scalar.
  static bool is_plain(const std::string& tag) { return tag.empty() || tag == "?" || tag == "!"; }

  void refuse(const YAML::Mark& mark, std::string_view value, Message reason, Message fix) {
    if (refused_) return;
    refused_ = true;
    problems_.add(yaml_problem(limits_.code, static_cast<std::uint64_t>(mark.line) + 1,
                               static_cast<std::uint64_t>(mark.column) + 1, value,
                               std::move(reason), std::move(fix)));
  }
  void refuse_anchor(const YAML::Mark& mark) {
    refuse(mark, "", {"không dùng neo (&, *) trong tệp này", "anchors and aliases are not allowed"},
           {"viết đầy đủ ở từng chỗ", "write it out in each place"});
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    refuse(mark, base::shorten(tag, 63), {"không dùng nhãn kiểu (!)", "tags are not allowed"},
           {"bỏ nhãn", "drop the tag"});
  }

  void open(YamlNode node, const std::string& tag, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (anchor != 0) refuse_anchor(mark);
    if (!is_plain(tag)) refuse_tag(mark, tag);
    if (!refused_ && ++nodes_ > limits_.nodes) refuse_size(mark);
    if (open_.size() >= kMaxDepth) {
      refuse(mark, "", {"lồng quá sâu", "nested too deeply"},
             {"xem dạng tệp trong tài liệu", "see the format in the documentation"});
    }
    if (!refused_) open_.push_back(std::move(node));
  }

  void close() {
    if (refused_) return;
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    put(std::move(node));
  }

  void refuse_size(const YAML::Mark& mark) {
    refuse(mark, "", {"tệp có quá nhiều mục", "the file has too many items"},
           {"chia thành nhiều tệp", "divide it into several files"});
  }

  void put(YamlNode node) {
    if (!refused_ && ++nodes_ > limits_.nodes) refuse_size(mark_of(node));
    if (refused_) return;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_key =
        parent.kind == YamlNode::Kind::kMap && parent.keys.size() == parent.items.size();
    if (!is_key) {
      parent.items.push_back(std::move(node));
      return;
    }
    const YAML::Mark mark = mark_of(node);
    if (node.kind != YamlNode::Kind::kScalar) {
      return refuse(mark, "", {"khoá phải là một từ", "a key must be a word"},
                    {"xem dạng tệp trong tài liệu", "see the format in the documentation"});
    }
    if (parent.find(node.text) != nullptr) {
      return refuse(mark, base::shorten(node.text, 63),
                    {"khoá này đã có ở trên", "this key was given before"},
                    {"bỏ một trong hai", "drop one of the two"});
    }
    if (parent.keys.size() >= limits_.keys) {
      return refuse(mark, "", {"quá nhiều khoá", "too many keys"},
                    {"xem dạng tệp trong tài liệu", "see the format in the documentation"});
    }
    parent.keys.push_back(std::move(node));
  }

  static YAML::Mark mark_of(const YamlNode& node) {
    YAML::Mark mark;
    mark.line = static_cast<int>(node.line) - 1;
    mark.column = static_cast<int>(node.column) - 1;
    return mark;
  }

  const YamlLimits& limits_;
  base::ProblemList& problems_;
  bool refused_ = false;
  std::size_t nodes_ = 0;
  YamlNode root_;
  std::vector<YamlNode> open_;
};

void add_parse_error(const YAML::Exception& error, base::ProblemCode code,
                     base::ProblemList& problems) {
  const bool has_place = !error.mark.is_null();
  problems.add(yaml_problem(
      code, has_place ? static_cast<std::uint64_t>(error.mark.line) + 1 : 1,
      has_place ? static_cast<std::uint64_t>(error.mark.column) + 1 : 1, "",
      {"không đúng cú pháp YAML: " + error.msg, "not YAML: " + error.msg},
      {"kiểm tra thụt dòng, dấu hai chấm và dấu nháy", "check indents, colons and quotes"}));
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  for (std::size_t i = 0; i < keys.size() && i < items.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

base::Problem yaml_problem(base::ProblemCode code, std::uint64_t line, std::uint64_t column,
                           std::string_view value, Message reason, Message fix) {
  return {.code = code,
          .place = {.file = "", .row = line, .column = std::to_string(column)},
          .value = base::shorten(value, 63),
          .reason = std::move(reason),
          .fix = std::move(fix)};
}

std::optional<YamlNode> parse_yaml(const std::string& text, const YamlLimits& limits,
                                   base::ProblemList& problems) {
  Builder builder(limits, problems);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    if (builder.is_refused()) return std::nullopt;
    base::ProblemList later;
    Builder second(limits, later);
    if (parser.HandleNextDocument(second)) {
      problems.add(yaml_problem(limits.code, 1, 1, "",
                                {"tệp có nhiều tài liệu (---)", "several documents (---)"},
                                {"gộp vào một tài liệu, hoặc chia thành nhiều tệp",
                                 "make it one document, or several files"}));
      return std::nullopt;
    }
  } catch (const YAML::Exception& error) {
    if (!builder.is_refused()) add_parse_error(error, limits.code, problems);
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace dangbo::inline v1::load::detail
