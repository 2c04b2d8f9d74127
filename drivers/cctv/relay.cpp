#include "drivers/cctv/relay.hpp"

#include <utility>

#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view coil_probe = "relay";
constexpr std::string_view contact_probe = "contact";
constexpr std::string_view at_rest = "rest";

/// An answer is in time once, or its time is over; it ends with its owner.
class Deadline {
 public:
  Deadline(link::Executor& executor, link::Duration within, std::function<void()> late) : timer_(executor) {
    timer_.start(within, [this, late = std::move(late)] {
      is_over_ = true;
      late();
    });
  }
  bool in_time() {
    timer_.cancel();
    return !std::exchange(is_over_, true);
  }

 private:
  link::Timer timer_;
  bool is_over_ = false;
};

class Relay final : public Recorder {
 public:
  Relay(link::Executor& executor, bus::Bus& bus, RelaySettings settings, RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        settings_(std::move(settings)),
        options_(std::move(options)),
        rest_(executor),
        coil_(executor, bus, settings_.coil, nullptr) {
    rest_.start(settings_.rest_after, [this] { coil_.hold(position(false), nullptr); });
  }

  bool can_verify() const override { return false; }
  std::string describe() const override {
    return "relay " + std::to_string(settings_.coil.coil) + " of board " +
           std::to_string(settings_.coil.board.value) +
           (settings_.coil.contact ? "\nits contact is seen, what the recorder makes of it is not"
                                   : "\nneither its contact is seen nor what the recorder makes of it");
  }

  void start(std::function<void(Outcome, Session)> done) override {
    start_session(turns_, session_, {options_.utc(), std::string(at_rest)}, std::move(done),
                  [this](bool is_start, const Done& ordered) { order(is_start, ordered); });
  }

  void resume(Session session) override {
    rest_.cancel();
    session_ = std::move(session);
    coil_.keep(position(true));
  }

  void stop(Done done) override {
    stop_session(turns_, session_, std::move(done),
                 [this](bool is_start, const Done& ordered) { order(is_start, ordered); });
  }

  void probe(std::function<void(Reading)> done) override {
    if (!turns_.begin_probe(done, false)) {
      return;
    }
    look(probe_deadline_, options_.probe_within, [this, done = std::move(done)](const HeldCoil::Look& look) {
      turns_.end_probe();
      Reading out;
      out.proofs.push_back(proof(coil_probe, look.coil, look, "the relay is not as it was ordered"));
      if (settings_.coil.contact) {
        out.proofs.push_back(
            proof(contact_probe, look.contact, look, "the relay's contact does not follow it"));
      }
      done(std::move(out));
    });
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    look(check_deadline_, options_.order_within, [this, done = std::move(done)](const HeldCoil::Look& look) {
      turns_.end_check();
      Preflight out;
      out.checks.push_back({"login", look.status == link::Status::ok
                                         ? Outcome{Word::done, Fault::none, {}, {}}
                                         : bad(look.status)});
      out.checks.push_back({"mode", mode_outcome(look)});
      done(std::move(out));
    });
  }

 private:
  /// Of the relay, while it is to record or is at rest.
  bool position(bool records) const {
    return records == (settings_.wiring == RelaySettings::Wiring::closing);
  }
  static Outcome bad(link::Status status) { return failed(fault_of(status), std::string(reason_of(status))); }

  /// Is it where it should be while it does what it does now?
  Outcome mode_outcome(const HeldCoil::Look& look) const {
    if (look.status != link::Status::ok) {
      return bad(look.status);
    }
    const bool wanted = position(session_.has_value());
    if (look.coil != wanted) {
      return failed(Fault::not_recording, "the relay is not where it belongs");
    }
    if (settings_.coil.contact && look.contact != wanted) {
      return failed(Fault::not_recording, "the relay's contact does not follow it");
    }
    return {Word::done, Fault::none, {}, {}};
  }

  Proof proof(std::string_view name, std::optional<bool> is, const HeldCoil::Look& look,
              std::string otherwise) const {
    if (!session_) {
      return not_ordered(name, look.at);
    }
    if (!is) {
      return {std::string(name),
              Proof::Seen::unknown,
              fault_of(look.status),
              std::string(reason_of(look.status)),
              look.at,
              {}};
    }
    const bool is_so = *is == position(true);
    return {std::string(name),
            is_so ? Proof::Seen::yes : Proof::Seen::no,
            is_so ? Fault::none : Fault::not_recording,
            is_so ? std::string() : std::move(otherwise),
            look.at,
            {}};
  }

  void look(std::shared_ptr<Deadline>& deadline, link::Duration within,
            const std::function<void(const HeldCoil::Look&)>& done) {
    const auto began = executor_.now();
    deadline = std::make_shared<Deadline>(executor_, within, [done, began] {
      done({link::Status::timeout, {}, {}, began});
    });
    coil_.look([weak = std::weak_ptr(deadline), done](const HeldCoil::Look& seen) {
      if (const auto held = weak.lock(); held && held->in_time()) {
        done(seen);
      }
    });
  }

  void order(bool records, const Done& done) {
    rest_.cancel();
    const bool wanted = position(records);
    // What is late is late; it is held all the same.
    order_deadline_ = std::make_shared<Deadline>(executor_, options_.order_within, [this, done] {
      turns_.end_order();
      done({Word::unknown, Fault::timeout, "the board does not answer", {}});
    });
    coil_.hold(wanted,
               [this, weak = std::weak_ptr(order_deadline_), wanted, done](const HeldCoil::Done& said) {
                 if (const auto held = weak.lock(); held && held->in_time()) {
                   turns_.end_order();
                   done(outcome(said, wanted));
                 }
               });
  }
  static Outcome outcome(const HeldCoil::Done& said, bool wanted) {
    using link::Status;
    if (said.written != Status::ok) {
      Outcome out = bad(said.written);
      const bool is_certain =
          said.written == Status::refused || said.written == Status::gone || said.written == Status::busy;
      out.word = is_certain ? Word::failed : Word::unknown;
      return out;
    }
    if (!said.look.coil) {
      Outcome out = bad(said.look.status);
      out.word = Word::unknown;
      return out;
    }
    return *said.look.coil == wanted ? Outcome{Word::done, Fault::none, {}, {}}
                                     : failed(Fault::refused, "the board said yes and its relay stays");
  }

  Turns turns_;
  link::Executor& executor_;
  RelaySettings settings_;
  RecorderOptions options_;
  link::Timer rest_;
  HeldCoil coil_;
  std::optional<Session> session_;
  std::shared_ptr<Deadline> order_deadline_, probe_deadline_, check_deadline_;
};

}  // namespace

std::unique_ptr<Recorder> make_relay(link::Executor& executor, bus::Bus& bus, RelaySettings settings,
                                     RecorderOptions options) {
  return std::make_unique<Relay>(executor, bus, std::move(settings), std::move(options));
}

}  // namespace lobby::cctv
