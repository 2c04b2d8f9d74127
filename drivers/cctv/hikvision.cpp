#include "drivers/cctv/hikvision.hpp"

#include <utility>

#include "drivers/cctv/isapi.hpp"
#include "drivers/cctv/segments.hpp"
#include "drivers/cctv/talk.hpp"

namespace lobby::cctv {
namespace {

constexpr std::string_view schedule = "schedule";
constexpr std::string_view channel_probe = "channel";
constexpr std::string_view search_probe = "search";
constexpr link::Duration clock_every = std::chrono::minutes(1);

/// A search has a name of the form of a UUID; it need not be unlike others.
std::string search_name(std::uint64_t count) {
  std::string digits = std::to_string(count % 1'000'000'000'000);
  return "4c6f6262-7900-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

class Hikvision final : public Recorder {
 public:
  Hikvision(link::Executor& executor, std::unique_ptr<http::Client> client, HikvisionSettings settings,
            RecorderOptions options)
      : turns_(executor),
        executor_(executor),
        client_(std::move(client)),
        settings_(settings),
        options_(std::move(options)),
        is_put_(settings.method == HikvisionSettings::Method::put) {}

  bool can_verify() const override { return true; }
  std::string describe() const override {
    return "Hikvision, channel " + std::to_string(settings_.channel) + ", track " + std::to_string(track());
  }

  void start(std::function<void(Outcome, Session)> done) override {
    start_session(turns_, session_, {options_.utc(), std::string(schedule)}, std::move(done),
                  [this](bool is_start, Done ordered) { order(is_start, std::move(ordered)); });
  }

  void resume(Session session) override { session_ = std::move(session); }

  void stop(Done done) override {
    stop_session(turns_, session_, std::move(done),
                 [this](bool is_start, Done ordered) { order(is_start, std::move(ordered)); });
  }

  void probe(std::function<void(Reading)> done) override {
    if (!turns_.begin_probe(done, true)) {
      return;
    }
    const auto end = executor_.now() + options_.probe_within;
    const auto gathering =
        std::make_shared<Gathering>(true, 2, [this, done = std::move(done)](Reading reading) {
          reading.clock_offset = offset_;
          turns_.end_probe();
          done(std::move(reading));
        });
    get("/ISAPI/System/workingstatus?format=json", end,
        [this, gathering](const http::Answer& answer) { gathering->add(judge_channel(answer)); });
    if (!offset_ || !clock_at_ || executor_.now() - *clock_at_ >= clock_every) {
      ask_clock(end, [this, gathering, end](const http::Answer& answer) {
        if (offset_) {
          search(gathering, end);
        } else {
          gathering->add(no_clock(answer));
        }
      });
    } else {
      search(gathering, end);
    }
  }

  void preflight(std::function<void(Preflight)> done) override {
    if (!turns_.begin_check(done)) {
      return;
    }
    const auto end = executor_.now() + options_.order_within;
    const auto found = std::make_shared<Preflight>();
    const auto finish = [this, found, done = std::move(done)] {
      turns_.end_check();
      done(*found);
    };
    get("/ISAPI/System/deviceInfo", end, [found](const http::Answer& answer) {
      const auto version = isapi::parse_version(answer.body);
      found->version = version.value_or("");
      found->checks.push_back({"login", came(answer) ? done_by(answer) : not_done(answer)});
    });
    ask_clock(end, [this, found](const http::Answer& answer) {
      found->clock_offset = offset_;
      found->checks.push_back({"clock", clock_outcome(answer)});
    });
    get("/ISAPI/System/workingstatus?format=json", end, [this, found](const http::Answer& answer) {
      found->checks.push_back({"camera", camera_outcome(answer)});
    });
    get("/ISAPI/ContentMgmt/Storage", end, [found, finish](const http::Answer& answer) {
      found->checks.push_back({"storage", storage_outcome(answer)});
      finish();
    });
  }

 private:
  int track() const { return settings_.channel * 100 + settings_.stream; }

  static bool came(const http::Answer& answer) {
    return answer.fault == http::Fault::none && status_fault(answer.status) == Fault::none;
  }
  /// Of an answer that did not come.
  static Outcome not_done(const http::Answer& answer) {
    if (answer.fault != http::Fault::none) {
      return outcome_of(answer);
    }
    if (const auto status = isapi::parse_status(answer.body)) {
      return failed_by(answer, isapi::fault_of(*status), isapi::reason_of(*status));
    }
    return failed_by(answer, status_fault(answer.status),
                     "the recorder answers with status " + std::to_string(answer.status));
  }

  void ask(http::Request request, link::MonoTime end, http::Client::Done done) {
    request.within = std::max(end - executor_.now(), link::Duration::zero());
    client_->ask(std::move(request), std::move(done));
  }
  void get(std::string target, link::MonoTime end, http::Client::Done done) {
    http::Request request;
    request.target = std::move(target);
    ask(std::move(request), end, std::move(done));
  }

  // --- orders ---
  void order(bool is_start, Done done) {
    const auto end = executor_.now() + options_.order_within;
    send_order(is_start, end, [this, is_start, end, done = std::move(done)](const http::Answer& answer) {
      const auto status = isapi::parse_status(answer.body);
      const bool is_other = answer.fault == http::Fault::none &&
                            (answer.status == 405 || (status && status->is_other_method()));
      if (is_other && settings_.method == HikvisionSettings::Method::find_out) {
        is_put_ = !is_put_;
        send_order(is_start, end, [this, done](const http::Answer& second) {
          turns_.end_order();
          done(order_outcome(second));
        });
        return;
      }
      turns_.end_order();
      done(order_outcome(answer));
    });
  }
  void send_order(bool is_start, link::MonoTime end, http::Client::Done done) {
    http::Request request;
    request.method = is_put_ ? "PUT" : "POST";
    request.target = std::string("/ISAPI/ContentMgmt/record/control/manual/") +
                     (is_start ? "start" : "stop") + "/tracks/" + std::to_string(track());
    request.urgent = true;
    ask(std::move(request), end, std::move(done));
  }
  static Outcome order_outcome(const http::Answer& answer) {
    if (answer.fault != http::Fault::none) {
      return outcome_of(answer);
    }
    const auto status = isapi::parse_status(answer.body);
    if (status && !status->is_ok()) {
      return failed_by(answer, isapi::fault_of(*status), isapi::reason_of(*status));
    }
    if (!came(answer)) {
      return not_done(answer);
    }
    if (!status) {
      Outcome out = failed_by(answer, Fault::garbled, "the recorder's answer cannot be understood");
      out.word = Word::unknown;
      return out;
    }
    return done_by(answer);
  }

  // --- proofs ---
  Proof judge_channel(const http::Answer& answer) const {
    using enum Proof::Seen;
    if (!came(answer)) {
      return no_proof(channel_probe, answer);
    }
    const auto proof = [&](Proof::Seen seen, Fault fault, std::string reason) {
      return proof_of(channel_probe, answer, seen, fault, std::move(reason));
    };
    const auto working = isapi::parse_working(answer.body, settings_.channel);
    if (!working) {
      return proof(unknown, Fault::garbled, "the recorder's state cannot be understood");
    }
    if (!working->channel) {
      return proof(no, Fault::no_camera, "the recorder has no such channel");
    }
    if (!working->channel->is_online || !working->channel->has_signal) {
      return proof(no, Fault::camera_lost, "the recorder has no picture of the camera");
    }
    if (!working->channel->records) {
      return proof(no, Fault::not_recording, "the recorder says that it does not record");
    }
    if (working->disks > 0 && working->good_disks == 0) {
      return proof(no, Fault::storage, "no disk of the recorder works");
    }
    if (!session_) {
      return proof(unknown, Fault::not_recording, "no recording was ordered");
    }
    return proof(yes, Fault::none, {});
  }

  /// From our time to what the recorder writes in segments, and back.
  std::chrono::milliseconds shift() const {
    return *offset_ +
           (settings_.segments_are_local ? std::chrono::milliseconds(zone_) : std::chrono::milliseconds(0));
  }

  void search(const std::shared_ptr<Gathering>& gathering, link::MonoTime end) {
    if (!session_) {
      gathering->add(not_ordered(search_probe, executor_.now()));
      return;
    }
    const auto now = options_.utc();
    const auto from = std::max(session_->since, now - search_behind);
    const auto until = now + search_ahead;
    http::Request request;
    request.method = "POST";
    request.target = "/ISAPI/ContentMgmt/search";
    request.fields = {{"Content-Type", "application/xml"}};
    request.body =
        isapi::search_body({track(), from + shift(), until + shift(), search_name(++searches_), 0});
    ask(std::move(request), end, [this, gathering, until](const http::Answer& answer) {
      gathering->add(judge_search(answer, until));
    });
  }

  Proof judge_search(const http::Answer& answer, UtcTime until) const {
    if (!came(answer)) {
      return no_proof(search_probe, answer);
    }
    if (!offset_) {
      // Another question has found the clock unreadable meanwhile.
      return proof_of(search_probe, answer, Proof::Seen::unknown, Fault::clock,
                      "the recorder's clock cannot be read");
    }
    const auto found = isapi::parse_search(answer.body, track());
    if (!found || !session_) {
      return proof_of(search_probe, answer, Proof::Seen::unknown, Fault::garbled,
                      "the recorder's list cannot be understood");
    }
    Written written{{}, options_.utc(), until};
    for (const auto& one : found->segments) {
      written.spans.push_back({one.begin - shift(), one.end - shift()});
    }
    return judge_written(search_probe, answer, written, session_->since);
  }

  Proof no_clock(const http::Answer& answer) const {
    if (!came(answer)) {
      return no_proof(search_probe, answer);
    }
    return proof_of(search_probe, answer, Proof::Seen::unknown, Fault::clock,
                    "the recorder's clock cannot be read");
  }

  // --- the clock ---
  void ask_clock(link::MonoTime end, http::Client::Done done) {
    get("/ISAPI/System/time", end, [this, done = std::move(done)](const http::Answer& answer) {
      const auto time = came(answer) ? isapi::parse_time(answer.body) : std::nullopt;
      offset_.reset();
      if (time && time->offset) {
        zone_ = *time->offset;
        // It tells whole seconds.
        offset_ = time->shown - zone_ + std::chrono::milliseconds(500) - options_.utc();
        clock_at_ = executor_.now();
      }
      done(answer);
    });
  }
  Outcome clock_outcome(const http::Answer& answer) const {
    if (!came(answer)) {
      return not_done(answer);
    }
    if (!offset_) {
      return failed_by(answer, Fault::clock, "the recorder's clock cannot be read");
    }
    return std::chrono::abs(*offset_) > options_.clock_tolerance
               ? failed_by(answer, Fault::clock, "the recorder's clock differs from ours")
               : done_by(answer);
  }

  Outcome camera_outcome(const http::Answer& answer) const {
    const auto proof = judge_channel(answer);
    const bool is_fit = proof.fault == Fault::none || proof.fault == Fault::not_recording;
    return is_fit ? done_by(answer) : failed_by(answer, proof.fault, proof.reason);
  }

  static Outcome storage_outcome(const http::Answer& answer) {
    if (!came(answer)) {
      return not_done(answer);
    }
    const auto storage = isapi::parse_storage(answer.body);
    if (!storage) {
      return failed_by(answer, Fault::garbled, "the recorder's disks cannot be understood");
    }
    return storage->disks == 0 || storage->good_disks < storage->disks
               ? failed_by(answer, Fault::storage, "a disk of the recorder does not work, or it has none")
               : done_by(answer);
  }

  Turns turns_;
  link::Executor& executor_;
  std::unique_ptr<http::Client> client_;
  HikvisionSettings settings_;
  RecorderOptions options_;
  std::optional<Session> session_;
  std::optional<std::chrono::milliseconds> offset_;
  std::optional<link::MonoTime> clock_at_;
  std::chrono::minutes zone_{0};
  std::uint64_t searches_ = 0;
  bool is_put_;
};

}  // namespace

std::unique_ptr<Recorder> make_hikvision(link::Executor& executor, std::unique_ptr<http::Client> client,
                                         HikvisionSettings settings, RecorderOptions options) {
  return std::make_unique<Hikvision>(executor, std::move(client), settings, std::move(options));
}

}  // namespace lobby::cctv
