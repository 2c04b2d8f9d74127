// Whom the hall knows: one number for one person, appointments, blocks; and that nobody reads who it is.
#include <doctest/doctest.h>

#include <set>

#include "daemon/api/discretion.hpp"
#include "daemon/api/secrets.hpp"
#include "tests/api/house.hpp"

using lobby::fakes::Client;
using lobby::fakes::House;
using lobby::fakes::Reply;
namespace api = lobby::api;
namespace json = boost::json;

namespace {

const std::string id_number = "51068219900101123X";
const std::string tickets_path = "/api/v1/tickets", appointments_path = "/api/v1/appointments",
                  blocks_path = "/api/v1/blocks";

std::string person_wants(const std::string& service, const std::string& id = id_number,
                         const std::string& more = "") {
  return "{\"service\":\"" + service + "\",\"applicant_id\":\"" + id + "\"" + more + "}";
}

std::string booking_of(const std::string& date, const std::string& time, const std::string& more = "") {
  return "{\"service\":\"visa\",\"date\":\"" + date + "\",\"time\":\"" + time + "\"" + more + "}";
}

void fails(const Reply& reply, int status, std::string_view code) {
  INFO(reply.body);
  CHECK(reply.status == status);
  CHECK(reply.code() == code);
}

/// Everything that a stream of this account says from the beginning on.
std::string heard_by(House& house, const std::string& who) {
  Client client(house);
  client.send(house.request("GET", "/api/v1/events?after=0", who));
  client.read_until("id: " + std::to_string(house.backend.state().seq) + "\n");
  CHECK(house.turn_until([&] {
    client.pull();
    return client.got().ends_with("\n\n");
  }));
  return client.got();
}

}  // namespace

TEST_CASE("one person has one open ticket of a service that is for one each") {
  House house;
  fails(house.post(tickets_path, "kiosk", R"({"service":"person"})"), 400, "bad_request");
  CHECK(house.post(tickets_path, "kiosk", person_wants("person")).status == 201);
  // The same person, however the number is typed.
  fails(house.post(tickets_path, "kiosk", person_wants("person", "510682 19900101 123x")), 409,
        "already_has_ticket");
  CHECK(house.backend.persons == std::vector<std::string>{id_number, id_number});
  CHECK(house.post(tickets_path, "kiosk", person_wants("person", "G1")).status == 201);
  CHECK(house.post(tickets_path, "kiosk", person_wants("social")).status == 201);
}

TEST_CASE("an agent holds a handful of tickets") {
  House house;
  fails(house.post(tickets_path, "clerk", R"({"service":"social","lane":"agent"})"), 400, "bad_request");
  for (int i = 0; i < 5; ++i) {
    CHECK(house.post(tickets_path, "clerk", person_wants("social", id_number, R"(,"lane":"agent")")).status ==
          201);
  }
  fails(house.post(tickets_path, "clerk", person_wants("social", id_number, R"(,"lane":"agent")")), 409,
        "already_has_ticket");
}

TEST_CASE("who is blocked gets no ticket until the day is over or the block is lifted") {
  House house;
  const auto block = [&](const char* until) {
    return house.post(blocks_path, "supervisor",
                      "{\"applicant_id\":\"" + id_number + "\",\"until\":\"" + until + "\"}");
  };
  const auto blocked = block("2026-03-20");
  REQUIRE(blocked.status == 200);
  CHECK(blocked.json() == json::value{{"until", "2026-03-20"}, {"blocked", true}});
  fails(house.post(tickets_path, "kiosk", person_wants("social")), 403, "forbidden");
  CHECK(house.post(tickets_path, "kiosk", person_wants("social", "G1")).status == 201);
  CHECK(!block("2026-03-15").json().at("blocked").as_bool());
  CHECK(house.post(tickets_path, "kiosk", person_wants("social")).status == 201);
  fails(house.post(blocks_path, "supervisor", R"({"until":"2026-03-20"})"), 400, "bad_request");
  fails(house.post(blocks_path, "supervisor", R"({"applicant_id":"1","until":"tomorrow"})"), 400,
        "bad_request");
}

