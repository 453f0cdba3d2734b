#include "registry/file_place.hpp"

#include <filesystem>
#include <system_error>

#if defined(__linux__)
#include <sys/vfs.h>
#elif defined(__APPLE__)
#include <sys/mount.h>
#include <sys/param.h>
#elif defined(_WIN32)
#include <windows.h>
#endif

namespace dangbo::inline v1::registry {

bool is_network_file_system(std::uint32_t magic) noexcept {
  switch (magic) {
    case 0x6969U:      // NFS
    case 0x517BU:      // SMB
    case 0xFE534D42U:  // SMB2
    case 0xFF534D42U:  // CIFS
    case 0x01021997U:  // 9P
    case 0x5346414FU:  // OpenAFS
    case 0x6B414653U:  // AFS of the kernel
    case 0x73757245U:  // Coda
    case 0x564CU:      // NCP
    case 0x00C36400U:  // Ceph
    case 0x0BD00BD0U:  // Lustre
    case 0x01161970U:  // GFS2
    case 0x7461636FU:  // OCFS2
    case 0x786F4256U:  // folders that VirtualBox shares
    case 0xBACBACBCU:  // folders that VMware shares
      return true;
    default:
      return false;
  }
}

#if defined(__linux__)
bool is_on_network_share(const std::string& path) {
  struct statfs place {};
  if (statfs(path.c_str(), &place) != 0) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (statfs(folder.empty() ? "." : folder.c_str(), &place) != 0) return false;
  }
  return is_network_file_system(static_cast<std::uint32_t>(place.f_type));
}
#elif defined(__APPLE__)
bool is_on_network_share(const std::string& path) {
  struct statfs place {};
  if (statfs(path.c_str(), &place) != 0) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (statfs(folder.empty() ? "." : folder.c_str(), &place) != 0) return false;
  }
  return (place.f_flags & MNT_LOCAL) == 0;
}
#elif defined(_WIN32)
bool is_on_network_share(const std::string& path) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(std::filesystem::u8path(path), failed);
  if (failed) return false;
  const std::wstring root = absolute.root_path().wstring();
  return root.rfind(L"\\\\", 0) == 0 || GetDriveTypeW(root.c_str()) == DRIVE_REMOTE;
}
#else
bool is_on_network_share(const std::string&) {
  return false;
}
#endif

}  // namespace dangbo::inline v1::registry
