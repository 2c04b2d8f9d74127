#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdint>
#include <string>

#include "tests/support/lobby.hpp"

/// What a walk does and looks at.
namespace lobby::tests {

inline std::uint64_t take_ticket(WholeLobby& lobby, const std::string& service = "social-security") {
  const auto reply =
      lobby.client("kiosk").post("/tickets", fmt::format(R"({{"service":"{}","kiosk":"k1"}})", service));
  REQUIRE_MESSAGE(reply.status == 201, reply.body);
  return reply.json().at("id").to_number<std::uint64_t>();
}

inline std::string print_state(WholeLobby& lobby, std::uint64_t ticket) {
  const auto reply = lobby.client("clerk").get(fmt::format("/tickets/{}", ticket));
  return reply.status == 200 ? reply.json().at("print").at("state").as_string().c_str() : "";
}

inline std::string sign_text(WholeLobby& lobby, const std::string& unit) {
  return lobby.sim("GET", "/" + unit).json().at("text").as_string().c_str();
}

inline void wait_ready(WholeLobby& lobby) {
  for (const auto* id : {"p1", "line-1", "u1", "u2", "u3"}) {
    REQUIRE_MESSAGE(lobby.eventually([&] { return lobby.device_state(id) == "ok"; }), id);
  }
}

}  // namespace lobby::tests
