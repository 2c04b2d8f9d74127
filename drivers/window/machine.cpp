#include "drivers/window/machine.hpp"

#include <algorithm>
#include <utility>

#include "firmware/wire/button_panel.hpp"

namespace lobby::window {
namespace {

namespace wire = lobby::wire::window_unit;
namespace button_panel = lobby::wire::button_panel;
using bus::Exchange;
using bus::Turn;
using link::Status;

constexpr std::chrono::minutes note_lasts{1};
constexpr std::chrono::milliseconds line_retry{250};

bool is_key(std::uint8_t code) {
  return code <= static_cast<std::uint8_t>(wire::Key::digit_9) ||
         (code >= static_cast<std::uint8_t>(wire::Key::call) &&
          code <= static_cast<std::uint8_t>(wire::Key::evaluate));
}

/// Why these are not the identity registers of our unit; empty when they are.
std::string objection(const std::vector<std::uint16_t>& words, std::uint16_t model) {
  const bool is_panel = model == button_panel::model;
  if (words[wire::reg_magic] != wire::magic) {
    return is_panel ? "is no button panel" : "is no window unit";
  }
  if (words[wire::reg_map_version] != wire::map_version) {
    return "speaks register map version " + std::to_string(words[wire::reg_map_version]) + ", not " +
           std::to_string(wire::map_version);
  }
  if (words[wire::reg_model] != model &&
      words[wire::reg_model] == (is_panel ? wire::model : button_panel::model)) {
    return is_panel ? "is a window unit, not a button panel" : "is a button panel, not a window unit";
  }
  if (words[wire::reg_model] != model) {
    return "is of the unknown model " + std::to_string(words[wire::reg_model]);
  }
  return {};
}

constexpr std::string_view said_late = "answers too late: give the line a longer turnaround_ms";

std::string_view said(Status status) {
  constexpr std::string_view words[] = {"",
                                        "has to wait too long for its turn on the line",
                                        "does not answer",
                                        "answers, but what arrives is damaged",
                                        "refuses a request of the register map",
                                        "is away with its line"};
  return words[static_cast<std::size_t>(status)];
}

std::string presses(unsigned count, const char* fate) {
  return std::to_string(count) + (count == 1 ? " key press was " : " key presses were ") + fate;
}

}  // namespace

WindowUnit::Machine::Machine(link::Executor& loop, bus::Bus& line, UnitPlace place, Timing times,
                             Listener& told, std::optional<PressId> recorded)
    : executor_(loop),
      bus_(line),
      address_(place.address),
      model_(place.model),
      timing_(times),
      listener_(told),
      question_(loop, times),
      ring_(loop, times),
      face_(loop, times),
      ack_(loop, times),
      order_(loop, times),
      pace_(loop),
      recorded_(recorded),
      ledger_(times.stale_after) {}

void WindowUnit::Machine::start() {
  executor_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->go();
    }
  });
}

void WindowUnit::Machine::close() {
  closed_ = true;
  for (auto* strand : {&question_, &ring_, &face_, &ack_, &order_}) {
    strand->pause.cancel();
  }
  pace_.cancel();
}

void WindowUnit::Machine::want(Face face, std::uint64_t tag) {
  if (sign_.want(std::move(face), tag)) {
    go_soon();
  }
}

/// Not at once: what the press that this comes from is acknowledged by, comes in the same turn of the loop.
void WindowUnit::Machine::go_soon() {
  if (std::exchange(goes_soon_, true)) {
    return;
  }
  executor_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->goes_soon_ = false;
      self->go();
    }
  });
}

/// Sets every strand going that has something to do and may do it.
void WindowUnit::Machine::go() {
  if (closed_) {
    return;
  }
  // A line gives little time to who does not answer: only the question is asked then, lest writes take it all
  // and nobody is told.
  if (phase_ == Phase::run && !is_silent_) {
    if (sign_.is_write_due() && face_.may_speak()) {
      write_face();
    }
    if (ack_due_ && ack_.may_speak() && ack_with_face_ != ack_due_) {
      write_ack();
    }
    if (order_.may_speak() && is_order_due()) {
      write_order();
    }
  }
  if (question_.may_speak() && !ring_.under_way && !pace_.pending()) {
    ask_question();
  }
}

