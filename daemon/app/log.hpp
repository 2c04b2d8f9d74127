#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/devices/feeds.hpp"
#include "daemon/hall/event.hpp"

/// The daemon's log: standard error, one line each, with the priority that journald reads from its `<N>`.
/// It names things by their ids and holds no personal data: no clerk, no number of a ticket, not even the
/// name of an account. Who may know more looks up the event in the journal, by its number.
namespace lobby::app {

enum class Priority : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6 };

/// Writes one line. Control characters become spaces, what is too long is cut. A reader that is too slow
/// misses lines, but never holds up the loop.
void log(Priority priority, std::string_view sentence);

struct LogLine {
  Priority priority = Priority::info;
  std::string sentence;
};
/// What an operator should read of an event; nullopt: nothing.
std::optional<LogLine> log_line(const hall::Event& event);
void log_event(const hall::Event& event);

/// The loss of the disk cannot be recorded before it is back, so it is no event.
void log_storage(bool writable, std::string_view reason);

/// The same, with a line for every start of a process.
devices::Feeds::Spawn logged(devices::Feeds::Spawn spawn);

}  // namespace lobby::app
