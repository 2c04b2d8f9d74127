#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "daemon/feed/drop.hpp"
#include "daemon/feed/failure.hpp"
#include "daemon/feed/lines.hpp"
#include "daemon/feed/settings.hpp"

namespace lobby::feed {

/// Takes files out of a drop folder and tells lobbyd what they say. How old that is, is the age of the file.
class DropLoop {
 public:
  /// Milliseconds since 1970. In a trial they differ.
  struct Clocks {
    std::function<std::int64_t()> files;  ///< that dates files
    std::function<std::int64_t()> hall;
  };
  DropLoop(const Settings& settings, const Mapping& mapping, Desk desk, Clocks clocks);

  /// Looks once, takes at most one file, and says when to look again; nullopt: see PullLoop.
  std::optional<std::chrono::milliseconds> step();

 private:
  struct Kept {
    std::int64_t written_ms = 0;
    std::uint64_t fingerprint = 0;
    Proof proof;
  };
  struct Reading {
    std::unique_ptr<Collected> collected;
    bool full = true;
    Proof proof;
  };
  std::variant<Reading, Failure> read(const DropFolder::File& file) const;
  bool take(const DropFolder::File& file, bool lies_in_done);
  bool begin();
  bool look();
  void speak();
  void tell_fault(std::optional<What> what, const std::string& fault);
  std::chrono::milliseconds age(std::int64_t written_ms) const;
  std::chrono::milliseconds pause() const;

  const Settings& settings_;
  const Mapping& mapping_;
  Desk desk_;
  Clocks clocks_;
  DropFolder folder_;
  std::map<What, Kept> kept_;
  std::map<What, std::string> faults_;   ///< of the last file; told again and again
  std::chrono::milliseconds waited_{0};  ///< since lobbyd last heard of everything
  bool begun_ = false;
  bool more_ = false;  ///< the last look found something
};

}  // namespace lobby::feed
