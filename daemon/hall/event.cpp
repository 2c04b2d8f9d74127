#include "daemon/hall/event.hpp"

#include <concepts>
#include <type_traits>

namespace lobby::hall {

std::string_view type_of(const Event& event) {
  return std::visit([](const auto& body) { return std::remove_cvref_t<decltype(body)>::type; }, event.body);
}

std::optional<TicketId> ticket_of(const Event& event) {
  return std::visit(
      [](const auto& body) -> std::optional<TicketId> {
        if constexpr (std::derived_from<std::remove_cvref_t<decltype(body)>, AboutTicket>) {
          return body.ticket == TicketId{} ? std::nullopt : std::optional(body.ticket);
        } else {
          return std::nullopt;
        }
      },
      event.body);
}

const WindowId* window_of(const Event& event) {
  return std::visit(
      [](const auto& body) -> const WindowId* {
        using Kind = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::same_as<Kind, TicketExpired>) {
          return body.window ? &*body.window : nullptr;
        } else if constexpr (requires { body.window; }) {
          return &body.window;
        } else {
          return nullptr;
        }
      },
      event.body);
}

}  // namespace lobby::hall
