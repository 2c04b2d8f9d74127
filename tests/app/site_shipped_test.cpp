#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "daemon/app/bounds.hpp"
#include "daemon/app/site_file.hpp"
#include "tests/app/site_cases.hpp"

namespace {

using namespace lobby;
using lobby::app::cases::slurp;

const std::string sites = LOBBY_SOURCE_DIR "/config/sites/";

/// Letters that sound alike share a group; two prefixes of one zone may not (facts of the voice).
int sound_of(char letter) {
  const std::string groups[] = {"BCDEGPTV", "AHJK", "MN"};
  for (int i = 0; i < 3; ++i) {
    if (groups[i].find(letter) != std::string::npos) {
      return i;
    }
  }
  return letter;
}

void check_voice_rule(const hall::Site& site) {
  for (const auto& zone : site.zones) {
    std::map<int, std::string> heard;
    for (const auto& service : site.services) {
      if (service.zone == zone.id) {
        REQUIRE(service.prefix.size() == 1);
        CHECK(std::string("IOQ").find(service.prefix[0]) == std::string::npos);
        const auto [other, is_new] = heard.emplace(sound_of(service.prefix[0]), service.prefix);
        CHECK_MESSAGE(other->second == service.prefix, "in zone ", zone.id.value, ": ", other->second,
                      " and ", service.prefix);
      }
    }
  }
}

}  // namespace

TEST_CASE("the county hall is read whole") {
  const auto site = app::read_site(sites + "shifang.toml");
  CHECK(site.hall.name == "什邡市人民政府政务服务中心");
  CHECK(site.timezone == "Asia/Shanghai");
  CHECK(site.hall.hotline == "12345");
  REQUIRE(site.hall.zones.size() == 4);
  CHECK(site.hall.zones[0].name == "行政审批服务区");
  CHECK(site.hall.zones[3].name == "公共资源交易平台");
  CHECK(site.hall.services.size() >= 24);
  CHECK(site.hall.windows.size() == 60);
  CHECK(site.hall.kiosks.size() == 4);
  REQUIRE(site.devices.printers.size() == 2);
  CHECK(site.devices.buses.size() == 4);
  CHECK(site.devices.units.size() == 60);
  check_voice_rule(site.hall);

  const auto& p1 = site.devices.printers[0];
  CHECK(std::get<devices::TcpAddress>(p1.link).host == "127.0.0.1");
  CHECK(std::get<devices::TcpAddress>(p1.link).port == 9101);
  CHECK(p1.profile.name == "epson-tm");
  CHECK(p1.profile.columns == 48);
  CHECK(p1.profile.cut == std::vector<std::uint8_t>{0x1D, 0x56, 0x42, 0x00});
  CHECK(p1.profile.confirm == printer::Profile::Confirm::process_id);
  const auto& p2 = std::get<devices::SerialPort>(site.devices.printers[1].link);
  CHECK(p2.path == "/run/lobby/printer-p2");
  const auto shares_p1 = [](const hall::Kiosk& kiosk) { return kiosk.printer.value == "p1"; };
  CHECK(std::count_if(site.hall.kiosks.begin(), site.hall.kiosks.end(), shares_p1) == 2);

  std::map<std::string, int> on_line;
  for (const auto& unit : site.devices.units) {
    ++on_line[unit.bus.value];
  }
  for (const auto& bus : site.devices.buses) {
    CHECK(on_line[bus.id.value] == 15);
    CHECK(bus.port.baud == 19200);
    CHECK(bus.port.path == "/run/lobby/" + bus.id.value);
  }
  REQUIRE(site.devices.feeds.size() == 1);
  CHECK(site.devices.feeds[0].url == "http://127.0.0.1:18081/epoint/getProjectList");
  CHECK(site.devices.feeds[0].driver == "epoint");
  CHECK(std::filesystem::exists(site.devices.feeds[0].mapping_file));
  REQUIRE(site.boards.size() == 8);
  for (const auto& board : site.boards) {
    const auto& list = board.wire.playlist;
    CHECK_FALSE(list.zones.empty());
    const auto& id = board.wire.id.value;
    CHECK(board.wire.group == (id == "board-door" || id == "wall" || id == "text-d" ? "" : "hall"));
    for (const auto& zone : list.zones) {
      CHECK_FALSE(zone.items.empty());
      CHECK(zone.area.x + zone.area.width <= list.width);
      CHECK(zone.area.y + zone.area.height <= list.height);
    }
  }
  std::set<hall::DeviceKind> absent;
  for (const auto& device : site.devices.absent) {
    absent.insert(device.kind);
    CHECK(!device.driver.empty());
  }
  REQUIRE(site.recorders.size() == 4);
  CHECK(site.recorders[2].speaks == devices::RecorderConfig::Speaks::dahua);
  CHECK(site.recorders[3].address.port == 18094);
  REQUIRE(site.hall.rooms.size() == 2);
  CHECK(site.hall.rooms[1].kind == hall::RoomUse::evaluation);
  CHECK(site.hall.rooms[1].policy == hall::StartPolicy::block);
  CHECK(site.hall.rooms[1].cameras.size() == 2);
  CHECK(absent.contains(hall::DeviceKind::voice));
  REQUIRE(site.panels.size() == 1);
  CHECK(site.panels[0].kiosk.value == "k4");
  CHECK(site.panels[0].buttons[2] == hall::ServiceId{"land"});
  CHECK_FALSE(site.panels[0].buttons[7]);
}

