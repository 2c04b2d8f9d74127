// What a job leaves in the printer, and what is learnt of it later.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "drivers/printer/ticket_printer.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace run_tests {

namespace {

using namespace lobby;
using namespace lobby::printer;
using namespace std::chrono_literals;
using fakes::Bytes;

const Bytes cut{0x1D, 0x56, 0x42, 0x00};
const Bytes clear_buffers{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08};
const Bytes has_cleared{0x37, 0x25, 0x00};

Profile profile_of(Profile::Confirm confirm, Profile::PaperOut paper_out = Profile::PaperOut::resume) {
  Profile profile;
  profile.cut = cut;
  profile.confirm = confirm;
  profile.paper_out = paper_out;
  profile.mm_per_s = 200;
  profile.cut_ms = 300;
  return profile;
}

struct Bench : TicketPrinter::Listener {
  explicit Bench(const Profile& profile, bool torn = false, bool used = false)
      : wire(std::make_shared<fakes::Wire>(executor)), printer(executor, wire->make_link(), profile, *this) {
    well();
    if (used) {
      printer.was_used();
    }
    if (torn) {
      printer.left_torn();
    }
    printer.start();
  }
  void printer_changed(link::Status now, std::string_view why) override {
    status = now;
    reason = why;
  }
  void printer_ready() override { ++readied; }

  void answers(std::uint8_t n1, std::uint8_t n2, std::uint8_t n3, std::uint8_t n4) {
    const std::uint8_t bits[] = {n1, n2, n3, n4};
    for (std::uint8_t n = 1; n <= 4; ++n) {
      wire->whenever({0x10, 0x04, n}).answer({bits[n - 1]});
    }
  }
  void well() { answers(0x12, 0x12, 0x12, 0x12); }
  void paper_out() { answers(0x1A, 0x32, 0x12, 0x72); }
  void silent() {
    for (std::uint8_t n = 1; n <= 4; ++n) {
      wire->whenever({0x10, 0x04, n}).drop();
    }
  }
  void ready() {
    wire->up();
    executor.run_for(100ms);
    if (!printer.is_ready()) {  // it may still answer somebody who was here before
      wire->receive({0x00});
      executor.run_for(3500ms);
    }
    REQUIRE(printer.is_ready());
  }
  void print(const std::string& text = "A001", int lines = 1) {
    Job job;
    for (int i = 0; i < lines; ++i) {
      job.items.emplace_back(TextLine{text});
    }
    result.reset();
    printer.print(
        job,
        [this](PrintResult what, std::string why) {
          CHECK(!result);
          result = what;
          why_result = std::move(why);
        },
        [this](Learnt what) { learnt.push_back(what); });
  }
  /// What is no question about the printer's state, in order.
  std::vector<Bytes> sent() const {
    std::vector<Bytes> out;
    std::copy_if(wire->sent.begin(), wire->sent.end(), std::back_inserter(out), [](const Bytes& bytes) {
      const bool asks = bytes.size() == 3 && bytes[0] == 0x10;
      return !asks && bytes != Bytes(2048, 0);
    });
    return out;
  }
  /// The answer to the process id at the end of a send.
  static Bytes id_of(const Bytes& bytes) {
    REQUIRE(bytes.size() >= 11);
    const Bytes tail(bytes.end() - 11, bytes.end());
    REQUIRE(Bytes(tail.begin(), tail.begin() + 7) == Bytes{0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30});
    return {0x37, 0x22, tail[7], tail[8], tail[9], tail[10], 0x00};
  }
  void answer_last() {
    wire->receive(id_of(sent().back()));
    executor.run_for(200ms);
  }
  /// A cut behind so much of nothing that any command of ours is complete.
  static bool cuts_off(const Bytes& bytes) {
    Bytes pad(2048, 0);
    pad.insert(pad.end(), {0x1B, 0x40, 0x0A});
    pad.insert(pad.end(), cut.begin(), cut.end());
    return bytes.size() > pad.size() && std::equal(pad.begin(), pad.end(), bytes.begin());
  }

  fakes::VirtualExecutor executor;
  std::shared_ptr<fakes::Wire> wire;
  link::Status status = link::Status::gone;
  std::string reason, why_result;
  std::optional<PrintResult> result;
  std::vector<Learnt> learnt;
  int readied = 0;
  TicketPrinter printer;
};

}  // namespace

TEST_CASE("the first byte of a ticket leaves in the turn that asks, of a printer that was heard just now") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  CHECK(bench.sent().size() == 1);
}

