// Checks of the form "no two rows may claim the same thing on the same day".
#include <absl/container/flat_hash_set.h>
#include <absl/container/inlined_vector.h>
#include <absl/hash/hash.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "dangbo/base/absl.hpp"
#include "dangbo/base/make_room.hpp"
#include "dangbo/party/vocabulary.hpp"
#include "registry/plan.hpp"

namespace dangbo::inline v1::registry {

namespace {

using base::ProblemCode;
using table::TableKind;
using table::Type;

// Over [from, until), `row` claims `thing` (a slot, or the hash of a natural key).
struct Claim {
  std::uint64_t thing;
  std::int32_t from;
  std::int32_t until;
  RowRef row;
};

// Those of one member's move need no memory.
using Claims = absl::InlinedVector<Claim, 6>;

Claim claim_of(std::uint64_t thing, time::DateRange range, RowRef row) noexcept {
  return {thing, range.from_day(), range.until_day(), row};
}

bool before(const Claim& a, const Claim& b) noexcept {
  return std::tie(a.thing, a.from, a.row) < std::tie(b.thing, b.from, b.row);
}

// Rows that the change brings to a table. Room is made once: a reserve per batch would copy all
// claims again and again.
std::size_t rows_for(const Plan& plan, const TableStore& store) noexcept {
  std::size_t rows = 0;
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store == &store) rows += batch.row_count();
  }
  return rows;
}

// Whether `a` is the one to name of two claims: a row of the change before a stored one, else the
// later.
bool is_blamed(const Claim& a, const Claim& b) noexcept {
  return b.row.is_stored() || (!a.row.is_stored() && b.row < a.row);
}

// Calls report(other, blamed) for every claim that begins before an earlier one of the same thing
// has ended.
template <typename Report>
void for_each_overlap(Claims& claims, Report report) {
  if (!std::is_sorted(claims.begin(), claims.end(), before))
    std::sort(claims.begin(), claims.end(), before);
  std::size_t longest = 0;  // claim of the current thing that reaches furthest
  for (std::size_t i = 1; i < claims.size(); ++i) {
    if (claims[i].thing != claims[longest].thing) {
      longest = i;
      continue;
    }
    if (claims[i].from < claims[longest].until && claims[i].from < claims[i].until) {
      const bool swapped = is_blamed(claims[longest], claims[i]);
      report(claims[swapped ? i : longest], claims[swapped ? longest : i]);
    }
    if (claims[i].until > claims[longest].until) longest = i;
  }
}

std::string day_text(std::int32_t day) {
  return time::Date::from_days(day).to_string();
}

std::string overlap_text(const Claim& a, const Claim& b, bool vi) {
  const std::int32_t from = std::max(a.from, b.from);
  const std::int32_t until = std::min(a.until, b.until);
  if (from == time::DateRange::kOpenFrom && until == time::DateRange::kOpenUntil)
    return vi ? "mọi ngày" : "every day";
  if (from == time::DateRange::kOpenFrom) return (vi ? "trước " : "before ") + day_text(until);
  return (vi ? "ngày " : "on ") + day_text(from);
}

// Where a row stands, in words: "memberships.csv, dòng 12" or "dòng 12 đã có trong sổ".
std::string where(const Plan& plan, const TableStore& store, RowRef row, bool vi) {
  if (row.is_stored()) {
    const std::string number = std::to_string(row.row() + 1);
    return vi ? "dòng " + number + " đã có trong bảng " + store.schema().name()
              : "row " + number + " already in table " + store.schema().name();
  }
  const PreparedBatch& batch = plan.batches[row.batch()];
  return *batch.given.source + (vi ? ", dòng " : ", row ") +
         std::to_string(batch.given.row_number(row.row()));
}

base::Place place_of(const Plan& plan, const TableStore& store, RowRef row,
                     std::optional<std::size_t> field) {
  return row.is_stored() ? stored_place(store, row.row())
                         : plan.batches[row.batch()].place(row.row(), field);
}

time::DateRange stored_range(const TableStore& store, std::uint32_t row) noexcept {
  return Rows(&store, row + 1).range(RowId{row});
}

