// Tables in and out through the Arrow C data interface, without any Arrow library. The structs are
// declared in dangbo/table/arrow/abi.h; a caller who includes Arrow's own header needs not include
// ours.
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "dangbo/table/table.hpp"

struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;

namespace dangbo::inline v1::table {

// What goes out: a struct "+s" with one nullable child a column. kText "u", kCode "i" with a
// dictionary of "u" (plain "i" when the column has no words), kInt "l", kBool "b", kReal "g", kDate
// "tdD", or "u" in ISO form when any value of the column is partial. The name and the facts of the
// provenance stand in the metadata under "dangbo.table" and "dangbo.<key>".
//
// Offset is always 0. Text, integers, reals and codes are lent, not copied: buffers are aligned as
// std::vector aligns them and end with their last value, so a consumer that wants 64-byte alignment
// or padding must copy. Dates, booleans and dictionaries are converted once, into 64-byte-aligned
// buffers with zeroed padding.
//
// Every node, dictionaries included, holds its own reference to what it shows: children may be
// moved out and outlive the rest, and release may come on any thread. The callbacks live in this
// library: do not unload it while exports are alive. `out` is overwritten, whatever it held; when
// memory runs out its `release` is null.
void export_schema(const Table& table, ArrowSchema* out);
void export_array(const Table& table, ArrowArray* out);

// Batches of at most 64 Ki rows (slices that copy nothing), at least one for each table, empty
// tables included. A date column is text in all batches when it is partial in any. Tables that
// differ in names or types fail the stream: get_schema and get_next give EINVAL and keep doing so.
// No tables at all: a schema without columns and no batch.
void export_stream(std::vector<Table> batches_of_one_schema, ArrowArrayStream* out);

// What comes in: a struct of C c S s I i L l (kInt), b (kBool), f g (kReal), u U (kText), tdD tdm
// and ts[smun]: (kDate; the time of day is dropped, as the library has none; the zone may be empty,
// UTC or a fixed offset like +07:00, which is applied before the day is taken), indexes of any
// integer type into a dictionary of u or U (kCode), n (kText, all missing). Any offset, null_count
// -1. Text is kept as it came; `conform` brings it to NFC.
//
// Everything is validated before use, and a refusal names the column: other formats, inconsistent
// counts, offsets that go backwards, ill-formed UTF-8, an index outside its dictionary, a date
// outside 1400 … 9999, an unsigned value beyond int64, rows missing as a whole, two columns of one
// name. What cannot be checked is whether the producer's buffers are as long as it says.
//
// Both functions take over what they are given and release it exactly once, also on failure. A
// stream without batches gives one table of no rows. Copies; O(values).
[[nodiscard]] absl::StatusOr<std::vector<Table>> import_stream(ArrowArrayStream* stream);
[[nodiscard]] absl::StatusOr<Table> import_array(ArrowSchema* schema, ArrowArray* array);

}  // namespace dangbo::inline v1::table
