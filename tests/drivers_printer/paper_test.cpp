// A printer with paper, a buffer and bad days, under random faults: what the driver says against what lies in
// the tray.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "drivers/printer/ticket_printer.hpp"
#include "tests/fakes/scripted_link.hpp"
#include "tests/fakes/virtual_executor.hpp"

namespace paper_tests {

namespace {

using namespace lobby;
using namespace lobby::printer;
using namespace std::chrono_literals;
using fakes::Bytes;

/// Works through what it gets at its own pace, keeps it while it is out of paper, answers DLE EOT at once.
class Paper {
 public:
  Paper(fakes::VirtualExecutor& executor, std::shared_ptr<fakes::Wire> wire, std::uint32_t seed)
      : executor_(executor), wire_(std::move(wire)), random_(seed) {
    wire_->otherwise = [this](const Bytes& bytes) { take(bytes); };
  }

  std::map<std::string, int> sheets;  ///< text → how often it lies there
  bool has_paper = true;
  double loses_answer = 0.0;

  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
  std::uint32_t number(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  void power_cycle() { buffer_.clear(); }

 private:
  void take(const Bytes& bytes) {
    if (bytes.size() == 3 && bytes[0] == 0x10 && bytes[1] == 0x04) {
      const bool out = !has_paper;
      const std::uint8_t answers[] = {static_cast<std::uint8_t>(out ? 0x1A : 0x12),
                                      static_cast<std::uint8_t>(out ? 0x32 : 0x12), 0x12,
                                      static_cast<std::uint8_t>(out ? 0x72 : 0x12)};
      answer({answers[bytes[2] - 1]}, 2ms);
      return;
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    schedule();
  }

  void answer(Bytes bytes, link::Duration delay) {
    if (!chance(loses_answer)) {
      executor_.after(delay, [wire = wire_, bytes = std::move(bytes)] { wire->receive(bytes); });
    }
  }

  void schedule() {
    if (!is_working_) {
      is_working_ = true;
      executor_.after(std::chrono::milliseconds(100 + number(400)), [this] { work(); });
    }
  }

  /// One sheet, or one question.
  void work() {
    is_working_ = false;
    if (buffer_.empty()) {
      return;
    }
    if (!has_paper) {
      schedule();
      return;
    }
    const Bytes cut{0x1D, 0x56, 0x42, 0x00};
    buffer_.erase(buffer_.begin(),
                  std::find_if(buffer_.begin(), buffer_.end(), [](std::uint8_t byte) { return byte != 0; }));
    if (buffer_.empty()) {
      return;
    }
    if (buffer_.size() > 2 && buffer_[0] == 0x1B && buffer_[2] == 0x0A) {  // what lay there is cut off
      buffer_.erase(buffer_.begin(), std::search(buffer_.begin(), buffer_.end(), cut.begin(), cut.end()) + 4);
    } else if (buffer_[0] == 0x1B) {
      const auto end = std::search(buffer_.begin(), buffer_.end(), cut.begin(), cut.end());
      ++sheets[std::string(buffer_.begin() + 4, end - 1)];
      buffer_.erase(buffer_.begin(), end + 4);
    } else if (buffer_[1] == 0x28) {
      answer({0x37, 0x22, buffer_[7], buffer_[8], buffer_[9], buffer_[10], 0x00}, 1ms);
      buffer_.erase(buffer_.begin(), buffer_.begin() + 11);
    } else {
      answer({0x00}, 1ms);
      buffer_.erase(buffer_.begin(), buffer_.begin() + 3);
    }
    schedule();
  }

  fakes::VirtualExecutor& executor_;
  std::shared_ptr<fakes::Wire> wire_;
  std::mt19937 random_;
  Bytes buffer_;
  bool is_working_ = false;
};

struct Deaf : TicketPrinter::Listener {
  void printer_changed(link::Status, std::string_view) override {}
};

struct Told {
  std::optional<PrintResult> result;
  link::MonoTime asked, answered;
  int lay_there = 0;  ///< sheets at the moment of the answer
};

void one_day(std::uint32_t seed, Profile::Confirm confirm, std::map<PrintResult, int>& results) {
  fakes::VirtualExecutor executor;
  const auto wire = std::make_shared<fakes::Wire>(executor);
  Paper paper(executor, wire, seed);
  Profile profile;
  profile.cut = {0x1D, 0x56, 0x42, 0x00};
  profile.confirm = confirm;
  Deaf deaf;
  TicketPrinter printer(executor, wire->make_link(), profile, deaf);
  printer.start();
  wire->up();
  std::map<std::string, Told> tickets;
  for (int i = 0; i < 60; ++i) {
    paper.loses_answer = paper.chance(0.2) ? 0.3 : 0.0;
    const auto text = "T" + std::to_string(i);
    auto& told = tickets[text];
    told.asked = executor.now();
    Job job;
    job.items.push_back(TextLine{text});
    printer.print(job, [&, text](PrintResult result, const std::string&) {
      auto& mine = tickets[text];
      REQUIRE(!mine.result.has_value());
      mine.result = result;
      mine.answered = executor.now();
      mine.lay_there = paper.sheets[text];
    });
    executor.run_for(std::chrono::milliseconds(paper.number(1500)));
    if (paper.chance(0.1)) {
      paper.has_paper = !paper.has_paper;
    }
    if (paper.chance(0.05)) {
      wire->down("unplugged");
      if (paper.chance(0.5)) {
        paper.power_cycle();
      }
      executor.run_for(std::chrono::milliseconds(paper.number(3000)));
      wire->up();
    }
    executor.run_for(std::chrono::milliseconds(paper.number(4000)));
  }
  paper.has_paper = true;
  executor.run_for(60s);  // everything that is still held comes out
  for (const auto& [text, told] : tickets) {
    CAPTURE(seed);
    CAPTURE(text);
    REQUIRE(told.result.has_value());
    ++results[*told.result];
    CHECK(told.answered - told.asked <= 15s);
    CHECK(paper.sheets[text] <= 1);
    if (*told.result == PrintResult::printed) {
      CHECK(told.lay_there == 1);
    }
    if (*told.result == PrintResult::failed) {
      CHECK(paper.sheets[text] == 0);
    }
  }
}

}  // namespace

TEST_CASE("printed lies in the tray, failed never comes out, and nothing comes out twice") {
  for (const auto confirm : {Profile::Confirm::process_id, Profile::Confirm::in_order_status}) {
    std::map<PrintResult, int> results;
    for (std::uint32_t seed = 1; seed <= 120; ++seed) {
      one_day(seed, confirm, results);
    }
    // The faults really happened, and so did the ordinary.
    CHECK(results[PrintResult::printed] > 1000);
    CHECK(results[PrintResult::unknown] > 100);
    CHECK(results[PrintResult::failed] > 100);
    CHECK(results[PrintResult::sent] == 0);
    MESSAGE("printed ", results[PrintResult::printed], ", unknown ", results[PrintResult::unknown],
            ", failed ", results[PrintResult::failed]);
  }
}

}  // namespace paper_tests
