#include "bodies.hpp"

#include <algorithm>

#include "names.hpp"

namespace dangbo::inline v1::generator {

std::optional<Body> find_body(std::string_view number) {
  if (number == "000") return Body::kBloc2022;
  if (number == "001") return Body::kCity2018;
  if (number == "003") return Body::kBloc2020;
  if (number == "004") return Body::kBloc2017;
  if (number == "reorganisation") return Body::kReorganisation;
  return std::nullopt;
}

Roster make_body(Body body, std::uint64_t seed) {
  switch (body) {
    case Body::kBloc2022:
      return make_bloc_2022(seed);
    case Body::kCity2018:
      return make_city_2018(seed);
    case Body::kBloc2020:
      return make_bloc_2020(seed);
    case Body::kReorganisation:
      return make_reorganisation(seed);
    case Body::kBloc2017:
      break;
  }
  return make_bloc_2017(seed);
}

std::vector<Organisation> bloc_organisations(std::size_t committees, std::size_t cells,
                                             std::size_t enterprise_count) {
  std::vector<Organisation> list;
  const std::size_t office_count = committees + cells - 1 - enterprise_count;
  const auto add = [&](const Office& office) {
    const bool is_committee = list.size() < committees;
    list.push_back(
        {std::string(office.name), is_committee ? "DBCS" : "CBCS", std::string(office.sector), {}});
  };
  // Some enterprises are large enough for a committee, the others follow the small offices.
  const std::size_t large = enterprise_count / 2;
  for (std::size_t i = 0; i < large; ++i) add(enterprises()[i]);
  for (std::size_t i = 0; i < office_count; ++i) add(offices()[i]);
  for (std::size_t i = large; i < enterprise_count; ++i) add(enterprises()[i]);
  list.push_back({"Ban Dân tộc và Tôn giáo", "CBCS", "CQ", {"Ban Dân tộc", "Ban Tôn giáo"}});
  return list;
}

std::string readme_text(std::string_view source, const BodyPlan& plan) {
  const std::string on = iso(plan.as_of);
  std::string text = "Dữ liệu mô phỏng / synthetic data: " + plan.root_name + ". ";
  text += "Không có người, tổ chức nào ở đây là thật; chỉ các con số tổng ngày " + on;
  text += " lấy theo bài viết nguồn " + std::string(source) + ". ";
  text += "No person or organisation here is real; only the totals of " + on;
  text += " follow published article " + std::string(source) + ".\n";
  return text;
}

std::vector<std::string> spread(Random& random, std::size_t size,
                                const std::vector<Portion>& portions) {
  std::vector<std::string> words;
  for (const Portion& portion : portions) words.insert(words.end(), portion.count, portion.word);
  words.resize(std::max(size, words.size()));
  random.shuffle(words);
  return words;
}

}  // namespace dangbo::inline v1::generator
