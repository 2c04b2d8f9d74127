// What printers say, byte for byte as their manuals print it.
#include "drivers/printer/answers.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "drivers/printer/requests.hpp"

namespace answers_tests {

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;
using Form = Profile::Status;

std::vector<Answer> decoded(const Bytes& bytes, Form form = Form::dle_eot, bool flow_bytes = true) {
  Decoder decoder(form, flow_bytes);
  std::vector<Answer> out;
  for (const auto byte : bytes) {
    if (const auto answer = decoder.take(byte)) {
      out.push_back(*answer);
    }
  }
  return out;
}

Condition real_time(std::uint8_t n1, std::uint8_t n2, std::uint8_t n3, std::uint8_t n4) {
  Condition condition;
  add_real_time(1, n1, condition);
  add_real_time(2, n2, condition);
  add_real_time(3, n3, condition);
  add_real_time(4, n4, condition);
  return condition;
}

/// The one frame in these bytes.
Condition framed(Form form, const Bytes& bytes, bool flow_bytes = true) {
  const auto answers = decoded(bytes, form, flow_bytes);
  REQUIRE(answers.size() == 1);
  REQUIRE(std::holds_alternative<Automatic>(answers[0]));
  return std::get<Automatic>(answers[0]).condition;
}

}  // namespace

TEST_CASE("fences") {
  CHECK(fence(Profile::Confirm::process_id, {'0', '0', '4', '2'}) ==
        Bytes{0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, '0', '0', '4', '2'});
  CHECK(fence(Profile::Confirm::in_order_status, {}) == Bytes{0x1D, 0x72, 0x01});
  CHECK(fence(Profile::Confirm::none, {}).empty());
  CHECK(ask_status(4) == Bytes{0x10, 0x04, 0x04});
  FenceId before = fence_id(0);
  for (std::uint32_t n = 1; n < 20'000; ++n) {
    const auto id = fence_id(n);
    REQUIRE(id > before);
    for (const auto byte : id) {
      REQUIRE(byte >= 0x20);
      REQUIRE(byte <= 0x7E);
    }
    before = id;
  }
  CHECK(fence_id(fence_ids) == fence_id(0));
  CHECK(fence_id(fence_ids - 1) > fence_id(fence_ids - 2));
}

TEST_CASE("answers to DLE EOT as the manuals print them") {
  CHECK(real_time(0x12, 0x12, 0x12, 0x12).reason().empty());
  CHECK(real_time(0x16, 0x12, 0x12, 0x12).reason().empty());  // drawer pin high
  CHECK(real_time(0x12, 0x12, 0x12, 0x1E).reason() == "paper low");
  CHECK(real_time(0x12, 0x12, 0x12, 0x1E).can_print());
  CHECK(real_time(0x1A, 0x32, 0x12, 0x72).reason() == "paper out");
  CHECK(real_time(0x1A, 0x32, 0x12, 0x7E).reason() == "paper out");
  CHECK(real_time(0x1A, 0x16, 0x12, 0x7E).reason() == "cover open");  // the paper bits mean nothing then
  CHECK(real_time(0x1A, 0x52, 0x1A, 0x12).reason() == "cutter jammed");
  CHECK(real_time(0x1A, 0x52, 0x32, 0x12).reason() == "printer error");
  CHECK(real_time(0x1A, 0x52, 0x52, 0x12).reason() == "too hot");
  CHECK(real_time(0x1A, 0x12, 0x12, 0x12).reason() == "off line");
  CHECK(!real_time(0x1A, 0x12, 0x12, 0x12).can_print());
}

TEST_CASE("each kind of answer is told apart") {
  const auto answers = decoded({0x12, 0x10, 0x00, 0x03, 0x00, 0x03, 0x37, 0x22, 'a',  'b', 'c',
                                'd',  0x00, 0x5F, 'C',  'H',  0x00, 0x37, 0x25, 0x00, 0x16});
  REQUIRE(answers.size() == 7);
  CHECK(std::get<RealTime>(answers[0]).bits == 0x12);
  CHECK(std::get<Automatic>(answers[1]).condition.reason() == "paper low");
  CHECK(std::get<InOrder>(answers[2]).bits == 0x03);
  CHECK(std::get<ProcessId>(answers[3]).id == FenceId{'a', 'b', 'c', 'd'});
  CHECK(std::get<Identity>(answers[4]).text == "CH");
  CHECK(std::holds_alternative<Cleared>(answers[5]));
  CHECK(std::get<RealTime>(answers[6]).bits == 0x16);
}

