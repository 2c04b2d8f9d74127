#include "daemon/ctl/verbs.hpp"

#include <map>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

template <const char* act>
Made window_act(const Arguments& given) {
  return post(window_path(given, act));
}

Made hall_request(const Arguments&) {
  return Request{"GET", "/api/v1/hall", {}};
}

template <const char* act>
Made call_request(const Arguments& given) {
  const auto id = number_of(given.one(ticket_argument));
  return id ? post(window_path(given, act), {{"ticket", *id}}) : Made(Misuse{"TICKET is not a ticket's id"});
}

Made issue_request(const Arguments& given) {
  json::object body{{"service", given.one("SERVICE")}};
  const auto type = number_of(given.one("green-type"));
  if (given.has("green-type") && !type) {
    return Misuse{"--green-type takes a number from 1 to 5, not " + given.one("green-type")};
  }
  for (const auto& [key, value] :
       body_of(given, {"lane", "kiosk", "language", "granted-by", "appointment"})) {
    body[key] = value;
  }
  if (type) {
    body["green_type"] = *type;
  }
  if (given.has("slip")) {
    body["notice_slip_no"] = given.one("slip");
  }
  return post("/api/v1/tickets", with_applicant(given, std::move(body)));
}

Made notice_request(const Arguments& given) {
  auto body = body_of(given, {"printer"});
  const auto& missing = given.all("missing");
  body["missing"] = json::array(missing.begin(), missing.end());
  return post(ticket_path(given, "/notice"), body);
}

Made settle_request(const Arguments& given) {
  const std::string outcome = given.one("OUTCOME");
  if (outcome != "printed" && outcome != "not-printed") {
    return Misuse{"OUTCOME is printed or not-printed, not " + outcome};
  }
  return post(ticket_path(given, "/settle-print"), {{"printed", outcome == "printed"}});
}

constexpr char close_act[] = "close", call_act[] = "call", call_next_act[] = "call-next",
               recall_act[] = "recall", resume_act[] = "resume", help_act[] = "help",
               help_done_act[] = "help-done", resume_held_act[] = "resume-held";

const Argument window_argument{"WINDOW", Kind::positional, "id of the window, as in the site file", true};
const Argument which_ticket{ticket_argument, Kind::positional, "id of the ticket, or the number on its paper",
                            true};

std::vector<Verb> ticket_verbs() {
  return {
      {"ticket",
       "issue",
       "Give out a ticket",
       {{"SERVICE", Kind::positional, "id of the service", true},
        {"kiosk", Kind::option, "where it is taken; its printer prints the paper"},
        {"lane", Kind::option, "ordinary, elderly, disabled, …"},
        {"language", Kind::option, "of paper and voice"},
        {"green-type", Kind::option, "1 to 5, with --lane green"},
        {"granted-by", Kind::option, "who let the person into the green lane"},
        {"appointment", Kind::option, "the code that the booking gave"},
        {"slip", Kind::option, "number of the notice slip that lets this ticket go first"},
        applicant_argument},
       Call{issue_request, Shape::ticket}},
      {"ticket",
       "list",
       "Today's tickets",
       {{"number", Kind::option, "as printed"},
        {"service", Kind::option, "id"},
        {"state", Kind::option, "waiting, called, serving, held, no_show, finished, cancelled, expired"},
        {"window", Kind::option, "id"},
        {"print", Kind::option, "none, sending, sent, printed, failed, unknown, taken, retracted"},
        {"limit", Kind::option, "at most so many"}},
       Call{[](const Arguments& given) -> Made {
              return Request{"GET",
                             with_query("/api/v1/tickets", given,
                                        {"number", "service", "state", "window", "print", "limit"}),
                             {}};
            },
            Shape::tickets}},
      {"ticket",
       "show",
       "One ticket with its history",
       {which_ticket},
       Call{[](const Arguments& given) -> Made {
              return Request{"GET", ticket_path(given), {}};
            },
            Shape::ticket}},
      {"ticket",
       "reprint",
       "Print a further copy, marked 重打",
       {which_ticket},
       Call{[](const Arguments& given) { return post(ticket_path(given, "/reprint")); }, Shape::ticket}},
      {"ticket",
       "cancel",
       "Take a waiting ticket back",
       {which_ticket},
       Call{[](const Arguments& given) { return post(ticket_path(given, "/cancel")); }, Shape::ticket}},
      {"ticket",
       "reinstate",
       "Bring a no-show back, or go on with one that ended as notified",
       {which_ticket},
       Call{[](const Arguments& given) { return post(ticket_path(given, "/reinstate")); }, Shape::ticket}},
  };
}

