// The description of the API, held against the running server.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "daemon/api/router.hpp"
#include "display/page/program.hpp"
#include "tests/api/house.hpp"
#include "tests/api/schema.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;
using lobby::fakes::Reply;
using lobby::fakes::Schemas;
namespace hall = lobby::hall;
namespace api = lobby::api;

namespace {

YAML::Node description(House& house) {
  const auto reply = house.get("/api/v1/openapi.yaml", "");
  REQUIRE(reply.status == 200);
  return YAML::Load(reply.body);
}

std::string_view word(api::Method method) {
  return method == api::Method::get ? "get" : method == api::Method::post ? "post" : "delete";
}

std::set<std::string> served() {
  std::set<std::string> all;
  for (const auto& route : api::routes()) {
    all.insert(std::string(word(route.method)) + " " + std::string(route.pattern));
  }
  return all;
}

std::set<std::string> described(const YAML::Node& document) {
  std::set<std::string> all;
  for (const auto& path : document["paths"]) {
    for (const char* method : {"get", "post", "delete", "put", "patch"}) {
      if (path.second[method]) {
        all.insert(std::string(method) + " " + path.first.as<std::string>());
      }
    }
  }
  return all;
}

/// Calls, and holds each answer against what is described for it.
class Checker {
 public:
  Checker(House& house, const YAML::Node& document)
      : house_(house), document_(document), schemas_(document) {}

  Reply call(const std::string& method, const std::string& pattern, const std::string& target,
             const std::string& body = "", const std::string& who = "admin") {
    const auto reply = house_.call(method, target, who, body);
    std::string lower = method;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    const auto operation = document_["paths"][pattern][lower];
    const auto responses = operation["responses"];
    const std::string status = std::to_string(reply.status);
    INFO(method << " " << target << " " << body << " -> " << status << " " << reply.body);
    const YAML::Node response =
        schemas_.resolve(responses[status] ? responses[status] : responses["default"]);
    if (!response) {
      FAIL_CHECK("this answer is not described");
      return reply;
    }
    seen_.insert(lower + " " + pattern + " " + status);
    if (reply.status == 204) {
      CHECK(!response["content"]);
      CHECK(reply.body.empty());
      return reply;
    }
    const auto type = reply.headers.at("content-type");
    const auto content = response["content"][type.substr(0, type.find(';'))];
    REQUIRE(content);
    if (type.find("json") != std::string::npos) {
      for (const auto& fault : schemas_.faults(reply.json(), content["schema"])) {
        FAIL_CHECK(fault);
      }
    }
    return reply;
  }
  Reply at(const std::string& method, const std::string& target, const std::string& body = "") {
    return call(method, target.substr(0, target.find('?')), target, body);
  }
  Reply window(const std::string& act, const std::string& body = "", const std::string& id = "w1") {
    return call("POST", "/api/v1/windows/{id}/" + act, "/api/v1/windows/" + id + "/" + act, body);
  }
  const std::set<std::string>& seen() const { return seen_; }
  const Schemas& schemas() const { return schemas_; }

