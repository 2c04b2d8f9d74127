#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/json_writer.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {

void get_devices(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  std::string body;
  put_array(body, desk.backend.devices(),
            [](std::string& out, const hall::DeviceView& device) { put(out, device); });
  call.respond_json(std::move(body));
}

}  // namespace lobby::api
