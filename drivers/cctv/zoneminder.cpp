#include "drivers/cctv/zoneminder.hpp"

#include <utility>

#include "drivers/cctv/motion_proofs.hpp"
#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view event_line_probe = "event";
constexpr std::string_view by_itself = "by-itself";

class ZoneMinder final : public Recorder, private link::ByteLink::Listener {
 public:
  ZoneMinder(link::Executor& executor, std::unique_ptr<link::ByteLink> link,
             std::unique_ptr<MovieShelf> shelf, ZoneMinderSettings settings, RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        settings_(std::move(settings)),
        options_(std::move(options)),
        order_time_(executor),
        shelf_(std::move(shelf)),
        link_(std::move(link)) {
    link_->start(*this);
  }

  bool can_verify() const override { return shelf_ != nullptr && hears_; }
  std::string describe() const override {
    const auto out = "ZoneMinder, monitor " + std::to_string(settings_.monitor);
    return can_verify() ? out
           : shelf_
               ? out + "\nits line has told nothing of an event yet, so its files alone show what it does"
               : out + "\nnobody can look at its events, so what it tells cannot be verified";
  }

  void start(std::function<void(Outcome, Session)> done) override {
    start_session(turns_, session_, {options_.utc(), std::string(by_itself)}, std::move(done),
                  [this](bool is_start, Done ordered) { order(is_start, std::move(ordered)); });
  }

  void resume(Session session) override { session_ = std::move(session); }

  void stop(Done done) override {
    stop_session(
        turns_, session_,
        [this, done = std::move(done)](Outcome outcome) {
          if (outcome.word == Word::done) {
            film_.forget();
          }
          done(std::move(outcome));
        },
        [this](bool is_start, Done ordered) { order(is_start, std::move(ordered)); });
  }

  void probe(std::function<void(Reading)> done) override {
    if (!turns_.begin_probe(done, can_verify())) {
      return;
    }
    const auto gathering =
        std::make_shared<Gathering>(false, shelf_ ? 2 : 1, [this, done = std::move(done)](Reading reading) {
          reading.can_verify = can_verify();
          turns_.end_probe();
          done(std::move(reading));
        });
    if (shelf_) {
      shelf_->look(options_.probe_within,
                   [this, gathering, at = executor_.now()](const MovieShelf::Look& seen) {
                     gathering->add(film_.judge(seen, at, session_.has_value(), film_settings()));
                   });
    }
    turns_.later([this, gathering] {
      // One who came in the middle hears nothing of it: then there is nothing to say, but the files.
      if (shelf_ && session_ && link_->is_up() && !hears_) {
        gathering->came();
      } else {
        gathering->add(event_proof());
      }
    });
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    const auto found = std::make_shared<Preflight>();
    found->checks.push_back({"login", link_->is_up() ? Outcome{Word::done, Fault::none, {}, {}} : away()});
    if (!shelf_) {
      found->checks.push_back({"storage", failed(Fault::storage, "nobody can look at its events")});
      turns_.later([this, found, done = std::move(done)] {
        turns_.end_check();
        done(*found);
      });
      return;
    }
    shelf_->look(options_.order_within, [this, found, done = std::move(done)](const MovieShelf::Look& seen) {
      const bool is_full = seen.free < settings_.least_free;
      found->checks.push_back({"storage", !seen.fault.empty() ? failed(Fault::storage, seen.fault)
                                          : is_full ? failed(Fault::storage, "too little room for events")
                                                    : Outcome{Word::done, Fault::none, {}, {}}});
      turns_.end_check();
      done(*found);
    });
  }

 private:
  static Outcome away() { return failed(Fault::unreachable, "there is no connection to the recorder"); }
  MotionSettings film_settings() const {
    return {settings_.monitor, settings_.least_free, settings_.grows_within};
  }

  // --- orders ---
  void order(bool is_start, Done done) {
    if (!link_->is_up()) {
      turns_.later([this, done = std::move(done)] {
        turns_.end_order();
        done(away());
      });
      return;
    }
    ordered_ = std::move(done);
    is_start_ordered_ = is_start;
    order_time_.start(options_.order_within, [this] {
      finish({Word::unknown, Fault::timeout, "the recorder tells nothing of what was ordered", {}});
    });
    if (shelf_ && is_start && !film_.has_baseline()) {
      shelf_->look(options_.order_within / 2, [this](const MovieShelf::Look& seen) {
        film_.baseline(seen);
        send_order();
      });
    } else {
      send_order();
    }
  }
  void send_order() {
    const auto line = is_start_ordered_ ? zoneminder::on_line(settings_.monitor, settings_.cause)
                                        : zoneminder::cancel_line(settings_.monitor);
    link_->send({line.begin(), line.end()}, [this, is_start = is_start_ordered_](link::Status status) {
      if (status != link::Status::ok) {
        finish(away());
      } else if (hears_ && is_open_ == is_start) {
        // It is so already: it will tell nothing.
        finish({Word::done, Fault::none, {}, {}});
      }
    });
  }
  void finish(Outcome outcome) {
    if (const auto done = std::exchange(ordered_, nullptr)) {
      order_time_.cancel();
      turns_.end_order();
      done(std::move(outcome));
    }
  }

  // --- what it tells ---
  Proof event_proof() const {
    using enum Proof::Seen;
    const auto proof = [&](Proof::Seen seen, Fault fault, std::string reason) {
      return Proof{std::string(event_line_probe), seen, fault, std::move(reason), executor_.now(), {}};
    };
    if (!session_) {
      return not_ordered(event_line_probe, executor_.now());
    }
    if (!link_->is_up()) {
      return proof(unknown, Fault::unreachable, "there is no connection to the recorder");
    }
    if (!hears_) {
      return proof(unknown, Fault::not_recording, "no event has begun since the connection was made");
    }
    return is_open_ ? proof(yes, Fault::none, {})
                    : proof(no, Fault::not_recording, "the recorder tells that the event is over");
  }

  void told(const zoneminder::Told& one) {
    if (one.monitor != settings_.monitor) {
      return;
    }
    // The event of before, told once more, is no new one.
    if (one.is_on && (!is_open_ && hears_) && one.event == event_) {
      return;
    }
    hears_ = true;
    is_open_ = one.is_on;
    event_ = one.event;
    if (ordered_ && is_open_ == is_start_ordered_) {
      turns_.later([this] { finish({Word::done, Fault::none, {}, {}}); });
    }
  }

  void forget_line() {
    in_.clear();
    skips_ = false;
    hears_ = false;
    is_open_ = false;
  }
  void link_up() override { forget_line(); }
  void link_down(std::string_view) override {
    forget_line();
    turns_.later([this] {
      finish({Word::unknown, Fault::unreachable, "the connection to the recorder was lost", {}});
    });
  }
  void link_bytes(std::span<const std::uint8_t> bytes) override {
    for (const auto byte : bytes) {
      if (byte != '\n') {
        skips_ = skips_ || in_.size() >= zoneminder::longest_line;
        if (!skips_) {
          in_ += static_cast<char>(byte);
        }
        continue;
      }
      if (const auto one = skips_ ? std::nullopt : zoneminder::parse_told(in_)) {
        told(*one);
      }
      in_.clear();
      skips_ = false;
    }
  }

  Turns turns_;
  link::Executor& executor_;
  ZoneMinderSettings settings_;
  RecorderOptions options_;
  link::Timer order_time_;
  std::optional<Session> session_;
  FilmWatch film_;
  Done ordered_;  ///< who waits for what was ordered
  bool is_start_ordered_ = false;
  bool hears_ = false;    ///< it has told of an event over this connection
  bool is_open_ = false;  ///< and that goes on
  std::uint64_t event_ = 0;
  std::string in_;
  bool skips_ = false;  ///< a line that is too long
  std::unique_ptr<MovieShelf> shelf_;
  std::unique_ptr<link::ByteLink> link_;  ///< ends first
};

}  // namespace

std::unique_ptr<Recorder> make_zoneminder(link::Executor& executor, std::unique_ptr<link::ByteLink> link,
                                          std::unique_ptr<MovieShelf> shelf, ZoneMinderSettings settings,
                                          RecorderOptions options) {
  return std::make_unique<ZoneMinder>(executor, std::move(link), std::move(shelf), std::move(settings),
                                      std::move(options));
}

}  // namespace lobby::cctv
