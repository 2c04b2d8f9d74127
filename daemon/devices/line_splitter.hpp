#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace lobby::devices {

/// Bytes of a stream as lines of at most `limit` bytes, without their line feeds.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t limit) : limit_(limit) {}

  /// Calls `take(line)` for each line that is whole now, until it returns false; `bytes` is then what lies
  /// behind that line. False: the line that is being read is longer than the limit.
  template <class Take>
  bool feed(std::string_view& bytes, Take take) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (begun_.size() + part.size() > limit_) {
        too_long_ = true;
        return false;
      }
      begun_.append(part);
      if (end == std::string_view::npos) {
        break;
      }
      bytes.remove_prefix(end + 1);
      const std::string line = std::exchange(begun_, {});
      if (!take(std::string_view(line))) {
        return true;
      }
    }
    bytes = {};
    return true;
  }
  bool too_long() const { return too_long_; }

 private:
  std::size_t limit_;
  std::string begun_;
  bool too_long_ = false;
};

}  // namespace lobby::devices
