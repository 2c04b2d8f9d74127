#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/bus/bus.hpp"

/// What is the same in every Modbus frame: the function and what belongs to it, without address, checksum or
/// header ("Modbus application protocol" V1.1b3, 6). For where libmodbus has no function: broadcasts, answers
/// that come late, gateways. Pure.
namespace lobby::bus {

/// `exchange` is valid (line_timing.hpp).
std::vector<std::uint8_t> request_pdu(const Exchange& exchange);

/// What an answer says: `ok`, with the values of a read; `refused` by an exception; `timeout` when a gateway
/// says by exceptions 0x0A and 0x0B that the unit behind it does not answer; `corrupt`: no answer to this.
Reply parse_reply(const Exchange& exchange, std::span<const std::uint8_t> pdu);

/// Is the whole answer of the unit that was asked among these bytes of a serial line, checksum and all? A
/// broadcast has none.
bool holds_answer(const Exchange& exchange, std::span<const std::uint8_t> bytes);

}  // namespace lobby::bus
