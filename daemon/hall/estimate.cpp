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
    out_.at = all_.at;
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
  };

  /// Where a head stands.
  struct Origin {
    std::size_t queue = 0;
    std::size_t own = 0;  ///< place in the desk's own line, or `none`
  };
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

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
      see_heads(mine, desk);
      auto round = desk.round;
      const Head* head = choose(*all_.site, mine.caller, heads_, round, at_ms);
      if (head == nullptr) {
        wait_for_arrival(which, at_ms);
        return;
      }
      const Head chosen = *head;
      const Origin origin = origins_[static_cast<std::size_t>(head - heads_.data())];
      if (origin.own != none) {
        desk.line.erase(desk.line.begin() + static_cast<std::ptrdiff_t>(origin.own));
      } else {
        ++next_[origin.queue][static_cast<std::size_t>(chosen.lane)];
      }
      if (tell(chosen.entry, origin.queue, desk.window, at_ms)) {
        desk.round = std::move(round);
        free_.push({at_ms + all_.queues[origin.queue].stay_ms + all_.gap_ms, which});
        return;
      }
    }
  }

  void see_heads(const Desk& mine, const Outlook::Desk& desk) {
    heads_.clear();
    origins_.clear();
    for (const std::size_t queue : mine.queues) {
      for (std::size_t lane = 0; lane < lane_count; ++lane) {
        const auto& line = all_.queues[queue].lanes[lane];
        if (next_[queue][lane] < line.size()) {
          heads_.push_back({.entry = line[next_[queue][lane]],
                            .lane = static_cast<Lane>(lane),
                            .service = all_.queues[queue].service});
          origins_.push_back({.queue = queue, .own = none});
        }
      }
    }
    for (std::size_t i = 0; i < desk.line.size(); ++i) {
      const Outlook::Own& own = desk.line[i];
      heads_.push_back({.entry = own.entry, .lane = own.lane, .service = all_.queues[own.queue].service});
      origins_.push_back({.queue = own.queue, .own = i});
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
    const bool is_known = seconds == 0 || all_.queues[queue].is_known;
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

  Outlook all_;
  std::vector<Desk> desks_;                                ///< as all_.desks
  std::vector<std::array<std::size_t, lane_count>> next_;  ///< of each line: whom it has come to
  std::vector<bool> is_served_;
  using Free = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Free, std::vector<Free>, std::greater<>> free_;  ///< desks by when they call next
  std::size_t arrived_ = 0;
  std::size_t open_ = 0;  ///< who is still to be told
  std::vector<Head> heads_;
  std::vector<Origin> origins_;  ///< of heads_
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
