#include "drivers/cctv/motion.hpp"

#include <utility>

#include "drivers/cctv/motion_proofs.hpp"
#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

/// The look before a start may delay it by that much.
constexpr link::Duration baseline_within = std::chrono::milliseconds(300);

/// It has no mode that a start would replace: an event begins and ends.
constexpr std::string_view motion_previous = "no event";

class Motion final : public Recorder {
 public:
  Motion(link::Executor& executor, std::unique_ptr<http::Client> control,
         std::unique_ptr<http::Client> stream, std::unique_ptr<MovieShelf> shelf, MotionSettings settings,
         RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        control_(std::move(control)),
        stream_(std::move(stream)),
        shelf_(std::move(shelf)),
        settings_(settings),
        options_(std::move(options)) {}

  bool can_verify() const override { return shelf_ != nullptr; }
  std::string describe() const override {
    std::string out = "motion, camera " + std::to_string(settings_.camera);
    return can_verify() ? out : out + "\nnobody looks at its movies, so nothing that it says can be verified";
  }

  void start(std::function<void(Outcome, Session)> done) override {
    if (!turns_.begin_order(done, session_.value_or(Session{}))) {
      return;
    }
    if (!session_) {
      session_ = Session{options_.utc(), std::string(motion_previous)};
      film_.forget();
      watch_.forget();
    }
    const auto order = [this, done = std::move(done)] {
      act(true, options_.order_within - baseline_within,
          [this, done](Outcome outcome) { done(std::move(outcome), *session_); });
    };
    if (shelf_ && !film_.has_baseline()) {
      look(baseline_within, [this, order](const MovieShelf::Look& seen) {
        film_.baseline(seen);
        order();
      });
    } else {
      order();
    }
  }

  void resume(Session session) override {
    session_ = std::move(session);
    film_.forget();
    watch_.forget();
  }

  void stop(Done done) override {
    if (!turns_.begin_order(done)) {
      return;
    }
    act(false, options_.order_within, [this, done = std::move(done)](Outcome outcome) {
      if (outcome.word == Word::done) {
        session_.reset();
      }
      done(std::move(outcome));
    });
  }

  void probe(std::function<void(Reading)> done) override {
    if (!turns_.begin_probe(done, can_verify())) {
      return;
    }
    const auto gathering = std::make_shared<Gathering>(can_verify(), shelf_ ? 2 : 1,
                                                       [this, done = std::move(done)](Reading reading) {
                                                         turns_.end_probe();
                                                         done(std::move(reading));
                                                       });
    ask_status([this, gathering](const http::Answer& answer) {
      gathering->add(watch_.judge(answer, settings_.camera, session_, options_));
      gathering->reading.clock_offset = watch_.clock_offset();
    });
    if (shelf_) {
      look(options_.probe_within, [this, gathering, at = executor_.now()](const MovieShelf::Look& seen) {
        gathering->add(film_.judge(seen, at, session_.has_value(), settings_));
      });
    }
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    auto found = std::make_shared<Preflight>();
    check_login(found, [this, done = std::move(done), found] {
      turns_.end_check();
      done(*found);
    });
  }

 private:
  std::string target(std::string_view what) const {
    return "/" + std::to_string(settings_.camera) + "/" + std::string(what);
  }

  void ask_status(http::Client::Done done) {
    http::Request request;
    request.target = target("status.json");
    request.within = options_.probe_within;
    stream_->ask(std::move(request), std::move(done));
  }

  void look(link::Duration within, std::function<void(const MovieShelf::Look&)> done) {
    // One look at a time: a start in the middle of a probe goes without.
    if (std::exchange(is_looking_, true)) {
      turns_.later([done = std::move(done)] { done({"another look is on its way", {}, 0, 0}); });
      return;
    }
    shelf_->look(within, [this, done = std::move(done)](const MovieShelf::Look& seen) {
      is_looking_ = false;
      done(seen);
    });
  }

  void act(bool is_start, link::Duration within, Done done) {
    http::Request request;
    request.target = target(is_start ? "action/eventstart" : "action/eventend");
    request.within = within;
    request.urgent = true;
    control_->ask(std::move(request), [this, is_start, done = std::move(done)](const http::Answer& answer) {
      turns_.end_order();
      done(judged(answer, is_start));
    });
  }

  Outcome judged(const http::Answer& answer, bool is_start) {
    if (answer.fault != http::Fault::none) {
      was_refused_ = was_refused_ || fault_of(answer.fault) == Fault::credential;
      return outcome_of(answer);
    }
    if (const auto fault = status_fault(answer.status); fault != Fault::none) {
      return failed_by(answer, fault, "motion answers with status " + std::to_string(answer.status));
    }
    switch (motion::parse_action(answer.body, settings_.camera, is_start)) {
      case motion::Said::done:
        was_refused_ = false;
        return done_by(answer);
      case motion::Said::not_understood:
        return not_understood(answer);
      case motion::Said::garbled:
        break;
    }
    return failed_by(answer, Fault::garbled, "motion answers what it never says");
  }

  Outcome not_understood(const http::Answer& answer) const {
    return was_refused_ ? failed_by(answer, Fault::locked_out, "motion ignores us after wrong passwords")
                        : failed_by(answer, Fault::no_camera, "motion knows no such camera, or ignores us");
  }

  // --- before anybody counts on it ---
  void check_login(const std::shared_ptr<Preflight>& found, std::function<void()> done) {
    http::Request request;
    request.target = target("detection/connection");
    control_->ask(std::move(request), [this, found, done = std::move(done)](const http::Answer& answer) {
      Outcome login = done_by(answer), camera = done_by(answer);
      if (answer.fault != http::Fault::none || status_fault(answer.status) != Fault::none) {
        login = judged(answer, true);
        camera = failed(Fault::unreachable, "not asked");
      } else {
        const auto said = motion::parse_connection(answer.body, settings_.camera);
        if (said == motion::Connection::not_understood) {
          camera = not_understood(answer);
        } else if (said != motion::Connection::ok) {
          camera = failed_by(answer, said == motion::Connection::lost ? Fault::camera_lost : Fault::garbled,
                             "motion has lost the camera");
        }
      }
      found->checks.push_back({"login", std::move(login)});
      found->checks.push_back({"camera", std::move(camera)});
      check_clock(found, done);
    });
  }

  void check_clock(const std::shared_ptr<Preflight>& found, std::function<void()> done) {
    ask_status([this, found, done = std::move(done)](const http::Answer& answer) {
      // Asked without a session it tells of the clock alone.
      MotionWatch watch;
      const auto proof = watch.judge(answer, settings_.camera, std::nullopt, options_);
      found->clock_offset = watch.clock_offset();
      Outcome clock = done_by(answer);
      if (!found->clock_offset) {
        clock = failed_by(answer, proof.fault == Fault::none ? Fault::clock : proof.fault, proof.reason);
      } else if (std::chrono::abs(*found->clock_offset) > options_.clock_tolerance) {
        clock = failed_by(answer, Fault::clock, "motion's clock differs from ours");
      }
      found->checks.push_back({"clock", std::move(clock)});
      check_storage(found, done);
    });
  }

  void check_storage(const std::shared_ptr<Preflight>& found, std::function<void()> done) {
    if (!shelf_) {
      found->checks.push_back(
          {"storage", failed(Fault::storage, "nobody looks at the movies, so a full disk is not noticed")});
      done();
      return;
    }
    look(options_.probe_within, [this, found, done = std::move(done)](const MovieShelf::Look& seen) {
      Outcome storage{Word::done, Fault::none, {}, {}};
      if (!seen.fault.empty()) {
        storage = failed(Fault::storage, seen.fault);
      } else if (seen.free < settings_.least_free) {
        storage = failed(Fault::storage, "too little room for movies");
      }
      found->checks.push_back({"storage", std::move(storage)});
      done();
    });
  }

  Turns turns_;
  link::Executor& executor_;
  std::unique_ptr<http::Client> control_, stream_;
  std::unique_ptr<MovieShelf> shelf_;
  MotionSettings settings_;
  RecorderOptions options_;
  std::optional<Session> session_;
  MotionWatch watch_;
  FilmWatch film_;
  bool is_looking_ = false;
  bool was_refused_ = false;  ///< our password, since it was taken last
};

}  // namespace

std::unique_ptr<Recorder> make_motion(link::Executor& executor, std::unique_ptr<http::Client> control,
                                      std::unique_ptr<http::Client> stream, std::unique_ptr<MovieShelf> shelf,
                                      MotionSettings settings, RecorderOptions options) {
  return std::make_unique<Motion>(executor, std::move(control), std::move(stream), std::move(shelf), settings,
                                  std::move(options));
}

}  // namespace lobby::cctv
