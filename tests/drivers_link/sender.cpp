#include "drivers/link/sender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tests/fakes/serial_printer.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using fakes::SerialPrinter;
using link::Flow;

namespace {

using Bytes = SerialPrinter::Bytes;

/// Text of one-line commands: nothing in it looks like a question.
Bytes lines_of_text(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i % 40 == 39 ? 0x0A : 0x30 + (i * 7 + i / 40) % 64);
  }
  return bytes;
}

/// Sends a job in pieces, each when the one before is with the kernel, as the printer driver does.
struct Job {
  Job(SerialPrinter& to, Bytes bytes, std::size_t piece) : printer(to), job(std::move(bytes)), size(piece) {
    next();
  }
  void next() {
    if (at == job.size()) {
      return;
    }
    const auto end = std::min(job.size(), at + size);
    Bytes piece(job.begin() + static_cast<std::ptrdiff_t>(at),
                job.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
    printer.sender->send(
        std::move(piece),
        [this](link::Status status) {
          results.push_back(status);
          next();
        },
        false);
  }
  SerialPrinter& printer;
  Bytes job;
  std::size_t size;
  std::size_t at = 0;
  std::vector<link::Status> results;
};

constexpr Flow all_flows[] = {Flow::xon_xoff, Flow::rts_cts, Flow::dtr_dsr};

void ask(SerialPrinter& printer) {
  printer.sender->send(
      {0x10, 0x04, 0x01}, [](link::Status) {}, true);
}

/// The stream without its questions, each of which stands where a piece ends.
Bytes without_questions(const Bytes& arrived, std::size_t piece) {
  Bytes rest;
  for (std::size_t i = 0; i < arrived.size();) {
    if (arrived[i] == 0x10) {
      CHECK(arrived[i + 1] == 0x04);
      CHECK(arrived[i + 2] == 0x01);
      CHECK(rest.size() % piece == 0);
      i += 3;
    } else {
      rest.push_back(arrived[i++]);
    }
  }
  return rest;
}

}  // namespace

