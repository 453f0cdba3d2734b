// dangbo_generate: invented rosters on disk.
#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>
#include <string>

#include "roster.hpp"

namespace {

namespace generator = dangbo::generator;

constexpr const char* kExamples =
    "Examples:\n"
    "  dangbo_generate body 003 khoi_2020\n"
    "  dangbo_generate province tinh --members 100000 --seed 1\n"
    "  dangbo_generate nation toan_quoc\n"
    "The same arguments give the same bytes on every machine. All people are invented.";

int fail(const std::string& error) {
  std::cerr << "dangbo_generate: " << error << '\n';
  return 1;
}

struct Arguments {
  std::string body;
  std::string folder;
  std::uint64_t seed = 1;
  std::uint32_t members = 0;
  bool shuffled = false;
  bool no_names = false;
};

int write_body(const Arguments& arguments) {
  std::string error;
  const auto body = generator::find_body(arguments.body);
  const auto roster = generator::make_body(*body, arguments.seed);
  return generator::write_roster(roster, arguments.folder, error) ? 0 : fail(error);
}

int write_country(const Arguments& arguments, bool is_nation) {
  std::string error;
  const generator::CountryOptions options{.seed = arguments.seed,
                                          .members = arguments.members,
                                          .is_nation = is_nation,
                                          .shuffled = arguments.shuffled,
                                          .names = !arguments.no_names};
  return generator::write_country(options, arguments.folder, error) ? 0 : fail(error);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes invented Party organisations and members as CSV folders for dangbo.");
  app.footer(kExamples);
  app.require_subcommand(1);
  Arguments arguments;
  const auto common = [&](CLI::App* command) {
    command->add_option("folder", arguments.folder, "folder to write, made when missing")
        ->required();
    command->add_option("--seed", arguments.seed, "another number, other people")
        ->capture_default_str();
    command->footer(kExamples);
  };
  CLI::App* body = app.add_subcommand("body", "a body fitted to the figures of an article");
  body->add_option("number", arguments.body, "of the article, or “reorganisation”")
      ->required()
      ->check(CLI::IsMember({"000", "001", "003", "004", "reorganisation"}));
  common(body);
  CLI::App* province = app.add_subcommand("province", "a province with ten years of moves");
  CLI::App* nation = app.add_subcommand("nation", "381 830 units, 5.6 million members");
  std::uint32_t province_members = 100'000;
  std::uint32_t nation_members = 5'600'000;
  for (CLI::App* command : {province, nation}) {
    common(command);
    command->add_flag("--shuffle", arguments.shuffled, "members in no order");
    command->add_flag("--no-names", arguments.no_names, "without the column full_name");
    command
        ->add_option("--members", command == province ? province_members : nation_members,
                     "number of members")
        ->check(CLI::Range(std::uint32_t{1000}, std::uint32_t{100'000'000}))
        ->capture_default_str();
  }
  CLI11_PARSE(app, argc, argv);
  if (*body) return write_body(arguments);
  arguments.members = *nation ? nation_members : province_members;
  return write_country(arguments, static_cast<bool>(*nation));
}