void WindowUnit::Machine::exchange(Strand& strand, Exchange exchange, Answered answered) {
  strand.under_way = true;
  exchange.address = address_;
  const std::size_t expected = exchange.count;  // 0 of a plain write
  bus_.exchange(std::move(exchange),
                [weak = weak_from_this(), &strand, answered, expected](const bus::Reply& reply) {
                  const auto self = weak.lock();
                  if (!self || self->closed_) {
                    return;
                  }
                  strand.under_way = false;
                  const bool is_whole = expected == 0 || reply.values.size() == expected;
                  if (reply.status != Status::ok || !is_whole) {
                    const auto status = reply.status == Status::ok ? Status::corrupt : reply.status;
                    self->failed(strand, status, reply.was_late ? said_late : said(status));
                    return;
                  }
                  if (&strand != &self->ring_) {  // whether a ring is one, on_ring says
                    self->succeeded(strand);
                  }
                  (self.get()->*answered)(reply);
                });
}

void WindowUnit::Machine::ask_question() {
  const auto read = [this](Exchange::Kind kind, std::uint16_t start, std::uint16_t count, Turn turn,
                           Answered answered) {
    Strand& strand = start == wire::reg_keys ? ring_ : question_;
    exchange(strand, {address_, kind, start, count, {}, turn}, answered);
  };
  using enum Exchange::Kind;
  switch (phase_) {
    case Phase::identity:
      read(read_input, wire::reg_magic, wire::description_count, Turn::poll, &Machine::on_identity);
      return;
    case Phase::first_status:
      read(read_input, wire::reg_boot_id, status_words(), Turn::poll, &Machine::on_first_status);
      return;
    case Phase::first_ack:
      read(read_holding, wire::reg_key_ack, 1, Turn::normal, &Machine::on_first_ack);
      return;
    case Phase::run:
      if (ledger_.is_ring_due() && ring_.may_speak() && !is_silent_) {
        read(read_input, wire::reg_keys, wire::key_ring, Turn::normal, &Machine::on_ring);
      } else {
        read(read_input, wire::reg_boot_id, status_words(),
             ledger_.is_proof_due() ? Turn::normal : Turn::poll, &Machine::on_status);
      }
      return;
  }
}

// --- failures ---

void WindowUnit::Machine::failed(Strand& strand, Status status, std::string_view why) {
  if (&strand == &face_) {
    ack_with_face_.reset();
  } else if (&strand == &order_ && is_kept_up(order_on_wire_)) {
    tell_again();
  }
  ++strand.failures;
  strand.alike = strand.why == why ? strand.alike + 1 : 1;
  strand.why = why;
  is_silent_ =
      is_silent_ || (strand.failures > 1 && (status == Status::timeout || status == Status::corrupt));
  const bool is_plain = status == Status::gone || status == Status::refused;
  if (is_plain || status == Status::busy || is_broken(strand)) {
    rest(strand, status);
  }
  if (&strand == &question_ && (is_plain || is_broken(strand))) {
    // One that babbles is silent now and then: that is one fault, not one after the other.
    const bool is_told = told_ && (told_->first == Status::timeout || told_->first == Status::corrupt);
    if (is_plain || !is_told || strand.alike >= lasts_after) {
      report(status, status == Status::gone ? "its line is away" : where() + " " + std::string(why));
    }
    phase_ = Phase::identity;
  }
  // What was read from it is no worse for its silence.
  give_next();
  go();
}

void WindowUnit::Machine::rest(Strand& strand, Status status) {
  if (strand.pause.pending()) {
    return;
  }
  if (&strand == &question_) {
    pace_.cancel();
  }
  // Asking an absent line costs nobody's time, so its return is noticed soon.
  const auto longest =
      status == Status::gone ? std::min<link::Duration>(line_retry, timing_.last_retry) : timing_.last_retry;
  strand.pause.start(std::min(strand.back_off.next(), longest), [this] { go(); });
}

void WindowUnit::Machine::succeeded(Strand& strand) {
  strand.failures = 0;
  is_silent_ = false;
  // Who is somebody else, or says no to the next question, has succeeded in nothing yet.
  if (phase_ == Phase::run) {
    strand.back_off.reset();
  }
}

/// The unit is there, perhaps again: what rested because it was not need not rest any longer.
void WindowUnit::Machine::begin_run() {
  phase_ = Phase::run;
  tell_again();
  for (auto* strand : {&ring_, &face_, &ack_, &order_}) {
    strand->failures = 0;
    strand->pause.cancel();
  }
}

// --- who are you ---

