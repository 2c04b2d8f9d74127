#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "drivers/link/back_off.hpp"
#include "drivers/window/key_ledger.hpp"
#include "drivers/window/sign.hpp"
#include "drivers/window/window_unit.hpp"

namespace lobby::window {

/// The conversation with one unit. Five strands share its address: the question (who are you, what happened),
/// the ring of key presses, the face, the acknowledgement and the orders (how to rest, beep, show your
/// address). Each has at most one exchange under way, so a new face need not wait for the turn of a poll; the
/// ring is read in the place of a question. A unit that can write and read in one exchange answers a face or
/// an acknowledgement by its status, and a face takes the acknowledgement with it: from key to sign it is one
/// poll and one exchange.
///
/// Each strand fails for itself and rests for itself. Only the question decides whether the unit is there: a
/// unit whose sign cannot be written keeps its keypad, one whose ring makes no sense keeps its sign, and what
/// is wrong is said with every good status.
struct WindowUnit::Machine : std::enable_shared_from_this<WindowUnit::Machine> {
  Machine(link::Executor& loop, bus::Bus& line, UnitPlace place, Timing times, Listener& told,
          std::optional<PressId> recorded);

  void start();
  void want(Face face, std::uint64_t tag);
  void want(Manners manners);
  void want(Lamps lamps);
  void locate(link::Duration length);
  void buzz(link::Duration length);
  void close();

 private:
  static constexpr int writes_of_manners = 2;
  static constexpr int lasts_after = 8;  ///< failures of another kind than the one that is told
  enum class Phase : std::uint8_t { identity, first_status, first_ack, run };
  struct Strand {
    Strand(link::Executor& loop, const Timing& times)
        : pause(loop), back_off(times.first_retry, times.last_retry) {}
    bool may_speak() const { return !under_way && !pause.pending(); }

    bool under_way = false;
    int failures = 0;      ///< in a row
    int alike = 0;         ///< of those, the last ones of one kind
    std::string_view why;  ///< of the last one
    link::Timer pause;     ///< after a failure: this strand rests
    link::BackOff back_off;
  };

  void go();
  void go_soon();
  void ask_question();
  void write_face();
  void write_ack();
  /// Something to do once, told before `until`.
  struct Once {
    std::uint16_t value = 0;
    link::MonoTime until;
  };
  void do_once(std::optional<Once>& order, std::uint16_t value);
  bool is_order_due();
  void write_order();
  void on_order(const bus::Reply& reply);
  using Answered = void (Machine::*)(const bus::Reply&);
  void exchange(Strand& strand, bus::Exchange exchange, Answered answered);
  void failed(Strand& strand, link::Status status, std::string_view why);
  void rest(Strand& strand, link::Status status);
  void succeeded(Strand& strand);
  void begin_run();
  void tell_again();
  static bool is_kept_up(std::uint16_t order);
  bool can(std::uint16_t feature) const { return (features_ & feature) != 0; }
  std::uint16_t status_words() const;
  bus::Exchange tell(std::uint16_t start, std::vector<std::uint16_t> values, bus::Turn turn) const;
  void hear_status(const bus::Reply& reply);
  bool is_broken(const Strand& strand) const { return strand.failures >= timing_.silent_after; }

  void on_identity(const bus::Reply& reply);
  void on_first_status(const bus::Reply& reply);
  void on_first_ack(const bus::Reply& reply);
  void on_status(const bus::Reply& reply);
  void on_ring(const bus::Reply& reply);
  void on_face(const bus::Reply& reply);
  void on_ack(const bus::Reply& reply);

  void see_status(const UnitStatus& status);
  void tell_missed(bool has_restarted);
  void next_poll(bool at_once);
  void give_next();
  void take(Press press);
  void note(std::string text);
  std::string impairment() const;
  void report_alive();
  void report(link::Status status, std::string reason);
  std::string where() const;

  link::Executor& executor_;
  bus::Bus& bus_;
  bus::BusAddress address_;
  std::uint16_t model_;
  Timing timing_;
  Listener& listener_;
  bool closed_ = false;
  bool goes_soon_ = false;

  Phase phase_ = Phase::identity;
  std::uint16_t features_ = 0;
  Strand question_, ring_, face_, ack_, order_;
  bool is_silent_ = false;  ///< two exchanges of one kind came to nothing since it last answered
  link::Timer pace_;        ///< between polls: only question and ring rest

  UnitStatus first_status_;
  std::optional<PressId> recorded_;  ///< by a former life of this program
  KeyLedger ledger_;
  int suspects_ = 0;            ///< answers in a row with a boot id of their own
  std::optional<Press> given_;  ///< in the listener's hands
  std::optional<std::uint16_t> ack_due_;
  std::uint16_t acked_ = 0;                   ///< what the unit was told last
  std::optional<std::uint16_t> ack_on_wire_;  ///< by the acknowledgement's own exchange
  std::optional<std::uint16_t> ack_with_face_;
  std::optional<Manners> manners_;
  int manners_due_ = 0;  ///< writes of them that are left
  std::optional<Lamps> lamps_;
  bool lamps_due_ = false;
  std::optional<Once> locate_, buzz_;
  std::uint16_t order_on_wire_ = 0;  ///< its first register
  Sign sign_;

  std::optional<std::pair<link::Status, std::string>> told_;
  std::string note_;  ///< a loss that people should know of, for a while
  link::MonoTime note_until_;
};

}  // namespace lobby::window
