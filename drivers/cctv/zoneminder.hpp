#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/cctv/movie_shelf.hpp"
#include "drivers/cctv/recorder.hpp"
#include "drivers/link/byte_link.hpp"

/// ZoneMinder's trigger lines (`zmtrigger.pl`, port 6802; seen with 1.36.33). The port has no password and
/// listens everywhere: it belongs on a network of its own. Source: the program itself.
namespace lobby::cctv {

struct ZoneMinderSettings {
  int monitor = 1;
  std::string cause = "evaluation";      ///< of the event; 32 characters at most, what is more is cut off
  std::uint64_t least_free = 64U << 20;  ///< bytes, of the shelf
  link::Duration grows_within = std::chrono::seconds(30);
};

/// An order is answered by nothing, a wrong one neither: what it led to shows when a new event begins, which
/// the port tells once, and tells nobody who comes later. So there are two ways to see a recording only with
/// a `shelf` (the folder of the monitor's events) and while the line has not been lost since the event began;
/// otherwise it cannot verify.
std::unique_ptr<Recorder> make_zoneminder(link::Executor& executor, std::unique_ptr<link::ByteLink> link,
                                          std::unique_ptr<MovieShelf> shelf, ZoneMinderSettings settings,
                                          RecorderOptions options);

/// The lines themselves. Pure.
namespace zoneminder {

/// `1|on|100|evaluation||\n`. Bars, control characters and what is beyond 32 characters leave the cause.
std::string on_line(int monitor, std::string_view cause);
/// `1|cancel|0|||\n`: back to what the monitor does by itself. `off` would hold it down.
std::string cancel_line(int monitor);

/// `1|on|1795439509|17`: what it tells by itself.
struct Told {
  int monitor = 0;
  bool is_on = false;
  std::int64_t at = 0;  ///< its clock, seconds since 1970
  std::uint64_t event = 0;
};
/// A line without its end. nullopt: none of these.
std::optional<Told> parse_told(std::string_view line);
inline constexpr std::size_t longest_line = 512;

}  // namespace zoneminder
}  // namespace lobby::cctv
