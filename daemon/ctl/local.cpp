#include "daemon/ctl/local.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <ostream>
#include <system_error>

#include "daemon/ctl/sibling.hpp"
#include "daemon/ctl/table.hpp"
#include "drivers/link/ports.hpp"

namespace lobby::ctl {
namespace {

std::string usb_ids(const link::PortInfo& port) {
  if (!port.usb) {
    return {};
  }
  char text[16];
  std::snprintf(text, sizeof text, "%04x:%04x", port.usb->vendor, port.usb->product);
  return text;
}

boost::json::array as_json(const std::vector<link::PortInfo>& ports) {
  boost::json::array out;
  for (const auto& port : ports) {
    out.push_back({{"name", port.name},
                   {"stable_path", port.stable_path},
                   {"description", port.description},
                   {"manufacturer", port.manufacturer},
                   {"serial_number", port.serial_number},
                   {"usb", usb_ids(port)}});
  }
  return out;
}

}  // namespace

Exit list_ports(const Settings& settings, Console& console) {
  const link::PortList found = link::list_ports();
  if (!found.fault.empty()) {
    console.err << printable(found.fault) << "\n";
    return Exit::refused;
  }
  if (settings.json) {
    console.out << boost::json::serialize(as_json(found.ports)) << "\n";
    return Exit::done;
  }
  std::vector<std::vector<std::string>> rows{{"port", "write into the site", "usb", "description"}};
  for (const auto& port : found.ports) {
    rows.push_back({port.name, port.stable_path, usb_ids(port), port.manufacturer + " " + port.description});
  }
  console.out << table(rows);
  return Exit::done;
}

Exit check_site(const Arguments& given, const Settings&, Console& console) {
  std::string program = sibling_path("lobbyd"), check = "--check", site = "--site", file = given.one("FILE");
  char* arguments[] = {program.data(), site.data(), file.data(), check.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ);
  if (failed != 0) {
    console.err << "cannot run " << program << ": " << std::system_category().message(failed) << "\n";
    return Exit::refused;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) {
    console.err << program << " ended by a signal\n";
    return Exit::refused;
  }
  return WEXITSTATUS(status) == 0 ? Exit::done : WEXITSTATUS(status) == 2 ? Exit::usage : Exit::refused;
}

}  // namespace lobby::ctl
