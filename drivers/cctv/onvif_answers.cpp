#include <algorithm>
#include <array>

#include "drivers/cctv/onvif.hpp"
#include "drivers/cctv/xml.hpp"

namespace lobby::cctv::onvif {
namespace {

constexpr std::size_t longest_token = 64;  // of the schema's ReferenceToken

std::string_view without_prefix(std::string_view text) {
  const auto colon = text.rfind(':');
  return colon == std::string_view::npos ? text : text.substr(colon + 1);
}

/// The one element within the body of a SOAP message.
pugi::xml_node content(const Xml& xml) {
  if (local_name(xml.root()) != "Envelope") {
    return {};
  }
  for (const auto node : child(xml.root(), "Body").children()) {
    if (node.type() == pugi::node_element) {
      return node;
    }
  }
  return {};
}

/// Reads `name`'s answer by `read`; nullopt when it is another one.
template <class Read>
auto with_answer(std::string_view body, std::string_view name, Read read)
    -> decltype(read(pugi::xml_node())) {
  const auto xml = Xml::parse(body);
  const auto node = xml ? content(*xml) : pugi::xml_node();
  if (!node || local_name(node) != name) {
    return std::nullopt;
  }
  return read(node);
}

std::optional<UtcTime> date_time(pugi::xml_node node) {
  const auto part = [&](std::string_view path) {
    return whole_number(text_of(child(node, path))).value_or(-1);
  };
  return utc_of(part("Date/Year"), part("Date/Month"), part("Date/Day"), part("Time/Hour"),
                part("Time/Minute"), part("Time/Second"));
}

std::string plain(std::string_view text) {
  return is_plain_token(text) ? std::string(text) : std::string();
}

/// Does a message come from this job, or this relay?
bool is_from(pugi::xml_node message, std::string_view name, std::string_view token) {
  for (const auto item : children(child(message, "Source"), "SimpleItem")) {
    if (attribute(item, "Name") == name) {
      return attribute(item, "Value") == token;
    }
  }
  return false;
}

/// `active` and `inactive` are specified; the others were seen.
std::optional<bool> logical_state(std::string_view text) {
  const bool is_on = text == "active" || text == "true" || text == "1";
  const bool is_off = text == "inactive" || text == "false" || text == "0";
  return is_on || is_off ? std::optional(is_on) : std::nullopt;
}

}  // namespace

bool is_plain_token(std::string_view text) {
  return !text.empty() && text.size() <= longest_token &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<SoapFault> parse_fault(std::string_view body) {
  return with_answer(body, "Fault", [](pugi::xml_node fault) {
    auto code = child(fault, "Code");
    while (const auto inner = child(code, "Subcode")) {
      code = inner;
    }
    return std::optional(SoapFault{plain(without_prefix(text_of(child(code, "Value"))))});
  });
}

Fault fault_of(const SoapFault& fault) {
  struct Known {
    std::string_view code;
    Fault fault;
  };
  constexpr std::array<Known, 9> known{{{"NotAuthorized", Fault::credential},
                                        {"ActionNotSupported", Fault::unsupported},
                                        {"MaxRecordingJobs", Fault::capacity},
                                        {"MaxReceivers", Fault::capacity},
                                        {"UnableToCreatePullPointFault", Fault::capacity},
                                        {"NoRecordingJob", Fault::not_recording},
                                        {"NoRecording", Fault::no_camera},
                                        {"NoProfile", Fault::no_camera},
                                        {"ServiceNotSupported", Fault::unsupported}}};
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.code == fault.code; });
  return found == known.end() ? Fault::refused : found->fault;
}

std::optional<DeviceClock> parse_date_and_time(std::string_view body) {
  return with_answer(body, "GetSystemDateAndTimeResponse",
                     [](pugi::xml_node answer) -> std::optional<DeviceClock> {
                       const auto node = child(answer, "SystemDateAndTime");
                       const auto utc = date_time(child(node, "UTCDateTime"));
                       if (!utc) {
                         return std::nullopt;
                       }
                       return DeviceClock{*utc, date_time(child(node, "LocalDateTime"))};
                     });
}

std::string path_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const auto slash = url.find('/', scheme + 3);
  const auto path = slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
  const bool is_clean = path.size() <= 256 &&
                        std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return is_clean ? std::string(path) : std::string();
}

std::optional<Services> parse_services(std::string_view body) {
  return with_answer(body, "GetServicesResponse", [](pugi::xml_node answer) {
    Services out;
    for (const auto service : children(answer, "Service")) {
      const auto space = text_of(child(service, "Namespace"));
      const auto path = path_of(text_of(child(service, "XAddr")));
      if (space == "http://www.onvif.org/ver10/recording/wsdl") {
        out.recording = path;
      } else if (space == "http://www.onvif.org/ver10/events/wsdl") {
        out.events = path;
      } else if (space == "http://www.onvif.org/ver10/deviceIO/wsdl") {
        out.device_io = path;
      } else if (space == "http://www.onvif.org/ver10/search/wsdl") {
        out.search = path;
      }
    }
    return std::optional(out);
  });
}

std::optional<std::string> parse_version(std::string_view body) {
  return with_answer(body, "GetDeviceInformationResponse", [](pugi::xml_node answer) {
    std::string out;
    for (const std::string_view name : {"Manufacturer", "Model", "FirmwareVersion"}) {
      const auto text = text_of(child(answer, name));
      const bool is_clean = text.size() <= longest_token && std::all_of(text.begin(), text.end(), [](char c) {
                              return c >= ' ' && c < '\x7f';
                            });
      if (!text.empty() && is_clean) {
        out += (out.empty() ? "" : " ") + std::string(text);
      }
    }
    return std::optional(out);
  });
}