/// About the paper of a ticket.
std::vector<Verb> paper_verbs() {
  return {
      {"ticket",
       "notice",
       "Print what is missing (一次性告知), for a ticket that ended as notified",
       {which_ticket,
        {"missing", Kind::list, "one thing that is missing; may be given up to 20 times", true},
        {"printer", Kind::option, "where; default: in the window's zone"}},
       Call{notice_request, Shape::slip}},
      {"ticket",
       "settle",
       "Say what became of a print whose outcome is unknown",
       {which_ticket, {"OUTCOME", Kind::positional, "printed or not-printed", true}},
       Call{settle_request, Shape::ticket}},
  };
}

std::vector<Verb> window_verbs() {
  return {
      {"window", "list", "All windows", {}, Call{hall_request, Shape::windows}},
      {"window",
       "open",
       "Open a window",
       {window_argument, {"clerk", Kind::option, "who sits there"}},
       Call{
           [](const Arguments& given) { return post(window_path(given, "open"), body_of(given, {"clerk"})); },
           Shape::window}},
      {"window",
       "take-over",
       "Go on at an open window as another clerk",
       {window_argument, {"clerk", Kind::option, "who sits there now", true}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "take-over"), body_of(given, {"clerk"}));
            },
            Shape::window}},
      {"window",
       "close",
       "Close a window that has no ticket",
       {window_argument},
       Call{window_act<close_act>, Shape::window}},
      {"window",
       "call-next",
       "Call the next ticket",
       {window_argument},
       Call{window_act<call_next_act>, Shape::window}},
      {"window",
       "call",
       "Call a waiting ticket by name",
       {window_argument, which_ticket},
       Call{call_request<call_act>, Shape::window}},
      {"window",
       "resume-held",
       "Call a held ticket back",
       {window_argument, which_ticket},
       Call{call_request<resume_held_act>, Shape::window}},
      {"window",
       "recall",
       "Call the same ticket again",
       {window_argument},
       Call{window_act<recall_act>, Shape::window}},
  };
}

std::vector<Verb> serving_verbs() {
  return {
      {"window",
       "start",
       "Begin to serve the called ticket",
       {window_argument, {"service", Kind::option, "serve someone without a ticket"}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "start"), body_of(given, {"service"}));
            },
            Shape::window}},
      {"window",
       "finish",
       "The ticket's matter is done",
       {window_argument,
        {"outcome", Kind::option, "on_spot, transferred, referred, delivered, notified"},
        {"case-no", Kind::option, "the approval case it led to"},
        {"notice-slip-no", Kind::option, "the notice slip handed out"}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "finish"),
                          body_of(given, {"outcome", "case-no", "notice-slip-no"}));
            },
            Shape::window}},
      {"window",
       "no-show",
       "The called person did not come",
       {window_argument, {"reason", Kind::option, "for the record"}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "no-show"), body_of(given, {"reason"}));
            },
            Shape::window}},
      {"window",
       "pause",
       "Interrupt the work at a window",
       {window_argument,
        {"reason", Kind::option, "for the record", true},
        {"message", Kind::option, "stands on the sign"},
        {"back-at", Kind::option, "time, RFC 3339"}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "pause"), body_of(given, {"reason", "message", "back-at"}));
            },
            Shape::window}},
      {"window",
       "resume",
       "Go on after a pause",
       {window_argument},
       Call{window_act<resume_act>, Shape::window}},
      {"window",
       "help",
       "A colleague is to come to the window",
       {window_argument},
       Call{window_act<help_act>, Shape::window}},
      {"window",
       "help-done",
       "The help that was called has come, or was not meant",
       {window_argument},
       Call{window_act<help_done_act>, Shape::window}},
  };
}

std::vector<Verb> setting_aside_verbs() {
  return {
      {"window",
       "hold",
       "Set the ticket aside",
       {window_argument, {"kind", Kind::option, "away, with_papers, waiting"}},
       Call{[](const Arguments& given) { return post(window_path(given, "hold"), body_of(given, {"kind"})); },
            Shape::window}},
      {"window",
       "transfer",
       "Send the ticket to another service or window",
       {window_argument,
        {"service", Kind::option, "id of the service"},
        {"window", Kind::option, "id of the window"},
        {"place", Kind::option, "tail, head, keep"}},
       Call{[](const Arguments& given) -> Made {
              if (given.has("service") == given.has("window")) {
                return Misuse{"a transfer goes to --service or to --window, to one of both"};
              }
              return post(window_path(given, "transfer"), body_of(given, {"service", "window", "place"}));
            },
            Shape::window}},
      {"window",
       "collect",
       "Call whom a finished case belongs to",
       {window_argument, {"TAIL", Kind::positional, "the last 4 to 8 characters of the case's number", true}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "collect"), {{"case_tail", given.one("TAIL")}});
            },
            Shape::window}},
      {"window",
       "rate",
       "Grade the last service at a window",
       {window_argument,
        {"SCORE", Kind::positional, "very_good, good, fair, poor, very_poor", true},
        {"by", Kind::option, "how the grade came: keypad, screen, qr", true}},
       Call{[](const Arguments& given) {
              return post(window_path(given, "rate"),
                          {{"score", given.one("SCORE")}, {"by", given.one("by")}});
            },
            Shape::window}},
  };
}

