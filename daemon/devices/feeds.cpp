#include "daemon/devices/feeds.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/feed_message.hpp"

namespace lobby::devices {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds first_pause{1};
constexpr seconds longest_pause{60};
constexpr seconds margin{10};
constexpr std::uint32_t longest_retry_s = 4'500;  // an hour, as an upstream may ask, and the jitter

/// lobby-feed spreads its pauses by a fifth.
seconds with_jitter(std::uint32_t pause_s) {
  return seconds(pause_s + pause_s / 5 + 1);
}

std::string counts_text(const feed_lines::Counted& counted) {
  std::string text = std::to_string(counted.rows) + " rows, " + std::to_string(counted.skipped) + " skipped";
  if (counted.unknown_status != 0) {
    text += ", " + std::to_string(counted.unknown_status) + " of unknown status";
  }
  if (counted.bad_values != 0) {
    text += ", " + std::to_string(counted.bad_values) + " unreadable values";
  }
  if (counted.clock_off_s != 0) {
    text += ", its clock is " + std::to_string(std::abs(counted.clock_off_s)) + " s " +
            (counted.clock_off_s > 0 ? "ahead" : "behind");
  }
  return text;
}

/// An answer on its way.
struct Filling {
  hall::AnswerHead head;
  hall::AnswerSlice slice;
  std::uint32_t rows = 0;  ///< of all slices
};

}  // namespace

/// One source and its process.
struct Feeds::Unit {
  Unit(link::Executor& executor, FeedConfig feed, Ports ports, Roster& roster)
      : executor_(executor),
        config_(std::move(feed)),
        ports_(std::move(ports)),
        roster_(roster),
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

  bool has(hall::What what) const {
    return std::find(config_.resources.begin(), config_.resources.end(), what) != config_.resources.end();
  }

  hall::Age age(hall::What what) const {
    hall::Age age{std::nullopt, hall::Freshness::expired, config_.max_age_s};
    const auto found = fresh_.find(what);
    if (found == fresh_.end()) {
      return age;
    }
    const auto old = executor_.now() - found->second.mono;
    age.as_of = found->second.as_of;
    age.state = old >= seconds(config_.expire_after_s) ? hall::Freshness::expired
                : old >= seconds(config_.max_age_s)    ? hall::Freshness::labelled
                                                       : hall::Freshness::fresh;
    return age;
  }

