#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "daemon/api/server.hpp"
#include "daemon/app/lobby.hpp"

namespace lobby::tests {

struct Answer {
  int status = 0;  ///< 0: none came
  std::string type, body;
  boost::json::value json() const;
  std::string code() const;  ///< of a problem document; empty for anything else
};

/// What lobbyd is made of, in this process: hall, registrar, journal on disk, roster, server. Its loop has a
/// thread of its own, as a test waits for answers; its clock stands still unless the test moves it.
class RealLobby {
 public:
  /// Begins on a Monday at nine. `feed_program`: in the place of lobby-feed.
  explicit RealLobby(const std::string& site_text, std::string feed_program = "");
  ~RealLobby();
  RealLobby(const RealLobby&) = delete;
  RealLobby& operator=(const RealLobby&) = delete;

  /// One request on a connection of its own, from any thread. `who`: a role; empty: nobody.
  Answer call(const std::string& method, const std::string& path, const std::string& who,
              const std::string& body = "", const std::string& key = "") const;
  Answer get(const std::string& path, const std::string& who = "admin") const {
    return call("GET", path, who);
  }
  Answer post(const std::string& path, const std::string& who = "clerk", const std::string& body = "") const {
    return call("POST", path, who, body);
  }
  /// Does it at a window, and gives the window as it is then.
  boost::json::value act(const std::string& window, const std::string& what,
                         const std::string& body = "") const;
  /// The id of a new ticket. `more`: further fields, `,"lane":"elderly"`.
  std::uint64_t issue(const std::string& service, const std::string& more = "") const;
  boost::json::value ticket(std::uint64_t id) const;

  void pass(int seconds) { now_ms_ += std::int64_t{seconds} * 1000; }
  /// Ends in the middle of everything, without a word to anybody, and begins again on the same directory.
  void crash();
  /// The same, with another site file.
  void crash(const std::string& site_text);
  /// Nothing in the state directory can grow any more; until give_disk().
  void take_disk();
  void give_disk();
  const std::string& state_directory() const { return state_; }

 private:
  static app::SiteFile read_site(const std::string& text);
  void start();
  void end();

  const std::string feed_program_;
  std::string state_;
  app::SiteFile site_;
  std::atomic<std::int64_t> now_ms_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<app::Lobby> lobby_;
  std::unique_ptr<api::Accounts> accounts_;
  std::unique_ptr<api::Server> server_;
  std::string address_;
  std::thread loop_;
};

/// A hall of many kinds: what refuses by each of the contract's codes. Open day and night, but for `shut`.
std::string site_of_every_kind();

/// The body of an act that names its ticket.
inline std::string naming(std::uint64_t id) {
  return "{\"ticket\":" + std::to_string(id) + "}";
}

}  // namespace lobby::tests
