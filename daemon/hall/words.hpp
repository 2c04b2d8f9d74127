#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

/// The closed vocabularies of the hall. Each word's text is the one of the API and the journal.
namespace lobby::hall {

enum class TicketState : std::uint8_t {
  waiting,
  called,
  serving,
  held,
  no_show,
  finished,
  cancelled,
  expired
};
enum class WindowState : std::uint8_t { closed, idle, called, serving, paused };
enum class Outcome : std::uint8_t { on_spot, transferred, referred, delivered, notified };
enum class Lane : std::uint8_t {
  ordinary,
  appointment,
  green,
  elderly,
  disabled,
  pregnant,
  military,
  firefighter,
  martyr_family,
  agent
};
/// What a service is; see Service in site.hpp.
enum class ServiceKind : std::uint8_t { ordinary, joint, complaint, inquiry, consulting, collect, tenant };
/// Why a ticket is set aside: the person goes away, goes away and leaves the papers, or waits for something
/// to be made.
enum class HoldKind : std::uint8_t { away, with_papers, waiting };
/// Where a ticket stands in its new queue: last, first, or where its time of issue puts it.
enum class QueuePlace : std::uint8_t { tail, head, keep };
enum class Score : std::uint8_t { very_good, good, fair, poor, very_poor };
enum class RatedVia : std::uint8_t { keypad, screen, qr };
enum class PrintState : std::uint8_t { none, sending, sent, printed, failed, unknown, taken, retracted };
enum class DeviceState : std::uint8_t { ok, degraded, gone, absent };
enum class DeviceKind : std::uint8_t {
  printer,
  window_unit,
  sign,
  keypad,
  panel,
  pad,
  reader,
  board,
  recorder,
  relay,
  bus,
  feed,
  voice,
  clock,
  storage
};

/// Why the hall refuses: the `code` of the problem document, by the same name.
enum class Refused : std::uint8_t {
  bad_request,
  forbidden,
  not_found,
  unknown_service,
  unknown_window,
  unknown_ticket,
  unknown_device,
  service_closed,
  quota_reached,
  number_range_exhausted,
  already_has_ticket,
  joint_only,
  not_served_here,
  nothing_waiting,
  window_closed,
  window_busy,
  no_ticket_at_window,
  wrong_state,
  recall_limit,
  recall_too_soon,
  already_rated,
  printer_unavailable,
  storage_failed,
  unknown_board,
  same_person,
  unknown_evaluation
};

template <class E>
struct Words;  // specialised below: the texts in the order of the enumerators

template <>
struct Words<TicketState> {
  static constexpr std::array<std::string_view, 8> text{"waiting", "called",   "serving",   "held",
                                                        "no_show", "finished", "cancelled", "expired"};
};
template <>
struct Words<WindowState> {
  static constexpr std::array<std::string_view, 5> text{"closed", "idle", "called", "serving", "paused"};
};
template <>
struct Words<Outcome> {
  static constexpr std::array<std::string_view, 5> text{"on_spot", "transferred", "referred", "delivered",
                                                        "notified"};
};
template <>
struct Words<Lane> {
  static constexpr std::array<std::string_view, 10> text{
      "ordinary", "appointment", "green",       "elderly",       "disabled",
      "pregnant", "military",    "firefighter", "martyr_family", "agent"};
};
template <>
struct Words<ServiceKind> {
  static constexpr std::array<std::string_view, 7> text{"ordinary",   "joint",   "complaint", "inquiry",
                                                        "consulting", "collect", "tenant"};
};
template <>
struct Words<HoldKind> {
  static constexpr std::array<std::string_view, 3> text{"away", "with_papers", "waiting"};
};
template <>
struct Words<QueuePlace> {
  static constexpr std::array<std::string_view, 3> text{"tail", "head", "keep"};
};
template <>
struct Words<Score> {
  static constexpr std::array<std::string_view, 5> text{"very_good", "good", "fair", "poor", "very_poor"};
};
template <>
struct Words<RatedVia> {
  static constexpr std::array<std::string_view, 3> text{"keypad", "screen", "qr"};
};
template <>
struct Words<PrintState> {
  static constexpr std::array<std::string_view, 8> text{"none",   "sending", "sent",  "printed",
                                                        "failed", "unknown", "taken", "retracted"};
};
template <>
struct Words<DeviceState> {
  static constexpr std::array<std::string_view, 4> text{"ok", "degraded", "gone", "absent"};
};
template <>
struct Words<DeviceKind> {
  static constexpr std::array<std::string_view, 15> text{
      "printer",  "window_unit", "sign", "keypad", "panel", "pad",   "reader", "board",
      "recorder", "relay",       "bus",  "feed",   "voice", "clock", "storage"};
};
template <>
struct Words<Refused> {
  static constexpr std::array<std::string_view, 26> text{"bad_request",         "forbidden",
                                                         "not_found",           "unknown_service",
                                                         "unknown_window",      "unknown_ticket",
                                                         "unknown_device",      "service_closed",
                                                         "quota_reached",       "number_range_exhausted",
                                                         "already_has_ticket",  "joint_only",
                                                         "not_served_here",     "nothing_waiting",
                                                         "window_closed",       "window_busy",
                                                         "no_ticket_at_window", "wrong_state",
                                                         "recall_limit",        "recall_too_soon",
                                                         "already_rated",       "printer_unavailable",
                                                         "storage_failed",      "unknown_board",
                                                         "same_person",         "unknown_evaluation"};
};

template <class E>
concept Word = requires {
  Words<E>::text;
};

template <Word E>
constexpr std::string_view to_text(E word) {
  return Words<E>::text[static_cast<std::size_t>(word)];
}

template <Word E>
constexpr std::optional<E> parse_word(std::string_view text) {
  for (std::size_t i = 0; i < Words<E>::text.size(); ++i) {
    if (Words<E>::text[i] == text) {
      return static_cast<E>(i);
    }
  }
  return std::nullopt;
}

}  // namespace lobby::hall
