#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "daemon/hall/state.hpp"
#include "daemon/journal/journal.hpp"

using namespace lobby;
using journal::from_json;
using journal::to_line;

namespace {

struct Example {
  hall::Event event;
  std::string json;
};

const hall::Instant nine{1795395931123, 480};  // 2026-11-23T09:05:31.123+08:00

hall::AboutTicket ticket_17() {
  return {{17}, "A017", {"social-security"}};
}
hall::AboutTicketAtWindow ticket_17_at(const char* window) {
  return {ticket_17(), {window}};
}

Example example(std::uint64_t seq, hall::Body body, const std::string& type_and_fields,
                const std::string& by = "") {
  return {hall::Event{seq, nine, by, std::move(body)}, "{\"seq\":" + std::to_string(seq) +
                                                           ",\"at\":\"2026-11-23T09:05:31.123+08:00\"," +
                                                           type_and_fields + "}"};
}

#define TICKET R"("ticket":17,"number":"A017","service":"social-security")"

std::vector<Example> evaluation_examples() {
  std::vector<Example> all;
  const hall::AboutEvaluation third{{3}};
  const hall::AboutCamera camera{third, {"c1"}};
#define THIRD R"("evaluation":3)"
#define CAMERA R"("evaluation":3,"camera":"c1")"
#define NINE R"("2026-11-23T09:05:31.123+08:00")"
  hall::EvaluationPlanned planned{third, {"r1"}, hall::RoomUse::evaluation, "P-1", "道路", "", "15y"};
  planned.planned_at = nine;
  planned.cameras = {{"c1"}, {"c2"}};
  all.push_back(example(60, planned,
                        R"("type":"EvaluationPlanned","by":"wang",)" THIRD
                        R"(,"room":"r1","kind":"evaluation","project_no":"P-1","project_name":"道路",)"
                        R"("retention_class":"15y","planned_at":)" NINE R"(,"cameras":["c1","c2"])",
                        "wang"));
  all.push_back(example(61, hall::EvaluationOpened{third, {"r1"}},
                        R"("type":"EvaluationOpened",)" THIRD R"(,"room":"r1")"));
  all.push_back(example(62, hall::RecordingRequested{camera, nine, "0"},
                        R"("type":"RecordingRequested",)" CAMERA R"(,"since":)" NINE R"(,"previous":"0")"));
  all.push_back(example(63, hall::RecordingVerified{camera, nine},
                        R"("type":"RecordingVerified",)" CAMERA R"(,"proof":)" NINE));
  all.push_back(example(64, hall::RecordingMissing{camera, nine, "timeout", "late"},
                        R"("type":"RecordingMissing",)" CAMERA R"(,"since":)" NINE
                        R"(,"fault":"timeout","reason":"late")"));
  all.push_back(example(65, hall::RecordingGap{camera, nine, nine, hall::GapCause::unwatched},
                        R"("type":"RecordingGap",)" CAMERA R"(,"from":)" NINE R"(,"to":)" NINE
                        R"(,"cause":"unwatched")"));
  all.push_back(example(66, hall::AlarmRaised{{third, {}}, {5}, hall::AlarmKind::evidence, "disk full"},
                        R"("type":"AlarmRaised",)" THIRD
                        R"(,"alarm":5,"kind":"evidence","reason":"disk full")"));
  all.push_back(example(67, hall::AlarmAcknowledged{third, {5}},
                        R"("type":"AlarmAcknowledged","by":"li",)" THIRD R"(,"alarm":5)", "li"));
  all.push_back(example(68, hall::EvaluationUnwitnessed{third, "dead"},
                        R"("type":"EvaluationUnwitnessed","by":"li",)" THIRD R"(,"reason":"dead")", "li"));
  all.push_back(
      example(69, hall::EvaluationInterrupted{camera}, R"("type":"EvaluationInterrupted",)" CAMERA));
  all.push_back(
      example(70, hall::EvaluationStopped{third}, R"("type":"EvaluationStopped","by":"li",)" THIRD, "li"));
  all.push_back(example(71, hall::EvaluationClosed{third, "ff"},
                        R"("type":"EvaluationClosed",)" THIRD R"(,"head":"ff")"));
  hall::Evaluation open;
  static_cast<hall::EvaluationPlanned&>(open) = planned;
  open.planned_at.reset();
  open.cameras = {{"c1"}};
  open.stage = hall::EvaluationStage::interrupted;
  open.planned_by = open.opened_by = "wang";
  open.opened_at = nine;
  open.watch = {{{"c1"}, hall::CameraStage::missing, nine, nine, "0"}};
  open.alarms = {{{5}, {"c1"}, hall::AlarmKind::recording, "late", nine, "li", nine}};
  hall::DayOpened day{{20780}, {18}};
  day.next_evaluation = hall::EvaluationId{4};
  day.next_alarm = hall::AlarmId{6};
  day.evaluations = {open};
  all.push_back(example(
      72, day,
      R"("type":"DayOpened","date":"2026-11-23","next_ticket":18,"next_evaluation":4,"next_alarm":6,)"
      R"("evaluations":[{"evaluation":3,"room":"r1","kind":"evaluation","project_no":"P-1",)"
      R"("project_name":"道路","retention_class":"15y","cameras":["c1"],"stage":"interrupted",)"
      R"("planned_by":"wang","opened_by":"wang","opened_at":)" NINE
      R"(,"watch":[{"camera":"c1","stage":"missing","since":)" NINE R"(,"ordered":)" NINE
      R"(,"previous":"0"}],"alarms":[{"alarm":5,"camera":"c1","kind":"recording","reason":"late","at":)" NINE
      R"(,"acknowledged_by":"li","acknowledged_at":)" NINE R"(}]}])"));
  return all;
}

std::vector<Example> ticket_examples() {
  std::vector<Example> all;
  hall::TicketIssued issued{
      ticket_17(), "A", 17, hall::Lane::elderly, 4, hall::KioskId{"k1"}, hall::DeviceId{"printer-1"}, "zh"};
  all.push_back(example(1, issued,
                        R"("type":"TicketIssued","by":"kiosk-1",)" TICKET
                        R"(,"prefix":"A","n":17,"lane":"elderly","ahead":4,"kiosk":"k1",)"
                        R"("printer":"printer-1","language":"zh")",
                        "kiosk-1"));
  all.push_back(example(2, hall::TicketIssued{ticket_17(), "", 3, hall::Lane::ordinary, 0, {}, {}, ""},
                        R"("type":"TicketIssued",)" TICKET R"(,"n":3,"lane":"ordinary","ahead":0)"));
  const hall::AboutPrint print{ticket_17(), {"printer-1"}, ""};
  const hall::AboutPrint no_paper{ticket_17(), {"printer-1"}, "缺纸"};
  all.push_back(example(3, hall::TicketPrintStarted{print},
                        R"("type":"TicketPrintStarted",)" TICKET R"(,"printer":"printer-1")"));
  all.push_back(example(4, hall::TicketPrinted{print},
                        R"("type":"TicketPrinted",)" TICKET R"(,"printer":"printer-1")"));
  all.push_back(
      example(5, hall::TicketSent{print}, R"("type":"TicketSent",)" TICKET R"(,"printer":"printer-1")"));
  all.push_back(example(6, hall::TicketUnprinted{no_paper},
                        R"("type":"TicketUnprinted",)" TICKET R"(,"printer":"printer-1","reason":"缺纸")"));
  all.push_back(example(7, hall::TicketPrintUnknown{no_paper},
                        R"("type":"TicketPrintUnknown",)" TICKET
                        R"(,"printer":"printer-1","reason":"缺纸")"));
  all.push_back(example(
      8, hall::TicketReprinted{print, 2},
      R"("type":"TicketReprinted","by":"clerk-3",)" TICKET R"(,"printer":"printer-1","copy":2)", "clerk-3"));
  all.push_back(
      example(8, hall::TicketTaken{print}, R"("type":"TicketTaken",)" TICKET R"(,"printer":"printer-1")"));
  all.push_back(example(8, hall::TicketRetracted{print, true},
                        R"("type":"TicketRetracted",)" TICKET
                        R"(,"printer":"printer-1","passed_over":true)"));
  all.push_back(example(9, hall::TicketCalled{ticket_17_at("w3")},
                        R"("type":"TicketCalled",)" TICKET R"(,"window":"w3")"));
  all.push_back(example(10, hall::TicketRecalled{ticket_17_at("w3"), 2},
                        R"("type":"TicketRecalled",)" TICKET R"(,"window":"w3","times":2)"));
  all.push_back(example(11, hall::CallShown{ticket_17_at("w3"), 9, {"unit-3"}},
                        R"("type":"CallShown",)" TICKET R"(,"window":"w3","call":9,"device":"unit-3")"));
  all.push_back(example(12, hall::ServiceStarted{ticket_17_at("w3")},
                        R"("type":"ServiceStarted",)" TICKET R"(,"window":"w3")"));
  all.push_back(example(
      13, hall::ServiceFinished{ticket_17_at("w3"), hall::Outcome::transferred, "51068220260001", "T-9"},
      R"("type":"ServiceFinished",)" TICKET
      R"(,"window":"w3","outcome":"transferred","case_no":"51068220260001","notice_slip_no":"T-9")"));
  all.push_back(example(14, hall::TicketNoShow{ticket_17_at("w3"), ""},
                        R"("type":"TicketNoShow",)" TICKET R"(,"window":"w3")"));
  all.push_back(example(15, hall::TicketCancelled{ticket_17()}, R"("type":"TicketCancelled",)" TICKET));
  all.push_back(example(16, hall::TicketExpired{ticket_17(), {}}, R"("type":"TicketExpired",)" TICKET));
  all.push_back(example(17, hall::TicketExpired{ticket_17(), hall::WindowId{"w3"}},
                        R"("type":"TicketExpired",)" TICKET R"(,"window":"w3")"));
  return all;
}

std::vector<Example> serving_examples() {
  std::vector<Example> all;
  all.push_back(example(28, hall::TicketHeld{ticket_17_at("w3"), hall::HoldKind::with_papers},
                        R"("type":"TicketHeld",)" TICKET R"(,"window":"w3","kind":"with_papers")"));
  all.push_back(example(29, hall::TicketResumed{ticket_17_at("w3")},
                        R"("type":"TicketResumed",)" TICKET R"(,"window":"w3")"));
  hall::TicketTransferred moved;
  static_cast<hall::AboutTicketAtWindow&>(moved) = ticket_17_at("w3");
  moved.to_window = hall::WindowId{"w4"};
  moved.place = hall::QueuePlace::keep;
  moved.queued_at = nine;
  all.push_back(example(30, moved,
                        R"("type":"TicketTransferred",)" TICKET
                        R"(,"window":"w3","to_window":"w4","place":"keep",)"
                        R"("queued_at":"2026-11-23T09:05:31.123+08:00")"));
  all.push_back(example(31, hall::TicketReinstated{ticket_17(), nine},
                        R"("type":"TicketReinstated",)" TICKET
                        R"(,"queued_at":"2026-11-23T09:05:31.123+08:00")"));
  all.push_back(example(
      32, hall::ServiceRated{ticket_17_at("w3"), hall::Score::poor, hall::RatedVia::qr, {"li-si"}},
      R"("type":"ServiceRated",)" TICKET R"(,"window":"w3","score":"poor","via":"qr","clerk":"li-si")"));
  auto called = hall::TicketCalled{ticket_17_at("w3")};
  called.round = {2, 0};
  all.push_back(example(33, called, R"("type":"TicketCalled",)" TICKET R"(,"window":"w3","round":[2,0])"));
  return all;
}

std::vector<Example> people_examples() {
  std::vector<Example> all;
  const hall::Appointment booked{{5}, "12345678", {"real-estate"}, {20780}, 570, {77}, true};
  all.push_back(
      example(34, hall::AppointmentBooked{booked},
              R"("type":"AppointmentBooked","appointment":5,"code":"12345678","service":"real-estate",)"
              R"("date":"2026-11-23","minute":570,"applicant":77,"used":true)"));
  all.push_back(
      example(35, hall::AppointmentCancelled{{5}}, R"("type":"AppointmentCancelled","appointment":5)"));
  all.push_back(example(36, hall::ApplicantBlocked{{{77}, {20780}}},
                        R"("type":"ApplicantBlocked","applicant":77,"until":"2026-11-23")"));
  all.push_back(
      example(37, hall::TenantReported{{"water"}, 4, "X7", "3"},
              R"("type":"TenantReported","service":"water","waiting":4,"called":"X7","at_window":"3")"));
  for (auto& one : evaluation_examples()) {
    all.push_back(std::move(one));
  }
  hall::DayOpened day{{20780}, {18}};
  day.next_appointment = hall::AppointmentId{6};
  day.appointments = {booked, {{6}, "87654321", {"s"}, {20780}, 0, {}, false}};
  day.notices = {{"N-1", {"s"}, {20780}}};
  day.blocks = {{{77}, {20780}}};
  all.push_back(example(
      38, day,
      R"("type":"DayOpened","date":"2026-11-23","next_ticket":18,"next_appointment":6,"appointments":)"
      R"([{"appointment":5,"code":"12345678","service":"real-estate","date":"2026-11-23","minute":570,)"
      R"("applicant":77,"used":true},{"appointment":6,"code":"87654321","service":"s","date":"2026-11-23",)"
      R"("minute":0}],"notices":[{"slip_no":"N-1","service":"s","until":"2026-11-23"}],)"
      R"("blocks":[{"applicant":77,"until":"2026-11-23"}])"));
  return all;
}

std::vector<Example> board_examples() {
  std::vector<Example> all;
  const hall::Instant until{1795397400000, 480};
  const hall::AboutText text{{4}, {"board-a"}, "大厅“3号”窗口", until};
  const std::string said =
      R"("draft":4,"board":"board-a","text":"大厅“3号”窗口","until":"2026-11-23T09:30:00.000+08:00")";
  all.push_back(example(40, hall::TextDrafted{text}, R"("type":"TextDrafted",)" + said));
  all.push_back(example(41, hall::TextApproved{text, "chief"},
                        R"("type":"TextApproved",)" + said + R"(,"drafted_by":"chief")"));
  all.push_back(example(42, hall::TextWithdrawn{{4}, {"board-a"}},
                        R"("type":"TextWithdrawn","draft":4,"board":"board-a")"));
  all.push_back(example(43, hall::EmergencyShown{"请有序撤离", {{"a"}, {"b"}}},
                        R"("type":"EmergencyShown","text":"请有序撤离","zones":["a","b"])"));
  all.push_back(
      example(44, hall::EmergencyShown{"请有序撤离", {}}, R"("type":"EmergencyShown","text":"请有序撤离")"));
  all.push_back(example(45, hall::EmergencyCleared{}, R"("type":"EmergencyCleared")"));
  all.push_back(example(
      46, hall::BoardPublished{7, {{"board-a"}, {"board-b"}}, {"cases", "texts"}},
      R"("type":"BoardPublished","publication":7,"boards":["board-a","board-b"],"sources":["cases","texts"])"));
  all.push_back(example(48, hall::BoardChecked{{"board-a"}}, R"("type":"BoardChecked","board":"board-a")"));
  all.push_back(example(49, hall::CatalogueChanged{"cbf29ce484222325"},
                        R"("type":"CatalogueChanged","mark":"cbf29ce484222325")"));
  hall::DayOpened day{{20780}, {18}};
  day.catalogue = hall::CatalogueWatch{"cbf29ce484222325", until, {}, {{{"board-a"}, "chief", until}}};
  day.next_draft = hall::DraftId{6};
  day.texts = {{text, "chief", ""}, {{{5}, {"b"}, "t", until}, "chief", "deputy", until}};
  day.emergency = hall::Emergency{"请有序撤离", {{"a"}}, "chief", until};
  day.publications = 7;
  all.push_back(
      example(47, day,
              R"("type":"DayOpened","date":"2026-11-23","next_ticket":18,"next_draft":6,"texts":[{)" + said +
                  R"(,"by":"chief"},{"draft":5,"board":"b","text":"t",)"
                  R"("until":"2026-11-23T09:30:00.000+08:00","by":"chief","approved_by":"deputy",)"
                  R"("approved_at":"2026-11-23T09:30:00.000+08:00"}],)"
                  R"("emergency":{"text":"请有序撤离","zones":["a"],"by":"chief",)"
                  R"("since":"2026-11-23T09:30:00.000+08:00"},"publications":7,)"
                  R"("catalogue":{"mark":"cbf29ce484222325","site_moved":"2026-11-23T09:30:00.000+08:00",)"
                  R"("checks":[{"board":"board-a","by":"chief","at":"2026-11-23T09:30:00.000+08:00"}]})"));
  return all;
}

std::vector<Example> other_examples() {
  std::vector<Example> all;
  all.push_back(example(18, hall::WindowOpened{{{"w3"}}, {"zhang-san"}},
                        R"("type":"WindowOpened","window":"w3","clerk":"zhang-san")"));
  all.push_back(example(19, hall::WindowClosed{{{"w3"}}}, R"("type":"WindowClosed","window":"w3")"));
  all.push_back(example(
      20, hall::WindowPaused{{{"w3"}}, "meeting", "暂停服务\n\"请稍候\"", hall::Instant{1795397400000, 480}},
      R"("type":"WindowPaused","window":"w3","reason":"meeting","message":"暂停服务\n\"请稍候\"",)"
      R"("back_at":"2026-11-23T09:30:00.000+08:00")"));
  all.push_back(example(21, hall::WindowResumed{{{"w3"}}}, R"("type":"WindowResumed","window":"w3")"));
  all.push_back(example(21, hall::HelpCalled{{{"w3"}}}, R"("type":"HelpCalled","window":"w3")"));
  all.push_back(example(21, hall::HelpEnded{{{"w3"}}}, R"("type":"HelpEnded","window":"w3")"));
  all.push_back(example(22, hall::DayOpened{{20780}, {18}},
                        R"("type":"DayOpened","date":"2026-11-23","next_ticket":18)"));
  all.push_back(
      example(23, hall::DayClosed{{20780}, 40, 35, 3, 2},
              R"("type":"DayClosed","date":"2026-11-23","issued":40,"finished":35,"no_show":3,"expired":2)"));
  all.push_back(example(24, hall::ApprovalsAdvanced{{{"approvals"}, 7, 86, 2, 1, 4000000000U}},
                        R"("type":"ApprovalsAdvanced","feed":"approvals","version":7,"added":86,"changed":2,)"
                        R"("removed":1,"total":4000000000)"));
  all.push_back(example(24, hall::BidsAdvanced{{{"approvals"}, 8, 3, 0, 0, 3}},
                        R"("type":"BidsAdvanced","feed":"approvals","version":8,"added":3,"changed":0,)"
                        R"("removed":0,"total":3)"));
  all.push_back(example(24, hall::CatalogueAdvanced{{{"approvals"}, 9, 0, 1, 0, 40}, "matters"},
                        R"("type":"CatalogueAdvanced","feed":"approvals","version":9,"added":0,"changed":1,)"
                        R"("removed":0,"total":40,"what":"matters")"));
  all.push_back(example(
      25, hall::DeviceChanged{{"printer-1"}, hall::DeviceKind::printer, hall::DeviceState::gone, "断开", {}},
      R"("type":"DeviceChanged","device":"printer-1","kind":"printer","state":"gone","reason":"断开")"));
  all.push_back(
      example(26,
              hall::DeviceChanged{
                  {"printer-1"}, hall::DeviceKind::printer, hall::DeviceState::degraded, "paper out", true},
              R"("type":"DeviceChanged","device":"printer-1","kind":"printer","state":"degraded",)"
              R"("reason":"paper out","blocked":true)"));
  for (auto& more : people_examples()) {
    all.push_back(std::move(more));
  }
  for (auto& more : board_examples()) {
    all.push_back(std::move(more));
  }
  all.push_back(example(27, hall::AccountChanged{"clerk-3", "added"},
                        R"("type":"AccountChanged","account":"clerk-3","change":"added")"));
  return all;
}