JobState job_state_of(std::string_view text) {
  return text == "Active"            ? JobState::active
         : text == "Idle"            ? JobState::idle
         : text == "PartiallyActive" ? JobState::partially
         : text == "Error"           ? JobState::error
                                     : JobState::other;
}

std::optional<JobState> parse_job_state(std::string_view body) {
  return with_answer(body, "GetRecordingJobStateResponse",
                     [](pugi::xml_node answer) -> std::optional<JobState> {
                       const auto state = child(answer, "State");
                       auto out = job_state_of(text_of(child(state, "State")));
                       // An aggregate that says Active over a track that is not: believe the track.
                       for (const auto source : children(state, "Sources")) {
                         for (const auto track : children(child(source, "Tracks"), "Track")) {
                           const auto one = job_state_of(text_of(child(track, "State")));
                           if (out == JobState::active && one != JobState::active) {
                             out = one == JobState::error ? JobState::error : JobState::partially;
                           }
                         }
                       }
                       return out;
                     });
}

std::optional<RecordingInformation> parse_recording_information(std::string_view body) {
  return with_answer(body, "GetRecordingInformationResponse", [](pugi::xml_node answer) {
    RecordingInformation out;
    const auto latest = parse_wall_time(text_of(child(answer, "RecordingInformation/LatestRecording")));
    if (latest) {
      out.latest = latest->shown - latest->offset.value_or(std::chrono::minutes(0));
    }
    return std::optional(out);
  });
}

std::optional<std::vector<KnownJob>> parse_jobs(std::string_view body) {
  return with_answer(body, "GetRecordingJobsResponse", [](pugi::xml_node answer) {
    std::vector<KnownJob> out;
    for (const auto item : children(answer, "JobItem")) {
      const auto configuration = child(item, "JobConfiguration");
      KnownJob job{plain(text_of(child(item, "JobToken"))),
                   plain(text_of(child(configuration, "RecordingToken"))),
                   plain(text_of(child(configuration, "Mode"))),
                   whole_number(text_of(child(configuration, "Priority"))).value_or(0)};
      if (!job.token.empty()) {
        out.push_back(std::move(job));
      }
    }
    return std::optional(std::move(out));
  });
}

std::optional<std::string> parse_created(std::string_view body) {
  return with_answer(body, "CreateRecordingJobResponse",
                     [](pugi::xml_node answer) -> std::optional<std::string> {
                       const auto token = text_of(child(answer, "JobToken"));
                       return is_plain_token(token) ? std::optional(std::string(token)) : std::nullopt;
                     });
}

bool is_answer_to(std::string_view body, std::string_view operation) {
  return with_answer(body, std::string(operation) + "Response",
                     [](pugi::xml_node) { return std::optional(true); })
      .has_value();
}

std::optional<std::string> parse_subscription(std::string_view body) {
  return with_answer(body, "CreatePullPointSubscriptionResponse",
                     [](pugi::xml_node answer) -> std::optional<std::string> {
                       const auto url = text_of(child(answer, "SubscriptionReference/Address"));
                       return path_of(url).empty() ? std::nullopt : std::optional(std::string(url));
                     });
}

std::optional<Pulled> parse_messages(std::string_view body, std::string_view job) {
  return with_answer(body, "PullMessagesResponse", [&](pugi::xml_node answer) {
    Pulled out;
    for (const auto notification : children(answer, "NotificationMessage")) {
      const auto topic = text_of(child(notification, "Topic"));
      const auto message = child(notification, "Message/Message");
      if (!topic.ends_with("RecordingConfig/JobState") || !is_from(message, "RecordingJobToken", job)) {
        continue;
      }
      if (attribute(message, "PropertyOperation") == "Deleted") {
        out.state = JobState::idle;
        continue;
      }
      for (const auto item : children(child(message, "Data"), "SimpleItem")) {
        if (attribute(item, "Name") == "State") {
          out.state = job_state_of(attribute(item, "Value"));
        }
      }
    }
    return std::optional(out);
  });
}

std::optional<std::vector<RelayOutput>> parse_relay_outputs(std::string_view body) {
  return with_answer(body, "GetRelayOutputsResponse", [](pugi::xml_node answer) {
    std::vector<RelayOutput> out;
    for (const auto relay : children(answer, "RelayOutputs")) {
      RelayOutput one{plain(attribute(relay, "token")),
                      text_of(child(relay, "Properties/Mode")) != "Monostable"};
      if (!one.token.empty()) {
        out.push_back(std::move(one));
      }
    }
    return std::optional(std::move(out));
  });
}

std::optional<PulledRelay> parse_relay_messages(std::string_view body, std::string_view relay) {
  return with_answer(body, "PullMessagesResponse", [&](pugi::xml_node answer) {
    PulledRelay out;
    for (const auto notification : children(answer, "NotificationMessage")) {
      const auto message = child(notification, "Message/Message");
      if (!text_of(child(notification, "Topic")).ends_with("Device/Trigger/Relay") ||
          !is_from(message, "RelayToken", relay)) {
        continue;
      }
      for (const auto item : children(child(message, "Data"), "SimpleItem")) {
        const auto name = attribute(item, "Name");
        const auto state = logical_state(attribute(item, "Value"));
        if ((name == "LogicalState" || name == "State") && state) {
          out.is_active = state;
        }
      }
    }
    return std::optional(out);
  });
}

}  // namespace lobby::cctv::onvif