TEST_CASE("automatic status uses other bits than DLE EOT") {
  const auto condition = [](Bytes frame) {
    const auto answers = decoded(frame);
    REQUIRE(answers.size() == 1);
    return std::get<Automatic>(answers[0]).condition;
  };
  CHECK(condition({0x10, 0x00, 0x00, 0x00}).can_print());
  CHECK(condition({0x10, 0x00, 0x03, 0x00}).reason() == "paper low");
  CHECK(condition({0x18, 0x00, 0x0F, 0x00}).reason() == "paper out");
  CHECK(condition({0x38, 0x00, 0x0C, 0x00}).reason() == "cover open");
  CHECK(condition({0x18, 0x08, 0x00, 0x0F}).reason() == "cutter jammed");
  CHECK(condition({0x18, 0x20, 0x00, 0x0F}).reason() == "printer error");
}

TEST_CASE("XON and XOFF may stand anywhere") {
  const Bytes id{0x37, 0x22, '0', '0', '0', '7', 0x00};
  const Bytes frame{0x18, 0x00, 0x0C, 0x00};
  for (const auto flow : Bytes{0x11, 0x13}) {
    for (std::size_t i = 0; i <= id.size(); ++i) {
      auto bytes = id;
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(i), flow);
      const auto answers = decoded(bytes);
      REQUIRE(answers.size() == 1);
      CHECK(std::get<ProcessId>(answers[0]).id == FenceId{'0', '0', '0', '7'});
    }
    for (std::size_t i = 0; i <= frame.size(); ++i) {
      auto bytes = frame;
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(i), flow);
      const auto answers = decoded(bytes);
      REQUIRE(answers.size() == 1);
      CHECK(std::get<Automatic>(answers[0]).condition.paper_out);
    }
  }
}

TEST_CASE("a torn frame does not swallow what follows") {
  const auto answers = decoded({0x18, 0x00, 0x12, 0x37, 0x22, 'x', 'y', 'z', '!', 0x00});
  REQUIRE(answers.size() == 2);
  CHECK(std::holds_alternative<RealTime>(answers[0]));
  CHECK(std::get<ProcessId>(answers[1]).id == FenceId{'x', 'y', 'z', '!'});
}

TEST_CASE("ids of a wrong length are no ids") {
  for (const Bytes& bytes :
       {Bytes{0x37, 0x22, 'a', 'b', 'c', 0x00}, Bytes{0x37, 0x22, 'a', 'b', 'c', 'd', 'e', 0x00},
        Bytes{0x37, 0x23, 'a', 'b', 'c', 'd', 0x00}, Bytes{0x37, 0x25, 'a', 'b', 'c', 'd', 0x00},
        Bytes{0x37, 0x00}}) {
    const auto answers = decoded(bytes);
    REQUIRE(answers.size() == 1);
    CHECK(!std::holds_alternative<ProcessId>(answers[0]));
    CHECK(!std::holds_alternative<Cleared>(answers[0]));
  }
}

TEST_CASE("a block without an end stops at a bound, and the next answer is read") {
  Decoder decoder;
  CHECK(!decoder.take(0x5F).has_value());
  int read = 0;
  std::optional<Answer> answer;
  while (!answer && ++read < 1000) {
    answer = decoder.take('x');
  }
  CHECK(read < 200);
  REQUIRE(answer.has_value());
  CHECK(!std::get<Block>(*answer).whole);
  CHECK(std::holds_alternative<RealTime>(*decoder.take(0x12)));
}

TEST_CASE("two ids that arrive at once are two") {
  CHECK(decoded({0x37, 0x22, '0', '0', '0', '1', 0, 0x37, 0x22, '0', '0', '0', '3', 0}).size() == 2);
}

