#pragma once

#include <string>
#include <string_view>

/// What the files of this room need of the system. Errors are std::runtime_error: "FILE: why".
namespace lobby::evidence {

[[noreturn]] void fail(const std::string& file, const std::string& why);
/// With what errno says.
[[noreturn]] void fail(const std::string& file);

/// An open file, closed at the end; `fd` < 0: none.
struct Descriptor {
  explicit Descriptor(int opened) : fd(opened) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd;
};

/// All of it, or false and errno.
bool write_all(int fd, std::string_view text);
/// A new name is there after a power cut only when its folder was written.
void sync_folder_of(const std::string& file);

}  // namespace lobby::evidence