// Members of whom the change brings a row beside another one, of its own or stored, ascending: only
// they can have two rows on a day.
std::vector<std::uint32_t> members_met_twice(const Plan& plan, const TableStore& store) {
  std::vector<std::uint32_t> slots;
  slots.reserve(rows_for(plan, store));
  for (const PreparedBatch& batch : plan.batches) {
    if (batch.store != &store) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const std::uint32_t slot = batch.raw(*store.roles().member, row);
      if (slot != kMissingWord) slots.push_back(slot);
    }
  }
  // New members are numbered in the order of their rows.
  if (!std::is_sorted(slots.begin(), slots.end())) std::sort(slots.begin(), slots.end());
  std::vector<std::uint32_t> twice;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool is_again = i != 0 && slots[i] == slots[i - 1];
    if (!is_again && store.newest(Chain::kMember, slots[i]) == kMissingWord) continue;
    if (twice.empty() || twice.back() != slots[i]) twice.push_back(slots[i]);
  }
  return twice;
}

}  // namespace

void check_members(Plan& plan) {
  const TableStore* store = plan.core.members_table;
  const std::size_t key = *store->roles().member;
  const std::vector<std::uint32_t> twice = members_met_twice(plan, *store);
  if (twice.empty()) return;
  const auto is_twice = [&](std::uint32_t slot) {
    return std::binary_search(twice.begin(), twice.end(), slot);
  };
  Claims claims;
  for (std::size_t number = 0; number < plan.batches.size(); ++number) {
    const PreparedBatch& batch = plan.batches[number];
    if (batch.store != store) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const std::uint32_t slot = batch.raw(key, row);
      if (is_twice(slot) && !batch.is_damaged(row))
        claims.push_back(claim_of(slot, batch.range(row), RowRef::of_change(number, row)));
    }
  }
  for (const std::uint32_t slot : twice) {
    for (std::uint32_t row = store->newest(Chain::kMember, slot); row != kMissingWord;
         row = store->previous(Chain::kMember, row)) {
      if (plan.stands(*store, row))
        claims.push_back(claim_of(slot, stored_range(*store, row), RowRef::of_registry(row)));
    }
  }
  for_each_overlap(claims, [&](const Claim& a, const Claim& b) {
    plan.problems.add(
        {.code = ProblemCode::kDuplicateKey,
         .place = place_of(plan, *store, b.row, key),
         .value = std::string(plan.members.key(static_cast<std::uint32_t>(b.thing))),
         .reason = {"đảng viên này đã có ở " + where(plan, *store, a.row, true) + " (" +
                        overlap_text(a, b, true) + ")",
                    "this member stands already at " + where(plan, *store, a.row, false) + " (" +
                        overlap_text(a, b, false) + ")"},
         .fix = {
             "bỏ một dòng, hoặc ghi khoảng ngày nối tiếp nhau (từ ngày, đến ngày)",
             "drop one row, or give the rows intervals that follow one another (from, until)"}});
  });
}

namespace {

// Home rows of a member exclude one another; other rows only repeat themselves.
struct MembershipClaims {
  const TableStore& store;
  std::size_t member = *store.roles().member;
  std::size_t unit = *store.roles().unit;
  std::size_t kind = *store.schema().find("kind");
  static constexpr auto kHome = static_cast<std::uint32_t>(party::MembershipKind::kHome);

  [[nodiscard]] std::uint64_t thing(std::uint32_t member_slot, std::uint32_t unit_slot,
                                    std::uint32_t kind_code) const {
    if (kind_code == kHome) return member_slot;
    return (1ULL << 63) | absl::HashOf(member_slot, unit_slot, kind_code);
  }
  void add_stored(const Plan& plan, std::uint32_t slot, Claims& claims) const {
    for (std::uint32_t row = store.newest(Chain::kMember, slot); row != kMissingWord;
         row = store.previous(Chain::kMember, row)) {
      if (!plan.stands(store, row)) continue;
      const std::uint64_t what = thing(slot, store.raw(unit, row), store.raw(kind, row));
      claims.push_back(claim_of(what, stored_range(store, row), RowRef::of_registry(row)));
    }
  }
};

void report_memberships(Plan& plan, const TableStore& store, std::size_t member, const Claim& a,
                        const Claim& b) {
  const bool home = (b.thing >> 63) == 0;
  const std::string other_vi = where(plan, store, a.row, true);
  const std::string other_en = where(plan, store, a.row, false);
  base::Problem problem{.code = home ? ProblemCode::kTwoHomes : ProblemCode::kDuplicateKey,
                        .place = place_of(plan, store, b.row, member),
                        .value = b.row.is_stored()
                                     ? std::string()
                                     : plan.batches[b.row.batch()].display(member, b.row.row()),
                        .reason = {},
                        .fix = {}};
  if (home) {
    problem.reason = {
        "hai nơi sinh hoạt chính thức cùng " + overlap_text(a, b, true) + "; nơi kia ở " + other_vi,
        "two home memberships " + overlap_text(a, b, false) + "; the other stands at " + other_en};
    problem.fix = {
        "kết thúc nơi cũ vào ngày bắt đầu nơi mới, hoặc ghi là sinh hoạt tạm thời (TAMTHOI)",
        "end the earlier one on the day the later begins, or mark one as temporary (TAMTHOI)"};
  } else {
    problem.reason = {"dòng sinh hoạt này trùng với " + other_vi,
                      "this membership repeats " + other_en};
    problem.fix = {"bỏ một trong hai dòng", "drop one of the two rows"};
  }
  plan.problems.add(std::move(problem));
}

}  // namespace

