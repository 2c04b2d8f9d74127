// What a person or a script sees: standard output, standard error, exit status.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/api/statistics.hpp"
#include "daemon/api/views.hpp"
#include "tests/ctl/fake_server.hpp"
#include "tests/ctl/program.hpp"

using lobby::tests::FakeServer;
using lobby::tests::lobbyctl;
using lobby::tests::Ran;

namespace {

Ran show(int status, const std::string& body, std::vector<std::string> words) {
  const FakeServer server(status, body);
  words.insert(words.begin(), {"--server", server.url()});
  return lobbyctl(words);
}

/// A bound port that nobody listens on: connecting to it is refused as long as this lives.
struct DeadPort {
  DeadPort() : socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port = ntohs(address.sin_port);
  }
  ~DeadPort() { ::close(socket); }
  int socket, port = 0;
};

}  // namespace

TEST_CASE("a refusal is its detail on standard error, and exit 1") {
  const std::string problem =
      R"({"type":"about:blank","title":"Conflict","status":409,"detail":"Nobody waits for window 3.","code":"nothing_waiting"})";
  const Ran plain = show(409, problem, {"window", "call-next", "w3"});
  CHECK(plain.status == 1);
  CHECK(plain.out.empty());
  CHECK(plain.err == "Nobody waits for window 3.\n");
  const Ran json = show(409, problem, {"--json", "window", "call-next", "w3"});
  CHECK(json.status == 1);
  CHECK(json.out == problem + "\n");
  CHECK(show(502, "<html>bad gateway</html>", {"hall", "show"}).err == "the server answered 502\n");
  CHECK(show(401, R"({"title":"Unauthorized"})", {"hall", "show"}).err == "Unauthorized\n");
}

TEST_CASE("usage is exit 2, and nothing is asked") {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{},
                                             {"ticket"},
                                             {"ticket", "issue"},
                                             {"ticket", "fly", "A001"},
                                             {"spaceship", "list"},
                                             {"window", "pause", "w1"},
                                             {"ticket", "list", "--colour", "red"},
                                             {"ticket", "settle", "17", "perhaps"},
                                             {"state", "journal", "--after", "yesterday"},
                                             {"user", "add", "li"},
                                             {"ticket", "issue", "tax", "--green-type", "one"},
                                             {"ticket", "issue", "tax", "--applicant-stdin"},
                                             {"ticket", "issue", "tax", "--applicant-id", "5"},
                                             {"hall", "block", "2026-04-01"},
                                             {"hall", "unblock"},
                                             {"hall", "tenant", "bank"},
                                             {"hall", "tenant", "bank", "--waiting", "many"},
                                             {"window", "rate", "w1", "good"},
                                             {"window", "transfer", "w1"},
                                             {"window", "transfer", "w1", "--service", "a", "--window", "w2"},
                                             {"window", "close", "w1", "w2"},
                                             {"--token-file", "/nonexistent", "hall", "show"}}) {
    const FakeServer server(200, "{}");
    std::vector<std::string> all{"--server", server.url()};
    all.insert(all.end(), words.begin(), words.end());
    const Ran ran = lobbyctl(all);
    CAPTURE(words.size());
    CHECK(ran.status == 2);
    CHECK_FALSE(ran.err.empty());
    CHECK(server.asked().empty());
  }
  CHECK(lobbyctl({"--help"}).status == 0);
  CHECK(lobbyctl({"window", "--help"}).status == 0);
  CHECK(lobbyctl({"--version"}).status == 0);
}

TEST_CASE("no connection is exit 4") {
  const DeadPort dead;
  const std::string url = "http://127.0.0.1:" + std::to_string(dead.port);
  for (const auto& words : std::vector<std::vector<std::string>>{{"hall", "show"},
                                                                 {"window", "close", "w1"},
                                                                 {"state", "events", "--follow"},
                                                                 {"state", "events"}}) {
    std::vector<std::string> all{"--server", url};
    all.insert(all.end(), words.begin(), words.end());
    const Ran ran = lobbyctl(all);
    CHECK(ran.status == 4);
    CHECK(ran.err.find("no connection to " + url) == 0);
  }
}

