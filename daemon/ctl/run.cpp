#include "daemon/ctl/run.hpp"

#include <boost/json.hpp>
#include <istream>
#include <ostream>

#include "daemon/ctl/client.hpp"
#include "daemon/ctl/export_evidence.hpp"
#include "daemon/ctl/follow.hpp"
#include "daemon/ctl/local.hpp"
#include "daemon/ctl/refusal.hpp"
#include "daemon/ctl/scan.hpp"
#include "daemon/ctl/show.hpp"
#include "daemon/ctl/test_mapping.hpp"
#include "daemon/ctl/users.hpp"
#include "daemon/ctl/verify_evidence.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

/// The id of today's ticket with that number, or how the search ended.
std::variant<std::string, Exit> find_ticket(const Client& client, const std::string& number,
                                            const Settings& settings, Console& console) {
  const Request request{"GET", "/api/v1/tickets?number=" + encode(number), {}};
  const auto outcome = client.send(request, {});
  if (const auto ended = refusal(outcome, settings, console)) {
    return *ended;
  }
  boost::system::error_code error;
  const json::value body = json::parse(std::get<Answer>(outcome).body, error);
  const json::value* list = &body;
  if (body.is_object() && body.get_object().contains("tickets")) {
    list = &body.get_object().at("tickets");
  }
  if (!list->is_array() || list->get_array().size() != 1 || !list->get_array()[0].is_object() ||
      !list->get_array()[0].get_object().contains("id")) {
    console.err << "no ticket " << number << " today\n";
    return Exit::refused;
  }
  return json::serialize(list->get_array()[0].get_object().at("id"));
}

/// False when standard input has no line.
bool read_applicant(Arguments& given, Console& console) {
  std::string line;
  if (!std::getline(console.in, line) || line.empty()) {
    console.err << "--" << applicant_flag << ": standard input has no line for it\n";
    return false;
  }
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  given.set(applicant_read, {std::move(line)});
  return true;
}

Exit run_call(const Call& call, Arguments given, const Settings& settings, Console& console) {
  if (given.has(applicant_flag) && !read_applicant(given, console)) {
    return Exit::usage;
  }
  const Client client(settings.server, settings.token);
  if (given.has(ticket_argument) && !is_ticket_id(given.one(ticket_argument))) {
    auto found = find_ticket(client, given.one(ticket_argument), settings, console);
    if (const Exit* ended = std::get_if<Exit>(&found)) {
      return *ended;
    }
    given.set(ticket_argument, {std::get<std::string>(found)});
  }
  const auto made = call.make(given);
  if (const auto* misuse = std::get_if<Misuse>(&made)) {
    console.err << misuse->sentence << "\n";
    return Exit::usage;
  }
  const auto outcome = client.send(std::get<Request>(made), settings.key);
  if (const auto ended = refusal(outcome, settings, console)) {
    return *ended;
  }
  const std::string& body = std::get<Answer>(outcome).body;
  console.out << (settings.json ? show(Shape::text, body) : show(call.shape, body)) << std::flush;
  return Exit::done;
}

}  // namespace

Exit run(const Verb& verb, Arguments given, const Settings& settings, Console& console) {
  if (const auto* call = std::get_if<Call>(&verb.deed)) {
    return run_call(*call, std::move(given), settings, console);
  }
  switch (std::get<Act>(verb.deed)) {
    case Act::follow_events:
      return follow_events(given, settings, console);
    case Act::list_ports:
      return list_ports(settings, console);
    case Act::scan_line:
      return scan_line(given, settings, console);
    case Act::test_mapping:
      return test_mapping(given, settings, console);
    case Act::verify_evidence:
      return verify_evidence(given, settings, console);
    case Act::export_evidence:
      return export_evidence(given, settings, console);
    case Act::check_site:
      return check_site(given, settings, console);
    case Act::add_user:
      return add_user(given, settings, console);
    case Act::list_users:
      return list_users(settings, console);
    case Act::remove_user:
      return remove_user(given, settings, console);
  }
  return Exit::usage;
}

}  // namespace lobby::ctl