void check_homes(Plan& plan) {
  const TableStore* store = plan.core.memberships_table;
  const MembershipClaims as{*store};
  Claims claims;
  claims.reserve(rows_for(plan, *store));
  absl::InlinedVector<std::uint32_t, 4> touched;
  const bool any_stored = store->row_count() != 0;
  for (std::size_t number = 0; number < plan.batches.size(); ++number) {
    const PreparedBatch& batch = plan.batches[number];
    if (batch.store != store) continue;
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      const std::uint32_t slot = batch.raw(as.member, row);
      const std::uint32_t unit = batch.raw(as.unit, row);
      const std::uint32_t kind = batch.raw(as.kind, row);
      if (slot == kMissingWord || unit == kMissingWord || kind == kMissingByte) continue;
      if (batch.is_damaged(row)) continue;
      claims.push_back(
          claim_of(as.thing(slot, unit, kind), batch.range(row), RowRef::of_change(number, row)));
      if (any_stored) touched.push_back(slot);
    }
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const std::uint32_t slot : touched) as.add_stored(plan, slot, claims);
  for_each_overlap(claims, [&](const Claim& a, const Claim& b) {
    report_memberships(plan, *store, as.member, a, b);
  });
}

namespace {

// One part of a natural key into its hash, wherever the row stands.
template <typename Row>
std::size_t add_to_hash(std::size_t hash, const table::Field& field, const Row& row) {
  if (is_plain_text(field)) return absl::HashOf(hash, row.is_missing(), base::to_absl(row.text()));
  if (field.type == Type::kInt) return absl::HashOf(hash, row.wide());
  return absl::HashOf(hash, row.raw());
}

struct NewCell {
  const PreparedBatch& batch;
  std::size_t field;
  std::size_t row;
  [[nodiscard]] bool is_missing() const { return batch.is_missing(field, row); }
  [[nodiscard]] std::string_view text() const { return batch.text(field, row); }
  [[nodiscard]] std::int64_t wide() const { return batch.wide(field, row); }
  [[nodiscard]] std::uint32_t raw() const { return batch.raw(field, row); }
};

struct ForkCell {
  const TableStore& store;
  std::size_t field;
  std::uint32_t row;
  std::uint32_t number;  // as home has it
  [[nodiscard]] bool is_missing() const { return number == kMissingWord; }
  [[nodiscard]] std::string_view text() const {
    return is_missing() ? std::string_view{} : store.text().get(number);
  }
  [[nodiscard]] std::int64_t wide() const { return store.wide(field, row); }
  [[nodiscard]] std::uint32_t raw() const { return number; }
};

// A stored slot or code of a fork's table as home has it; nothing when home does not know it.
std::optional<std::uint32_t> number_at_home(const Core& fork, const TableStore& store,
                                            std::size_t index, std::uint32_t row,
                                            const Core& home) {
  const table::Field& field = store.schema().fields()[index];
  if (field.type == Type::kInt) return kMissingWord;
  const std::uint32_t number = store.raw(index, row);
  if (number == store.missing(index) || is_plain_text(field)) return number;
  if (field.type == Type::kText) {
    const TableRoles& roles = store.roles();
    const bool is_member = field.role == table::Role::kMember ||
                           (field.role == table::Role::kSubject &&
                            store.raw(*roles.subject_type, row) != roles.subject_unit_code);
    return is_member ? home.members.find(fork.members.key(number))
                     : home.units.find(fork.units.key(number));
  }
  if (const KeyIndex* words = store.words(index))
    return home.find_table(store.schema())->words(index)->find(words->key(number));
  return number;
}

}  // namespace

