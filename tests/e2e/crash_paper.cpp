#include <doctest/doctest.h>
#include <fmt/format.h>
#include <httplib.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "tests/support/daemon.hpp"
#include "tests/support/lobby.hpp"

// Promise 2: at most one unmarked original of a ticket is printed, whenever the daemon is killed; an unknown
// outcome stays unknown and is never silently printed again. No number that a kiosk was told is lost.

namespace {

using namespace lobby::tests;
using std::chrono::steady_clock;

constexpr const char* mark = "重打";

/// A printer at the far end of a TCP link, and what came out of it.
class PaperTrail {
 public:
  PaperTrail(const std::string& site, const std::string& log)
      : process_({std::string(LOBBY_BIN_DIR) + "/lobby-sim", "--site", site, "--control", "127.0.0.1:0"},
                 log) {
    constexpr std::string_view greeting = "ready ";
    const auto line = process_.line();
    REQUIRE_MESSAGE((line && line->starts_with(greeting)), read_file(log));
    control_ = std::make_unique<httplib::Client>(line->substr(greeting.size()));
    control_->set_tcp_nodelay(true);
    control_->set_keep_alive(true);
  }
  boost::json::object look() {
    const auto answer = control_->Get("/sim/p1");
    if (!answer) {
      throw std::runtime_error("lobby-sim does not answer");
    }
    return boost::json::parse(answer->body).as_object();
  }
  std::uint64_t count(const char* what) { return look().at(what).to_number<std::uint64_t>(); }
  std::vector<std::string> sheets() {
    std::vector<std::string> texts;
    const auto seen = look();
    for (const auto& sheet : seen.at("sheets").as_array()) {
      texts.emplace_back(sheet.at("text").as_string());
    }
    return texts;
  }

 private:
  Process process_;
  std::unique_ptr<httplib::Client> control_;
};

/// What the journal says of prints, read from its first event.
struct Prints {
  std::map<std::uint64_t, std::string> numbers;  ///< ticket → number
  std::map<std::uint64_t, int> started;          ///< times that an original was begun
  std::map<std::uint64_t, std::string> last;     ///< the last event about its print
  std::set<std::uint64_t> unknown;               ///< became unknown, and no copy was asked for
  std::map<std::uint64_t, int> told_unknown;     ///< times that this was said of the original
  std::set<std::uint64_t> copied;
  std::uint64_t originals = 0;
  std::uint64_t open = 0;  ///< issued for the printer, and no outcome yet

