#include "daemon/devices/outbox_lines.hpp"

#include <doctest/doctest.h>

#include <string>

#include "daemon/devices/feed_lines.hpp"

namespace lobby::devices::outbox_lines::outbox_lines_tests {
namespace {

TEST_CASE("a confirmation with what was rejected") {
  const auto message = parse(
      R"({"kind":"posted","batch":7,"rejected":[{"id":"north-1","reason":""},{"id":"北-2","reason":"坏"}]})");
  REQUIRE(message);
  const auto& posted = std::get<Posted>(*message);
  CHECK(posted.batch == 7);
  CHECK_FALSE(posted.more);
  REQUIRE(posted.rejected.size() == 2);
  CHECK(posted.rejected[0].id == "north-1");
  CHECK(posted.rejected[1].reason == "坏");
  const auto part = parse(R"({"kind":"posted","batch":0,"rejected":[],"more":true})");
  REQUIRE(part);
  CHECK(std::get<Posted>(*part).more);
}

TEST_CASE("a fault, with or without the word for what it is about") {
  const auto message = parse(R"({"kind":"fault","what":"","reason":"HTTP 500","retry_s":4})");
  REQUIRE(message);
  CHECK(std::get<Fault>(*message).reason == "HTTP 500");
  CHECK(std::get<Fault>(*message).retry_s == 4);
  CHECK(parse(R"({"kind":"fault","reason":"","retry_s":0})"));
}

TEST_CASE("anything else is no line of the protocol") {
  for (const std::string& line :
       {std::string(),
        std::string("7"),
        std::string("[]"),
        std::string("{}"),
        std::string("\xff"),
        std::string(R"({"kind":"posted"})"),
        std::string(R"({"kind":"posted","batch":1})"),
        std::string(R"({"kind":"posted","batch":-1,"rejected":[]})"),
        std::string(R"({"kind":"posted","batch":"1","rejected":[]})"),
        std::string(R"({"kind":"posted","batch":1,"rejected":{}})"),
        std::string(R"({"kind":"posted","batch":1,"rejected":["a"]})"),
        std::string(R"({"kind":"posted","batch":1,"rejected":[{"id":"","reason":""}]})"),
        std::string(R"({"kind":"posted","batch":1,"rejected":[{"id":"a"}]})"),
        std::string(R"({"kind":"posted","batch":1,"rejected":[],"more":1})"),
        std::string(R"({"kind":"fault","reason":"x"})"),
        std::string(R"({"kind":"fault","reason":7,"retry_s":1})"),
        std::string(R"({"kind":"fault","reason":"x","retry_s":-1})"),
        std::string(R"({"kind":"fault","reason":"x","retry_s":100000001})"),
        std::string(R"({"kind":"taken","batch":1,"rejected":[]})"),
        R"({"kind":"fault","reason":")" + std::string(1025, 'x') + R"(","retry_s":1})",
        R"({"kind":"posted","batch":1,"rejected":[]})" + std::string(feed_lines::max_line, ' ')}) {
    CAPTURE(line.substr(0, 60));
    CHECK_FALSE(parse(line));
  }
}

}  // namespace
}  // namespace lobby::devices::outbox_lines::outbox_lines_tests