 private:
  House& house_;
  YAML::Node document_;
  Schemas schemas_;
  std::set<std::string> seen_;
};

hall::CaseRow whole_case() {
  hall::CaseRow row;
  row.id = "upstream-1";
  row.case_no = "SF2026-0001";
  row.query_code = "8251";
  row.matter_name = "食品经营许可";
  row.applicant_type = "person";
  row.applicant_display = "张**";
  row.status = row.shown_status = "reviewing";
  row.light = row.shown_light = "green";
  row.light_source = "upstream";
  row.accepted_at = "2026-03-10T10:00:00+08:00";
  row.version = 7;
  return row;
}

std::vector<hall::BoardState> some_boards() {
  hall::BoardState plain, whole;
  plain.id = {"board-a"};
  whole.id = {"wall"};
  whole.zone = hall::ZoneId{"a"};
  whole.group = "hall";
  whole.pages = {"cases", "calls"};
  whole.over_all = "self_test";
  whole.confirmed = hall::BoardProof::shown;
  whole.confirmed_at = whole.effective_at = *hall::parse_instant("2026-03-16T09:00:00+08:00");
  whole.off_until = whole.confirmed_at;
  whole.reminder =
      hall::BoardReminder{*whole.confirmed_at, hall::local_date(*whole.confirmed_at), {{3}}, true};
  whole.publication = 3;
  return {plain, whole};
}

std::string a_program() {
  lobby::display::BoardProgram program;
  program.board = "wall";
  program.playlist = {64, 32, {{{0, 0, 64, 32}, {{"text", {}}}}}, {}, {}};
  program.views.pages["text"] = lobby::display::TextView{"", "今日"};
  return lobby::display::write_program(program);
}

hall::BidsPage some_bids() {
  hall::BidsPage page;
  hall::OpeningView opening;
  opening.project_no = "SF-2026-7";
  opening.project_name = "什邡市道路改造";
  opening.open_at = hall::parse_instant("2026-03-16T09:30:00+08:00");
  opening.status = hall::BidStatus::opening;
  opening.bidder_count = 3;
  page.openings = {opening, {}};
  hall::Room room;
  room.name = "开标室1";
  room.state = hall::RoomState::evaluating;
  page.rooms = {room};
  hall::NoticeView notice;
  notice.type = hall::NoticeType::candidates;
  notice.publish_from = hall::parse_date("2026-03-16");
  notice.candidates = {{1, "什邡建设有限公司", "1234567.00"}, {2, "德阳路桥有限公司", ""}};
  page.notices = {notice};
  return page;
}

hall::DeviceView some_device() {
  hall::DeviceView device;
  device.id = {"p1"};
  device.driver = "generic-80";
  device.state = hall::DeviceState::degraded;
  device.reason = "paper low";
  device.kiosk = hall::KioskId{"k1"};
  device.address = 3;
  return device;
}

hall::Statistics some_figures() {
  hall::VisitFigures row;
  row.key = "w1";
  row.served = 7;
  row.wait = row.service = {7, 700, 90, 100, 110};
  row.ratings = {6, 0, 0, 0, 0};
  hall::VisitFigures nobody;
  nobody.no_show = 1;
  return {{}, 12, {row, nobody}, row};
}

template <hall::Word E>
void expect_words(const YAML::Node& document, const char* name) {
  std::vector<std::string> words;
  for (const auto& one : document["components"]["schemas"][name]["enum"]) {
    words.push_back(one.as<std::string>());
  }
  INFO(name);
  CHECK(std::equal(words.begin(), words.end(), hall::Words<E>::text.begin(), hall::Words<E>::text.end()));
}

template <std::size_t... Is>
std::set<std::string> event_types(std::index_sequence<Is...>) {
  return {std::string(std::variant_alternative_t<Is, hall::Body>::type)...};
}

}  // namespace

TEST_CASE("what is served is described, and the other way round") {
  House house;
  CHECK(served() == described(description(house)));
}

TEST_CASE("the words are the hall's words") {
  House house;
  const auto document = description(house);
  expect_words<hall::Lane>(document, "Lane");
  expect_words<hall::TicketState>(document, "TicketState");
  expect_words<hall::WindowState>(document, "WindowState");
  expect_words<hall::PrintState>(document, "PrintState");
  expect_words<hall::Outcome>(document, "Outcome");
  expect_words<hall::ServiceKind>(document, "ServiceKind");
  expect_words<hall::HoldKind>(document, "HoldKind");
  expect_words<hall::QueuePlace>(document, "QueuePlace");
  expect_words<hall::Score>(document, "Score");
  expect_words<hall::RatedVia>(document, "RatedVia");
  expect_words<hall::StatisticsBy>(document, "StatisticsBy");
  expect_words<hall::DeviceState>(document, "DeviceState");
  expect_words<hall::DeviceKind>(document, "DeviceKind");
  expect_words<api::Role>(document, "Role");
  for (const auto& [parameter, name] : {std::pair{"status", "CaseStatus"}, {"light", "CaseLight"}}) {
    for (const auto& word : document["components"]["schemas"][name]["enum"]) {
      const auto query = std::string(parameter) + "=" + word.as<std::string>();
      CHECK_MESSAGE(house.get("/api/v1/approvals?" + query, "screen").status == 200, query);
    }
  }
  std::set<std::string> types, codes;
  for (const auto& type : document["components"]["schemas"]["Event"]["properties"]["type"]["enum"]) {
    types.insert(type.as<std::string>());
  }
  CHECK(types == event_types(std::make_index_sequence<std::variant_size_v<hall::Body>>()));
  for (const auto& code : document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) {
    codes.insert(code.as<std::string>());
  }
  for (const auto code : hall::Words<hall::Refused>::text) {
    CHECK_MESSAGE(codes.contains(std::string(code)), code);
  }
}

