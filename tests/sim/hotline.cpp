#include "tests/sim/hotline.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <charconv>
#include <utility>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

// Assumptions, in minutes.
constexpr double ring_every = 6;
constexpr int booked_ahead = 120;
/// Who had set out before we began to look comes within so long.
constexpr double set_out_already = 10;
constexpr double for_another_day = 0.4;

std::optional<int> minute_of(const std::string& clock) {
  int hour = 0, minute = 0;
  const char* const end = clock.data() + clock.size();
  const auto first = std::from_chars(clock.data(), end, hour);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') {
    return std::nullopt;
  }
  const auto second = std::from_chars(first.ptr + 1, end, minute);
  return second.ec == std::errc() ? std::optional(hour * 60 + minute) : std::nullopt;
}

const boost::json::array& list(const boost::json::value& from, std::string_view name) {
  static const boost::json::array nothing;
  const boost::json::object* const object = from.if_object();
  const boost::json::value* const value = object == nullptr ? nullptr : object->if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : nothing;
}

int minute_of(const std::tm& time) {
  return time.tm_hour * 60 + time.tm_min;
}

}  // namespace

std::vector<Slot> slots_of(const boost::json::value& day) {
  std::vector<Slot> slots;
  if (!day.is_object()) {
    return slots;
  }
  const std::string date = text(day.get_object(), "date");
  for (const boost::json::value& service : list(day, "services")) {
    for (const boost::json::value& one : list(service, "slots")) {
      const auto minute = one.is_object() ? minute_of(text(one.get_object(), "time")) : std::nullopt;
      if (minute) {
        slots.push_back({text(service.get_object(), "service"), date, *minute,
                         static_cast<int>(integer(one.get_object(), "capacity")),
                         static_cast<int>(integer(one.get_object(), "booked"))});
      }
    }
  }
  return slots;
}

Hotline::Hotline(Get get, Post post, CrowdCounts& counts, double speed, std::uint64_t seed)
    : get_(std::move(get)), post_(std::move(post)), counts_(counts), speed_(speed), random_(seed) {}

TimePoint Hotline::comes_at(const Slot& slot, double offset, const std::tm& today, TimePoint now) {
  const double minutes = slot.minute + offset - minute_of(today) - today.tm_sec / 60.0;
  if (minutes <= 0) {
    return now + real_time(between(0, set_out_already, random_), speed_);
  }
  return now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(minutes * 60));
}

void Hotline::book(const Slot& slot, const std::tm& today, TimePoint now) {
  Visit visit;
  visit.service = slot.service;
  visit.patience_min = draw_patience(random_);
  visit.applicant_id = fmt::format("SIM-CALLER-{:06}", ++people_);
  const auto offset = draw_punctuality(random_);
  const HallClient::Answer answer =
      post_("/appointments", {{"service", slot.service},
                              {"date", slot.date},
                              {"time", fmt::format("{:02}:{:02}", slot.minute / 60, slot.minute % 60)},
                              {"applicant_id", visit.applicant_id}});
  if (!answer.ok()) {
    counts_.refuse_clerk(answer.code());
    return;
  }
  counts_.add(CrowdCounts::What::booked);
  if (!offset) {
    counts_.add(CrowdCounts::What::unused);
    return;
  }
  const bool is_today =
      slot.date == fmt::format("{:04}-{:02}-{:02}", today.tm_year + 1900, today.tm_mon + 1, today.tm_mday);
  if (is_today && answer.body.is_object()) {
    visit.appointment = text(answer.body.get_object(), "code");
    coming_.add(comes_at(slot, *offset, today, now), std::move(visit));
  }
}

void Hotline::book_before(WallClock::Wall wall, TimePoint now) {
  const std::tm today = local_time(wall);
  const int minute = minute_of(today);
  for (const Slot& slot : slots_of(get_("/appointments?date=" + local_date(wall)).body)) {
    if (slot.minute <= minute || slot.minute > minute + booked_ahead) {
      continue;
    }
    for (int seat = slot.booked; seat < slot.capacity; ++seat) {
      if (happens(share::slot_filled, random_)) {
        book(slot, today, now);
      }
    }
  }
}

void Hotline::ring(WallClock::Wall wall, TimePoint now) {
  const bool rings = next_ring_ && now >= *next_ring_;
  if (!next_ring_ || rings) {
    next_ring_ = now + real_time(about_every(ring_every, random_), speed_);
  }
  if (!rings) {
    return;
  }
  const bool tomorrow = happens(for_another_day, random_);
  const auto day = tomorrow ? wall + std::chrono::hours(24) : wall;
  const auto slots = slots_of(get_("/appointments?date=" + local_date(day)).body);
  if (!slots.empty()) {
    // A slot that is full or has begun is the caller's bad luck: the hall refuses it.
    book(slots.at(random_() % slots.size()), local_time(wall), now);
  }
}

}  // namespace lobby::sim
