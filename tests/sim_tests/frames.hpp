#pragma once

#include <doctest/doctest.h>

#include <initializer_list>

#include "tests/sim/unit_model.hpp"

namespace lobby::sim {

inline Bytes frame(std::initializer_list<int> bytes) {
  Bytes out;
  for (const int byte : bytes) {
    out.push_back(static_cast<std::uint8_t>(byte));
  }
  return out;
}

inline Bytes with_crc(std::initializer_list<int> bytes) {
  Bytes out = frame(bytes);
  append_crc(out);
  return out;
}

inline Bytes ask(UnitModel& unit, const Bytes& request) {
  const auto parsed = parse_request(request);
  REQUIRE(parsed.has_value());
  const auto answer = unit.answer(*parsed);
  REQUIRE(answer.has_value());
  return *answer;
}

/// A broadcast, or any other request that gets no answer.
inline void tell(UnitModel& unit, const Bytes& request) {
  const auto parsed = parse_request(request);
  REQUIRE(parsed.has_value());
  CHECK_FALSE(unit.answer(*parsed).has_value());
}

}  // namespace lobby::sim
