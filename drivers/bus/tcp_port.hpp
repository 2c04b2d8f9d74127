#pragma once

#include <cstdint>
#include <string>

#include "drivers/bus/exchange_port.hpp"
#include "drivers/bus/mbap.hpp"
#include "drivers/bus/name_lookup.hpp"
#include "drivers/link/descriptor.hpp"

namespace lobby::bus {

/// A line behind a Modbus TCP gateway. The gateway keeps the line's silences; an answer that comes late is
/// known by its transaction number, so nothing need be waited for.
///
/// Frames by itself: libmodbus keeps the transaction number to itself, and takes an old answer for a fault,
/// after which every answer is one behind. And it waits by poll(): any descriptor number will do.
class TcpPort final : public ExchangePort {
 public:
  /// How long a gateway may take when the site does not say: most wait a second for their unit.
  static constexpr std::chrono::milliseconds usual_turnaround{1000};
  /// Of a site without numbers.
  static LineTiming usual_timing();

  TcpPort(std::string host, std::uint16_t port, LineTiming timing);

  const LineTiming& timing() const override { return timing_; }
  /// Name and connection within 3 s each, less when told to stop.
  std::string open(const std::stop_token& stop) override;
  void close() override { socket_.reset(); }
  bool is_open() const override { return static_cast<bool>(socket_); }
  bool is_hung_up() const override;
  Heard exchange(const Exchange& exchange, link::Duration late) override;
  const std::string& fault() const override { return fault_; }
  std::string about() const override { return {}; }

 private:
  std::string connect_to(const SocketAddress& address, link::MonoTime end, const std::stop_token& stop);
  bool send(const Exchange& exchange);
  Reply receive(const Exchange& exchange, link::MonoTime end);
  bool read_some(link::MonoTime end);
  void lose(std::string reason);

  std::string host_;
  std::uint16_t port_;
  LineTiming timing_;
  NameLookup lookup_;
  link::Descriptor socket_;
  std::uint16_t transaction_ = 0;
  MbapReader reader_;
  std::string fault_;
};

}  // namespace lobby::bus
