#include "rollup/column.hpp"

#include <utility>

#include "dangbo/party/vocabulary.hpp"

namespace dangbo::inline v1::rollup {

std::optional<std::uint32_t> standing_on(time::Date day, std::optional<time::PartialDate> joined,
                                         std::optional<time::PartialDate> full) {
  if (full) {
    if (full->last_day() <= day) return static_cast<std::uint32_t>(party::Standing::kFull);
    if (full->first_day() <= day) return std::nullopt;  // some possible days have passed
    if (!joined) return static_cast<std::uint32_t>(party::Standing::kProbationary);
  }
  if (!joined || joined->last_day() > day) return std::nullopt;
  return static_cast<std::uint32_t>(party::Standing::kProbationary);
}

namespace {

std::uint32_t mark_of(const table::Field& field, registry::Storage storage) noexcept {
  if (field.type == table::Type::kDate) {
    return field.role == table::Role::kUntil ? registry::kOpenUntilCode : registry::kMissingDate;
  }
  switch (storage) {
    case registry::Storage::kByte:
      return registry::kMissingByte;
    case registry::Storage::kHalf:
      return registry::kMissingHalf;
    default:
      return registry::kMissingWord;
  }
}

}  // namespace

Column bind(const Rows& rows, std::size_t field, Source source, std::string name) {
  Column made;
  made.name = std::move(name);
  made.source = source;
  made.field = rows.schema().fields()[field];
  made.index = field;
  made.reader = rows.field(field);
  made.missing_mark = mark_of(made.field, made.reader.storage());
  return made;
}

Column bind_standing(const Rows& members, std::string name) {
  Column made;
  made.name = std::move(name);
  made.source = Source::kMember;
  made.field.name = "standing";
  made.field.type = table::Type::kCode;
  made.field.codes = party::standings();
  made.standing = true;
  for (const char* date : {"joined_date", "full_date"}) {
    made.dates.push_back(bind(members, *members.schema().find(date), Source::kMember, date));
  }
  return made;
}

}  // namespace dangbo::inline v1::rollup
