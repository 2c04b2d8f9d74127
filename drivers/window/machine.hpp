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

/// The conversation with one unit. Four strands share its address: the question (who are you, what happened),
/// the ring of key presses, the face and the acknowledgement. Each has at most one exchange under way, so a
/// new face need not wait for the turn of a poll; the ring is read in the place of a question.
///
/// Each strand fails for itself and rests for itself. Only the question decides whether the unit is there: a
/// unit whose sign cannot be written keeps its keypad, one whose ring makes no sense keeps its sign, and what
/// is wrong is said with every good status.
struct WindowUnit::Machine : std::enable_shared_from_this<WindowUnit::Machine> {
  Machine(link::Executor& loop, bus::Bus& line, bus::BusAddress at, Timing times, Listener& told,
          std::optional<PressId> recorded);

  void start();
  void want(Face face, std::uint64_t tag);
  void close();

 private:
  enum class Phase : std::uint8_t { identity, first_status, first_ack, run };
  struct Strand {
    Strand(link::Executor& loop, const Timing& times)
        : pause(loop), back_off(times.first_retry, times.last_retry) {}
    bool may_speak() const { return !under_way && !pause.pending(); }

    bool under_way = false;
    int failures = 0;      ///< in a row
    std::string_view why;  ///< of the last one
    link::Timer pause;     ///< after a failure: this strand rests
    link::BackOff back_off;
  };

  void go();
  void ask_question();
  void write_face();
  void write_ack();
  using Answered = void (Machine::*)(const bus::Reply&);
  void exchange(Strand& strand, bus::Exchange exchange, Answered answered);
  void failed(Strand& strand, link::Status status, std::string_view why);
  void rest(Strand& strand, link::Status status);
  void succeeded(Strand& strand);
  void begin_run();
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
  void taken(Press press);
  void note(std::string text);
  std::string impairment() const;
  void report_alive();
  void report(link::Status status, std::string reason);
  std::string where() const;

  link::Executor& executor_;
  bus::Bus& bus_;
  bus::BusAddress address_;
  Timing timing_;
  Listener& listener_;
  bool closed_ = false;

  Phase phase_ = Phase::identity;
  Strand question_, ring_, face_, ack_;
  link::Timer pace_;  ///< between polls: only question and ring rest

  UnitStatus first_status_;
  std::optional<PressId> recorded_;  ///< by a former life of this program
  KeyLedger ledger_;
  int suspects_ = 0;            ///< answers in a row with a boot id of their own
  std::optional<Press> given_;  ///< in the listener's hands
  std::optional<std::uint16_t> ack_due_;
  std::uint16_t ack_on_wire_ = 0;
  Sign sign_;

  std::optional<std::pair<link::Status, std::string>> told_;
  std::string note_;  ///< a loss that people should know of, for a while
  link::MonoTime note_until_;
};

}  // namespace lobby::window