TEST_CASE("the county hall serves in every way that the plan names") {
  const auto site = app::read_site(sites + "shifang.toml").hall;
  const auto find = [&](const std::string& id) -> const hall::Service& {
    const auto* service = site.find(hall::ServiceId{id});
    REQUIRE_MESSAGE(service != nullptr, id);
    return *service;
  };
  std::set<hall::ServiceKind> kinds;
  std::set<std::string> modes;
  for (const auto& service : site.services) {
    kinds.insert(service.kind);
    modes.insert(service.modes.begin(), service.modes.end());
    // Kiosks without a reader give tickets of every service, and whoever waits can be called.
    CHECK_FALSE(service.one_per_person);
    const bool served = std::any_of(site.windows.begin(), site.windows.end(),
                                    [&](const auto& window) { return hall::serves(window, service); });
    CHECK(served == (service.kind != hall::ServiceKind::tenant && service.steps.empty()));
  }
  CHECK(kinds.size() == hall::Words<hall::ServiceKind>::text.size());
  CHECK(modes.size() == 9);
  CHECK(find("joint").joint_category == "construction");
  CHECK(hall::serves(*site.find(hall::WindowId{"w20"}), find("joint")));
  CHECK_FALSE(hall::serves(*site.find(hall::WindowId{"w20"}), find("joint-market")));
  CHECK(hall::serves(*site.find(hall::WindowId{"w22"}), find("joint-market")));
  for (const std::string tenant : {"utilities", "power", "gas", "mobile", "telecom", "bank"}) {
    CHECK(find(tenant).kind == hall::ServiceKind::tenant);
  }
  CHECK(find("green").kind == hall::ServiceKind::ordinary);
  CHECK(find("company-start").steps ==
        std::vector<hall::ServiceId>{{"company-setup"}, {"social-enrol"}, {"fund-pay"}});
  CHECK(find("retire").steps_in_any_order);
  CHECK(find("company-setup").slots.hours == std::vector<hall::Hours>{{540, 690}, {840, 1020}});
  CHECK(find("company-setup").slots.every_min == 30);
  CHECK(find("food-permit").quota_day == 180);
  CHECK(find("complaint").quota_day == 0);
  CHECK(find("pension").extended[5] == std::vector<hall::Hours>{{540, 720}});
  CHECK(site.profile("company-change")->turns.size() == 2);
  CHECK(site.find(hall::WindowId{"w06"})->profile == "company-change");
  CHECK(site.find(hall::WindowId{"w23"})->backups == std::vector<hall::ClerkId>{{"1024"}, {"1045"}});
  CHECK(site.lanes.exempt == std::vector<hall::Lane>{hall::Lane::green});
  CHECK(site.rules.expire_at_min == 18 * 60 + 30);
}

