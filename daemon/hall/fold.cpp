#include "daemon/hall/fold.hpp"

#include <algorithm>
#include <utility>

namespace lobby::hall {

namespace {

/// The place of the item that `is` finds, or of the new one that `make` makes; no_ix when there is no room.
std::uint16_t place_of(auto& items, auto&& is, auto&& make) {
  const auto it = std::find_if(items.begin(), items.end(), is);
  if (it != items.end()) {
    return static_cast<std::uint16_t>(it - items.begin());
  }
  if (items.size() >= no_ix) {
    return no_ix;
  }
  items.push_back(make());
  return static_cast<std::uint16_t>(items.size() - 1);
}

}  // namespace

void apply(State& state, const Event& event) {
  std::visit(Fold(state, event), event.body);
  state.seq = event.seq;
  if (state.last_at.utc_ms <= event.at.utc_ms) {
    state.last_at = event.at;
  }
}

ServiceIx Fold::service(const ServiceId& id) {
  return place_of(
      state_.services, [&](const ServiceState& one) { return one.id == id; },
      [&] {
        ServiceState one;
        one.id = id;
        return one;
      });
}

WindowIx Fold::window(const WindowId& id) {
  return place_of(
      state_.windows, [&](const WindowRecord& one) { return one.id == id; },
      [&] {
        WindowRecord one;
        one.id = id;
        return one;
      });
}

KioskIx Fold::kiosk(const KioskId& id) {
  return place_of(
      state_.kiosks, [&](const KioskId& one) { return one == id; }, [&] { return id; });
}

LanguageIx Fold::language(const std::string& name) {
  auto& all = state_.languages;
  const auto it = std::find(all.begin(), all.end(), name);
  if (name.empty() || (it == all.end() && all.size() >= no_language)) {
    return no_language;
  }
  const auto place = static_cast<LanguageIx>(it - all.begin());
  if (it == all.end()) {
    all.push_back(name);
  }
  return place;
}

DeviceIx Fold::printer(const DeviceId& id) {
  return place_of(
      state_.devices, [&](const DeviceRecord& one) { return one.id == id; },
      [&] {
        return DeviceRecord{.id = id,
                            .kind = DeviceKind::printer,
                            .state = DeviceState::absent,
                            .reason = {},
                            .since = event_.at};
      });
}

SeriesIx Fold::series(const std::string& prefix) {
  return place_of(
      state_.series, [&](const Series& one) { return one.prefix == prefix; },
      [&] { return Series{.prefix = prefix, .used = {}}; });
}

ServiceState* Fold::service_of(const Ticket& ticket) {
  return ticket.service < state_.services.size() ? &state_.services[ticket.service] : nullptr;
}

WindowRecord* Fold::record(const WindowId& id) {
  const WindowIx place = window(id);
  return place == no_ix ? nullptr : &state_.windows[place];
}

void Fold::operator()(const AppointmentBooked& body) {
  state_.next_appointment = std::max(state_.next_appointment, AppointmentId{body.id.value + 1});
  if (state_.appointments.empty() || state_.appointments.back().id < body.id) {
    state_.appointments.push_back(body);
  }
}

void Fold::operator()(const AppointmentCancelled& body) {
  std::erase_if(state_.appointments,
                [&](const Appointment& booked) { return booked.id == body.appointment; });
}

void Fold::operator()(const ApplicantBlocked& body) {
  auto& all = state_.blocks;
  std::erase_if(all, [&](const Block& one) { return one.applicant == body.applicant; });
  if (body.until >= local_date(event_.at)) {
    const auto behind = std::find_if(all.begin(), all.end(),
                                     [&](const Block& one) { return one.applicant > body.applicant; });
    all.insert(behind, Block(body));
  }
}

void Fold::operator()(const TenantReported& body) {
  const ServiceIx place = service(body.service);
  if (place != no_ix) {
    ServiceState& one = state_.services[place];
    one.tenant_waiting = body.waiting;
    one.tenant_called = body.called;
    one.tenant_window = body.at_window;
  }
}

void Fold::operator()(const DayOpened& body) {
  state_.date = body.date;
  state_.day_closed = false;
  state_.next_ticket = std::max(state_.next_ticket, body.next_ticket);
  state_.next_appointment =
      std::max(state_.next_appointment, body.next_appointment.value_or(AppointmentId{1}));
  // Fresh vectors, not clear(): yesterday's memory goes back.
  state_.tickets = {};
  state_.services = {};
  state_.windows = {};
  state_.kiosks = {};
  state_.series = {};
  state_.languages = {};
  state_.routes = {};
  state_.lately_called = {};
  state_.people = {};
  for (const ServicePace& pace : body.paces) {
    if (const ServiceIx place = service(pace.service); place != no_ix) {
      state_.services[place].stay = {.count = Pace::yesterdays, .mean_ms = pace.mean_ms};
    }
  }
  state_.gap = body.gap_ms ? Pace{.count = Pace::yesterdays, .mean_ms = *body.gap_ms} : Pace{};
  state_.appointments = body.appointments;
  state_.notices = body.notices;
  state_.blocks = body.blocks;
  state_.next_draft = std::max(state_.next_draft, body.next_draft.value_or(DraftId{1}));
  state_.texts = body.texts;
  state_.emergency = body.emergency;
  state_.publications = std::max(state_.publications, body.publications.value_or(0));
  state_.catalogue = body.catalogue.value_or(CatalogueWatch{});
  state_.next_evaluation = std::max(state_.next_evaluation, body.next_evaluation.value_or(EvaluationId{1}));
  state_.next_alarm = std::max(state_.next_alarm, body.next_alarm.value_or(AlarmId{1}));
  state_.evaluations = body.evaluations;
}

void Fold::operator()(const DayClosed&) {
  state_.day_closed = true;
}

void Fold::operator()(const DeviceChanged& body) {
  const DeviceIx place = printer(body.device);
  if (place == no_ix) {
    return;
  }
  DeviceRecord& device = state_.devices[place];
  if (device.state != body.state) {
    device.since = event_.at;
  }
  device.kind = body.kind;
  device.state = body.state;
  device.reason = body.reason;
  device.blocked = body.blocked.value_or(false);
}

void Fold::operator()(const AccountChanged&) {}

}  // namespace lobby::hall
