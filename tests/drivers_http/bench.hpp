#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "drivers/http/client.hpp"
#include "tests/fakes/http_peer.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::http {

/// One client and the device at the other end, in virtual time.
struct Bench {
  fakes::VirtualExecutor loop;
  std::shared_ptr<fakes::HttpPeer> peer = std::make_shared<fakes::HttpPeer>(loop);
  std::shared_ptr<Login> login = std::make_shared<Login>(Credentials{"ctl", "secret"});
  ClientOptions options{
      .host = "cam", .head_limit = 1024, .body_limit = 4096, .waiting_limit = 4, .cnonce = [] {
        return std::string("0a4f113b");
      }};
  std::optional<Client> client;

  Client& start() { return client.emplace(loop, peer->make_connection(), login, options); }

  /// Asks, and runs until the answer is there.
  Answer ask(Request request) {
    std::optional<Answer> out;
    client->ask(std::move(request), [&](Answer answer) { out = std::move(answer); });
    for (int i = 0; i < 10'000 && !out; ++i) {
      loop.run_for(std::chrono::milliseconds(1));
    }
    return out.value_or(Answer{Fault::malformed, "no answer at all"});
  }
  Answer get(const std::string& target) {
    Request request;
    request.target = target;
    return ask(std::move(request));
  }
};

}  // namespace lobby::http
