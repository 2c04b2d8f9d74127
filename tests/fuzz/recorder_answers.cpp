// Whatever a recorder answers: understood within its bounds, or not at all. The first byte says which answer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "drivers/cctv/dahua.hpp"
#include "drivers/cctv/device_time.hpp"
#include "drivers/cctv/isapi.hpp"
#include "drivers/cctv/motion.hpp"
#include "drivers/cctv/onvif.hpp"
#include "drivers/cctv/xml.hpp"
#include "drivers/cctv/zoneminder.hpp"

namespace {

using namespace lobby::cctv;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void motion_answers(std::string_view text) {
  for (const bool is_start : {true, false}) {
    static_cast<void>(motion::parse_action(text, 1, is_start));
  }
  static_cast<void>(motion::parse_connection(text, 1));
  const auto said = motion::parse_status(text, 1);
  require(said.is_understood || !said.camera);
  if (said.camera) {
    require(said.camera->event >= 0 && said.camera->current >= 0);
  }
}

void isapi_answers(std::string_view text) {
  if (const auto status = isapi::parse_status(text)) {
    require(status->is_ok() == (isapi::fault_of(*status) == Fault::none));
    require(isapi::reason_of(*status).size() < 100);
  }
  if (const auto working = isapi::parse_working(text, 1)) {
    require(working->good_disks <= working->disks);
  }
  if (const auto storage = isapi::parse_storage(text)) {
    require(storage->good_disks <= storage->disks);
  }
  if (const auto found = isapi::parse_search(text, 101)) {
    for (const auto& one : found->segments) {
      require(one.begin <= one.end);
    }
  }
  static_cast<void>(isapi::parse_time(text));
  if (const auto version = isapi::parse_version(text)) {
    require(version->size() <= 200);
  }
}

void dahua_answers(std::string_view text) {
  static_cast<void>(dahua::is_ok(text));
  static_cast<void>(dahua::parse_mode(text, 0));
  static_cast<void>(dahua::parse_state(text, 0));
  static_cast<void>(dahua::parse_time(text));
  static_cast<void>(dahua::parse_event(text, 0));
  if (const auto files = dahua::parse_files(text)) {
    require(files->size() <= static_cast<std::size_t>(dahua::most_files));
  }
  if (const auto finder = dahua::parse_finder(text)) {
    require(!finder->empty() && finder->find_first_not_of("0123456789") == std::string::npos);
  }
}

void onvif_answers(std::string_view text) {
  if (const auto fault = onvif::parse_fault(text)) {
    require(fault->code.empty() || onvif::is_plain_token(fault->code));
  }
  static_cast<void>(onvif::parse_date_and_time(text));
  if (const auto services = onvif::parse_services(text)) {
    for (const auto& path : {services->recording, services->events, services->device_io}) {
      require(path.empty() || (path.front() == '/' && path.find_first_of(" \r\n") == std::string::npos));
    }
  }
  static_cast<void>(onvif::parse_version(text));
  static_cast<void>(onvif::parse_job_state(text));
  static_cast<void>(onvif::parse_recording_information(text));
  if (const auto jobs = onvif::parse_jobs(text)) {
    for (const auto& job : *jobs) {
      require(onvif::is_plain_token(job.token));
    }
  }
  if (const auto token = onvif::parse_created(text)) {
    require(Xml::parse(onvif::envelope(onvif::get_job_state(*token), nullptr, {})).has_value());
  }
  if (const auto address = onvif::parse_subscription(text)) {
    require(onvif::path_of(*address).starts_with('/'));
    require(Xml::parse(onvif::envelope(onvif::renew(), nullptr, *address)).has_value());
  }
  static_cast<void>(onvif::parse_messages(text, "J1"));
  static_cast<void>(onvif::parse_relay_messages(text, "R1"));
  if (const auto relays = onvif::parse_relay_outputs(text)) {
    for (const auto& relay : *relays) {
      require(onvif::is_plain_token(relay.token));
      require(
          Xml::parse(onvif::envelope(onvif::set_relay_state(relay.token, true), nullptr, {})).has_value());
    }
  }
}

void trigger_lines(std::string_view text) {
  if (const auto told = zoneminder::parse_told(text)) {
    require(told->monitor >= 0 && told->at >= 0);
  }
  // Whatever a cause holds, an order is one line of six fields.
  const auto line = zoneminder::on_line(1, text);
  require(line.ends_with('\n') && line.find('\n') + 1 == line.size() && line.size() < 64);
  require(std::count(line.begin(), line.end(), '|') == 5);
}

void times(std::string_view text) {
  if (const auto time = parse_wall_time(text)) {
    const auto again = parse_wall_time(iso_time(time->shown));
    require(again && again->shown == time->shown);
  }
  static_cast<void>(parse_posix_zone(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 7) {
    case 0:
      motion_answers(text);
      break;
    case 1:
      isapi_answers(text);
      break;
    case 2:
      times(text);
      break;
    case 3:
      dahua_answers(text);
      break;
    case 4:
      onvif_answers(text);
      break;
    case 6:
      trigger_lines(text);
      break;
    default:
      if (const auto xml = Xml::parse(text)) {
        require(!local_name(xml->root()).empty() || xml->root().name()[0] != '\0');
      }
      break;
  }
  return 0;
}
