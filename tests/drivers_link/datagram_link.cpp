#include "drivers/link/datagram_link.hpp"

#include <doctest/doctest.h>

#include <boost/asio/ip/udp.hpp>

#include "drivers/link/packet_link.hpp"
#include "drivers/link/udp_link.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using boost::asio::ip::udp;
using Bytes = std::vector<std::uint8_t>;

namespace {

struct Told final : link::DatagramLink::Listener {
  void link_up() override { ++ups; }
  void link_datagram(std::span<const std::uint8_t> bytes) override {
    received.emplace_back(bytes.begin(), bytes.end());
  }
  void link_down(std::string_view reason) override { downs.emplace_back(reason); }

  int ups = 0;
  std::vector<Bytes> received;
  std::vector<std::string> downs;
};

udp::endpoint loopback(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

}  // namespace

TEST_CASE("datagrams go out whole and in order, and answers come back") {
  fakes::Loop loop;
  udp::socket far(loop.io, loopback(0));
  Told told;
  const auto link = link::make_udp_link(loop.io, "127.0.0.1", far.local_endpoint().port());
  CHECK(link->send(Bytes{1}) == link::Status::gone);
  link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  CHECK(link->send(Bytes(1450, 1)) == link::Status::ok);
  CHECK(link->send(Bytes{2}) == link::Status::ok);
  Bytes in(2000);
  udp::endpoint from;
  CHECK(far.receive_from(boost::asio::buffer(in), from) == 1450);
  CHECK(far.receive_from(boost::asio::buffer(in), from) == 1);
  far.send_to(boost::asio::buffer(Bytes{7, 8}), from);
  REQUIRE(loop.until([&] { return told.received.size() == 1; }));
  CHECK(told.received[0] == Bytes{7, 8});
}

TEST_CASE("that nobody listens is noticed, and that somebody does again too") {
  fakes::Loop loop;
  std::uint16_t port = 0;
  {
    const udp::socket reserved(loop.io, loopback(0));
    port = reserved.local_endpoint().port();
  }
  Told told;
  const auto link = link::make_udp_link(loop.io, "127.0.0.1", port);
  link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1; }));
  CHECK(link->send(Bytes{1}) == link::Status::ok);
  REQUIRE(loop.until([&] { return told.downs.size() == 1; }));
  CHECK(told.downs[0] == "Connection refused");
  CHECK(!link->is_up());
  udp::socket far(loop.io, loopback(port));
  REQUIRE(loop.until([&] { return told.ups == 2; }));
  CHECK(link->send(Bytes{2}) == link::Status::ok);
  Bytes in(8);
  CHECK(far.receive(boost::asio::buffer(in)) == 1);
}

TEST_CASE("a link that ends keeps nobody waiting") {
  fakes::Loop loop;
  Told told;
  { const auto link = link::make_udp_link(loop.io, "127.0.0.1", 9); }
  {
    const auto link = link::make_udp_link(loop.io, "127.0.0.1", 9);
    link->start(told);
  }
  loop.io.run();
  CHECK(told.ups == 0);
}

TEST_CASE("raw Ethernet works on an interface, or says by name why it does not") {
  fakes::Loop loop;
  Told told;
  const auto link = link::make_packet_link(loop.io, "lo", 0x0805);
  link->start(told);
  REQUIRE(loop.until([&] { return told.ups == 1 || !told.downs.empty(); }));
  if (told.ups == 0) {
    CHECK(told.downs[0] == "raw Ethernet is not permitted: lobbyd needs CAP_NET_RAW");
    return;
  }
  Bytes frame(60, 0xFF);
  frame[12] = 0x08;
  frame[13] = 0x05;
  CHECK(link->send(frame) == link::Status::ok);
  REQUIRE(loop.until([&] { return !told.received.empty(); }));
  CHECK(told.received[0] == frame);
  Told other;
  const auto missing = link::make_packet_link(loop.io, "no-such-one", 0x0805);
  missing->start(other);
  REQUIRE(loop.until([&] { return !other.downs.empty(); }));
  CHECK(other.downs[0] == "there is no interface no-such-one");
}
