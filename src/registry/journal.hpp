// What a registry keeps of its commits beside the rows: which source_version stood behind which
// commit, and the durable file.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dangbo/base/digest.hpp"
#include "dangbo/registry/registry.hpp"
#include "registry/core.hpp"
#include "registry/file_body.hpp"
#include "registry/file_digest.hpp"
#include "registry/file_store.hpp"

namespace dangbo::inline v1::registry {

// Digest of a change as its host gave it: equal for equal rows in equal order, whatever it finds in
// the registry. O(values).
[[nodiscard]] base::Digest content_digest(const Salt& key, const Change& change,
                                          std::optional<time::Date> day = std::nullopt);
[[nodiscard]] base::Digest content_digest(const Salt& key, time::Date advanced_to);

// One version of a row that an erasure takes values from.
struct ErasedRow {
  TableStore* store = nullptr;
  std::uint32_t row = 0;
  std::vector<std::size_t> fields;  // of the schema, ascending
};

// Bytes of rows after which a commit goes on in another part.
inline constexpr std::size_t kPartBytes = std::size_t{4} << 20U;

class Journal {
 public:
  Journal() = default;

  // --- repeated changes
  [[nodiscard]] const Salt& content_key() const noexcept { return content_key_; }
  // The commit that brought this content under this source_version before; kConflict when it
  // brought another. Nothing for an empty or new source_version.
  [[nodiscard]] absl::StatusOr<std::optional<CommitNumber>> find_repeated(
      const std::string& source_version, const base::Digest& content) const;

  // --- the file; without one nothing happens
  [[nodiscard]] RegistryFile* file() noexcept { return file_.get(); }
  [[nodiscard]] const Layouts& layouts() const noexcept { return layouts_; }
  // From here to end_loading() declarations come from the file and are not written to it.
  void attach(std::unique_ptr<RegistryFile> file);
  absl::Status end_loading();
  // Notes a declaration found in the file.
  absl::Status take_layout(const StoredLayout& layout);
  // Notes a commit found in the file.
  void take_commit(const StoredCommit& commit);

  // Writes what a plan will append. Afterwards `keep` cannot fail. May throw std::bad_alloc, with
  // the file as it was.
  absl::Status write(const Plan& plan, const CommitInfo& info);
  // Writes a declaration.
  absl::Status write_declaration(const table::Schema& schema, std::uint32_t after_commit);
  // Takes the values of `rows` (ascending by table and row) out of the bodies that hold them and
  // adds the record of it as the commit of `plan`. Afterwards the changes that brought them are no
  // longer known again. May throw std::bad_alloc, with the file as it was.
  absl::Status write_erasure(const Plan& plan, std::string_view member,
                             const std::vector<std::string>& fields,
                             const std::vector<ErasedRow>& rows, const CommitInfo& info);

 private:
  friend class CommitWriter;
  friend class Eraser;
  struct Version {
    std::uint32_t commit = 0;
    std::optional<base::Digest> content;
  };
  // The layout that rows of a table are written in, added to the file when there is none yet.
  absl::StatusOr<std::uint32_t> layout_for(const table::Schema& schema, FileHead& head);
  // A transaction under way. Unless it succeeds it is rolled back, and the declarations it brought
  // are forgotten.
  class Attempt {
   public:
    explicit Attempt(Journal& journal) noexcept
        : journal_(journal), layouts_before_(journal.layouts_.size()) {}
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    void succeeded() noexcept { has_succeeded_ = true; }

   private:
    Journal& journal_;
    std::size_t layouts_before_;
    bool has_succeeded_ = false;
  };
  // After the first nothing of the second can fail.
  void make_room_for(const std::string& source_version);
  void keep(std::uint32_t commit, const std::optional<base::Digest>& content) noexcept;

  Salt content_key_{};
  absl::flat_hash_map<std::string, Version> versions_;  // by source_version
  std::string pending_;                                 // the next key of it
  std::unique_ptr<RegistryFile> file_;
  bool loading_ = false;
  Layouts layouts_;
  struct Current {
    const table::Schema* schema;
    std::uint32_t layout;
  };
  std::vector<Current> current_;  // the layout in which a table's rows are written, once there is
  CommitHasher hasher_;
};

}  // namespace dangbo::inline v1::registry