TEST_CASE("an appointment is booked, seen, used and given back") {
  House house;
  const auto made = house.post(appointments_path, "clerk", booking_of("2026-03-16", "09:30"));
  REQUIRE(made.status == 201);
  const auto booked = made.json().as_object();
  const std::string code(booked.at("code").as_string());
  CHECK(booked.size() == 5);
  CHECK(booked.at("service").as_string() == "visa");
  CHECK(booked.at("date").as_string() == "2026-03-16");
  CHECK(booked.at("time").as_string() == "09:30");
  CHECK(code.size() == 8);
  CHECK(code.find_first_not_of("0123456789") == std::string::npos);

  fails(house.post(appointments_path, "clerk", booking_of("2026-03-16", "09:30")), 409, "quota_reached");
  fails(house.post(appointments_path, "clerk", booking_of("2026-03-16", "08:30")), 409, "service_closed");
  fails(house.post(appointments_path, "clerk", booking_of("2026-03-16", "09:40")), 400, "bad_request");
  fails(house.post(appointments_path, "clerk", booking_of("2026-05-16", "09:30")), 400, "bad_request");
  fails(house.post(appointments_path, "clerk", R"({"service":"social","date":"2026-03-17","time":"09:30"})"),
        400, "bad_request");
  fails(house.post(appointments_path, "clerk", R"({"service":"x","date":"2026-03-17","time":"09:30"})"), 404,
        "unknown_service");

  fails(house.post(tickets_path, "kiosk", R"({"service":"visa","appointment":"1"})"), 404, "not_found");
  const auto ticket =
      house.post(tickets_path, "kiosk", "{\"service\":\"visa\",\"appointment\":\"" + code + "\"}");
  CHECK(ticket.status == 201);
  CHECK(ticket.json().at("lane").as_string() == "appointment");
  fails(house.post(tickets_path, "kiosk", "{\"service\":\"visa\",\"appointment\":\"" + code + "\"}"), 409,
        "wrong_state");
  const std::string path = appointments_path + "/" + json::serialize(booked.at("id"));
  fails(house.call("DELETE", path, "clerk"), 409, "wrong_state");
  const auto other = house.post(appointments_path, "clerk", booking_of("2026-03-17", "14:00"));
  const auto gone =
      house.call("DELETE", appointments_path + "/" + json::serialize(other.json().at("id")), "clerk");
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  fails(house.call("DELETE", appointments_path + "/77", "clerk"), 404, "not_found");
  fails(house.call("DELETE", appointments_path + "/abc", "clerk"), 404, "not_found");
}

TEST_CASE("the same person books a service once a day") {
  House house;
  const std::string who = ",\"applicant_id\":\"" + id_number + "\"";
  CHECK(house.post(appointments_path, "clerk", booking_of("2026-03-17", "08:00", who)).status == 201);
  fails(house.post(appointments_path, "clerk", booking_of("2026-03-17", "08:30", who)), 409,
        "already_has_ticket");
  CHECK(house.post(appointments_path, "clerk", booking_of("2026-03-18", "08:30", who)).status == 201);
}

TEST_CASE("the slots of a day, to a clerk and to a kiosk") {
  House house;
  house.post(appointments_path, "clerk", booking_of("2026-03-17", "08:30"));
  const auto day = house.get(appointments_path + "?date=2026-03-17", "clerk").json();
  CHECK(day.at("date").as_string() == "2026-03-17");
  REQUIRE(day.at("services").as_array().size() == 1);
  const auto& slots = day.at("services").at(0).at("slots").as_array();
  REQUIRE(slots.size() == 6);
  CHECK(slots.at(0).at("time").as_string() == "08:00");
  CHECK(slots.at(5).at("time").as_string() == "14:30");
  CHECK(slots.at(1).at("capacity").to_number<int>() == 1);
  CHECK(slots.at(1).at("booked").to_number<int>() == 1);
  CHECK(slots.at(1).at("bookings").at(0).at("used") == json::value(false));
  CHECK(slots.at(0).at("bookings").as_array().empty());
  const auto shown = house.get(appointments_path + "?date=2026-03-17&service=visa", "kiosk");
  CHECK(shown.json().at("services").at(0).at("slots").at(1).at("booked").to_number<int>() == 1);
  CHECK(shown.body.find("bookings") == std::string::npos);
  CHECK(house.get(appointments_path, "kiosk").json().at("date").as_string() == "2026-03-16");
  CHECK(house.get(appointments_path + "?service=social", "kiosk").json().at("services").as_array().empty());
  fails(house.get(appointments_path + "?service=x", "kiosk"), 404, "unknown_service");
  fails(house.get(appointments_path + "?date=16.3.2026", "kiosk"), 400, "bad_request");
  fails(house.get(appointments_path + "?time=1", "kiosk"), 400, "bad_request");
}

