#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "display/page/room_monitor.hpp"
#include "display/screen/server_link.hpp"

namespace lobby::display {

/// Asks the server again and again how a room stands, on a thread of its own: every half second; every ten
/// seconds while the server refuses. What changes about the server is said once, in one sentence.
class RoomPoller {
 public:
  using Settings = PollerSettings;
  struct News {
    RoomMonitor monitor;
    Instant asked = {};
  };

  explicit RoomPoller(Settings settings);
  ~RoomPoller();
  RoomPoller(const RoomPoller&) = delete;
  RoomPoller& operator=(const RoomPoller&) = delete;

  /// The newest that has come since it was last asked for.
  std::optional<News> news();
  /// Cuts an exchange off that takes longer than any should. To be called now and then.
  void watch() { link_.watch(); }

 private:
  void run();
  void ask();
  bool holds(const ServerLink::Answer& answer);
  void say(std::string sentence);

  Settings settings_;
  ServerLink link_;
  std::mutex mutex_;
  std::condition_variable turn_;
  bool stopping_ = false;
  std::optional<News> news_;
  // Of the thread alone.
  std::string state_, rooms_;
  Instant rooms_due_ = {};
  bool refused_ = false;
  std::thread thread_;
};

}  // namespace lobby::display