TEST_CASE(
    "out of paper: the buffers are cleared, nothing is sent before that is proven, and the piece is cut "
    "off") {
  Bench bench(profile_of(Profile::Confirm::process_id, Profile::PaperOut::clear));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  const auto job = bench.sent().back();
  bench.paper_out();
  bench.executor.run_for(500ms);
  REQUIRE(bench.sent().size() == 2);
  CHECK(bench.sent().back() == clear_buffers);
  CHECK(!bench.result);
  SUBCASE("proven") {
    bench.wire->receive(has_cleared);
    bench.executor.run_for(10ms);
    CHECK(bench.result == PrintResult::voided);
    CHECK(bench.why_result.find("paper out") != std::string::npos);
    bench.executor.run_for(60s);
    CHECK(bench.sent().size() == 2);  // there is no paper yet
    CHECK(!bench.printer.is_ready());
    bench.well();
    bench.executor.run_for(1s);
    REQUIRE(bench.sent().size() == 3);
    CHECK(Bench::cuts_off(bench.sent().back()));
    CHECK(!bench.printer.is_ready());
    bench.answer_last();
    CHECK(bench.printer.is_ready());
    CHECK(bench.readied > 0);
    // Neither the answer to what was cut off, nor a late one to the ticket itself, proves the ticket.
    bench.wire->receive(Bench::id_of(job));
    bench.executor.run_for(10s);
    CHECK(bench.learnt.empty());
  }
  SUBCASE("the id was faster") {
    bench.wire->receive(Bench::id_of(job));
    bench.wire->receive(has_cleared);
    bench.executor.run_for(10ms);
    CHECK(bench.result == PrintResult::unknown);
  }
  SUBCASE("not proven") {
    bench.executor.run_for(20s);
    CHECK(bench.result == PrintResult::unknown);
    bench.wire->receive(has_cleared);
    bench.executor.run_for(1s);
    CHECK(bench.result == PrintResult::unknown);
  }
}

TEST_CASE("out of paper: the rest of a ticket that the printer keeps comes before the next one") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  const auto job = bench.sent().back();
  bench.paper_out();
  bench.executor.run_for(20s);
  CHECK(bench.result == PrintResult::unknown);
  CHECK(!bench.printer.is_ready());
  bench.well();
  bench.executor.run_for(1s);
  CHECK(!bench.printer.is_ready());  // it prints the rest just now
  bench.wire->receive(Bench::id_of(job));
  bench.executor.run_for(1s);
  CHECK(bench.printer.is_ready());
  CHECK(bench.sent().size() == 1);
  CHECK(bench.learnt.empty());  // spliced: that its end was processed does not make it a ticket
}

TEST_CASE("out of paper, and then without power: the rest never comes, and what was printed is cut off") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.paper_out();
  bench.executor.run_for(2s);
  bench.well();
  bench.executor.run_for(40s);
  REQUIRE(Bench::cuts_off(bench.sent().back()));
  bench.answer_last();
  CHECK(bench.printer.is_ready());
}

TEST_CASE("a printer that was without power amid a ticket: its own id is no proof") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(10ms);
  bench.silent();
  bench.executor.run_for(1100ms);
  bench.well();
  bench.wire->receive(Bench::id_of(bench.sent().back()));
  bench.executor.run_for(12s);
  CHECK(bench.result == PrintResult::unknown);
  REQUIRE(Bench::cuts_off(bench.sent().back()));
  bench.answer_last();
  CHECK(bench.printer.is_ready());
  CHECK(bench.learnt.empty());
}

TEST_CASE("an id that comes after all proves its ticket, and so does a higher one") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print("A001");
  bench.executor.run_for(15s);
  REQUIRE(bench.result == PrintResult::unknown);
  const auto first = bench.sent().front();
  REQUIRE(bench.printer.is_ready());
  SUBCASE("its own") {
    bench.wire->receive(Bench::id_of(first));
    bench.executor.run_for(3s);
    CHECK(bench.learnt == std::vector{Learnt::proven});
    bench.wire->receive(Bench::id_of(first));
    bench.executor.run_for(3s);
    CHECK(bench.learnt.size() == 1);
  }
  SUBCASE("the next ticket's") {
    bench.print("A002");
    bench.executor.run_for(50ms);
    bench.answer_last();
    bench.executor.run_for(3s);
    CHECK(bench.result == PrintResult::printed);
    CHECK(bench.learnt == std::vector{Learnt::proven});
  }
  SUBCASE("its own, with a fault behind it") {
    bench.answers(0x1A, 0x52, 0x1A, 0x12);
    bench.wire->receive(Bench::id_of(first));
    bench.executor.run_for(5s);
    bench.well();
    bench.executor.run_for(20s);
    CHECK(bench.learnt.empty());
  }
  SUBCASE("the next ticket's, after the connection was lost") {
    bench.wire->down("unplugged");
    bench.wire->up();
    bench.executor.run_for(1s);
    bench.print("A002");
    bench.executor.run_for(50ms);
    bench.answer_last();
    bench.executor.run_for(3s);
    CHECK(bench.result == PrintResult::printed);
    CHECK(bench.learnt.empty());
  }
  SUBCASE("nobody's") {
    bench.wire->receive({0x37, 0x22, 0x7E, 0x7E, 0x7E, 0x7E, 0x00});
    bench.executor.run_for(3s);
    CHECK(bench.learnt.empty());
  }
}

