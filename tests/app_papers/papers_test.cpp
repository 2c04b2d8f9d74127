// What a ticket says is what the hall decided and what the site's rules are. The wording is that of the facts
// about tickets; the moments and numbers are set by hand.
#include "daemon/app/papers.hpp"

#include <doctest/doctest.h>

#include "tests/app_papers/shipped.hpp"
#include "tests/hall/a_hall.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::testing;
using hall::Lane;

struct House {
  hall::testing::Hall hall = hall::testing::an_open_hall();
  app::Papers papers = shipped_papers("[paper]\ncomplaint_phone = \"0838-110\"\nlink = \"http://h/t/\"\n");
  hall::Estimates estimates;
  bool is_estimated = false;

  display::TicketPaper paper(hall::TicketId id, const app::PaperCopy& copy = {}) const {
    const app::PaperSource from{hall.site, hall.state, papers, hall.now, is_estimated ? &estimates : nullptr};
    const auto* ticket = hall.state.find(id);
    REQUIRE(ticket != nullptr);
    return app::ticket_paper(from, *ticket, {"p1"}, copy, "tok3n");
  }
  std::string text(hall::TicketId id, const app::PaperCopy& copy = {}) const {
    return text_of(paper(id, copy), 48);
  }
};

}  // namespace

TEST_CASE("an ordinary ticket says where, what, how many and when") {
  House house;
  house.hall.site.hotline = "12345";
  house.hall.issue("social");
  const auto id = house.hall.issue("social", hall::KioskId{"k2"});
  std::string rule;
  for (int i = 0; i < 24; ++i) {
    rule += "─";
  }
  CHECK(house.text(id) ==
        "示范县政务服务中心\n北厅\n" + rule +
            "\nA002\n服务 social\n\n前面等候：1 人\n受理窗口：1、2 号\n取号时间：2026-11-23 09:30:00\n" +
            rule +
            "\n[QR http://h/t/tok3n]\n扫码查看排队进度\n请在等候区留意叫号和屏幕提示\n"
            "过号后60分钟内可到导服台恢复1次  恢复后优先叫号\n"
            "当日有效  投诉电话 0838-110  热线 12345\nNo.000002-k2\n");
}

TEST_CASE("without an address there is no symbol, and no invitation to scan it") {
  House house;
  house.papers.link.clear();
  const auto text = house.text(house.hall.issue("social"));
  CHECK_FALSE(says(text, "QR"));
  CHECK_FALSE(says(text, "扫码"));
}

TEST_CASE("the wait is told when it is known, and never too exactly") {
  House house;
  const auto id = house.hall.issue("social");
  CHECK_FALSE(says(house.text(id), "预计"));
  house.is_estimated = true;
  house.estimates.at = house.hall.now;
  for (const auto& [seconds, words] : {std::pair{0U, "约 1 分钟"}, std::pair{61U, "约 2 分钟"},
                                       std::pair{1200U, "约 20 分钟"}, std::pair{1201U, "约 25 分钟"}}) {
    house.estimates.waits = {{.ticket = id, .seconds = seconds}};
    CHECK(says(house.text(id), std::string("预计等候：") + words));
  }
  house.hall.must(hall::CallNext{.window = {"w1"}});
  CHECK_FALSE(says(house.text(id), "预计"));  // it waits no more
}

TEST_CASE("the no-show text is that of the hall's rule") {
  House house;
  const auto id = house.hall.issue("social");
  auto& rules = house.hall.site.rules;
  rules.reinstate_within_s = 1800;
  rules.reinstate_times = 2;
  rules.reinstate_place = hall::QueuePlace::tail;
  CHECK(says(house.text(id), "过号后30分钟内可到导服台恢复2次  恢复后排到队尾\n"));
  rules.reinstate_place = hall::QueuePlace::keep;
  CHECK(says(house.text(id), "过号后30分钟内可到导服台恢复2次\n恢复后按取号时间排队\n"));
  rules.reinstate_times = 0;
  CHECK(says(house.text(id), "过号作废，请重新取号\n"));
  CHECK_FALSE(says(house.text(id), "恢复"));
  rules.reinstate_times = 1;
  rules.reinstate_within_s = 59;  // less than can be promised
  CHECK(says(house.text(id), "过号作废，请重新取号\n"));
}

TEST_CASE("what the paper says of a no-show is what the hall then does") {
  House house;
  auto& rules = house.hall.site.rules;
  const auto id = house.hall.issue("social");
  for (const std::uint32_t times : {0U, 1U}) {
    rules.reinstate_times = times;
    const bool is_void = says(house.text(id), "过号作废");
    auto hall = house.hall;
    hall.must(hall::CallNext{.window = {"w1"}});
    hall.must(hall::MarkNoShow{.window = {"w1"}, .reason = {}});
    const auto refused = hall.refused(hall::ReinstateTicket{.ticket = id});
    CHECK(is_void == !refused.empty());
  }
}

