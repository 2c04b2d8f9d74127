#include "drivers/cctv/onvif_recorder.hpp"

#include <algorithm>
#include <utility>

#include "drivers/cctv/onvif_events.hpp"
#include "drivers/cctv/onvif_talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view job_probe = "job";
constexpr std::string_view written_probe = "search";
constexpr std::chrono::seconds clock_slack{3};
constexpr link::Duration onvif_clock_every = std::chrono::minutes(1);

/// The job of a session, and what becomes of it at the end: `made TOKEN`, `idle TOKEN`, `active TOKEN`.
struct HeldJob {
  std::string before, token;

  static HeldJob read(const std::string& previous) {
    const auto space = previous.find(' ');
    return space == std::string::npos ? HeldJob{}
                                      : HeldJob{previous.substr(0, space), previous.substr(space + 1)};
  }
  std::string text() const { return before + " " + token; }
};

class OnvifRecorder final : public Recorder {
 public:
  OnvifRecorder(link::Executor& executor, std::unique_ptr<http::Client> client,
                std::unique_ptr<http::Client> events, const std::shared_ptr<http::Login>& login,
                OnvifSettings settings, RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        client_(std::move(client)),
        device_(std::make_shared<OnvifDevice>()),
        settings_(std::move(settings)),
        options_(std::move(options)),
        talk_(executor, *client_, login, device_, options_.utc) {
    device_->device_path = settings_.device_path;
    if (events) {
      events_ = std::make_unique<OnvifEvents>(executor, std::move(events), login, device_, options_.utc);
    }
  }

  bool can_verify() const override { return events_ != nullptr; }
  std::string describe() const override {
    const auto out = "ONVIF, recording " + settings_.recording;
    return events_ ? out : out + "\nits events are not listened to, so what it says cannot be verified";
  }

  void start(std::function<void(Outcome, Session)> done) override {
    if (!turns_.begin_order(done, session_.value_or(Session{}))) {
      return;
    }
    if (!session_) {
      session_ = Session{options_.utc(), {}};
    }
    const auto end = executor_.now() + options_.order_within;
    const auto finish = [this, done = std::move(done)](Outcome outcome) {
      turns_.end_order();
      listen();
      done(std::move(outcome), *session_);
    };
    const auto held = HeldJob::read(session_->previous);
    if (!held.token.empty()) {
      again(held, end, finish);
    } else if (settings_.job.empty()) {
      make_job(end, finish);
    } else {
      take_job(end, finish);
    }
  }

  void resume(Session session) override {
    session_ = std::move(session);
    listen();
  }

  void stop(Done done) override {
    const auto held = HeldJob::read(session_ ? session_->previous : std::string());
    if (held.token.empty()) {
      turns_.later(
          [done = std::move(done)] { done(failed(Fault::mode_unknown, "no job was made or taken")); });
      return;
    }
    if (!turns_.begin_order(done)) {
      return;
    }
    auto finish = [this, done = std::move(done)](Outcome outcome) {
      turns_.end_order();
      if (outcome.word == Word::done) {
        session_.reset();
        listen();
      }
      done(std::move(outcome));
    };
    const auto end = executor_.now() + options_.order_within;
    if (held.before == "made") {
      order(onvif::delete_job(held.token), "DeleteRecordingJob", end, [finish](Outcome outcome) {
        // One that is gone already need not be removed.
        const bool is_gone = outcome.word == Word::failed && outcome.fault == Fault::not_recording;
        finish(is_gone ? Outcome{Word::done, Fault::none, {}, outcome.raw_sha256} : std::move(outcome));
      });
    } else {
      order(onvif::set_job_mode(held.token, held.before == "active"), "SetRecordingJobMode", end,
            std::move(finish));
    }
  }

  void probe(std::function<void(Reading)> done) override {
    if (!turns_.begin_probe(done, can_verify())) {
      return;
    }
    const auto end = executor_.now() + options_.probe_within;
    const auto gathering =
        std::make_shared<Gathering>(can_verify(), 3, [this, done = std::move(done)](Reading reading) {
          if (events_) {
            reading.proofs.push_back(events_->proof(executor_.now()));
          }
          reading.clock_offset = device_->clock_offset;
          turns_.end_probe();
          done(std::move(reading));
        });
    ask_state(gathering, end);
    // How far the film goes is told by the recorder's clock.
    const auto go_on = [this, gathering, end] {
      gathering->came();
      ask_written(gathering, end);
    };
    if (!device_->clock_offset || executor_.now() - device_->clock_at >= onvif_clock_every) {
      talk_.ask_clock(end, [go_on](const OnvifTalk::Said&) { go_on(); });
    } else {
      go_on();
    }
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    const auto end = executor_.now() + options_.order_within;
    const auto found = std::make_shared<Preflight>();
    talk_.ask_clock(end, [this, found, end, done = std::move(done)](const OnvifTalk::Said& told) {
      found->clock_offset = device_->clock_offset;
      found->checks.push_back({"clock", clock_outcome(told)});
      talk_.ask(onvif::get_device_information(), end, [this, found, end, done](const OnvifTalk::Said& said) {
        const auto version = said.is_good() ? onvif::parse_version(said.answer.body) : std::nullopt;
        found->version = version.value_or("");
        found->checks.push_back({"login", version ? done_by(said.answer) : onvif_outcome(said)});
        talk_.ask(onvif::get_recording_jobs(), end, [this, found, done](const OnvifTalk::Said& jobs) {
          found->checks.push_back({"mode", jobs_outcome(jobs)});
          turns_.end_check();
          done(*found);
        });
      });
    });
  }

 private:
  std::string job() const { return session_ ? HeldJob::read(session_->previous).token : std::string(); }

  void listen() {
    if (!events_) {
      return;
    }
    if (const auto token = job(); token.empty()) {
      events_->stop();
    } else {
      events_->watch(token);
    }
  }

  // --- orders ---
  void order(onvif::Call call, std::string name, link::MonoTime end, Done done) {
    talk_.ask(std::move(call), end,
              [name = std::move(name), done = std::move(done)](const OnvifTalk::Said& said) {
                done(said.is_good() && onvif::is_answer_to(said.answer.body, name) ? done_by(said.answer)
                                                                                   : onvif_outcome(said));
              });
  }

  void make_job(link::MonoTime end, const Done& done) {
    talk_.ask(onvif::create_job({settings_.recording, settings_.profile, settings_.priority}), end,
              [this, done](const OnvifTalk::Said& said) {
                const auto token = said.is_good() ? onvif::parse_created(said.answer.body) : std::nullopt;
                if (token) {
                  session_->previous = HeldJob{"made", *token}.text();
                }
                done(token ? done_by(said.answer) : onvif_outcome(said));
              });
  }

  void take_job(link::MonoTime end, const Done& done) {
    talk_.ask(onvif::get_recording_jobs(), end, [this, end, done](const OnvifTalk::Said& said) {
      const auto jobs = said.is_good() ? onvif::parse_jobs(said.answer.body) : std::nullopt;
      if (!jobs) {
        done(onvif_outcome(said));
        return;
      }
      const auto ours = std::find_if(jobs->begin(), jobs->end(),
                                     [&](const onvif::KnownJob& one) { return one.token == settings_.job; });
      if (ours == jobs->end()) {
        done(failed_by(said.answer, Fault::no_camera, "the recorder has no such job"));
        return;
      }
      session_->previous = HeldJob{ours->mode == "Active" ? "active" : "idle", settings_.job}.text();
      order(onvif::set_job_mode(settings_.job, true), "SetRecordingJobMode", end, done);
    });
  }

  void again(const HeldJob& held, link::MonoTime end, const Done& done) {
    order(onvif::set_job_mode(held.token, true), "SetRecordingJobMode", end,
          [this, held, end, done](Outcome outcome) {
            const bool is_gone = outcome.word == Word::failed && outcome.fault == Fault::not_recording;
            if (is_gone && held.before == "made") {
              session_->previous.clear();
              make_job(end, done);
            } else {
              done(std::move(outcome));
            }
          });
  }

  // --- proofs ---
  void ask_state(const std::shared_ptr<Gathering>& gathering, link::MonoTime end) {
    const auto token = job();
    if (token.empty()) {
      gathering->add(not_ordered(job_probe, executor_.now()));
      return;
    }
    talk_.ask(onvif::get_job_state(token), end, [gathering](const OnvifTalk::Said& said) {
      Proof proof;
      if (said.is_good()) {
        proof = judge_job(job_probe, onvif::parse_job_state(said.answer.body));
      } else {
        const auto fault = onvif_fault(said);
        const bool is_gone = said.fault && fault == Fault::not_recording;
        proof = {std::string(job_probe),
                 is_gone ? Proof::Seen::no : Proof::Seen::unknown,
                 fault,
                 onvif_outcome(said).reason,
                 {},
                 {}};
      }
      proof.at = said.answer.asked_at;
      proof.raw_sha256 = done_by(said.answer).raw_sha256;
      gathering->add(std::move(proof));
    });
  }

  void ask_written(const std::shared_ptr<Gathering>& gathering, link::MonoTime end) {
    const bool has_service = !device_->services || !device_->services->search.empty();
    if (job().empty() || !has_service || settings_.written_within.count() == 0) {
      gathering->came();
      return;
    }
    talk_.ask(onvif::get_recording_information(settings_.recording), end,
              [this, gathering](const OnvifTalk::Said& said) {
                if (const auto proof = judge_information(said)) {
                  gathering->add(*proof);
                } else {
                  gathering->came();
                }
              });
  }
  /// Nothing: it cannot be asked that.
  std::optional<Proof> judge_information(const OnvifTalk::Said& said) const {
    using enum Proof::Seen;
    const auto proof = [&](Proof::Seen seen, Fault fault, std::string reason) {
      return proof_of(written_probe, said.answer, seen, fault, std::move(reason));
    };
    const auto told = said.is_good() ? onvif::parse_recording_information(said.answer.body) : std::nullopt;
    if (!told) {
      const auto fault = onvif_fault(said);
      return fault == Fault::unsupported ? std::nullopt
                                         : std::optional(proof(unknown, fault, onvif_outcome(said).reason));
    }
    if (!session_ || !device_->clock_offset) {
      return proof(unknown, Fault::clock, "the recorder's clock is not known");
    }
    if (!told->latest) {
      return proof(no, Fault::not_written, "the recorder has written nothing");
    }
    const auto newest = *told->latest - *device_->clock_offset;
    const auto behind = options_.utc() - newest;
    if (behind < -clock_slack) {
      return proof(unknown, Fault::clock, "what is written bears times of the future");
    }
    if (newest <= session_->since) {
      return proof(no, Fault::not_written, "nothing on the disk is newer than the start");
    }
    if (behind > settings_.written_within) {
      return proof(no, Fault::not_written, "what is written on the disk has come to an end");
    }
    Proof out = proof(yes, Fault::none, {});
    out.at -= std::max(behind, std::chrono::milliseconds(0));
    return out;
  }

  // --- before anybody counts on it ---
  Outcome clock_outcome(const OnvifTalk::Said& said) const {
    if (!device_->clock_offset) {
      return onvif_outcome(said);
    }
    return std::chrono::abs(*device_->clock_offset) > options_.clock_tolerance
               ? failed_by(said.answer, Fault::clock, "the recorder's clock differs from ours")
               : done_by(said.answer);
  }
  Outcome jobs_outcome(const OnvifTalk::Said& said) const {
    const auto jobs = said.is_good() ? onvif::parse_jobs(said.answer.body) : std::nullopt;
    if (!jobs) {
      return onvif_outcome(said);
    }
    const bool is_there = settings_.job.empty() ||
                          std::any_of(jobs->begin(), jobs->end(),
                                      [&](const onvif::KnownJob& one) { return one.token == settings_.job; });
    return is_there ? done_by(said.answer)
                    : failed_by(said.answer, Fault::no_camera, "the recorder has no such job");
  }

  Turns turns_;
  link::Executor& executor_;
  std::unique_ptr<http::Client> client_;
  std::shared_ptr<OnvifDevice> device_;
  OnvifSettings settings_;
  RecorderOptions options_;
  OnvifTalk talk_;
  std::unique_ptr<OnvifEvents> events_;
  std::optional<Session> session_;
};

}  // namespace

std::unique_ptr<Recorder> make_onvif(link::Executor& executor, std::unique_ptr<http::Client> client,
                                     std::unique_ptr<http::Client> events, std::shared_ptr<http::Login> login,
                                     OnvifSettings settings, RecorderOptions options) {
  return std::make_unique<OnvifRecorder>(executor, std::move(client), std::move(events), login,
                                         std::move(settings), std::move(options));
}

}  // namespace lobby::cctv
