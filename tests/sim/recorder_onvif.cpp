#include "tests/sim/recorder_onvif.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "tests/sim/onvif_soap.hpp"

namespace lobby::sim {
namespace {

constexpr std::chrono::seconds token_window{5};
constexpr std::chrono::minutes locked_for{30};
constexpr std::size_t most_nonces_kept = 1000;

std::string from_base64(const std::string& text) {
  std::string out(text.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = static_cast<int>(std::count(text.begin(), text.end(), '='));
  out.resize(static_cast<std::size_t>(std::max(0, size - padding)));
  return out;
}

std::string to_base64(const std::string& bytes) {
  std::string out(bytes.size() * 2 + 4, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

bool is_pre_auth(const std::string& name) {
  constexpr std::array<std::string_view, 4> all{"GetSystemDateAndTime", "GetServices", "GetCapabilities",
                                                "GetServiceCapabilities"};
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

bool OnvifRecorder::can_have(Fault fault) const {
  constexpr Fault all[] = {Fault::unwritten,    Fault::no_picture,  Fault::no_disk,  Fault::partial,
                           Fault::no_state,     Fault::no_events,   Fault::busy,     Fault::mode_names,
                           Fault::stale,        Fault::nonce_once,  Fault::lock_out, Fault::lie,
                           Fault::clock,        Fault::login_page,  Fault::garbage,  Fault::contact,
                           Fault::error_inside, Fault::unauthorised};
  return std::find(std::begin(all), std::end(all), fault) != std::end(all);
}

void OnvifRecorder::describe(boost::json::object& out) const {
  out["mode"] = job_ ? job_->mode : "none";
  out["jobs_made"] = jobs_made_;
  out["subscriptions"] = subscriptions_.size();
  out["wrong_tokens"] = wrong_tokens_;
  out["tokens_locked"] = now() < locked_until_;
  boost::json::object all;
  for (const auto& [token, one] : relays_) {
    all[token] = {{"ordered", one.is_active}, {"contact", one.is_moved}};
  }
  out["relays"] = std::move(all);
}

bool OnvifRecorder::is_open_to_all(const HttpAsk& ask) const {
  return settings.wants_token || is_pre_auth(soap_operation(ask.body));
}

void OnvifRecorder::set_job(std::optional<Job> job) {
  job_ = std::move(job);
  settle();
}

void OnvifRecorder::restart() {
  subscriptions_.clear();
  for (auto& [token, one] : relays_) {
    one.is_active = one.is_moved = false;
  }
}

void OnvifRecorder::set_relay(const std::string& token, bool is_active) {
  auto& one = relays_.at(token);
  one.is_active = is_active;
  one.is_moved = has(Fault::contact) ? one.is_moved : is_active;
}

bool OnvifRecorder::is_ordered() const {
  return job_ && job_->mode == "Active";
}

std::string OnvifRecorder::job_state() const {
  if (!is_ordered() || has(Fault::no_picture)) {
    return "Idle";
  }
  return has(Fault::no_disk)      ? "Error"
         : has(Fault::partial)    ? "PartiallyActive"
         : has(Fault::mode_names) ? "Recording"
                                  : "Active";
}

bool OnvifRecorder::is_token_right(const HttpAsk& ask) {
  const auto nonce = between_tags(ask.body, "Nonce");
  const auto created = between_tags(ask.body, "Created");
  const auto user = between_tags(ask.body, "Username");
  if (nonce.empty() || created.empty()) {
    return false;
  }
  const auto at = parse_recorder_time(created);
  const auto wanted = to_base64(hash_bytes("SHA1", from_base64(nonce) + created + settings.password));
  const bool is_now = at && std::chrono::abs(*at - its_time()) < token_window;
  // The same token twice is an overheard one.
  const bool is_new = used_nonces_.insert(nonce).second;
  if (used_nonces_.size() > most_nonces_kept) {
    used_nonces_.clear();
  }
  const bool is_right = is_now && is_new && user == settings.user && !has(Fault::unauthorised) &&
                        between_tags(ask.body, "Password") == wanted;
  wrong_tokens_ += is_right ? 0 : 1;
  wrong_in_row_ = is_right ? 0 : wrong_in_row_ + 1;
  if (wrong_in_row_ >= settings.attempts) {
    wrong_in_row_ = 0;
    locked_until_ = now() + locked_for;
  }
  return is_right && now() >= locked_until_ && !has(Fault::lock_out);
}

HttpReply OnvifRecorder::device(const std::string& name, const HttpAsk&) {
  if (name == "GetSystemDateAndTime") {
    const auto text = iso_text(its_time());
    return soap(fmt::format(
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
        "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone>"
        "<tt:UTCDateTime><tt:Time><tt:Hour>{}</tt:Hour><tt:Minute>{}</tt:Minute><tt:Second>{}</tt:Second>"
        "</tt:Time><tt:Date><tt:Year>{}</tt:Year><tt:Month>{}</tt:Month><tt:Day>{}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>",
        text.substr(11, 2), text.substr(14, 2), text.substr(17, 2), text.substr(0, 4), text.substr(5, 2),
        text.substr(8, 2)));
  }
  if (name == "GetServices") {
    std::string all;
    // It stands behind another address than it knows.
    for (const std::string_view service : {"device", "recording", "events", "deviceIO", "search"}) {
      all += fmt::format(
          "<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{0}/wsdl</tds:Namespace><tds:XAddr>"
          "http://10.9.8.7/onvif/{0}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>6</tt:Minor>"
          "</tds:Version></tds:Service>",
          service);
    }
    return soap("<tds:GetServicesResponse>" + all + "</tds:GetServicesResponse>");
  }
  if (name == "GetDeviceInformation") {
    return soap(
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>M</tds:Manufacturer><tds:Model>N</tds:Model>"
        "<tds:FirmwareVersion>1.2</tds:FirmwareVersion><tds:SerialNumber>1</tds:SerialNumber>"
        "<tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>");
  }
  return soap_fault("env:Receiver", "ter:ActionNotSupported", "", 500);
}

HttpReply OnvifRecorder::job_state_answer() const {
  const auto state = job_state();
  const auto track = [&](std::string_view tag, const std::string& is) {
    return fmt::format(
        "<tt:Track><tt:SourceTag>{0}</tt:SourceTag><tt:Destination>{0}</tt:Destination>"
        "<tt:State>{1}</tt:State></tt:Track>",
        tag, is);
  };
  const bool is_part = state == "PartiallyActive";
  return soap(fmt::format(
      "<trc:GetRecordingJobStateResponse><trc:State><tt:RecordingToken>R1</tt:RecordingToken><tt:State>{0}"
      "</tt:State><tt:Sources><tt:SourceToken><tt:Token>P1</tt:Token></tt:SourceToken><tt:State>{0}"
      "</tt:State><tt:Tracks>{1}{2}</tt:Tracks></tt:Sources></trc:State></trc:GetRecordingJobStateResponse>",
      state, track("Video", is_part ? "Active" : state), track("Audio", is_part ? "Idle" : state)));
}

HttpReply OnvifRecorder::set_mode(const std::string& mode) {
  if (has(Fault::error_inside) || (mode != "Active" && mode != "Idle")) {
    return soap_fault("env:Sender", "ter:InvalidArgVal", "ter:BadMode", has(Fault::error_inside) ? 200 : 400);
  }
  if (!has(Fault::lie)) {
    job_->mode = mode;
  }
  return soap("<trc:SetRecordingJobModeResponse/>");
}

HttpReply OnvifRecorder::recording(const std::string& name, const HttpAsk& ask) {
  if (name == "GetRecordingJobs") {
    return soap("<trc:GetRecordingJobsResponse>" +
                (job_ ? fmt::format("<trc:JobItem><tt:JobToken>{}</tt:JobToken><tt:JobConfiguration>"
                                    "<tt:RecordingToken>R1</tt:RecordingToken><tt:Mode>{}</tt:Mode>"
                                    "<tt:Priority>{}</tt:Priority></tt:JobConfiguration></trc:JobItem>",
                                    job_->token, job_->mode, job_->priority)
                      : std::string()) +
                "</trc:GetRecordingJobsResponse>");
  }
  if (name == "CreateRecordingJob") {
    if (has(Fault::busy)) {
      return soap_fault("env:Receiver", "ter:Action", "ter:MaxRecordingJobs", 500);
    }
    if (has(Fault::error_inside)) {
      return soap_fault("env:Receiver", "ter:Action", "ter:BadConfiguration", 200);
    }
    if (between_tags(ask.body, "RecordingToken") != "R1") {
      return soap_fault("env:Sender", "ter:InvalidArgVal", "ter:NoRecording", 400);
    }
    job_ = Job{fmt::format("J{}", ++jobs_made_), has(Fault::lie) ? "Idle" : "Active", 10};
    return soap(
        fmt::format("<trc:CreateRecordingJobResponse><trc:JobToken>{}</trc:JobToken>"
                    "<trc:JobConfiguration><tt:RecordingToken>R1</tt:RecordingToken><tt:Mode>Active"
                    "</tt:Mode><tt:Priority>10</tt:Priority></trc:JobConfiguration>"
                    "</trc:CreateRecordingJobResponse>",
                    job_->token));
  }
  if (!job_ || between_tags(ask.body, "JobToken") != job_->token) {
    return soap_fault("env:Sender", "ter:InvalidArgVal", "ter:NoRecordingJob", 400);
  }
  if (name == "SetRecordingJobMode") {
    return set_mode(between_tags(ask.body, "Mode"));
  }
  if (name == "DeleteRecordingJob") {
    job_.reset();
    return soap("<trc:DeleteRecordingJobResponse/>");
  }
  if (name != "GetRecordingJobState" || has(Fault::no_state)) {
    return soap_fault("env:Receiver", "ter:ActionNotSupported", "", 500);
  }
  return job_state_answer();
}

HttpReply OnvifRecorder::search(const std::string& name, const HttpAsk& ask) const {
  if (name != "GetRecordingInformation" || !has_search) {
    return soap_fault("env:Receiver", "ter:ActionNotSupported", "", 500);
  }
  if (between_tags(ask.body, "RecordingToken") != "R1") {
    return soap_fault("env:Sender", "ter:InvalidArgVal", "ter:InvalidToken", 400);
  }
  const auto& film = segments();
  const auto times =
      film.empty()
          ? std::string()
          : fmt::format(
                "<tt:EarliestRecording>{}</tt:EarliestRecording><tt:LatestRecording>{}"
                "</tt:LatestRecording>",
                iso_text(its_time(film.front().begin)), iso_text(its_time(film.back().end.value_or(now()))));
  return soap(
      fmt::format("<tse:GetRecordingInformationResponse><tse:RecordingInformation><tt:RecordingToken>R1"
                  "</tt:RecordingToken><tt:Source><tt:SourceId>P1</tt:SourceId></tt:Source>{}"
                  "<tt:Content>room</tt:Content><tt:RecordingStatus>{}</tt:RecordingStatus>"
                  "</tse:RecordingInformation></tse:GetRecordingInformationResponse>",
                  times, is_ordered() ? "Recording" : "Stopped"));
}

HttpReply OnvifRecorder::pull(const HttpAsk& ask, Subscription& from) const {
  const auto message = [&](std::string_view topic, std::string_view operation, std::string_view source,
                           std::string_view token, std::string_view data, std::string_view value) {
    return fmt::format(
        "<wsnt:NotificationMessage><wsnt:Topic Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/"
        "ConcreteSet\">tns1:{}</wsnt:Topic><wsnt:Message><tt:Message UtcTime=\"{}\" PropertyOperation=\"{}\">"
        "<tt:Source><tt:SimpleItem Name=\"{}\" Value=\"{}\"/></tt:Source><tt:Data><tt:SimpleItem Name=\"{}\" "
        "Value=\"{}\"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>",
        topic, iso_text(its_time()), operation, source, token, data, value);
  };
  std::string messages;
  const auto state = event_state.value_or(job_state());
  if (job_ && state != from.job_state) {
    messages += message("RecordingConfig/JobState", from.job_state.empty() ? "Initialized" : "Changed",
                        "RecordingJobToken", job_->token, "State", state);
    from.job_state = state;
  }
  for (const auto& [token, one] : relays_) {
    const std::string is = one.is_moved ? "active" : "inactive";
    auto& told = from.told[token];
    if (told != is) {
      messages += message("Device/Trigger/Relay", told.empty() ? "Initialized" : "Changed", "RelayToken",
                          token, "LogicalState", is);
      told = is;
    }
  }
  auto reply =
      soap(fmt::format("<tev:PullMessagesResponse><tev:CurrentTime>{}</tev:CurrentTime>"
                       "<tev:TerminationTime>{}</tev:TerminationTime>{}</tev:PullMessagesResponse>",
                       iso_text(its_time()), iso_text(its_time(from.until)), messages));
  const auto wait = std::clamp(soap_seconds(between_tags(ask.body, "Timeout")), 0, 60);
  reply.after = messages.empty() ? std::chrono::seconds(wait) : milliseconds(0);
  return reply;
}

HttpReply OnvifRecorder::events(const std::string& name, const HttpAsk& ask) {
  if (has(Fault::no_events)) {
    return soap_fault("env:Receiver", "wsntw:UnableToCreatePullPointFault", "", 500);
  }
  std::erase_if(subscriptions_, [&](const auto& one) { return one.second.until < now(); });
  if (name == "CreatePullPointSubscription") {
    const auto life = std::clamp(soap_seconds(between_tags(ask.body, "InitialTerminationTime")), 1, 3600);
    const auto path = fmt::format("/onvif/subscription/{}", ++subscribed_);
    subscriptions_[path] = {now() + std::chrono::seconds(life), {}, {}};
    return soap(
        fmt::format("<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>"
                    "http://10.9.8.7{}</wsa:Address></tev:SubscriptionReference><wsnt:CurrentTime>{}"
                    "</wsnt:CurrentTime></tev:CreatePullPointSubscriptionResponse>",
                    path, iso_text(its_time())));
  }
  const auto found = subscriptions_.find(ask.target);
  if (found == subscriptions_.end()) {
    return soap_fault("env:Sender", "wsrf-rw:ResourceUnknownFault", "", 500);
  }
  if (name == "Renew") {
    ++renewals_;
    const auto life = std::clamp(soap_seconds(between_tags(ask.body, "TerminationTime")), 1, 3600);
    found->second.until = now() + std::chrono::seconds(life);
    return soap("<wsnt:RenewResponse><wsnt:TerminationTime>" + iso_text(its_time(found->second.until)) +
                "</wsnt:TerminationTime></wsnt:RenewResponse>");
  }
  if (name == "Unsubscribe") {
    subscriptions_.erase(found);
    return soap("<wsnt:UnsubscribeResponse/>");
  }
  return name == "PullMessages" ? pull(ask, found->second)
                                : soap_fault("env:Receiver", "ter:ActionNotSupported", "", 500);
}

HttpReply OnvifRecorder::relay(const std::string& name, const HttpAsk& ask) {
  // The same operations in both services; this one answers in the older name space.
  if (name == "GetRelayOutputs") {
    std::string all;
    for (const auto& [token, one] : relays_) {
      all += fmt::format(
          "<tds:RelayOutputs token=\"{}\"><tt:Properties><tt:Mode>{}</tt:Mode><tt:DelayTime>PT1S"
          "</tt:DelayTime><tt:IdleState>open</tt:IdleState></tt:Properties></tds:RelayOutputs>",
          token, one.is_bistable ? "Bistable" : "Monostable");
    }
    return soap("<tds:GetRelayOutputsResponse>" + all + "</tds:GetRelayOutputsResponse>");
  }
  const auto token = between_tags(ask.body, "RelayOutputToken");
  const auto state = between_tags(ask.body, "LogicalState");
  if (!relays_.contains(token)) {
    return soap_fault("env:Sender", "ter:InvalidArgVal", "ter:RelayToken", 500);
  }
  if (has(Fault::error_inside) || (state != "active" && state != "inactive")) {
    return soap_fault("env:Sender", "ter:InvalidArgVal", "", has(Fault::error_inside) ? 200 : 400);
  }
  if (!has(Fault::lie)) {
    set_relay(token, state == "active");
  }
  return soap("<tds:SetRelayOutputStateResponse/>");
}

HttpReply OnvifRecorder::reply_to(const HttpAsk& ask) {
  const auto name = soap_operation(ask.body);
  if (ask.method != "POST" || name.empty()) {
    return {400, "", "text/plain", {}};
  }
  if (settings.wants_token && !is_pre_auth(name) && !is_token_right(ask)) {
    return soap_fault("env:Sender", "ter:NotAuthorized", "", 400);
  }
  const bool is_device = ask.target == "/onvif/device_service" || ask.target == "/onvif/device";
  if (name.find("RelayOutput") != std::string::npos && (is_device || ask.target == "/onvif/deviceIO")) {
    return relay(name, ask);
  }
  if (is_device) {
    return device(name, ask);
  }
  if (ask.target == "/onvif/recording") {
    return recording(name, ask);
  }
  if (ask.target == "/onvif/search") {
    return search(name, ask);
  }
  const bool is_event = ask.target == "/onvif/events" || ask.target.starts_with("/onvif/subscription/");
  return is_event ? events(name, ask) : HttpReply{404, "", "text/plain", {}};
}

}  // namespace lobby::sim
