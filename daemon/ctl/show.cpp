#include "daemon/ctl/show.hpp"

#include <boost/json.hpp>
#include <sstream>

#include "daemon/ctl/show_approvals.hpp"
#include "daemon/ctl/show_boards.hpp"
#include "daemon/ctl/show_evaluations.hpp"
#include "daemon/ctl/show_parts.hpp"
#include "daemon/ctl/show_statistics.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/tell.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;
const std::vector<Column> window_columns{{"window", "id"},
                                         {"no.", "number"},
                                         {"name", "name"},
                                         {"state", "state"},
                                         {"ticket", "ticket.number"},
                                         {"without ticket", "walk_in"},
                                         {"clerk", "clerk"},
                                         {"message", "message"},
                                         {"back at", "back_at", As::time},
                                         {"help since", "help_since", As::time}};
std::string show_ticket(const json::value& value) {
  std::string out = card(value.get_object(), {{"number", "number"},
                                              {"ticket", "id"},
                                              {"service", "service"},
                                              {"lane", "lane"},
                                              {"state", "state"},
                                              {"held", "hold"},
                                              {"window", "window"},
                                              {"issued", "issued_at", As::time},
                                              {"ahead", "ahead"},
                                              {"wait", "estimate_s", As::wait},
                                              {"expected at", "expected_window"},
                                              {"paper", "print.state"},
                                              {"printer", "print.printer"},
                                              {"copies", "print.copies"}});
  for (const auto& event : items(value, "history")) {
    if (event.is_object()) {
      out += tell(event.get_object()) + "\n";
    }
  }
  return out;
}

std::string show_tickets(const json::value& value) {
  return list(items(value, "tickets"), {{"number", "number"},
                                        {"ticket", "id"},
                                        {"service", "service"},
                                        {"state", "state"},
                                        {"window", "window"},
                                        {"issued", "issued_at", As::time},
                                        {"paper", "print.state"},
                                        {"copies", "print.copies"}});
}

std::string show_hall(const json::value& value) {
  const auto& hall = value.get_object();
  const auto* open = hall.if_contains("open");
  std::string out = printable(field(hall, "name")) + "  " + field(hall, "business_date") + "  " +
                    (open != nullptr && open->is_bool() && open->get_bool() ? "open" : "closed") + "\n\n";
  out += list(items(value, "services"), {{"service", "id"},
                                         {"name", "name"},
                                         {"prefix", "prefix"},
                                         {"open", "open"},
                                         {"opens", "opens_at"},
                                         {"waiting", "waiting"},
                                         {"wait", "estimate_s", As::wait},
                                         {"issued", "issued"},
                                         {"of", "limit"}});
  out += "\n" + list(items(value, "windows"), window_columns);
  out += "\n" + list(items(value, "lately_called"),
                     {{"called", "at", As::time}, {"ticket", "ticket"}, {"window", "window"}});
  return out;
}

/// One row a slot; a slot with bookings names their codes.
std::string show_appointments(const json::value& value) {
  Rows rows{{"service", "time", "booked", "of", "bookings"}};
  for (const auto& service : items(value, "services")) {
    for (const auto& slot : items(service, "slots")) {
      if (!service.is_object() || !slot.is_object()) {
        continue;
      }
      const auto& one = slot.get_object();
      std::string bookings;
      for (const auto& booking : items(slot, "bookings")) {
        if (booking.is_object()) {
          const auto& by = booking.get_object();
          bookings += (bookings.empty() ? "" : ", ") + field(by, "id") + " (code " + field(by, "code") +
                      (field(by, "used") == "true" ? ", used)" : ")");
        }
      }
      rows.push_back({field(service.get_object(), "service"), field(one, "time"), field(one, "booked"),
                      field(one, "capacity"), bookings});
    }
  }
  return field(value.get_object(), "date") + "\n" + table(rows);
}

std::string show_catalogue(const json::value& value) {
  Rows rows{{"group", "department", "matter", "service", "takes", "fee"}};
  for (const auto& group : items(value, "groups")) {
    for (const auto& department : items(group, "departments")) {
      for (const auto& matter : items(department, "matters")) {
        if (group.is_object() && department.is_object() && matter.is_object()) {
          const auto& one = matter.get_object();
          rows.push_back({field(group.get_object(), "name"), field(department.get_object(), "name"),
                          field(one, "name"), field(one, "service"), field(one, "promised_limit"),
                          field(one, "fee")});
        }
      }
    }
  }
  std::string out = table(rows);
  const auto add = [&](const char* part, const std::vector<Column>& columns) {
    if (!items(value, part).empty()) {
      out += "\n" + list(items(value, part), columns);
    }
  };
  add("hotlines", {{"hotline", "number"}, {"for", "label_zh"}});
  add("agencies", {{"agency", "name"}, {"licence", "licence"}, {"takes", "promised_limit"}});
  add("staff", {{"staff", "staff_no"}, {"name", "name"}, {"title", "title"}, {"unit", "unit"}});
  add("notices", {{"notice", "title"}, {"by", "unit"}, {"text", "text"}});
  return out;
}

