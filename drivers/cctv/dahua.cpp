#include "drivers/cctv/dahua.hpp"

#include <utility>

#include "drivers/cctv/dahua_files.hpp"
#include "drivers/cctv/segments.hpp"
#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view state_probe = "state";
constexpr std::string_view files_probe = "files";
constexpr link::Duration dahua_clock_every = std::chrono::minutes(1);

bool is_good(const http::Answer& answer) {
  return answer.fault == http::Fault::none && status_fault(answer.status) == Fault::none;
}

Outcome bad(const http::Answer& answer) {
  if (answer.fault != http::Fault::none) {
    return outcome_of(answer);
  }
  const auto fault = status_fault(answer.status);
  return failed_by(answer, fault == Fault::none ? Fault::garbled : fault,
                   fault == Fault::none
                       ? "the recorder's answer cannot be understood"
                       : "the recorder answers with status " + std::to_string(answer.status));
}

class Dahua final : public Recorder {
 public:
  Dahua(link::Executor& executor, std::unique_ptr<http::Client> client, DahuaSettings settings,
        RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        client_(std::move(client)),
        files_(executor, *client_),
        settings_(settings),
        options_(std::move(options)) {}

  bool can_verify() const override { return tells_state_; }
  std::string describe() const override {
    const auto out = "Dahua, channel " + std::to_string(settings_.channel);
    return tells_state_ ? out
                        : out + "\nit does not say what it records, so its files alone cannot verify it";
  }

  void start(std::function<void(Outcome, Session)> done) override {
    if (!turns_.begin_order(done, session_.value_or(Session{}))) {
      return;
    }
    const auto end = executor_.now() + options_.order_within;
    auto finish = [this, done = std::move(done), is_first = !session_](Outcome outcome) {
      turns_.end_order();
      const Session told = *session_;
      if (is_first && outcome.word == Word::failed) {
        session_.reset();  // the next order finds out anew what was before it
      }
      done(std::move(outcome), told);
    };
    if (session_) {
      set_mode(dahua::Mode::manual, end, std::move(finish));
      return;
    }
    session_ = Session{options_.utc(), {}};
    read_mode(end, [this, end, finish = std::move(finish)](const http::Answer& answer) {
      // What the mode was is worth a question, but not a recording.
      if (const auto mode = is_good(answer) ? dahua::parse_mode(answer.body, index()) : std::nullopt) {
        session_->previous = std::to_string(static_cast<int>(*mode));
      }
      set_mode(dahua::Mode::manual, end, finish);
    });
  }

  void resume(Session session) override { session_ = std::move(session); }

  void stop(Done done) override {
    const bool is_known = session_ && !session_->previous.empty();
    if (!is_known) {
      turns_.later([done = std::move(done)] {
        done(failed(Fault::mode_unknown, "the mode from before the start is not known"));
      });
      return;
    }
    if (!turns_.begin_order(done)) {
      return;
    }
    const auto mode = session_->previous == "1" ? dahua::Mode::manual : dahua::Mode::automatic;
    set_mode(mode, executor_.now() + options_.order_within, [this, done = std::move(done)](Outcome outcome) {
      turns_.end_order();
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
    const auto end = executor_.now() + options_.probe_within;
    const auto gathering =
        std::make_shared<Gathering>(true, 2, [this, done = std::move(done)](Reading reading) {
          reading.can_verify = tells_state_;
          reading.clock_offset = clock_offset();
          turns_.end_probe();
          done(std::move(reading));
        });
    ask_state(gathering, end);
    if (!shift_ || executor_.now() - clock_at_ >= dahua_clock_every) {
      ask_clock(end, [this, gathering, end](const http::Answer& answer) {
        if (shift_) {
          find(gathering, end);
        } else {
          gathering->add(no_proof_of(files_probe, answer, "the recorder's clock cannot be read"));
        }
      });
    } else {
      find(gathering, end);
    }
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    const auto end = executor_.now() + options_.order_within;
    const auto found = std::make_shared<Preflight>();
    get("/cgi-bin/magicBox.cgi?action=getSoftwareVersion", end, [found](const http::Answer& answer) {
      found->checks.push_back({"login", is_good(answer) ? done_by(answer) : bad(answer)});
      const auto text = dahua::value_of(answer.body, "version").value_or("");
      const bool is_plain = text.find_first_of("\t<>") == std::string_view::npos && text.size() <= 64;
      found->version = is_good(answer) && is_plain ? std::string(text) : std::string();
    });
    ask_clock(end, [this, found](const http::Answer& answer) {
      found->clock_offset = clock_offset();
      found->checks.push_back({"clock", clock_outcome(answer)});
    });
    read_mode(end, [this, found](const http::Answer& answer) {
      const bool is_known = is_good(answer) && dahua::parse_mode(answer.body, index());
      found->checks.push_back({"mode", is_known ? done_by(answer) : bad(answer)});
    });
    ask_event("VideoLoss", end, [this, found](const http::Answer& answer) {
      found->checks.push_back(
          {"camera", event_outcome(answer, Fault::camera_lost, "the recorder has no picture")});
    });
    ask_event("StorageNotExist", end, [this, found, done = std::move(done)](const http::Answer& answer) {
      found->checks.push_back({"storage", event_outcome(answer, Fault::storage, "the recorder has no disk")});
      turns_.end_check();
      done(*found);
    });
  }

 private:
  int index() const { return settings_.channel - 1; }

  void ask(http::Request request, link::MonoTime end, http::Client::Done done) {
    request.within = std::max(end - executor_.now(), link::Duration::zero());
    client_->ask(std::move(request), std::move(done));
  }
  void get(const std::string& target, link::MonoTime end, http::Client::Done done, bool is_urgent = false) {
    http::Request request;
    request.target = target;
    request.urgent = is_urgent;
    ask(std::move(request), end, std::move(done));
  }

  // --- the mode ---
  void read_mode(link::MonoTime end, http::Client::Done done) {
    get("/cgi-bin/configManager.cgi?action=getConfig&name=RecordMode", end, std::move(done), true);
  }
  /// Sets it, and looks whether it is set.
  void set_mode(dahua::Mode mode, link::MonoTime end, Done done) {
    get(
        "/cgi-bin/configManager.cgi?action=setConfig&RecordMode[" + std::to_string(index()) +
            "].Mode=" + std::to_string(static_cast<int>(mode)),
        end,
        [this, mode, end, done = std::move(done)](const http::Answer& answer) {
          if (answer.fault != http::Fault::none || !is_good(answer)) {
            done(bad(answer));
          } else if (!dahua::is_ok(answer.body)) {
            done(failed_by(answer, Fault::refused, "the recorder does not say OK"));
          } else {
            read_mode(end, [this, mode, done](const http::Answer& now) { done(mode_outcome(now, mode)); });
          }
        },
        true);
  }
  Outcome mode_outcome(const http::Answer& answer, dahua::Mode wanted) const {
    const auto mode = is_good(answer) ? dahua::parse_mode(answer.body, index()) : std::nullopt;
    if (!mode) {
      Outcome out = bad(answer);
      out.word = Word::unknown;
      return out;
    }
    return *mode == wanted ? done_by(answer)
                           : failed_by(answer, Fault::refused, "the recorder said OK and kept its mode");
  }

  // --- proofs ---
  static Proof no_proof_of(std::string_view probe, const http::Answer& answer, std::string reason) {
    return is_good(answer) ? proof_of(probe, answer, Proof::Seen::unknown, Fault::garbled, std::move(reason))
                           : no_proof(probe, answer);
  }

  void ask_state(const std::shared_ptr<Gathering>& gathering, link::MonoTime end) {
    http::Request request;
    request.method = "POST";
    request.target = "/cgi-bin/api/recordManager/getStateAll";
    request.fields = {{"Content-Type", "application/json"}};
    request.body = "{}";
    ask(std::move(request), end, [this, gathering](const http::Answer& answer) {
      const bool is_absent = answer.fault == http::Fault::none &&
                             (answer.status == 400 || answer.status == 404 || answer.status == 501);
      if (answer.fault == http::Fault::none) {
        tells_state_ = !is_absent;
      }
      if (is_absent) {
        gathering->came();
      } else {
        gathering->add(judge_state(answer));
      }
    });
  }
  Proof judge_state(const http::Answer& answer) const {
    using enum Proof::Seen;
    const auto state = is_good(answer) ? dahua::parse_state(answer.body, index()) : std::nullopt;
    if (!state) {
      return no_proof_of(state_probe, answer, "the recorder's state cannot be understood");
    }
    if (!state->records) {
      return proof_of(state_probe, answer, no, Fault::no_camera, "the recorder has no such channel");
    }
    if (!*state->records) {
      return proof_of(state_probe, answer, no, Fault::not_recording,
                      "the recorder says that it does not record");
    }
    return session_
               ? proof_of(state_probe, answer, yes, Fault::none, {})
               : proof_of(state_probe, answer, unknown, Fault::not_recording, "no recording was ordered");
  }

  void find(const std::shared_ptr<Gathering>& gathering, link::MonoTime end) {
    if (!session_) {
      gathering->add(not_ordered(files_probe, executor_.now()));
      return;
    }
    const auto now = options_.utc();
    const auto from = std::max(session_->since, now - search_behind);
    const auto until = now + search_ahead;
    files_.find(settings_.channel, {from + *shift_, until + *shift_}, end,
                [this, gathering, until](const DahuaFiles::Found& found) {
                  gathering->add(judge_files(found, until));
                });
  }
  Proof judge_files(const DahuaFiles::Found& found, UtcTime until) const {
    if (!found.files || !session_ || !shift_) {
      return no_proof_of(files_probe, found.answer, "the recorder finds no files, or does not say them");
    }
    Written written{{}, options_.utc(), until};
    for (const auto& one : *found.files) {
      written.spans.push_back({one.begin - *shift_, one.end - *shift_});
    }
    return judge_written(files_probe, found.answer, written, session_->since);
  }

  // --- the clock ---
  void ask_clock(link::MonoTime end, http::Client::Done done) {
    get("/cgi-bin/global.cgi?action=getCurrentTime", end,
        [this, done = std::move(done)](const http::Answer& answer) {
          const auto time = is_good(answer) ? dahua::parse_time(answer.body) : std::nullopt;
          shift_.reset();
          if (time) {
            // It tells whole seconds.
            shift_ = *time + std::chrono::milliseconds(500) - options_.utc();
            clock_at_ = executor_.now();
          }
          done(answer);
        });
  }
  std::optional<std::chrono::milliseconds> clock_offset() const {
    return shift_ ? std::optional(*shift_ - std::chrono::milliseconds(settings_.zone)) : std::nullopt;
  }
  Outcome clock_outcome(const http::Answer& answer) const {
    if (!shift_) {
      return bad(answer);
    }
    return std::chrono::abs(*clock_offset()) > options_.clock_tolerance
               ? failed_by(answer, Fault::clock, "the recorder's clock differs from ours")
               : done_by(answer);
  }

  // --- what it complains of ---
  void ask_event(const std::string& code, link::MonoTime end, http::Client::Done done) {
    get("/cgi-bin/eventManager.cgi?action=getEventIndexes&code=" + code, end, std::move(done));
  }
  Outcome event_outcome(const http::Answer& answer, Fault fault, std::string reason) const {
    if (answer.fault != http::Fault::none) {
      return outcome_of(answer);
    }
    // "No Events" comes with a status of its own.
    const auto holds = dahua::parse_event(answer.body, fault == Fault::storage ? 0 : index());
    if (!holds) {
      return bad(answer);
    }
    return *holds ? failed_by(answer, fault, std::move(reason)) : done_by(answer);
  }

  Turns turns_;
  link::Executor& executor_;
  std::unique_ptr<http::Client> client_;
  DahuaFiles files_;
  DahuaSettings settings_;
  RecorderOptions options_;
  std::optional<Session> session_;
  std::optional<std::chrono::milliseconds> shift_;  ///< what its clock shows, less our UTC
  link::MonoTime clock_at_{};
  bool tells_state_ = true;
};

}  // namespace

std::unique_ptr<Recorder> make_dahua(link::Executor& executor, std::unique_ptr<http::Client> client,
                                     DahuaSettings settings, RecorderOptions options) {
  return std::make_unique<Dahua>(executor, std::move(client), settings, std::move(options));
}

}  // namespace lobby::cctv
