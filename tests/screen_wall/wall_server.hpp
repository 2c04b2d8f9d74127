#pragma once

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "display/page/program.hpp"

namespace lobby::display::walls {

/// A loopback server that tells one wall its program, and keeps what the wall asked and said.
class WallServer {
 public:
  struct Seen {
    std::vector<std::string> known;  ///< If-None-Match of each question; empty: without
    std::vector<std::string> tokens;
    std::vector<std::string> shown;  ///< bodies
  };

  /// Port 0: any.
  explicit WallServer(BoardProgram program, int port = 0);
  ~WallServer();
  WallServer(const WallServer&) = delete;
  WallServer& operator=(const WallServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int port() const { return port_; }
  void tell(BoardProgram program);
  /// Everything is refused so.
  void refuse(int status);
  /// Waits until what was seen is so; false: it was not within the limit.
  bool until(const std::function<bool(const Seen&)>& so,
             std::chrono::milliseconds limit = std::chrono::seconds(30));
  Seen seen() const;

 private:
  void answer(const httplib::Request& request, httplib::Response& response);
  void note(const httplib::Request& request, httplib::Response& response);
  bool is_refused(const httplib::Request& request, httplib::Response& response);

  httplib::Server server_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  BoardProgram program_;
  int refusal_ = 0;
  Seen seen_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace lobby::display::walls
