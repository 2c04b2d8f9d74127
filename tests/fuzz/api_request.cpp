// A request as it may come: METHOD TARGET on the first line, then the body. Whatever it is, it is refused by
// a problem document of its own or found to be a command, and what is said of it is JSON in UTF-8.
#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/api/account_file.hpp"
#include "daemon/api/router.hpp"

namespace api = lobby::api;

namespace {

api::Method method_of(std::string_view word) {
  return word == "GET"      ? api::Method::get
         : word == "POST"   ? api::Method::post
         : word == "DELETE" ? api::Method::del
                            : api::Method::other;
}

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = text.substr(0, text.find('\n'));
  const auto space = line.find(' ');
  api::Request request;
  request.method = method_of(line.substr(0, space));
  request.target = space == std::string_view::npos ? "" : line.substr(space + 1);
  request.body = line.size() < text.size() ? text.substr(line.size() + 1) : "";
  for (const auto role : {api::Role::kiosk, api::Role::clerk}) {
    const auto examined = api::examine(request, role);
    if (const auto* problem = std::get_if<api::Problem>(&examined)) {
      boost::json::error_code error;
      const auto body = boost::json::parse(api::to_response(*problem).body, error);
      require(!error && body.is_object() && problem->status >= 400 && problem->status < 500);
    }
  }
  (void)api::parse_accounts(request.body);
  return 0;
}
