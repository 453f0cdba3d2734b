// Where a file lies: a disk of this machine, or a share of another.
#pragma once

#include <cstdint>
#include <string>

namespace dangbo::inline v1::registry {

// By the number that Linux gives a kind of file system (statfs): NFS, SMB, 9P, AFS and their like.
[[nodiscard]] bool is_network_file_system(std::uint32_t magic) noexcept;

// True when the file, or the folder it would stand in, is on a network share. False where that
// cannot be found out.
[[nodiscard]] bool is_on_network_share(const std::string& path);

}  // namespace dangbo::inline v1::registry