TEST_CASE("an address that leads nowhere is usage; a slash at its end does no harm") {
  for (const std::string address :
       {"gopher://x", "127.0.0.1:8080", "https://127.0.0.1:8080", "http://", "http:///", "http://:8080",
        "http://h:", "http://h:0", "http://h:65536", "http://h:80a", "http://h:-1", "http://h/path",
        "http://u@h", "http://[::1", "http://::1", "http://h:1:2", "http://a b", ""}) {
    CAPTURE(address);
    const Ran ran = lobbyctl({"--server", address, "hall", "show"});
    CHECK(ran.status == 2);
    CHECK(ran.err.find("--server takes an address like http://127.0.0.1:8080") == 0);
  }
  const FakeServer server(200, "[]");
  CHECK(lobbyctl({"--server", server.url() + "/", "device", "list"}).status == 0);
  CHECK(server.asked().size() == 1);
  CHECK(server.asked().at(0).target == "/api/v1/devices");
}

TEST_CASE("a long line is scanned in pieces, and what was found is one list") {
  const FakeServer server([](const FakeServer::Asked& asked, httplib::Response& response) {
    const bool is_second = asked.body == R"({"from":19,"to":34})";
    response.set_content(
        is_second ? R"([{"address":21,"kind":"window_unit"}])" : R"([{"address":9,"kind":"other"}])",
        "application/json");
  });
  const Ran ran =
      lobbyctl({"--server", server.url(), "--json", "device", "scan", "line-1", "--from", "3", "--to", "40"});
  CHECK(ran.status == 0);
  const auto asked = server.asked();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].target == "/api/v1/buses/line-1/scan");
  CHECK(asked[0].body == R"({"from":3,"to":18})");
  CHECK(asked[2].body == R"({"from":35,"to":40})");
  CHECK(ran.out ==
        R"([{"address":9,"kind":"other"},{"address":21,"kind":"window_unit"},{"address":9,"kind":"other"}])"
        "\n");
  CHECK(ran.err.find("asked up to address 34: 2 answered") != std::string::npos);
  for (const auto& ends : std::vector<std::vector<std::string>>{
           {"--from", "9", "--to", "8"}, {"--to", "248"}, {"--from", "x"}}) {
    std::vector<std::string> words{"--server", server.url(), "device", "scan", "line-1"};
    words.insert(words.end(), ends.begin(), ends.end());
    CHECK(lobbyctl(words).status == 2);
  }
  CHECK(server.asked().size() == 3);
}

TEST_CASE("a word that is none of the language is named") {
  const auto said = [](const std::vector<std::string>& words) {
    const Ran ran = lobbyctl(words);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    return ran.err;
  };
  CHECK(said({"ticket", "bogus"}).find("\"bogus\" is no verb of \"ticket\": use one of ") == 0);
  CHECK(said({"ticket", "fly", "A001"}).find("\"fly\" is no verb of \"ticket\"") == 0);
  CHECK(said({"spaceship"}).find("\"spaceship\" is no noun: use one of ") == 0);
  CHECK(said({"banner", "list"}).find("\"banner\" is no noun: use one of ticket, window, hall") == 0);
  CHECK(said({"--json", "ticket"}).find("a verb of \"ticket\" is missing: use one of ") == 0);
  CHECK(said({}).find("a noun is missing: use one of ") == 0);
  CHECK(said({"user", "add", "li"}).find("--role") != std::string::npos);
}

TEST_CASE("boards and their texts are tables") {
  const Ran boards = show(200, R"([
{"id":"wall","zone":"A","group":null,"pages":[{"page":"calls"},{"page":"texts"}],"over_all":null,
 "reminder":{"since":"2026-03-16T09:00:00+08:00","due":"2026-03-30","texts":[1,4],"notices":true},
 "confirmed":"shown","confirmed_at":"2026-03-16T09:00:00+08:00"},
{"id":"door","zone":null,"group":null,"pages":[{"page":"door"}],"over_all":"emergency","confirmed":"no",
 "confirmed_at":null},
{"id":"night","zone":null,"group":null,"pages":[],"over_all":null,"confirmed":"shown","confirmed_at":null,
 "off_until":"2026-03-17T07:30:00+08:00"}])",
                          {"board", "list"});
  CHECK(boards.out ==
        "board  zone  confirmed  at                   shows            look at\n"
        "wall   A     shown      2026-03-16 09:00:00  calls, texts     texts 1, 4, notices until 2026-03-30\n"
        "door         no                              emergency\n"
        "night        shown                           off until 07:30\n");
  const Ran texts = show(200, R"([{"id":1,"board":"wall","text":"停电","until":"2026-03-16T17:00:00+08:00",
"by":"li","approved_by":"wang"},{"id":2,"board":"wall","text":"开门","until":"2026-03-16T17:00:00+08:00",
"by":"li"}])",
                         {"board", "drafts"});
  CHECK(texts.out ==
        "text  board  until                written by  approved by  says\n"
        "1     wall   2026-03-16 17:00:00  li          wang         停电\n"
        "2     wall   2026-03-16 17:00:00  li                       开门\n");
  CHECK(show(201, R"({"draft":7})", {"board", "text", "wall", "x", "--until", "y"}).out == "draft  7\n");
}

