#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "daemon/hall/lanes.hpp"
#include "tests/days/day.hpp"

namespace lobby::hall::days {

/// Looks at every event of a day and at the state after it, and holds both against what a hall promises.
class Watch {
 public:
  Watch(const Site& site, const State& state) : site_(site), state_(state) {}

  void operator()(const Event& event) {
    std::visit([&](const auto& body) { see(event, body); }, event.body);
  }
  const Waits& waits() const { return waits_; }
  std::uint32_t issued() const { return issued_; }
  std::uint32_t served() const { return finished_; }

 private:
  template <class B>
  void see(const Event&, const B&) {}

  void see(const Event&, const DayOpened&) {
    numbers_.clear();
    issued_ = finished_ = no_show_ = expired_ = 0;
  }

  void see(const Event&, const TicketIssued& body) {
    ++issued_;
    if (!numbers_.insert(body.number).second) {
      FAIL_CHECK("number " << body.number << " was given twice");
    }
    const Service* service = site_.find(body.service);
    const Service* asked = body.package ? site_.find(*body.package) : service;
    if (body.n < asked->first || body.n > asked->last) {
      FAIL_CHECK("number " << body.number << " is out of the band of " << asked->id.value);
    }
  }

  void see(const Event& event, const TicketCalled& body) {
    const Ticket& ticket = *state_.find(body.ticket);
    waits_.add(ticket.lane, (event.at.utc_ms - ticket.since_ms) / 1000);
    const WindowRecord& place = *state_.find(body.window);
    const Window& window = *site_.find(body.window);
    for (const WindowRecord& other : state_.windows) {
      if (other.ticket == ticket.id && &other != &place) {
        FAIL_CHECK("ticket " << body.number << " is at two windows");
      }
    }
    if (!serves(window, *site_.find(body.service))) {
      FAIL_CHECK("window " << body.window.value << " called " << body.service.value);
    }
    if (!is_exempt(*site_.find(body.service), ticket.lane)) {
      nobody_starves(event, ticket, window, place);
    }
  }

  void see(const Event&, const ServiceFinished& body) { finished_ += body.ticket == TicketId{} ? 0 : 1; }
  void see(const Event&, const TicketNoShow&) { ++no_show_; }
  void see(const Event&, const TicketReinstated&) { --no_show_; }
  void see(const Event&, const TicketExpired&) { ++expired_; }
  /// A step of a package ends as often as it has steps, so those are looked at by their tickets.
  void see(const Event&, const TicketTransferred& body) { finished_ -= body.next_step ? 1 : 0; }

  void see(const Event&, const DayClosed& body) {
    CHECK(body.issued == issued_);
    CHECK(body.no_show == no_show_);
    CHECK(body.expired == expired_);
    CHECK(issued_ == finished_ + no_show_ + expired_);
    for (const Ticket& ticket : state_.tickets) {
      if (!is_over(ticket.state)) {
        FAIL_CHECK("ticket " << state_.number_of(ticket) << " outlived the day");
      }
    }
  }

  bool is_exempt(const Service& service, Lane lane) const {
    const auto& exempt = site_.lanes.exempt;
    return std::find(exempt.begin(), exempt.end(), lane) != exempt.end() ||
           (site_.lanes.complaint_exempt && service.kind == ServiceKind::complaint);
  }

  /// Whoever has waited `anyone_after_s` is passed by nobody who stands behind.
  void nobody_starves(const Event& event, const Ticket& called, const Window& window,
                      const WindowRecord& place) {
    for (const ServiceId& id : window.services) {
      const ServiceState* queue = state_.find(id);
      const Service& service = *site_.find(id);
      for (std::size_t lane = 0; queue != nullptr && serves(window, service) && lane < lane_count; ++lane) {
        const auto line = queue->lanes[lane].entries();
        if (line.empty() || state_.find(line.front().ticket)->avoid != no_ix) {
          continue;
        }
        const bool waited = event.at.utc_ms - line.front().place_ms >= site_.lanes.anyone_after_s * 1000LL;
        if (waited && line.front().place_ms < called.place_ms) {
          FAIL_CHECK("window " << place.id.value << " passed over ticket "
                               << state_.number_of(*state_.find(line.front().ticket)) << " for "
                               << state_.number_of(called));
        }
      }
    }
  }

  const Site& site_;
  const State& state_;
  std::set<std::string> numbers_;
  Waits waits_;
  std::uint32_t issued_ = 0, finished_ = 0, no_show_ = 0, expired_ = 0;
};

/// `service_closed 3, quota_reached 12`
inline std::string listed(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  }
  return text;
}

}  // namespace lobby::hall::days
