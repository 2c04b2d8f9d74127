#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace lobby::sim {

/// An answer that no HTTP server would give: `head`, then `piece` again and again, then `tail`.
struct RawAnswer {
  std::string head, piece;
  std::uint64_t pieces = 0;  ///< 0: until nobody reads any more
  std::string tail;
  bool none = false;  ///< stands still: the kernel takes connections, nobody looks at them
};

RawAnswer endless_answer(std::int64_t mb);
RawAnswer header_bomb_answer(std::int64_t mb);

/// Listens at the address and gives every request that answer, one connection after the other, on a thread of
/// its own until destroyed.
class RawListener {
 public:
  /// nullptr when the address is taken. `on_request` is called on the thread with the path of each request.
  static std::unique_ptr<RawListener> open(const std::string& host, std::uint16_t port, RawAnswer answer,
                                           std::function<void(const std::string& path)> on_request,
                                           std::atomic<std::uint64_t>& sent);
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;

 private:
  RawListener(RawAnswer answer, std::function<void(const std::string&)> on_request,
              std::atomic<std::uint64_t>& sent)
      : answer_(std::move(answer)), on_request_(std::move(on_request)), sent_(sent) {}
  bool listen(const std::string& host, std::uint16_t port);
  void run();
  void serve(int peer);
  bool read_request(int peer);
  bool send_all(int peer, const std::string& bytes);
  bool wait(int fd, short events);

  const RawAnswer answer_;
  const std::function<void(const std::string&)> on_request_;
  std::atomic<std::uint64_t>& sent_;  ///< bytes that were taken, of all answers
  int listener_ = -1;
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace lobby::sim
