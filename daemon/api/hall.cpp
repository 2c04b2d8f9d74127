#include "daemon/api/call.hpp"
#include "daemon/api/fields.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {

void get_hall(Desk& desk, Call call) {
  if (const auto problem = QueryFields(call.target.query).finish()) {
    return call.respond(*problem);
  }
  desk.backend.when_durable([&backend = desk.backend, call = std::move(call)] {
    const auto now = backend.now();
    call.respond_json(
        hall_json(hall::hall_view(backend.site(), backend.state(), now, backend.estimates()), now));
  });
}

}  // namespace lobby::api
