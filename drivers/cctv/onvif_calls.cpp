#include "drivers/cctv/onvif.hpp"
#include "drivers/cctv/xml.hpp"
#include "drivers/http/digest.hpp"
#include "drivers/link/xml_text.hpp"

namespace lobby::cctv::onvif {
namespace {

constexpr std::string_view device_space = "http://www.onvif.org/ver10/device/wsdl";
constexpr std::string_view recording_space = "http://www.onvif.org/ver10/recording/wsdl";
constexpr std::string_view search_space = "http://www.onvif.org/ver10/search/wsdl";
constexpr std::string_view events_space = "http://www.onvif.org/ver10/events/wsdl";
constexpr std::string_view io_space = "http://www.onvif.org/ver10/deviceIO/wsdl";
/// The actions alone are written so.
constexpr std::string_view io_actions = "http://www.onvif.org/ver10/deviceio/wsdl";
constexpr std::string_view schema_space = "http://www.onvif.org/ver10/schema";
constexpr std::string_view notification_space = "http://docs.oasis-open.org/wsn/b-2";
constexpr std::string_view security_space = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";

std::string element(std::string_view name, std::string_view inner) {
  return "<" + std::string(name) + ">" + std::string(inner) + "</" + std::string(name) + ">";
}

/// An operation of a service whose prefix is the letters before the colon.
std::string operation(std::string_view name, std::string_view space, std::string_view inner = {}) {
  const std::string prefix(name.substr(0, name.find(':')));
  return "<" + std::string(name) + " xmlns:" + prefix + "=\"" + std::string(space) + "\">" +
         std::string(inner) + "</" + std::string(name) + ">";
}

Call device_call(const std::string& name) {
  return {Call::Service::device, std::string(device_space) + "/" + name,
          operation("tds:" + name, device_space)};
}

Call recording_call(const std::string& name, std::string_view inner = {}) {
  return {Call::Service::recording, std::string(recording_space) + "/" + name,
          operation("trc:" + name, recording_space, inner)};
}

Call io_call(const std::string& name, std::string_view inner = {}) {
  return {Call::Service::device_io, std::string(io_actions) + "/" + name,
          operation("tmd:" + name, io_space, inner)};
}

std::string job_token(std::string_view job) {
  return element("trc:JobToken", link::xml_escaped(job));
}

std::string seconds_text(std::chrono::seconds span) {
  return "PT" + std::to_string(span.count()) + "S";
}

std::string security_header(const Token& token) {
  const std::string base(security_space);
  return "<wsse:Security s:mustUnderstand=\"1\" xmlns:wsse=\"" + base +
         "wssecurity-secext-1.0.xsd\" xmlns:wsu=\"" + base +
         "wssecurity-utility-1.0.xsd\"><wsse:UsernameToken><wsse:Username>" + link::xml_escaped(token.user) +
         "</wsse:Username><wsse:Password Type=\"" + base + "username-token-profile-1.0#PasswordDigest\">" +
         password_digest(token.nonce, token.created, token.password) +
         "</wsse:Password><wsse:Nonce EncodingType=\"" + base + "soap-message-security-1.0#Base64Binary\">" +
         http::base64(token.nonce) + "</wsse:Nonce><wsu:Created>" + token.created +
         "</wsu:Created></wsse:UsernameToken></wsse:Security>";
}

}  // namespace

Call get_date_and_time() {
  Call out = device_call("GetSystemDateAndTime");
  out.is_pre_auth = true;
  return out;
}

Call get_services() {
  Call out = device_call("GetServices");
  out.body = operation("tds:GetServices", device_space, element("tds:IncludeCapability", "false"));
  out.is_pre_auth = true;
  return out;
}

Call get_device_information() {
  return device_call("GetDeviceInformation");
}

Call get_recording_jobs() {
  return recording_call("GetRecordingJobs");
}

Call create_job(const Job& job) {
  Call out = recording_call("CreateRecordingJob");
  out.repeatable = false;
  out.body = "<trc:CreateRecordingJob xmlns:trc=\"" + std::string(recording_space) + "\" xmlns:tt=\"" +
             std::string(schema_space) + "\"><trc:JobConfiguration>" +
             element("tt:RecordingToken", link::xml_escaped(job.recording)) + element("tt:Mode", "Active") +
             element("tt:Priority", std::to_string(job.priority)) + "<tt:Source><tt:SourceToken Type=\"" +
             std::string(schema_space) + "/Profile\">" + element("tt:Token", link::xml_escaped(job.profile)) +
             "</tt:SourceToken></tt:Source></trc:JobConfiguration></trc:CreateRecordingJob>";
  return out;
}

Call set_job_mode(std::string_view job, bool is_active) {
  return recording_call("SetRecordingJobMode",
                        job_token(job) + element("trc:Mode", is_active ? "Active" : "Idle"));
}

Call delete_job(std::string_view job) {
  return recording_call("DeleteRecordingJob", job_token(job));
}

Call get_job_state(std::string_view job) {
  return recording_call("GetRecordingJobState", job_token(job));
}

Call get_recording_information(std::string_view recording) {
  return {Call::Service::search, std::string(search_space) + "/GetRecordingInformation",
          operation("tse:GetRecordingInformation", search_space,
                    element("tse:RecordingToken", link::xml_escaped(recording)))};
}

Call get_relay_outputs() {
  return io_call("GetRelayOutputs");
}

Call set_relay_state(std::string_view relay, bool is_active) {
  return io_call("SetRelayOutputState", element("tmd:RelayOutputToken", link::xml_escaped(relay)) +
                                            element("tmd:LogicalState", is_active ? "active" : "inactive"));
}

Call create_pull_point() {
  return {Call::Service::events,
          std::string(events_space) + "/EventPortType/CreatePullPointSubscriptionRequest",
          operation("tev:CreatePullPointSubscription", events_space,
                    element("tev:InitialTerminationTime", seconds_text(subscription_life)))};
}

Call pull_messages() {
  return {Call::Service::subscription,
          std::string(events_space) + "/PullPointSubscription/PullMessagesRequest",
          operation("tev:PullMessages", events_space,
                    element("tev:Timeout", seconds_text(pull_wait)) + element("tev:MessageLimit", "10"))};
}

Call renew() {
  return {Call::Service::subscription, "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest",
          operation("wsnt:Renew", notification_space,
                    element("wsnt:TerminationTime", seconds_text(subscription_life)))};
}

Call unsubscribe() {
  return {Call::Service::subscription,
          "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/UnsubscribeRequest",
          operation("wsnt:Unsubscribe", notification_space)};
}

std::string password_digest(std::string_view nonce, std::string_view created, std::string_view password) {
  return http::sha1_base64(std::string(nonce) + std::string(created) + std::string(password));
}

std::string envelope(const Call& call, const Token* token, std::string_view to) {
  std::string header = token == nullptr ? std::string() : security_header(*token);
  if (call.service == Call::Service::events || call.service == Call::Service::subscription) {
    header += "<wsa:Action xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">" + call.action +
              "</wsa:Action><wsa:To xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">" +
              link::xml_escaped(to) + "</wsa:To>";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:Envelope "
         "xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">" +
         (header.empty() ? std::string() : element("s:Header", header)) + element("s:Body", call.body) +
         "</s:Envelope>";
}

}  // namespace lobby::cctv::onvif
