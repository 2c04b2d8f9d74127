#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/daemon.hpp"

namespace lobby::tests {

/// A whole simulated lobby and the daemon that runs it: the shipped village site (one line with three window
/// units, a serial printer, an approval system), or the text given, on ptys and free ports of this test's
/// own.
class WholeLobby {
 public:
  /// `edit` changes the site text before it is used; `sim_options` are further ones of lobby-sim.
  explicit WholeLobby(const std::function<void(std::string&)>& edit = {},
                      const std::vector<std::string>& sim_options = {});
  ~WholeLobby();

  ApiClient client(const std::string& role) const;
  /// The simulator's control API: GET, POST and DELETE under /sim.
  Reply sim(const std::string& method, const std::string& path, const std::string& body = "");
  /// Waits until `holds` does, looking every `step`; false after 60 s.
  static bool eventually(const std::function<bool()>& holds,
                         std::chrono::milliseconds step = std::chrono::milliseconds(20));
  /// GET /devices: the state word of one.
  std::string device_state(const std::string& id);
  /// The journal as one text, for looking things up.
  std::string journal();
  /// `clock` empty: it wakes at the hour when the first one did.
  void restart_daemon(int with_signal, const std::string& clock = "");
  void stop_daemon(int with_signal);
  /// After stop_daemon().
  void start_daemon(const std::string& clock = {});
  const std::string& folder() const { return folder_.path(); }
  Daemon& daemon() { return *daemon_; }

 private:
  TemporaryFolder folder_;
  std::string site_, state_, control_;
  std::unique_ptr<Process> simulator_;
  std::unique_ptr<Daemon> daemon_;
};

/// A TCP port of the loopback that was free a moment ago.
int free_port();
void replace_all(std::string& text, const std::string& from, const std::string& to);

}  // namespace lobby::tests
