#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/cctv/device_time.hpp"
#include "drivers/cctv/recorder.hpp"

/// What Hikvision recorders say over ISAPI, without any wire. Source: the ISAPI guide, and public code where
/// a comment says so. Pure.
namespace lobby::cctv::isapi {

/// `ResponseStatus`: an answer of HTTP 200 may be a refusal.
struct ResponseStatus {
  int code = 0;
  std::string sub;  ///< letters and digits alone
  bool is_ok() const { return code == 1 && (sub.empty() || sub == "ok" || sub == "OK"); }
  bool is_other_method() const { return sub == "methodNotAllowed" || sub == "MethodNotAllowed"; }
};
std::optional<ResponseStatus> parse_status(std::string_view body);
Fault fault_of(const ResponseStatus& status);
std::string reason_of(const ResponseStatus& status);

/// `workingstatus?format=json` (public code).
struct Working {
  struct Channel {
    bool is_online = true, has_signal = true, records = false;
  };
  std::optional<Channel> channel;  ///< empty: no such channel
  int disks = 0, good_disks = 0;
};
std::optional<Working> parse_working(std::string_view body, int channel);

/// `ContentMgmt/Storage`, with `storage` or `Storage` as its root.
struct Storage {
  int disks = 0, good_disks = 0;
};
std::optional<Storage> parse_storage(std::string_view body);

/// `System/time`.
std::optional<WallTime> parse_time(std::string_view body);
/// `System/deviceInfo`: model and firmware.
std::optional<std::string> parse_version(std::string_view body);

/// A question for what was written of a track, in the times that the recorder itself writes.
struct Search {
  int track = 0;
  UtcTime from, until;
  std::string id;  ///< a UUID
  int position = 0;
};
inline constexpr int search_results = 40;
std::string search_body(const Search& search);

struct Segment {
  UtcTime begin, end;  ///< as the recorder writes them, read as UTC
};
struct Found {
  bool is_complete = true;  ///< false: there are more
  std::vector<Segment> segments;
};
/// nullopt: not understood.
std::optional<Found> parse_search(std::string_view body, int track);

}  // namespace lobby::cctv::isapi
