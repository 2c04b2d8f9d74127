#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/feed/descriptor.hpp"

namespace lobby::feed {

/// Lines that wait until a pull is whole: the first ones in memory, the rest in a file without a name, which
/// is gone with the process.
class Spool {
 public:
  struct Bounds {
    std::size_t lines_in_memory = 2'000;
    std::size_t bytes_in_memory = 4U * 1024 * 1024;
    std::uint64_t bytes = 512U * 1024 * 1024;  ///< all together
  };
  explicit Spool(std::string folder) : Spool(std::move(folder), Bounds{}) {}
  Spool(std::string folder, Bounds bounds) : folder_(std::move(folder)), bounds_(bounds) {}

  /// A line without line feed. What cannot be kept makes the whole spool bad.
  void add(std::string line);
  /// Empty, or why lines are missing: no room, no folder, too much.
  const std::string& fault() const { return fault_; }
  std::size_t size() const { return size_; }  ///< lines added
  std::size_t in_memory() const { return lines_.size(); }
  /// All lines, in the order they were added, with their number from 0. false: `see` said so, or the file
  /// cannot be read, then fault() says why. May be repeated.
  bool each(const std::function<bool(std::size_t index, std::string_view line)>& see);

 private:
  bool open();
  bool flush();
  bool read_file(std::size_t index, const std::function<bool(std::size_t, std::string_view)>& see);

  std::string folder_;
  Bounds bounds_;
  std::vector<std::string> lines_;
  std::size_t bytes_in_memory_ = 0;
  std::size_t size_ = 0;
  Descriptor file_;
  std::uint64_t written_ = 0;
  std::string pending_;  ///< of the file, not written yet
  std::string fault_;
};

}  // namespace lobby::feed
