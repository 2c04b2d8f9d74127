#include "daemon/devices/outboxes.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

namespace lobby::devices {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds first_restart{1};
constexpr seconds longest_restart{60};
constexpr seconds slack{10};
constexpr std::uint32_t longest_wait_s = 4'500;  // an hour, as a target may ask, and the jitter
constexpr std::size_t most_rejected = 1'000;
/// Between two looks at events that are not to be sent: the loop has other things to do.
constexpr milliseconds breath{10};

std::string settings_line(const OutboxConfig& config) {
  boost::json::object line{{"mode", "push"},
                           {"feed", config.id.value},
                           {"url", config.url},
                           {"token_file", config.token_file},
                           {"ca_file", config.ca_file},
                           {"client_cert_file", config.client_cert_file},
                           {"client_key_file", config.client_key_file},
                           {"bind", config.bind},
                           {"proxy", config.proxy},
                           {"proxy_file", config.proxy_file},
                           {"auth", config.auth},
                           {"auth_header", config.auth_header},
                           {"mapping", config.login_mapping},
                           {"app_id", config.app_id},
                           {"allow_insecure", config.allow_insecure},
                           {"total_s", config.total_s}};
  if (config.trial_clock_ms) {
    line["trial_clock_ms"] = *config.trial_clock_ms;
  }
  return boost::json::serialize(line);
}

std::string post_line(std::uint64_t batch, const std::vector<std::string>& items) {
  std::string line = R"({"kind":"post","batch":)" + std::to_string(batch) + R"(,"items":[)";
  for (const auto& item : items) {
    line += (&item == items.data() ? "" : ",") + item;
  }
  return line + "]}";
}

/// What a process is started with.
FeedConfig process_of(const OutboxConfig& config) {
  FeedConfig feed;
  feed.id = config.id;
  feed.memory_mb = config.memory_mb;
  return feed;
}

}  // namespace

struct Outboxes::Unit {
  Unit(link::Executor& executor, OutboxConfig outbox, Feeds::Spawn spawn, Roster& roster,
       const Source& source)
      : executor_(executor),
        config_(std::move(outbox)),
        spawn_(std::move(spawn)),
        roster_(roster),
        source_(source),
        restart_(executor),
        silence_(executor),
        look_(executor) {
    hall::DeviceView device;
    device.id = config_.id;
    device.kind = hall::DeviceKind::feed;
    device.driver = config_.driver;
    device.reason = "nothing was sent yet";
    roster_.add(std::move(device));
    restart_.start(seconds(0), [this] { start(); });
  }

  void stop() {
    ++generation_;
    restart_.cancel();
    silence_.cancel();
    look_.cancel();
    process_.reset();
  }

 private:
  // --- the process ---
  void start() {
    const std::uint64_t generation = ++generation_;
    const auto guarded = [this, generation, alive = std::weak_ptr<bool>(alive_)](auto act) {
      return [this, generation, alive, act](std::string_view text) {
        if (!alive.expired() && generation == generation_) {
          (this->*act)(text);
        }
      };
    };
    last_fault_.clear();
    process_ = spawn_(process_of(config_), {guarded(&Unit::on_line), guarded(&Unit::on_ended)});
    process_->write_line(settings_line(config_));
    look_after(milliseconds(0));
  }

  void on_ended(std::string_view reason) {
    end_it(last_fault_.empty() ? std::string(reason) : std::string(reason) + ": " + last_fault_);
  }

  void end_it(const std::string& reason) {
    ++generation_;
    // We may be inside one of its own calls.
    executor_.post([dead = std::shared_ptr<Feeds::Process>(std::move(process_))] {});
    silence_.cancel();
    look_.cancel();
    lose();
    roster_.tell(config_.id, hall::DeviceState::gone, reason);
    restart_.start(pause_, [this] { start(); });
    pause_ = std::min<seconds>(pause_ * 2, longest_restart);
  }