TEST_CASE("noise is never an id") {
  std::mt19937 random(20261123);
  Decoder decoder;
  int ids = 0;
  for (int i = 0; i < 2'000'000; ++i) {
    const auto answer = decoder.take(static_cast<std::uint8_t>(random()));
    ids += answer && std::holds_alternative<ProcessId>(*answer) ? 1 : 0;
  }
  // A block of exactly six bytes with the right second one: about one in 256 of the rare blocks of that
  // length.
  CHECK(ids < 200);
}

TEST_CASE("what is asked in real time and in order") {
  CHECK(clear_buffers() == Bytes{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08});
  CHECK(recover_by_clearing() == Bytes{0x10, 0x05, 0x02});
  CHECK(ask_identity(67) == Bytes{0x1D, 0x49, 0x43});
  CHECK(fence(Profile::Confirm::esc_v, {}) == Bytes{0x1B, 0x76});
}

TEST_CASE("with the cover open the paper bits of an automatic status mean nothing") {
  const auto condition = framed(Form::epson, {0x38, 0x00, 0x0F, 0x00});
  CHECK(condition.cover_open);
  CHECK(!condition.paper_out);
  CHECK(!condition.paper_low);
}

TEST_CASE("a frame of SNBC's BT-T080AII, which Epson's rule would drop") {
  struct Row {
    Bytes frame;
    const char* reason;
    bool printing;
  };
  const Row rows[] = {
      {{0x10, 0x00, 0x00, 0x00}, "", false},
      {{0x10, 0x80, 0x00, 0x00}, "", false},  // somebody pulls at the ticket
      {{0x10, 0x00, 0x40, 0x00}, "", true},
      {{0x10, 0x00, 0x03, 0x00}, "paper low", false},
      {{0x18, 0x00, 0x0C, 0x00}, "paper out", false},
      {{0x18, 0x00, 0x4F, 0x00}, "paper out", true},
      {{0x38, 0x00, 0x00, 0x00}, "cover open", false},
      {{0x10, 0x04, 0x00, 0x00}, "paper jammed", false},
      {{0x10, 0x10, 0x00, 0x00}, "paper jammed", false},
      {{0x10, 0x94, 0x00, 0x00}, "paper jammed", false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.reason));
    const auto condition = framed(Form::snbc_t080aii, row.frame);
    CHECK(condition.reason() == row.reason);
    CHECK(condition.printing == row.printing);
  }
}

TEST_CASE("the six bytes of SNBC's BK-C310") {
  struct Row {
    Bytes frame;
    const char* reason;
    bool in_outlet;
  };
  const Row rows[] = {
      {{0x00, 0x00, 0, 0, 0x00, 0}, "", false},
      {{0x01, 0x00, 0, 0, 0x00, 0}, "paper low", false},
      {{0x02, 0x00, 0, 0, 0x00, 0}, "cover open", false},
      {{0x04, 0x00, 0, 0, 0x00, 0}, "paper out", false},
      {{0x00, 0x00, 0, 0, 0x06, 0}, "paper out", false},
      {{0x00, 0x00, 0, 0, 0x02, 0}, "", false},
      {{0x08, 0x00, 0, 0, 0x00, 0}, "too hot", false},
      {{0x10, 0x00, 0, 0, 0x00, 0}, "cutter jammed", false},
      {{0x20, 0x00, 0, 0, 0x00, 0}, "paper jammed", false},
      {{0x00, 0x02, 0, 0, 0x00, 0}, "paper jammed", false},
      {{0x00, 0x04, 0, 0, 0x00, 0}, "paper jammed", false},
      {{0x00, 0x10, 0, 0, 0x00, 0}, "paper jammed", false},
      {{0x00, 0x01, 0, 0, 0x00, 0}, "", true},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.reason));
    const auto condition = framed(Form::snbc_bk_c310, row.frame, false);
    CHECK(condition.reason() == row.reason);
    CHECK(condition.in_outlet == row.in_outlet);
  }
}

