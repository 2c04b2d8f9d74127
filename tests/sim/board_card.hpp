#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "display/canvas/picture.hpp"
#include "tests/sim/board_bytes.hpp"
#include "tests/sim/faults.hpp"

namespace lobby::sim {

enum class BoardColour : std::uint8_t { red, dual, full };

struct BoardShape {
  int width = 192;
  int height = 32;
  BoardColour colour = BoardColour::dual;
  milliseconds processing{5};     ///< assumed: from a whole frame to its answer, and until it is to be seen
  milliseconds boot{3000};        ///< assumed: dark and deaf after power has come back
  std::string logo = "欢迎光临";  ///< the default page of cards that draw by themselves; empty: dark
};

/// The colour a diode of the board gives when it is told this one.
display::Colour on_glass(display::Colour told, BoardColour board);

/// An LED board's card at the end of its wire: bytes in, answers and pixels out, time given. What the bytes
/// mean is told by the kinds of card that derive from it. Pure; one thread at a time.
class BoardCard {
 public:
  struct Counts {
    std::uint64_t bytes = 0;
    std::uint64_t frames = 0;  ///< taken
    std::uint64_t flips = 0;   ///< times that something new came on the glass
    std::uint64_t mixed = 0;   ///< of these, with pieces of different frames at once
    std::map<std::string, std::uint64_t, std::less<>> refused;  ///< by reason
    std::optional<TimePoint> last_frame;
  };

  explicit BoardCard(BoardShape shape) : shape_(std::move(shape)) {}
  virtual ~BoardCard() = default;
  BoardCard(const BoardCard&) = delete;
  BoardCard& operator=(const BoardCard&) = delete;

  /// A piece of a stream, or one whole datagram. Gives what is to be answered by `now`.
  std::vector<Bytes> feed(std::span<const std::uint8_t> bytes, TimePoint now);
  /// Time passes: gives what is to be answered by `now`.
  std::vector<Bytes> advance(TimePoint now);
  /// When something happens by itself.
  std::optional<TimePoint> next() const;
  /// What an eye sees at `now`, brightness apart.
  display::Picture pixels(TimePoint now);

  /// Off and on: everything volatile is lost.
  void power_cycle(TimePoint now);
  bool is_booting(TimePoint now) const { return now < boots_until_; }
  /// The connection is gone, and with it what is half a frame.
  virtual void hang_up() {}
  /// All requests are turned away with this code of its own; nullopt ends that.
  void refuse_with(std::optional<int> code) { nack_ = code; }
  /// Says done without doing it.
  void lie(bool lies) { lies_ = lies; }
  /// Does it answer at all?
  virtual bool answers() const { return true; }
  /// Can it turn a request away with a code, or say done without doing it?
  virtual bool takes_orders() const { return true; }
  virtual void describe(boost::json::object& /*into*/, TimePoint /*now*/) const {}

  const BoardShape& shape() const { return shape_; }
  const Counts& counts() const { return counts_; }

 protected:
  /// Takes frames out of the wire's bytes, for enqueue().
  virtual void hear(std::span<const std::uint8_t> bytes, TimePoint now) = 0;
  /// A frame has had its time.
  virtual void carry_out(const Bytes& frame, TimePoint now) = 0;
  virtual void forget() = 0;
  virtual display::Picture draw(TimePoint now) const = 0;
  /// What happens without a frame.
  virtual std::optional<TimePoint> next_own() const { return std::nullopt; }
  virtual void happen(TimePoint /*now*/) {}

  /// One frame after the other, each in its time.
  void enqueue(Bytes frame, TimePoint now);
  void answer(Bytes frame) { answers_.push_back(std::move(frame)); }
  void take(TimePoint now);
  void refuse(std::string_view reason);
  void flip(bool is_mixed = false);
  const std::optional<int>& nack() const { return nack_; }
  bool lies() const { return lies_; }

 private:
  void work_off(TimePoint now);

  const BoardShape shape_;
  Counts counts_;
  std::deque<std::pair<TimePoint, Bytes>> waiting_;
  std::vector<Bytes> answers_;
  TimePoint busy_until_{};
  TimePoint boots_until_{};
  std::optional<int> nack_;
  bool lies_ = false;
};

}  // namespace lobby::sim