TEST_CASE("one case is a card with its age, as the server answers") {
  lobby::hall::CasePage page;
  page.age = {lobby::hall::parse_instant("2026-03-16T09:05:31+08:00"), lobby::hall::Freshness::fresh, 600};
  page.version = 7;
  page.cases.resize(1);
  page.cases[0].case_no = "510682-2026-77777";
  page.cases[0].matter_name = "食品经营许可";
  page.cases[0].applicant_display = "诸葛**";
  std::string body;
  lobby::api::put(body, page, lobby::api::Audience::applicant);
  const std::vector<std::string> ask{"approval", "show", "510682-2026-77777", "--code", "4711"};
  const Ran ran = show(200, body, ask);
  CHECK(ran.status == 0);
  CHECK(ran.out.find("as of 2026-03-16 09:05:31\n") == 0);
  CHECK(ran.out.find("case       510682-2026-77777\n") != std::string::npos);
  CHECK(ran.out.find("matter     食品经营许可\n") != std::string::npos);
  CHECK(ran.out.find("applicant  诸葛**\n") != std::string::npos);
  page.age.state = lobby::hall::Freshness::labelled;
  body.clear();
  lobby::api::put(body, page, lobby::api::Audience::applicant);
  CHECK(show(200, body, ask).out.find("as of 2026-03-16 09:05:31, labelled\n") == 0);
}

TEST_CASE("a list of cases has its totals, and no column that is empty everywhere") {
  const Ran ran = show(200,
                       R"({"as_of":null,"stale":true,"freshness":"expired","totals":{"cases":812,)"
                       R"("accepted_today":86,"finished_today":79,"suppressed":4},)"
                       R"("cases":[{"case_no":"1","matter_name":"食品经营许可","light":null}]})",
                       {"approval", "list"});
  CHECK(ran.status == 0);
  CHECK(ran.out ==
        "as of never, expired\n812 cases, 86 accepted and 79 finished today, 4 of suppressed matters\n"
        "case  matter\n1     食品经营许可\n");
}

TEST_CASE("what is for supervisors comes in parts, and says where there is nothing") {
  const Ran ran =
      show(200,
           R"({"as_of":"2026-03-16T09:05:31+08:00","stale":false,"freshness":"fresh","mismatches":[],)"
           R"("returned_twice":[{"applicant_key":"aa00","matter_name":"食品经营许可","returns":2,)"
           R"("cases":2,"last_at":"2026-03-10"}],"alerts":[]})",
           {"approval", "review"});
  CHECK(ran.out.find("\nour count differs: none\n") != std::string::npos);
  CHECK(ran.out.find("\nreturned more than once: \napplicant  matter        returns  cases  last\n"
                     "aa00       食品经营许可  2        2      2026-03-10\n") != std::string::npos);
}

TEST_CASE("when the answer is lost, the key for repeating is told") {
  // Listens, and hangs up on whoever comes.
  DeadPort port;
  REQUIRE(::listen(port.socket, 4) == 0);
  std::thread hang_up([&] {
    const int client = ::accept(port.socket, nullptr, nullptr);
    char request[64];
    CHECK(::recv(client, request, sizeof request, 0) > 0);
    ::close(client);
  });
  const Ran ran = lobbyctl({"--server", "http://127.0.0.1:" + std::to_string(port.port), "--idempotency-key",
                            "k-1", "ticket", "issue", "tax"});
  hang_up.join();
  CHECK(ran.status == 4);
  CHECK(ran.err.find("it may have been done: repeat with --idempotency-key k-1") != std::string::npos);
}

