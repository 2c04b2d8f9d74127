#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/hall/bytes.hpp"
#include "daemon/hall/decide.hpp"
#include "daemon/hall/view.hpp"

// State bytes and times. The first byte of the input chooses: `t` a time, `s` state bytes as they are,
// anything else: state bytes without their seal, which is put on here, so that the reader behind it is
// reached.

namespace {

using namespace lobby::hall;

void must(bool promise) {
  if (!promise) {
    std::abort();
  }
}

Site a_site() {
  Service service;
  service.id = {"social"};
  service.prefix = "A";
  for (auto& day : service.hours) {
    day = {{.from = 0, .to = 1440}};
  }
  Window window;
  window.id = {"w1"};
  window.services = {service.id};
  Site site;
  site.services = {service};
  site.windows = {window};
  return site;
}

void try_time(std::string_view text) {
  const auto instant = parse_instant(text);
  if (!instant) {
    return;
  }
  const std::string again = to_text(*instant);
  must(!again.empty());
  const Date date = local_date(*instant);
  must(weekday(date) >= 0 && weekday(date) <= 6);
  // Years 0000 and 9999 can leave the four digits by their offset.
  if (again.size() == 29 && again[0] != '-') {
    must(parse_instant(again) == instant);
  }
}

void give(State& state, const Site& site, const Command& command, Instant now) {
  const Decision decision = decide(state, site, command, Context{.now = now, .by = "fuzz"});
  if (const auto* events = std::get_if<std::vector<Event>>(&decision)) {
    for (const Event& event : *events) {
      apply(state, event);
    }
  }
}

/// A state that was read is a whole one: it shows, it goes on, and it can be written again.
void try_state(std::string_view bytes) {
  auto state = decode(bytes);
  if (!state) {
    return;
  }
  must(encode(*state) == bytes);
  const Site site = a_site();
  const Instant now = state->last_at;
  must(hall_view(site, *state, now).windows.size() == 1);
  for (const Ticket& ticket : state->tickets) {
    must(ticket_view(site, *state, ticket).id == ticket.id);
  }
  give(*state, site, TurnDay{}, now);
  give(*state, site, OpenWindow{.window = {"w1"}, .clerk = {"c"}}, now);
  give(*state, site, IssueTicket{.service = {"social"}, .lane = {}, .kiosk = {}, .language = {}}, now);
  give(*state, site, CallNext{.window = {"w1"}, .finish_first = true}, now);
  give(*state, site, FinishService{.window = {"w1"}, .outcome = {}, .case_no = {}, .notice_slip_no = {}},
       now);
  must(decode(encode(*state)).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view input{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] == 't') {
    try_time(input);
  } else if (data[0] == 's') {
    try_state(input);
  } else {
    Writer sealed(size + 8);
    for (const char byte : input) {
      sealed(byte);
    }
    sealed(checksum(input));
    try_state(sealed.take());
  }
  return 0;
}
