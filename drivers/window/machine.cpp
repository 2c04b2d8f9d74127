#include "drivers/window/machine.hpp"

#include <algorithm>
#include <utility>

namespace lobby::window {
namespace {

namespace wire = lobby::wire::window_unit;
using bus::Exchange;
using bus::Turn;
using link::Status;

constexpr std::chrono::minutes note_lasts{1};
constexpr std::chrono::seconds line_retry{1};

bool is_key(std::uint8_t code) {
  return code <= static_cast<std::uint8_t>(wire::Key::digit_9) ||
         (code >= static_cast<std::uint8_t>(wire::Key::call) &&
          code <= static_cast<std::uint8_t>(wire::Key::help));
}

/// Why these are not the identity registers of our unit; empty when they are.
std::string objection(const std::vector<std::uint16_t>& words) {
  if (words[wire::reg_magic] != wire::magic) {
    return "is no window unit";
  }
  if (words[wire::reg_map_version] != wire::map_version) {
    return "speaks register map version " + std::to_string(words[wire::reg_map_version]) + ", not " +
           std::to_string(wire::map_version);
  }
  if (words[wire::reg_model] != wire::model) {
    return "is of the unknown model " + std::to_string(words[wire::reg_model]);
  }
  return {};
}

std::string presses(unsigned count) {
  return std::to_string(count) + (count == 1 ? " key press was lost" : " key presses were lost");
}

}  // namespace

WindowUnit::Machine::Machine(link::Executor& loop, bus::Bus& line, bus::BusAddress at, Timing times,
                             Listener& told)
    : executor_(loop),
      bus_(line),
      address_(at),
      timing_(times),
      listener_(told),
      pause_(loop),
      pace_(loop),
      back_off_(times.first_retry, times.last_retry) {}

void WindowUnit::Machine::start() {
  executor_.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->go();
    }
  });
}

void WindowUnit::Machine::close() {
  closed_ = true;
  pause_.cancel();
  pace_.cancel();
}

void WindowUnit::Machine::want(Face face, std::uint64_t tag) {
  if (sign_.want(std::move(face), tag)) {
    go();
  }
}

/// Sets every strand going that has something to do and may do it.
void WindowUnit::Machine::go() {
  if (closed_ || pause_.pending()) {
    return;
  }
  if (phase_ == Phase::run) {
    if (sign_.is_write_due() && !face_.under_way) {
      write_face();
    }
    if (ack_due_ && !ack_.under_way) {
      write_ack();
    }
  }
  if (!question_.under_way && !pace_.pending()) {
    ask_question();
  }
}

void WindowUnit::Machine::exchange(Strand& strand, Exchange exchange, Answered answered) {
  strand.under_way = true;
  exchange.address = address_;
  const std::size_t expected = exchange.kind == Exchange::Kind::write ? 0 : exchange.count;
  bus_.exchange(std::move(exchange),
                [weak = weak_from_this(), &strand, answered, expected](const bus::Reply& reply) {
                  const auto self = weak.lock();
                  if (!self || self->closed_) {
                    return;
                  }
                  strand.under_way = false;
                  const bool is_whole = expected == 0 || reply.values.size() == expected;
                  if (reply.status != Status::ok || !is_whole) {
                    self->failed(strand, reply.status == Status::ok ? Status::corrupt : reply.status);
                    return;
                  }
                  self->succeeded(strand);
                  (self.get()->*answered)(reply);
                });
}

void WindowUnit::Machine::ask_question() {
  const auto read = [this](Exchange::Kind kind, std::uint16_t start, std::uint16_t count, Turn turn,
                           Answered answered) {
    exchange(question_, {address_, kind, start, count, {}, turn}, answered);
  };
  using enum Exchange::Kind;
  switch (phase_) {
    case Phase::identity:
      read(read_input, wire::reg_magic, wire::identity_count, Turn::poll, &Machine::on_identity);
      return;
    case Phase::first_status:
      read(read_input, wire::reg_boot_id, wire::status_count, Turn::poll, &Machine::on_first_status);
      return;
    case Phase::first_ack:
      read(read_holding, wire::reg_key_ack, 1, Turn::normal, &Machine::on_first_ack);
      return;
    case Phase::run:
      if (ledger_.is_ring_due()) {
        read(read_input, wire::reg_keys, wire::key_ring, Turn::normal, &Machine::on_ring);
      } else {
        read(read_input, wire::reg_boot_id, wire::status_count,
             ledger_.is_status_due() ? Turn::normal : Turn::poll, &Machine::on_status);
      }
      return;
  }
}

// --- failures ---

void WindowUnit::Machine::failed(Strand& strand, Status status) {
  ++strand.failures;
  const bool is_plain = status == Status::gone || status == Status::refused;
  if (!is_plain && strand.failures < timing_.silent_after) {
    if (status == Status::busy) {
      pause_for(status);
    } else {
      go();
    }
    return;
  }
  constexpr const char* said[] = {"",
                                  "has to wait too long for its turn on the line",
                                  "does not answer",
                                  "answers, but what arrives is damaged",
                                  "refuses a request of the register map",
                                  ""};
  report(status, status == Status::gone ? "its line is away"
                                        : where() + " " + said[static_cast<std::size_t>(status)]);
  phase_ = Phase::identity;
  pause_for(status);
  // What was read from it is no worse for its silence.
  give_next();
}

void WindowUnit::Machine::pause_for(Status status) {
  if (pause_.pending()) {
    return;
  }
  pace_.cancel();
  // Asking an absent line costs nobody's time, so its return is noticed soon.
  const auto longest =
      status == Status::gone ? std::min<link::Duration>(line_retry, timing_.last_retry) : timing_.last_retry;
  pause_.start(std::min(back_off_.next(), longest), [this] { go(); });
}

