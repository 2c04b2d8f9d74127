#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "display/page/board_views.hpp"

namespace lobby::display {

/// Now, by the clock of all instants here.
Instant steady_now();

/// How often a screen asks, and how often while the server refuses it.
constexpr Instant asks_every = std::chrono::milliseconds(500);
constexpr Instant asks_refused_every = std::chrono::seconds(10);

/// What a poller is told. The functions are called on its thread and must not block.
struct PollerSettings {
  std::string server;      ///< http://HOST[:PORT]
  std::string id;          ///< letters, digits, `-`, `_` and `.`
  std::string token_file;  ///< empty: none; read again when its token was refused
  std::function<void()> on_news;
  std::function<void(const std::string&)> on_state;  ///< a sentence for a log
};

/// One kept connection to the daemon. get() and post() belong to one thread, which they may hold for some
/// seconds; watch() and leave() may be called from another meanwhile.
class ServerLink {
 public:
  static constexpr int not_modified = 304;
  struct Answer {
    int status = 0;  ///< 0: none
    std::string body, etag;
    Instant asked = {}, answered = {};
  };

  /// `server`: http://HOST[:PORT]. A longer body than `most_bytes` is no answer.
  ServerLink(const std::string& server, std::size_t most_bytes);
  ~ServerLink();
  ServerLink(const ServerLink&) = delete;
  ServerLink& operator=(const ServerLink&) = delete;

  /// `known`: the ETag of what is known, or empty.
  Answer get(const std::string& path, const std::string& known = {});
  /// The status.
  int post(const std::string& path, const std::string& json);
  /// The token in the first line of the file, from now on; an empty path: none.
  void set_token_from(const std::string& file);

  /// Cuts an exchange off that takes longer than any should. To be called now and then.
  void watch();
  /// Ends what is under way; nothing is sent a second time after it.
  void leave();

 private:
  struct Wire;
  std::unique_ptr<Wire> wire_;
};

/// What is wrong, in one sentence for a log. `unknown`: what a 404 means.
std::string trouble_of(int status, const std::string& server, const std::string& token_file,
                       const std::string& unknown);

}  // namespace lobby::display
