#pragma once

#include <httplib.h>

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/lobby.hpp"

namespace lobby::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// A simulated superior system of a site, and how it is asked.
struct FeedOfSite {
  std::string id = "approvals";
  std::string mapping = "native";  ///< with a secret where the shape wants one
  std::string take;                ///< `"cases", "bids"`; empty: all that the mapping has
  int max_age_s = 600;
  int expire_after_s = 3600;
  int memory_mb = 64;
  int total_s = 60;
  bool has_secret = true;
  std::string scheme = "http";
  std::string more;  ///< further lines of its table
};

/// The village lobby with these sources in place of its own; asked every five seconds, the least there is.
class ApprovalLobby {
 public:
  /// `sim_options`: further ones of lobby-sim.
  explicit ApprovalLobby(const std::vector<FeedOfSite>& feeds,
                         const std::vector<std::string>& sim_options = {});

  WholeLobby& hall() { return *hall_; }
  boost::json::object get(const std::string& path, const std::string& role = "screen");
  /// A case as GET /approvals shows it to a screen; empty: it does not.
  boost::json::object find_case(const std::string& case_no);
  boost::json::object device(const std::string& id);
  std::string state(const std::string& id);
  boost::json::object sim(const std::string& id);
  /// POST /sim/{id}/{what}; must be taken.
  void put(const std::string& id, const std::string& what, const std::string& body);
  void clear_fault(const std::string& id);
  std::string log() const;

  /// Looks every 50 ms; false after that time.
  static bool within(std::chrono::seconds time, const std::function<bool()>& holds);

 private:
  TemporaryFolder secrets_;
  std::unique_ptr<WholeLobby> hall_;
};

/// Reads GET /events for as long as it lives.
class EventReader {
 public:
  EventReader(WholeLobby& hall, const std::string& query);
  ~EventReader();
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;
  /// Everything that came so far.
  std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
  httplib::Client client_;
  std::thread thread_;
};

/// "VmRSS", "VmHWM" of /proc/PID/status in kB; 0: there is no such process.
long memory_of(pid_t pid, const std::string& line);
/// The processes that this one started.
std::vector<pid_t> children_of(pid_t pid);

}  // namespace lobby::tests