namespace {

/// What goes on at a window beyond call, start and finish.
void serve_in_every_way(House& house, Checker& check) {
  const std::string tickets = "/api/v1/tickets";
  const auto at_w4 = [&](const char* act, const std::string& body = "") {
    CHECK_MESSAGE(check.window(act, body, "w4").status == 200, act);
  };
  CHECK(check.at("POST", tickets, R"({"service":"tiny","lane":"green","green_type":1,"granted_by":"li"})")
            .status == 201);
  at_w4("open", R"({"clerk":"zhang"})");
  at_w4("take-over", R"({"clerk":"li"})");
  const auto package =
      check.at("POST", tickets, R"({"service":"package","applicant_id":"510682199001011234"})");
  CHECK(package.status == 201);
  at_w4("call-next");
  at_w4("hold", R"({"kind":"with_papers"})");
  const auto id = boost::json::serialize(package.json().at("id"));
  CHECK(check.call("GET", tickets + "/{id}", tickets + "/" + id).status == 200);
  at_w4("resume-held", "{\"ticket\":" + id + "}");
  at_w4("transfer", R"({"service":"few","place":"keep"})");
  at_w4("call-next");
  at_w4("no-show");
  CHECK(check.call("POST", tickets + "/{id}/reinstate", tickets + "/" + id + "/reinstate").status == 200);
  at_w4("collect", R"({"case_tail":"00aZ"})");
  at_w4("finish");
  at_w4("start", R"({"service":"visa"})");
  CHECK(check.at("GET", "/api/v1/hall").status == 200);
  at_w4("finish");
  at_w4("rate", R"({"score":"very_good","by":"qr"})");
  at_w4("call-next");
  CHECK(check.window("rate", R"({"score":"good","by":"screen"})", "w4").status == 409);
  house.backend.pass(5);
  at_w4("recall");
  CHECK(check.window("recall", "", "w4").status == 409);
}

/// Appointments, blocks, tenants, the catalogue.
void know_people(House& house, Checker& check) {
  const auto booked = check.at(
      "POST", "/api/v1/appointments",
      R"({"service":"visa","date":"2026-03-17","time":"08:30","applicant_id":"510682199001011234"})");
  CHECK(booked.status == 201);
  CHECK(check.at("GET", "/api/v1/appointments?date=2026-03-17&service=visa").status == 200);
  const auto id = boost::json::serialize(booked.json().at("id"));
  CHECK(check.call("DELETE", "/api/v1/appointments/{id}", "/api/v1/appointments/" + id).status == 204);
  CHECK(check.call("DELETE", "/api/v1/appointments/{id}", "/api/v1/appointments/" + id).status == 404);
  CHECK(check.at("POST", "/api/v1/blocks", R"({"applicant_id":"1","until":"2026-04-01"})").status == 200);
  CHECK(check
            .call("POST", "/api/v1/tenants/{service}", "/api/v1/tenants/bank",
                  R"({"waiting":3,"called":"Y12","window":"2号柜"})")
            .status == 200);
  CHECK(check.at("GET", "/api/v1/hall").status == 200);
  CHECK(check.at("GET", "/api/v1/catalogue").status == 200);
  house.backend.change_site().catalogue.groups = {
      {"g1",
       "个人办事",
       {{"d1",
         "社保局",
         "0838-1",
         {{"M1", "参保", "参保", {"social"}, "1天", "5天", "免费", "", {"受理"}, {}, {"face"}}}}}}};
  house.backend.told_catalogue.matters = {{"M-1", "首次登记", "", "", "", "", "", "", "", "", ""}};
  house.backend.told_catalogue.slots = {{"2026-03-17", "09:00", "09:30", "social", 4}};
  house.backend.change_site().catalogue.hotlines = {{"12345", "政务热线", ""}};
  CHECK(check.at("GET", "/api/v1/catalogue").status == 200);
}

/// Texts on boards, and what covers them. Admin writes, the supervisor approves.
void write_on_boards(House& house, Checker& check) {
  house.backend.change_site().boards = {{"wall"}};
  const std::string drafts = "/api/v1/boards/drafts", one = drafts + "/{id}";
  const std::string body = R"({"text":"今日下午停电","until":"2026-03-17T09:00:00+08:00"})";
  for (int i = 0; i < 2; ++i) {
    CHECK(check.call("POST", "/api/v1/boards/{id}/text", "/api/v1/boards/wall/text", body).status == 201);
  }
  CHECK(check.call("POST", "/api/v1/boards/{id}/text", "/api/v1/boards/none/text", body).status == 404);
  const std::string confirm = "/api/v1/boards/{id}/confirm";
  CHECK(check.call("POST", confirm, "/api/v1/boards/wall/confirm").status == 204);
  CHECK(check.call("POST", confirm, "/api/v1/boards/none/confirm").status == 404);
  CHECK(check.call("POST", one + "/approve", drafts + "/1/approve").code() == "same_person");
  CHECK(check.call("POST", one + "/approve", drafts + "/1/approve", "", "supervisor").status == 200);
  CHECK(check.at("GET", drafts).json().as_array().size() == 2);
  CHECK(check.call("DELETE", one, drafts + "/1").status == 204);
  CHECK(check.at("GET", "/api/v1/emergency").status == 404);
  CHECK(check.at("POST", "/api/v1/emergency", R"({"text":"请有序撤离"})").status == 200);
  CHECK(check.at("GET", "/api/v1/emergency").status == 200);
  CHECK(check.at("DELETE", "/api/v1/emergency").status == 204);
  CHECK(check.at("DELETE", "/api/v1/emergency").status == 404);
  house.backend.happen(hall::ReportPublished{{{"wall"}}, {"cases", "texts"}});
  // What crosses midnight is an event as described, too.
  CHECK(check.at("POST", "/api/v1/emergency", R"({"text":"请有序撤离","zones":["A"]})").status == 200);
}

}  // namespace

