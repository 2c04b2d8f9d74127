#include "drivers/cctv/isapi.hpp"

#include <algorithm>
#include <array>

#include "drivers/cctv/json.hpp"
#include "drivers/cctv/xml.hpp"
#include "drivers/link/xml_text.hpp"

namespace lobby::cctv::isapi {
namespace {

constexpr std::size_t longest_word = 48;

/// A word of the recorder that may stand in a log.
std::string safe_word(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, longest_word)) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_plain) {
      out += c;
    }
  }
  return out;
}

bool is_good_disk(std::string_view status, std::string_view property) {
  constexpr std::array<std::string_view, 3> good{"ok", "idle", "sleeping"};
  return property != "RO" && std::find(good.begin(), good.end(), status) != good.end();
}

}  // namespace

std::optional<ResponseStatus> parse_status(std::string_view body) {
  const auto xml = Xml::parse(body);
  if (!xml || local_name(xml->root()) != "ResponseStatus") {
    return std::nullopt;
  }
  const auto code = whole_number(text_of(child(xml->root(), "statusCode")));
  if (!code) {
    return std::nullopt;
  }
  return ResponseStatus{*code, safe_word(text_of(child(xml->root(), "subStatusCode")))};
}

Fault fault_of(const ResponseStatus& status) {
  if (status.is_ok()) {
    return Fault::none;
  }
  const bool is_absent = status.is_other_method() || status.sub == "notSupport";
  return is_absent ? Fault::unsupported : status.code == 2 ? Fault::busy : Fault::refused;
}

std::string reason_of(const ResponseStatus& status) {
  return "the recorder says no: " + std::to_string(status.code) +
         (status.sub.empty() ? std::string() : " " + status.sub);
}

std::optional<Working> parse_working(std::string_view body, int channel) {
  const auto json = parse_json(body);
  const auto* working = json ? member(&*json, "WorkingStatus") : nullptr;
  const auto* channels = member(working, "ChanStatus");
  if (channels == nullptr || !channels->is_array()) {
    return std::nullopt;
  }
  Working out;
  for (const auto& one : channels->get_array()) {
    const auto get = [&](std::string_view key) { return number(member(&one, key)); };
    if (get("chanNo") != channel) {
      continue;
    }
    const auto record = get("record");
    if (!record) {
      return std::nullopt;
    }
    out.channel =
        Working::Channel{get("online").value_or(1) != 0, get("signal").value_or(0) == 0, *record == 1};
    break;
  }
  const auto* disks = member(working, "HDStatus");
  if (disks != nullptr && disks->is_array()) {
    for (const auto& one : disks->get_array()) {
      ++out.disks;
      out.good_disks += number(member(&one, "status")) == 0 ? 1 : 0;
    }
  }
  return out;
}

std::optional<Storage> parse_storage(std::string_view body) {
  const auto xml = Xml::parse(body);
  if (!xml) {
    return std::nullopt;
  }
  const auto root = xml->root();
  const auto name = local_name(root);
  const auto list = name == "hddList" ? root : child(root, "hddList");
  if ((name != "storage" && name != "Storage" && name != "hddList") || !list) {
    return std::nullopt;
  }
  Storage out;
  for (const auto hdd : children(list, "hdd")) {
    ++out.disks;
    out.good_disks += is_good_disk(text_of(child(hdd, "status")), text_of(child(hdd, "property"))) ? 1 : 0;
  }
  return out;
}

std::optional<WallTime> parse_time(std::string_view body) {
  const auto xml = Xml::parse(body);
  if (!xml || local_name(xml->root()) != "Time") {
    return std::nullopt;
  }
  auto time = parse_wall_time(text_of(child(xml->root(), "localTime")));
  if (time && !time->offset) {
    time->offset = parse_posix_zone(text_of(child(xml->root(), "timeZone")));
  }
  return time;
}

std::optional<std::string> parse_version(std::string_view body) {
  const auto xml = Xml::parse(body);
  if (!xml || local_name(xml->root()) != "DeviceInfo") {
    return std::nullopt;
  }
  std::string out;
  for (const std::string_view name : {"model", "firmwareVersion", "firmwareReleasedDate"}) {
    const auto text = text_of(child(xml->root(), name));
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
    if (!text.empty() && is_plain && text.size() <= longest_word) {
      out += (out.empty() ? "" : " ") + std::string(text);
    }
  }
  return out;
}

std::string search_body(const Search& search) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CMSearchDescription><searchID>" +
         link::xml_escaped(search.id) + "</searchID><trackIDList><trackID>" + std::to_string(search.track) +
         "</trackID></trackIDList><timeSpanList><timeSpan><startTime>" + iso_time(search.from) +
         "</startTime><endTime>" + iso_time(search.until) +
         "</endTime></timeSpan></timeSpanList><maxResults>" + std::to_string(search_results) +
         "</maxResults><searchResultPostion>" + std::to_string(search.position) +
         "</searchResultPostion><metadataList><metadataDescriptor>//recordType.meta.std-cgi.com"
         "</metadataDescriptor></metadataList></CMSearchDescription>";
}

std::optional<Found> parse_search(std::string_view body, int track) {
  const auto xml = Xml::parse(body);
  if (!xml || local_name(xml->root()) != "CMSearchResult") {
    return std::nullopt;
  }
  const auto word = text_of(child(xml->root(), "responseStatusStrg"));
  if (word != "OK" && word != "MORE" && word != "NO MATCHES") {
    return std::nullopt;
  }
  Found out;
  out.is_complete = word != "MORE";
  for (const auto item : children(child(xml->root(), "matchList"), "searchMatchItem")) {
    const auto id = text_of(child(item, "trackID"));
    const auto begin = parse_wall_time(text_of(child(item, "timeSpan/startTime")));
    const auto end = parse_wall_time(text_of(child(item, "timeSpan/endTime")));
    if (!begin || !end || end->shown < begin->shown) {
      return std::nullopt;
    }
    if (id.empty() || whole_number(id) == track) {
      out.segments.push_back({begin->shown, end->shown});
    }
  }
  return out;
}

}  // namespace lobby::cctv::isapi
