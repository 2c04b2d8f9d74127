#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/api/server.hpp"
#include "tests/api/fake_backend.hpp"

namespace lobby::fakes {

/// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Reply {
  int status = 0;                              ///< 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  boost::json::value json() const;
  std::string code() const;  ///< of a problem; empty for anything else
};

/// The server on a loop that the test turns, a lobby behind it, and one account per role, all in one thread.
/// Time stands still unless the test moves it.
class House {
 public:
  explicit House(api::Options options = {});
  ~House();

  /// Turns the loop until `done`, at most some seconds of real time; false when it never came true.
  bool turn_until(const std::function<bool()>& done);
  /// Turns it until nothing is left to do at this moment.
  void settle();
  /// As if the daemon was killed and started again: what is not in its files is gone. The lobby stays.
  void restart();
  void advance(std::chrono::milliseconds span) { now_ += span; }
  api::Options::MonoTime now() const { return now_; }

  std::string token(std::string_view name) const { return tokens_.at(std::string(name)); }
  std::string add_account(const std::string& name, api::Role role, std::vector<std::string> windows = {},
                          const std::string& password = {}, const std::string& pin = {});

  /// One request on a connection of its own. `who`: an account made here; empty: nobody.
  Reply call(const std::string& method, const std::string& target, const std::string& who = "admin",
             const std::string& body = "", const std::string& headers = "");
  Reply get(const std::string& target, const std::string& who = "admin") { return call("GET", target, who); }
  Reply post(const std::string& target, const std::string& who = "admin", const std::string& body = "",
             const std::string& headers = "") {
    return call("POST", target, who, body, headers);
  }
  std::string request(const std::string& method, const std::string& target, const std::string& who,
                      const std::string& body = "", const std::string& headers = "") const;

  boost::asio::io_context io;
  FakeBackend backend;
  TemporaryFolder folder;
  std::unique_ptr<api::Accounts> accounts;
  std::unique_ptr<api::Server> server;
  std::vector<std::pair<std::string, std::string>> account_changes;
  std::uint16_t port = 0;

 private:
  void serve();
  api::Options options_;
  api::Options::MonoTime now_ = api::Options::MonoTime(std::chrono::hours(1000));
  std::map<std::string, std::string> tokens_;
};

/// A client by hand: sends any bytes, reads what comes.
class Client {
 public:
  /// `from`: one of this machine's addresses; nullptr: any.
  explicit Client(House& house, const char* from = nullptr);
  ~Client();
  Client(Client&& other) noexcept
      : house_(other.house_), descriptor_(other.descriptor_), got_(std::move(other.got_)) {
    other.descriptor_ = -1;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends all of it; false when the server does not take it any more.
  bool send(std::string_view bytes);
  /// The next answer with a length.
  Reply read();
  /// What has come, once it holds `text` (or all that comes in some seconds).
  const std::string& read_until(std::string_view text);
  bool is_closed();       ///< by the server; what came before stays readable
  void pull();            ///< takes what has come, without waiting
  void end_sending();     ///< the client's half is closed
  void shrink_buffers();  ///< before anything is sent: a client whose room does not grow
  std::string& got() { return got_; }

 private:
  House& house_;
  int descriptor_ = -1;
  bool closed_ = false;
  std::string got_;
};

/// The body of an act that names its ticket.
inline std::string naming(std::uint64_t ticket) {
  return "{\"ticket\":" + std::to_string(ticket) + "}";
}

}  // namespace lobby::fakes
