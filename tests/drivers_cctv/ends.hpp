#pragma once

#include <memory>
#include <string>
#include <utility>

#include "tests/drivers_cctv/bench.hpp"
#include "tests/sim/recorder_front.hpp"

namespace lobby::cctv {

/// What a test's HTTP peer heard, as a simulated recorder hears it, and back.
inline sim::HttpAsk ask_of(const fakes::HttpAsked& asked, int door = 0) {
  std::string bytes = asked.head + "\r\n" + asked.body;
  auto ask = sim::take_request(bytes).value_or(sim::HttpAsk());
  ask.door = door;
  return ask;
}
inline fakes::HttpSaid said_of(const sim::HttpReply& reply) {
  fakes::HttpSaid said;
  said.bytes = sim::http_bytes(reply);
  said.after = reply.after;
  return said;
}

/// A peer that is a simulated recorder, which outlives it, without its gate.
inline std::shared_ptr<fakes::HttpPeer> peer_of(Bench& bench, sim::RecorderModel& model, int door = 0) {
  auto peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  peer->answer = [&model, door](const fakes::HttpAsked& asked) {
    return said_of(model.answer(ask_of(asked, door)));
  };
  return peer;
}

}  // namespace lobby::cctv
