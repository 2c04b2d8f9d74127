#pragma once

#include <functional>
#include <utility>

#include "drivers/bus/bus.hpp"
#include "drivers/bus/line_timing.hpp"
#include "drivers/bus/modbus_pdu.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/sim/relay_model.hpp"

namespace lobby::cctv {

/// A line in virtual time with one simulated relay board on it: whole frames with their checksums, there and
/// back.
class BoardBus final : public bus::Bus {
 public:
  BoardBus(fakes::VirtualExecutor& loop, sim::RelayModel& board) : loop_(loop), board_(board) {}

  void exchange(bus::Exchange exchange, std::function<void(bus::Reply)> done) override {
    ++asked;
    bus::Reply reply = is_away ? bus::Reply{} : answer(exchange);
    const link::Duration takes = reply.status == link::Status::timeout ? link::Duration(deadline) : takes_;
    loop_.after(takes, [done = std::move(done), reply = std::move(reply)] { done(reply); });
  }
  bus::UnitCounts counts(bus::BusAddress) const override { return {}; }

  bool is_away = false;
  int asked = 0;

 private:
  static constexpr std::chrono::milliseconds deadline{200}, takes_{10};

  bus::Reply answer(const bus::Exchange& exchange) {
    if (!bus::is_valid(exchange)) {
      return {link::Status::refused, {}};
    }
    sim::Bytes frame{exchange.address.value};
    const auto pdu = bus::request_pdu(exchange);
    frame.insert(frame.end(), pdu.begin(), pdu.end());
    sim::append_crc(frame);
    const auto request = sim::parse_request(frame);
    const auto said = request ? board_.answer(*request, loop_.now()) : std::nullopt;
    if (!said) {
      return {link::Status::timeout, {}};
    }
    if (!sim::is_whole(*said)) {
      return {link::Status::corrupt, {}};
    }
    return bus::parse_reply(exchange, std::span(*said).subspan(1, said->size() - 3));
  }

  fakes::VirtualExecutor& loop_;
  sim::RelayModel& board_;
};

}  // namespace lobby::cctv
