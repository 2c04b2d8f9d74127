#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "drivers/link/byte_link.hpp"
#include "drivers/window/paced_line.hpp"

namespace lobby::devices {

/// The lines of other makers' devices. A [[bus]] is a device of kind bus, absent until its port was seen,
/// gone when lost; a device that hangs alone on a link has a line, too, and tells of it itself. Destroyed
/// after everything that speaks on them.
class DialectLines {
 public:
  using MakeLink =
      std::function<std::unique_ptr<link::ByteLink>(const std::variant<TcpAddress, SerialPort>&)>;
  /// Somebody on a line.
  class Guest {
   public:
    virtual ~Guest() = default;
    virtual void line_up() = 0;
    /// `was_up`: since the start.
    virtual void line_down(std::string_view reason, bool was_up) = 0;
    /// What came in; everybody on the line hears it.
    virtual void line_bytes(std::span<const std::uint8_t>) {}
  };

  DialectLines(link::Executor& executor, const std::vector<DialectLineConfig>& configs,
               const MakeLink& make_link, Roster& roster);
  ~DialectLines();

  /// The line with this id; the site check made sure that there is one. The guest outlives start().
  window::PacedLine& join(const hall::DeviceId& id, Guest& guest);
  /// Opens them all, once everybody has joined.
  void start();

 private:
  struct Line;
  std::vector<std::unique_ptr<Line>> lines_;
};

/// What is left to say of a device whose line is down.
hall::DeviceState state_without_line(bool was_up);

}  // namespace lobby::devices
