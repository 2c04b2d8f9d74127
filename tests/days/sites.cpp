#include <string_view>

#include "tests/days/day.hpp"

namespace lobby::hall::days {

Site provincial_site(std::size_t windows, std::size_t services) {
  Site site;
  site.name = "省政务服务大厅";
  site.zones = {{.id = {"z"}, .name = "大厅"}};
  // Those that nobody takes for a digit: 529 series of two.
  constexpr std::string_view letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  for (std::size_t i = 0; i < services; ++i) {
    Service service;
    service.id = {"service-" + std::to_string(i)};
    service.name = "事项 " + std::to_string(i);
    service.zone = {"z"};
    service.prefix = {letters[i / letters.size() % letters.size()], letters[i % letters.size()]};
    service.first = 1;
    service.last = 9999;
    for (auto& day : service.hours) {
      day = {{8 * 60 + 30, 17 * 60 + 30}};
    }
    service.typical_s = 260;
    site.services.push_back(std::move(service));
  }
  for (std::size_t i = 0; i < windows; ++i) {
    Window window;
    window.id = {"window-" + std::to_string(i)};
    window.number = static_cast<std::uint32_t>(i + 1);
    window.name = "窗口";
    window.zone = {"z"};
    // Four services each, so that every service has eight windows, which share their others with more.
    for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{59}}) {
      window.services.push_back(site.services[(i + step) % services].id);
    }
    site.windows.push_back(std::move(window));
  }
  site.lanes.exempt = {Lane::green};
  return site;
}

}  // namespace lobby::hall::days