TEST_CASE("a job to a printer slower than its line: no byte lost, none after the reserve") {
  for (const auto flow : all_flows) {
    for (const std::uint32_t rate : {960U, 3840U, 11520U}) {
      CAPTURE(link::to_text(flow));
      CAPTURE(rate);
      fakes::VirtualExecutor executor;
      SerialPrinter printer(executor, rate, flow);
      printer.loop_late = 3ms;
      printer.print(rate / 3);
      const Job job(printer, lines_of_text(20'000), 40);
      executor.run_for(120s);
      CHECK(printer.arrived == job.job);
      CHECK(job.results == std::vector<link::Status>(500, link::Status::ok));
      CHECK(printer.stops > 3);
      CHECK(printer.lost_bytes == 0);
      CHECK(printer.most_after_stop > 0);
      CHECK(printer.most_after_stop <= SerialPrinter::full_at);
      CHECK(printer.kernel_most <= 48);
      CHECK_FALSE(printer.sender->is_held());
    }
  }
}

TEST_CASE("paper out in the middle of a job: status is asked and answered, the rest comes after the reload") {
  for (const auto flow : all_flows) {
    for (const std::uint32_t rate : {960U, 11520U}) {
      CAPTURE(link::to_text(flow));
      CAPTURE(rate);
      fakes::VirtualExecutor executor;
      SerialPrinter printer(executor, rate, flow);
      constexpr std::size_t piece = 40;
      const Job job(printer, lines_of_text(12'000), piece);
      executor.run_for(30s);
      CHECK(printer.sender->is_held());
      const auto stuck_at = printer.arrived.size();
      CHECK(stuck_at >= SerialPrinter::buffer - SerialPrinter::full_at);
      for (int second = 0; second < 8; ++second) {
        const auto asked = executor.now();
        ask(printer);
        executor.run_for(300ms);
        REQUIRE(printer.answers.size() == static_cast<std::size_t>(second) + 1);
        // The question, what of a command is finished before it, the answer.
        CHECK(printer.answers.back() - asked < (second == 0 ? 100ms : 10ms));
        executor.run_for(700ms);
      }
      CHECK(printer.lost_bytes == 0);
      CHECK(printer.most_after_stop <= SerialPrinter::full_at);
      printer.print(5000);
      executor.run_for(30s);
      CHECK(without_questions(printer.arrived, piece) == job.job);
      CHECK(job.results.size() == 300);
      CHECK(printer.lost_bytes == 0);
      CHECK_FALSE(printer.sender->is_held());
    }
  }
}

TEST_CASE("questions all through a job stand between its pieces and are answered in time") {
  for (const auto flow : {Flow::none, Flow::xon_xoff, Flow::rts_cts, Flow::dtr_dsr}) {
    CAPTURE(link::to_text(flow));
    fakes::VirtualExecutor executor;
    SerialPrinter printer(executor, 960, flow);
    printer.print(2000);
    constexpr std::size_t piece = 40;
    const Job job(printer, lines_of_text(4000), piece);
    for (int i = 1; i <= 20; ++i) {
      const auto asked = executor.now();
      ask(printer);
      executor.run_for(200ms);
      REQUIRE(printer.answers.size() == static_cast<std::size_t>(i));
      CHECK(printer.answers.back() - asked < 80ms);  // one piece, one window, the question and its answer
    }
    executor.run_for(10s);
    CHECK(without_questions(printer.arrived, piece) == job.job);
  }
}

TEST_CASE("a wire slower than it says does not fill the kernel") {
  fakes::VirtualExecutor executor;
  SerialPrinter printer(executor, 11520, Flow::xon_xoff, 3);
  printer.print(4000);
  const Job job(printer, lines_of_text(30'000), 40);
  executor.run_for(60s);
  CHECK(printer.arrived == job.job);
  CHECK(printer.stops > 3);
  CHECK(printer.kernel_most <= 48);
  CHECK(printer.most_after_stop <= SerialPrinter::full_at);
}

TEST_CASE("a stop that was not read yet stops all the same") {
  fakes::VirtualExecutor executor;
  SerialPrinter printer(executor, 11520, Flow::xon_xoff);
  printer.loop_late = 50ms;  // our loop is late by more than the reserve lasts
  const Job job(printer, lines_of_text(8000), 40);
  executor.run_for(2s);
  CHECK(printer.stops == 1);
  CHECK(printer.most_after_stop <= SerialPrinter::full_at);
  CHECK(printer.lost_bytes == 0);
}

TEST_CASE("a far end that never lets go keeps nothing from being answered when the wire is lost") {
  for (const auto flow : all_flows) {
    CAPTURE(link::to_text(flow));
    fakes::VirtualExecutor executor;
    SerialPrinter printer(executor, 960, flow);
    const Job job(printer, lines_of_text(9000), 9000);
    executor.run_for(1h);
    CHECK(job.results.empty());
    CHECK(printer.arrived.size() < SerialPrinter::buffer);
    std::vector<link::Status> results;
    printer.sender->send(
        {1}, [&](link::Status status) { results.push_back(status); }, false);
    printer.lost("unplugged");
    executor.run_for(1s);
    CHECK(job.results == std::vector<link::Status>{link::Status::gone});
    CHECK(results == std::vector<link::Status>{link::Status::gone});
    const auto before = printer.arrived.size();
    CHECK(before > 0);
    // A new wire starts afresh: nothing of the old one, and nobody holds it off.
    printer.print(5000);
    executor.run_for(2s);
    printer.lines->set({true, true});
    printer.open();
    printer.sender->send(
        {'n'}, [&](link::Status status) { results.push_back(status); }, false);
    executor.run_for(1s);
    CHECK(results.back() == link::Status::ok);
    CHECK(printer.arrived.size() == before + 1);
  }
}

TEST_CASE("lines are read only while there is something to send, and before it is") {
  fakes::VirtualExecutor executor;
  SerialPrinter printer(executor, 11520, Flow::rts_cts);
  printer.print(11520);
  executor.run_for(1s);
  CHECK_FALSE(printer.lines->is_watched());
  printer.lines->set({false, true});
  executor.run_for(1s);
  printer.sender->send(
      {'a'}, [](link::Status) {}, false);
  executor.run_for(1s);
  CHECK(printer.arrived.empty());
  CHECK(printer.lines->is_watched());
  printer.sender->send(
      {0x10, 0x04, 0x01}, [](link::Status) {}, true);
  executor.run_for(10ms);
  CHECK(printer.arrived.size() == 3);
  printer.lines->set({true, true});
  executor.run_for(10ms);
  CHECK(printer.arrived.size() == 4);
  executor.run_for(1s);
  CHECK_FALSE(printer.lines->is_watched());
}

TEST_CASE("a kernel that is full, or breaks, is neither lost from nor written to again") {
  fakes::VirtualExecutor executor;
  SerialPrinter printer(executor, 960, Flow::none);
  printer.print(5000);
  printer.room = 3;
  const auto text = lines_of_text(500);
  std::vector<link::Status> results;
  const auto keep = [&](link::Status status) { results.push_back(status); };
  printer.sender->send(text, keep, false);
  executor.run_for(2s);
  CHECK(printer.arrived == text);
  CHECK(results == std::vector<link::Status>{link::Status::ok});
  printer.fault = "Input/output error";
  printer.sender->send(text, keep, false);
  CHECK(printer.losses.empty());  // never from within the call
  printer.sender->send(text, keep, true);
  executor.run_for(1s);
  CHECK(printer.losses == std::vector<std::string>{"Input/output error"});
  CHECK(results == std::vector<link::Status>{link::Status::ok, link::Status::gone, link::Status::gone});
}
