#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "drivers/cctv/recorder.hpp"
#include "drivers/cctv/talk.hpp"
#include "drivers/http/client.hpp"
#include "tests/fakes/http_peer.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace lobby::cctv {

/// 2026-11-23 13:00:00 UTC, when virtual time begins.
inline const UtcTime day_begin{std::chrono::seconds(1'795'438'800)};

/// A recorder's driver with the recorder at the other end, in virtual time.
struct Bench {
  fakes::VirtualExecutor loop;
  std::shared_ptr<http::Login> login = std::make_shared<http::Login>(http::Credentials{"ctl", "secret"});
  std::unique_ptr<Recorder> recorder;

  UtcTime now() const {
    return day_begin + std::chrono::duration_cast<std::chrono::milliseconds>(loop.now().time_since_epoch());
  }
  RecorderOptions options() {
    RecorderOptions out;
    out.utc = [this] { return now(); };
    return out;
  }
  std::unique_ptr<http::Client> client(const std::shared_ptr<fakes::HttpPeer>& peer) {
    return std::make_unique<http::Client>(loop, peer->make_connection(), login,
                                          http::ClientOptions{.host = "cam", .cnonce = [] { return "c0"; }});
  }

  template <class Answer, class Ask>
  Answer get(Ask ask) {
    std::optional<Answer> out;
    ask([&](Answer answer) { out = std::move(answer); });
    for (int i = 0; i < 10'000 && !out; ++i) {
      loop.run_for(std::chrono::milliseconds(1));
    }
    return out.value_or(Answer{});
  }
  Outcome start() {
    return get<Outcome>([&](auto done) {
      recorder->start([this, done](Outcome outcome, Session one) {
        session = one;
        done(std::move(outcome));
      });
    });
  }
  Outcome stop() {
    return get<Outcome>([&](auto done) { recorder->stop(done); });
  }
  Reading probe() {
    return get<Reading>([&](auto done) { recorder->probe(done); });
  }
  /// As a supervisor does: every 2 s, REC with what is at most 8 s old.
  Verdict verdict() {
    last = probe();
    return judge(last, loop.now(), std::chrono::seconds(8));
  }
  Verdict verdict_after(std::chrono::seconds span) {
    Verdict out = Verdict::unknown;
    for (auto left = span; left > std::chrono::seconds(0); left -= std::chrono::seconds(2)) {
      loop.run_for(std::chrono::seconds(2));
      out = verdict();
    }
    return out;
  }
  Preflight preflight() {
    return get<Preflight>([&](auto done) { recorder->preflight(done); });
  }
  Fault check(const std::string& name) {
    for (const auto& one : preflight().checks) {
      if (one.name == name) {
        return one.outcome.fault;
      }
    }
    return Fault::busy;
  }
  const Proof& proof(const std::string& name) const {
    static const Proof none{};
    for (const auto& one : last.proofs) {
      if (one.probe == name) {
        return one;
      }
    }
    return none;
  }

  Session session;
  Reading last;
};

}  // namespace lobby::cctv
