#include "daemon/ctl/scan.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/refusal.hpp"
#include "daemon/ctl/requests.hpp"
#include "daemon/ctl/show.hpp"

namespace lobby::ctl {
namespace {

constexpr std::uint64_t first_address = 1, last_address = 247;
constexpr std::uint64_t at_once = 16;

/// nullopt: no address.
std::optional<std::uint64_t> address_of(const Arguments& given, const char* end, std::uint64_t otherwise) {
  const auto number = given.has(end) ? number_of(given.one(end)) : otherwise;
  return number && *number >= first_address && *number <= last_address ? number : std::nullopt;
}

}  // namespace

Exit scan_line(const Arguments& given, const Settings& settings, Console& console) {
  const auto from = address_of(given, "from", first_address);
  const auto to = address_of(given, "to", last_address);
  if (!from || !to || *to < *from) {
    console.err << "--from and --to are addresses from 1 to 247, and --to is not the smaller one\n";
    return Exit::usage;
  }
  const Client client(settings.server, settings.token);
  json::array found;
  for (std::uint64_t first = *from; first <= *to; first += at_once) {
    const std::uint64_t last = std::min(first + at_once - 1, *to);
    const auto request = post("/api/v1/buses/" + given.one("BUS") + "/scan", {{"from", first}, {"to", last}});
    const auto outcome = client.send(std::get<Request>(request), {});
    if (const auto ended = refusal(outcome, settings, console)) {
      return *ended;
    }
    boost::system::error_code error;
    const json::value part = json::parse(std::get<Answer>(outcome).body, error);
    if (error || !part.is_array()) {
      console.err << "the answer is no list of units\n";
      return Exit::refused;
    }
    found.insert(found.end(), part.get_array().begin(), part.get_array().end());
    if (*to - *from >= at_once) {
      console.err << "asked up to address " << last << ": " << found.size() << " answered\n" << std::flush;
    }
  }
  const std::string body = json::serialize(found);
  console.out << (settings.json ? show(Shape::text, body) : show(Shape::found_units, body)) << std::flush;
  return Exit::done;
}

}  // namespace lobby::ctl
