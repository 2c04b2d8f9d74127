#include "daemon/app/papers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "daemon/hall/view.hpp"

namespace lobby::app {
namespace {

using display::TicketPaper;
using hall::Lane;

/// 2026-03-16 09:05:31.
std::string moment(hall::Instant at) {
  const auto text = hall::to_text(at);
  return text.substr(0, 10) + " " + text.substr(11, 8);
}

std::string time_of(int minute) {
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

struct LaneWords {
  std::string_view zh, en;
};
/// Why somebody goes first is nobody's business who finds the paper.
LaneWords words_of(Lane lane) {
  switch (lane) {
    case Lane::ordinary:
      return {};
    case Lane::appointment:
      return {"预约", "Appointment"};
    case Lane::green:
      return {"绿色通道", "Green channel"};
    case Lane::agent:
      return {"代办", "Agent"};
    default:
      return {"优先", "Priority"};
  }
}

/// `1-4、6`: three and more in a row are a range.
std::string windows_text(const std::vector<std::uint32_t>& numbers, std::string_view comma) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t end = i + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) {
      ++end;
    }
    const auto gap = out.empty() ? std::string_view() : comma;
    if (end - i >= 3) {
      out += fmt::format("{}{}-{}", gap, numbers[i], numbers[end - 1]);
      i = end;
    } else {
      out += fmt::format("{}{}", gap, numbers[i]);
      ++i;
    }
  }
  return out;
}

