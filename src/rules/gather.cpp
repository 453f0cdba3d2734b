#include "rules/gather.hpp"

#include <algorithm>

namespace dangbo::inline v1::rules {

using expr::ColumnTable;
using expr::ColumnView;
using registry::FieldReader;
using Source = FieldBinding::Source;
using table::Role;
using table::Type;

namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFFU;

void mark(std::vector<std::uint64_t>& bits, std::size_t i) {
  bits[i / 64] |= std::uint64_t{1} << (i % 64);
}

bool names_entity(Role role) noexcept {
  return role == Role::kUnit || role == Role::kParent || role == Role::kMember ||
         role == Role::kSubject;
}

}  // namespace

void ReadTree::add(std::span<const std::uint32_t> path) {
  ReadTree* at = this;
  for (const std::uint32_t step : path) at = &at->fields[step];
}

void Gatherer::clear() {
  memory_.clear();
  tables_.clear();
}

Gatherer::Memory& Gatherer::memory(std::size_t count) {
  Memory& out = memory_.emplace_back();
  out.valid.assign((count + 63) / 64, 0);
  return out;
}

const ColumnTable& Gatherer::gather(const RecordBinding& record,  // NOLINT(misc-no-recursion)
                                    const ReadTree& reads, std::span<const Entity> entities) {
  ColumnTable& out = tables_.emplace_back();
  out.size = entities.size();
  out.columns.resize(record.fields.size());
  Block block{record, entities, {}};
  const bool has_rows = std::any_of(reads.fields.begin(), reads.fields.end(), [&](const auto& one) {
    return record.fields[one.first].source == Source::kColumn;
  });
  if (has_rows) {
    block.rows.reserve(entities.size());
    for (const Entity entity : entities) block.rows.push_back(facts_.row_of(record, entity));
  }
  for (const auto& [number, below] : reads.fields)
    out.columns[number] = field(block, number, below);
  return out;
}

ColumnView Gatherer::field(const Block& block, std::uint32_t number,  // NOLINT(misc-no-recursion)
                           const ReadTree& below) {
  const FieldBinding& bound = block.record.fields[number];
  if (bound.is_list()) return list(block, bound, below);
  if (bound.is_record()) return nested(block, bound, below);
  Memory& into = memory(block.entities.size());
  return bound.source == Source::kColumn ? stored(block, bound.column, into)
                                         : scalars(block, number, into);
}

// Records are one row each, repeated where several share one.
ColumnView Gatherer::nested(const Block& block,  // NOLINT(misc-no-recursion)
                            const FieldBinding& field, const ReadTree& below) {
  Memory& into = memory(block.entities.size());
  std::vector<Entity> targets;
  into.codes.assign(block.entities.size(), kNone);
  for (std::size_t i = 0; i < block.entities.size(); ++i) {
    const Entity target = facts_.single(block.record, field, block.entities[i]);
    if (target == kNoEntity) continue;
    into.codes[i] = static_cast<std::uint32_t>(targets.size());
    targets.push_back(target);
  }
  return ColumnView::record(gather(*field.target, below, targets), into.codes);
}

ColumnView Gatherer::list(const Block& block,  // NOLINT(misc-no-recursion)
                          const FieldBinding& field, const ReadTree& below) {
  Memory& into = memory(block.entities.size());
  std::vector<Entity> items;
  into.begin.reserve(block.entities.size());
  into.end.reserve(block.entities.size());
  for (const Entity entity : block.entities) {
    into.begin.push_back(static_cast<std::uint32_t>(items.size()));
    facts_.list(block.record, field, entity, items);
    into.end.push_back(static_cast<std::uint32_t>(items.size()));
  }
  return ColumnView::rows(gather(*field.target, below, items), into.begin, into.end);
}

