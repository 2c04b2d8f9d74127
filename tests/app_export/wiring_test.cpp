#include "daemon/app/export_wiring.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "drivers/link/asio_executor.hpp"
#include "tests/app/site_cases.hpp"
#include "tests/fakes/loop.hpp"

namespace {

using namespace lobby;

struct WiredHouse {
  std::optional<app::ExportSite> site = app::ExportSite{"", 0};
  std::unique_ptr<app::ExportWiring> start() {
    return std::make_unique<app::ExportWiring>(
        executor, site,
        [this] {
          ++asked;
          return app::PublicTexts{"测试大厅", R"({"cases":[{"case_no":"A-)" + std::to_string(asked) + "\"}]}",
                                  "", ""};
        },
        [] {
          return hall::Instant{1773622800000, 480};
        });
  }
  bool shows(const std::string& words) const {
    std::ifstream in(folder.path() / "approvals.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    return text.find(words) != std::string::npos;
  }
  app::cases::Folder folder;
  fakes::Loop loop;
  link::AsioExecutor executor{loop.io};
  int asked = 0;
};

TEST_CASE("pages are written again and again, from what the loop says at that moment") {
  WiredHouse house;
  house.site->dir = house.folder.path().string();
  const auto wiring = house.start();
  REQUIRE(house.loop.until([&] { return house.shows("\"A-3\""); }));
  wiring->stop();
  // What is being written is finished, and nothing more begins.
  house.loop.until([] { return false; }, std::chrono::milliseconds(50));
  const int asked = house.asked;
  house.loop.until([] { return false; }, std::chrono::milliseconds(50));
  CHECK(house.asked == asked);
}

TEST_CASE("it may end while it writes") {
  WiredHouse house;
  house.site->dir = house.folder.path().string();
  auto wiring = house.start();
  REQUIRE(house.loop.until([&] { return house.asked == 1; }));
  wiring.reset();
  CHECK(house.shows("\"A-1\""));
  house.loop.until([] { return false; }, std::chrono::milliseconds(20));
}

TEST_CASE("a site without an export asks for nothing") {
  WiredHouse house;
  house.site.reset();
  const auto wiring = house.start();
  house.loop.until([] { return false; }, std::chrono::milliseconds(20));
  CHECK(house.asked == 0);
}

}  // namespace
