// Whatever a unit or a gateway answers: what is taken for an answer has the form of what was asked, and a
// frame never reaches beyond what came.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "drivers/bus/line_timing.hpp"
#include "drivers/bus/mbap.hpp"
#include "drivers/bus/modbus_pdu.hpp"

namespace {

using namespace lobby;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check(const bus::Exchange& exchange, std::span<const std::uint8_t> pdu) {
  const auto reply = bus::parse_reply(exchange, pdu);
  const bool is_read = reply.status == link::Status::ok && bus::reads(exchange);
  require(reply.values.size() == (is_read ? exchange.count : 0U));
  if (bus::reads_bits(exchange)) {
    for (const auto bit : reply.values) {
      require(bit <= 1);
    }
  }
  if (reply.status == link::Status::ok && exchange.kind != bus::Exchange::Kind::broadcast) {
    require(pdu.size() == bus::reply_bytes(exchange) - 3);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 6) {
    return 0;
  }
  bus::Exchange exchange;
  exchange.address = {data[0]};
  exchange.kind = static_cast<bus::Exchange::Kind>(data[1] % 10);
  exchange.start = data[2];
  exchange.count = static_cast<std::uint16_t>(1 + data[3] % 125);
  const bool is_one =
      exchange.kind == bus::Exchange::Kind::write_one || exchange.kind == bus::Exchange::Kind::write_coil;
  exchange.values.assign(is_one ? 1 : 1 + data[4] % 121, data[5]);
  const std::span<const std::uint8_t> bytes(data + 6, size - 6);
  check(exchange, bytes);
  static_cast<void>(bus::holds_answer(exchange, bytes.first(std::min<std::size_t>(bytes.size(), 512))));
  bus::MbapReader reader;
  for (std::size_t at = 0; at < bytes.size() && !reader.is_broken();) {
    const auto room = reader.room();
    require(!room.empty());
    const auto some = std::min(room.size(), bytes.size() - at);
    std::memcpy(room.data(), bytes.data() + at, some);
    at += some;
    reader.filled(some);
    if (const auto frame = reader.take()) {
      require(frame->pdu.size() >= 2 && frame->pdu.size() <= 253);
      check(exchange, frame->pdu);
    }
  }
  return 0;
}
