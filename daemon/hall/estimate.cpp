#include "daemon/hall/estimate.hpp"

#include <algorithm>
#include <queue>
#include <string_view>
#include <unordered_map>

namespace lobby::hall {

namespace {

constexpr std::int64_t horizon_ms = 4 * 60 * 60'000;
/// Ids from here on are of people who are not there: newcomers who might come now, and arrivals to expect.
constexpr std::uint64_t first_newcomer = std::uint64_t{1} << 62;
constexpr std::uint64_t first_arrival = std::uint64_t{1} << 63;

class Playing {
 public:
  explicit Playing(Outlook outlook) : all_(std::move(outlook)) {
    serve_from();
    add_newcomers();
    for (std::size_t i = 0; i < all_.desks.size(); ++i) {
      free_.push({all_.desks[i].free_ms, i});
      open_ += all_.desks[i].line.size();
    }
  }

  Estimates play() {
    out_.at = all_.now;
    out_.newcomers.resize(all_.queues.size());
    while (!free_.empty() && open_ > 0 && free_.top().first <= all_.now.utc_ms + horizon_ms) {
      const auto [at_ms, desk] = free_.top();
      free_.pop();
      arrive_until(at_ms);
      call(desk, at_ms);
    }
    std::sort(out_.waits.begin(), out_.waits.end(),
              [](const auto& a, const auto& b) { return a.ticket < b.ticket; });
    return std::move(out_);
  }

 private:
  struct Desk {
    Caller caller;
    std::vector<std::size_t> queues;
    std::size_t next_own = 0;
  };

  void serve_from() {
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < all_.queues.size(); ++i) {
      places.emplace(all_.queues[i].service->id.value, i);
    }
    is_served_.resize(all_.queues.size());
    next_.resize(all_.queues.size());
    for (const Outlook::Desk& desk : all_.desks) {
      const Window& window = all_.site->windows[desk.window];
      Desk& mine = desks_.emplace_back(Desk{.caller = caller_of(*all_.site, window), .queues = {}});
      for (const ServiceId& id : window.services) {
        const auto place = places.find(id.value);
        if (place != places.end() && serves(window, *all_.queues[place->second].service)) {
          mine.queues.push_back(place->second);
          is_served_[place->second] = true;
        }
      }
    }
  }

  /// One more at the end of every line, who takes nobody's time.
  void add_newcomers() {
    for (std::size_t queue = 0; queue < all_.queues.size(); ++queue) {
      for (std::size_t lane = 0; lane < lane_count; ++lane) {
        auto& line = all_.queues[queue].lanes[lane];
        open_ += is_served_[queue] ? line.size() : 0;
        if (is_served_[queue] && all_.queues[queue].takes_newcomers) {
          line.push_back(
              {.place_ms = all_.now.utc_ms, .ticket = {first_newcomer + queue * lane_count + lane}});
          std::inplace_merge(line.begin(), line.end() - 1, line.end());
          ++open_;
        }
      }
    }
  }

  void arrive_until(std::int64_t at_ms) {
    for (; arrived_ < all_.arrivals.size() && all_.arrivals[arrived_].at_ms <= at_ms; ++arrived_) {
      const Outlook::Arrival& one = all_.arrivals[arrived_];
      auto& line = all_.queues[one.queue].lanes[static_cast<std::size_t>(one.lane)];
      const hall::Line::Entry entry{.place_ms = one.at_ms, .ticket = {first_arrival + arrived_}};
      const auto waiting =
          line.begin() + static_cast<std::ptrdiff_t>(next_[one.queue][static_cast<std::size_t>(one.lane)]);
      line.insert(std::lower_bound(waiting, line.end(), entry), entry);
    }
  }

