#pragma once

#include <boost/json/array.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace lobby::sim {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using std::chrono::milliseconds;

/// What can be wrong with a device, by the words of the control API. Each device says which it can have.
enum class Fault : std::uint8_t {
  gone,         ///< unplugged: the port or the listener is away, nothing answers at the address
  silent,       ///< hears and works, says nothing
  slow,         ///< answers late by `ms`
  garbage,      ///< answers nonsense
  corrupt,      ///< answers with a bad checksum
  paper_out,    ///< printers
  paper_low,    ///< printers
  cover_open,   ///< printers
  cutter,       ///< printers: jams the knife at the next cut; cleared, the jam is out, the error is not
  power_cycle,  ///< happens once: off and on again
  freeze,       ///< hangs: neither works nor answers, goes on when cleared
  lie,          ///< says done without doing it
  refuse,       ///< there, but turns every request away
  noise,        ///< lines: some frames, `per_mille` of them, are lost, doubled or spoilt
  jam,          ///< printers: paper does not move on
  hot,          ///< printers: the head is too hot, until it has cooled down
  broken,       ///< printers: an error that only power off may end
  untaken,      ///< presenters: nobody takes the tickets
  // The rest is of the approval system; what else they can be told is in approval_faults.hpp.
  empty,          ///< success without a row, as after maintenance
  login_page,     ///< a page of HTML that wants a password, HTTP 200
  error_inside,   ///< HTTP 200 with a failing code
  shifting,       ///< rows move between the pages while they are read
  nan,            ///< a number that JSON has not
  deep,           ///< nested far too deep
  drip,           ///< the answer comes byte by byte
  endless,        ///< a body without an end
  header_bomb,    ///< a header line without reason
  gzip_bomb,      ///< a small body that becomes a huge one
  clock,          ///< its clock is wrong by `offset_s`
  unauthorised,   ///< 401 until cleared
  too_many,       ///< 429 with Retry-After
  cursor_gone,    ///< no cursor means anything: 410, code 40910
  redirect,       ///< 302 to another host
  half_names,     ///< half a character in a name, and a name twice in one row
  wrong_charset,  ///< another charset than it says
  // The rest is of LED boards.
  nack,  ///< turns every order away with its `code`
  cut,   ///< happens once: the connection breaks, `bytes` further on
  // The rest is of recorders and relay boards.
  unwritten,   ///< says that it records, and nothing is written
  no_picture,  ///< the camera is gone from the recorder
  no_disk,     ///< the disk is broken, or full where it cannot overwrite
  still,       ///< the picture stands still in a film that grows
  partial,     ///< picture without sound
  no_state,    ///< it cannot be asked what it does
  no_events,   ///< it tells nothing by itself
  busy,        ///< cannot just now: no place for another job, device busy
  mode_names,  ///< other names for its modes, as after an upgrade
  stale,       ///< calls a nonce stale after its first use
  nonce_once,  ///< calls every further use of a nonce a replay, though it counts up
  lock_out,    ///< ignores everybody, as after wrong passwords
  contact,     ///< a relay's contact that does not follow its coil
};
inline constexpr std::size_t fault_count = 50;

std::string_view to_text(Fault fault);
std::optional<Fault> parse_fault(std::string_view word);

class FaultSet {
 public:
  FaultSet() = default;
  FaultSet(std::initializer_list<Fault> faults) {
    for (const Fault fault : faults) {
      add(fault);
    }
  }
  void add(Fault fault, milliseconds slow_by = milliseconds(0));
  void remove(Fault fault) { bits_ &= ~bit(fault); }
  void clear() { bits_ = 0; }
  bool has(Fault fault) const { return (bits_ & bit(fault)) != 0; }
  /// How late answers are; 0 without `slow`.
  milliseconds slow_by() const { return has(Fault::slow) ? slow_by_ : milliseconds(0); }
  boost::json::array words() const;

 private:
  static std::uint64_t bit(Fault fault) { return std::uint64_t{1} << static_cast<unsigned>(fault); }

  std::uint64_t bits_ = 0;
  milliseconds slow_by_{0};
};

}  // namespace lobby::sim