/// A room's evaluation from the plan to the end, and the evidence of it.
void evaluate(House& house, Checker& check) {
  auto& backend = house.backend;
  backend.change_site().rooms = {{.id = {"r1"}, .name = "第一评标室", .cameras = {{"c1"}}}};
  const std::string all = "/api/v1/evaluations", one = all + "/{id}", first = all + "/1";
  CHECK(check.at("GET", "/api/v1/rooms").status == 200);
  CHECK(
      check
          .at("POST", all,
              R"({"room":"r1","kind":"evaluation","project_no":"P-1","project_name":"道路","section":"一标段",)"
              R"("retention_class":"15y","planned_at":"2026-03-16T10:00:00+08:00"})")
          .status == 201);
  CHECK(check.at("POST", all, R"({"room":"r9"})").status == 400);
  CHECK(check.call("POST", one + "/start", first + "/start").status == 202);
  CHECK(check.call("POST", one + "/start", first + "/start").status == 409);
  CHECK(check.call("POST", one + "/start", all + "/9/start").status == 404);
  backend.told_cameras = {{.camera = {"c1"},
                           .state = hall::CameraShown::not_recording,
                           .proof_age_ms = 9'100,
                           .clock_offset_ms = -40,
                           .reason = "no event has begun",
                           .triggered = true}};
  backend.happen(hall::ReportMissing{{1}, {"c1"}, backend.now(), "not_recording", "no event has begun"});
  CHECK(check.call("GET", one, first).status == 200);
  CHECK(check.call("POST", one + "/open-unwitnessed", first + "/open-unwitnessed", R"({"reason":"x"})")
            .status == 200);
  CHECK(check.call("POST", one + "/acknowledge", first + "/acknowledge", R"({"alarm":1})").status == 200);
  CHECK(check.call("POST", one + "/acknowledge", first + "/acknowledge", R"({"alarm":7})").status == 404);
  backend.happen(hall::ReportVerified{{1}, {"c1"}, backend.now()});
  CHECK(check.at("GET", all).status == 200);
  backend.told_evidence = std::string("{}\n");
  CHECK(check.call("GET", one + "/evidence", first + "/evidence").status == 200);
  CHECK(check.call("POST", one + "/stop", first + "/stop").status == 200);
  backend.happen(hall::ReportClosed{{1}, "ff"});
  CHECK(check.call("GET", one, first).status == 200);
}