TEST_CASE("a connection lost amid a ticket: the piece is cut off before the next ticket begins") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.wire->down("unplugged");
  bench.executor.run_for(10s);
  CHECK(bench.result == PrintResult::unknown);
  bench.wire->up();
  bench.executor.run_for(100ms);
  REQUIRE(bench.sent().size() == 2);
  CHECK(Bench::cuts_off(bench.sent().back()));
  CHECK(!bench.printer.is_ready());
  bench.print("A002");
  bench.executor.run_for(100ms);
  CHECK(bench.result == PrintResult::failed);
  CHECK(bench.sent().size() == 2);
  bench.answer_last();
  CHECK(bench.printer.is_ready());
}

TEST_CASE("what an earlier life may have left in the printer is cut off first") {
  Bench bench(profile_of(Profile::Confirm::process_id), true);
  bench.paper_out();
  bench.wire->up();
  bench.executor.run_for(10s);
  CHECK(bench.sent().empty());
  bench.well();
  bench.executor.run_for(2s);
  REQUIRE(bench.sent().size() == 1);
  CHECK(Bench::cuts_off(bench.sent().back()));
  CHECK(!bench.printer.is_ready());
  bench.answer_last();
  CHECK(bench.printer.is_ready());
  CHECK(!bench.result);
}

TEST_CASE("before anything is asked of a printer that may be amid a command, the command is completed") {
  Bench bench(profile_of(Profile::Confirm::process_id), true);
  bench.wire->up();
  REQUIRE(!bench.wire->sent.empty());
  CHECK(bench.wire->sent.front() == Bytes(2048, 0));
  bench.executor.run_for(100ms);
  bench.answer_last();
  REQUIRE(bench.printer.is_ready());
  bench.print();
  bench.executor.run_for(10ms);
  bench.wire->down("unplugged");
  const auto before = bench.wire->sent.size();
  bench.wire->up();
  REQUIRE(bench.wire->sent.size() > before);
  CHECK(bench.wire->sent[before] == Bytes(2048, 0));
}

TEST_CASE("answers that an earlier life asked for prove nothing of this one's tickets") {
  Bench bench(profile_of(Profile::Confirm::in_order_status), false, true);
  bench.wire->up();
  bench.executor.run_for(100ms);
  CHECK(!bench.printer.is_ready());
  bench.wire->receive({0x00});  // the old ones
  bench.executor.run_for(1500ms);
  bench.wire->receive({0x00});
  bench.executor.run_for(1500ms);
  CHECK(!bench.printer.is_ready());
  bench.wire->receive({0x00});  // its own
  bench.executor.run_for(3100ms);
  CHECK(bench.printer.is_ready());
}

TEST_CASE("a knife that was helped is told so, again and again, and the ticket is not printed by itself") {
  Bench bench(profile_of(Profile::Confirm::process_id, Profile::PaperOut::enq_2));
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  bench.answers(0x1A, 0x52, 0x1A, 0x12);
  bench.executor.run_for(70s);
  CHECK(bench.result == PrintResult::unknown);
  const auto& all = bench.wire->sent;
  CHECK(std::count(all.begin(), all.end(), Bytes{0x10, 0x05, 0x02}) == 3);
  bench.well();
  bench.executor.run_for(1s);
  CHECK(Bench::cuts_off(bench.sent().back()));
}

TEST_CASE("a printer that cannot confirm, but says how it is: paper that ran out meanwhile is not `sent`") {
  Bench bench(profile_of(Profile::Confirm::none));
  bench.ready();
  bench.print();
  bench.executor.run_for(300ms);
  CHECK(!bench.result);
  SUBCASE("out of paper") {
    bench.paper_out();
    bench.executor.run_for(1s);
    CHECK(bench.result == PrintResult::unknown);
  }
  SUBCASE("all is well") {
    bench.executor.run_for(2s);
    CHECK(bench.result == PrintResult::sent);
  }
}

