#include <doctest/doctest.h>

#include "firmware/core/key_chain_reader.hpp"

using namespace lobby::firmware;

namespace {

struct Chain {
  KeyChainReader reader;
  Micros now = 1'000'000;
  /// Runs until it polls; 0: not within a second.
  std::uint8_t next_poll() {
    for (int i = 0; i < 2000; ++i) {
      now += 500;
      if (const auto poll = reader.poll(now)) {
        return *poll;
      }
    }
    return 0;
  }
};

}  // namespace

TEST_CASE("it polls one byte at a time, the next when the last was answered") {
  Chain chain;
  CHECK(chain.next_poll() == 0x51);
  CHECK_FALSE(chain.reader.poll(chain.now + 500));
  chain.reader.byte(0xFE, chain.now);
  CHECK(chain.next_poll() == 0x52);
  chain.reader.byte(0x7F, chain.now);
  CHECK(chain.next_poll() == 0x53);
  CHECK_FALSE(chain.reader.take_keys());
  chain.reader.byte(0x69, chain.now);
  CHECK(chain.reader.take_keys() == 0x8001);
  CHECK_FALSE(chain.reader.is_missing());
}

TEST_CASE("an answer that comes too late is never taken for another's") {
  Chain chain;
  CHECK(chain.next_poll() == 0x51);
  chain.now += 101'000;
  CHECK_FALSE(chain.reader.poll(chain.now));
  CHECK(chain.reader.take_keys() == 0);
  chain.now += 30'000;
  chain.reader.byte(0x00, chain.now);  // "all held", said to the first poll
  CHECK(chain.next_poll() == 0x51);
  chain.reader.byte(0xFF, chain.now);
  CHECK(chain.next_poll() == 0x52);
  chain.reader.byte(0xFF, chain.now);
  CHECK(chain.next_poll() == 0x53);
  chain.reader.byte(0x69, chain.now);
  CHECK(chain.reader.take_keys() == 0);
}

TEST_CASE("a chain that ends otherwise than it is wired has no keys") {
  Chain chain;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(chain.next_poll() != 0);
    chain.reader.byte(0, chain.now);
  }
  CHECK(chain.reader.take_keys() == 0);
  CHECK(chain.reader.is_missing());
}
