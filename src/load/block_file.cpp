#include "load/block_file.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include "dangbo/base/text.hpp"

namespace dangbo::inline v1::load::detail {

using base::Message;
using base::ProblemCode;

std::filesystem::path to_path(std::string_view utf8) {
#if defined(_WIN32)
  return std::filesystem::path(std::u8string(utf8.begin(), utf8.end()));
#else
  return std::filesystem::path(std::string(utf8));
#endif
}

std::string shown(std::string_view bytes) {
  std::string text;
  while (const auto bad = base::first_bad_utf8(bytes)) {
    text += bytes.substr(0, *bad);
    text += '?';
    bytes.remove_prefix(*bad + 1);
  }
  text += bytes;
  return text;
}

std::string to_text(const std::filesystem::path& path) {
#if defined(_WIN32)
  const std::u8string bytes = path.generic_u8string();
  return std::string(bytes.begin(), bytes.end());
#else
  return path.native();
#endif
}

Message system_reason(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {"không có tệp hay thư mục này", "no such file or folder"};
    case EACCES:
    case EPERM:
      return {"không có quyền đọc", "permission denied"};
    case EMFILE:
    case ENFILE:
      return {"quá nhiều tệp đang mở", "too many open files"};
    case ENAMETOOLONG:
      return {"tên tệp quá dài", "the file name is too long"};
    case EIO:
      return {"lỗi đọc từ ổ đĩa", "the disk reported a read error"};
    case ELOOP:
      return {"liên kết vòng", "too many levels of symbolic links"};
    default:
      break;
  }
  const std::string number = std::to_string(error);
  return {"hệ thống báo lỗi số " + number, "the system reports error " + number};
}

void BlockFile::fail(ProblemCode code, Message reason, Message fix) {
  file_.reset();
  problem_ = {.code = code,
              .place = {.file = source_, .row = 0, .column = ""},
              .value = "",
              .reason = std::move(reason),
              .fix = std::move(fix)};
}

bool BlockFile::open(const std::string& path, std::string_view source) {
  source_ = source;
  size_ = 0;
  const Message fix = {"kiểm tra tên và quyền đọc của tệp",
                       "check the name and the permissions of the file"};
  if (path.find('\0') != std::string::npos) {
    fail(ProblemCode::kFileUnreadable, system_reason(ENOENT), fix);
    return false;
  }
  const std::filesystem::path native = to_path(path);
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(native, error);
  if (std::filesystem::is_directory(status)) {
    fail(ProblemCode::kFileIsFolder,
         {"đây là thư mục, không phải tệp", "this is a folder, not a file"},
         {"chỉ rõ tệp trong thư mục", "name a file in the folder"});
    return false;
  }
#if defined(_WIN32)
  file_.reset(_wfopen(native.c_str(), L"rb"));
#else
  file_.reset(std::fopen(native.c_str(), "rb"));
#endif
  if (file_ == nullptr) {
    fail(ProblemCode::kFileUnreadable, system_reason(errno), fix);
    return false;
  }
  // We ask for large blocks: a second buffer would only be copied through.
  static_cast<void>(std::setvbuf(file_.get(), nullptr, _IONBF, 0));
  if (std::filesystem::is_regular_file(status)) {
    const std::uintmax_t size = std::filesystem::file_size(native, error);
    size_ = error ? 0 : static_cast<std::uint64_t>(size);
  }
  return true;
}

std::optional<std::size_t> BlockFile::read(char* to, std::size_t count) {
  errno = 0;
  const std::size_t got = std::fread(to, 1, count, file_.get());
  if (got < count && std::ferror(file_.get()) != 0) {
    fail(
        ProblemCode::kFileUnreadable, system_reason(errno),
        {"chép tệp về ổ đĩa trong máy rồi thử lại", "copy the file to a local disk and try again"});
    return std::nullopt;
  }
  return got;
}

}  // namespace dangbo::inline v1::load::detail