void WindowUnit::Machine::succeeded(Strand& strand) {
  strand.failures = 0;
  if (question_.failures == 0 && face_.failures == 0 && ack_.failures == 0 && phase_ == Phase::run) {
    back_off_.reset();
  }
}

// --- who are you ---

void WindowUnit::Machine::on_identity(const bus::Reply& reply) {
  const auto reason = objection(reply.values);
  if (!reason.empty()) {
    report(Status::refused, where() + " " + reason);
    pause_for(Status::refused);
    return;
  }
  phase_ = ledger_.has_begun() ? Phase::run : Phase::first_status;
  go();
}

void WindowUnit::Machine::on_first_status(const bus::Reply& reply) {
  first_status_ = *parse_status(reply.values);
  phase_ = Phase::first_ack;
  go();
}

void WindowUnit::Machine::on_first_ack(const bus::Reply& reply) {
  // Should it restart between the two answers, the next status has another boot id and all begins at 0.
  ledger_.begin(first_status_, reply.values.front());
  phase_ = Phase::run;
  see_status(first_status_);
}

// --- what happened ---

void WindowUnit::Machine::on_status(const bus::Reply& reply) {
  if (phase_ == Phase::run) {
    see_status(*parse_status(reply.values));
  } else {
    go();
  }
}

void WindowUnit::Machine::see_status(const UnitStatus& status) {
  const auto seen = ledger_.see(status);
  const unsigned lost = ledger_.take_lost();
  if (seen == KeyLedger::Seen::reset_suspect) {
    next_poll(true);
    return;
  }
  if (seen == KeyLedger::Seen::reset) {
    // An acknowledgement of the former life may have reached the new one: set it right.
    ack_due_ = 0;
    sign_.forgotten();
    note(lost == 0 ? where() + " restarted" : where() + " restarted; " + presses(lost));
  } else if (lost > 0) {
    note(where() + ": " + presses(lost) + ", more than it can keep");
  }
  if (const auto tag = sign_.see(status.shown, executor_.now())) {
    listener_.face_shown(*tag);
  }
  if (!sign_.is_write_due() && !face_.under_way) {
    face_.failures = 0;  // it heard us all the same
  }
  report_ok();
  give_next();
  next_poll(seen == KeyLedger::Seen::reset || ledger_.is_ring_due());
}

void WindowUnit::Machine::on_ring(const bus::Reply& reply) {
  if (phase_ == Phase::run) {
    static_cast<void>(ledger_.read_ring(reply.values));  // one that is outdated is read again
  }
  go();
}

void WindowUnit::Machine::next_poll(bool at_once) {
  if (closed_) {
    return;
  }
  if (!at_once && timing_.poll > link::Duration::zero() && !pause_.pending()) {
    pace_.start(timing_.poll, [this] { go(); });
  }
  go();
}

// --- keys ---

void WindowUnit::Machine::give_next() {
  // Unacknowledged presses come again after a restart of ours: one at a time keeps that to one.
  const bool must_wait = phase_ == Phase::run && ack_due_.has_value();
  if (closed_ || given_ || must_wait) {
    return;
  }
  const auto press = ledger_.next();
  if (!press) {
    return;
  }
  given_ = press;
  auto take = [weak = weak_from_this(), &loop = executor_, press = *press] {
    loop.post([weak, press] {
      if (const auto self = weak.lock(); self && !self->closed_) {
        self->taken(press);
      }
    });
  };
  if (is_key(press->key)) {
    listener_.key_pressed(static_cast<wire::Key>(press->key), std::move(take));
  } else {
    take();
  }
}

void WindowUnit::Machine::taken(Press press) {
  if (!given_ || given_->boot_id != press.boot_id || given_->number != press.number) {
    return;
  }
  given_.reset();
  if (press.boot_id == ledger_.boot_id()) {
    ack_due_ = press.number;
    go();
  }
  give_next();
}

void WindowUnit::Machine::write_ack() {
  ack_on_wire_ = *ack_due_;
  exchange(ack_, {address_, Exchange::Kind::write, wire::reg_key_ack, 0, {ack_on_wire_}, Turn::normal},
           &Machine::on_ack);
}

void WindowUnit::Machine::on_ack(const bus::Reply&) {
  if (ack_due_ == ack_on_wire_) {
    ack_due_.reset();
  }
  give_next();
  go();
}

// --- the sign ---

void WindowUnit::Machine::write_face() {
  exchange(face_, {address_, Exchange::Kind::write, wire::reg_face, 0, sign_.begin_write(), Turn::urgent},
           &Machine::on_face);
}

void WindowUnit::Machine::on_face(const bus::Reply&) {
  sign_.written(executor_.now());
  go();
}

// --- what people are told ---

void WindowUnit::Machine::note(std::string text) {
  note_ = std::move(text);
  note_until_ = executor_.now() + note_lasts;
}

void WindowUnit::Machine::report_ok() {
  const bool is_silent = question_.failures >= timing_.silent_after ||
                         face_.failures >= timing_.silent_after || ack_.failures >= timing_.silent_after;
  if (is_silent) {
    return;  // it answers some requests and not others: the fault stands
  }
  if (executor_.now() >= note_until_) {
    note_.clear();
  }
  if (note_.empty() && sign_.is_stubborn()) {
    report(Status::ok, where() + ": the sign does not show what it is told");
    return;
  }
  report(Status::ok, note_);
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
