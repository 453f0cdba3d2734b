#include "registry/file_problem.hpp"

#include <sqlite3.h>

#include <utility>

namespace dangbo::inline v1::registry {

namespace {

using absl::StatusCode;
using base::Message;
using base::ProblemCode;

struct Text {
  ProblemCode code;
  StatusCode status;
  std::string_view reason_vi;
  std::string_view reason_en;
  std::string_view fix_vi;
  std::string_view fix_en;
};

constexpr Text kTexts[] = {
    {ProblemCode::kFileUnreadable, StatusCode::kNotFound, "không mở được tệp",
     "the file cannot be opened", "kiểm tra đường dẫn và quyền đọc; tệp mới thì mở ở chế độ tạo",
     "check the path and the right to read; to begin a new file, open it to create"},
    {ProblemCode::kFileEmpty, StatusCode::kInvalidArgument, "tệp rỗng", "the file is empty",
     "xoá tệp rỗng rồi tạo sổ mới, hoặc lấy lại bản sao lưu",
     "delete it and create a registry, or restore a backup"},
    {ProblemCode::kFileIsFolder, StatusCode::kInvalidArgument, "đây là thư mục, không phải tệp",
     "this is a folder, not a file", "ghi tên tệp trong thư mục ấy",
     "give the name of a file in it"},
    {ProblemCode::kFileBusy, StatusCode::kUnavailable, "một chương trình khác đang ghi vào sổ này",
     "another program is writing to this registry", "đóng chương trình kia, hoặc mở chỉ để đọc",
     "close the other program, or open to read only"},
    {ProblemCode::kFileForeign, StatusCode::kInvalidArgument, "tệp này không phải sổ của dangbo",
     "this file is not a registry of dangbo", "chọn đúng tệp; tệp này được giữ nguyên",
     "choose the right file; this one was left as it is"},
    {ProblemCode::kFileNewer, StatusCode::kFailedPrecondition,
     "sổ do một phiên bản dangbo mới hơn ghi", "a newer version of dangbo wrote this registry",
     "nâng cấp dangbo trên máy này", "upgrade dangbo on this machine"},
    {ProblemCode::kFileDamaged, StatusCode::kDataLoss, "tệp bị hỏng hoặc bị sửa ngoài dangbo",
     "the file is damaged, or was changed outside dangbo",
     "lấy lại bản sao lưu, hoặc dựng lại sổ từ cơ sở dữ liệu gốc",
     "restore a backup, or build the registry anew from the host's database"},
    {ProblemCode::kFileReadOnly, StatusCode::kFailedPrecondition,
     "tệp, thư mục hoặc sổ này chỉ cho đọc", "this file, its folder or the registry is read-only",
     "mở để ghi ở nơi có quyền ghi, hoặc chép tệp cùng tệp -wal sang đó",
     "open it for writing where you may write, or copy the file and its -wal file there"},
    {ProblemCode::kNetworkShare, StatusCode::kFailedPrecondition,
     "tệp nằm trên ổ đĩa mạng, nơi khoá tệp không đáng tin",
     "the file is on a network share, where file locks cannot be relied on",
     "ghi sổ trên ổ đĩa của máy này; trên ổ mạng chỉ mở để đọc một bản đã đóng",
     "write the registry on a disk of this machine; on a share, only read a closed copy"},
    {ProblemCode::kDiskFull, StatusCode::kResourceExhausted, "ổ đĩa đầy; không có gì thay đổi",
     "the disk is full; nothing was changed", "giải phóng chỗ trống rồi ghi lại",
     "free some space and write again"},
    {ProblemCode::kFileExists, StatusCode::kAlreadyExists, "đã có tệp tên này",
     "a file of this name exists", "chọn tên khác, hoặc mở tệp ấy để ghi",
     "choose another name, or open that file for writing"},
    {ProblemCode::kWalMissing, StatusCode::kDataLoss,
     "lần ghi trước chưa đóng sổ và tệp -wal đi kèm không còn: những lần ghi cuối có thể đã mất",
     "the last writer did not close the registry and its -wal file is gone: the last commits may "
     "be lost",
     "đặt tệp -wal về cạnh sổ; nếu không còn thì mở với accept_missing_wal rồi nhập lại phần thiếu",
     "put the -wal file back beside it; if it is lost, open with accept_missing_wal and commit "
     "again what is missing"},
    {ProblemCode::kFileFault, StatusCode::kUnavailable, "đọc hoặc ghi ổ đĩa không thành",
     "reading or writing the disk failed", "kiểm tra ổ đĩa rồi mở lại sổ",
     "check the disk, then open the registry again"},
    {ProblemCode::kInUse, StatusCode::kFailedPrecondition,
     "còn ảnh chụp, khung nhìn hoặc nhánh của sổ đang được dùng",
     "snapshots, views or forks of the registry are still in use",
     "đóng hết rồi xoá dữ liệu cá nhân", "release them all, then erase"},
    {ProblemCode::kConflict, StatusCode::kAborted, "một chương trình khác đã ghi vào sổ này",
     "another program has written to this registry since", "mở lại sổ rồi ghi lại",
     "open the registry again and repeat the change"},
};

}  // namespace

absl::Status file_status(ProblemCode code, std::string_view path, std::string value) {
  for (const Text& text : kTexts) {
    if (text.code != code) continue;
    return base::problem_status(
        text.status, {.code = code,
                      .place = {.file = std::string(path), .row = 0, .column = ""},
                      .value = std::move(value),
                      .reason = {std::string(text.reason_vi), std::string(text.reason_en)},
                      .fix = {std::string(text.fix_vi), std::string(text.fix_en)}});
  }
  return absl::InternalError("a fault of the file without a text");
}

absl::Status damaged_status(std::string_view path, Message where) {
  return base::problem_status(
      StatusCode::kDataLoss,
      {.code = ProblemCode::kFileDamaged,
       .place = {.file = std::string(path), .row = 0, .column = ""},
       .value = "",
       .reason = {"tệp bị hỏng hoặc bị sửa ngoài dangbo: " + where.vi,
                  "the file is damaged, or was changed outside dangbo: " + where.en},
       .fix = {"lấy lại bản sao lưu, hoặc dựng lại sổ từ cơ sở dữ liệu gốc",
               "restore a backup, or build the registry anew from the host's database"}});
}

absl::Status sqlite_status(int result, std::string_view path, std::string value) {
  switch (result & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_NOMEM:
      return absl::ResourceExhaustedError("not enough memory; nothing was changed");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return file_status(ProblemCode::kFileBusy, path, std::move(value));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return file_status(ProblemCode::kFileReadOnly, path, std::move(value));
    case SQLITE_FULL:
      return file_status(ProblemCode::kDiskFull, path, std::move(value));
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return file_status(ProblemCode::kFileUnreadable, path, std::move(value));
    case SQLITE_NOTADB:
      return file_status(ProblemCode::kFileForeign, path, std::move(value));
    case SQLITE_IOERR:
      return result == SQLITE_IOERR_NOMEM
                 ? absl::ResourceExhaustedError("not enough memory; nothing was changed")
                 : file_status(ProblemCode::kFileFault, path, std::move(value));
    default:
      return file_status(ProblemCode::kFileDamaged, path, std::move(value));
  }
}

}  // namespace dangbo::inline v1::registry
