#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace httplib {
class Client;
}

namespace lobby::tests {

/// A site without wires: `services` of them (ids s1…, prefixes A, H, M, R …, numbers 1…9999), `windows`
/// windows that serve all of them (w1…), kiosks k1…k4 without printers. Open day and night.
std::string bare_site(int services, int windows);

struct Reply {
  int status = 0;  ///< 0: no answer came
  std::string body;
  boost::json::value json() const;
};

/// A keep-alive client with a token.
class ApiClient {
 public:
  ApiClient(const std::string& address, std::string token);
  ~ApiClient();
  Reply get(const std::string& path);
  /// `key` empty: no Idempotency-Key.
  Reply post(const std::string& path, const std::string& body, const std::string& key = "");

 private:
  std::unique_ptr<httplib::Client> client_;
  std::string token_;
};

/// A real lobbyd on a state directory of the test's.
class Daemon {
 public:
  /// Waits for `ready`; throws when it does not come.
  Daemon(const std::string& site_file, const std::string& state, const std::string& clock,
         const std::vector<std::string>& more = {});
  ApiClient client(const std::string& role) const;
  const std::string& address() const { return address_; }  ///< 127.0.0.1:43210
  Process& process() { return *process_; }

 private:
  std::unique_ptr<Process> process_;
  std::string address_;
  std::string state_;
};

/// One account per role in the state directory; tokens in STATE/demo-tokens/ROLE.
void make_accounts(const std::string& state);
std::string token_of(const std::string& state, const std::string& role);
void write_file(const std::string& path, const std::string& text);
std::string read_file(const std::string& path);

}  // namespace lobby::tests