std::vector<Example> examples() {
  auto all = ticket_examples();
  for (auto& more : serving_examples()) {
    all.push_back(std::move(more));
  }
  for (auto& more : other_examples()) {
    all.push_back(std::move(more));
  }
  return all;
}

}  // namespace

TEST_CASE("an event's line is the contract's, and reads back as the same event") {
  std::set<std::size_t> kinds;
  for (const auto& [event, json] : examples()) {
    const auto line = to_line(event);
    CHECK(line.json == json);
    CHECK(line.seq == event.seq);
    CHECK(line.at_ms == 1795395931123);
    const auto back = from_json(json);
    REQUIRE_MESSAGE(back, json);
    CHECK(back->body.index() == event.body.index());
    CHECK(back->at.offset_min == 480);
    CHECK(to_line(*back).json == json);
    kinds.insert(event.body.index());
  }
  CHECK(kinds.size() == std::variant_size_v<hall::Body>);  // an event without an example fails here
}

TEST_CASE("a line tells readers which ticket and window it is about") {
  for (const auto& [event, json] : examples()) {
    const auto line = to_line(event);
    CHECK_MESSAGE(line.ticket == (json.find(R"("ticket":17)") == std::string::npos ? 0 : 17), json);
    CHECK_MESSAGE(line.window == (json.find(R"("window":"w3")") == std::string::npos ? "" : "w3"), json);
    CHECK_MESSAGE(json.find("\"type\":\"" + line.type + "\"") != std::string::npos, json);
  }
}