TEST_CASE("a copy is marked, keeps the time of issue and the symbol, and says who asked") {
  House house;
  const auto id = house.hall.issue("social");
  house.hall.issue("social");
  house.hall.pass(600);
  CHECK_FALSE(says(house.text(id), "重打"));
  const auto text = house.text(id, {2, "1024"});
  CHECK(says(text, "重打 第2次\n2026-11-23 09:40:00  经办 1024\n"));
  CHECK(says(text, "取号时间：2026-11-23 09:30:00\n"));
  CHECK(says(text, "[QR http://h/t/tok3n]\n"));
  house.papers.copied_by = false;
  CHECK(says(house.text(id, {2, "1024"}), "重打 第2次\n2026-11-23 09:40:00\nA001\n"));
}

TEST_CASE("a copy tells how many wait now, and nothing once nobody does") {
  House house;
  house.hall.issue("social");
  const auto id = house.hall.issue("social");
  house.hall.must(hall::CallNext{.window = {"w1"}});
  CHECK(says(house.text(id), "前面等候：1 人"));
  CHECK(says(house.text(id, {1, ""}), "前面等候：0 人"));
  house.hall.must(hall::CallNext{.window = {"w2"}});
  CHECK_FALSE(says(house.text(id, {1, ""}), "前面等候"));
}

TEST_CASE("whoever goes first reads so, but not why") {
  House house;
  for (const auto& [lane, words] : {std::pair{Lane::green, "绿色通道"}, std::pair{Lane::disabled, "优先"},
                                    std::pair{Lane::elderly, "优先"}, std::pair{Lane::agent, "代办"}}) {
    auto command = hall::testing::an_issue("social");
    command.lane = lane;
    command.applicant = {7};
    if (lane == Lane::green) {
      command.green_type = 1;
      command.granted_by = {"c1"};
    }
    const auto id = *hall::ticket_of(house.hall.must(command).front());
    CHECK(says(house.text(id), std::string("\n") + words + "\n"));
    CHECK_FALSE(says(house.text(id), "残疾"));
  }
}

TEST_CASE("an appointment's time is on its ticket, unless it was missed") {
  House house;
  auto& service = house.hall.site.services[0];
  service.slots = {.hours = {{9 * 60, 12 * 60}}, .every_min = 30, .capacity = 4};
  auto book = hall::BookAppointment{.service = {"social"},
                                    .date = *hall::parse_date("2026-11-23"),
                                    .minute = 10 * 60,
                                    .applicant = {7},
                                    .code = "700001"};
  house.hall.must(book);
  book.code = "700002";
  book.applicant = {8};
  house.hall.must(book);
  auto command = hall::testing::an_issue("social");
  command.appointment = "700001";
  const auto early = *hall::ticket_of(house.hall.must(command).front());
  CHECK(says(house.text(early), "\n预约  10:00-10:30\n"));
  house.hall.state = *hall::decode(hall::encode(house.hall.state));  // over a restart
  CHECK(says(house.text(early), "\n预约  10:00-10:30\n"));
  house.hall.pass(75 * 60);
  command.appointment = "700002";
  const auto late = *hall::ticket_of(house.hall.must(command).front());
  CHECK_FALSE(says(house.text(late), "预约"));
  CHECK_FALSE(says(house.text(late), "10:00"));
}

TEST_CASE("English stands beside Chinese for who asked for it") {
  House house;
  house.hall.site.name_en = "Government Service Hall";
  house.hall.site.services[0].name_en = "Social insurance";
  auto command = hall::testing::an_issue("social");
  CHECK_FALSE(says(house.text(*hall::ticket_of(house.hall.must(command).front())), "Social"));
  command.language = "en-GB";
  const auto text = house.text(*hall::ticket_of(house.hall.must(command).front()));
  CHECK(says(text, "示范县政务服务中心\nGovernment Service Hall\n"));
  CHECK(says(text, "服务 social\nSocial insurance\n"));
  CHECK(says(text, "受理窗口：1、2 号\nWindows: 1, 2\n"));
  CHECK(says(text, "priority") == false);
}

TEST_CASE("windows in a row are a range, and only those that serve it are named") {
  House house;
  auto& windows = house.hall.site.windows;
  for (std::uint32_t n = 9; n >= 3; --n) {
    if (n != 7) {
      windows.push_back(hall::testing::a_window("x" + std::to_string(n), n, {{n == 6 ? "tax" : "social"}}));
    }
  }
  CHECK(says(house.text(house.hall.issue("social")), "受理窗口：1-5、8、9 号\n"));
  CHECK(says(house.text(house.hall.issue("tax")), "受理窗口：2、6 号\n"));
}

TEST_CASE("a site that ends tickets early says when") {
  House house;
  house.hall.site.rules.expire_at_min = 18 * 60 + 30;
  CHECK(says(house.text(house.hall.issue("social")), "当日有效  18:30 截止  投诉电话 0838-110"));
}