TEST_CASE("--json gives the server's words untouched") {
  const std::string body = "{\"name\" :  \"什邡市\",\n \"x\":1e3}";
  CHECK(show(200, body, {"--json", "hall", "show"}).out == body + "\n");
  CHECK(show(200, body, {"hall", "show", "--json"}).out == body + "\n");
}

TEST_CASE("a table's columns stand under each other, Chinese or not") {
  const Ran ran = show(200, R"([
      {"id":"p1","kind":"printer","driver":"generic-58","state":"ok","reason":"","since":"2026-03-16T08:55:00.000+08:00"},
      {"id":"取号机二","kind":"printer","driver":"generic-80","state":"gone","reason":"缺纸","since":"2026-03-16T09:10:00.000+08:00"}])",
                       {"device", "list"});
  CHECK(ran.status == 0);
  CHECK(ran.out ==
        "device    kind     driver      state  since                last ok  window  reason  detail\n"
        "p1        printer  generic-58  ok     2026-03-16 08:55:00\n"
        "取号机二  printer  generic-80  gone   2026-03-16 09:10:00                   缺纸\n");
}

TEST_CASE("a window's answer is a card") {
  const Ran ran =
      show(200,
           R"({"id":"w3","number":3,"name":"综合受理","state":"called",)"
           R"("ticket":{"id":17,"number":"A017","service":"tax","lane":"ordinary"},"clerk":"张三",)"
           R"("message":"","back_at":null})",
           {"window", "call-next", "w3"});
  CHECK(ran.out ==
        "window  w3\n"
        "no.     3\n"
        "name    综合受理\n"
        "state   called\n"
        "ticket  A017\n"
        "clerk   张三\n");
}

TEST_CASE("an appointment is a card, a day of them a table") {
  CHECK(show(201, R"({"id":7,"code":"01234567","service":"visa","date":"2026-03-17","time":"09:30"})",
             {"ticket", "book", "visa", "2026-03-17", "09:30"})
            .out ==
        "code         01234567\n"
        "appointment  7\n"
        "service      visa\n"
        "date         2026-03-17\n"
        "time         09:30\n");
  CHECK(show(200, R"({"date":"2026-03-17","services":[{"service":"visa","name":"出入境","slots":[
              {"time":"09:30","capacity":2,"booked":2,"bookings":[{"id":7,"code":"01234567","used":true},
                                                                  {"id":8,"code":"00000001","used":false}]},
              {"time":"10:00","capacity":2,"booked":0}]}]})",
             {"ticket", "appointments"})
            .out ==
        "2026-03-17\n"
        "service  time   booked  of  bookings\n"
        "visa     09:30  2       2   7 (code 01234567, used), 8 (code 00000001)\n"
        "visa     10:00  0       2\n");
  CHECK(show(200, R"({"until":"2026-04-01","blocked":true})", {"hall", "show"}).status == 0);
}

TEST_CASE("the catalogue is a table of matters") {
  const Ran ran =
      show(200, R"({"data_version":"0","windows":[],"hotlines":[{"number":"12345","label_zh":"热线"}],
      "groups":[{"id":"g","name":"个人","departments":[{"id":"d","name":"社保局","matters":[
        {"name":"参保","service":"social","promised_limit":"1天","fee":null}]}]}]})",
           {"hall", "catalogue"});
  CHECK(ran.out ==
        "group  department  matter  service  takes  fee\n"
        "个人   社保局      参保    social   1天\n"
        "\n"
        "hotline  for\n"
        "12345    热线\n");
  const Ran more = show(200,
                        R"({"data_version":"0","groups":[],"windows":[],"hotlines":[],
      "agencies":[{"id":"a","name":"测绘","licence":"乙级","promised_limit":"5天"}],
      "staff":[{"staff_no":"1024","name":null,"title":"首问责任人","unit":null,"photo_ref":null}],
      "notices":[{"id":"n","title":"收费公示","text":"不收费","unit":"中心"}]})",
                        {"hall", "catalogue"});
  CHECK(more.out.find("agency  licence  takes\n测绘    乙级     5天\n") != std::string::npos);
  CHECK(more.out.find("1024") != std::string::npos);
  CHECK(more.out.find("首问责任人") != std::string::npos);
  CHECK(more.out.find("不收费") != std::string::npos);
}

