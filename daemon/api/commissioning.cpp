#include <utility>

#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"

namespace lobby::api {
namespace {

constexpr std::uint64_t first_address = 1, last_address = 247;

void put(std::string& out, const FoundUnit& unit) {
  JsonObject object(out);
  object.add("address", std::uint64_t{unit.address}).add("kind", unit.kind);
  object.add("firmware", unit.firmware).add("device", unit.device);
  object.add("asked", std::uint64_t{unit.asked}).add("answered", std::uint64_t{unit.answered});
  object.add("corrupt", std::uint64_t{unit.corrupt}).add("may_be_two", unit.may_be_two);
}

}  // namespace

void post_scan(Desk& desk, Call call) {
  BodyFields fields(call.request.body);
  const auto from =
      fields.number("from", Need::optional, first_address, last_address).value_or(first_address);
  const auto to = fields.number("to", Need::optional, first_address, last_address).value_or(last_address);
  if (const auto problem = fields.finish()) {
    return call.respond(*problem);
  }
  if (to < from) {
    return call.respond(bad_request("field `to` is smaller than `from`"));
  }
  const hall::DeviceId bus{call.ids.front()};
  desk.backend.scan(bus, static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(to),
                    [call = std::move(call)](std::variant<std::vector<FoundUnit>, hall::Refusal> result) {
                      if (const auto* refusal = std::get_if<hall::Refusal>(&result)) {
                        return call.respond(problem_of(*refusal));
                      }
                      std::string body;
                      put_array(body, std::get<std::vector<FoundUnit>>(result),
                                [](std::string& out, const FoundUnit& unit) { put(out, unit); });
                      call.respond_json(std::move(body));
                    });
}

void post_address(Desk& desk, Call call) {
  BodyFields fields(call.request.body);
  const auto address = fields.number("address", Need::required, first_address, last_address).value_or(0);
  const bool claim = fields.flag("claim", Need::optional).value_or(false);
  if (const auto problem = fields.finish()) {
    return call.respond(*problem);
  }
  const hall::DeviceId device{call.ids.front()};
  desk.backend.set_address(
      device, static_cast<std::uint8_t>(address), claim,
      [address, device, call = std::move(call)](const std::optional<hall::Refusal>& refusal) {
        if (refusal) {
          return call.respond(problem_of(*refusal));
        }
        std::string body;
        {
          JsonObject object(body);
          object.add("device", device.value).add("address", address);
          object.add("next",
                     "write address = " + std::to_string(address) + " into the site file, at this device");
        }
        call.respond_json(std::move(body));
      });
}

void post_self_test(Desk& desk, Call call) {
  BodyFields fields(call.request.body);
  if (const auto problem = fields.finish()) {
    return call.respond(*problem);
  }
  const hall::DeviceId device{call.ids.front()};
  desk.backend.self_test(device,
                         [device, call = std::move(call)](const std::optional<hall::Refusal>& refusal) {
                           if (refusal) {
                             return call.respond(problem_of(*refusal));
                           }
                           std::string body;
                           {
                             JsonObject object(body);
                             object.add("device", device.value);
                           }
                           call.respond_json(std::move(body));
                         });
}

}  // namespace lobby::api
