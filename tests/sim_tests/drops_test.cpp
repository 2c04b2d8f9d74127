#include <doctest/doctest.h>

#include "tests/sim_tests/frames.hpp"
#include "tests/sim_tests/village.hpp"

using namespace lobby::sim;

// What hangs on a line, by the control API and by the wire.

namespace {

std::string bytes(const Bytes& from) {
  return {from.begin(), from.end()};
}

/// A host at the near end of the village's line.
struct Host {
  explicit Host(const Village& at) : wire(at.open("line-1")) { REQUIRE(wire >= 0); }
  ~Host() { ::close(wire); }
  std::string ask(const Bytes& request, std::size_t length, int ms = 5000) const {
    write_all(wire, bytes(request));
    return read_some(wire, length, ms);
  }
  int wire;
};

}  // namespace

TEST_CASE("a panel's buttons count and its lamps are seen") {
  Village village;
  const Host host(village);
  CHECK(village.post("/sim/b1/key", R"({"key":"8"})").at("key_count") == 1);
  village.post("/sim/b1/key", R"({"key":"call"})", 400);
  CHECK(host.ask(with_crc({0x08, 0x04, 0x00, 0x13, 0x00, 0x01}), 7) ==
        bytes(with_crc({0x08, 0x04, 0x02, 0x01, 0x08})));
  const auto dark = village.http->Get("/sim/b1/screen.png")->body;
  CHECK(host.ask(with_crc({0x08, 0x06, 0x01, 0x01, 0x00, 0x81}), 8) ==
        bytes(with_crc({0x08, 0x06, 0x01, 0x01, 0x00, 0x81})));
  const auto panel = village.get("/sim/b1");
  CHECK(panel.at("kind") == "panel");
  CHECK(panel.at("kiosk") == "k1");
  CHECK(panel.at("lamps") == 0x81);
  const auto lit = village.http->Get("/sim/b1/screen.png")->body;
  CHECK(lit.starts_with("\x89PNG\r\n"));
  CHECK(lit != dark);
}

TEST_CASE("a key that stays down is seen by the host, and lets a unit take an address for itself") {
  Village village;
  const Host host(village);
  CHECK(village.post("/sim/u2/key", R"({"key":"down:call"})").at("key_count") == 1);
  CHECK(host.ask(with_crc({0x02, 0x04, 0x00, 0x1D, 0x00, 0x01}), 7) ==
        bytes(with_crc({0x02, 0x04, 0x02, 0x00, 0x08})));
  write_all(host.wire, bytes(with_crc({0x00, 0x06, 0x01, 0xC4, 0x00, 0x21})));
  CHECK(read_some(host.wire, 1, 40).empty());
  CHECK(village.get("/sim/u2").at("address") == 0x21);
  CHECK(village.get("/sim/u1").at("address") == 1);
  village.post("/sim/u2/key", R"({"key":"up"})");
  CHECK(host.ask(with_crc({0x21, 0x04, 0x00, 0x1D, 0x00, 0x01}), 7) ==
        bytes(with_crc({0x21, 0x04, 0x02, 0x00, 0x00})));
}

TEST_CASE("two units with one address answer as one that makes no sense") {
  Village village;
  const Host host(village);
  REQUIRE(host.ask(with_crc({0x02, 0x10, 0x01, 0xC0, 0x00, 0x04, 0x08, 0x00, 0x01, 0x04, 0x80, 0x00, 0x00,
                             0x5A, 0xFE}),
                   8) == bytes(with_crc({0x02, 0x10, 0x01, 0xC0, 0x00, 0x04})));
  const std::string both = host.ask(with_crc({0x01, 0x04, 0x00, 0x10, 0x00, 0x01}), 7);
  REQUIRE(both.size() == 7);
  CHECK(both.substr(0, 3) == "\x01\x04\x02");
  CHECK_FALSE(is_whole(Bytes(both.begin(), both.end())));
  CHECK(village.get("/sim/line-1").at("collisions") == 1);
}

TEST_CASE("a unit set to another speed than its line's is deaf") {
  Village village;
  const Host host(village);
  REQUIRE(host.ask(with_crc({0x02, 0x10, 0x01, 0xC0, 0x00, 0x04, 0x08, 0x00, 0x02, 0x00, 0x60, 0x00, 0x00,
                             0x5A, 0xFE}),
                   8)
              .size() == 8);
  CHECK(host.ask(with_crc({0x02, 0x04, 0x00, 0x10, 0x00, 0x01}), 7, 40).empty());
  CHECK(village.get("/sim/u2").at("baud") == 9600);
}

TEST_CASE("an adapter that was pulled out comes back under another name at the same place") {
  Village village;
  auto last = village.get("/sim/line-1").at("adapter");
  for (int round = 0; round < 3; ++round) {
    village.post("/sim/line-1/fault", R"({"kind":"gone"})");
    for (int i = 0; i < 1'000'000 && std::filesystem::exists(village.folder / "run/line-1"); ++i) {
    }
    village.mend("line-1");
    for (int i = 0; i < 1'000'000 && !std::filesystem::exists(village.folder / "run/line-1"); ++i) {
    }
    const Host host(village);
    CHECK(host.ask(with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x01}), 7).size() == 7);
    const auto now = village.get("/sim/line-1").at("adapter");
    CHECK(std::filesystem::read_symlink(village.folder / "run/line-1") == now.as_string().c_str());
    CHECK(now != last);
    last = now;
  }
}

TEST_CASE("a noisy line says what it did, and is quiet again when mended") {
  Village village;
  const Host host(village);
  village.post("/sim/line-1/fault", R"({"kind":"noise","per_mille":1001})", 400);
  village.post("/sim/u1/fault", R"({"kind":"noise"})", 400);
  CHECK(village.post("/sim/line-1/fault", R"({"kind":"noise","per_mille":1000})").at("faults") ==
        boost::json::array{"noise"});
  const std::string good = bytes(with_crc({0x01, 0x04, 0x02, 0x4C, 0x57}));
  const Bytes request = with_crc({0x01, 0x04, 0x00, 0x00, 0x00, 0x01});
  for (int i = 0; i < 20; ++i) {
    // Request and answer are hit both: whole and once is nothing that comes.
    CHECK(host.ask(request, 64, 20) != good);
  }
  const auto noise = village.get("/sim/line-1").at("noise");
  CHECK(noise.at("lost").to_number<int>() > 0);
  CHECK(noise.at("doubled").to_number<int>() > 0);
  CHECK(noise.at("spoilt").to_number<int>() > 0);
  village.mend("line-1");
  CHECK(host.ask(request, 7) == good);
}
