#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "dangbo/load/export.hpp"
#include "dangbo/table/write.hpp"
#include "data.hpp"
#include "files.hpp"

namespace dangbo::cli {

namespace {

namespace fs = std::filesystem;
using table::Column;
using table::Type;

// A folder that holds nothing: old files among the new ones would be loaded with them.
bool make_folder(const Console& console, const std::string& folder) {
  std::error_code error;
  const std::string shown = printable(folder);
  fs::create_directories(folder, error);
  if (!error && fs::is_empty(folder, error) && !error) return true;
  const std::string why = error ? ": " + error.message() : std::string();
  if (error) {
    console.say(
        {"không tạo được thư mục " + shown + why, "could not make the folder " + shown + why});
  } else {
    console.say({"thư mục " + shown + " không trống; chọn thư mục mới",
                 "the folder " + shown + " is not empty; choose a new one"});
  }
  return false;
}

// Rows written of one table; nothing, after saying why, when its file could not be written.
std::optional<std::int64_t> write_rows(const Console& console, const registry::Snapshot& snapshot,
                                       const std::string& name, const fs::path& folder,
                                       Progress& progress) {
  const auto rows = snapshot.rows(name);
  std::int64_t known = 0;
  for (std::uint32_t row = 0; rows && row < rows->size(); ++row)
    known += rows->is_known(base::RowId{row}, snapshot.commit()) ? 1 : 0;
  if (known == 0) return 0;
  const std::string file = name + ".csv";
  OutputFile out(console, (folder / file).string());
  std::uint64_t bytes = 0;
  const absl::Status status = load::write_table(snapshot, name, [&](std::string_view piece) {
    bytes += piece.size();
    progress.show(file, bytes, 0);
    return out.write(piece);
  });
  if (!status.ok() && !absl::IsCancelled(status)) {
    report_failure(console, status);
    return std::nullopt;
  }
  return out.close() ? std::optional(known) : std::nullopt;
}

int export_all(const Console& console, const registry::Registry& registry,
               const registry::Snapshot& snapshot, const fs::path& folder) {
  Progress progress(console, {"đang ghi ", "writing "});
  Column file(console.text({"tệp", "file"}), Type::kText);
  Column count(console.text({"số dòng", "rows"}), Type::kInt);
  for (const auto& schema : registry.schemas()) {
    const auto rows = write_rows(console, snapshot, schema->name(), folder, progress);
    if (!rows) return kRefused;
    if (*rows == 0) continue;
    file.append_text(schema->name() + ".csv");
    count.append_integer(*rows);
  }
  if (const std::string text = load::schema_file_text(registry); !text.empty()) {
    if (!write_file(console, (folder / "schema.yaml").string(), text)) return kRefused;
    file.append_text("schema.yaml");
    count.append_missing();
  }
  std::vector<Column> columns;
  columns.push_back(std::move(file));
  columns.push_back(std::move(count));
  return console.print(
      table::to_text(table::Table("files", std::move(columns)), console.language()));
}

}  // namespace

int run(const Console& console, const ExportArguments& arguments) {
  if (arguments.data.empty() || arguments.folder.empty()) {
    return console.usage_error("export", {"cần tệp sổ (hoặc thư mục dữ liệu) và thư mục để ghi ra",
                                          "a registry file (or folder of data) and a folder to "
                                          "write to are needed"});
  }
  const auto registry = open_data(console, {arguments.data});
  if (registry == nullptr) return kRefused;
  const auto snapshot = snapshot_of(console, "export", *registry, arguments.known_at);
  if (!snapshot) return kUsage;
  if (!make_folder(console, arguments.folder)) return kRefused;
  return export_all(console, *registry, *snapshot, arguments.folder);
}

}  // namespace dangbo::cli
