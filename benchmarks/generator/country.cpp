// A province or the nation. Every member has a stream of numbers of his own, so rows can be made in
// any order and nothing but the units is kept.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "csv_file.hpp"
#include "day.hpp"
#include "names.hpp"
#include "random.hpp"
#include "roster.hpp"

namespace dangbo::inline v1::generator {

namespace {

constexpr std::uint32_t kNationMembers = 5'600'000;
constexpr Day kStart = day(2015, 1, 1);
constexpr Day kEnd = day(2025, 8, 31);
constexpr std::uint32_t kNoParent = 0xFFFFFFFFU;
constexpr std::size_t kParts = 2;  // files of members and of memberships

enum Level : std::uint8_t { kCentre, kProvince, kUpper, kPrimary, kSection, kCell, kGroup };

// Units of each level in the nation: 381 830 with the Centre.
constexpr std::array<std::uint32_t, 7> kNationUnits = {1,     34,      3'321, 52'000,
                                                       9'939, 258'911, 57'624};

struct Node {
  std::uint32_t parent = kNoParent;
  Level level = kCentre;
  bool has_children = false;
  // One change at most: another parent from that day, or merged into a sibling on it.
  Day changed = kNoDay;
  std::uint32_t other = kNoParent;
  bool is_merged = false;
};

class Units {
 public:
  explicit Units(const CountryOptions& options) : random_(options.seed, 0xC0) {
    std::array<std::uint32_t, 7> counts = kNationUnits;
    if (!options.is_nation) {
      for (std::size_t level = kUpper; level < counts.size(); ++level) {
        const std::uint64_t share = std::uint64_t{counts[level]} * options.members;
        counts[level] = static_cast<std::uint32_t>(
            std::max<std::uint64_t>(2, (share + kNationMembers / 2) / kNationMembers));
      }
      counts[kCentre] = 0;
      counts[kProvince] = 1;
    }
    for (std::size_t level = 0; level < counts.size(); ++level) {
      add_level(static_cast<Level>(level), counts[level]);
    }
    change_some();
    fill_leaves(options.members);
  }

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] std::size_t leaf_count() const { return leaves_.size(); }
  [[nodiscard]] std::uint32_t leaf(std::size_t index) const { return leaves_[index]; }

  // The leaf where a member of this number is at home last.
  [[nodiscard]] std::size_t leaf_of(std::uint32_t member) const {
    const auto at = std::upper_bound(ends_.begin(), ends_.end(), member);
    return static_cast<std::size_t>(at - ends_.begin());
  }

 private:
  void add_level(Level level, std::uint32_t count) {
    begin_[level] = static_cast<std::uint32_t>(nodes_.size());
    for (std::uint32_t i = 0; i < count; ++i) {
      Node node;
      node.level = level;
      node.parent = parent_for(level);
      if (node.parent != kNoParent) nodes_[node.parent].has_children = true;
      nodes_.push_back(node);
    }
    end_[level] = static_cast<std::uint32_t>(nodes_.size());
  }

  std::uint32_t one_of(Level level) {
    return begin_[level] + random_.below(end_[level] - begin_[level]);
  }

  // Of the grassroots organisations the first 45 in 100 are committees and have cells; a fifth of
  // the sections' share of cells stands below sections; few cells have groups.
  std::uint32_t committee() {
    const std::uint32_t all = end_[kPrimary] - begin_[kPrimary];
    return begin_[kPrimary] + random_.below(std::max(1U, all * 45 / 100));
  }

  std::uint32_t parent_for(Level level) {
    switch (level) {
      case kCentre:
        return kNoParent;
      case kProvince:
        return begin_[kCentre] == end_[kCentre] ? kNoParent : begin_[kCentre];
      case kUpper:
        return one_of(kProvince);
      case kPrimary:
        return one_of(kUpper);
      case kSection:
        return committee();
      case kCell:
        return random_.chance(115) ? one_of(kSection) : committee();
      case kGroup:
        break;
    }
    const std::uint32_t cells = end_[kCell] - begin_[kCell];
    return begin_[kCell] + random_.below(std::max(1U, cells / 18));
  }

  // One unit in a hundred: another parent of the same level, or, without anybody below it, merged
  // into a sibling.
  void change_some() {
    const auto below = std::max(begin_[kUpper], 1U);
    const std::uint32_t count = static_cast<std::uint32_t>(nodes_.size()) / 100;
    for (std::uint32_t done = 0; done < count;) {
      const std::uint32_t unit =
          below + random_.below(static_cast<std::uint32_t>(nodes_.size()) - below);
      Node& node = nodes_[unit];
      if (node.changed != kNoDay || node.level == kGroup || node.is_merged) continue;
      const Day on = random_.between(kStart + 200, kEnd - 200);
      const bool merges = !node.has_children && random_.chance(400);
      const std::uint32_t other = merges ? sibling(unit) : one_of(nodes_[node.parent].level);
      if (other == kNoParent || other == node.parent || nodes_[other].is_merged) continue;
      // The other must be there for good: a merged unit takes in nobody.
      if (merges) nodes_[other].changed = kNever;
      node.changed = on;
      node.other = other;
      node.is_merged = merges;
      nodes_[other].has_children = nodes_[other].has_children || !merges;
      ++done;
    }
  }

  // A neighbour of the same parent and level that has nobody below it and no change of its own.
  [[nodiscard]] std::uint32_t sibling(std::uint32_t unit) const {
    for (std::uint32_t step = 1; step < 20'000; ++step) {
      const std::uint32_t other = unit + step;
      if (other >= nodes_.size() || nodes_[other].level != nodes_[unit].level) break;
      if (nodes_[other].parent == nodes_[unit].parent && !nodes_[other].has_children &&
          nodes_[other].changed == kNoDay) {
        return other;
      }
    }
    return kNoParent;
  }

  void fill_leaves(std::uint32_t members) {
    std::vector<std::uint32_t> weights;
    std::uint64_t total = 0;
    for (std::uint32_t unit = 0; unit < nodes_.size(); ++unit) {
      const Node& node = nodes_[unit];
      if (node.has_children || node.level < kPrimary || node.level == kSection) continue;
      leaves_.push_back(unit);
      weights.push_back(6 + random_.below(19U));
      total += weights.back();
    }
    std::uint64_t sum = 0;
    for (const std::uint32_t weight : weights) {
      sum += weight;
      ends_.push_back(static_cast<std::uint32_t>(sum * members / total));
    }
  }

  static constexpr Day kNever = kNoDay - 1;  // no change, and none to come

  Random random_;
  std::array<std::uint32_t, 7> begin_{};
  std::array<std::uint32_t, 7> end_{};
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> leaves_;
  std::vector<std::uint32_t> ends_;  // running number of members
};

std::string padded(char prefix, std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string unit_id(std::uint32_t unit) {
  return padded('U', unit + 1, 6);
}

// Days as text, made once.
class DayTexts {
 public:
  DayTexts() {
    for (Day at = kFirst; at < kEnd + 800; ++at) texts_.push_back(iso(at));
  }
  [[nodiscard]] const std::string& operator()(Day at) const {
    static const std::string none;
    return at == kNoDay ? none : texts_[static_cast<std::size_t>(at - kFirst)];
  }

 private:
  static constexpr Day kFirst = day(1930, 1, 1);
  std::vector<std::string> texts_;
};

struct Kind {
  const char* kind;
  const char* unit_class;
  const char* title;
};

Kind kind_of(const Node& node) {
  switch (node.level) {
    case kCentre:
      return {"TW", "TW", "Đảng bộ toàn quốc"};
    case kProvince:
      return {"TINH", "T", "Đảng bộ tỉnh"};
    case kUpper:
      return {"XA", "CTCS", "Đảng bộ xã"};
    case kPrimary:
      return node.has_children ? Kind{"DBCS", "TCCS", "Đảng bộ cơ sở"}
                               : Kind{"CBCS", "TCCS", "Chi bộ cơ sở"};
    case kSection:
      return {"DBBP", "DCS", "Đảng bộ bộ phận"};
    case kCell:
      return {"CB", "DCS", "Chi bộ"};
    case kGroup:
      break;
  }
  return {"TO", "DCS", "Tổ đảng"};
}

class Country {
 public:
  Country(const CountryOptions& options, const std::string& folder)
      : options_(options), folder_(folder), units_(options) {}

  bool write(std::string& error) {
    if (!make_folder(folder_, error)) return false;
    const bool written = write_readme() && write_units() && write_events() && write_people();
    if (!written) error = "không ghi được vào / cannot write to: " + folder_;
    return written;
  }

 private:
  bool write_readme() const {
    CsvFile file;
    if (!file.open(folder_, "README.md")) return false;
    file.raw(
        "Dữ liệu mô phỏng / synthetic data: người và tổ chức đều không có thật; no person or "
        "organisation here is real.\n");
    return file.close() && write_synthetic_mark(folder_);
  }

  bool write_units() {
    CsvFile file;
    if (!file.open(folder_, "units.csv")) return false;
    file.raw("unit_id,from,until,parent_id,name,class,kind\n");
    const std::string start = iso(kStart);
    for (std::uint32_t unit = 0; unit < units_.nodes().size(); ++unit) {
      const Node& node = units_.nodes()[unit];
      const Kind kind = kind_of(node);
      const bool changes = node.other != kNoParent;
      const std::string changed = changes ? iso(node.changed) : "";
      const std::string id = unit_id(unit);
      const std::string name = std::string(kind.title) + ' ' + std::to_string(unit + 1);
      const auto line = [&](const std::string& from, const std::string& until,
                            std::uint32_t parent) {
        file.line({id, from, until, parent == kNoParent ? "" : unit_id(parent), name,
                   kind.unit_class, kind.kind});
      };
      line(start, changed, node.parent);
      if (changes && !node.is_merged) line(changed, "", node.other);
    }
    return file.close();
  }

  bool write_events() {
    CsvFile file;
    if (!file.open(folder_, "unit_events.csv")) return false;
    file.raw("event_id,date,event,from_unit,to_unit\n");
    for (std::uint32_t unit = 0; unit < units_.nodes().size(); ++unit) {
      const Node& node = units_.nodes()[unit];
      if (node.other == kNoParent) continue;
      file.line({padded('E', unit + 1, 6), iso(node.changed),
                 node.is_merged ? "SAPNHAP" : "CHUYENTT", unit_id(unit),
                 unit_id(node.is_merged ? node.other : unit)});
    }
    return file.close();
  }

  bool write_people() {
    std::array<CsvFile, kParts> members;
    std::array<CsvFile, kParts> memberships;
    for (std::size_t part = 0; part < kParts; ++part) {
      const std::string suffix = "_" + std::to_string(part + 1) + ".csv";
      if (!members[part].open(folder_, "members" + suffix)) return false;
      if (!memberships[part].open(folder_, "memberships" + suffix)) return false;
      members[part].raw(options_.names
                            ? "member_id,full_name,sex,birth_date,ethnicity,religion,youth_union,"
                              "joined_date,full_date,status\n"
                            : "member_id,sex,birth_date,ethnicity,religion,youth_union,"
                              "joined_date,full_date,status\n");
      memberships[part].raw("member_id,unit_id,kind,from,until,in_reason,out_reason\n");
    }
    for (std::uint32_t at = 0; at < options_.members; ++at) {
      const std::size_t part = static_cast<std::size_t>(
          std::uint64_t{at} * kParts / std::max<std::uint32_t>(1, options_.members));
      write_member(options_.shuffled ? shuffled(at) : at, members[part], memberships[part]);
    }
    bool written = true;
    for (CsvFile& file : members) written = file.close() && written;
    for (CsvFile& file : memberships) written = file.close() && written;
    return written;
  }

  // A permutation of the members: a step without common divisor with their number.
  [[nodiscard]] std::uint32_t shuffled(std::uint32_t at) const {
    std::uint64_t step = std::uint64_t{options_.members} * 618 / 1000 | 1;
    const auto divisor = [&] {
      std::uint64_t a = step;
      for (std::uint64_t b = options_.members; b != 0;) {
        const std::uint64_t rest = a % b;
        a = b;
        b = rest;
      }
      return a;
    };
    while (divisor() != 1) step += 2;
    return static_cast<std::uint32_t>((at * step + options_.seed) % options_.members);
  }

  void write_member(std::uint32_t member, CsvFile& members, CsvFile& memberships) {
    Random random(options_.seed, std::uint64_t{member} + 1000);
    const std::string id = padded('M', member + 1, 7);
    const bool is_female = random.chance(340);
    const Day born = kEnd - static_cast<Day>(7000 + random.below(22'000U));
    const Day joined = std::min(born + 6900 + static_cast<Day>(random.below(7300U)), kEnd - 1);
    const bool is_gone = random.chance(30);
    const std::string_view ethnicity = random.chance(870)  ? "Kinh"
                                       : random.chance(30) ? std::string_view()
                                                           : minority(random);
    const std::string_view faith = random.chance(900) ? "Không" : religion(random);
    line_ = id;
    if (options_.names) {
      line_ += ',';
      line_ += person_name(random, is_female, ethnicity);
    }
    line_ += is_female ? ",F," : ",M,";
    const std::string& birth = days_(born);
    line_ += random.chance(20) ? std::string_view(birth).substr(0, 4) : std::string_view(birth);
    ((line_ += ',') += ethnicity) += ',';
    line_ += faith;
    line_ += kEnd - born < 30 * 365 && random.chance(600) ? ",true," : ",false,";
    (line_ += days_(joined)) += ',';
    line_ += joined + 365 > kEnd ? std::string() : days_(joined + 365);
    line_ += is_gone ? ",CHUYENDI\n" : ",DANG\n";
    members.raw(line_);
    write_homes(id, member, std::max(joined, kStart), joined >= kStart, is_gone, random,
                memberships);
  }

  // Up to three units before the last one, nearer ones more often.
  void write_homes(const std::string& id, std::uint32_t member, Day first, bool is_admitted,
                   bool is_gone, Random& random, CsvFile& out) {
    const std::size_t last = units_.leaf_of(member);
    const Day end =
        is_gone ? std::max(first + 1, kEnd - static_cast<Day>(random.below(1500U))) : kNoDay;
    const std::uint32_t dice = random.below(100U);
    std::size_t moves = dice < 33 ? 0 : dice < 66 ? 1 : dice < 86 ? 2 : 3;
    const Day horizon = std::min(end, kEnd);
    Day from = first;
    std::string_view reason = is_admitted ? ",KETNAP," : ",,";
    for (; moves > 0 && from + 60 < horizon; --moves) {
      const auto room = static_cast<std::uint32_t>(horizon - from - 30);
      const Day until = from + 30 + static_cast<Day>(random.below(room));
      write_home(id, units_.leaf(near(last, random)), from, until, reason, "NOIBO", out);
      from = until;
      reason = ",NOIBO,";
    }
    write_home(id, units_.leaf(last), from, end, reason, is_gone ? "DI_NGOAITINH" : "", out);
    if (random.chance(10)) {
      const Day begun = kEnd - static_cast<Day>(random.below(200U));
      write_row(id, units_.leaf(near(last, random)), "TAMTHOI", begun, begun + 180, ",,", "", out);
    }
  }

  std::size_t near(std::size_t leaf, Random& random) const {
    const std::size_t count = units_.leaf_count();
    if (random.chance(300)) return random.below(count);
    return (leaf + 1 + random.below(std::size_t{60})) % count;
  }

  // A row of a merged unit ends with it and goes on in the unit that took it in.
  void write_home(const std::string& id, std::uint32_t unit, Day from, Day until,
                  std::string_view in_reason, std::string_view out_reason, CsvFile& out) {
    const Node& node = units_.nodes()[unit];
    if (!node.is_merged || until <= node.changed) {
      write_row(id, unit, "CHINHTHUC", from, until, in_reason, out_reason, out);
    } else if (from >= node.changed) {
      write_row(id, node.other, "CHINHTHUC", from, until, in_reason, out_reason, out);
    } else {
      write_row(id, unit, "CHINHTHUC", from, node.changed, in_reason, "TOCHUC", out);
      write_row(id, node.other, "CHINHTHUC", node.changed, until, ",TOCHUC,", out_reason, out);
    }
  }

  void write_row(const std::string& id, std::uint32_t unit, const char* kind, Day from, Day until,
                 std::string_view in_reason, std::string_view out_reason, CsvFile& out) {
    const Node& node = units_.nodes()[unit];
    const bool is_over = node.is_merged && from >= node.changed;
    line_ = id;
    (line_ += ',') += unit_id(is_over ? node.other : unit);
    ((line_ += ',') += kind) += ',';
    (line_ += days_(from)) += ',';
    line_ += days_(until);
    line_ += in_reason;
    (line_ += out_reason) += '\n';
    out.raw(line_);
  }

  CountryOptions options_;
  std::string folder_;
  Units units_;
  DayTexts days_;
  std::string line_;
};

}  // namespace

bool write_country(const CountryOptions& options, const std::string& folder, std::string& error) {
  return Country(options, folder).write(error);
}

}  // namespace dangbo::inline v1::generator
