// Verbs about the house's devices.
#include <boost/json.hpp>

#include "daemon/ctl/requests.hpp"

namespace lobby::ctl {
namespace {

using Kind = Argument::Kind;

const Argument device_argument{"DEVICE", Kind::positional, "id of the device", true};

std::string device_path(const Arguments& given, const char* act) {
  return "/api/v1/devices/" + given.one("DEVICE") + "/" + act;
}

/// Adds a number that was given, or says that it is none.
std::optional<Misuse> add_number(json::object& body, const char* field, const std::string& text) {
  const auto number = number_of(text);
  if (!number) {
    return Misuse{std::string(field) + " is a number from 1 to 247, not `" + text + "`"};
  }
  body[field] = *number;
  return std::nullopt;
}

Made address_request(const Arguments& given) {
  json::object body;
  if (auto misuse = add_number(body, "address", given.one("ADDRESS"))) {
    return *std::move(misuse);
  }
  if (given.has("claim")) {
    body["claim"] = true;
  }
  return post(device_path(given, "address"), body);
}

}  // namespace

std::vector<Verb> device_verbs() {
  return {
      {"device",
       "list",
       "Every device: state, reason and since when",
       {},
       Call{[](const Arguments&) -> Made {
              return Request{"GET", "/api/v1/devices", {}};
            },
            Shape::devices}},
      {"device",
       "ports",
       "Serial ports of this machine, with the names to write into the site file",
       {},
       Act::list_ports},
      {"device",
       "scan",
       "Who answers on a line, and how well he is heard",
       {{"BUS", Kind::positional, "id of the line", true},
        {"from", Kind::option, "first address; default 1"},
        {"to", Kind::option, "last address; default 247"}},
       Act::scan_line},
      {"device",
       "address",
       "Give a unit another address, kept over its resets",
       {device_argument,
        {"ADDRESS", Kind::positional, "1 to 247, where nobody is", true},
        {"claim", Kind::flag,
         "not the unit at the device's address, but the one of which a key is held down"}},
       Call{address_request, Shape::moved_unit}},
      {"device",
       "self-test",
       "A window unit shows its own address for ten seconds, a panel blinks its lamps, a printer prints a "
       "page",
       {device_argument},
       Call{[](const Arguments& given) { return post(device_path(given, "self-test")); }, Shape::tested}},
  };
}

}  // namespace lobby::ctl