TEST_CASE("times of day are four digits") {
  House house;
  for (const char* time : {"8:30", "24:00", "08:60", "08.30", "08:3", "", "08:30:00", "-8:30", "八点半"}) {
    const auto reply = house.post(appointments_path, "clerk", booking_of("2026-03-17", time));
    fails(reply, 400, "bad_request");
    CHECK(reply.body.find("`time`") != std::string::npos);
  }
  const auto reply = house.post(appointments_path, "clerk", booking_of("2026-02-30", "08:30"));
  CHECK(reply.body.find("`date` must be a date") != std::string::npos);
}

TEST_CASE("who it is stands in no answer, no event and no journal line") {
  House house;
  std::string all;
  const auto hear = [&](const Reply& reply) { all += reply.body; };
  hear(house.post(tickets_path, "kiosk", person_wants("person"), "Idempotency-Key: k\r\n"));
  hear(house.post(tickets_path, "kiosk", person_wants("person"), "Idempotency-Key: k\r\n"));
  hear(house.post(tickets_path, "kiosk", person_wants("person")));
  hear(house.post(tickets_path, "kiosk", person_wants("person", id_number, R"(,"colour":1)")));
  hear(house.post(tickets_path, "kiosk", person_wants("person", id_number, R"(,"lane":"fast")")));
  hear(house.post(tickets_path, "kiosk", "{\"service\":\"person\",\"applicant_id\":\"" + id_number));
  hear(house.post(appointments_path, "clerk",
                  booking_of("2026-03-17", "08:30", ",\"applicant_id\":\"" + id_number + "\"")));
  hear(house.post(blocks_path, "supervisor",
                  "{\"applicant_id\":\"" + id_number + "\",\"until\":\"2026-03-17\"}"));
  hear(house.post(tickets_path, "kiosk", person_wants("social")));
  house.backend.set_now(*lobby::hall::parse_instant("2026-03-17T08:00:00+08:00"));
  house.backend.happen(lobby::hall::TurnDay{});
  for (const char* path : {"/api/v1/hall", "/api/v1/tickets", "/api/v1/appointments?date=2026-03-17",
                           "/api/v1/catalogue", "/metrics"}) {
    hear(house.get(path));
  }
  CHECK(all.find("\"applicant\"") == std::string::npos);
  const std::string hash = std::to_string(house.backend.applicant_key(id_number).value);
  CHECK(all.find(hash) == std::string::npos);
  for (const char* who : {"kiosk", "clerk", "evaluator", "screen"}) {
    const std::string heard = heard_by(house, who);
    CHECK(heard.find("event: ApplicantBlocked") != std::string::npos);
    CHECK(heard.find(hash) == std::string::npos);
    CHECK(heard.find("\"applicant\"") == std::string::npos);
    CHECK((heard.find("\"code\":\"") != std::string::npos) == (who == std::string("clerk")));
    all += heard;
  }
  for (const char* who : {"supervisor", "admin"}) {
    const std::string heard = heard_by(house, who);
    CHECK(heard.find("\"applicant\":" + hash) != std::string::npos);
    all += heard;
  }
  Client journal(house);
  journal.send(house.request("GET", "/api/v1/journal", "supervisor"));
  const std::string lines = journal.read_until("\r\n0\r\n\r\n");
  CHECK(lines.find("\"applicant\":" + hash) != std::string::npos);
  all += lines;
  for (const auto& [unused, kept] : house.backend.kept) {
    all += kept.answer.body;
    CHECK(kept.body_hash != api::sha256(person_wants("person")));  // there are few enough numbers to try them
  }
  CHECK(all.find(id_number.substr(0, 17)) == std::string::npos);
}

TEST_CASE("a member is taken out of a line, wherever it stands, and nothing else") {
  const auto without = [](std::string line, const char* name) {
    api::hide_member(line, name);
    CHECK(json::parse(line).is_object());
    return line;
  };
  CHECK(without(R"({"a":1,"applicant":18446744073709551615,"b":2})", "applicant") == R"({"a":1,"b":2})");
  CHECK(without(R"({"applicant":1,"b":2})", "applicant") == R"({"b":2})");
  CHECK(without(R"({"a":1,"applicant":1})", "applicant") == R"({"a":1})");
  CHECK(without(R"({"applicant":1})", "applicant") == "{}");
  CHECK(without(R"({"l":[{"applicant":1,"u":2},{"u":3,"applicant":4}],"code":"12"})", "applicant") ==
        R"({"l":[{"u":2},{"u":3}],"code":"12"})");
  CHECK(without(R"({"l":[{"code":"1","u":2}],"code":"12"})", "code") == R"({"l":[{"u":2}]})");
  for (const char* line : {R"({"reason":"applicant","b":2})",
                           R"({"reason":"\"applicant\":1","applicants":2})", R"({"x":"the applicant\":"})"}) {
    CHECK(without(line, "applicant") == line);
  }
}