TEST_CASE("text of any bytes makes one line of valid JSON") {
  const auto message_of = [](const std::string& message) {
    const hall::Event event{1, nine, "", hall::WindowPaused{{{"w3"}}, "", message, {}}};
    const auto json = to_line(event).json;
    const auto at = json.find("\"message\":");
    return at == std::string::npos ? std::string{} : json.substr(at + 10, json.size() - at - 11);
  };
  CHECK(message_of("a\tb\r\n\x01\x1f\x7f/\\\"") == "\"a\\tb\\r\\n\\u0001\\u001f\x7f/\\\\\\\"\"");
  CHECK(message_of("𠮷 ḿ 鿴") == "\"𠮷 ḿ 鿴\"");
  const std::string bad = "\xef\xbf\xbd";
  CHECK(message_of("\xff") == "\"" + bad + "\"");
  CHECK(message_of("a\xe4\xb8") == "\"a" + bad + bad + "\"");                    // cut off
  CHECK(message_of("\xc0\xaf") == "\"" + bad + bad + "\"");                      // too long a form
  CHECK(message_of("\xe0\x80\x80") == "\"" + bad + bad + bad + "\"");            // the same
  CHECK(message_of("\xed\xa0\x80") == "\"" + bad + bad + bad + "\"");            // half of a pair
  CHECK(message_of("\xf4\x90\x80\x80") == "\"" + bad + bad + bad + bad + "\"");  // beyond Unicode
  CHECK(message_of(std::string{"\0x", 2}) == "\"\\u0000x\"");
  for (int c = 0; c < 256; ++c) {
    const hall::Event event{1, nine, std::string(3, static_cast<char>(c)), hall::AccountChanged{"a", "b"}};
    const auto line = to_line(event).json;
    REQUIRE(from_json(line));
    CHECK(line.find('\n') == std::string::npos);
  }
}

