#include <algorithm>
#include <array>
#include <cstdio>

#include "drivers/board/huidu.hpp"
#include "drivers/link/xml_text.hpp"

namespace lobby::board::huidu {
namespace {

std::string pair(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + link::xml_escaped(value) + "\"";
}
std::string pair(std::string_view name, int value) {
  return pair(name, std::to_string(value));
}

std::string order(std::string_view guid, std::string_view method, std::string_view inner = {}) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sdk" + pair("guid", guid) + "><in" +
                    pair("method", method);
  out += inner.empty() ? std::string("/>") : ">" + std::string(inner) + "</in>";
  return out + "</sdk>";
}

std::string hex_colour(Rgb colour) {
  std::array<char, 8> text{};
  static_cast<void>(
      std::snprintf(text.data(), text.size(), "#%02x%02x%02x", colour.red, colour.green, colour.blue));
  return text.data();
}

struct Band {
  int top, height;
};

std::string area(const TextScreen& screen, const Band& band, const TextLine& line) {
  return "<area alpha=\"255\"><rectangle x=\"0\"" + pair("y", band.top) + pair("width", screen.width) +
         pair("height", band.height) +
         "/><resources><text singleLine=\"true\"><style align=\"center\" valign=\"middle\"/><string>" +
         link::xml_escaped(line.text) + "</string><font" + pair("name", screen.font) +
         pair("size", screen.font_height) + pair("color", hex_colour(line.colour)) + "/><effect" +
         pair("in", screen.effect) + pair("out", screen.effect) + pair("duration", screen.stay_ds) +
         "/></text></resources></area>";
}

}  // namespace

std::string xml_interface_version(const Settings& settings) {
  return order("##GUID", "GetIFVersion", "<version" + pair("value", settings.interface_version) + "/>");
}

std::string xml_device_info(std::string_view guid) {
  return order(guid, "GetDeviceInfo");
}

std::string xml_power(std::string_view guid, bool on) {
  return order(guid, on ? "OpenScreen" : "CloseScreen");
}

std::string xml_brightness(std::string_view guid, int percent) {
  return order(guid, "SetLuminancePloy",
               "<mode value=\"default\"/><default" + pair("value", std::clamp(percent, 1, 100)) + "/>");
}

std::string xml_clock(std::string_view guid, const LocalTime& time) {
  std::array<char, 80> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d", time.year,
                                  time.month, time.day, time.hour, time.minute, time.second));
  return order(guid, "SetTimeInfo", "<sync value=\"none\"/><time" + pair("value", text.data()) + "/>");
}

std::string xml_text(std::string_view guid, const TextScreen& screen, const std::vector<TextLine>& lines) {
  std::string areas;
  const int count = std::max(1, static_cast<int>(lines.size()));
  for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
    const int top = screen.height * i / count;
    const int end = screen.height * (i + 1) / count;
    areas += area(screen, {top, end - top}, lines[static_cast<std::size_t>(i)]);
  }
  return order(guid, "AddProgram",
               "<screen timeStamps=\"0\"><program type=\"normal\" id=\"0\"><playControl count=\"1\" "
               "disabled=\"false\"/>" +
                   areas + "</program></screen>");
}

}  // namespace lobby::board::huidu
