#include "drivers/link/usb_link.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <fstream>
#include <optional>

#include "tests/drivers_link/recorder.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/fakes/pty.hpp"

using namespace lobby;
using link::counted;
using namespace std::chrono_literals;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A printer behind usblp: a socket, and what the driver says of its own accord.
struct Printer {
  Printer() {
    int ends[2] = {-1, -1};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    node = link::Descriptor(ends[0]);
    far_end = link::Descriptor(ends[1]);
    const int small = 1;  // the kernel makes it its least, some 4 KB
    ::setsockopt(node.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
  }
  link::UsbCalls calls() {
    return {[this](const char* path, int flags) {
              paths.emplace_back(path);
              CHECK((flags & O_ACCMODE) == O_RDWR);
              CHECK((flags & O_NONBLOCK) != 0);
              if (open_error != 0) {
                errno = open_error;
                return -1;
              }
              return ::fcntl(node.get(), F_DUPFD_CLOEXEC, 0);
            },
            [this](int fd, void* to, std::size_t size) -> ssize_t {
              if (!is_bidirectional) {
                errno = EINVAL;
                return -1;
              }
              if (empty_reads > 0 && size > 0) {
                --empty_reads;
                return 0;
              }
              return ::read(fd, to, size);
            },
            [this](int fd, const void* from, std::size_t size) -> ssize_t {
              largest = std::max(largest, size);
              const auto count = ::write(fd, from, size);
              if (count > 0 && no_paper > 0) {
                --no_paper;
                errno = ENOSPC;  // of a chunk that is on its way
                return -1;
              }
              return count;
            }};
  }
  Bytes read() const {
    Bytes all(65536);
    const auto count = ::read(far_end.get(), all.data(), all.size());
    all.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return all;
  }
  void say(const Bytes& bytes) const {
    REQUIRE(::write(far_end.get(), bytes.data(), bytes.size()) == std::ssize(bytes));
  }

  link::Descriptor node, far_end;
  std::vector<std::string> paths;
  int open_error = 0;
  bool is_bidirectional = true;
  int empty_reads = 0;
  int no_paper = 0;
  std::size_t largest = 0;
};

}  // namespace

TEST_CASE("a ticket goes to the node in chunks, answers come back") {
  Printer printer;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  CHECK(usb->describe() == "usb /dev/usb/printer");
  CHECK(usb->bytes_per_s() == 0);
  CHECK(printer.paths == std::vector<std::string>{"/dev/usb/printer"});
  const auto job = counted(100'000);
  bool done = false;
  usb->send(job, [&](link::Status status) { done = status == link::Status::ok; });
  Bytes got;
  REQUIRE(loop.until([&] {
    const auto some = printer.read();
    got.insert(got.end(), some.begin(), some.end());
    return done;
  }));
  CHECK(got == job);
  CHECK(printer.largest == 8192);
  printer.say({0x12});
  CHECK(loop.until([&] { return told.received == Bytes{0x12}; }));
}

TEST_CASE("a chunk counts when the node takes the next, and a question stands behind no other ticket") {
  Printer printer;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  std::string order;
  usb->send(Bytes(2000, 'a'), [&](link::Status) { order += 'a'; });
  usb->send(Bytes(2000, 'b'), [&](link::Status) { order += 'b'; });
  usb->send_now({0x10, 0x04, 0x01}, [&](link::Status) { order += '1'; });
  CHECK_FALSE(loop.until([&] { return !order.empty(); }, 100ms));
  CHECK(printer.read() == Bytes(2000, 'a'));  // it was there, and did not count
  Bytes rest;
  REQUIRE(loop.until([&] {
    const auto some = printer.read();
    rest.insert(rest.end(), some.begin(), some.end());
    return order.size() == 3;
  }));
  CHECK(order == "a1b");
  Bytes wanted{0x10, 0x04, 0x01};
  wanted.resize(2003, 'b');
  CHECK(rest == wanted);
}

TEST_CASE("a printer that cannot answer is written to, and its end is noticed") {
  Printer printer;
  printer.is_bidirectional = false;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  CHECK(usb->describe() == "usb /dev/usb/printer, cannot answer");
  bool done = false;
  usb->send({'h', 'i'}, [&](link::Status status) { done = status == link::Status::ok; });
  Bytes got;
  REQUIRE(loop.until([&] {
    const auto some = printer.read();
    got.insert(got.end(), some.begin(), some.end());
    return done;
  }));
  CHECK(got == Bytes{'h', 'i'});
  printer.open_error = ENOENT;
  printer.far_end.reset();
  REQUIRE(loop.until([&] { return told.downs.size() == 2; }));
  CHECK(told.downs == std::vector<std::string>{"No such device", "cannot open: No such file or directory"});
}

TEST_CASE("a node that another program has is said to be, and taken when it is free") {
  Printer printer;
  printer.open_error = EBUSY;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return printer.paths.size() >= 3; }));
  CHECK(told.downs == std::vector<std::string>{"in use by another program"});
  printer.open_error = 0;
  CHECK(loop.until([&] { return told.ups == 1; }));
}