 private:
  struct Fresh {
    link::MonoTime mono;
    hall::Instant as_of;
  };

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
    faults_.clear();
    process_ = ports_.spawn(config_, {guarded(&Unit::on_line), guarded(&Unit::on_ended)});
    process_->write_line(ports_.settings(config_));
    expect_within(with_jitter(0));
  }

  /// Something must be heard after the pause that the process takes now and one pull.
  void expect_within(seconds pause) {
    silence_.start(pause + seconds(config_.total_s) + margin,
                   [this] { end_it("said nothing for longer than a pull may take"); });
  }

  void on_ended(std::string_view reason) {
    const std::string fault = told_faults();
    end_it(fault.empty() ? std::string(reason) : std::string(reason) + ": " + fault);
  }

  void end_it(const std::string& reason) {
    ++generation_;
    // We may be inside one of its own calls.
    executor_.post([dead = std::shared_ptr<Process>(std::move(process_))] {});
    silence_.cancel();
    drop();
    waiting_ = false;
    roster_.tell(config_.id, hall::DeviceState::gone, reason);
    restart_.start(pause_, [this] { start(); });
    pause_ = std::min<seconds>(pause_ * 2, longest_pause);
  }

  void drop() {
    if (filling_) {
      filling_.reset();
      ports_.sink.broken(config_.id);
    }
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
    std::visit([this](auto& one) { take(one); }, *message);
  }

  /// The answer to what was said last; silent by our own fault until it is there.
  Taken answer(std::function<void(bool kept, const std::string& reason)> then) {
    waiting_ = true;
    silence_.cancel();
    return [this, then = std::move(then), generation = generation_, alive = std::weak_ptr<bool>(alive_),
            told = std::make_shared<bool>(false)](bool kept, const std::string& reason) {
      if (alive.expired() || generation != generation_ || std::exchange(*told, true)) {
        return;
      }
      waiting_ = false;
      expect_within(with_jitter(config_.interval_s));
      process_->write_line(kept ? R"({"taken":true})" : R"({"taken":false})");
      then(kept, reason);
    };
  }

  void refused(hall::What what, const std::string& reason) {
    drop();
    faults_[what] = reason;
    roster_.tell(config_.id, hall::DeviceState::degraded, degraded_reason());
  }

  void take(const feed_lines::Begin& begin) {
    if (filling_ || !has(begin.head.what) || begin.head.rows > feed_lines::max_rows) {
      return end_it(filling_ ? "broke off an answer" : "began an answer that nobody asked for");
    }
    filling_.emplace().head = begin.head;
    ports_.sink.begin(config_.id, begin.head,
                      answer([this, what = begin.head.what](bool kept, const std::string& reason) {
                        if (!kept) {
                          refused(what, reason);
                        }
                      }));
  }

  void take(feed_lines::Case& one) {
    if (has_room(true)) {
      ++filling_->rows;
      filling_->slice.cases.reserve(feed_lines::slice_rows);
      filling_->slice.cases.push_back(std::move(one.row));
    }
  }

  void take(feed_lines::Record& one) {
    if (has_room(false)) {
      ++filling_->rows;
      filling_->slice.records.push_back(std::move(one.record));
    }
  }

  void take(feed_lines::Removed& one) {
    if (filling_ && has_room(filling_->head.what == hall::What::cases)) {
      filling_->slice.removed.push_back(std::move(one.id));
    }
  }

  bool has_room(bool cases) {
    if (!filling_ || cases != (filling_->head.what == hall::What::cases)) {
      end_it("wrote a row outside of an answer");
      return false;
    }
    const auto& slice = filling_->slice;
    if (slice.cases.size() + slice.records.size() + slice.removed.size() >= feed_lines::slice_rows) {
      end_it("wrote more rows than a slice may have");
      return false;
    }
    return true;
  }

  void take(const feed_lines::More&) {
    if (!filling_ || filling_->rows > filling_->head.rows) {
      return end_it("wrote more rows than it said");
    }
    ports_.sink.slice(config_.id, std::exchange(filling_->slice, {}),
                      answer([this, what = filling_->head.what](bool kept, const std::string& reason) {
                        if (!kept) {
                          refused(what, reason);
                        }
                      }));
  }

  void take(feed_lines::End& end) {
    if (!filling_ || end.what != filling_->head.what || end.counted.rows != filling_->rows ||
        end.counted.rows != filling_->head.rows) {
      return end_it("ended an answer that is not whole");
    }
    // The last rows and the end are answered together.
    const Taken taken = answer([this, what = end.what, counted = end.counted, as_of = proof(end.counted),
                                whole = end.whole](bool kept, const std::string& reason) {
      filling_.reset();
      if (!kept) {
        refused(what, reason);
      } else if (whole) {
        be_good(what, counted, as_of);
      } else {
        pause_ = first_pause;  // the fault that follows says the rest
      }
    });
    ports_.sink.slice(config_.id, std::exchange(filling_->slice, {}),
                      [this, taken, cursor = std::move(end.cursor), generation = generation_,
                       alive = std::weak_ptr<bool>(alive_)](bool kept, const std::string& reason) mutable {
                        if (!kept) {
                          taken(false, reason);
                        } else if (!alive.expired() && generation == generation_) {
                          ports_.sink.end(config_.id, std::move(cursor), taken);
                        }
                      });
  }

  void take(const feed_lines::Fault& fault) {
    drop();
    if (!fault.what) {
      faults_.clear();
    }
    faults_[fault.what] = fault.reason;
    expect_within(with_jitter(std::min(fault.retry_s, longest_retry_s)));
    roster_.tell(config_.id, hall::DeviceState::degraded, degraded_reason());
  }

  void take(const feed_lines::Fresh& fresh) {
    if (filling_ || !has(fresh.what)) {
      return end_it(filling_ ? "broke off an answer" : "answered what nobody asked for");
    }
    expect_within(with_jitter(config_.interval_s));
    be_good(fresh.what, fresh.counted, proof(fresh.counted));
  }

  // --- what is known of it ---
  /// What the answer says was true when it was asked for.
  Fresh proof(const feed_lines::Counted& counted) const {
    hall::Instant as_of = ports_.now();
    as_of.utc_ms -= counted.age_ms;
    return {executor_.now() - milliseconds(counted.age_ms), as_of};
  }

  void be_good(hall::What what, const feed_lines::Counted& counted, const Fresh& fresh) {
    pause_ = first_pause;
    over(what);
    faults_.erase(std::nullopt);
    fresh_[what] = fresh;
    counts_[what] = counts_text(counted);
    std::string detail;
    for (const auto& [each, text] : counts_) {
      detail += (detail.empty() ? "" : "; ") + std::string(hall::word_of(each)) + ": " + text;
    }
    roster_.detail(config_.id, detail);
    if (what == leading()) {
      stale_ = false;
      watch_age();
    }
    const std::string reason = degraded_reason();
    roster_.tell(config_.id, reason.empty() ? hall::DeviceState::ok : hall::DeviceState::degraded, reason);
  }

  /// Whose age is the age of the source.
  hall::What leading() const { return config_.resources.front(); }

  void watch_age() {
    const auto known = fresh_.find(leading());
    const auto old = known == fresh_.end() ? link::Duration(0) : executor_.now() - known->second.mono;
    staleness_.start(std::max<link::Duration>(seconds(config_.max_age_s) - old, link::Duration(0)), [this] {
      stale_ = true;
      const auto state = roster_.find(config_.id)->state;
      if (state == hall::DeviceState::ok || state == hall::DeviceState::degraded) {
        roster_.tell(config_.id, hall::DeviceState::degraded, degraded_reason());
      }
    });
  }

  /// One list answers again: what it shared with others was of the whole source, and is over for them too.
  void over(hall::What what) {
    const auto own = faults_.find(what);
    if (own == faults_.end()) {
      return;
    }
    const std::string reason = own->second;
    std::erase_if(faults_, [&reason](const auto& fault) { return fault.second == reason; });
  }

  /// Each reason once, however many lists have it; which, where the leading one does not.
  std::string told_faults() const {
    std::string text;
    std::set<std::string_view> told;
    for (const auto& [what, reason] : faults_) {
      if (!told.insert(reason).second) {
        continue;
      }
      text += text.empty() ? "" : "; ";
      text += lists_with(reason) + reason;
    }
    return text;
  }
  std::string lists_with(const std::string& reason) const {
    std::string lists;
    for (const auto& [what, each] : faults_) {
      if (each != reason) {
        continue;
      }
      if (!what || *what == leading()) {
        return {};
      }
      lists += (lists.empty() ? "" : ", ") + std::string(hall::word_of(*what));
    }
    return lists + ": ";
  }

  /// Says the same as long as things stay the same: every change of a reason is recorded.
  std::string degraded_reason() const {
    const std::string age =
        stale_ ? "stale, no answer for more than " + std::to_string(config_.max_age_s) + " s" : "";
    const std::string faults = told_faults();
    return age + (age.empty() || faults.empty() ? "" : ": ") + faults;
  }

  link::Executor& executor_;
  FeedConfig config_;
  Ports ports_;
  Roster& roster_;
  link::Timer restart_, silence_, staleness_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::uint64_t generation_ = 0;  ///< of the process; what an earlier one says is not heard
  std::optional<Filling> filling_;
  bool waiting_ = false;  ///< for whoever keeps what was said last
  bool stale_ = false;
  seconds pause_ = first_pause;
  std::map<std::optional<hall::What>, std::string> faults_;  ///< nullopt: of the source as a whole
  std::map<hall::What, Fresh> fresh_;
  std::map<hall::What, std::string> counts_;
  std::unique_ptr<Process> process_;
};

Feeds::Feeds(link::Executor& executor, const std::vector<FeedConfig>& configs, Ports ports, Roster& roster) {
  for (const FeedConfig& config : configs) {
    units_.push_back(std::make_unique<Unit>(executor, config, ports, roster));
  }
}

Feeds::~Feeds() = default;

void Feeds::stop() {
  for (const auto& unit : units_) {
    unit->stop();
  }
}

hall::Age Feeds::age(hall::What what) const {
  hall::Age age;
  for (const auto& unit : units_) {
    if (unit->has(what)) {
      age = hall::older(age, unit->age(what));
    }
  }
  return age;
}

}  // namespace lobby::devices
