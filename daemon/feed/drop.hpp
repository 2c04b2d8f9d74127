#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// A folder into which another program puts whole answers, one file each: `cases-20261120.json`,
/// `bids_1.xml`. The word before the first `-` or `_` says what it holds; `-delta` after it says that it
/// holds only what moved (`cases-delta-7.json`). Looked at from time to time. Names that begin with a dot or
/// end in .part or .tmp are never touched, nor are files that have changed since the last look: somebody
/// still writes them. What was taken goes to the folder `done`, what cannot be read to `failed`; the last 20
/// stay in each.
class DropFolder {
 public:
  explicit DropFolder(std::string path, std::vector<What> wanted);

  struct File {
    What what = What::cases;
    bool full = true;
    std::string name;
    std::int64_t written_ms = 0;  ///< since 1970: how old what it says is
    std::string body;
  };
  struct Look {
    std::optional<File> file;  ///< the oldest whole file of something that is wanted
    std::string fault;         ///< of a file that was put to `failed`, or of the folder; else empty
    std::optional<What> of;    ///< what the fault is of, when that is known
  };
  Look look();
  /// The newest file of `done`, for a process that has just begun and holds nothing.
  std::optional<File> latest_done(What what) const;

  /// It is kept: it goes to `done`, and with it what is older and was held back. A sentence if it stays.
  std::string done(const File& file);
  /// It cannot be read: it goes to `failed`.
  std::string failed(const File& file);
  /// Nobody wants it now: it stays, and is not looked at before again() is said.
  void hold(const File& file) { held_.insert(file.name); }
  void again() { held_.clear(); }

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::int64_t written_ns = 0;
    bool operator==(const Seen&) const = default;
  };
  Look take(const std::string& name, const Seen& seen);
  static std::map<std::string, Seen> list_of(const std::string& folder, std::string& fault);
  std::string move(const std::string& name, const char* to);

  std::string path_;
  std::vector<What> wanted_;
  std::map<std::string, Seen> seen_;  ///< at the last look
  std::set<std::string> held_;
  std::map<std::string, Seen> stuck_;  ///< what could not be moved: not read again
};

}  // namespace lobby::feed
