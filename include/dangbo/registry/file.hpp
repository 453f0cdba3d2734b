// The durable file of a registry: how it is opened, and how it is verified. docs/file.md says what
// it keeps and what it guards against.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "dangbo/table/table.hpp"

namespace dangbo::inline v1::registry {

struct RegistryOptions {
  bool single_root = false;  // refuse changes after which some day has several roots
};

enum class OpenMode : std::uint8_t {
  kRead,    // the whole content as of opening; any number of readers beside the writer
  kWrite,   // the one writer
  kCreate,  // a new file, then the one writer; an existing file is refused
};

// When a commit counts as done.
enum class Durability : std::uint8_t {
  kFull,    // it is on the disk: a power cut takes nothing that was committed
  kNormal,  // a power cut may take the last commits, never part of one
  kOff,     // a power cut may destroy the file; for loads that can be repeated
};

struct OpenOptions {
  RegistryOptions registry;  // kCreate only: kept in the file
  Durability durability = Durability::kFull;
  // Opens a file whose -wal companion is lost, as it stands: the last commits are gone for good.
  bool accept_missing_wal = false;
};

// Recomputes every digest of a file, without opening it as a registry. OK: the file is what its
// writers committed, redactions apart; one row: commits, rows, redactions, erased_rows (integers),
// head (text, the digest of the last commit in hexadecimal: kept elsewhere it shows that nothing
// was cut off). DataLoss (kFileDamaged) names the first commit that does not hold. O(rows).
[[nodiscard]] absl::StatusOr<table::Table> verify_file(const std::string& path);

}  // namespace dangbo::inline v1::registry