void WindowUnit::Machine::on_identity(const bus::Reply& reply) {
  const auto reason = objection(reply.values, model_);
  if (!reason.empty()) {
    report(Status::refused, where() + " " + reason);
    rest(question_, Status::refused);
    return;
  }
  features_ = reply.values[wire::reg_features];
  if (ledger_.has_begun()) {
    begin_run();
  } else {
    phase_ = Phase::first_status;
  }
  go();
}

void WindowUnit::Machine::on_first_status(const bus::Reply& reply) {
  first_status_ = *parse_status(reply.values);
  phase_ = Phase::first_ack;
  go();
}

void WindowUnit::Machine::on_first_ack(const bus::Reply& reply) {
  // Should it restart between the two answers, the next status has another boot id and all begins at 0.
  acked_ = reply.values.front();
  if (ledger_.begin(first_status_, acked_, recorded_)) {
    ack_due_ = recorded_->number;
  }
  begin_run();
  see_status(first_status_);
}

// --- what happened ---

void WindowUnit::Machine::on_status(const bus::Reply& reply) {
  hear_status(reply);
  go();
}

/// A status that was asked for, or that came with the answer to a write.
void WindowUnit::Machine::hear_status(const bus::Reply& reply) {
  const auto status = parse_status(reply.values);
  if (status && phase_ == Phase::run) {
    see_status(*status);
  }
}

std::uint16_t WindowUnit::Machine::status_words() const {
  return can(wire::feature_last_key) ? wire::status_key_count : wire::status_count;
}

/// A write; with the status as its answer where the unit can do both at once.
Exchange WindowUnit::Machine::tell(std::uint16_t start, std::vector<std::uint16_t> values, Turn turn) const {
  if (!can(wire::feature_read_write)) {
    return {address_, Exchange::Kind::write, start, 0, std::move(values), turn};
  }
  return {address_, Exchange::Kind::read_write, wire::reg_boot_id, status_words(), std::move(values), turn,
          start};
}

void WindowUnit::Machine::see_status(const UnitStatus& status) {
  const auto seen = ledger_.see(status, executor_.now());
  if (seen == KeyLedger::Seen::reset_suspect) {
    if (++suspects_ >= timing_.silent_after) {
      report_alive();
    }
    next_poll(suspects_ < timing_.silent_after);
    return;
  }
  suspects_ = 0;
  if (seen == KeyLedger::Seen::reset) {
    // An acknowledgement of the former life may have reached the new one: set it right.
    ack_due_ = 0;
    sign_.forgotten();
    tell_again();
    ring_.failures = 0;  // that is why it did not fit
    ring_.pause.cancel();
  }
  tell_missed(seen == KeyLedger::Seen::reset);
  if (const auto tag = sign_.see(status.shown, executor_.now())) {
    listener_.face_shown(*tag);
  }
  if (!sign_.is_write_due() && !face_.under_way) {
    succeeded(face_);  // it heard us all the same
    face_.pause.cancel();
  }
  report_alive();
  give_next();
  next_poll(seen == KeyLedger::Seen::reset || (ledger_.is_ring_due() && ring_.may_speak()));
}

void WindowUnit::Machine::tell_missed(bool has_restarted) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (const unsigned lost = ledger_.take_lost(); lost > 0) {
    add(presses(lost, "lost") + (has_restarted ? "" : ", more than it can keep"));
  }
  if (const unsigned dropped = ledger_.take_dropped(); dropped > 0) {
    add(presses(dropped, "dropped") + ", made while it could not be heard");
    listener_.keys_dropped(dropped);
  }
  if (has_restarted) {
    note(where() + " restarted" + (text.empty() ? "" : "; " + text));
  } else if (!text.empty()) {
    note(where() + ": " + text);
  }
}

void WindowUnit::Machine::on_ring(const bus::Reply& reply) {
  if (ledger_.read_ring(reply.values)) {
    succeeded(ring_);
    go();
    return;
  }
  // An old answer, a restart, or registers that never fit: the next status may tell. Until the ring has
  // rested it is not read again, so that a unit of the last kind takes no more of the line than its
  // neighbours.
  rest(ring_, Status::corrupt);
  failed(ring_, Status::corrupt, "keeps a list of them that does not fit its counter");
}

void WindowUnit::Machine::next_poll(bool at_once) {
  if (closed_) {
    return;
  }
  if (!at_once && timing_.poll > link::Duration::zero() && !question_.pause.pending()) {
    pace_.start(timing_.poll, [this] { go(); });
  }
  go();
}