TEST_CASE("every answer is as described") {
  House house;
  const auto document = description(house);
  house.backend.case_rows["SF2026-0001"] = whole_case();
  house.backend.device_views = {some_device(), {}};
  Checker check(house, document);
  for (const char* path : {"/", "/metrics", "/healthz", "/readyz", "/api/v1/openapi.yaml", "/api/v1/hall",
                           "/api/v1/devices", "/api/v1/users"}) {
    CHECK(check.at("GET", path).status == 200);
  }
  house.backend.found_units = {{3, "window_unit", "1.0", "u3", 20, 20, 0}, {7, "unclear", "", "", 20, 0, 20}};
  CHECK(check.call("POST", "/api/v1/buses/{id}/scan", "/api/v1/buses/line-1/scan", R"({"to":16})").status ==
        200);
  CHECK(check.call("POST", "/api/v1/devices/{id}/address", "/api/v1/devices/u1/address", R"({"address":12})")
            .status == 200);
  CHECK(check.call("POST", "/api/v1/devices/{id}/self-test", "/api/v1/devices/u1/self-test").status == 200);
  const std::string tickets = "/api/v1/tickets", one = tickets + "/{id}";
  house.backend.happen(hall::ReportDevice{{"p1"}, hall::DeviceKind::printer, hall::DeviceState::ok, ""});
  CHECK(check.at("POST", tickets, R"({"service":"social","lane":"elderly","kiosk":"k1"})").status == 201);
  check.at("POST", tickets, R"({"service":"social"})");
  check.at("POST", tickets, R"({"service":"social"})");
  house.backend.happen(hall::StartPrint{{1}, {"p1"}});
  house.backend.happen(hall::ReportPrint{{1}, {"p1"}, hall::PrintState::unknown, "power went"});
  CHECK(
      check.call("POST", one + "/settle-print", tickets + "/1/settle-print", R"({"printed":true})").status ==
      200);
  CHECK(
      check.call("POST", one + "/notice", tickets + "/1/notice", R"({"missing":["身份证复印件"]})").status ==
      200);
  CHECK(check.call("POST", one + "/reprint", tickets + "/1/reprint", R"({"printer":"p1"})").status == 200);
  CHECK(check.call("POST", one + "/cancel", tickets + "/3/cancel").status == 200);
  CHECK(check.window("open", R"({"clerk":"zhang"})").status == 200);
  CHECK(check.window("call-next").status == 200);
  house.backend.pass(5);
  CHECK(check.window("recall").status == 200);
  CHECK(check.at("GET", "/api/v1/hall").status == 200);
  CHECK(check.window("no-show", R"({"reason":"未到"})").status == 200);
  CHECK(check.window("call", R"({"ticket":2})").status == 200);
  CHECK(check.window("start").status == 200);
  CHECK(check.window("pause", R"({"reason":"会议","message":"请稍候","back_at":"2026-03-16T10:00:00+08:00"})")
            .status == 200);
  CHECK(check.at("GET", "/api/v1/hall").status == 200);
  CHECK(check.window("resume").status == 200);
  CHECK(check.window("help").status == 200);
  CHECK(check.at("GET", "/api/v1/hall").status == 200);
  CHECK(check.window("help").code() == "wrong_state");
  CHECK(check.window("help-done").status == 200);
  CHECK(check.window("finish", R"({"outcome":"notified","case_no":"1","notice_slip_no":"2"})").status == 200);
  CHECK(check.window("close").status == 200);
  serve_in_every_way(house, check);
  know_people(house, check);
  write_on_boards(house, check);
  evaluate(house, check);
  CHECK(check.at("GET", tickets + "?limit=3").json().as_array().size() == 3);
  for (const char* id : {"1", "2", "3"}) {
    CHECK(check.call("GET", one, tickets + "/" + id).status == 200);
  }
  house.backend.statistics = some_figures();
  for (const char* query : {"", "?published=true", "?by=hour&format=csv"}) {
    CHECK(check.at("GET", std::string("/api/v1/statistics") + query).status == 200);
  }
  CHECK(check.at("GET", "/api/v1/statistics?from=2026-02-30").status == 400);
  CHECK(check.at("GET", "/api/v1/approvals?since=3&status=reviewing&light=green&limit=5").status == 200);
  CHECK(check.at("GET", "/api/v1/approvals?all=true").status == 200);
  house.backend.told_mismatches = {whole_case()};
  house.backend.told_returned = {{"aa00", "食品经营许可", 2, 2, "2026-03-10"}};
  house.backend.told_records[hall::What::alerts] = {{"w1", R"({"case_no":"SF2026-0001","card":"red"})"},
                                                    {"w2", "{}"}};
  CHECK(check.at("GET", "/api/v1/review").status == 200);
  house.backend.told_bids = some_bids();
  CHECK(check.at("GET", "/api/v1/bids?date=2026-03-16").status == 200);
  house.backend.told_boards = some_boards();
  house.backend.told_program = {"7.80", a_program()};
  CHECK(check.at("GET", "/api/v1/boards").status == 200);
  const std::string wall = "/api/v1/boards/{id}/";
  CHECK(check.call("GET", wall + "program", "/api/v1/boards/wall/program").status == 200);
  CHECK(check.call("GET", wall + "program", "/api/v1/boards/none/program").status == 404);
  CHECK(check.call("POST", wall + "shown", "/api/v1/boards/wall/shown", R"({"version":7})").status == 204);
  CHECK(check.call("GET", "/api/v1/approvals/{case_no}", "/api/v1/approvals/SF2026-0001?code=8251").status ==
        200);
  const auto added = check.at("POST", "/api/v1/users",
                              R"({"name":"li","role":"clerk","windows":["w1"],"password":"long enough"})");
  CHECK(added.status == 201);
  CHECK(check.at("POST", "/api/v1/session", R"({"name":"li","password":"long enough"})").status == 201);
  CHECK(check.at("DELETE", "/api/v1/session").status == 204);
  CHECK(check.call("DELETE", "/api/v1/users/{name}", "/api/v1/users/li").status == 204);
  // Refusals, too.
  CHECK(check.call("GET", one, tickets + "/99").status == 404);
  CHECK(check.at("POST", tickets, "{").status == 400);
  CHECK(check.window("recall").status == 409);
  house.backend.set_writable(false);
  CHECK(check.at("POST", tickets, R"({"service":"social"})").status == 503);
  CHECK(check.at("GET", "/readyz").status == 503);

  for (const auto& operation : described(document)) {
    if (operation.ends_with("/events") || operation.ends_with("/journal")) {
      continue;  // below
    }
    const auto begin = operation + " 2";
    CHECK_MESSAGE(std::any_of(check.seen().begin(), check.seen().end(),
                              [&](const auto& seen) { return seen.starts_with(begin); }),
                  operation << " was never seen to succeed");
  }
  // Every line of the journal is an event as described.
  Client client(house);
  client.send(house.request("GET", "/api/v1/journal", "supervisor"));
  std::istringstream lines(client.read_until("\r\n0\r\n\r\n"));
  int events = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('{')) {
      ++events;
      for (const auto& fault :
           check.schemas().faults(boost::json::parse(line), document["components"]["schemas"]["Event"])) {
        FAIL_CHECK(line << ": " << fault);
      }
    }
  }
  CHECK(events > 40);
}