TEST_CASE("a ticket shows its history in plain words") {
  const Ran ran = show(
      200,
      R"({"id":17,"number":"A017","service":"tax","lane":"ordinary","state":"called","window":"w3","ahead":0,)"
      R"("print":{"state":"printed","printer":"p1","copies":0},"history":[)"
      R"({"seq":5,"at":"2026-03-16T09:05:31.123+08:00","type":"TicketIssued","number":"A017","service":"tax","ahead":2,"kiosk":"k1"},)"
      R"({"seq":9,"at":"2026-03-16T09:06:00.000+08:00","type":"TicketUnprinted","number":"A017","printer":"p1","reason":"paper out"},)"
      R"({"seq":12,"at":"2026-03-16T09:07:00.000+08:00","type":"TicketCalled","number":"A017","window":"w3"}]})",
      {"ticket", "show", "17"});
  CHECK(ran.out.find("paper    printed\n") != std::string::npos);
  CHECK(ran.out.find("     5  09:05:31  A017 issued for tax at k1, 2 ahead\n") != std::string::npos);
  CHECK(ran.out.find("     9  09:06:00  A017 not printed by p1: paper out\n") != std::string::npos);
  CHECK(ran.out.find("    12  09:07:00  A017 called to window w3\n") != std::string::npos);
}

TEST_CASE("an unknown event is told by its fields, and no text drives the terminal") {
  const Ran ran =
      show(200, R"({"seq":1,"at":"","type":"SomethingNew","note":"\u001b[2Jboo"})", {"state", "journal"});
  CHECK(ran.out.find("SomethingNew note= [2Jboo") != std::string::npos);
  CHECK(ran.out.find('\x1b') == std::string::npos);
}

TEST_CASE("no ticket of that number today") {
  const Ran ran = show(200, "[]", {"ticket", "show", "A999"});
  CHECK(ran.status == 1);
  CHECK(ran.err == "no ticket A999 today\n");
}

TEST_CASE("a body that is not what was expected is shown as it is") {
  CHECK(show(200, "[1,2", {"hall", "show"}).out == "[1,2\n");
  CHECK(show(200, "[]", {"hall", "show"}).out == "[]\n");
}

TEST_CASE("statistics are a table of readable durations; what is withheld says so") {
  lobby::hall::Statistics report;
  report.query.from = report.query.to = lobby::hall::parse_date("2026-03-16").value();
  lobby::hall::VisitFigures row;
  row.key = "w1";
  row.served = 12;
  row.no_show = 2;
  row.wait = {12, 12 * 425, 300, 1200, 4500};
  row.service = {12, 12 * 59, 60, 61, 3600};
  row.ratings = {2, 1, 1, 1, 1};
  auto small = row;
  small.key = "w2";
  small.served = 3;
  small.wait = {};
  small.ratings = {};
  report.rows = {row, small};
  report.total = row;
  const auto inside = lobby::api::statistics_json(report, {false, {{"w1", "社保"}}});
  CHECK(show(200, inside, {"stats", "show"}).out ==
        "2026-03-16\n"
        "window  name  served  no-show  wait mean  p50   p90    max      service mean  p50   p90   max      "
        "ratings  "
        "content\n"
        "w1      社保  12      2        7:05       5:00  20:00  1:15:00  0:59          1:00  1:01  1:00:00  "
        "6        "
        "67 %\n"
        "w2            3       2                                         0:59          1:00  1:01  1:00:00  "
        "*        "
        "*\n"
        "total         12      2        7:05       5:00  20:00  1:15:00  0:59          1:00  1:01  1:00:00  "
        "6        "
        "67 %\n"
        "*: too few to be shown\n");
  CHECK(show(200, inside, {"--json", "stats", "show"}).out == inside + "\n");
  report.query.to.days += 6;
  const auto outside = show(200, lobby::api::statistics_json(report, {true, {}}), {"stats", "show"}).out;
  CHECK(outside.starts_with("2026-03-16 to 2026-03-22\n"));
  CHECK(outside.find("\nw2            *       *        *          *") != std::string::npos);
  const auto csv = lobby::api::statistics_csv(report, {});
  CHECK(show(200, csv, {"stats", "show", "--csv"}).out == csv);
  CHECK(show(200, R"({"rows":[7,{}],"total":[]})", {"stats", "show"}).status == 0);
}
