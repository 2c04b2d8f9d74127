#include <doctest/doctest.h>
#include <fmt/format.h>
#include <png.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "tests/e2e/approvals_site.hpp"
#include "tests/support/glass.hpp"

// LED boards at real programs: what advances in the superior system is on their dots.

namespace {

using namespace lobby;
using namespace lobby::tests;
using std::chrono::seconds;

constexpr const char* board_case = "510682SIM00042713";

std::string board_case_body(const std::string& status) {
  return fmt::format(
      R"({{"case_no":"{}","query_code":"428571","matter_name":"食品经营许可","applicant_type":"person",)"
      R"("applicant_name":"皇甫试甲乙","applicant_id_no":"510682199001010017","applicant_phone":"19900000123",)"
      R"("status":"{}","accepted_at":"2026-03-16T08:40:00+08:00"}})",
      board_case, status);
}

display::Picture picture_of(const std::string& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, png.data(), png.size()) != 0);
  image.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> rgb(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, rgb.data(), 0, nullptr) != 0);
  display::Picture picture(static_cast<int>(image.width), static_cast<int>(image.height));
  std::size_t at = 0;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x, at += 3) {
      picture.set(x, y, {rgb[at], rgb[at + 1], rgb[at + 2]});
    }
  }
  return picture;
}

struct BoardKind {
  std::string protocol, scheme;
  bool keeps_closing_text;  ///< long after nobody speaks to it any more
};
const std::vector<BoardKind> kinds = {
    {"onbon_6e", "tcp", true}, {"onbon_5e", "tcp", true}, {"onbon_k", "tcp", true}, {"huidu", "tcp", true},
    {"gbt23828", "tcp", true}, {"ddp", "udp", false},     {"e131", "udp", false}};

/// One board of each kind with today's totals, a wall of them, and a tall one with every case.
FeedOfSite feed_with_boards() {
  FeedOfSite feed;
  feed.take = R"("cases")";
  for (const auto& kind : kinds) {
    feed.more += fmt::format(
        "\n[[board]]\nid = \"{0}\"\nprotocol = \"{0}\"\nlink = \"{1}:127.0.0.1:{2}\"\nwidth = 256\nheight = "
        "64\n"
        "size = 16\npages = [\"totals\"]\n",
        kind.protocol, kind.scheme, free_port());
  }
  feed.more += fmt::format(
      "\n[[board]]\nid = \"tall\"\nprotocol = \"ddp\"\nlink = \"udp:127.0.0.1:{}\"\nwidth = 320\nheight = "
      "1024\n"
      "size = 16\npages = [\"cases\"]\n",
      free_port());
  feed.more +=
      "\n[[board]]\nid = \"wall\"\nprotocol = \"screen\"\nwidth = 256\nheight = 64\nsize = 16\n"
      "pages = [\"totals\"]\n";
  return feed;
}

class BoardLobby : public ApprovalLobby {
 public:
  BoardLobby() : ApprovalLobby({feed_with_boards()}) {}
  display::Picture glass(const std::string& board) {
    return picture_of(hall().sim("GET", "/" + board + "/screen.png?scale=1").body);
  }
  /// How many cases were finished today by the board's dots; nullopt: it says nothing of it.
  static std::optional<int> finished(const display::Picture& glass) {
    for (int count = 0; count < 200; ++count) {
      if (shows(glass, fmt::format("今日办结{}件", count))) {
        return count;
      }
    }
    return std::nullopt;
  }
  /// Whether every board says so within that time; names one that does not.
  void all_say(int count, seconds time) {
    std::string other;
    const bool all = within(time, [&] {
      other.clear();
      for (const auto& kind : kinds) {
        if (finished(glass(kind.protocol)) != count) {
          other += kind.protocol + " ";
        }
      }
      return other.empty();
    });
    REQUIRE_MESSAGE(all, "not on " << other << "within " << time.count() << " s");
  }
  std::string confirmed(const std::string& board) {
    const auto boards = hall().client("screen").get("/boards").json();
    for (const auto& one : boards.as_array()) {
      if (one.at("id") == board.c_str()) {
        return one.at("confirmed").as_string().c_str();
      }
    }
    return "";
  }
};

double since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

TEST_CASE(
    "a case that advances is on the dots of every board within a poll and a second, also after a crash") {
  BoardLobby lobby;
  const int slow = is_sanitized ? 5 : 1;
  lobby.put("approvals", "case", board_case_body("accepted"));
  REQUIRE(lobby.within(seconds(30), [&] { return shows(lobby.glass("tall"), "42713"); }));
  REQUIRE(lobby.within(seconds(10 * slow),
                       [&] { return BoardLobby::finished(lobby.glass("onbon_6e")).has_value(); }));
  const int before = *BoardLobby::finished(lobby.glass("onbon_6e"));
  lobby.all_say(before, seconds(5 * slow));
  CHECK_FALSE(shows(lobby.glass("tall"), "皇甫试"));
  CHECK(shows(lobby.glass("tall"), "42713"));

  const auto then = std::chrono::steady_clock::now();
  lobby.put("approvals", "case", board_case_body("finished"));
  // Asked every five seconds. What takes longer is our looking at eight pictures.
  lobby.all_say(before + 1, seconds(7 * slow));
  MESSAGE("on every board after " << since(then) << " s");
  for (const auto& kind : kinds) {
    CAPTURE(kind.protocol);
    CHECK(lobby.within(seconds(3 * slow), [&] {
      return lobby.confirmed(kind.protocol) == (kind.scheme == "tcp" ? "shown" : "sent");
    }));
    CHECK(lobby.sim(kind.protocol).at("mixed").to_number<int>() == 0);
  }

  // The wall, as the program of its own draws it.
  const std::string shot = lobby.hall().folder() + "/wall.png";
  Process screen({"/usr/bin/env", "SDL_VIDEODRIVER=dummy", LOBBY_BIN_DIR "/lobby-screen", "board", "--server",
                  "http://" + lobby.hall().daemon().address(), "--token-file",
                  lobby.hall().folder() + "/state/demo-tokens/screen", "--id", "wall", "--size", "256x64",
                  "--shot", shot, "--after", "3"});
  REQUIRE(screen.wait() == 0);
  CHECK(BoardLobby::finished(picture_of(read_file(shot))) == before + 1);

  // Nothing of before is left on the cards.
  lobby.hall().stop_daemon(SIGKILL);
  for (const auto& kind : kinds) {
    lobby.put(kind.protocol, "fault", R"({"kind":"power_cycle"})");
    CHECK_FALSE(BoardLobby::finished(lobby.glass(kind.protocol)).has_value());
  }
  lobby.hall().start_daemon();
  lobby.all_say(before + 1, seconds(20 * slow));

  lobby.hall().stop_daemon(SIGTERM);
  for (const auto& kind : kinds) {
    CAPTURE(kind.protocol);
    const auto glass = lobby.glass(kind.protocol);
    CHECK_FALSE(BoardLobby::finished(glass).has_value());
    CHECK((shows(glass, "欢迎光临") || (!kind.keeps_closing_text && is_dark(glass))));
  }
}