TEST_CASE("what no event's line is, is refused") {
  const std::string head = R"({"seq":1,"at":"2026-11-23T09:05:31.123+08:00",)";
  const std::vector<std::string> wrong{
      "",
      "null",
      "[]",
      "{}",
      head,
      head + R"("type":"TicketVanished"})",
      head + R"("type":"WindowClosed"})"
             "x",
      head + R"("type":"WindowClosed","window":3})",
      head + R"("type":"WindowClosed","window":"w3","colour":"red"})",
      head + R"("type":"WindowClosed","window":{"id":"w3"}})",
      head + R"("type":"TicketCancelled","ticket":-1,"number":"A1","service":"s"})",
      head + R"("type":"TicketCancelled","ticket":1.0,"number":"A1","service":"s"})",
      head + R"("type":"TicketCancelled","ticket":"1","number":"A1","service":"s"})",
      head + R"("type":"TicketCancelled","number":"A1","service":"s"})",
      head + R"("type":"TicketCancelled","ticket":18446744073709551616,"number":"A1","service":"s"})",
      head + R"("type":"DayOpened","date":"2026-02-30","next_ticket":1})",
      head +
          R"("type":"DayClosed","date":"2026-11-23","issued":4294967296,"finished":0,"no_show":0,"expired":0})",
      head + R"("type":"DeviceChanged","device":"p","kind":"toaster","state":"ok"})",
      head + R"("type":"DeviceChanged","device":"p","kind":"printer","state":"ok","blocked":1})",
      R"({"seq":1,"at":"yesterday","type":"WindowClosed","window":"w3"})",
      R"({"at":"2026-11-23T09:05:31.123+08:00","type":"WindowClosed","window":"w3"})",
      head + R"("type":"AccountChanged","account":")" + std::string(33 * 1024 * 1024, 'a') +
          R"(","change":"added"})",
      std::string(10000, '['),
  };
  for (const auto& json : wrong) {
    CHECK_MESSAGE(!from_json(json), json.substr(0, 200));
  }
}

