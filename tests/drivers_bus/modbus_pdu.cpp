#include "drivers/bus/modbus_pdu.hpp"

#include <doctest/doctest.h>

#include "drivers/bus/mbap.hpp"

namespace modbus_pdu_tests {

using namespace lobby;
using bus::Exchange;
using link::Status;
using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;

namespace {

/// The examples of "Modbus application protocol" V1.1b3, sections 6.1, 6.2, 6.3, 6.4, 6.5, 6.6,
/// 6.11, 6.12 and 6.17.
struct Example {
  const char* what;
  Exchange exchange;
  Bytes request, answer;
  Words values;
};
const Example examples[] = {
    {"6.3 read holding registers",
     {{1}, Exchange::Kind::read_holding, 0x6B, 3, {}, bus::Turn::poll},
     {0x03, 0x00, 0x6B, 0x00, 0x03},
     {0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64},
     {0x022B, 0, 0x64}},
    {"6.4 read input registers",
     {{1}, Exchange::Kind::read_input, 8, 1, {}, bus::Turn::poll},
     {0x04, 0x00, 0x08, 0x00, 0x01},
     {0x04, 0x02, 0x00, 0x0A},
     {0x0A}},
    {"6.6 write single register",
     {{1}, Exchange::Kind::write_one, 1, 0, {3}, bus::Turn::poll},
     {0x06, 0x00, 0x01, 0x00, 0x03},
     {0x06, 0x00, 0x01, 0x00, 0x03},
     {}},
    {"6.12 write multiple registers",
     {{1}, Exchange::Kind::write, 1, 0, {0x0A, 0x0102}, bus::Turn::poll},
     {0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02},
     {0x10, 0x00, 0x01, 0x00, 0x02},
     {}},
    {"6.17 read/write multiple registers",
     {{1}, Exchange::Kind::read_write, 3, 6, {0xFF, 0xFF, 0xFF}, bus::Turn::poll, 0x0E},
     {0x17, 0x00, 0x03, 0x00, 0x06, 0x00, 0x0E, 0x00, 0x03, 0x06, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF},
     {0x17, 0x0C, 0x00, 0xFE, 0x0A, 0xCD, 0x00, 0x01, 0x00, 0x03, 0x00, 0x0D, 0x00, 0xFF},
     {0xFE, 0x0ACD, 1, 3, 0x0D, 0xFF}},
    {"6.1 read coils",
     {{1}, Exchange::Kind::read_coils, 0x13, 19, {}, bus::Turn::poll},
     {0x01, 0x00, 0x13, 0x00, 0x13},
     {0x01, 0x03, 0xCD, 0x6B, 0x05},
     {1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1}},
    {"6.2 read discrete inputs",
     {{1}, Exchange::Kind::read_discrete, 0xC4, 22, {}, bus::Turn::poll},
     {0x02, 0x00, 0xC4, 0x00, 0x16},
     {0x02, 0x03, 0xAC, 0xDB, 0x35},
     {0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1}},
    {"6.5 write single coil",
     {{1}, Exchange::Kind::write_coil, 0xAC, 0, {Exchange::coil_on}, bus::Turn::poll},
     {0x05, 0x00, 0xAC, 0xFF, 0x00},
     {0x05, 0x00, 0xAC, 0xFF, 0x00},
     {}},
    {"6.11 write multiple coils",
     {{1}, Exchange::Kind::write_coils, 0x13, 0, {1, 0, 1, 1, 0, 0, 1, 1, 1, 0}, bus::Turn::poll},
     {0x0F, 0x00, 0x13, 0x00, 0x0A, 0x02, 0xCD, 0x01},
     {0x0F, 0x00, 0x13, 0x00, 0x0A},
     {}},
};

}  // namespace

TEST_CASE("requests and answers are those of the specification's examples") {
  for (const auto& example : examples) {
    CAPTURE(example.what);
    CHECK(bus::request_pdu(example.exchange) == example.request);
    const auto reply = bus::parse_reply(example.exchange, example.answer);
    CHECK(reply.status == Status::ok);
    CHECK(reply.values == example.values);
  }
}

TEST_CASE("what is not the answer to this request is none") {
  for (const auto& example : examples) {
    CAPTURE(example.what);
    for (std::size_t size = 0; size < example.answer.size(); ++size) {
      const Bytes part(example.answer.begin(), example.answer.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(bus::parse_reply(example.exchange, part).status == Status::corrupt);
    }
    Bytes longer = example.answer;
    longer.push_back(0);
    CHECK(bus::parse_reply(example.exchange, longer).status == Status::corrupt);
    for (const auto& other : examples) {
      if (&other != &example) {
        CHECK(bus::parse_reply(example.exchange, other.answer).status == Status::corrupt);
      }
    }
  }
  // A coil that was switched the other way.
  CHECK(bus::parse_reply(examples[7].exchange, Bytes{0x05, 0, 0xAC, 0, 0}).status == Status::corrupt);
  // Written to another place, or fewer registers than were given.
  CHECK(bus::parse_reply(examples[3].exchange, Bytes{0x10, 0, 2, 0, 2}).status == Status::corrupt);
  CHECK(bus::parse_reply(examples[3].exchange, Bytes{0x10, 0, 1, 0, 1}).status == Status::corrupt);
}

TEST_CASE("a gateway's word that its unit does not answer is a timeout, every other exception a refusal") {
  const auto& exchange = examples[0].exchange;
  for (const int code : {1, 2, 3, 4, 5, 6, 8}) {
    CHECK(bus::parse_reply(exchange, Bytes{0x83, static_cast<std::uint8_t>(code)}).status == Status::refused);
  }
  CHECK(bus::parse_reply(exchange, Bytes{0x83, 0x0A}).status == Status::timeout);
  CHECK(bus::parse_reply(exchange, Bytes{0x83, 0x0B}).status == Status::timeout);
  CHECK(bus::parse_reply(exchange, Bytes{0x84, 0x02}).status == Status::corrupt);
}

TEST_CASE("a late answer is found among other bytes, by unit, form and checksum") {
  // Checksums by python3-pymodbus, pymodbus.utilities.computeCRC.
  const Exchange read = examples[1].exchange;
  const Bytes answer{0x01, 0x04, 0x02, 0x00, 0x0A, 0x39, 0x37};
  CHECK(bus::holds_answer(read, answer));
  Bytes behind_noise{0x00, 0xFF};
  behind_noise.insert(behind_noise.end(), answer.begin(), answer.end());
  CHECK(bus::holds_answer(read, behind_noise));
  CHECK(bus::holds_answer(read, Bytes{0x01, 0x84, 0x02, 0xC2, 0xC1}));
  CHECK_FALSE(bus::holds_answer(read, Bytes(answer.begin(), answer.end() - 1)));
  Bytes damaged = answer;
  damaged[4] ^= 1;
  CHECK_FALSE(bus::holds_answer(read, damaged));
  Exchange other = read;
  other.address = {2};
  CHECK_FALSE(bus::holds_answer(other, answer));
  CHECK_FALSE(bus::holds_answer(read, Bytes{}));
  Exchange broadcast = read;
  broadcast.kind = Exchange::Kind::broadcast;
  CHECK_FALSE(bus::holds_answer(broadcast, answer));
}

TEST_CASE("Modbus TCP frames are those of the messaging guide, however they arrive") {
  // "Messaging on TCP/IP implementation guide" V1.0b, the example of its annex A: read register 5 of unit FF.
  const Bytes asked{0x15, 0x01, 0x00, 0x00, 0x00, 0x06, 0xFF, 0x03, 0x00, 0x04, 0x00, 0x01};
  CHECK(bus::mbap_frame(0x1501, 0xFF, Bytes{0x03, 0x00, 0x04, 0x00, 0x01}) == asked);
  const Bytes answer{0x15, 0x01, 0x00, 0x00, 0x00, 0x05, 0xFF, 0x03, 0x02, 0x00, 0x05};
  for (const std::size_t portion : {1U, 3U, 7U, 100U}) {
    bus::MbapReader reader;
    int whole = 0;
    for (std::size_t at = 0; at < 2 * answer.size();) {
      const auto room = reader.room();
      REQUIRE_FALSE(room.empty());
      const std::size_t size = std::min({portion, room.size(), 2 * answer.size() - at});
      for (std::size_t i = 0; i < size; ++i) {
        room[i] = answer[(at + i) % answer.size()];
      }
      at += size;
      reader.filled(size);
      if (const auto frame = reader.take()) {
        ++whole;
        CHECK(frame->transaction == 0x1501);
        CHECK(frame->unit == 0xFF);
        CHECK(frame->pdu == Bytes{0x03, 0x02, 0x00, 0x05});
      }
    }
    CHECK(whole == 2);
  }
}

TEST_CASE("what is no Modbus TCP is known by its header") {
  const struct {
    const char* what;
    Bytes header;
  } wrong[] = {
      {"another protocol", {0, 1, 0, 1, 0, 6, 1}},
      {"nothing follows", {0, 1, 0, 0, 0, 2, 1}},
      {"more follows than fits", {0, 1, 0, 0, 1, 0xFF, 1}},
      {"a web server", {'H', 'T', 'T', 'P', '/', '1', '.'}},
  };
  for (const auto& one : wrong) {
    CAPTURE(one.what);
    bus::MbapReader reader;
    REQUIRE(reader.room().size() == one.header.size());
    std::copy(one.header.begin(), one.header.end(), reader.room().begin());
    reader.filled(one.header.size());
    CHECK(reader.is_broken());
    CHECK(reader.room().empty());
    CHECK_FALSE(reader.take());
  }
}

}  // namespace modbus_pdu_tests