// --- keys ---

void WindowUnit::Machine::give_next() {
  // One at a time, so that the unit knows as much as we do; one that cannot be told holds nobody up.
  const bool must_wait = phase_ == Phase::run && ack_due_.has_value() && !is_broken(ack_);
  if (closed_ || given_ || must_wait) {
    return;
  }
  const auto press = ledger_.next();
  if (!press) {
    return;
  }
  given_ = press;
  auto take = [weak = weak_from_this(), press = *press] {
    if (const auto self = weak.lock(); self && !self->closed_) {
      self->take(press);
    }
  };
  if (is_key(press->key)) {
    listener_.key_pressed(static_cast<wire::Key>(press->key), press->id, std::move(take));
  } else {
    take();
  }
}

void WindowUnit::Machine::take(Press press) {
  if (!given_ || given_->id != press.id) {
    return;
  }
  given_.reset();
  if (press.id.boot_id == ledger_.boot_id()) {
    ack_due_ = press.id.number;
  }
  executor_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->go();
      self->give_next();
    }
  });
}

void WindowUnit::Machine::write_ack() {
  ack_on_wire_ = ack_due_;
  exchange(ack_, tell(wire::reg_key_ack, {*ack_due_}, Turn::normal), &Machine::on_ack);
}

void WindowUnit::Machine::on_ack(const bus::Reply& reply) {
  acked_ = *ack_on_wire_;
  if (ack_due_ == ack_on_wire_) {
    ack_due_.reset();
  }
  hear_status(reply);
  give_next();
  go();
}

// --- the sign ---

void WindowUnit::Machine::write_face() {
  auto write = sign_.begin_write(can(wire::feature_dots));
  const bool takes_ack = can(wire::feature_read_write) && write.start == wire::reg_face && !ack_.under_way;
  ack_with_face_ = takes_ack ? std::optional(ack_due_.value_or(acked_)) : std::nullopt;
  if (ack_with_face_) {
    write.start = wire::reg_key_ack_and_face;
    write.values.insert(write.values.begin(), *ack_with_face_);
  }
  exchange(face_, tell(write.start, std::move(write.values), Turn::urgent), &Machine::on_face);
}

void WindowUnit::Machine::on_face(const bus::Reply& reply) {
  if (const auto told = std::exchange(ack_with_face_, std::nullopt)) {
    acked_ = *told;
    if (ack_due_ == told) {
      ack_due_.reset();
    }
  }
  sign_.written(executor_.now());
  hear_status(reply);
  give_next();
  go();
}

// --- what people are told ---

void WindowUnit::Machine::note(std::string text) {
  note_ = std::move(text);
  note_until_ = executor_.now() + note_lasts;
}

/// What does not work of a unit that answers; empty when all does.
std::string WindowUnit::Machine::impairment() const {
  std::string text;
  const auto add = [&text](std::string_view what, std::string_view why) {
    text += text.empty() ? "" : "; ";
    text += what;
    text += why;
  };
  if (is_broken(face_)) {
    add("the sign cannot be written: it ", face_.why);
  }
  if (is_broken(ring_)) {
    add("key presses cannot be read: it ", ring_.why);
  }
  if (is_broken(ack_)) {
    add("key presses cannot be acknowledged: it ", ack_.why);
  }
  if (is_broken(order_)) {
    add("it cannot be told how to rest: it ", order_.why);
  }
  if (suspects_ >= timing_.silent_after) {
    add("key presses cannot be read: ", "every answer speaks of another restart");
  }
  return text.empty() ? text : where() + ": " + text;
}

void WindowUnit::Machine::report_alive() {
  if (executor_.now() >= note_until_) {
    note_.clear();
  }
  if (const auto text = impairment(); !text.empty()) {
    report(is_broken(face_) ? Status::refused : Status::ok, text);
  } else if (note_.empty() && sign_.is_stubborn()) {
    report(Status::ok, where() + ": the sign does not show what it is told");
  } else {
    report(Status::ok, note_);
  }
}

void WindowUnit::Machine::report(Status status, std::string reason) {
  std::pair now{status, std::move(reason)};
  if (!closed_ && told_ != now) {
    told_ = now;
    listener_.unit_changed(now.first, now.second);
  }
}

std::string WindowUnit::Machine::where() const {
  return "address " + std::to_string(address_.value);
}

}  // namespace lobby::window