std::vector<Verb> hall_verbs() {
  return {
      {"hall", "show", "Services, windows and the last calls", {}, Call{hall_request, Shape::hall}},
  };
}

std::vector<Verb> house_verbs() {
  return {
      {"user",
       "add",
       "Make an account and print its token; with --state also without a running daemon, before its first "
       "start too",
       {{"NAME", Kind::positional, "of the account", true},
        {"role", Kind::option, "kiosk, clerk, supervisor, evaluator, screen or admin", true},
        {"window", Kind::list, "a window that it may work; none given: every window"},
        {"password-stdin", Kind::flag, "the password is the first line of standard input"},
        {"pin-stdin", Kind::flag, "the PIN is the next line of standard input"}},
       Act::add_user},
      {"user", "list", "All accounts", {}, Act::list_users},
      {"user",
       "remove",
       "Delete an account; its token ends at once",
       {{"NAME", Kind::positional, "of the account", true}},
       Act::remove_user},
      {"site",
       "check",
       "Read a site file and every file that it names; says nothing when all is well",
       {{"FILE", Kind::positional, "the site file", true}},
       Act::check_site},
      {"state",
       "journal",
       "What happened, from the journal",
       {{"after", Kind::option, "only events after this number"}, {"limit", Kind::option, "at most so many"}},
       Call{journal_request, Shape::events}},
      {"state",
       "events",
       "What happened, and with --follow what happens",
       {{"after", Kind::option, "only events after this number"},
        {"types", Kind::option, "only these, with commas between"},
        {"follow", Kind::flag, "go on until Ctrl-C"}},
       Act::follow_events},
      {"state",
       "metrics",
       "Counters for Prometheus",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/metrics", {}};
            },
            Shape::text}},
      {"state",
       "ready",
       "Is the daemon serving, and its journal writable?",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/readyz", {}};
            },
            Shape::text}},
  };
}

}  // namespace

std::string Arguments::one(const std::string& name) const {
  const auto& values = all(name);
  return values.empty() ? std::string() : values.front();
}

const std::vector<std::string>& Arguments::all(const std::string& name) const {
  static const std::vector<std::string> none;
  const auto it = values_.find(name);
  return it == values_.end() ? none : it->second;
}

const std::vector<Verb>& verbs() {
  static const auto all = [] {
    std::vector<Verb> joined;
    for (auto& part :
         {ticket_verbs(), paper_verbs(), appointment_verbs(), window_verbs(), serving_verbs(),
          setting_aside_verbs(), hall_verbs(), device_verbs(), board_verbs(), evaluation_verbs(),
          evidence_verbs(), people_verbs(), approval_verbs(), statistics_verbs(), house_verbs()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

std::string_view help_of_noun(std::string_view noun) {
  static const std::map<std::string_view, std::string_view> help{
      {"ticket", "tickets and appointments: issue, look up, print again, book"},
      {"window", "windows: what a clerk's keys do"},
      {"hall", "the whole hall, its catalogue, its tenants, and who gets no tickets"},
      {"device", "printers, window units, lines, feeds"},
      {"board", "LED boards: what they show, texts that two people approve, the emergency page"},
      {"evaluation", "evaluations and openings of bids, and whether they are recorded"},
      {"evidence", "what was written down of an evaluation's recording"},
      {"approval", "approval cases as they are shown, and what is for supervisors"},
      {"bid", "openings, rooms and notices of the trading platform"},
      {"stats", "what windows, services, hours and clerks did"},
      {"user", "accounts and their tokens"},
      {"site", "the site file"},
      {"state", "events, journal, metrics"},
  };
  const auto it = help.find(noun);
  return it == help.end() ? std::string_view() : it->second;
}

bool is_ticket_id(std::string_view text) {
  return number_of(text) && text.front() != '0';
}

Made journal_request(const Arguments& given) {
  for (const char* name : {"after", "limit"}) {
    if (given.has(name) && !number_of(given.one(name))) {
      return Misuse{"--" + std::string(name) + " takes a number, not " + given.one(name)};
    }
  }
  return Request{"GET", with_query("/api/v1/journal", given, {"after", "limit"}), {}};
}

}  // namespace lobby::ctl
