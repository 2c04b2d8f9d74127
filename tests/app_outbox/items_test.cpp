// What leaves the house about tickets, windows and grades, and what does not.
#include "daemon/app/outbox_items.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "tests/fakes/memory_desk.hpp"

namespace {

using namespace lobby;
namespace json = boost::json;
using What = app::OutboxSite::What;

struct House {
  House() {
    site.windows[0].number = 3;
    site.catalogue.staff = {{"1024", "张三丰", "科员", "窗口", ""}};
    events.node = ratings.node = "north";
    ratings.what = What::ratings;
    ratings.grades = {"5", "4", "3", "2", "1"};
  }
  std::string text(const app::OutboxSite& outbox, hall::Body body,
                   const std::optional<hall::ServiceFinished>& finished = {}) const {
    const hall::Event event{4711, {1773622800000, 480}, "clerk-3", std::move(body)};
    const auto item = app::outbox_item(outbox, site, event, finished);
    REQUIRE(item);
    CHECK(item->id == "north-4711");
    return item->json;
  }
  hall::Site site = fakes::small_site();
  app::OutboxSite events, ratings;
};

template <class Body>
Body at_window() {
  Body body;
  body.ticket = {9};
  body.number = "A017";
  body.service = {"s1"};
  body.window = {"w1"};
  return body;
}

TEST_CASE("a ticket that was issued, without anything of whom it belongs to") {
  const House house;
  hall::TicketIssued issued;
  issued.ticket = {9};
  issued.number = "A017";
  issued.service = {"s1"};
  issued.prefix = "A";
  issued.n = 17;
  issued.lane = hall::Lane::elderly;
  issued.ahead = 4;
  issued.kiosk = hall::KioskId{"k1"};
  issued.applicant = {0x1234567890abcdef};
  issued.granted_by = "李主任";
  issued.case_tail = "0123";
  issued.language = "zh";
  CHECK(house.text(house.events, issued) ==
        R"({"id":"north-4711","node":"north","seq":4711,"at":"2026-03-16T09:00:00.000+08:00",)"
        R"("type":"TicketIssued","ticketNo":"A017","ticketId":9,"service":"s1","serviceName":"不动产登记",)"
        R"("lane":"elderly","ahead":4,"kiosk":"k1"})");
}

TEST_CASE("a service that was finished carries outcome, case and times") {
  const House house;
  auto finished = at_window<hall::ServiceFinished>();
  finished.outcome = hall::Outcome::notified;
  finished.case_no = "510682-2026-0001";
  finished.notice_slip_no = "N7";
  finished.clerk = {"1024"};
  finished.waited_s = 0;
  finished.served_s = 240;
  CHECK(house.text(house.events, finished) ==
        R"({"id":"north-4711","node":"north","seq":4711,"at":"2026-03-16T09:00:00.000+08:00",)"
        R"("type":"ServiceFinished","ticketNo":"A017","ticketId":9,"service":"s1",)"
        R"("serviceName":"不动产登记","window":"w1","windowNo":3,"outcome":"notified",)"
        R"("caseNo":"510682-2026-0001","noticeSlipNo":"N7","clerk":"1024","waitedSeconds":0,)"
        R"("servedSeconds":240})");
}

TEST_CASE("a case number that is a number of a person stays in the house") {
  const House house;
  auto finished = at_window<hall::ServiceFinished>();
  for (const auto* number : {"510682198001012344", "13800001234"}) {
    finished.case_no = number;
    CHECK(house.text(house.events, finished).find("caseNo") == std::string::npos);
    CHECK(house.text(house.ratings, at_window<hall::ServiceRated>(), finished).find("caseNo") ==
          std::string::npos);
  }
}

TEST_CASE("what somebody typed stays in the house") {
  const House house;
  auto no_show = at_window<hall::TicketNoShow>();
  no_show.reason = "张三没来";
  hall::WindowPaused paused;
  paused.window = {"w1"};
  paused.reason = "王主任开会";
  paused.message = "请到李四窗口";
  paused.back_at = hall::Instant{1773624600000, 480};
  CHECK(house.text(house.events, no_show).find("张三") == std::string::npos);
  CHECK(house.text(house.events, paused) ==
        R"({"id":"north-4711","node":"north","seq":4711,"at":"2026-03-16T09:00:00.000+08:00",)"
        R"("type":"WindowPaused","window":"w1","windowNo":3,"backAt":"2026-03-16T09:30:00.000+08:00"})");
}

TEST_CASE("a service without a ticket, and a window that the site has no more") {
  House house;
  auto started = at_window<hall::ServiceStarted>();
  started.ticket = {};
  started.number = "";
  started.window = {"gone"};
  started.service = {"gone"};
  CHECK(house.text(house.events, started) ==
        R"({"id":"north-4711","node":"north","seq":4711,"at":"2026-03-16T09:00:00.000+08:00",)"
        R"("type":"ServiceStarted","service":"gone","window":"gone"})");
}

TEST_CASE("a clerk is a number to others, never a name") {
  House house;
  const auto known = [&](const std::string& clerk) { return app::clerk_number(house.site, {clerk}); };
  CHECK(known("1024") == "1024");
  CHECK(known("1025").empty());  // not of this hall's staff
  CHECK(known("张三丰").empty());
  house.site.catalogue.staff.clear();
  CHECK(known("1025") == "1025");
  CHECK(known("clerk-3") == "clerk-3");
  CHECK(known("zhangsan").empty());
  CHECK(known("张三3").empty());
  CHECK(known("").empty());
  hall::WindowOpened opened{{{"w1"}}, {"zhangsan"}, {"clerk-3"}};
  const auto text = house.text(house.events, opened);
  CHECK(text.find("zhangsan") == std::string::npos);
  CHECK(text.find(R"("tookOverFrom":"clerk-3")") != std::string::npos);
}

TEST_CASE("what is for whom") {
  for (const auto* type :
       {"TicketIssued", "TicketCalled", "TicketRecalled", "ServiceStarted", "ServiceFinished", "TicketNoShow",
        "TicketHeld", "TicketResumed", "TicketTransferred", "TicketReinstated", "TicketCancelled",
        "TicketExpired", "WindowOpened", "WindowClosed", "WindowPaused", "WindowResumed"}) {
    CAPTURE(type);
    CHECK(app::is_for(What::queue_events, type));
    CHECK_FALSE(app::is_for(What::ratings, type));
  }
  CHECK(app::is_for(What::ratings, "ServiceRated"));
  // A device that is out of order, above all the outbox's own, must not make work for the outbox.
  for (const auto* type : {"DeviceChanged", "AccountChanged", "ApprovalsAdvanced", "DayOpened", "CallShown",
                           "TicketPrinted", "AppointmentBooked", "ApplicantBlocked", "ServiceRated", ""}) {
    CAPTURE(type);
    CHECK_FALSE(app::is_for(What::queue_events, type));
  }
}

TEST_CASE("every kind of event can be sent") {
  const House house;
  for (const hall::Body& body : std::vector<hall::Body>{
           at_window<hall::TicketCalled>(), at_window<hall::TicketRecalled>(), at_window<hall::TicketHeld>(),
           at_window<hall::TicketResumed>(), at_window<hall::TicketTransferred>(), hall::TicketReinstated{},
           hall::TicketCancelled{}, hall::TicketExpired{}, hall::WindowClosed{}, hall::WindowResumed{}}) {
    const auto value = json::parse(house.text(house.events, body)).as_object();
    CHECK(value.at("seq") == 4711);
  }
  auto held = at_window<hall::TicketHeld>();
  held.kind = hall::HoldKind::with_papers;
  CHECK(house.text(house.events, held).find(R"("holdKind":"with_papers")") != std::string::npos);
}

TEST_CASE("a grade goes out by the target's own code, in its direction") {
  House house;
  auto rated = at_window<hall::ServiceRated>();
  rated.clerk = {"1024"};
  rated.score = hall::Score::very_good;
  auto finished = at_window<hall::ServiceFinished>();
  finished.outcome = hall::Outcome::on_spot;
  finished.case_no = "510682-2026-0001";
  CHECK(house.text(house.ratings, rated, finished) ==
        R"({"id":"north-4711","node":"north","seq":4711,"at":"2026-03-16T09:00:00.000+08:00",)"
        R"("type":"ServiceRated","ticketNo":"A017","ticketId":9,"service":"s1","serviceName":"不动产登记",)"
        R"("window":"w1","windowNo":3,"clerk":"1024","caseNo":"510682-2026-0001","score":"5","stage":2})");
  const auto codes = [&] {
    std::string text;
    for (const auto score : {hall::Score::very_good, hall::Score::good, hall::Score::fair, hall::Score::poor,
                             hall::Score::very_poor}) {
      rated.score = score;
      text += json::parse(house.text(house.ratings, rated)).as_object().at("score").as_string().c_str();
    }
    return text;
  };
  CHECK(codes() == "54321");
  house.ratings.grades = {"0", "1", "2", "4", "5"};
  CHECK(codes() == "01245");
}

TEST_CASE("the stage of a grade follows from how the service ended") {
  const House house;
  const auto rated = at_window<hall::ServiceRated>();
  const auto stage = [&](const std::optional<hall::ServiceFinished>& finished) {
    return json::parse(house.text(house.ratings, rated, finished)).as_object().at("stage").as_int64();
  };
  CHECK(stage(std::nullopt) == 1);
  auto finished = at_window<hall::ServiceFinished>();
  for (const auto& [outcome, expected] :
       std::vector<std::pair<hall::Outcome, int>>{{hall::Outcome::on_spot, 2},
                                                  {hall::Outcome::delivered, 2},
                                                  {hall::Outcome::transferred, 1},
                                                  {hall::Outcome::referred, 1},
                                                  {hall::Outcome::notified, 1}}) {
    finished.outcome = outcome;
    CHECK(stage(finished) == expected);
  }
}

}  // namespace
