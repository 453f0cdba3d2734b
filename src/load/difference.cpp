#include "dangbo/load/difference.hpp"

#include <memory>
#include <utility>

#include "dangbo/registry/history.hpp"
#include "load/difference_parts.hpp"

namespace dangbo::inline v1::load {

namespace {

// The first roster: every row as it stands, and the day from which on it is known.
absl::StatusOr<Difference> baseline(const registry::Registry& registry,
                                    const registry::Change& extract,
                                    const DifferenceOptions& options) {
  if (!extract.problems().empty())
    return base::problem_status(absl::StatusCode::kInvalidArgument, extract.problems());
  const std::string day = options.day.to_string();
  detail::Edits edits;
  edits.add(registry.find_schema("baselines"), {.file = "baselines", .row = 1, .column = ""})
      .set("day", day);
  registry::Change change = edits.change(registry);
  change.append(extract);
  return Difference{.change = std::move(change),
                    .script = edits.script("danh sách đầu tiên, nạp nguyên / the first roster, "
                                           "taken as it is, of " +
                                           day),
                    .findings = edits.findings(),
                    .questions = 0,
                    .set_aside = {}};
}

}  // namespace

absl::StatusOr<Difference> detail::compare(const registry::Registry& registry,
                                           const registry::Change& extract,
                                           const DifferenceOptions& options, LeftAlone left_alone) {
  if (base::index_of(registry.snapshot().commit()) == 0)
    return baseline(registry, extract, options);
  Comparing comparing(registry, extract, options, std::move(left_alone));
  comparing.run();
  if (!comparing.problems().empty()) {
    comparing.problems().sort();
    return base::problem_status(absl::StatusCode::kInvalidArgument, comparing.problems());
  }
  const Edits& edits = comparing.edits();
  return Difference{
      .change = edits.change(registry),
      .script = edits.script("đối chiếu ngày / difference of " + options.day.to_string()),
      .findings = edits.findings(),
      .questions = edits.questions(),
      .set_aside = {}};
}

absl::StatusOr<Difference> difference(const registry::Registry& registry,
                                      const registry::Change& extract,
                                      const DifferenceOptions& options) {
  return options.quarantine ? detail::difference_set_aside(registry, extract, options)
                            : detail::compare(registry, extract, options, {});
}

namespace {

// The commit that stands under a mark; nothing when none does.
bool stands(const registry::Snapshot& snapshot, const std::string& source_version) {
  if (source_version.empty()) return false;
  const table::Table log = registry::log_table(snapshot);
  const table::Column& marks = log.column(*log.find("source_version"));
  for (std::size_t row = 0; row < log.row_count(); ++row)
    if (!marks.is_missing(row) && marks.text(row) == source_version) return true;
  return false;
}

}  // namespace

absl::StatusOr<registry::CommitResult> commit_difference(registry::Registry& registry,
                                                         const Difference& difference,
                                                         time::Date day,
                                                         const registry::CommitInfo& info) {
  const registry::Snapshot head = registry.snapshot();
  const bool is_later = !head.current_day() || *head.current_day() < day;
  if (difference.change.empty() && (!is_later || stands(head, info.source_version)))
    return registry::CommitResult{
        .number = head.commit(), .added = {}, .corrected = {}, .withdrawn = {}, .repeated = true};
  if (difference.change.empty()) return registry.advance(day, info);
  if (!is_later) return registry.commit(difference.change, info);
  // On a fork first, so that rows and day come home as one commit.
  const std::unique_ptr<registry::Registry> fork = head.fork();
  registry::CommitInfo draft = {.time = info.time, .source_version = {}};
  const auto done = fork->commit(difference.change, draft);
  if (!done.ok()) return done.status();
  if (const auto advanced = fork->advance(day, draft); !advanced.ok()) return advanced.status();
  return registry.commit_fork(*fork, info);
}

}  // namespace dangbo::inline v1::load
