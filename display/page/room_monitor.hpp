#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "display/canvas/glyphs.hpp"
#include "display/canvas/picture.hpp"
#include "display/page/board_views.hpp"

/// The monitor of a room that is recorded: which evaluation or opening is on, and whether it is proved that
/// its cameras record. No name of a person and no picture of a camera is ever in it.
namespace lobby::display {

struct RoomMonitor {
  enum class Stage : std::uint8_t { opening, witnessed, unwitnessed, interrupted, closing };
  enum class Recording : std::uint8_t { rec, not_recording, unknown, off };
  struct Camera {
    std::string id;
    Recording recording = Recording::unknown;
    bool is_triggered = false;         ///< the order was carried out; nothing tells whether it records
    std::optional<Instant> proof_age;  ///< of the last good proof, as the server answered
    friend bool operator==(const Camera&, const Camera&) = default;
  };
  struct Alarm {
    std::string kind;    ///< the server's word
    std::string camera;  ///< may be empty
    std::string at;      ///< "10:32"
    friend bool operator==(const Alarm&, const Alarm&) = default;
  };
  struct Session {
    Stage stage = Stage::opening;
    bool is_opening = false;  ///< 开标, else 评标
    std::string project_no, project_name, section;
    std::vector<Camera> cameras;
    friend bool operator==(const Session&, const Session&) = default;
  };
  struct Next {
    std::string project_name;
    std::string at;  ///< "03-17 14:30"; may be empty
    bool is_opening = false;
    friend bool operator==(const Next&, const Next&) = default;
  };

  std::string room;  ///< its name
  std::optional<Session> session;
  std::optional<Next> next;   ///< shown while there is no session
  std::vector<Alarm> alarms;  ///< that nobody has acknowledged, the newest first
  friend bool operator==(const RoomMonitor&, const RoomMonitor&) = default;
};

/// A proof that is older proves nothing any more; so does a server that was silent for so long.
constexpr Instant proof_holds = std::chrono::seconds(8);
constexpr Instant server_holds = std::chrono::seconds(5);

/// What is read of an answer at most.
struct MonitorBounds {
  static constexpr std::size_t bytes = std::size_t{1} << 20;
  static constexpr std::size_t depth = 16;
  static constexpr std::size_t cameras = 64;
  static constexpr std::size_t alarms = 64;
};

/// Of the answers to GET /rooms and GET /evaluations, what concerns one room; nullopt for what is none, or
/// when there is no such room. A word that is not known is the worse one: a state `unknown`, a stage
/// `interrupted`.
std::optional<RoomMonitor> read_room_monitor(std::string_view rooms, std::string_view evaluations,
                                             std::string_view room);

/// How the monitor looks at a moment, drawn over the whole picture. `asked`: when the answer was asked for
/// that `monitor` was read from, by the same steady clock as `now`: ages grow from then on. Gives when it
/// looks different.
Instant draw_room_monitor(Picture& picture, Glyphs& glyphs, const RoomMonitor& monitor, Instant asked,
                          Instant now);

}  // namespace lobby::display
