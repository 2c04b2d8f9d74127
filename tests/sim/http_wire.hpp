#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/sim/http_text.hpp"
#include "tests/sim/later.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// The ports of a device that speaks HTTP, on one thread: many connections, which are kept, one request at a
/// time on each.
class HttpWire {
 public:
  /// Called on the thread. nullopt: it says nothing to that.
  using Answer = std::function<std::optional<HttpReply>(const HttpAsk&)>;
  struct Mood {
    bool is_gone = false;    ///< nobody listens, and all connections end
    bool is_frozen = false;  ///< the kernel takes connections and bytes, nobody looks at them
    milliseconds slow_by{0};
  };

  /// Each end is a door, from 0.
  HttpWire(std::vector<TcpEnd> doors, Answer answer);
  ~HttpWire();
  HttpWire(const HttpWire&) = delete;
  HttpWire& operator=(const HttpWire&) = delete;

  /// A sentence when a port cannot be had; then the thread does not run.
  std::string start();
  void set(Mood mood);
  /// All connections end; the ports stay.
  void hang_up();
  std::uint64_t connections() const { return connections_; }

 private:
  struct Peer {
    int fd = -1;
    int door = 0;
    std::string in;
    Later<std::string> out;
    bool is_over = false;
  };
  std::string open_doors();
  void close_peers();
  void close_all();
  void run();
  void round(const Mood& mood);
  void wait(const Mood& mood);
  void accept(std::size_t door);
  void hear(Peer& peer, const Mood& mood);
  void say(Peer& peer);

  const std::vector<TcpEnd> doors_;
  const Answer answer_;
  std::mutex mutex_;
  Mood mood_;             ///< under the mutex
  bool hang_up_ = false;  ///< under the mutex
  std::vector<int> listeners_;
  std::list<Peer> peers_;
  std::atomic<std::uint64_t> connections_{0};
  std::atomic<bool> stop_{false};
  Wakeup wakeup_;
  std::thread thread_;
};

}  // namespace lobby::sim