TEST_CASE("the county hall's catalogue leads from the plan's groups to its services") {
  const auto site = app::read_site(sites + "shifang.toml").hall;
  REQUIRE(site.catalogue.groups.size() == 4);
  CHECK(site.catalogue.groups[0].name == "行政审批服务事项");
  CHECK(site.catalogue.groups[3].name == "建筑和公共资源交易有形市场");
  std::size_t matters = 0;
  for (const auto& group : site.catalogue.groups) {
    CHECK_FALSE(group.departments.empty());
    for (const auto& department : group.departments) {
      CHECK_FALSE(department.matters.empty());
      for (const auto& matter : department.matters) {
        CHECK(site.find(matter.service) != nullptr);
        CHECK_FALSE(matter.short_name.empty());
        ++matters;
      }
    }
  }
  CHECK(matters > 30);
  const auto& setup = site.catalogue.groups[0].departments.at(0).matters.at(0);
  CHECK(setup.stages == std::vector<std::string>{"受理兼审查", "审核兼审批"});
  REQUIRE(site.catalogue.hotlines.size() == 2);
  CHECK(site.catalogue.hotlines[0].number == "12345");
  CHECK(site.catalogue.hotlines[1].number == "96196");
  CHECK_FALSE(site.catalogue.hotlines[1].label_en.empty());
}

TEST_CASE("the county hall's bounds are said once for each rule, and name every window that calls") {
  const auto lines = app::bounds_of(app::read_site(sites + "shifang.toml"));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("windows w01, w02, w03, w04, w07, "));
  CHECK(lines[0].find(", w60: who has waited 30 min goes first; ") != std::string::npos);
  CHECK(lines[0].find("a full round is 3 calls; not counted: green, complaint") != std::string::npos);
  CHECK(lines[0].find("w41") == std::string::npos);  // tenants call their own people
  CHECK(lines[1].starts_with("windows w05, w06: "));
  CHECK(lines[1].find("a full round is 4 calls; ") != std::string::npos);
}

TEST_CASE("the village is read whole") {
  const auto site = app::read_site(sites + "village.toml");
  REQUIRE(site.hall.windows.size() == 3);
  CHECK(site.hall.windows[1].number == 2);
  CHECK(site.hall.windows[1].services ==
        std::vector<hall::ServiceId>{{"social-security"}, {"medical"}, {"agency"}});
  REQUIRE(site.hall.services.size() == 3);
  const auto& hours = site.hall.services[0].hours;
  CHECK(hours[0] == std::vector<hall::Hours>{{510, 720}, {810, 1050}});
  CHECK(hours[5].empty());
  CHECK(site.hall.services[0].last == 199);
  REQUIRE(site.devices.printers.size() == 1);
  CHECK(site.devices.printers[0].profile.columns == 32);
  CHECK(site.devices.printers[0].profile.font == printer::Profile::Font::gb2312);
  CHECK(std::get<devices::SerialPort>(site.devices.printers[0].link).baud == 115200);
  REQUIRE(site.devices.units.size() == 3);
  CHECK(site.devices.units[2].address == 3);
  CHECK(site.devices.units[2].window.value == "w3");
  CHECK(site.stop_grace_s == 5);
  CHECK(site.hall.call_finishes);
  check_voice_rule(site.hall);
}

TEST_CASE("a shipped site that lost any one line is read, or refused with a place inside it") {
  for (const std::string name : {"shifang.toml", "village.toml"}) {
    const auto path = sites + name;
    const auto text = slurp(path);
    std::size_t refused = 0;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const auto end = text.find('\n', begin) + 1;
      const auto without = text.substr(0, begin) + text.substr(end);
      try {
        static_cast<void>(app::read_site_text(without, path));
      } catch (const app::SiteError& error) {
        ++refused;
        const std::string sentence = error.what();
        REQUIRE(sentence.starts_with(path + ":"));
        CHECK(sentence.find('\n') == std::string::npos);
        const auto line = std::stoul(sentence.substr(path.size() + 1));
        CHECK(line >= 1);
        CHECK(line <= static_cast<unsigned long>(std::count(without.begin(), without.end(), '\n') + 1));
      }
      begin = end;
    }
    CHECK(refused > 20);
  }
}
