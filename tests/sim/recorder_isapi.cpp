#include "tests/sim/recorder_isapi.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lobby::sim {
namespace {

constexpr std::chrono::hours its_zone{8};
constexpr const char* isapi_xml = "application/xml; charset=\"UTF-8\"";

HttpReply isapi_answer(std::string body, int status = 200) {
  return {status, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + std::move(body), isapi_xml, {}};
}

HttpReply isapi_status(const HttpAsk& ask, int code, std::string_view text, std::string_view sub,
                       int status = 200) {
  return isapi_answer(
      fmt::format("<ResponseStatus version=\"2.0\" xmlns=\"http://www.std-cgi.org/ver20/XMLSchema\">\n"
                  "<requestURL>{}</requestURL>\n<statusCode>{}</statusCode>\n<statusString>{}</statusString>"
                  "\n<subStatusCode>{}</subStatusCode>\n</ResponseStatus>\n",
                  ask.target, code, text, sub),
      status);
}

}  // namespace

bool IsapiRecorder::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::unwritten,  Fault::no_picture, Fault::no_disk,     Fault::no_state,
                           Fault::busy,       Fault::mode_names, Fault::stale,       Fault::nonce_once,
                           Fault::lock_out,   Fault::lie,        Fault::clock,       Fault::error_inside,
                           Fault::login_page, Fault::garbage,    Fault::unauthorised};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void IsapiRecorder::describe(boost::json::object& out) const {
  out["mode"] = is_manual_ ? "manual" : habits.is_scheduled ? "schedule" : "off";
}

HttpReply IsapiRecorder::order(const HttpAsk& ask, bool is_start) {
  if (habits.wants_put == (ask.method == "POST")) {
    return isapi_status(ask, 4, "Invalid Operation", "methodNotAllowed", 405);
  }
  if (has(Fault::busy)) {
    return isapi_status(ask, 2, "Device Busy", "deviceBusy");
  }
  if (has(Fault::error_inside)) {
    return isapi_status(ask, 4, "Invalid Operation", "invalidOperation");
  }
  if (!has(Fault::lie)) {
    is_manual_ = is_start;
  }
  return isapi_status(ask, 1, "OK", "ok");
}

HttpReply IsapiRecorder::working() const {
  const bool records = is_manual_ || habits.is_scheduled;
  // Firmware that tells the kind of recording by a word.
  const std::string flag =
      has(Fault::mode_names) ? (records ? "\"manual\"" : "\"stop\"") : (records ? "1" : "0");
  return {200,
          fmt::format("{{\"WorkingStatus\":{{\"devStatus\":0,\"ChanStatus\":[{{\"chanNo\":1,\"online\":{},"
                      "\"record\":{},\"signal\":0,\"linkNum\":0,\"bitRate\":3145728}}],\"HDStatus\":"
                      "[{{\"hdNo\":1,\"status\":{},\"volume\":1907729,\"freeSpace\":0}}]}}}}",
                      has(Fault::no_picture) ? 0 : 1, flag, has(Fault::no_disk) ? 2 : 0),
          "application/json",
          {}};
}

RecorderTime IsapiRecorder::listed(RecorderTime at) const {
  return its_time(at) + (habits.lists_local ? its_zone : std::chrono::hours(0));
}

HttpReply IsapiRecorder::search(const HttpAsk& ask) const {
  const auto from = parse_recorder_time(between_tags(ask.body, "startTime"));
  const auto until = parse_recorder_time(between_tags(ask.body, "endTime"));
  if (!from || !until || between_tags(ask.body, "trackID") != "101") {
    return isapi_status(ask, 6, "Invalid XML Content", "badParameters", 400);
  }
  std::string items;
  int count = 0;
  for (const Segment& one : segments()) {
    const auto begin = listed(one.begin);
    const auto end = one.end ? listed(*one.end) : habits.clips ? *until : listed(now());
    if (end <= *from || begin >= *until) {
      continue;
    }
    ++count;
    items += fmt::format(
        "<searchMatchItem><sourceID>{{0}}</sourceID><trackID>101</trackID><timeSpan><startTime>{}</startTime>"
        "<endTime>{}</endTime></timeSpan><mediaSegmentDescriptor><contentType>video</contentType>"
        "<playbackURI>rtsp://recorder/Streaming/tracks/101/</playbackURI></mediaSegmentDescriptor>"
        "</searchMatchItem>\n",
        iso_text(begin), iso_text(end));
  }
  return isapi_answer(
      fmt::format("<CMSearchResult version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n"
                  "<searchID>{}</searchID><responseStatus>true</responseStatus><responseStatusStrg>{}"
                  "</responseStatusStrg><numOfMatches>{}</numOfMatches><matchList>\n{}</matchList>"
                  "</CMSearchResult>\n",
                  between_tags(ask.body, "searchID"), count == 0 ? "NO MATCHES" : "OK", count, items));
}

HttpReply IsapiRecorder::reply_to(const HttpAsk& ask) {
  const std::string manual = "/ISAPI/ContentMgmt/record/control/manual/";
  if (ask.target == manual + "start/tracks/101" || ask.target == manual + "stop/tracks/101") {
    return order(ask, ask.target.find("/start/") != std::string::npos);
  }
  if (ask.target == "/ISAPI/System/workingstatus?format=json") {
    return has(Fault::no_state) ? isapi_status(ask, 4, "Invalid Operation", "notSupport", 403) : working();
  }
  if (ask.target == "/ISAPI/ContentMgmt/search") {
    return search(ask);
  }
  if (ask.target == "/ISAPI/System/time") {
    auto local = iso_text(its_time() + its_zone);
    local.pop_back();
    return isapi_answer(
        "<Time version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><timeMode>"
        "NTP</timeMode><localTime>" +
        local + "+08:00</localTime><timeZone>CST-8:00:00</timeZone></Time>");
  }
  if (ask.target == "/ISAPI/System/deviceInfo") {
    return isapi_answer(
        "<DeviceInfo version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><deviceName>NVR"
        "</deviceName><model>DS</model><firmwareVersion>V4</firmwareVersion></DeviceInfo>");
  }
  if (ask.target == "/ISAPI/ContentMgmt/Storage") {
    return isapi_answer(fmt::format(
        "<storage version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><hddList><hdd><id>1</id>"
        "<status>{}</status><capacity>3815447</capacity><freeSpace>0</freeSpace><property>RW</property></hdd>"
        "</hddList></storage>",
        has(Fault::no_disk) ? "error" : "ok"));
  }
  return isapi_status(ask, 4, "Invalid Operation", "notSupport", 404);
}

}  // namespace lobby::sim
