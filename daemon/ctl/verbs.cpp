#include "daemon/ctl/verbs.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace lobby::ctl {
namespace {

namespace json = boost::json;
using Made = std::variant<Request, Misuse>;
using Kind = Argument::Kind;

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// A path with those of the named options that were given as its query.
std::string with_query(std::string path, const Arguments& given, std::initializer_list<const char*> names) {
  char mark = '?';
  for (const char* name : names) {
    if (given.has(name)) {
      path += mark + std::string(name) + "=" + encode(given.one(name));
      mark = '&';
    }
  }
  return path;
}

/// A body with those of the named options that were given. `-` in an option is `_` in a body.
json::object body_of(const Arguments& given, std::initializer_list<const char*> names) {
  json::object body;
  for (const char* name : names) {
    if (given.has(name)) {
      std::string key = name;
      std::replace(key.begin(), key.end(), '-', '_');
      body[key] = given.one(name);
    }
  }
  return body;
}

Made post(std::string path, const json::object& body = {}) {
  return Request{"POST", path, json::serialize(body)};
}

std::string window_path(const Arguments& given, const char* act) {
  return "/api/v1/windows/" + encode(given.one("WINDOW")) + "/" + act;
}

std::string ticket_path(const Arguments& given, const char* act = "") {
  return "/api/v1/tickets/" + encode(given.one(ticket_argument)) + act;
}

template <const char* act>
Made window_act(const Arguments& given) {
  return post(window_path(given, act));
}

Made hall_request(const Arguments&) {
  return Request{"GET", "/api/v1/hall", {}};
}

Made call_request(const Arguments& given) {
  const auto id = number_of(given.one(ticket_argument));
  return id ? post(window_path(given, "call"), {{"ticket", *id}})
            : Made(Misuse{"TICKET is not a ticket's id"});
}

Made settle_request(const Arguments& given) {
  const std::string outcome = given.one("OUTCOME");
  if (outcome != "printed" && outcome != "not-printed") {
    return Misuse{"OUTCOME is printed or not-printed, not " + outcome};
  }
  return post(ticket_path(given, "/settle-print"), {{"printed", outcome == "printed"}});
}

constexpr char close_act[] = "close", call_next_act[] = "call-next", recall_act[] = "recall",
               resume_act[] = "resume";

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
        {"language", Kind::option, "of paper and voice"}},
       Call{[](const Arguments& given) {
              json::object body{{"service", given.one("SERVICE")}};
              for (const auto& [key, value] : body_of(given, {"lane", "kiosk", "language"})) {
                body[key] = value;
              }
              return post("/api/v1/tickets", body);
            },
            Shape::ticket}},
      {"ticket",
       "list",
       "Today's tickets",
       {{"number", Kind::option, "as printed"},
        {"service", Kind::option, "id"},
        {"state", Kind::option, "waiting, called, serving, no_show, finished, cancelled, expired"},
        {"window", Kind::option, "id"},
        {"print", Kind::option, "none, sending, sent, printed, failed, unknown"},
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
       Call{call_request, Shape::window}},
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
  };
}

std::vector<Verb> hall_verbs() {
  return {
      {"hall", "show", "Services, windows and the last calls", {}, Call{hall_request, Shape::hall}},
      {"device",
       "list",
       "Every device: state, reason and since when",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/devices", {}};
            },
            Shape::devices}},
      {"device",
       "ports",
       "Serial ports of this machine, with the names to write into the site file",
       {},
       Act::list_ports},
      {"approval",
       "list",
       "Approval cases, masked",
       {{"since", Kind::option, "only what changed after this version"},
        {"status", Kind::option, "accepted, reviewing, finished, …"},
        {"light", Kind::option, "green, yellow, red, grey"},
        {"limit", Kind::option, "at most so many"}},
       Call{[](const Arguments& given) -> Made {
              return Request{
                  "GET", with_query("/api/v1/approvals", given, {"since", "status", "light", "limit"}), {}};
            },
            Shape::approvals}},
      {"approval",
       "show",
       "One case",
       {{"CASE", Kind::positional, "its number", true}, {"code", Kind::option, "its query code"}},
       Call{[](const Arguments& given) -> Made {
              return Request{
                  "GET", with_query("/api/v1/approvals/" + encode(given.one("CASE")), given, {"code"}), {}};
            },
            Shape::approval}},
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
    for (auto& part : {ticket_verbs(), window_verbs(), serving_verbs(), hall_verbs(), house_verbs()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

std::string_view help_of_noun(std::string_view noun) {
  static const std::map<std::string_view, std::string_view> help{
      {"ticket", "tickets: issue, look up, print again"},
      {"window", "windows: what a clerk's keys do"},
      {"hall", "the whole hall"},
      {"device", "printers, window units, lines, feeds"},
      {"approval", "approval cases as they are shown"},
      {"user", "accounts and their tokens"},
      {"site", "the site file"},
      {"state", "events, journal, metrics"},
  };
  const auto it = help.find(noun);
  return it == help.end() ? std::string_view() : it->second;
}

std::string encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
        std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
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
