#include "drivers/link/tcp_link.hpp"

#include <doctest/doctest.h>

#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/drivers_link/recorder.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using link::counted;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

struct Peer {
  explicit Peer(boost::asio::io_context& io, std::uint16_t port = 0)
      : acceptor(io, {boost::asio::ip::address_v4::loopback(), port}), socket(io) {
    acceptor.async_accept(socket, [this](boost::system::error_code ec) { accepted = !ec; });
  }
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }
  tcp::acceptor acceptor;
  tcp::socket socket;
  bool accepted = false;
};

}  // namespace

TEST_CASE("bytes pass both ways, in order, to an address and to a name") {
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    CAPTURE(host);
    fakes::Loop loop;
    Peer peer(loop.io);
    link::Recorder told;
    auto tcp_link = link::make_tcp_link(loop.io, host, peer.port());
    CHECK(tcp_link->describe() == "tcp " + host + ":" + std::to_string(peer.port()));
    tcp_link->start(told);
    CHECK(told.ups == 0);
    REQUIRE(loop.until([&] { return told.ups == 1 && peer.accepted; }));
    CHECK(tcp_link->is_up());

    const auto out = counted(100'000);
    int done = 0;
    for (std::size_t at = 0; at < out.size(); at += 1000) {
      tcp_link->send({out.begin() + static_cast<long>(at), out.begin() + static_cast<long>(at + 1000)},
                     [&](link::Status status) { done += status == link::Status::ok ? 1 : 1000; });
    }
    CHECK(done == 0);
    std::vector<std::uint8_t> in(out.size());
    bool read = false;
    boost::asio::async_read(peer.socket, boost::asio::buffer(in), [&](auto ec, std::size_t) { read = !ec; });
    REQUIRE(loop.until([&] { return read && done == 100; }));
    CHECK(in == out);
    boost::asio::write(peer.socket, boost::asio::buffer(out));
    REQUIRE(loop.until([&] { return told.received.size() == out.size(); }));
    CHECK(told.received == out);
    CHECK(told.downs.empty());
  }
}

TEST_CASE("a link without a far end says so once and comes up when the far end does") {
  fakes::Loop loop;
  std::uint16_t port = 0;
  {
    const tcp::acceptor reserved(loop.io, {boost::asio::ip::address_v4::loopback(), 0});
    port = reserved.local_endpoint().port();
  }
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", port);
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return told.downs.size() == 1; }));
  std::optional<link::Status> refused;
  tcp_link->send({1}, [&](link::Status status) { refused = status; });
  CHECK_FALSE(refused.has_value());
  REQUIRE(loop.until([&] { return refused.has_value(); }));
  CHECK(*refused == link::Status::gone);
  CHECK_FALSE(loop.until([&] { return told.downs.size() > 1; }, 1s));  // three more attempts, the same reason
  Peer peer(loop.io, port);
  CHECK(loop.until([&] { return told.ups == 1; }));
  CHECK(told.downs == std::vector<std::string>{"Connection refused"});
}

TEST_CASE("what waits when the far end hangs up is answered gone, and the link returns") {
  fakes::Loop loop;
  auto peer = std::make_unique<Peer>(loop.io);
  const auto port = peer->port();
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", port);
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1 && peer->accepted; }));
  peer->socket.set_option(boost::asio::socket_base::linger(true, 0));
  peer.reset();
  REQUIRE(loop.until([&] { return told.downs.size() == 1; }));
  CHECK_FALSE(tcp_link->is_up());
  Peer again(loop.io, port);
  REQUIRE(loop.until([&] { return told.ups == 2 && again.accepted; }));
  boost::asio::write(again.socket, boost::asio::buffer("back", 4));
  CHECK(loop.until([&] { return told.received.size() == 4; }));
}