TEST_CASE("the fullest morning is read again") {
  hall::DayOpened body;
  body.date = {20'000};
  body.next_ticket = {18446744073709551614ULL};
  const hall::ServiceId service{std::string(64, 's')};
  for (std::size_t i = 0; i < hall::most_appointments; ++i) {
    body.appointments.push_back(
        {{18446744073709551614ULL}, "123456", service, {20'001}, 1439, {18446744073709551615ULL}, false});
  }
  for (std::size_t i = 0; i < hall::most_notices; ++i) {
    body.notices.push_back(
        {std::string(64, 'n'), service, {20'010}, hall::TicketId{18446744073709551614ULL}});
  }
  for (std::size_t i = 0; i < hall::most_blocks; ++i) {
    body.blocks.push_back({{18446744073709551615ULL}, {20'100}});
  }
  for (std::size_t i = 0; i < 1000; ++i) {
    body.paces.push_back({service, 4294967295U});
  }
  body.gap_ms = 4294967295U;
  const auto back = from_json(to_line(hall::Event{7, nine, "", body}).json);
  REQUIRE(back.has_value());
  const auto& opened = std::get<hall::DayOpened>(back->body);
  CHECK(opened.appointments == body.appointments);
  CHECK(opened.notices == body.notices);
  CHECK(opened.blocks == body.blocks);
  CHECK(opened.paces == body.paces);
  CHECK(opened.gap_ms == body.gap_ms);
}

TEST_CASE("numbers keep their full width") {
  const hall::Event event{18446744073709551615ULL, nine, "",
                          hall::ApprovalsAdvanced{{{"f"}, 18446744073709551615ULL, 4294967295U, 0, 0, 0}}};
  const auto back = from_json(to_line(event).json);
  REQUIRE(back);
  CHECK(back->seq == 18446744073709551615ULL);
  CHECK(std::get<hall::ApprovalsAdvanced>(back->body).version == 18446744073709551615ULL);
  CHECK(std::get<hall::ApprovalsAdvanced>(back->body).added == 4294967295U);
}
