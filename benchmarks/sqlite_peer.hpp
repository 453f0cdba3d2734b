// The same job done by SQLite as its users would: an in-memory database, one transaction, prepared
// inserts, the checks a schema can state, indexes after the load, one statement for the answer.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace dangbo::bench {

// Loads the units, members and memberships that dangbo_generate wrote into `folder` and counts the
// home members on a day by sex ("" = unknown). Aborts the program when SQLite reports an error: a
// benchmark without its peer is none.
std::map<std::string, std::int64_t> sqlite_load_and_count(const std::string& folder,
                                                          const std::string& day);

}  // namespace dangbo::bench
