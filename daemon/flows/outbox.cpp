#include "daemon/flows/outbox.hpp"

#include <algorithm>
#include <utility>

namespace lobby::flows {

namespace {

/// So many events that concern nobody are read again after a restart, rather than kept one by one.
constexpr std::uint64_t most_unkept = 10'000;

/// What was refused, once each; what a target refuses that it was not sent is nobody's.
std::vector<DeadLetter> letters_of(const std::vector<OutboxItem>& items,
                                   const std::vector<OutboxRefusal>& refused) {
  std::vector<DeadLetter> letters;
  for (const auto& item : items) {
    const auto names_it = [&](const OutboxRefusal& refusal) { return refusal.id == item.id; };
    if (const auto found = std::find_if(refused.begin(), refused.end(), names_it); found != refused.end()) {
      letters.push_back({item, found->reason});
    }
  }
  return letters;
}

}  // namespace

Outbox::Batch Outbox::next() {
  if (busy_) {
    return {{}, true};
  }
  if (std::exchange(rest_, false) || !items_.empty() || !begin()) {
    return {};
  }
  const auto lines = port_.read(place_, most_items);
  take(lines);
  if (items_.empty()) {
    const bool at_end = lines.size() < most_items;
    skip_to(end_, at_end);
    return {{}, !at_end};
  }
  return {items_, false};
}

/// Where to go on; false: not known yet. A first place must be kept before anything is sent: after a restart
/// the outbox would begin behind what happened meanwhile.
bool Outbox::begin() {
  if (knows_place_) {
    return true;
  }
  if (const auto place = port_.place()) {
    place_ = kept_ = *place;
    knows_place_ = true;
    return true;
  }
  const auto newest = port_.newest();
  keep(newest, 0, [this, newest](bool durable) {
    knows_place_ = durable;
    place_ = newest;
  });
  return false;
}

/// Fills the batch; events that are too old by now are only counted.
void Outbox::take(const std::vector<OutboxLine>& lines) {
  end_ = place_;
  too_old_ = 0;
  const auto oldest_ms = port_.now().utc_ms - waits_ms;
  std::size_t bytes = 0;
  for (const auto& line : lines) {
    if (line.wanted && line.at_ms < oldest_ms) {
      ++too_old_;
    } else if (auto item = line.wanted ? port_.item(line) : std::nullopt) {
      bytes += item->json.size();
      if (!items_.empty() && bytes > most_bytes) {
        return;
      }
      items_.push_back(*std::move(item));
    }
    end_ = line.seq;
  }
}

/// Nothing of what was read is to be sent.
void Outbox::skip_to(std::uint64_t seq, bool at_end) {
  place_ = seq;
  dropped_ += std::exchange(too_old_, 0);
  const bool is_worth_it = place_ - kept_ >= most_unkept || (at_end && dropped_ + untold_ > 0);
  if (is_worth_it) {
    keep(place_, 0, [this, at_end](bool durable) {
      if (durable && at_end) {
        tell_dropped();
      }
    });
  }
}

/// The young ones follow: it will be no more.
void Outbox::tell_dropped() {
  if (const auto count = std::exchange(untold_, 0); count > 0) {
    port_.dropped(count);
  }
}

/// `too_old`: what was passed over since place_, and is read again when the disk refuses.
void Outbox::keep(std::uint64_t seq, std::uint64_t too_old, std::function<void(bool)> done) {
  busy_ = true;
  port_.keep_place(seq, [this, seq, too_old, done = std::move(done)](bool durable) {
    busy_ = false;
    rest_ = !durable;
    if (durable) {
      kept_ = seq;
      const auto count = std::exchange(dropped_, 0) + too_old;
      counts_.dropped += count;
      untold_ += count;
    }
    done(durable);
  });
}

void Outbox::confirmed(const std::vector<OutboxRefusal>& refused, std::function<void(bool)> done) {
  auto letters = letters_of(items_, refused);
  const Counts batch{items_.size() - letters.size(), letters.size(), std::exchange(too_old_, 0)};
  items_.clear();
  if (letters.empty()) {
    return move_on(batch, std::move(done));
  }
  busy_ = true;
  port_.bury(std::move(letters), [this, batch, done = std::move(done)](bool durable) {
    busy_ = false;
    if (durable) {
      move_on(batch, done);
    } else {
      rest_ = true;
      done(false);
    }
  });
}

void Outbox::move_on(const Counts& batch, std::function<void(bool)> done) {
  keep(end_, batch.dropped, [this, batch, done = std::move(done)](bool durable) {
    if (durable) {
      place_ = kept_;
      counts_.sent += batch.sent;
      counts_.refused += batch.refused;
      tell_dropped();
    }
    done(durable);
  });
}

void Outbox::lost() {
  items_.clear();
}

}  // namespace lobby::flows