  // --- batches ---
  void look_after(link::Duration pause) {
    look_.start(pause, [this] { look(); });
  }

  void look() {
    if (!process_ || keeping_) {
      return;  // both end with another look
    }
    const auto batch = source_.next(config_.id);
    if (batch.items.empty()) {
      return look_after(batch.more ? link::Duration(breath) : link::Duration(seconds(config_.interval_s)));
    }
    out_ = true;
    rejected_.clear();
    process_->write_line(post_line(++batch_, batch.items));
    expect_answer();
  }

  void expect_answer() {
    silence_.start(seconds(config_.total_s) + slack,
                   [this] { end_it("said nothing for longer than a request may take"); });
  }

  void lose() {
    if (std::exchange(out_, false)) {
      source_.lost(config_.id);
    }
  }

  // --- its lines ---
  void on_line(std::string_view line) {
    auto message = outbox_lines::parse(line);
    if (!message) {
      return end_it("wrote something that is no line of an outbox");
    }
    std::visit([this](auto& one) { take(one); }, *message);
  }

  void take(outbox_lines::Posted& posted) {
    if (!out_ || posted.batch != batch_) {
      return end_it("answered what it was not given");
    }
    std::move(posted.rejected.begin(), posted.rejected.end(), std::back_inserter(rejected_));
    if (rejected_.size() > most_rejected) {
      return end_it("rejected more than it was given");
    }
    if (posted.more) {
      return expect_answer();
    }
    silence_.cancel();
    out_ = false;
    keeping_ = true;
    source_.confirmed(
        config_.id, std::exchange(rejected_, {}),
        [this, alive = std::weak_ptr<bool>(alive_), told = std::make_shared<bool>(false)](bool kept) {
          if (!alive.expired() && !std::exchange(*told, true)) {
            on_kept(kept);
          }
        });
  }

  void on_kept(bool kept) {
    keeping_ = false;
    roster_.detail(config_.id, source_.detail(config_.id));
    if (!process_) {
      return;
    }
    if (kept) {
      pause_ = first_restart;
      last_fault_.clear();
      roster_.tell(config_.id, hall::DeviceState::ok, "");
    } else {
      roster_.tell(config_.id, hall::DeviceState::degraded, "what was confirmed could not be kept");
    }
    look_after(kept ? milliseconds(0) : milliseconds(seconds(config_.interval_s)));
  }

  void take(const outbox_lines::Fault& fault) {
    silence_.cancel();
    last_fault_ = fault.reason;
    roster_.tell(config_.id, hall::DeviceState::degraded, fault.reason);
    lose();
    look_after(seconds(std::clamp(fault.retry_s, 1U, longest_wait_s)));
  }

  link::Executor& executor_;
  OutboxConfig config_;
  Feeds::Spawn spawn_;
  Roster& roster_;
  const Source& source_;
  link::Timer restart_, silence_, look_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::uint64_t generation_ = 0;  ///< of the process; what an earlier one says is not heard
  std::uint64_t batch_ = 0;       ///< number of the last batch
  bool out_ = false;              ///< the process has it
  bool keeping_ = false;          ///< that it was confirmed
  std::vector<outbox_lines::Rejected> rejected_;
  seconds pause_ = first_restart;
  std::string last_fault_;
  std::unique_ptr<Feeds::Process> process_;
};

Outboxes::Outboxes(link::Executor& executor, const std::vector<OutboxConfig>& configs, Feeds::Spawn spawn,
                   Roster& roster, Source source)
    : source_(std::make_unique<Source>(std::move(source))) {
  for (const OutboxConfig& config : configs) {
    units_.push_back(std::make_unique<Unit>(executor, config, spawn, roster, *source_));
  }
}

Outboxes::~Outboxes() = default;

void Outboxes::stop() {
  for (const auto& unit : units_) {
    unit->stop();
  }
}

}  // namespace lobby::devices