TEST_CASE("a chunk that met the end of the paper was delivered: nothing of it is sent again") {
  Printer printer;
  printer.no_paper = 2;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  const auto job = counted(1500);
  int done = 0;
  usb->send(job, [&](link::Status status) { done += status == link::Status::ok ? 1 : 100; });
  usb->send(job, [&](link::Status status) { done += status == link::Status::ok ? 1 : 100; });
  Bytes got;
  REQUIRE(loop.until([&] {
    const auto some = printer.read();
    got.insert(got.end(), some.begin(), some.end());
    return done >= 2;
  }));
  CHECK(done == 2);
  CHECK(told.downs.empty());
  auto twice = job;
  twice.insert(twice.end(), job.begin(), job.end());
  CHECK(got == twice);
}

TEST_CASE("empty answers are no end, and keep nobody busy") {
  Printer printer;
  printer.empty_reads = 4;
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  const auto begun = std::chrono::steady_clock::now();
  printer.say({0x16});
  REQUIRE(loop.until([&] { return !told.received.empty(); }));
  CHECK(std::chrono::steady_clock::now() - begun >= 80ms);  // four of them, 20 ms apart
  CHECK(told.received == Bytes{0x16});
  CHECK(told.downs.empty());
}

TEST_CASE("the end waits for the last chunk, and not for ever") {
  const auto end_takes = [](bool is_read) {
    Printer printer;
    fakes::Loop loop;
    link::Recorder told;
    auto usb = link::make_usb_link(loop.io, "/dev/usb/printer", printer.calls());
    usb->start(told);
    REQUIRE(loop.until([&] { return told.ups == 1; }));
    bool done = false;
    usb->send(Bytes(2000, 'a'), [&](link::Status) { done = true; });
    if (is_read) {
      REQUIRE(loop.until([&] { return printer.read().empty() && done; }));
    }
    const auto begun = std::chrono::steady_clock::now();
    usb.reset();
    return std::chrono::steady_clock::now() - begun;
  };
  CHECK(end_takes(true) < 300ms);
  const auto stuck = end_takes(false);
  CHECK(stuck >= 499ms);
  CHECK(stuck < 3s);
}

TEST_CASE("a printer that was unplugged is used again by its path, with the real calls") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "lp-by-serial";
  std::optional<fakes::Pty> pty(path);
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, path);
  usb->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  usb->send({'o', 'n', 'e'}, [](link::Status) {});
  CHECK(pty->read(3) == Bytes{'o', 'n', 'e'});
  pty->unplug();
  REQUIRE(loop.until([&] { return told.downs.size() == 2; }));
  CHECK(told.downs[1] == "cannot open: No such file or directory");
  std::optional<link::Status> gone;
  usb->send({'l', 'o', 's', 't'}, [&](link::Status status) { gone = status; });
  REQUIRE(loop.until([&] { return gone.has_value(); }));
  CHECK(*gone == link::Status::gone);
  pty.emplace(path);
  REQUIRE(loop.until([&] { return told.ups == 2; }));
  usb->send({'t', 'w', 'o'}, [](link::Status) {});
  CHECK(pty->read(3) == Bytes{'t', 'w', 'o'});
  pty->write({0x12});
  CHECK(loop.until([&] { return told.received == Bytes{0x12}; }));
}

TEST_CASE("a file is no printer") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  std::ofstream(path) << "text";
  fakes::Loop loop;
  link::Recorder told;
  auto usb = link::make_usb_link(loop.io, path);
  usb->start(told);
  REQUIRE(loop.until([&] { return !told.downs.empty(); }));
  CHECK(told.downs.front() == "not a printer");
}