TEST_CASE("the checker finds what is wrong") {
  House house;
  const auto document = description(house);
  const Schemas schemas(document);
  const auto faults = [&](const char* text) {
    return schemas.faults(boost::json::parse(text), document["components"]["schemas"]["Window"]).size();
  };
  CHECK(
      faults(
          R"({"id":"w","number":1,"name":"n","state":"idle","ticket":null,"clerk":null,"message":null,"back_at":null})") ==
      0);
  CHECK(faults(
            R"({"id":"w","number":1,"name":"n","state":"idle","ticket":null,"clerk":null,"message":null})") ==
        1);
  CHECK(
      faults(
          R"({"id":1,"number":1,"name":"n","state":"idle","ticket":null,"clerk":null,"message":null,"back_at":null})") ==
      1);
  CHECK(
      faults(
          R"({"id":"w","number":1,"name":"n","state":"open","ticket":null,"clerk":null,"message":null,"back_at":null,"x":1})") ==
      2);
}

TEST_CASE("the words of a case are those that the hall knows") {
  House house;
  const auto document = description(house);
  const auto expect = [&](const char* name, const auto& words) {
    std::set<std::string> described;
    for (const auto& word : document["components"]["schemas"][name]["enum"]) {
      described.insert(word.as<std::string>());
    }
    CHECK(described == std::set<std::string>(words.begin(), words.end()));
  };
  expect("CaseStatus", hall::Words<hall::CaseStatus>::text);
  expect("CaseLight", hall::Words<hall::Light>::text);
}
