// The slips beside the ticket.
#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/app/papers.hpp"
#include "daemon/app/slips.hpp"
#include "tests/app_papers/shipped.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"
#include "tests/hall/a_hall.hpp"

namespace {

using namespace lobby;
using namespace lobby::app::testing;
using namespace std::chrono_literals;

/// A hall with one printer that confirms nothing, at the end of a scripted wire.
struct Counter {
  Counter()
      : roster(
            [] {
              return hall::Instant{0, 480};
            },
            [](const hall::ReportDevice&) {}),
        printers(
            executor, {config()}, [this](const devices::PrinterConfig&) { return wire->make_link(); },
            roster),
        slips(printers, [this] {
          return app::PaperSource{hall.site, hall.state, papers, hall.now};
        }) {
    wire->up();
    executor.run_for(100ms);
  }
  static devices::PrinterConfig config() {
    devices::PrinterConfig made;
    made.id.value = "p1";
    made.profile.status = printer::Profile::Status::none;
    made.profile.cut = {0x1D, 0x56, 0x42, 0x00};
    return made;
  }
  /// Ended as notified, with the number of a slip.
  hall::TicketId notified() {
    const auto id = hall.issue("social");
    hall.must(hall::CallNext{.window = {"w2"}});
    hall.must(hall::StartService{.window = {"w2"}});
    hall::FinishService finish;
    finish.window = {"w2"};
    finish.outcome = hall::Outcome::notified;
    finish.notice_slip_no = "N-7";
    hall.must(finish);
    return id;
  }
  std::string ask(hall::TicketId ticket, std::optional<hall::DeviceId> where) {
    std::string answer;
    slips.notice(ticket, {"户口簿"}, where, [&](const auto& result) {
      const auto* refusal = std::get_if<hall::Refusal>(&result);
      answer = refusal != nullptr ? std::string(hall::to_text(refusal->code))
                                  : std::string(std::get<api::PrintedSlip>(result).print);
    });
    executor.run_for(1s);
    return answer;
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire = std::make_shared<fakes::Wire>(executor);
  hall::testing::Hall hall = hall::testing::an_open_hall();
  app::Papers papers = shipped_papers();
  devices::Roster roster;
  devices::Printers printers;
  app::Slips slips;
};

}  // namespace

TEST_CASE("a notice comes out where it is asked for, behind the ticket that is being printed") {
  Counter counter;
  const auto id = counter.notified();
  bool ticket_is_out = false;
  counter.printers.print({"p1"}, {}, [&](printer::PrintResult, const std::string&) { ticket_is_out = true; });
  CHECK(counter.ask(id, hall::DeviceId{"p1"}) == "sent");
  CHECK(ticket_is_out);
  const auto& sheet = counter.wire->sent.back();
  const fakes::Bytes booklet{0xBB, 0xA7, 0xBF, 0xDA, 0xB2, 0xBE};  // 户口簿
  CHECK(std::search(sheet.begin(), sheet.end(), booklet.begin(), booklet.end()) != sheet.end());
}

TEST_CASE("no notice without one, without a printer, or where it cannot come out") {
  Counter counter;
  const auto id = counter.notified();
  const auto plain = counter.hall.issue("social");
  CHECK(counter.ask(plain, hall::DeviceId{"p1"}) == "wrong_state");
  CHECK(counter.ask({99}, hall::DeviceId{"p1"}) == "unknown_ticket");
  CHECK(counter.ask(id, std::nullopt) == "sent");  // in the zone of the window
  CHECK(counter.ask(id, hall::DeviceId{"p9"}) == "unknown_device");
  counter.wire->down("unplugged");
  CHECK(counter.ask(id, hall::DeviceId{"p1"}) == "printer_unavailable");
}

TEST_CASE("a once-only notice names what is missing, its number and until when it goes first") {
  auto hall = hall::testing::an_open_hall();
  hall.site.services[0].name = "不动产登记";
  const auto id = hall.issue("social");
  hall.must(hall::CallNext{.window = {"w2"}});
  const hall::Notice notice{"N-20261123-07", {"social"}, *hall::parse_date("2026-12-03"), id};
  const auto papers = shipped_papers();
  const app::PaperSource from{hall.site, hall.state, papers, hall.now};
  const auto text = text_of(app::notice_paper(from, notice, {"身份证原件", "户口簿复印件（盖章）"}, {}), 48);
  CHECK(says(text, "一次性告知单\n"));
  CHECK_FALSE(says(text, "重打"));
  CHECK(says(text, "告知编号：N-20261123-07\n办理事项：不动产登记\n号票：A001  窗口：2 号\n"));
  CHECK(says(text, "需补正材料：\n1. 身份证原件\n2. 户口簿复印件（盖章）\n"));
  CHECK(says(text, "2026-12-03 前凭本单编号取号"));
  CHECK(says(text_of(app::notice_paper(from, notice, {}, {1, ""}), 32), "重打 第1次\n"));
  CHECK_FALSE(says(text_of(app::notice_paper(from, notice, {}, {1, ""}), 32), "需补正"));
}

TEST_CASE("a checkpoint slip shows the head of the evidence and nothing of who evaluates") {
  auto hall = hall::testing::an_open_hall();
  const app::Checkpoint checkpoint{.session = "e-7",
                                   .room = "评标室三",
                                   .record = 128,
                                   .head = "0123456789abcdeffedcba98765432100123456789abcdeffedcba9876543210",
                                   .at = hall.now,
                                   .qr = "e-7 128 0123456789abcdef"};
  const auto papers = shipped_papers();
  const auto text = text_of(app::checkpoint_paper(hall.site, papers, checkpoint), 32);
  CHECK(says(text, "评标室：评标室三\n场次：e-7\n记录数：128\n签名时间：2026-11-23 09:30:00\n"));
  CHECK(says(text, "\n0123456789abcdef\n[QR e-7 128 0123456789abcdef]\n"));
}

TEST_CASE("a self-test says what the printer is, can prove and cannot say") {
  auto hall = hall::testing::an_open_hall();
  const auto papers = shipped_papers();
  const app::PaperSource from{hall.site, hall.state, papers, hall.now};
  app::PrinterTraits traits;
  traits.printer = {"p1"};
  traits.model = "BT-T080";
  traits.fonts = "CHINA GB18030";
  traits.proof = "GS r 1，按序应答";
  traits.columns = 32;
  const auto text = text_of(app::self_test_paper(from, traits), 32);
  CHECK(says(text, "打印机：p1\n型号：BT-T080\n字库：CHINA GB18030\n纸宽：32 列，384 点\n"));
  CHECK(says(text, "出纸确认：GS r 1，按序应答\n时间：2026-11-23 09:30:00\n"));
  CHECK_FALSE(says(text, "固件"));
  CHECK(says(text, "𠮷 㐀 䶮 Café"));
}
