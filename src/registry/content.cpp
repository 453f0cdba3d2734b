// A change as its host gave it, as a digest: by it a change that comes twice is known.
#include <array>

#include "registry/file_bytes.hpp"
#include "registry/journal.hpp"

namespace dangbo::inline v1::registry {

namespace {

constexpr std::size_t kFlushBytes = 1U << 16U;

class ContentHasher {
 public:
  explicit ContentHasher(const Salt& key) { hasher_.update(bytes_of(key)); }

  // Columns that hold nothing do not count, nor does how codes are numbered.
  void add_columns(const table::Table& rows) {
    for (std::size_t i = 0; i < rows.column_count(); ++i) {
      const table::Column& column = rows.column(i);
      if (column.missing_count() == column.size()) continue;
      put_text(pending_, column.name());
      for (std::size_t row = 0; row < column.size(); ++row) {
        add_value(column, row);
        if (pending_.size() >= kFlushBytes) flush();
      }
    }
    put_text(pending_, "");
  }

  std::string& pending() noexcept { return pending_; }
  [[nodiscard]] base::Digest finish() {
    flush();
    return hasher_.finish();
  }

 private:
  void add_value(const table::Column& column, std::size_t row) {
    put_u8(pending_, column.is_missing(row) ? 0 : 1);
    if (column.is_missing(row)) return;
    switch (column.type()) {
      case table::Type::kText:
        put_text(pending_, column.text(row));
        break;
      case table::Type::kCode:
        put_text(pending_, column.word(row));
        break;
      case table::Type::kDate:
        put_u32(pending_, static_cast<std::uint32_t>(column.date(row).code()));
        break;
      case table::Type::kInt:
        put_u64(pending_, static_cast<std::uint64_t>(column.integer(row)));
        break;
      case table::Type::kBool:
        put_u8(pending_, column.boolean(row) ? 1 : 0);
        break;
      case table::Type::kReal:
        break;
    }
  }
  void flush() {
    hasher_.update(pending_);
    pending_.clear();
  }

  base::Hasher hasher_;
  std::string pending_;
};

}  // namespace

namespace {

// What operations say, part by part. Where they were written does not count.
class OperationBytes {
 public:
  explicit OperationBytes(std::string& out) : out_(out) {}

  void operator()(const Establish& x) { put(x.act, x.unit, x.parent, x.attributes); }
  void operator()(const Rename& x) { put(x.act, x.unit, x.name, x.short_name); }
  void operator()(const Convert& x) { put(x.act, x.unit, x.attributes); }
  void operator()(const Reparent& x) { put(x.act, x.units, x.children_of, x.parent); }
  void operator()(const Absorb& x) { put(x.act, x.units, x.into); }
  void operator()(const Merge& x) { put(x.act, x.units, x.into, x.parent, x.attributes); }
  void operator()(const Divide& x) { put(x.act, x.unit, x.parts); }
  void operator()(const SplitOff& x) { put(x.act, x.unit, x.parts); }
  void operator()(const Close& x) { put(x.act, x.units, x.disband); }
  void operator()(const Admit& x) { put(x.act, x.member, x.unit, x.in_reason, x.attributes); }
  void operator()(const Confirm& x) { put(x.act, x.member); }
  void operator()(const Move& x) { put(x.act, x.members, x.to, x.reason, x.issued_on); }
  void operator()(const Temporary& x) { put(x.act, x.member, x.unit, x.until); }
  void operator()(const Transit& x) { put(x.act, x.member); }
  void operator()(const Exempt& x) { put(x.act, x.member, x.until); }
  void operator()(const Suspend& x) { put(x.act, x.member, x.until); }
  void operator()(const Leave& x) { put(x.act, x.member, x.reason); }
  void operator()(const Appoint& x) {
    put(x.act, x.member, x.unit, x.post, x.body, x.basis, x.approved_on);
  }
  void operator()(const Relieve& x) { put(x.act, x.member, x.unit, x.post, x.body); }
  void operator()(const MergeMembers& x) { put(x.act, x.member, x.into); }
  void operator()(const UnmergeMembers& x) { put(x.act, x.member); }

 private:
  template <typename... Parts>
  void put(const Parts&... parts) {
    (add(parts), ...);
  }
  void add(const std::string& text) { put_text(out_, text); }
  void add(bool flag) { put_u8(out_, flag ? 1 : 0); }
  void add(time::Date day) { put_u32(out_, static_cast<std::uint32_t>(day.days())); }
  void add(const Act& act) { put(act.day, act.decision, act.event); }
  void add(const Part& part) {
    put(part.unit, part.parent, part.attributes, part.members, part.units, part.rest);
  }
  void add(const std::pair<std::string, std::string>& pair) { put(pair.first, pair.second); }
  template <typename Item>
  void add(const std::optional<Item>& item) {
    add(item.has_value());
    if (item) add(*item);
  }
  template <typename Item>
  void add(const std::vector<Item>& items) {
    put_u64(out_, items.size());
    for (const Item& item : items) add(item);
  }

  std::string& out_;
};

}  // namespace

base::Digest content_digest(const Salt& key, const Change& change, std::optional<time::Date> day) {
  ContentHasher hasher(key);
  put_text(hasher.pending(), change.is_synthetic() ? "synthetic rows" : "rows");
  for (const Change::Batch& batch : change.batches()) {
    if (batch.rows.row_count() == 0) continue;
    put_text(hasher.pending(), batch.schema->name());
    put_u64(hasher.pending(), batch.rows.row_count());
    hasher.add_columns(batch.rows);
  }
  for (const Change::Correction& correction : change.corrections()) {
    put_text(hasher.pending(), correction.withdraw ? "withdraw" : "correct");
    put_text(hasher.pending(), correction.schema->name());
    put_u64(hasher.pending(), correction.targets.row_count());
    hasher.add_columns(correction.targets);
    for (std::size_t i = 0; i < correction.values.column_count(); ++i)
      put_text(hasher.pending(), correction.values.column(i).name());
    hasher.add_columns(correction.values);
  }
  for (const Operation& operation : change.operations()) {
    put_text(hasher.pending(), "operation");
    put_u64(hasher.pending(), operation.index());
    std::visit(OperationBytes(hasher.pending()), operation);
  }
  if (day) {
    put_text(hasher.pending(), "day");
    put_u32(hasher.pending(), static_cast<std::uint32_t>(day->days()));
  }
  return hasher.finish();
}

base::Digest content_digest(const Salt& key, time::Date advanced_to) {
  ContentHasher hasher(key);
  put_text(hasher.pending(), "advance");
  put_u32(hasher.pending(), static_cast<std::uint32_t>(advanced_to.days()));
  return hasher.finish();
}

}  // namespace dangbo::inline v1::registry