TEST_CASE("a far end that takes nothing fills 256 KiB and not a byte more") {
  fakes::Loop loop;
  Peer peer(loop.io);
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", peer.port());
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1 && peer.accepted; }));
  int ok = 0, busy = 0, gone = 0;
  const auto count = [&](link::Status status) {
    ++(status == link::Status::ok ? ok : status == link::Status::busy ? busy : gone);
  };
  int sent = 0;
  // The kernel's own buffers come first; then ours fills.
  while (busy == 0 && sent < 4000) {
    tcp_link->send(std::vector<std::uint8_t>(16 * 1024, 7), count);
    ++sent;
    loop.io.poll();
  }
  CHECK(busy == 1);
  CHECK(sent - busy - ok == 16);  // still waiting, of 16 KiB each
  peer.socket.close();
  REQUIRE(loop.until([&] { return ok + busy + gone == sent; }));
  CHECK(gone == 16);
}

TEST_CASE("real-time bytes go before all that has not begun, and never into what has") {
  fakes::Loop loop;
  Peer peer(loop.io);
  peer.acceptor.set_option(boost::asio::socket_base::receive_buffer_size(4096));  // the first send fills it
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", peer.port());
  CHECK(tcp_link->bytes_per_s() == 0);
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1 && peer.accepted; }));
  std::string order;
  // Far more than the kernel takes at once, each send a letter of its own.
  constexpr std::size_t large = 60'000;
  std::size_t expected = 0;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    tcp_link->send(std::vector<std::uint8_t>(large, static_cast<std::uint8_t>(letter)),
                   [&order, letter](link::Status) { order += letter; });
    expected += large;
  }
  for (const char letter : {'1', '2'}) {
    tcp_link->send_now(std::vector<std::uint8_t>(3, static_cast<std::uint8_t>(letter)),
                       [&order, letter](link::Status) { order += letter; });
    expected += 3;
  }
  std::optional<link::Status> too_much;
  tcp_link->send_now(std::vector<std::uint8_t>(4096), [&](link::Status status) { too_much = status; });
  std::vector<std::uint8_t> in(expected);
  bool read = false;
  boost::asio::async_read(peer.socket, boost::asio::buffer(in), [&](auto ec, std::size_t) { read = !ec; });
  REQUIRE(loop.until([&] { return read && order.size() == 6; }));
  CHECK(order == "a12bcd");
  CHECK(too_much == link::Status::busy);
  std::string runs;
  for (const auto byte : in) {
    if (runs.empty() || runs.back() != static_cast<char>(byte)) {
      runs += static_cast<char>(byte);
    }
  }
  CHECK(runs == "a12bcd");
}

TEST_CASE("real-time bytes to a link that is lost, or lost on the way, are answered gone") {
  fakes::Loop loop;
  Peer peer(loop.io);
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", peer.port());
  std::vector<link::Status> answers;
  const auto keep = [&](link::Status status) { answers.push_back(status); };
  tcp_link->start(told);
  tcp_link->send_now({1}, keep);
  REQUIRE(loop.until([&] { return told.ups == 1 && peer.accepted && answers.size() == 1; }));
  // The far end takes nothing; what its buffers do not hold waits, and real-time bytes behind it.
  int begun = 0, taken = 0;
  do {
    tcp_link->send(std::vector<std::uint8_t>(64 * 1024, 7), [&](link::Status status) {
      if (status == link::Status::ok) {
        ++taken;
      } else {
        keep(status);
      }
    });
    ++begun;
  } while (begun < 4000 && loop.until([&] { return taken == begun; }, 200ms));
  tcp_link->send_now({2, 3, 4}, keep);
  peer.socket.close();
  REQUIRE(loop.until([&] { return answers.size() == 3; }));
  CHECK(answers == std::vector<link::Status>(3, link::Status::gone));
}

TEST_CASE("nothing is told after the link has ended") {
  fakes::Loop loop;
  Peer peer(loop.io);
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "127.0.0.1", peer.port());
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  bool answered = false;
  tcp_link->send({1, 2, 3}, [&](link::Status) { answered = true; });
  tcp_link.reset();
  loop.until([] { return false; }, 20ms);
  CHECK_FALSE(answered);
  CHECK(told.downs.empty());
}

TEST_CASE("a name that does not exist is a reason") {
  fakes::Loop loop;
  link::Recorder told;
  auto tcp_link = link::make_tcp_link(loop.io, "printer.invalid", 9100);
  tcp_link->start(told);
  REQUIRE(loop.until([&] { return !told.downs.empty(); }));
  CHECK(told.downs.front().find("printer.invalid") != std::string::npos);
}
