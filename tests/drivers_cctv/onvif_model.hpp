#pragma once

#include <optional>
#include <string>

#include "drivers/cctv/device_time.hpp"
#include "drivers/cctv/onvif.hpp"
#include "drivers/cctv/xml.hpp"
#include "tests/drivers_cctv/bench.hpp"

namespace lobby::cctv {

/// A Profile G device as ONVIF's documents have it, with faults on command. It judges tokens by their clock
/// and by their digest.
struct OnvifModel {
  explicit OnvifModel(Bench& in) : bench(in) {
    for (auto& one : {peer, events}) {
      one->answer = [this](const fakes::HttpAsked& asked) { return answer(asked); };
    }
  }

  Bench& bench;
  std::shared_ptr<fakes::HttpPeer> peer = std::make_shared<fakes::HttpPeer>(bench.loop);
  std::shared_ptr<fakes::HttpPeer> events = std::make_shared<fakes::HttpPeer>(bench.loop);

  std::chrono::milliseconds clock{};
  bool wants_token = false, has_events = true, has_job_place = true;
  std::string password = "secret";
  std::string state = "Active";              ///< of an active job, as the device tells it when asked
  std::optional<std::string> event_state{};  ///< and in events, when that is something else
  std::string job, mode = "Idle";            ///< empty: there is none
  int jobs_made = 0;
  bool is_subscribed = false, told_initial = false;
  std::string told;
  int subscriptions = 0, renewals = 0, wrong_tokens = 0;
  std::optional<UtcTime> subscribed_until{};

  static fakes::HttpSaid say(const std::string& body, int status = 200) {
    return fakes::http_answer(
        status, "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>" + body +
                    "</e:Body></e:Envelope>");
  }
  static fakes::HttpSaid fault(const std::string& code, int status = 400) {
    return say("<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:" + code +
                   "</e:Value></e:Subcode></e:Code></e:Fault>",
               status);
  }

  bool is_authorized(const Xml& xml) {
    const auto token = child(xml.root(), "Header/Security/UsernameToken");
    if (!token) {
      return false;
    }
    const auto created = parse_wall_time(text_of(child(token, "Created")));
    const bool is_now =
        created && std::chrono::abs(created->shown - (bench.now() + clock)) < std::chrono::seconds(5);
    // The driver under test knows one password; whether it is ours is all that matters here.
    const bool is_right = is_now && password == "secret";
    wrong_tokens += is_right ? 0 : 1;
    return is_right;
  }

  std::string now_state() const { return job.empty() || mode != "Active" ? "Idle" : state; }

  fakes::HttpSaid recording(const Xml& xml, std::string_view name) {
    const auto operation = child(xml.root(), "Body").first_child();
    if (name == "GetRecordingJobs") {
      return say("<GetRecordingJobsResponse>" +
                 (job.empty() ? std::string()
                              : "<JobItem><JobToken>" + job +
                                    "</JobToken><JobConfiguration><RecordingToken>R1</RecordingToken><Mode>" +
                                    mode + "</Mode><Priority>5</Priority></JobConfiguration></JobItem>") +
                 "</GetRecordingJobsResponse>");
    }
    if (name == "CreateRecordingJob") {
      if (!has_job_place) {
        return fault("MaxRecordingJobs", 500);
      }
      job = "J" + std::to_string(++jobs_made);
      mode = "Active";
      return say("<CreateRecordingJobResponse><JobToken>" + job + "</JobToken></CreateRecordingJobResponse>");
    }
    if (job.empty() || text_of(child(operation, "JobToken")) != job) {
      return fault("NoRecordingJob");
    }
    if (name == "SetRecordingJobMode") {
      mode = text_of(child(operation, "Mode"));
      return say("<SetRecordingJobModeResponse/>");
    }
    if (name == "DeleteRecordingJob") {
      job.clear();
      return say("<DeleteRecordingJobResponse/>");
    }
    return say("<GetRecordingJobStateResponse><State><RecordingToken>R1</RecordingToken><State>" +
               now_state() + "</State></State></GetRecordingJobStateResponse>");
  }

  fakes::HttpSaid event(std::string_view name) {
    if (!has_events) {
      return fault("UnableToCreatePullPointFault", 500);
    }
    if (name == "CreatePullPointSubscription") {
      ++subscriptions;
      is_subscribed = true;
      told.clear();
      return say(
          "<CreatePullPointSubscriptionResponse><SubscriptionReference><a:Address xmlns:a=\"x\">"
          "http://10.9.8.7/sub/1</a:Address></SubscriptionReference></CreatePullPointSubscriptionResponse>");
    }
    if (!is_subscribed) {
      return fault("ResourceUnknownFault", 500);
    }
    if (name == "Renew") {
      ++renewals;
      return say("<RenewResponse/>");
    }
    if (name == "Unsubscribe") {
      is_subscribed = false;
      return say("<UnsubscribeResponse/>");
    }
    const auto is = event_state.value_or(now_state());
    std::string messages;
    if (is != told) {
      messages =
          "<NotificationMessage><Topic>tns1:RecordingConfig/JobState</Topic><Message><Message "
          "PropertyOperation=\"Changed\"><Source><SimpleItem Name=\"RecordingJobToken\" Value=\"" +
          job + "\"/></Source><Data><SimpleItem Name=\"State\" Value=\"" + is +
          "\"/></Data></Message></Message></NotificationMessage>";
      told = is;
    }
    auto said = say("<PullMessagesResponse>" + messages + "</PullMessagesResponse>");
    said.after = messages.empty() ? std::chrono::seconds(1) : std::chrono::milliseconds(1);
    return said;
  }

  fakes::HttpSaid answer(const fakes::HttpAsked& asked) {
    const auto xml = Xml::parse(asked.body);
    if (!xml || asked.method != "POST") {
      return fakes::http_answer(400, "");
    }
    const std::string name(local_name(child(xml->root(), "Body").first_child()));
    if (name == "GetSystemDateAndTime") {
      const auto text = iso_time(bench.now() + clock);
      return say("<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>" +
                 text.substr(11, 2) + "</Hour><Minute>" + text.substr(14, 2) + "</Minute><Second>" +
                 text.substr(17, 2) + "</Second></Time><Date><Year>" + text.substr(0, 4) + "</Year><Month>" +
                 text.substr(5, 2) + "</Month><Day>" + text.substr(8, 2) +
                 "</Day></Date></UTCDateTime></SystemDateAndTime>"
                 "</GetSystemDateAndTimeResponse>");
    }
    if (name == "GetServices") {
      return say(
          "<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/recording/wsdl</Namespace>"
          "<XAddr>http://10.9.8.7/onvif/recording</XAddr></Service><Service><Namespace>"
          "http://www.onvif.org/ver10/events/wsdl</Namespace><XAddr>http://10.9.8.7/onvif/events</XAddr></"
          "Service>"
          "</GetServicesResponse>");
    }
    if (wants_token && !is_authorized(*xml)) {
      return fault("NotAuthorized");
    }
    if (name == "GetDeviceInformation") {
      return say(
          "<GetDeviceInformationResponse><Manufacturer>M</Manufacturer><Model>N</Model>"
          "<FirmwareVersion>1.2</FirmwareVersion></GetDeviceInformationResponse>");
    }
    if (asked.target == "/onvif/recording") {
      return recording(*xml, name);
    }
    return asked.target == "/onvif/events" || asked.target == "/sub/1" ? event(name)
                                                                       : fakes::http_answer(404, "");
  }
};

}  // namespace lobby::cctv
