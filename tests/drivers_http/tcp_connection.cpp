// The client over real sockets: what virtual time cannot show.
#include <doctest/doctest.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <optional>
#include <string>

#include "drivers/http/client.hpp"
#include "drivers/link/asio_executor.hpp"
#include "tests/fakes/loop.hpp"

using namespace lobby;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using http::Answer;
using http::Fault;

namespace {

/// Answers each arrival with the same bytes; one connection at a time.
struct Server {
  explicit Server(boost::asio::io_context& io)
      : acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}), socket(io) {
    accept();
  }
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }
  void accept() {
    acceptor.async_accept([this](boost::system::error_code ec, tcp::socket one) {
      if (!ec) {
        ++accepted;
        socket = std::move(one);
        read();
        accept();
      }
    });
  }
  void read() {
    socket.async_read_some(boost::asio::buffer(in), [this](boost::system::error_code ec, std::size_t size) {
      if (ec) {
        return;
      }
      heard.append(in.data(), size);
      boost::asio::async_write(socket, boost::asio::buffer(answer),
                               [this](boost::system::error_code write_ec, std::size_t) {
                                 boost::system::error_code ignored;
                                 if (write_ec || hangs_up) {
                                   socket.close(ignored);
                                   return;
                                 }
                                 read();
                               });
    });
  }
  tcp::acceptor acceptor;
  tcp::socket socket;
  std::array<char, 4096> in{};
  std::string heard, answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  int accepted = 0;
  bool hangs_up = false;
};

struct House {
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};

  Answer ask(http::Client& client, link::Duration within = 2s) {
    std::optional<Answer> out;
    http::Request request;
    request.within = within;
    client.ask(request, [&](Answer answer) { out = std::move(answer); });
    REQUIRE(loop.until([&] { return out.has_value(); }));
    return *out;
  }
  http::Client client(const std::string& host, std::uint16_t port) {
    return {executor, http::make_tcp_connection(loop.io, host, port), nullptr, {.host = host}};
  }
};

}  // namespace

TEST_CASE("over TCP to an address and to a name, on one connection") {
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    House house;
    Server server(house.loop.io);
    auto client = house.client(host, server.port());
    CHECK(house.ask(client).body == "ok");
    CHECK(house.ask(client).body == "ok");
    CHECK(server.accepted == 1);
    CHECK(server.heard.starts_with("GET / HTTP/1.1\r\nHost: " + host + "\r\n"));
  }
}

TEST_CASE("a device that hangs up after each answer is asked all the same") {
  House house;
  Server server(house.loop.io);
  server.hangs_up = true;
  auto client = house.client("127.0.0.1", server.port());
  for (int i = 0; i < 10; ++i) {
    CHECK(house.ask(client).body == "ok");
  }
  CHECK(server.accepted == 10);
}

TEST_CASE("nobody listens, nobody answers, nobody has that name") {
  House house;
  std::uint16_t port = 0;
  {
    const tcp::acceptor reserved(house.loop.io, {boost::asio::ip::address_v4::loopback(), 0});
    port = reserved.local_endpoint().port();
  }
  auto nobody = house.client("127.0.0.1", port);
  CHECK(house.ask(nobody).fault == Fault::refused);
  CHECK(house.ask(nobody).fault == Fault::refused);

  // The kernel accepts for a listener that does nothing.
  const tcp::acceptor silent(house.loop.io, {boost::asio::ip::address_v4::loopback(), 0});
  auto hangs = house.client("127.0.0.1", silent.local_endpoint().port());
  const auto answer = house.ask(hangs, 50ms);
  CHECK(answer.fault == Fault::timeout);
  CHECK(answer.was_sent);

  auto unknown = house.client("no-such-device.invalid", 80);
  CHECK(house.ask(unknown, 5s).fault == Fault::unresolved);
}

TEST_CASE("a body that never ends is broken off at its bound") {
  House house;
  Server server(house.loop.io);
  server.answer = "HTTP/1.1 200 OK\r\n\r\n" + std::string(3'000'000, 'x');
  auto client = house.client("127.0.0.1", server.port());
  CHECK(house.ask(client).fault == Fault::too_long);
}
