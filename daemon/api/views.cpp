#include "daemon/api/views.hpp"

#include <algorithm>

#include "daemon/api/discretion.hpp"
#include "daemon/api/json_writer.hpp"

namespace lobby::api {
namespace {

hall::Instant today_at(hall::Instant now, int minute) {
  const std::int64_t midnight_min = std::int64_t{hall::local_date(now).days} * 24 * 60;
  return {(midnight_min + minute - now.offset_min) * 60'000, now.offset_min};
}

void put_ticket_at_window(std::string& out, const std::optional<hall::TicketAtWindow>& ticket) {
  if (!ticket) {
    out += "null";
    return;
  }
  JsonObject(out)
      .add("id", ticket->id)
      .add("number", ticket->number)
      .add("service", ticket->service)
      .add("lane", ticket->lane);
}

void put_window_of_hall(std::string& out, const hall::WindowView& window) {
  JsonObject object(out);
  object.add("id", window.id)
      .add("number", window.number)
      .add("name", window.name)
      .add("zone", window.zone)
      .add("state", window.state);
  put_ticket_at_window(object.open("ticket"), window.ticket);
  object.add_if("case_tail", or_null(window.case_tail))
      .add_if("walk_in", window.walk_in)
      .add("clerk", or_null(window.clerk));
  put_array(object.open("services"), window.services);
  object.add("message", or_null(window.message))
      .add("back_at", window.back_at)
      .add_if("help_since", window.help_at);
}

void put_call(std::string& out, const hall::CallView& call) {
  JsonObject(out)
      .add("ticket", call.ticket)
      .add("number", call.number)
      .add("window", call.window)
      .add("window_number", call.window_number)
      .add("at", call.at);
}

/// Lists of an event: of words and numbers, or of things with fields of their own.
template <class T>
void put_list(std::string& out, const std::vector<T>& list);

/// What `fields(self, f)` calls to write an event; empty texts and what is not there are left out.
struct EventFields {
  JsonObject& object;
  template <class T>
  void operator()(std::string_view name, const T& member) {
    object.add(name, member);
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& member) {
    if constexpr (requires(T thing, EventFields & fields) { T::fields(thing, fields); }) {
      if (member) {
        JsonObject inner(object.open(name));
        EventFields fields{inner};
        T::fields(*member, fields);
      }
    } else {
      object.add_if(name, member);
    }
  }
  template <class T>
  void operator()(std::string_view name, const std::vector<T>& member) {
    if (!member.empty()) {
      put_list(object.open(name), member);
    }
  }
  void operator()(std::string_view name, const bool& member) {
    if (member) {
      object.add(name, member);
    }
  }
  void operator()(std::string_view name, const hall::ApplicantKey& member) {
    if (member != hall::ApplicantKey{}) {
      object.add(name, member);
    }
  }
  void operator()(std::string_view name, const std::string& member) { object.add_if(name, or_null(member)); }
  template <class Tag>
  void operator()(std::string_view name, const hall::Id<Tag, std::string>& member) {
    object.add_if(name, or_null(member));
  }
};

template <class T>
void put_list(std::string& out, const std::vector<T>& list) {
  put_array(out, list, [](std::string& to, const T& item) {
    if constexpr (requires(EventFields & fields) { T::fields(item, fields); }) {
      JsonObject object(to);
      EventFields fields{object};
      T::fields(item, fields);
    } else {
      put(to, item);
    }
  });
}

void put_history(std::string& out, const std::vector<EventLine>& recorded, hall::TicketId ticket,
                 const std::vector<hall::Event>& latest) {
  std::vector<std::string> lines;
  std::transform(recorded.begin(), recorded.end(), std::back_inserter(lines),
                 [](const EventLine& line) { return line.json; });
  const std::uint64_t last = recorded.empty() ? 0 : recorded.back().seq;
  for (const auto& event : latest) {
    if (event.seq > last && hall::ticket_of(event) == ticket) {
      put(lines.emplace_back(), event);
    }
  }
  put_array(out, lines, [](std::string& to, std::string& line) {
    hide_member(line, "applicant");
    to += line;
  });
}

}  // namespace

std::string clock_text(int minute) {
  const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return two(minute / 60) + ":" + two(minute % 60);
}

void put_service(std::string& out, const hall::ServiceView& service, hall::Instant now) {
  JsonObject object(out);
  object.add("id", service.id)
      .add("name", service.name)
      .add("zone", service.zone)
      .add("prefix", service.prefix)
      .add("kind", hall::to_text(service.kind))
      .add("open", service.open);
  if (service.opens_at) {
    object.add("opens_at", today_at(now, *service.opens_at));
  }
  object.add("waiting", service.waiting)
      .add("estimate_s", service.estimate_s)
      .add("issued", service.issued)
      .add("limit", service.limit)
      .add_if("called", or_null(service.tenant_called))
      .add_if("window", or_null(service.tenant_window));
}

std::string hall_json(const hall::HallView& hall, hall::Instant now) {
  std::string out;
  out.reserve(16384);
  {
    JsonObject object(out);
    object.add("name", hall.name)
        .add("business_date", hall.business_date.days == 0 ? std::nullopt : std::optional(hall.business_date))
        .add("open", hall.open)
        .add("seq", hall.seq);
    put_array(object.open("services"), hall.services,
              [now](std::string& to, const hall::ServiceView& service) { put_service(to, service, now); });
    put_array(object.open("windows"), hall.windows, put_window_of_hall);
    put_array(object.open("lately_called"), hall.lately_called, put_call);
  }
  return out;
}

void put(std::string& out, const hall::WindowView& window) {
  JsonObject object(out);
  object.add("id", window.id)
      .add("number", window.number)
      .add("name", window.name)
      .add("state", window.state);
  put_ticket_at_window(object.open("ticket"), window.ticket);
  object.add_if("case_tail", or_null(window.case_tail))
      .add_if("walk_in", window.walk_in)
      .add("clerk", or_null(window.clerk))
      .add("message", or_null(window.message))
      .add("back_at", window.back_at)
      .add_if("help_since", window.help_at);
}

void put(std::string& out, const hall::DeviceView& device) {
  JsonObject(out)
      .add("id", device.id)
      .add("kind", device.kind)
      .add("driver", device.driver)
      .add("state", device.state)
      .add("reason", or_null(device.reason))
      .add("since", device.since)
      .add("last_ok", device.last_ok)
      .add_if("window", device.window)
      .add_if("zone", device.zone)
      .add_if("kiosk", device.kiosk)
      .add_if("bus", device.bus)
      .add_if("address", device.address)
      .add("detail", device.detail);
}

void put(JsonObject& object, const hall::Age& age) {
  object.add("as_of", age.as_of)
      .add("stale", age.stale())
      .add("freshness", hall::word_of(age.state))
      .add("valid_for_s", age.valid_for_s);
}

void put_record(std::string& out, const hall::Record& record) {
  std::string id;
  JsonObject(id).add("id", record.id);
  // An object of plain fields, checked when it came; the id goes in front.
  id.back() = record.json.size() > 2 ? ',' : '}';
  out += id;
  out.append(record.json, 1, record.json.size() > 2 ? std::string::npos : 0);
}

void put(std::string& out, const hall::CaseRow& row, Audience audience) {
  const bool everybody = audience == Audience::everybody;
  const std::string& status = everybody ? row.shown_status : row.status;
  // A refusal is nobody's business but the applicant's.
  const bool same = status == row.status;
  JsonObject object(out);
  object.add("case_no", row.case_no)
      .add("matter_code", or_null(row.matter_code))
      .add("matter_name", row.matter_name)
      .add("dept_name", or_null(row.dept_name))
      .add("kind", or_null(row.matter_kind))
      .add("applicant_type", or_null(row.applicant_type))
      .add("applicant_display", or_null(row.applicant_display))
      .add("status", status)
      .add("status_text", hall::public_wording(status))
      .add("status_raw", or_null(same ? row.status_raw : std::string()))
      .add("light", or_null(row.shown_light))
      .add("light_source", or_null(row.light_source))
      .add("accepted_at", or_null(row.accepted_at))
      .add("due_promised", or_null(row.due_promised.empty() ? row.own_due : row.due_promised))
      .add("due_source", or_null(!row.due_promised.empty() ? "upstream"
                                 : row.own_due.empty()     ? ""
                                                           : "own"))
      .add("estimated", row.estimated)
      .add("promised_limit", or_null(row.promised_limit))
      .add("statutory_limit", or_null(row.statutory_limit))
      .add("stage_name", or_null(row.stage_name))
      .add("stage_due", or_null(row.stage_due))
      .add("finished_at", or_null(row.finished_at))
      .add("updated_at", or_null(row.updated_at))
      .add("window_no", or_null(row.window_no))
      .add("version", row.version);
  if (audience == Audience::staff) {
    object.add("card", or_null(row.shown_card))
        .add("overdue_days", row.overdue_days)
        .add("own_due", or_null(row.own_due))
        .add("upstream_light", or_null(row.light))
        .add("mismatch", row.mismatch)
        .add("return_count", row.return_count)
        .add("suppressed", row.suppressed)
        .add("queue_ticket", or_null(row.queue_ticket));
  }
}

void put(std::string& out, const hall::CasePage& page, Audience audience) {
  JsonObject object(out);
  put(object, page.age);
  object.add("version", page.version);
  {
    JsonObject totals(object.open("totals"));
    totals.add("cases", page.totals.all)
        .add("accepted_today", page.totals.accepted_today)
        .add("finished_today", page.totals.finished_today)
        .add("suppressed", page.totals.suppressed);
  }
  put_array(object.open("cases"), page.cases,
            [audience](std::string& to, const hall::CaseRow& row) { put(to, row, audience); });
}

void put(std::string& out, const hall::BoardText& text) {
  JsonObject(out)
      .add("id", text.draft)
      .add("board", text.board)
      .add("text", text.text)
      .add("until", text.until)
      .add("by", text.by)
      .add_if("approved_by", or_null(text.approved_by));
}

void put(std::string& out, const hall::Emergency& emergency) {
  JsonObject object(out);
  object.add("text", emergency.text);
  put_array(object.open("zones"), emergency.zones);
  object.add("by", emergency.by).add("since", emergency.since);
}

void put(std::string& out, const hall::Event& event) {
  JsonObject object(out);
  object.add("seq", event.seq)
      .add("at", event.at)
      .add("type", hall::type_of(event))
      .add_if("by", or_null(event.by));
  EventFields fields{object};
  std::visit([&](const auto& body) { std::remove_cvref_t<decltype(body)>::fields(body, fields); },
             event.body);
}

void put_ticket(std::string& out, Backend& backend, const hall::State& state, const hall::Ticket& ticket,
                const std::vector<hall::Event>& latest) {
  const auto view = hall::ticket_view(backend.site(), state, ticket, backend.estimates());
  JsonObject object(out);
  object.add("id", view.id)
      .add("number", view.number)
      .add("service", view.service)
      .add("lane", view.lane)
      .add("state", view.state)
      .add_if("hold", view.hold)
      .add_if("window", view.window)
      .add("issued_at", view.issued_at)
      .add("ahead", view.ahead)
      .add("estimate_s", view.estimate_s)
      .add_if("expected_window", view.expected_window)
      .add("token", backend.ticket_token(view.id));
  {
    JsonObject print(object.open("print"));
    print.add("state", view.print).add_if("printer", view.printer).add("copies", view.copies);
  }
  put_array(object.open("steps"), view.steps);
  put_history(object.open("history"), backend.history(view.id), view.id, latest);
}

}  // namespace lobby::api
