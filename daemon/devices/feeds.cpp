#include "daemon/devices/feeds.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/feed_message.hpp"

namespace lobby::devices {
namespace {

using std::chrono::seconds;

constexpr seconds first_pause{1};
constexpr seconds longest_pause{60};
constexpr seconds margin{10};
constexpr std::uint32_t longest_retry_s = 4'500;  // an hour, as an upstream may ask, and the jitter

/// lobby-feed spreads its pauses by a fifth.
seconds with_jitter(std::uint32_t pause_s) {
  return seconds(pause_s + pause_s / 5 + 1);
}

std::string settings_line(const FeedConfig& config, const std::string& cursor) {
  return boost::json::serialize(boost::json::object{{"feed", config.id.value},
                                                    {"url", config.url},
                                                    {"mapping", config.mapping_file},
                                                    {"token_file", config.token_file},
                                                    {"ca_file", config.ca_file},
                                                    {"area_code", config.area_code},
                                                    {"interval_s", config.interval_s},
                                                    {"total_s", config.total_s},
                                                    {"cursor", cursor}});
}

std::string counts_text(const feed_lines::Counted& counted) {
  std::string text = std::to_string(counted.rows) + " rows, " + std::to_string(counted.skipped) + " skipped";
  if (counted.unknown_status != 0) {
    text += ", " + std::to_string(counted.unknown_status) + " of unknown status";
  }
  if (counted.bad_values != 0) {
    text += ", " + std::to_string(counted.bad_values) + " unreadable values";
  }
  return text;
}

}  // namespace

struct Feeds::Unit {
  using Cursor = std::function<std::string(const hall::DeviceId&)>;

  Unit(link::Executor& executor, FeedConfig feed, Spawn spawn, Cursor cursor, Roster& roster, Arrived arrived)
      : executor_(executor),
        config_(std::move(feed)),
        spawn_(std::move(spawn)),
        cursor_(std::move(cursor)),
        roster_(roster),
        arrived_(std::move(arrived)),
        restart_(executor),
        silence_(executor),
        staleness_(executor) {
    hall::DeviceView device;
    device.id = config_.id;
    device.kind = hall::DeviceKind::feed;
    device.driver = config_.driver;
    device.reason = "has not answered yet";
    roster_.add(std::move(device));
    restart_.start(seconds(0), [this] { start(); });
    watch_age();
  }

  void stop() {
    ++generation_;
    restart_.cancel();
    silence_.cancel();
    process_.reset();
  }

  std::optional<hall::Instant> as_of() const { return as_of_; }
  bool is_stale(hall::Instant now) const {
    const std::int64_t limit_ms = std::int64_t{config_.max_age_s} * 1000;
    return stale_ || !as_of_ || now.utc_ms - as_of_->utc_ms > limit_ms;
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
    process_ = spawn_(config_, {guarded(&Unit::on_line), guarded(&Unit::on_ended)});
    process_->write_line(settings_line(config_, cursor_(config_.id)));
    expect_within(with_jitter(0));
  }

  /// Something must be heard after the pause that the process takes now and one pull.
  void expect_within(seconds pause) {
    silence_.start(pause + seconds(config_.total_s) + margin,
                   [this] { end_it("said nothing for longer than a pull may take"); });
  }

  void on_ended(std::string_view reason) {
    end_it(last_fault_.empty() ? std::string(reason) : std::string(reason) + ": " + last_fault_);
  }

  void end_it(const std::string& reason) {
    ++generation_;
    // We may be inside one of its own calls.
    executor_.post([dead = std::shared_ptr<Process>(std::move(process_))] {});
    silence_.cancel();
    filling_.reset();
    waiting_ = false;
    roster_.tell(config_.id, hall::DeviceState::gone, reason);
    restart_.start(pause_, [this] { start(); });
    pause_ = std::min<seconds>(pause_ * 2, longest_pause);
  }

  // --- its lines ---
  void on_line(std::string_view line) {
    auto message = feed_lines::parse(line);
    if (!message) {
      return end_it(line.size() > feed_lines::max_line ? "wrote a line that is too long"
                                                       : "wrote something that is no line of a feed");
    }
    if (waiting_) {
      return end_it("did not wait until its rows were kept");
    }
    expect_within(with_jitter(config_.interval_s));
    std::visit([this](auto& one) { take(one); }, *message);
  }

  void take(const feed_lines::Begin& begin) { filling_.emplace().full = begin.full; }

  void take(feed_lines::Case& one) {
    if (has_room()) {
      filling_->cases.push_back(std::move(one.row));
    }
  }

  void take(feed_lines::Removed& one) {
    if (has_room()) {
      filling_->removed.push_back(std::move(one.id));
    }
  }

