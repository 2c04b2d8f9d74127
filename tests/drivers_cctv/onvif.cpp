// SOAP as ONVIF's documents and one of its servers have it.
#include "drivers/cctv/onvif.hpp"

#include <doctest/doctest.h>

#include "drivers/cctv/xml.hpp"

using namespace lobby::cctv;
using namespace std::chrono_literals;

namespace {

std::string soap(const std::string& body) {
  return "<?xml version=\"1.0\"?><SOAP-ENV:Envelope "
         "xmlns:SOAP-ENV=\"http://www.w3.org/2003/05/soap-envelope\">"
         "<SOAP-ENV:Header/><SOAP-ENV:Body>" +
         body + "</SOAP-ENV:Body></SOAP-ENV:Envelope>";
}

}  // namespace

TEST_CASE("the published digest of a password") {
  const std::string nonce = "\x2c\xaa\x88\xe8\x6f\xc0\x8a\x42\x82\x42\xb3\x74\xce\xa6\x45\x96";
  CHECK(onvif::password_digest(nonce, "2010-09-16T07:50:45Z", "userpassword") ==
        "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
  const onvif::Token token{"ad<min", "userpassword", nonce, "2010-09-16T07:50:45Z"};
  const auto xml = Xml::parse(onvif::envelope(onvif::get_recording_jobs(), &token, ""));
  REQUIRE(xml);
  const auto security = child(xml->root(), "Header/Security/UsernameToken");
  CHECK(text_of(child(security, "Username")) == "ad<min");
  CHECK(text_of(child(security, "Password")) == "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
  CHECK(attribute(child(security, "Password"), "Type") ==
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest");
  CHECK(text_of(child(security, "Nonce")) == "LKqI6G/AikKCQrN0zqZFlg==");
  CHECK(text_of(child(security, "Created")) == "2010-09-16T07:50:45Z");
  CHECK(onvif::envelope(onvif::get_recording_jobs(), &token, "").find("userpassword<") == std::string::npos);
}

TEST_CASE("what is asked") {
  const auto job = onvif::create_job({"Recording<1>", "Profile_1", 10});
  CHECK(job.action == "http://www.onvif.org/ver10/recording/wsdl/CreateRecordingJob");
  CHECK_FALSE(job.repeatable);
  const auto xml = Xml::parse(onvif::envelope(job, nullptr, ""));
  REQUIRE(xml);
  CHECK_FALSE(child(xml->root(), "Header"));
  const auto configuration = child(xml->root(), "Body/CreateRecordingJob/JobConfiguration");
  CHECK(text_of(child(configuration, "RecordingToken")) == "Recording<1>");
  CHECK(text_of(child(configuration, "Mode")) == "Active");
  CHECK(text_of(child(configuration, "Priority")) == "10");
  CHECK(attribute(child(configuration, "Source/SourceToken"), "Type") ==
        "http://www.onvif.org/ver10/schema/Profile");
  CHECK(text_of(child(configuration, "Source/SourceToken/Token")) == "Profile_1");

  const auto pull = Xml::parse(onvif::envelope(onvif::pull_messages(), nullptr, "http://cam/sub?a=1&b=2"));
  REQUIRE(pull);
  CHECK(text_of(child(pull->root(), "Header/Action")) ==
        "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/PullMessagesRequest");
  CHECK(text_of(child(pull->root(), "Header/To")) == "http://cam/sub?a=1&b=2");
  CHECK(text_of(child(pull->root(), "Body/PullMessages/MessageLimit")) == "10");
  CHECK(onvif::get_date_and_time().is_pre_auth);
  CHECK(onvif::get_services().is_pre_auth);
  CHECK_FALSE(onvif::get_job_state("J").is_pre_auth);
}

TEST_CASE("faults by their innermost subcode") {
  const auto fault = [](const std::string& code) {
    const auto out = onvif::parse_fault(
        soap("<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value>" + code +
             "</SOAP-ENV:Code><SOAP-ENV:Reason/></SOAP-ENV:Fault>"));
    REQUIRE(out);
    return *out;
  };
  const auto subcode = [](const std::string& value, const std::string& inner = "") {
    return "<SOAP-ENV:Subcode><SOAP-ENV:Value>" + value + "</SOAP-ENV:Value>" + inner + "</SOAP-ENV:Subcode>";
  };
  CHECK(fault(subcode("ter:NotAuthorized")).code == "NotAuthorized");
  CHECK(onvif::fault_of(fault(subcode("ter:NotAuthorized"))) == Fault::credential);
  CHECK(onvif::fault_of(fault(subcode("ter:InvalidArgVal", subcode("ter:NoRecordingJob")))) ==
        Fault::not_recording);
  CHECK(onvif::fault_of(fault(subcode("ter:Action", subcode("ter:MaxRecordingJobs")))) == Fault::capacity);
  CHECK(onvif::fault_of(fault(subcode("ter:ActionNotSupported"))) == Fault::unsupported);
  CHECK(onvif::fault_of(fault("")) == Fault::refused);
  CHECK(fault("").code == "Sender");
  CHECK_FALSE(onvif::parse_fault(soap("<GetServicesResponse/>")));
  CHECK_FALSE(onvif::parse_fault("<html/>"));
}

TEST_CASE("clock, services, jobs") {
  const std::string time =
      "<tds:GetSystemDateAndTimeResponse xmlns:tds=\"a\" "
      "xmlns:tt=\"b\"><tds:SystemDateAndTime><tt:DateTimeType>NTP"
      "</tt:DateTimeType><tt:TimeZone><tt:TZ>CST-8</tt:TZ></"
      "tt:TimeZone><tt:UTCDateTime><tt:Time><tt:Hour>13</tt:Hour>"
      "<tt:Minute>9</tt:Minute><tt:Second>21</tt:Second></tt:Time><tt:Date><tt:Year>2026</"
      "tt:Year><tt:Month>11"
      "</tt:Month><tt:Day>23</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
      "</tds:GetSystemDateAndTimeResponse>";
  const auto clock = onvif::parse_date_and_time(soap(time));
  REQUIRE(clock);
  CHECK(iso_time(clock->utc) == "2026-11-23T13:09:21Z");
  CHECK_FALSE(onvif::parse_date_and_time(soap("<GetSystemDateAndTimeResponse/>")));

  const auto services = onvif::parse_services(
      soap("<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/recording/wsdl</Namespace>"
           "<XAddr>http://192.168.1.9:8080/onvif/recording</XAddr></Service><Service><Namespace>"
           "http://www.onvif.org/ver10/events/wsdl</Namespace><XAddr>http://[fe80::1]/onvif/events</XAddr></"
           "Service>"
           "</GetServicesResponse>"));
  REQUIRE(services);
  CHECK(services->recording == "/onvif/recording");
  CHECK(services->events == "/onvif/events");
  CHECK(onvif::path_of("http://cam") == "/");
  CHECK(onvif::path_of("/onvif").empty());
  CHECK(onvif::path_of("http://cam/a b").empty());

  const auto jobs =
      onvif::parse_jobs(soap("<GetRecordingJobsResponse><JobItem><JobToken>J1</"
                             "JobToken><JobConfiguration><RecordingToken>R1</RecordingToken>"
                             "<Mode>Idle</Mode><Priority>5</Priority></JobConfiguration></"
                             "JobItem><JobItem><JobToken>a b</JobToken></JobItem>"
                             "</GetRecordingJobsResponse>"));
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 1);
  CHECK((*jobs)[0].mode == "Idle");
  CHECK((*jobs)[0].priority == 5);
  CHECK(onvif::parse_created(soap(
            "<CreateRecordingJobResponse><JobToken>J7</JobToken></CreateRecordingJobResponse>")) == "J7");
  CHECK_FALSE(onvif::parse_created(
      soap("<CreateRecordingJobResponse><JobToken>J 7</JobToken></CreateRecordingJobResponse>")));
  // The answer in another name space than the question's.
  CHECK(onvif::is_answer_to(soap("<x:DeleteRecordingJobResponse xmlns:x=\"other\"/>"), "DeleteRecordingJob"));
  CHECK_FALSE(onvif::is_answer_to(soap("<x:DeleteRecordingJob xmlns:x=\"other\"/>"), "DeleteRecordingJob"));
  CHECK_FALSE(onvif::is_answer_to("<DeleteRecordingJobResponse/>", "DeleteRecordingJob"));
}

TEST_CASE("only a job that is active in every track is active") {
  const auto state = [](const std::string& aggregate, const std::string& video, const std::string& audio) {
    return onvif::parse_job_state(
        soap("<GetRecordingJobStateResponse><State><RecordingToken>R</RecordingToken><State>" + aggregate +
             "</State><Sources><SourceToken/><State>" + aggregate +
             "</State><Tracks><Track><SourceTag>Video</SourceTag><State>" + video +
             "</State></Track><Track><SourceTag>Audio</SourceTag><State>" + audio +
             "</State></Track></Tracks></Sources></State></GetRecordingJobStateResponse>"));
  };
  using enum onvif::JobState;
  CHECK(state("Active", "Active", "Active") == active);
  CHECK(state("Active", "Active", "Idle") == partially);
  CHECK(state("Active", "Error", "Active") == error);
  CHECK(state("PartiallyActive", "Active", "Idle") == partially);
  CHECK(state("Idle", "Idle", "Idle") == idle);
  CHECK(state("Sleeping", "Active", "Active") == other);
  CHECK_FALSE(onvif::parse_job_state(soap("<GetServicesResponse/>")));
}

TEST_CASE("messages of jobs: ours, the newest") {
  const auto message = [](const std::string& topic, const std::string& job, const std::string& state,
                          const std::string& operation = "Changed") {
    return "<wsnt:NotificationMessage><wsnt:Topic>" + topic +
           "</wsnt:Topic><wsnt:Message><tt:Message UtcTime=\"2026-11-23T13:09:58Z\" PropertyOperation=\"" +
           operation + "\"><tt:Source><tt:SimpleItem Name=\"RecordingJobToken\" Value=\"" + job +
           "\"/></tt:Source><tt:Data><tt:SimpleItem Name=\"State\" Value=\"" + state +
           "\"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>";
  };
  const auto pulled = [](const std::string& messages) {
    const auto out = onvif::parse_messages(
        soap("<tev:PullMessagesResponse xmlns:tev=\"a\" xmlns:wsnt=\"b\" xmlns:tt=\"c\"><tev:CurrentTime/>" +
             messages + "</tev:PullMessagesResponse>"),
        "J1");
    REQUIRE(out);
    return out->state;
  };
  const std::string topic = "tns1:RecordingConfig/JobState";
  CHECK_FALSE(pulled(""));
  CHECK(pulled(message(topic, "J1", "Active", "Initialized")) == onvif::JobState::active);
  CHECK_FALSE(pulled(message(topic, "J2", "Active")));
  CHECK_FALSE(pulled(message("tns1:Device/Trigger/Relay", "J1", "Active")));
  CHECK(pulled(message(topic, "J1", "Active") + message(topic, "J1", "Idle")) == onvif::JobState::idle);
  CHECK(pulled(message(topic, "J1", "Active", "Deleted")) == onvif::JobState::idle);
  CHECK_FALSE(onvif::parse_messages(soap("<x/>"), "J1"));
}