  void take(const boost::json::object& event) {
    const auto* ticket = event.if_contains("ticket");
    const std::string type = event.at("type").as_string().c_str();
    if (ticket == nullptr ||
        (type.find("Print") == std::string::npos && type != "TicketIssued" && type != "TicketSent" &&
         type != "TicketUnprinted" && type != "TicketReprinted")) {
      return;
    }
    const auto id = ticket->to_number<std::uint64_t>();
    numbers[id] = event.at("number").as_string().c_str();
    last[id] = type;
    if (type == "TicketReprinted") {
      copied.insert(id);
    } else if (type == "TicketPrintStarted" && !copied.contains(id)) {
      ++originals;
      ++started[id];
      CHECK_MESSAGE(!unknown.contains(id), numbers[id], " was begun again after nobody knew");
    } else if (type == "TicketPrintUnknown" && !copied.contains(id)) {
      unknown.insert(id);
      CHECK_MESSAGE(++told_unknown[id] == 1, numbers[id], " was reported unknown more than once");
    } else if (type == "TicketPrinted") {
      unknown.erase(id);  // a proof that came late
    }
  }
  void close() {
    for (const auto& [id, type] : last) {
      open += type == "TicketIssued" || type == "TicketPrintStarted" || type == "TicketReprinted" ? 1 : 0;
    }
  }
};

Prints read_prints(const Daemon& daemon) {
  Prints prints;
  auto supervisor = daemon.client("supervisor");
  std::uint64_t seq = 0;
  for (bool more = true; more;) {
    const auto page = supervisor.get(fmt::format("/journal?after={}&limit=5000", seq));
    REQUIRE(page.status == 200);
    more = false;
    std::istringstream lines(page.body);
    for (std::string line; std::getline(lines, line); more = true) {
      const auto event = boost::json::parse(line).as_object();
      seq = event.at("seq").to_number<std::uint64_t>();
      prints.take(event);
    }
  }
  prints.close();
  return prints;
}

std::string site_with_printer() {
  auto text = bare_site(1, 1);
  replace_all(text, "schema = 1\n",
              "schema = 1\nprint_within_s = 600\nconfig_dir = \"" LOBBY_SOURCE_DIR "/config\"\n");
  return text + fmt::format(
                    "[[printer]]\nid = \"p1\"\nprofile = \"generic-80\"\nlink = \"tcp:127.0.0.1:{}\"\n"
                    "[[kiosk]]\nid = \"kp\"\nname = \"取号机\"\nzone = \"A\"\nprinter = \"p1\"\n"
                    "[[kiosk]]\nid = \"kq\"\nname = \"取号机\"\nzone = \"A\"\nprinter = \"p1\"\n",
                    free_port());
}

/// The hall whose daemon is killed: its clock goes on over every restart.
struct PaperHall {
  PaperHall() {
    write_file(site, site_with_printer());
    make_accounts(state);
    paper = std::make_unique<PaperTrail>(site, folder.path() + "/sim.log");
  }
  std::unique_ptr<Daemon> start() const {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - began).count() + 1;
    return std::make_unique<Daemon>(site, state,
                                    fmt::format("2026-03-16T{:02}:{:02}:{:02}+08:00", 9 + seconds / 3600,
                                                seconds / 60 % 60, seconds % 60));
  }
  /// Issues as soon as the printer is there.
  void issue(const Daemon& daemon, const char* at_kiosk) {
    auto kiosk = daemon.client("kiosk");
    Reply reply;
    REQUIRE(WholeLobby::eventually([&] {
      reply = kiosk.post("/tickets", fmt::format(R"({{"service":"s1","kiosk":"{}"}})", at_kiosk));
      return reply.status != 503;
    }));
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
    told.emplace_back(reply.json().at("number").as_string());
  }
  /// Issues tickets, then waits for some instant in the middle of it all: when so many bytes have arrived, or
  /// so many sheets come out.
  void issue_until_any_instant(const Daemon& daemon, std::mt19937& random) {
    const auto tickets = 1 + random() % 3;
    const char* what = random() % 3 == 0 ? "sheet_count" : "bytes";
    const auto enough = paper->count(what) + random() % (what[0] == 's' ? tickets : tickets * 200);
    for (unsigned i = 0; i < tickets; ++i) {
      issue(daemon, i % 2 == 0 ? "kp" : "kq");
    }
    const auto patience = steady_clock::now() + std::chrono::seconds(20);
    bool in_time = true;
    while (in_time && paper->count(what) < enough) {  // at the pace of the answers: 20 ms would be no instant
      in_time = steady_clock::now() < patience;
    }
    REQUIRE(in_time);
  }

  TemporaryFolder folder;
  std::string site = folder.path() + "/site.toml";
  std::string state = folder.path() + "/state";
  steady_clock::time_point began = steady_clock::now();
  std::unique_ptr<PaperTrail> paper;
  std::vector<std::string> told;  ///< numbers that a kiosk was answered with
};

/// Sheets with this number on them, from its line to the serial number in the last one.
int whole_sheets(const std::vector<std::string>& sheets, std::uint64_t id, const std::string& number,
                 bool marked) {
  const auto serial = fmt::format("No.{:06}", id);
  int found = 0;
  for (const auto& text : sheets) {
    const auto at = text.find(number);
    const bool whole = at != std::string::npos && text.find(serial, at) != std::string::npos;
    found += whole && (text.find(mark) != std::string::npos) == marked ? 1 : 0;
  }
  return found;
}