  /// Everybody who is not really there and whose turn it is, then one who is.
  void call(std::size_t which, std::int64_t at_ms) {
    Outlook::Desk& desk = all_.desks[which];
    Desk& mine = desks_[which];
    for (;;) {
      see_heads(mine);
      const bool has_own = mine.next_own < desk.line.size();
      const hall::Line::Entry* own = has_own ? &desk.line[mine.next_own] : nullptr;
      auto round = desk.round;
      const Head* head = choose(*all_.site, mine.caller, heads_, own, round, at_ms);
      if (head == nullptr && own == nullptr) {
        wait_for_arrival(which, at_ms);
        return;
      }
      const hall::Line::Entry entry = head == nullptr ? *own : head->entry;
      const std::size_t queue =
          head == nullptr ? all_.queues.size() : queue_of_[static_cast<std::size_t>(head - heads_.data())];
      if (head == nullptr) {
        ++mine.next_own;
      } else {
        ++next_[queue][static_cast<std::size_t>(head->lane)];
      }
      if (tell(entry, queue, desk.window, at_ms)) {
        desk.round = std::move(round);
        const std::int64_t stay_ms =
            queue < all_.queues.size() ? all_.queues[queue].stay_ms : usual_stay(mine);
        free_.push({at_ms + stay_ms + all_.gap_ms, which});
        return;
      }
    }
  }

  void see_heads(const Desk& desk) {
    heads_.clear();
    queue_of_.clear();
    for (const std::size_t queue : desk.queues) {
      for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const auto& line = all_.queues[queue].lanes[lane];
        if (next_[queue][lane] < line.size()) {
          heads_.push_back({.entry = line[next_[queue][lane]],
                            .lane = static_cast<Lane>(lane),
                            .service = all_.queues[queue].service});
          queue_of_.push_back(queue);
        }
      }
    }
  }

  /// False: it was a newcomer, who is told and takes no time.
  bool tell(hall::Line::Entry entry, std::size_t queue, WindowIx window, std::int64_t at_ms) {
    const std::uint64_t id = entry.ticket.value;
    if (id >= first_arrival) {
      return true;
    }
    --open_;
    const auto seconds = static_cast<std::uint32_t>((at_ms - all_.now.utc_ms + 500) / 1000);
    // A wait that rests on a guess is none to tell.
    const bool is_known = seconds == 0 || queue == all_.queues.size() || all_.queues[queue].is_known;
    if (id >= first_newcomer) {
      if (is_known) {
        const std::uint64_t place = id - first_newcomer;
        out_.newcomers[place / lane_count][place % lane_count] = seconds;
      }
      return false;
    }
    if (is_known) {
      out_.waits.push_back({.ticket = entry.ticket, .seconds = seconds, .window = window});
    }
    return true;
  }

  void wait_for_arrival(std::size_t which, std::int64_t at_ms) {
    if (arrived_ < all_.arrivals.size()) {
      free_.push({std::max(all_.arrivals[arrived_].at_ms, at_ms), which});
    }
  }

  std::uint32_t usual_stay(const Desk& desk) const {
    std::uint64_t sum = 0;
    for (const std::size_t queue : desk.queues) {
      sum += all_.queues[queue].stay_ms;
    }
    return desk.queues.empty() ? 0 : static_cast<std::uint32_t>(sum / desk.queues.size());
  }

  Outlook all_;
  std::vector<Desk> desks_;                                ///< as all_.desks
  std::vector<std::array<std::size_t, lane_count>> next_;  ///< of each line: whom it has come to
  std::vector<bool> is_served_;
  using Free = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Free, std::vector<Free>, std::greater<>> free_;  ///< desks by when they call next
  std::size_t arrived_ = 0;
  std::size_t open_ = 0;  ///< who is still to be told
  std::vector<Head> heads_;
  std::vector<std::size_t> queue_of_;
  Estimates out_;
};

}  // namespace

Estimates play(Outlook outlook) {
  return Playing(std::move(outlook)).play();
}

bool Estimates::is_fresh(Instant now) const {
  return at && now.utc_ms >= at->utc_ms && now.utc_ms - at->utc_ms <= stale_after_ms;
}

const Estimates::Wait* Estimates::of(TicketId ticket) const {
  const auto it = std::lower_bound(waits.begin(), waits.end(), ticket,
                                   [](const Wait& one, TicketId id) { return one.ticket < id; });
  return it != waits.end() && it->ticket == ticket ? &*it : nullptr;
}

}  // namespace lobby::hall