TEST_CASE("a printer that never answers what the profile promises says so, and takes no second ticket") {
  Bench bench(profile_of(Profile::Confirm::in_order_status));
  bench.ready();
  bench.print();
  bench.executor.run_for(60s);
  CHECK(bench.result == PrintResult::unknown);
  CHECK(bench.status == link::Status::refused);
  CHECK(bench.reason == "the printer does not confirm what it prints");
  for (int i = 0; i < 8; ++i) {
    bench.wire->receive({0x00});
  }
  bench.executor.run_for(5s);
  CHECK(bench.status == link::Status::ok);
  CHECK(bench.printer.is_ready());
}

TEST_CASE("a long ticket leaves in pieces of whole commands, with questions between them") {
  Bench bench(profile_of(Profile::Confirm::process_id));
  bench.ready();
  bench.print("0123456789012345678901234567890", 40);
  bench.executor.run_for(100ms);
  const auto pieces = bench.sent();
  CHECK(pieces.size() >= 5);
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    CHECK(pieces[i].size() <= 256);
    CHECK(pieces[i].back() == 0x0A);
  }
  bench.answer_last();
  CHECK(bench.result == PrintResult::printed);
}

TEST_CASE("a ticket in the outlet: taken, or taken back, and nothing is printed on top of it") {
  auto profile = profile_of(Profile::Confirm::process_id);
  profile.presenter = Profile::Presenter::sensor;
  profile.status = Profile::Status::custom_full;
  profile.status_ask = {0x10, 0x04, 0x14};
  profile.retract = {0x1D, 0x65, 0x02};
  Bench bench(profile);
  const auto outlet = [&](bool holds) {
    bench.wire->whenever({0x10, 0x04, 0x14})
        .answer({0x10, 0x0F, static_cast<std::uint8_t>(holds ? 0x20 : 0x00), 0x00, 0x00, 0x00});
  };
  outlet(false);
  bench.ready();
  bench.print();
  bench.executor.run_for(50ms);
  outlet(true);
  bench.answer_last();
  REQUIRE(bench.result == PrintResult::printed);
  bench.executor.run_for(5s);
  CHECK(!bench.printer.is_ready());
  CHECK(bench.learnt.empty());
  SUBCASE("taken") {
    outlet(false);
    bench.executor.run_for(2s);
    CHECK(bench.learnt == std::vector{Learnt::taken});
    CHECK(bench.sent().size() == 1);
  }
  SUBCASE("taken back") {
    bench.executor.run_for(27s);
    CHECK(bench.sent().back() == profile.retract);
    CHECK(bench.learnt.empty());  // not before it is out of the outlet
    outlet(false);
    bench.executor.run_for(2s);
    CHECK(bench.learnt == std::vector{Learnt::retracted});
  }
  CHECK(bench.printer.is_ready());
}

TEST_CASE("a printer says what it is") {
  auto profile = profile_of(Profile::Confirm::process_id);
  profile.identifies = true;
  Bench bench(profile);
  bench.ready();
  std::optional<Identity> found;
  bool is_done = false;
  SUBCASE("all of it") {
    const auto text = [](std::string_view words) {
      Bytes bytes(words.begin(), words.end());
      bytes.insert(bytes.begin(), 0x5F);
      bytes.push_back(0);
      return bytes;
    };
    bench.wire->whenever({0x1D, 0x49, 66}).answer(text("SNBC"));
    bench.wire->whenever({0x1D, 0x49, 67}).answer(text("BTP-R580"));
    bench.wire->whenever({0x1D, 0x49, 65}).answer(text("1.04"));
    bench.wire->whenever({0x1D, 0x49, 69}).answer(text("CHINA GB18030"));
  }
  SUBCASE("nothing") {}
  bench.printer.identify([&](std::optional<Identity> identity) {
    found = std::move(identity);
    is_done = true;
  });
  CHECK(!bench.printer.is_ready());  // nothing may come between a question and its answer
  bench.executor.run_for(4s);
  REQUIRE(is_done);
  CHECK(bench.printer.is_ready());
  if (found) {
    CHECK(found->maker == "SNBC");
    CHECK(found->model == "BTP-R580");
    CHECK(found->firmware == "1.04");
    CHECK(found->serial.empty());
    CHECK(found->font == "CHINA GB18030");
  }
}

TEST_CASE("a printer that was away while old answers were waited for is asked again, and nothing is cut") {
  Bench bench(profile_of(Profile::Confirm::in_order_status), false, true);
  bench.wire->down("refused");
  bench.wire->up();
  bench.executor.run_for(100ms);
  const auto sent = bench.sent();
  CHECK(std::none_of(sent.begin(), sent.end(), Bench::cuts_off));
  CHECK(!bench.printer.is_ready());
  bench.wire->receive({0x00});
  bench.executor.run_for(3100ms);
  CHECK(bench.printer.is_ready());
}

}  // namespace run_tests
