#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

struct Day {
  hall::Date date;
  std::optional<hall::ServiceId> service;
  bool bookings = false;  ///< also who comes, by code
};

void put_slot(std::string& out, const hall::State& state, const hall::Service& service, const Day& day,
              int minute) {
  std::vector<const hall::Appointment*> here;
  for (const auto& booked : state.appointments) {
    if (booked.service == service.id && booked.date == day.date &&
        static_cast<int>(booked.minute) == minute) {
      here.push_back(&booked);
    }
  }
  JsonObject object(out);
  object.add("time", clock_text(minute)).add("capacity", service.slots.capacity).add("booked", here.size());
  if (day.bookings) {
    put_array(object.open("bookings"), here, [](std::string& to, const hall::Appointment* booked) {
      JsonObject(to).add("id", booked->id).add("code", booked->code).add("used", booked->used);
    });
  }
}

void put_day(std::string& out, const hall::Site& site, const hall::State& state, const hall::Service& service,
             const Day& day) {
  std::vector<int> begins;
  // No slots on a day on which the service is closed.
  if (!hall::hours_of(site, service, day.date).empty()) {
    for (const auto& span : service.slots.hours) {
      for (int at = span.from; at + service.slots.every_min <= span.to; at += service.slots.every_min) {
        begins.push_back(at);
      }
    }
  }
  JsonObject object(out);
  object.add("service", service.id).add("name", service.name);
  put_array(object.open("slots"), begins,
            [&](std::string& to, int minute) { put_slot(to, state, service, day, minute); });
}

std::string day_json(const Backend& backend, const Day& day) {
  const auto& site = backend.site();
  std::vector<const hall::Service*> services;
  for (const auto& service : site.services) {
    if (service.slots.every_min > 0 && (!day.service || *day.service == service.id)) {
      services.push_back(&service);
    }
  }
  std::string out;
  {
    JsonObject object(out);
    object.add("date", day.date);
    put_array(object.open("services"), services, [&](std::string& to, const hall::Service* service) {
      put_day(to, site, backend.state(), *service, day);
    });
  }
  return out;
}

}  // namespace

void get_appointments(Desk& desk, Call call) {
  QueryFields query(call.target.query);
  Day day;
  day.bookings = call.account.role != Role::kiosk;
  day.date = query.date("date").value_or(hall::local_date(desk.backend.now()));
  if (const auto service = query.text("service")) {
    day.service = hall::ServiceId{*service};
  }
  if (const auto problem = query.finish()) {
    return call.respond(*problem);
  }
  if (day.service && desk.backend.site().find(*day.service) == nullptr) {
    return call.respond(not_found("there is no service `" + day.service->value + "`", "unknown_service"));
  }
  desk.backend.when_durable(
      [&backend = desk.backend, day, call = std::move(call)] { call.respond_json(day_json(backend, day)); });
}

}  // namespace lobby::api