/// In order.
std::vector<std::uint32_t> windows_of(const PaperSource& from, const hall::Ticket& ticket,
                                      const hall::Service& service) {
  const auto* only =
      ticket.only != hall::no_ix ? from.site.find(from.state.windows[ticket.only].id) : nullptr;
  if (only != nullptr) {
    return {only->number};
  }
  std::vector<std::uint32_t> numbers;
  for (const auto& window : from.site.windows) {
    if (hall::serves(window, service)) {
      numbers.push_back(window.number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// A package and its step, or the service alone.
std::string joined(const std::string& package, const std::string& step) {
  return package.empty() || step.empty() ? package + step : package + "：" + step;
}

void add_service(TicketPaper& paper, const PaperSource& from, const hall::Ticket& ticket) {
  const auto* service = from.site.find(from.state.services[ticket.service].id);
  if (service == nullptr) {
    return;  // of a site file before this one
  }
  const auto* package =
      ticket.package != hall::no_ix ? from.site.find(from.state.services[ticket.package].id) : nullptr;
  paper.service_name = joined(package != nullptr ? package->name : "", service->name);
  paper.service_name_en = joined(package != nullptr ? package->name_en : "", service->name_en);
  if (const auto* zone = from.site.find(service->zone)) {
    paper.zone_name = zone->name;
    paper.zone_name_en = zone->name_en;
  }
  const auto windows = windows_of(from, ticket, *service);
  paper.windows = windows_text(windows, "、");
  paper.windows_en = windows_text(windows, ", ");
  const auto& slots = (package != nullptr ? package : service)->slots;
  if (ticket.booked_minute != hall::no_minute && ticket.lane != Lane::ordinary) {  // else it came too late
    paper.appointment = time_of(ticket.booked_minute);
    if (slots.every_min > 0) {
      paper.appointment += "-" + time_of(ticket.booked_minute + slots.every_min);
    }
  }
}

/// To the minute, from 20 minutes on to five of them: it is an estimate.
std::uint32_t minutes_told(std::uint32_t seconds) {
  const auto minutes = std::max<std::uint32_t>((seconds + 59) / 60, 1);
  return minutes <= 20 ? minutes : (minutes + 4) / 5 * 5;
}

void add_wait(TicketPaper& paper, const PaperSource& from, const hall::Ticket& ticket, bool is_copy) {
  const auto view = hall::ticket_view(from.site, from.state, ticket, from.estimates);
  const bool waits = ticket.state == hall::TicketState::waiting;
  if (!is_copy) {
    paper.ahead = ticket.ahead_at_issue;
  } else if (waits) {
    paper.ahead = view.ahead;
  }
  if (waits && view.estimate_s) {
    paper.estimate_min = minutes_told(*view.estimate_s);
  }
}

void add_no_show(TicketPaper& paper, const hall::Rules& rules) {
  const auto minutes = rules.reinstate_within_s / 60;
  if (rules.reinstate_times == 0 || minutes == 0) {
    paper.no_show_void = true;
    return;
  }
  paper.reinstate_min = minutes;
  paper.reinstate_times = rules.reinstate_times;
  paper.no_show_to_head = rules.reinstate_place == hall::QueuePlace::head;
  paper.no_show_to_tail = rules.reinstate_place == hall::QueuePlace::tail;
  paper.no_show_to_place = rules.reinstate_place == hall::QueuePlace::keep;
}

void add_copy(TicketPaper& paper, const PaperSource& from, const PaperCopy& copy) {
  if (copy.n == 0) {
    return;
  }
  paper.copy = copy.n;
  paper.copied_at = moment(from.now);
  if (from.papers.copied_by) {
    paper.copied_by = copy.by;
  }
}

TicketPaper paper_of(const hall::Site& site, const Papers& papers, const PaperFace& face) {
  TicketPaper paper;
  paper.face = face;
  paper.hall_name = site.name;
  paper.hall_name_en = site.name_en;
  paper.hotline = site.hotline;
  paper.complaint_phone = papers.complaint_phone;
  return paper;
}

}  // namespace

TicketPaper ticket_paper(const PaperSource& from, const hall::Ticket& ticket, const hall::DeviceId& printer,
                         const PaperCopy& copy, const std::string& token) {
  const auto& papers = from.papers;
  const auto own = papers.tickets.find(printer);
  auto paper = paper_of(from.site, papers, own != papers.tickets.end() ? own->second : papers.ticket);
  paper.in_english = from.state.language_of(ticket).starts_with("en");
  paper.number = from.state.number_of(ticket);
  add_service(paper, from, ticket);
  const auto lane = words_of(ticket.lane);
  paper.lane = lane.zh;
  paper.lane_en = lane.en;
  add_wait(paper, from, ticket, copy.n > 0);
  add_no_show(paper, from.site.rules);
  add_copy(paper, from, copy);
  if (from.site.rules.expire_at_min >= 0) {
    paper.expires_at = time_of(from.site.rules.expire_at_min);
  }
  // The offset of the last event stands for that of the issue: both are of this business day.
  paper.issued_at = moment({ticket.issued_ms, from.state.last_at.offset_min});
  const auto kiosk =
      ticket.kiosk == hall::no_ix ? std::string() : "-" + from.state.kiosks[ticket.kiosk].value;
  paper.serial = fmt::format("No.{:06}{}", ticket.id.value, kiosk);
  paper.link = papers.link.empty() ? "" : papers.link + token;
  return paper;
}

TicketPaper notice_paper(const PaperSource& from, const hall::Notice& notice,
                         const std::vector<std::string>& missing, const PaperCopy& copy) {
  auto paper = paper_of(from.site, from.papers, from.papers.notice);
  paper.notice_no = notice.slip_no;
  paper.notice_until = hall::to_text(notice.until);
  paper.issued_at = moment(from.now);
  if (const auto* service = from.site.find(notice.service)) {
    paper.service_name = service->name;
    paper.service_name_en = service->name_en;
  }
  for (std::size_t i = 0; i < missing.size(); ++i) {
    paper.missing += fmt::format("{}{}. {}", i > 0 ? "\n" : "", i + 1, missing[i]);
  }
  const auto* ticket = notice.ticket ? from.state.find(*notice.ticket) : nullptr;
  if (ticket != nullptr) {
    paper.number = from.state.number_of(*ticket);
    paper.in_english = from.state.language_of(*ticket).starts_with("en");
    const auto* window =
        ticket->window != hall::no_ix ? from.site.find(from.state.windows[ticket->window].id) : nullptr;
    paper.windows = window != nullptr ? std::to_string(window->number) : "";
  }
  add_copy(paper, from, copy);
  return paper;
}

TicketPaper checkpoint_paper(const hall::Site& site, const Papers& papers, const Checkpoint& checkpoint) {
  auto paper = paper_of(site, papers, papers.checkpoint);
  paper.session = checkpoint.session;
  paper.room = checkpoint.room;
  paper.record = checkpoint.record;
  paper.head = checkpoint.head.substr(0, 16);
  paper.signed_at = moment(checkpoint.at);
  paper.link = checkpoint.qr;
  return paper;
}

TicketPaper self_test_paper(const PaperSource& from, const PrinterTraits& traits) {
  auto paper = paper_of(from.site, from.papers, from.papers.self_test);
  paper.printer = traits.printer.value;
  paper.model = traits.model;
  paper.firmware = traits.firmware;
  paper.fonts = traits.fonts;
  paper.proof = traits.proof;
  paper.wire = traits.wire;
  paper.state = traits.state;
  paper.paper_width = fmt::format("{} 列，{} 点", traits.columns, traits.columns * 12);
  paper.issued_at = moment(from.now);
  paper.link = from.papers.link.empty() ? "1234567890" : from.papers.link;
  return paper;
}

}  // namespace lobby::app