// Words of a vocabulary that grows with the data, each once.
ColumnView Gatherer::words(const Block& block, std::size_t column, Memory& into) const {
  const FieldReader& reader = facts_.reader(block.record.table, column);
  into.codes.assign(block.rows.size(), kNone);
  for (std::size_t i = 0; i < block.rows.size(); ++i) {
    if (block.rows[i] == kNoRow || reader.is_missing(block.rows[i])) continue;
    const std::uint32_t word = reader.raw(block.rows[i]);
    if (word >= into.known.size()) into.known.resize(std::size_t{word} + 1);
    if (into.known[word] == 0) {
      into.texts.push_back(reader.word(word));
      into.known[word] = static_cast<std::uint32_t>(into.texts.size());
    }
    into.codes[i] = into.known[word] - 1;
  }
  return ColumnView::texts(into.codes, into.texts);
}

// A column of the table itself, without a Value a row.
ColumnView Gatherer::stored(const Block& block, std::size_t column, Memory& into) const {
  const table::Field& what =
      facts_.bindings().subjects().tables()[block.record.table]->fields()[column];
  const FieldReader& reader = facts_.reader(block.record.table, column);
  const std::size_t count = block.rows.size();
  const auto each = [&](auto read) {
    for (std::size_t i = 0; i < count; ++i) {
      if (block.rows[i] == kNoRow || reader.is_missing(block.rows[i])) continue;
      mark(into.valid, i);
      read(i, block.rows[i]);
    }
  };
  switch (what.type) {
    case Type::kCode:
      if (what.codes == nullptr) return words(block, column, into);
      into.codes.assign(count, kNone);
      each([&](std::size_t i, RowId row) { into.codes[i] = reader.raw(row); });
      return ColumnView::codes(std::span<const std::uint32_t>(into.codes));
    case Type::kInt:
      into.integers.assign(count, 0);
      each([&](std::size_t i, RowId row) { into.integers[i] = *reader.integer(row); });
      return ColumnView::integers(into.integers, into.valid.data());
    case Type::kBool:
      into.bits.assign((count + 63) / 64, 0);
      each([&](std::size_t i, RowId row) {
        if (reader.raw(row) != 0) mark(into.bits, i);
      });
      return ColumnView::booleans(into.bits.data(), count, into.valid.data());
    case Type::kDate:
      into.days.assign(count, 0);
      each([&](std::size_t i, RowId row) {
        const auto day = time::PartialDate::from_code(static_cast<std::int32_t>(reader.raw(row)));
        const bool is_last = what.role == Role::kUntil && !day.is_exact();
        into.days[i] = is_last ? day.last_day().days() + 1 : day.first_day().days();
      });
      return ColumnView::dates(into.days, into.valid.data());
    default:
      break;
  }
  into.texts.assign(count, {});
  FieldBinding bound;
  bound.column = column;
  each([&](std::size_t i, RowId row) {
    into.texts[i] = names_entity(what.role)
                        ? facts_.scalar(block.record, bound, block.entities[i]).as_text()
                        : reader.text(row);
  });
  return ColumnView::texts(into.texts, into.valid.data());
}

ColumnView Gatherer::scalars(const Block& block, std::uint32_t number, Memory& into) const {
  const FieldBinding& bound = block.record.fields[number];
  const expr::Kind kind = block.record.type.shape->members[number].type.kind;
  const std::size_t count = block.entities.size();
  into.codes.assign(kind == expr::Kind::kEnum ? count : 0, kNone);
  into.days.assign(kind == expr::Kind::kDate ? count : 0, 0);
  into.texts.assign(kind == expr::Kind::kString ? count : 0, {});
  for (std::size_t i = 0; i < count; ++i) {
    const expr::Value value = facts_.scalar(block.record, bound, block.entities[i]);
    if (value.is_error()) continue;
    mark(into.valid, i);
    if (kind == expr::Kind::kEnum) {
      into.codes[i] = static_cast<std::uint32_t>(value.as_int());
    } else if (kind == expr::Kind::kString) {
      into.texts[i] = value.as_text();
    } else {
      into.days[i] = static_cast<std::int32_t>(value.as_int());
    }
  }
  if (kind == expr::Kind::kString) return ColumnView::texts(into.texts, into.valid.data());
  // What is derived is a word, a key or a day.
  return kind == expr::Kind::kEnum
             ? ColumnView::codes(std::span<const std::uint32_t>(into.codes), into.valid.data())
             : ColumnView::dates(into.days, into.valid.data());
}

}  // namespace dangbo::inline v1::rules