std::string show_users(const json::value& value) {
  Rows rows{{"account", "role", "windows"}};
  for (const auto& item : items(value, "users")) {
    if (!item.is_object()) {
      continue;
    }
    std::string windows;
    for (const auto& window : items(item, "windows")) {
      windows += (windows.empty() ? "" : " ") + plain(&window);
    }
    rows.push_back({field(item.get_object(), "name"), field(item.get_object(), "role"),
                    windows.empty() ? "all" : windows});
  }
  return table(rows);
}

/// JSON lines of events.
std::string show_events(const std::string& body) {
  std::istringstream lines(body);
  std::string out, line;
  while (std::getline(lines, line)) {
    boost::system::error_code error;
    const json::value event = json::parse(line, error);
    out += !error && event.is_object() ? tell(event.get_object()) : printable(line);
    out += '\n';
  }
  return out;
}

std::string show_devices(Shape shape, const json::value& value) {
  switch (shape) {
    case Shape::devices:
      return list(items(value, "devices"), {{"device", "id"},
                                            {"kind", "kind"},
                                            {"driver", "driver"},
                                            {"state", "state"},
                                            {"since", "since", As::time},
                                            {"last ok", "last_ok", As::time},
                                            {"window", "window"},
                                            {"reason", "reason"},
                                            {"detail", "detail"}});
    case Shape::found_units:
      return list(items(value, "units"), {{"address", "address"},
                                          {"kind", "kind"},
                                          {"firmware", "firmware"},
                                          {"device", "device"},
                                          {"asked", "asked"},
                                          {"answered", "answered"},
                                          {"damaged", "corrupt"},
                                          {"may be two", "may_be_two"}});
    case Shape::moved_unit:
      return card(value.get_object(), {{"device", "device"}, {"address", "address"}, {"next", "next"}});
    case Shape::slip:
      return card(value.get_object(), {{"printer", "printer"}, {"print", "print"}});
    default:  // tested
      return card(value.get_object(), {{"device", "device"}});
  }
}

std::string show_appointment(const json::value& value) {
  return card(
      value.get_object(),
      {{"code", "code"}, {"appointment", "id"}, {"service", "service"}, {"date", "date"}, {"time", "time"}});
}

std::string show_value(Shape shape, const json::value& value) {
  switch (shape) {
    case Shape::ticket:
      return show_ticket(value);
    case Shape::tickets:
      return show_tickets(value);
    case Shape::window:
      return card(value.get_object(), window_columns);
    case Shape::windows:
      return list(items(value, "windows"), window_columns);
    case Shape::hall:
      return show_hall(value);
    case Shape::devices:
    case Shape::found_units:
    case Shape::moved_unit:
    case Shape::slip:
    case Shape::tested:
      return show_devices(shape, value);
    case Shape::approval:
      return show_approval(value);
    case Shape::approvals:
      return show_approvals(value);
    case Shape::review:
      return show_review(value);
    case Shape::bids:
      return show_bids(value);
    case Shape::users:
      return show_users(value);
    case Shape::appointment:
      return show_appointment(value);
    case Shape::appointments:
      return show_appointments(value);
    case Shape::catalogue:
      return show_catalogue(value);
    case Shape::service:
      return card(value.get_object(), {{"service", "id"},
                                       {"name", "name"},
                                       {"waiting", "waiting"},
                                       {"called", "called"},
                                       {"window", "window"}});
    case Shape::block:
      return card(value.get_object(), {{"blocked", "blocked"}, {"until", "until"}});
    case Shape::boards:
    case Shape::board_texts:
    case Shape::board_text:
    case Shape::draft:
    case Shape::emergency:
      return show_boards(shape, value);
    case Shape::evaluation:
    case Shape::evaluations:
    case Shape::rooms:
      return show_evaluations(shape, value);
    case Shape::statistics:
      return show_statistics(value.get_object());
    case Shape::token:
      return field(value.get_object(), "token") + "\n";
    default:
      return {};
  }
}

}  // namespace

std::string show(Shape shape, const std::string& body) {
  if (shape == Shape::text) {
    return body.ends_with('\n') || body.empty() ? body : body + "\n";
  }
  if (shape == Shape::events) {
    return show_events(body);
  }
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const bool is_list = shape == Shape::tickets || shape == Shape::devices || shape == Shape::found_units ||
                       shape == Shape::users || shape == Shape::boards || shape == Shape::board_texts ||
                       shape == Shape::evaluations || shape == Shape::rooms;
  if (error || !(value.is_object() || (is_list && value.is_array()))) {
    return show(Shape::text, body);
  }
  return show_value(shape, value);
}

}  // namespace lobby::ctl
