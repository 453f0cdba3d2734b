#include <utility>

#include "rules/compiled_form.hpp"
#include "rules/read_layers.hpp"
#include "rules/reader.hpp"

namespace dangbo::inline v1::rules {

namespace {

using base::ProblemCode;

constexpr load::detail::YamlLimits kLimits = {
    .code = ProblemCode::kBadPack, .keys = kMaxRules, .nodes = 500'000};

absl::Status refused(base::ProblemList& problems) {
  problems.sort();
  return base::problem_status(absl::StatusCode::kInvalidArgument, problems);
}

// The tree of one text; its problems are named.
void parse(const PackText& from, Reading& reading) {
  base::ProblemList found;
  std::optional<YamlNode> root;
  if (from.text.size() > kMaxPackBytes) {
    found.add(load::detail::size_problem(ProblemCode::kBadPack, kMaxPackBytes, ""));
  } else if (auto bad = load::detail::utf8_problem(from.text, "")) {
    found.add(*std::move(bad));
  } else {
    root = load::detail::parse_yaml(std::string(from.text), kLimits, found);
  }
  for (base::Problem problem : found.kept()) {
    problem.place.file = from.source;
    reading.problems.add(std::move(problem));
  }
  Layer layer;
  layer.source = from.source;
  if (root) layer.digest = base::digest_of(from.text);
  reading.pack.layers.push_back(std::move(layer));
  reading.texts.emplace_back(root ? from.text : "");
  std::vector<std::size_t> lines = {0};
  const std::string& text = reading.texts.back();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') lines.push_back(i + 1);
  }
  reading.lines.push_back(std::move(lines));
  reading.roots.push_back(root ? *std::move(root) : YamlNode{});
}

base::Problem wrong_number(std::size_t layers) {
  return {.code = ProblemCode::kBadPack,
          .place = {},
          .value = std::to_string(layers),
          .reason = {"số gói không hợp lệ", "not a number of packs"},
          .fix = {"đưa từ 1 đến 16 gói", "give 1 to 16 packs"}};
}

}  // namespace

absl::StatusOr<Pack> read_pack(std::span<const PackText> texts, const PackOptions& options) {
  if (texts.empty() || texts.size() > kMaxLayers) {
    return base::problem_status(absl::StatusCode::kInvalidArgument, wrong_number(texts.size()));
  }
  Reading reading;
  for (const PackText& one : texts) parse(one, reading);
  if (!reading.problems.empty()) return refused(reading.problems);
  read_layers(reading);
  if (!reading.problems.empty()) return refused(reading.problems);
  reading.pack.subjects = SubjectSchema(options.tables);
  reading.pack.calendar = options.calendar;
  reading.pack.id = reading.pack.layers.back().id;
  reading.pack.version = reading.pack.layers.back().version;
  const auto layers = static_cast<std::uint32_t>(texts.size());
  for (std::uint32_t i = 0; i < layers; ++i) read_instruments(reading, i);
  for (std::uint32_t i = 0; i < layers; ++i) read_parameters(reading, i);
  read_settings(reading);
  for (std::uint32_t i = 0; i < layers; ++i) {
    read_rules(reading, i);
    read_exceptions(reading, i);
  }
  for (std::uint32_t i = 0; i < layers; ++i) read_tests(reading, i);
  if (reading.problems.empty()) check_whole(reading);
  if (!reading.problems.empty()) return refused(reading.problems);
  reading.pack.digest = base::digest_of(compiled_body(reading.pack));
  return std::move(reading.pack);
}

absl::StatusOr<Pack> read_pack(std::string_view text, std::string_view source) {
  const PackText one{text, source};
  return read_pack({&one, 1});
}

}  // namespace dangbo::inline v1::rules