TEST_CASE("codes are digits, and not the same twice in a row") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto code = api::random_digits(8);
    CHECK(code.size() == 8);
    CHECK(code.find_first_not_of("0123456789") == std::string::npos);
    seen.insert(code);
  }
  CHECK(seen.size() > 95);
  CHECK(api::random_digits(1).size() == 1);
}

TEST_CASE("a tenant tells of its own queue") {
  House house;
  fails(house.post(tickets_path, "kiosk", R"({"service":"bank"})"), 409, "not_served_here");
  const auto told =
      house.post("/api/v1/tenants/bank", "clerk", R"({"waiting":4,"called":"Y012","window":"2号柜"})");
  REQUIRE(told.status == 200);
  CHECK(told.json().at("kind").as_string() == "tenant");
  CHECK(told.json().at("waiting").to_number<int>() == 4);
  CHECK(told.json().at("called").as_string() == "Y012");
  CHECK(told.json().at("window").as_string() == "2号柜");
  CHECK(house.get("/api/v1/hall", "screen").json().at("services").at(10) == told.json());
  // What is known already is no event, and an answer like the first.
  CHECK(
      house.post("/api/v1/tenants/bank", "clerk", R"({"waiting":4,"called":"Y012","window":"2号柜"})").body ==
      told.body);
  CHECK(house.backend.count("TenantReported") == 1);
  CHECK(
      !house.post("/api/v1/tenants/bank", "clerk", R"({"waiting":0})").json().as_object().contains("called"));
  fails(house.post("/api/v1/tenants/bank", "clerk", "{}"), 400, "bad_request");
  fails(house.post("/api/v1/tenants/social", "clerk", R"({"waiting":1})"), 400, "bad_request");
  fails(house.post("/api/v1/tenants/x", "clerk", R"({"waiting":1})"), 404, "unknown_service");
}

TEST_CASE("the catalogue, with matters and without") {
  House house;
  const auto plain = house.get("/api/v1/catalogue", "kiosk").json();
  CHECK(plain.at("hotlines").as_array().empty());
  REQUIRE(plain.at("groups").as_array().size() == 1);
  const auto zone = plain.at("groups").at(0).at("departments").at(0);
  CHECK(zone.at("name").as_string() == "综合服务区");
  CHECK(zone.at("matters").as_array().size() == 11);
  CHECK(zone.at("matters").at(0).at("service").as_string() == "social");
  CHECK(plain.at("windows").at(1) == json::value{{"id", "w2"},
                                                 {"number", 2},
                                                 {"name", "窗口w2"},
                                                 {"zone", "A"},
                                                 {"services", json::array{"social"}},
                                                 {"first_inquiry", false},
                                                 {"duty_staff", nullptr}});
  for (const char* part : {"agencies", "staff", "notices"}) {
    CHECK(plain.at(part).as_array().empty());
  }
  CHECK(house.get("/api/v1/catalogue", "screen").json() == plain);

  auto& catalogue = house.backend.change_site().catalogue;
  lobby::hall::Matter matter;
  matter.code = "M-1";
  matter.name = "参保登记";
  matter.service = {"social"};
  matter.stages = {"受理", "办结"};
  catalogue.groups = {{"person", "个人办事", {{"d1", "社保局", "0838-1", {matter}}}}};
  catalogue.hotlines = {{"12345", "政务热线", "Hotline"}};
  const auto full = house.get("/api/v1/catalogue", "kiosk").json();
  CHECK(full.at("data_version") != plain.at("data_version"));
  const auto department = full.at("groups").at(0).at("departments").at(0);
  CHECK(department.at("phone").as_string() == "0838-1");
  CHECK(department.at("matters").at(0).at("stages").as_array() == json::array{"受理", "办结"});
  CHECK(department.at("matters").at(0).at("fee").is_null());
  CHECK(full.at("hotlines").at(0).at("number").as_string() == "12345");
}