std::optional<std::uint64_t> natural_key_hash(const PreparedBatch& batch, std::size_t row) {
  const auto& key = batch.store->schema().natural_key();
  std::size_t hash = key.size();
  for (const std::size_t field : key) {
    const auto& description = batch.store->schema().fields()[field];
    if (description.required && batch.is_missing(field, row))
      return std::nullopt;  // reported already
    const NewCell cell{batch, field, row};
    if (!is_plain_text(description) && description.type == Type::kText && !cell.is_missing() &&
        cell.raw() == kMissingWord) {
      return std::nullopt;  // an unknown reference: reported already
    }
    hash = add_to_hash(hash, description, cell);
  }
  return static_cast<std::uint64_t>(hash);
}

std::optional<std::uint64_t> fork_key_hash(const Core& fork, const TableStore& store,
                                           std::uint32_t row, const Core& home) {
  const auto& key = store.schema().natural_key();
  std::size_t hash = key.size();
  for (const std::size_t field : key) {
    const auto number = number_at_home(fork, store, field, row, home);
    if (!number) return std::nullopt;
    hash = add_to_hash(hash, store.schema().fields()[field], ForkCell{store, field, row, *number});
  }
  return static_cast<std::uint64_t>(hash);
}

std::uint64_t text_key_hash(std::string_view key) {
  return static_cast<std::uint64_t>(absl::HashOf(std::size_t{1}, false, base::to_absl(key)));
}

std::uint64_t coded_key_hash(std::uint32_t code, std::string_view key) {
  const std::size_t of_code = absl::HashOf(std::size_t{2}, code);
  return static_cast<std::uint64_t>(absl::HashOf(of_code, false, base::to_absl(key)));
}

void check_natural_keys(Plan& plan) {
  for (std::size_t first = 0; first < plan.batches.size(); ++first) {
    TableStore* store = plan.batches[first].store;
    const auto& schema = store->schema();
    const bool is_done =
        std::any_of(plan.batches.begin(), plan.batches.begin() + static_cast<std::ptrdiff_t>(first),
                    [&](const PreparedBatch& batch) { return batch.store == store; });
    if (is_done || !store->has_key_chain()) continue;
    Claims claims;
    claims.reserve(rows_for(plan, *store));
    absl::flat_hash_set<std::uint64_t> old_keys;
    for (std::size_t number = 0; number < plan.batches.size(); ++number) {
      const PreparedBatch& batch = plan.batches[number];
      if (batch.store != store) continue;
      for (std::size_t row = 0; row < batch.row_count(); ++row) {
        const auto hash = natural_key_hash(batch, row);
        if (!hash || batch.is_damaged(row)) continue;
        claims.push_back(claim_of(*hash, batch.range(row), RowRef::of_change(number, row)));
        if (store->newest_of_key(*hash) == kMissingWord) continue;
        base::make_room(old_keys);
        old_keys.insert(*hash);
      }
    }
    for (const std::uint64_t hash : old_keys) {
      for (std::uint32_t row = store->newest_of_key(hash); row != kMissingWord;
           row = store->previous(Chain::kKey, row)) {
        if (plan.stands(*store, row))
          claims.push_back(claim_of(hash, stored_range(*store, row), RowRef::of_registry(row)));
      }
    }
    for_each_overlap(claims, [&](const Claim& a, const Claim& b) {
      const std::size_t part = schema.natural_key().front();
      plan.problems.add(
          {.code = ProblemCode::kDuplicateKey,
           .place = place_of(plan, *store, b.row, part),
           .value = b.row.is_stored() ? std::string()
                                      : plan.batches[b.row.batch()].display(part, b.row.row()),
           .reason = {"khoá của bảng đã có ở " + where(plan, *store, a.row, true),
                      "the table's key stands already at " + where(plan, *store, a.row, false)},
           .fix = {"bỏ một trong hai dòng, hoặc sửa khoá",
                   "drop one of the two rows, or correct the key"}});
    });
  }
}

}  // namespace dangbo::inline v1::registry
