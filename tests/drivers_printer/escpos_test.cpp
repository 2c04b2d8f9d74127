#include "drivers/printer/escpos.hpp"

#include <doctest/doctest.h>

#include <random>

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;

Profile wide() {
  Profile profile;
  profile.columns = 48;
  profile.cut = {0x1D, 0x56, 0x42, 0x00};
  profile.confirm = Profile::Confirm::process_id;
  return profile;
}

Profile narrow() {
  auto profile = wide();
  profile.columns = 32;
  profile.font = Profile::Font::gb2312;
  return profile;
}

const Bytes head{0x1B, 0x40, 0x1C, 0x26};
const Bytes cut{0x1D, 0x56, 0x42, 0x00};

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const auto& part : parts) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

std::vector<Answer> decoded(const Bytes& bytes) {
  Decoder decoder;
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

}  // namespace

TEST_CASE("a ticket as bytes") {
  Job job;
  job.items.push_back(TextLine{"什邡", TextLine::Align::centre, 1, true});
  job.items.push_back(TextLine{"A017", TextLine::Align::centre, 4, true});
  job.items.push_back(TextLine{"", TextLine::Align::left, 1, false});
  job.items.push_back(TextLine{"12", TextLine::Align::right, 2, false});
  const Bytes wanted = joined({
      head,
      {0x1B, 0x61, 1, 0x1B, 0x45, 1, 0xCA, 0xB2, 0xDA, 0xFA, 0x0A},  // centre, bold
      {0x1D, 0x21, 0x33, 'A', '0', '1', '7', 0x0A},                  // 4 × 4
      {0x1B, 0x4A, 0x0A},                                            // as far apart as plain text
      {0x1B, 0x61, 0, 0x1D, 0x21, 0x00, 0x1B, 0x45, 0, 0x0A},        // back to plain
      {0x1B, 0x61, 2, 0x1D, 0x21, 0x11, '1', '2', 0x0A},             // right, 2 × 2
      {0x1B, 0x4A, 0x0A},
      cut,
  });
  CHECK(encode(job, wide()).bytes == wanted);
}

TEST_CASE("an empty job still begins clean and cuts") {
  CHECK(encode({}, wide()).bytes == joined({head, cut}));
}

TEST_CASE("no line is wider than the paper, and none is split inside a character") {
  Job job;
  // 31 half-width places, then a character of two: it does not fit into the 32nd.
  job.items.push_back(TextLine{"1234567890123456789012345678901号9"});
  Bytes wanted = head;
  const std::string first = "1234567890123456789012345678901";
  wanted.insert(wanted.end(), first.begin(), first.end());
  wanted.insert(wanted.end(), {0x0A, 0xBA, 0xC5, '9', 0x0A});
  wanted.insert(wanted.end(), cut.begin(), cut.end());
  CHECK(encode(job, narrow()).bytes == wanted);

  job.items[0] = TextLine{"号号号号号", TextLine::Align::left, 4, false};  // 4 × 8 = 32 columns a line
  CHECK(encode(job, narrow()).bytes ==
        joined({head,
                {0x1D, 0x21, 0x33},
                {0xBA, 0xC5, 0xBA, 0xC5, 0xBA, 0xC5, 0xBA, 0xC5, 0x0A, 0xBA, 0xC5, 0x0A, 0x1B, 0x4A, 0x0A},
                cut}));
}

TEST_CASE("scales beyond the printer's are taken as its greatest") {
  Job job;
  job.items.push_back(TextLine{"1", TextLine::Align::left, 99, false});
  CHECK(encode(job, wide()).bytes == joined({head, {0x1D, 0x21, 0x77, '1', 0x0A, 0x1B, 0x4A, 0x0A}, cut}));
}

TEST_CASE("a text that carries a command prints without it") {
  Job job;
  job.items.push_back(TextLine{"A\x1B@\x1DV\x01\x10\x04\x01\nB"});
  CHECK(encode(job, wide()).bytes == joined({head, {'A', '@', 'V', 'B', 0x0A}, cut}));
}

TEST_CASE("an endless job is cut to a bound and still ends with the cut") {
  Job job;
  job.items.assign(100'000, TextLine{"号号号号号号号号号号"});
  const auto bytes = encode(job, wide()).bytes;
  CHECK(bytes.size() <= 64 * 1024);
  CHECK(Bytes(bytes.end() - 4, bytes.end()) == cut);
}

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
  CHECK(std::get<Block>(answers[4]).kind == 0x5F);
  CHECK(std::get<Block>(answers[5]).kind == 0x37);
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
        Bytes{0x37, 0x23, 'a', 'b', 'c', 'd', 0x00}, Bytes{0x37, 0x00}}) {
    const auto answers = decoded(bytes);
    REQUIRE(answers.size() == 1);
    CHECK(std::holds_alternative<Block>(answers[0]));
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