TEST_CASE("what the superior system says of a matter goes before the site's words, and more badges come") {
  House house;
  auto& catalogue = house.backend.change_site().catalogue;
  lobby::hall::Matter matter;
  matter.code = "M-1";
  matter.name = "参保登记";
  matter.fee = "不收费";
  matter.service = {"social"};
  catalogue.groups = {{"person", "个人办事", {{"d1", "社保局", "0838-1", {matter, {}}}}}};
  catalogue.staff = {{"007", "自定", "窗口负责人", "社保局", ""}};
  auto& upstream = house.backend.told_catalogue;
  upstream.matters = {
      {"M-0", "别的事项", "", "", "", "", "", "", "", "", ""},
      {"M-1", "企业职工参保登记", "参保", "社保局", "promised", "", "5个工作日", "20个工作日", "", "", ""}};
  upstream.staff = {{"007", "上级", "科长", "", ""}, {"008", "又一人", "科员", "", ""}};
  upstream.slots = {{"2026-03-17", "09:00", "09:30", "social", 4}};
  const auto told = house.get("/api/v1/catalogue", "kiosk").json();
  const auto first = told.at("groups").at(0).at("departments").at(0).at("matters").at(0);
  CHECK(first.at("name").as_string() == "企业职工参保登记");
  CHECK(first.at("promised_limit").as_string() == "5个工作日");
  CHECK(first.at("fee").as_string() == "不收费");
  CHECK(first.at("short_name").as_string() == "参保");
  // A matter without a code is nobody else's.
  CHECK(told.at("groups").at(0).at("departments").at(0).at("matters").at(1).at("name").as_string().empty());
  CHECK(told.at("upstream_matters").as_array().size() == 2);
  CHECK(told.at("booked_slots").at(0).at("booked").as_int64() == 4);
  REQUIRE(told.at("staff").as_array().size() == 2);
  CHECK(told.at("staff").at(0).at("name").as_string() == "自定");
  CHECK(told.at("staff").at(1).at("name").as_string() == "又一人");
  catalogue.staff_by_number = true;
  CHECK(house.get("/api/v1/catalogue", "kiosk").json().at("staff").at(1).at("name").is_null());
}

TEST_CASE("the catalogue has agencies, badges and the notices of the day") {
  House house;
  auto& site = house.backend.change_site();
  site.catalogue.agencies = {{"survey", "测绘机构", "乙级", "5个工作日"}};
  site.catalogue.staff = {{"1024", "", "首问责任人", "政务中心", ""},
                          {"1045", "工作人员", "导办", "", "badges/1045.png"}};
  site.windows[1].first_inquiry = true;
  site.windows[1].duty_staff = "1024";
  const auto day = [](const char* text) { return *lobby::hall::parse_date(text); };
  site.catalogue.notices = {{"always", "收费公示", "不收费", "", {}, {}},
                            {"today", "今日", "停电", "中心", day("2026-03-16"), day("2026-03-16")},
                            {"past", "昨日", "已过", "", {}, day("2026-03-15")},
                            {"next", "明日", "未到", "", day("2026-03-17"), {}}};
  const auto at_nine = house.get("/api/v1/catalogue", "screen").json();
  CHECK(at_nine.at("windows").at(1).at("first_inquiry").as_bool());
  CHECK(at_nine.at("windows").at(1).at("duty_staff").as_string() == "1024");
  CHECK(at_nine.at("agencies") ==
        json::array{
            {{"id", "survey"}, {"name", "测绘机构"}, {"licence", "乙级"}, {"promised_limit", "5个工作日"}}});
  CHECK(at_nine.at("staff").at(0).at("name").is_null());
  CHECK(at_nine.at("staff").at(0).at("title").as_string() == "首问责任人");
  CHECK(at_nine.at("staff").at(1).at("name").as_string() == "工作人员");
  CHECK(at_nine.at("staff").at(1).at("photo_ref").as_string() == "badges/1045.png");
  REQUIRE(at_nine.at("notices").as_array().size() == 2);
  CHECK(at_nine.at("notices").at(1).at("id").as_string() == "today");
  CHECK(at_nine.at("notices").at(1).at("text").as_string() == "停电");
  house.backend.pass(24 * 3600);
  const auto tomorrow = house.get("/api/v1/catalogue", "screen").json();
  REQUIRE(tomorrow.at("notices").as_array().size() == 2);
  CHECK(tomorrow.at("notices").at(1).at("id").as_string() == "next");
  CHECK(tomorrow.at("data_version") != at_nine.at("data_version"));
}