void check_paper(const Prints& prints, const std::vector<std::string>& sheets,
                 const std::vector<std::string>& told) {
  std::set<std::string> kept;
  for (const auto& [id, number] : prints.numbers) {
    CHECK_MESSAGE(kept.insert(number).second, number, " was issued twice");
    const int unmarked = whole_sheets(sheets, id, number, false);
    const auto begun = prints.started.find(id);
    CHECK_MESSAGE(unmarked <= 1, number, " stands on ", unmarked, " unmarked sheets");
    CHECK_MESSAGE((begun == prints.started.end() || begun->second == 1), number, " was begun twice");
    if (prints.last.at(id) == "TicketPrinted") {
      CHECK_MESSAGE(unmarked == 1, number, " is called printed and is on no sheet");
    } else if (prints.last.at(id) == "TicketUnprinted") {
      CHECK_MESSAGE(unmarked == 0, number, " is called unprinted and is on a sheet");
    }
  }
  for (const auto& number : told) {
    CHECK_MESSAGE(kept.contains(number), number, " was told to a citizen and is lost");
  }
}

}  // namespace

TEST_CASE("kill -9 while tickets print: no second original, no number lost, and unknown stays unknown") {
  const int rounds = std::getenv("LOBBY_LONG") != nullptr ? 100 : 10;
  const auto* given = std::getenv("LOBBY_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::atoi(given)) : std::random_device{}();
  MESSAGE("LOBBY_SEED=", seed, ", rounds ", rounds);
  std::mt19937 random(seed);
  PaperHall hall;
  std::set<std::uint64_t> unknown;
  for (int round = 0; round <= rounds; ++round) {
    const auto daemon = hall.start();
    const auto prints = read_prints(*daemon);
    for (const auto id : unknown) {
      const auto ticket = daemon->client("clerk").get(fmt::format("/tickets/{}", id)).json();
      CHECK(ticket.at("print").at("state") == "unknown");
    }
    check_paper(prints, hall.paper->sheets(), hall.told);
    if (round == rounds) {
      break;
    }
    hall.issue_until_any_instant(*daemon, random);
    unknown = read_prints(*daemon).unknown;
    daemon->process().signal(SIGKILL);
    daemon->process().wait();
  }

  const auto daemon = hall.start();
  Prints prints;
  REQUIRE(WholeLobby::eventually([&] { return (prints = read_prints(*daemon)).open == 0; }));
  REQUIRE(WholeLobby::eventually([&] { return hall.paper->look().at("state") == "idle"; }));
  const auto originals = hall.paper->sheets();
  check_paper(prints, originals, hall.told);
  MESSAGE(rounds, " kills, ", prints.numbers.size(), " numbers, ", prints.originals, " originals, ",
          originals.size(), " sheets, ", prints.unknown.size(), " unknown");

  // Staff see each of the unknown ones, once.
  const auto list = daemon->client("clerk").get("/tickets?print=unknown&limit=1000").json();
  CHECK(list.as_array().size() == prints.unknown.size());

  // A person looks and asks for a copy of what nobody knows: every sheet of those is marked.
  auto clerk = daemon->client("clerk");
  for (const auto id : prints.unknown) {
    CHECK(clerk.post(fmt::format("/tickets/{}/reprint", id), "{}").status == 200);
  }
  REQUIRE(WholeLobby::eventually([&] { return read_prints(*daemon).open == 0; }));
  REQUIRE(WholeLobby::eventually([&] { return hall.paper->look().at("state") == "idle"; }));
  const auto all = hall.paper->sheets();
  for (auto i = originals.size(); i < all.size(); ++i) {
    CHECK(all[i].find(mark) != std::string::npos);
    CHECK_MESSAGE(all[i].find("经办 clerk") != std::string::npos, all[i]);
  }
  for (const auto id : prints.unknown) {
    CHECK(whole_sheets(all, id, prints.numbers.at(id), true) == 1);
  }
}
