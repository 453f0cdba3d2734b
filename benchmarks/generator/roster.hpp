// Invented Party organisations with invented members, as the CSV folders a host would hand over.
// The same arguments give the same bytes on every machine. No person in them exists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dangbo::inline v1::generator {

// One file of a folder, as text.
struct Sheet {
  std::string file;  // "units.csv"
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

// A folder of files and the line that says what it is.
struct Roster {
  std::string readme;
  std::vector<Sheet> sheets;
};

// Đảng bộ mô phỏng, fitted to the figures of a published article: on its day every published count
// of units, members, admissions, grades, meetings, congresses and honours comes out exactly, and
// nothing comes out by counting lines.
enum class Body : std::uint8_t {
  kBloc2022,        // 000: a bloc of agencies and enterprises, 2022-12-31
  kCity2018,        // 001: a city at district level, graded for 2018
  kBloc2020,        // 003: a bloc of agencies, 2020-11-30; Vietnamese headers and codes
  kBloc2017,        // 004: a bloc of agencies, 2017-09-30
  kReorganisation,  // no article: a province before the reorganisations of 2025, 2024-12-31
};

// By the number of the article: "000", "001", "003", "004"; "reorganisation".
[[nodiscard]] std::optional<Body> find_body(std::string_view number);
[[nodiscard]] Roster make_body(Body body, std::uint64_t seed);

// Makes the folder and writes the files; what is in the way is overwritten. False with a reason in
// `error` when a file cannot be written.
[[nodiscard]] bool write_roster(const Roster& roster, const std::string& folder,
                                std::string& error);

// A province or the nation: ten years of moves up to `kCountryEnd`, units re-parented and merged.
// Written as it is made: memory is the units, not the members.
struct CountryOptions {
  std::uint64_t seed = 1;
  std::uint32_t members = 5'600'000;
  bool is_nation = true;  // otherwise one province, its units in the proportion of the members
  bool shuffled = false;  // members in no order, as a database gives them; otherwise by home unit
  bool names = true;
};

[[nodiscard]] bool write_country(const CountryOptions& options, const std::string& folder,
                                 std::string& error);

}  // namespace dangbo::inline v1::generator
