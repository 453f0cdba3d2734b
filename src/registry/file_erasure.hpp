// What an erasure leaves in the file: bodies without the erased values, and a record of it.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "registry/file_body.hpp"

namespace dangbo::inline v1::registry {

// One row of a record. The remainder is the digest of the personal values that the row kept; zeros
// when it kept none.
struct ErasureRecordRow {
  std::string_view table;
  std::uint32_t row = 0;
  base::Digest remainder{};
};

// The record of one redaction: whose values, of which fields, in which rows; never the values.
[[nodiscard]] std::string erasure_record(std::string_view member,
                                         const std::vector<std::string>& fields,
                                         const std::vector<ErasureRecordRow>& rows);
// False when the bytes are no record.
[[nodiscard]] bool read_erasure_record(std::string_view bytes,
                                       absl::FunctionRef<void(const ErasureRecordRow&)> each);

// Digest of what is left of the personal part of an erased row, which the reader read last.
[[nodiscard]] base::Digest remainder_digest(CommitHasher& hasher, const BodyReader& reader,
                                            const BodyRow& row);

// Called for each row that a body adds or corrects, in order: the names of the personal fields to
// erase, null for none.
using FieldsToErase =
    absl::FunctionRef<const std::vector<std::string>*(const BodySection& section)>;

struct RewrittenBody {
  std::string bytes;
  std::vector<base::Digest> remainders;  // of the rows that lost values, in order
  std::vector<std::uint32_t> rows;       // and which they are among the rows asked for
  bool damaged = false;
};

// The body with these values gone. The salts it was hashed with go from one secret to one each,
// those of the erased rows left out: nobody can try out what the values may have been.
[[nodiscard]] RewrittenBody rewrite_body(std::string_view body, const Layouts& layouts,
                                         CommitHasher& hasher, FieldsToErase fields);

}  // namespace dangbo::inline v1::registry
