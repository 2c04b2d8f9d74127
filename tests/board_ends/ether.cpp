#include <doctest/doctest.h>
#include <png.h>
#include <sched.h>

#include <cstdlib>
#include <random>

#include "drivers/board/boards.hpp"
#include "drivers/link/asio_executor.hpp"
#include "drivers/link/packet_link.hpp"
#include "tests/fakes/loop.hpp"
#include "tests/sim/led_board.hpp"

// A Colorlight wall on a real pair of network interfaces, in a network of this program's own.

using namespace lobby;
using namespace std::chrono_literals;

namespace {

bool run(const std::string& command) {
  return std::system((command + " 2>/dev/null").c_str()) == 0;
}

/// False: this user may not, or there is no `ip`.
bool has_cable() {
  return ::unshare(CLONE_NEWNET) == 0 && run("ip link add host type veth peer name card") &&
         run("ip link set host up") && run("ip link set card up");
}

struct Told final : board::Board::Listener {
  void board_changed() override {}
};

board::View dots(std::mt19937& dice, board::Size size) {
  board::View view;
  view.picture.size = size;
  for (int i = 0; i < size.width * size.height * 3; ++i) {
    view.picture.rgb.push_back(static_cast<std::uint8_t>(dice() % 256));
  }
  return view;
}

board::Bytes glass_of(sim::LedBoard& card) {
  const auto file = card.screen(1);
  if (!file) {
    return {};
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, file->body.data(), file->body.size()) != 0);
  image.format = PNG_FORMAT_RGB;
  board::Bytes rgb(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, rgb.data(), 0, nullptr) != 0);
  return rgb;
}

}  // namespace

TEST_CASE("a wall on a real cable shows what it is told, dot for dot, and again when the cable is back") {
  if (!has_cable()) {
    MESSAGE("passed over: no network of its own for this user (root and `ip` of iproute2 are needed)");
    return;
  }
  constexpr board::Size size{256, 128};
  sim::BoardEnd end;
  end.id = "wall";
  end.protocol = "colorlight";
  end.link = sim::BoardEnd::Link::ether;
  end.path = "card";
  end.width = size.width;
  end.height = size.height;
  end.colour = "full";
  sim::LedBoard card(end, sim::card_of(end, 5ms, std::make_shared<const display::DotFont>()),
                     sim::plug_of(end));
  REQUIRE(card.start() == "");

  fakes::Loop loop;
  link::AsioExecutor executor(loop.io);
  Told told;
  board::BoardOptions options;
  options.size = size;
  const auto wall = board::make_colorlight_board(
      executor, link::make_packet_link(loop.io, "host", board::colorlight::answer_protocol), {}, options,
      told);
  wall->start();
  std::mt19937 dice(5);
  const auto shows = [&](const board::View& view) {
    return loop.until([&] { return glass_of(card) == view.picture.rgb; }, 4s);
  };
  for (int i = 0; i < 5; ++i) {
    const auto view = dots(dice, size);
    wall->want(view);
    CHECK(shows(view));
  }
  CHECK(loop.until([&] { return wall->report().health == board::Health::ok; }));
  CHECK(wall->report().acknowledged_at.has_value());  // the card said who it is

  REQUIRE(run("ip link set card down"));
  CHECK(loop.until([&] { return wall->report().health == board::Health::gone; }));
  const auto view = dots(dice, size);
  wall->want(view);
  REQUIRE(run("ip link set card up"));
  CHECK(shows(view));
  CHECK(loop.until([&] { return wall->report().health == board::Health::ok; }));
  CHECK(card.describe().at("mixed").to_number<int>() == 0);

  bool is_stopped = false;
  wall->stop([&] { is_stopped = true; });
  CHECK(loop.until([&] { return is_stopped; }));
  CHECK(loop.until([&] { return glass_of(card) == board::Bytes(view.picture.rgb.size(), 0); }, 2s));
}