  bool has_room() {
    if (!filling_) {
      end_it("wrote a row outside of a batch");
      return false;
    }
    if (filling_->cases.size() + filling_->removed.size() >= feed_lines::max_rows) {
      end_it("wrote more rows than a batch may have");
      return false;
    }
    return true;
  }

  void take(feed_lines::End& end) {
    if (!filling_ || end.counted.rows != filling_->cases.size()) {
      return end_it("ended a batch that is not whole");
    }
    FeedBatch batch = *std::exchange(filling_, std::nullopt);
    batch.cursor = std::move(end.cursor);
    batch.skipped = end.counted.skipped;
    batch.unknown_status = end.counted.unknown_status;
    batch.bad_values = end.counted.bad_values;
    // Silent by our own fault until the answer is there.
    waiting_ = true;
    silence_.cancel();
    arrived_(config_.id, std::move(batch),
             [this, counted = end.counted, generation = generation_, alive = std::weak_ptr<bool>(alive_),
              told = std::make_shared<bool>(false)](bool kept) {
               if (!alive.expired() && generation == generation_ && !std::exchange(*told, true)) {
                 on_taken(kept, counted);
               }
             });
  }

  void on_taken(bool kept, const feed_lines::Counted& counted) {
    waiting_ = false;
    expect_within(with_jitter(config_.interval_s));
    process_->write_line(kept ? R"({"taken":true})" : R"({"taken":false})");
    if (kept) {
      be_good(counted);
    } else {
      roster_.tell(config_.id, hall::DeviceState::degraded, "the rows could not be kept");
    }
  }

  void take(const feed_lines::Fault& fault) {
    filling_.reset();
    last_fault_ = fault.reason;
    expect_within(with_jitter(std::min(fault.retry_s, longest_retry_s)));
    roster_.tell(config_.id, hall::DeviceState::degraded, degraded_reason());
  }

  void take(const feed_lines::Fresh& fresh) {
    if (filling_) {
      return end_it("broke off a batch");
    }
    be_good(fresh.counted);
  }

  // --- what is known of it ---
  void be_good(const feed_lines::Counted& counted) {
    pause_ = first_pause;
    last_fault_.clear();
    stale_ = false;
    watch_age();
    roster_.detail(config_.id, counts_text(counted));
    roster_.tell(config_.id, hall::DeviceState::ok, "");
    as_of_ = roster_.find(config_.id)->last_ok;
  }

  void watch_age() {
    staleness_.start(seconds(config_.max_age_s), [this] {
      stale_ = true;
      const auto state = roster_.find(config_.id)->state;
      if (state == hall::DeviceState::ok || state == hall::DeviceState::degraded) {
        roster_.tell(config_.id, hall::DeviceState::degraded, degraded_reason());
      }
    });
  }

  /// Says the same as long as things stay the same: every change of a reason is recorded.
  std::string degraded_reason() const {
    const std::string age =
        stale_ ? "stale, no answer for more than " + std::to_string(config_.max_age_s) + " s" : "";
    return age + (age.empty() || last_fault_.empty() ? "" : ": ") + last_fault_;
  }

  link::Executor& executor_;
  FeedConfig config_;
  Spawn spawn_;
  Cursor cursor_;
  Roster& roster_;
  Arrived arrived_;
  link::Timer restart_, silence_, staleness_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::uint64_t generation_ = 0;  ///< of the process; what an earlier one says is not heard
  std::optional<FeedBatch> filling_;
  bool waiting_ = false;  ///< for whoever keeps the last batch
  bool stale_ = false;
  seconds pause_ = first_pause;
  std::string last_fault_;
  std::optional<hall::Instant> as_of_;
  std::unique_ptr<Process> process_;
};

Feeds::Feeds(link::Executor& executor, const std::vector<FeedConfig>& configs, Spawn spawn,
             std::function<std::string(const hall::DeviceId&)> cursor, Roster& roster, Arrived arrived) {
  for (const FeedConfig& config : configs) {
    units_.push_back(std::make_unique<Unit>(executor, config, spawn, cursor, roster, arrived));
  }
}

Feeds::~Feeds() = default;

void Feeds::stop() {
  for (const auto& unit : units_) {
    unit->stop();
  }
}

std::optional<hall::Instant> Feeds::as_of() const {
  std::optional<hall::Instant> oldest;
  for (const auto& unit : units_) {
    const auto own = unit->as_of();
    if (!own) {
      return std::nullopt;
    }
    oldest = oldest ? std::min(*oldest, *own) : *own;
  }
  return oldest;
}

bool Feeds::is_stale(hall::Instant now) const {
  return units_.empty() ||
         std::any_of(units_.begin(), units_.end(), [now](const auto& unit) { return unit->is_stale(now); });
}

}  // namespace lobby::devices
