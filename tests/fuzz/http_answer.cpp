// Whatever a device answers: an answer within its bounds or a fault, whole or in portions the same; and
// whatever challenges it sends, what we send back stays one line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "drivers/http/answer_reader.hpp"
#include "drivers/http/login.hpp"

namespace {

using namespace lobby::http;

constexpr std::size_t head_limit = 512, body_limit = 1024;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

struct Read {
  AnswerReader::State state = AnswerReader::State::incomplete;
  Answer answer;
};

Read read(std::string_view bytes, std::size_t portion) {
  AnswerReader reader(head_limit, body_limit);
  Read out;
  for (std::size_t at = 0; at < bytes.size() && out.state == AnswerReader::State::incomplete; at += portion) {
    out.state = reader.take(bytes.substr(at, portion));
  }
  if (out.state == AnswerReader::State::incomplete) {
    out.state = reader.take_end();
  }
  if (out.state == AnswerReader::State::whole) {
    out.answer = reader.answer();
    require(out.answer.body.size() <= body_limit);
    require(out.answer.status >= 200);
  }
  return out;
}

void challenge(std::string_view field) {
  const auto challenges = parse_challenges(field);
  require(challenges.size() <= most_challenges);
  const auto login = std::make_shared<Login>(Credentials{"us\"er", "password", true});
  Handshake handshake(login, [] { return std::string("c"); });
  handshake.begin();
  static_cast<void>(handshake.authorization("GET", "/"));
  if (handshake.challenged({field}, {}) == Handshake::Next::again) {
    const auto sent = handshake.authorization("GET", "/");
    require(!sent.empty() && sent.find("password") == std::string::npos);
    require(std::none_of(sent.begin(), sent.end(),
                         [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, std::max<std::size_t>(size, 1));
  const auto dripped = read(bytes, 1);
  // In portions a fault may be seen earlier than what is wrong besides; what is good is good both ways.
  if (whole.state == AnswerReader::State::whole && dripped.state == AnswerReader::State::whole) {
    require(whole.answer.body == dripped.answer.body && whole.answer.status == dripped.answer.status);
  }
  challenge(bytes);
  for (const auto& [name, value] : whole.answer.fields) {
    challenge(value);
  }
  return 0;
}