TEST_CASE("SNBC's one byte: each bit is a thing by itself") {
  const char* reasons[] = {"cover open", "paper out",    "cutter jammed", "too hot",
                           "paper low",  "paper jammed", "paper jammed",  "paper jammed"};
  for (int bit = 0; bit < 8; ++bit) {
    CHECK(framed(Form::snbc_byte, {static_cast<std::uint8_t>(1 << bit)}, false).reason() == reasons[bit]);
  }
  CHECK(framed(Form::snbc_byte, {0x00}, false).reason().empty());
}

TEST_CASE("frames without a mark begin where the question was, and what comes beyond them is nobody's") {
  Decoder decoder(Form::snbc_bk_c310, false);
  for (int i = 0; i < 3; ++i) {
    CHECK(!decoder.take(0x3F));
  }
  decoder.reset();
  for (int i = 0; i < 5; ++i) {
    CHECK(!decoder.take(0x00));
  }
  const auto answer = decoder.take(0x00);
  REQUIRE(answer);
  CHECK(std::get<Automatic>(*answer).condition.can_print());
  for (int i = 0; i < 20; ++i) {
    CHECK(!decoder.take(0x04));
  }
}

TEST_CASE("Custom's FULL status") {
  struct Row {
    std::uint8_t p, u, r, x;
    const char* reason;
    bool in_outlet, printing;
  };
  const Row rows[] = {
      {0x00, 0x00, 0x00, 0x00, "", false, false},
      {0x01, 0x00, 0x00, 0x00, "paper out", false, false},
      {0x04, 0x00, 0x00, 0x00, "paper low", false, false},
      {0x20, 0x00, 0x00, 0x00, "", true, false},
      {0x40, 0x00, 0x00, 0x00, "paper low", false, false},
      {0x80, 0x00, 0x00, 0x00, "", false, false},  // at the notch
      {0x00, 0x01, 0x00, 0x00, "cover open", false, false},
      {0x00, 0x02, 0x00, 0x00, "cover open", false, false},
      {0x00, 0x04, 0x00, 0x00, "", false, true},
      {0x00, 0x08, 0x00, 0x00, "", false, true},
      {0x00, 0x60, 0x00, 0x00, "", false, false},  // somebody presses a button
      {0x00, 0x00, 0x01, 0x00, "too hot", false, false},
      {0x00, 0x00, 0x08, 0x00, "too hot", false, false},
      {0x00, 0x00, 0x02, 0x00, "printer error", false, false},
      {0x00, 0x00, 0x20, 0x00, "", false, false},  // it did not know a command
      {0x00, 0x00, 0x00, 0x01, "printer error", false, false},
      {0x00, 0x00, 0x00, 0x40, "printer error", false, false},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.reason));
    const auto condition = framed(Form::custom_full, {0x10, 0x0F, row.p, row.u, row.r, row.x});
    CHECK(condition.reason() == row.reason);
    CHECK(condition.in_outlet == row.in_outlet);
    CHECK(condition.printing == row.printing);
  }
}

TEST_CASE("Custom's frames lie amid other answers, torn ones too") {
  const auto answers =
      decoded({0x10, 0x12, 0x10, 0x10, 0x0F, 0x01, 0x00, 0x00, 0x00, 0x37, 0x22, 'a', 'b', 'c', 'd', 0x00},
              Form::custom_full);
  REQUIRE(answers.size() == 3);
  CHECK(std::holds_alternative<RealTime>(answers[0]));
  CHECK(std::get<Automatic>(answers[1]).condition.paper_out);
  CHECK(std::holds_alternative<ProcessId>(answers[2]));
}

TEST_CASE("that it went off line, and that its buffers are empty, are answers of their own") {
  const auto offline = decoded({0x37, 0x23, 0x41, 0x00});
  REQUIRE(offline.size() == 1);
  CHECK(!std::get<Offline>(offline[0]).condition.can_print());
  const auto cleared = decoded({0x37, 0x13, 0x25, 0x11, 0x00});
  REQUIRE(cleared.size() == 1);
  CHECK(std::holds_alternative<Cleared>(cleared[0]));
}

TEST_CASE("a wire without flow control has no byte that is passed over") {
  CHECK(framed(Form::snbc_byte, {0x11}, false).cover_open);
  CHECK(decoded({0x11}, Form::snbc_byte, true).empty());
}

}  // namespace answers_tests
