#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/cctv/device_time.hpp"
#include "drivers/cctv/recorder.hpp"

/// ONVIF in the bytes of SOAP 1.2: what is asked, and what an answer says. Source: the ONVIF Core, Recording
/// Control and Event specifications and their WSDL; WS-UsernameToken profile 1.0. Pure.
namespace lobby::cctv::onvif {

/// One operation: where it goes, what it is called, what it says.
struct Call {
  /// `device_io`: where a device has no such service, the device service has the same operations.
  enum class Service : std::uint8_t { device, recording, events, subscription, device_io, search };
  Service service = Service::device;
  std::string action;        ///< the soapAction
  std::string body;          ///< within s:Body, with its own name spaces
  bool is_pre_auth = false;  ///< asked without credentials
  bool repeatable = true;
};

Call get_date_and_time();
Call get_services();
Call get_device_information();
Call get_recording_jobs();
/// Active, over the recording's other jobs of a lower priority.
struct Job {
  std::string recording, profile;
  int priority = 10;
};
Call create_job(const Job& job);
Call set_job_mode(std::string_view job, bool is_active);
Call delete_job(std::string_view job);
Call get_job_state(std::string_view job);
/// Of the search service: how far what is written of a recording goes.
Call get_recording_information(std::string_view recording);
/// "There is no GetRelayState command": how a relay is shows in events alone (ONVIF Device IO).
Call get_relay_outputs();
Call set_relay_state(std::string_view relay, bool is_active);
Call create_pull_point();
Call pull_messages();
Call renew();
Call unsubscribe();

inline constexpr std::chrono::seconds subscription_life{60};
inline constexpr std::chrono::seconds pull_wait{1};

/// `Base64(SHA1(nonce + created + password))`, the nonce as raw bytes.
std::string password_digest(std::string_view nonce, std::string_view created, std::string_view password);

struct Token {
  std::string user, password;
  std::string nonce;    ///< 16 … 20 raw bytes
  std::string created;  ///< iso_time()
};
/// The whole message. `to`: the address that WS-Addressing wants to see; empty for other services.
std::string envelope(const Call& call, const Token* token, std::string_view to);

/// What an answer's body says, also one of status 400 or 500.
struct SoapFault {
  std::string code;  ///< the innermost subcode without its prefix: `NotAuthorized`, `MaxRecordingJobs` …
};
std::optional<SoapFault> parse_fault(std::string_view body);
Fault fault_of(const SoapFault& fault);

struct DeviceClock {
  UtcTime utc;
  std::optional<UtcTime> local;
};
std::optional<DeviceClock> parse_date_and_time(std::string_view body);

/// Paths of the services' addresses: a device may stand behind another address than the one that it tells.
struct Services {
  std::string recording, events;  ///< empty: it has none
  std::string device_io{};        ///< legacy devices have none
  std::string search{};
};
std::optional<Services> parse_services(std::string_view body);
std::string path_of(std::string_view url);

std::optional<std::string> parse_version(std::string_view body);

/// `Idle PartiallyActive Active Error`; `other`: none of these.
enum class JobState : std::uint8_t { idle, partially, active, error, other };
std::optional<JobState> parse_job_state(std::string_view body);
JobState job_state_of(std::string_view text);

/// `GetRecordingInformation`.
struct RecordingInformation {
  std::optional<UtcTime> latest;  ///< the newest picture, by the device's clock
};
std::optional<RecordingInformation> parse_recording_information(std::string_view body);

struct KnownJob {
  std::string token, recording, mode;
  int priority = 0;
};
std::optional<std::vector<KnownJob>> parse_jobs(std::string_view body);
/// The token of a job that was made.
std::optional<std::string> parse_created(std::string_view body);
/// The answer to an operation that says nothing but that it was done.
bool is_answer_to(std::string_view body, std::string_view operation);

/// Where the messages of a subscription are pulled.
std::optional<std::string> parse_subscription(std::string_view body);
/// What the messages of one pull say of this job: the newest; `none` when they say nothing of it.
struct Pulled {
  std::optional<JobState> state;
};
std::optional<Pulled> parse_messages(std::string_view body, std::string_view job);

struct RelayOutput {
  std::string token;
  bool is_bistable = true;  ///< false: it falls back by itself after its delay
};
std::optional<std::vector<RelayOutput>> parse_relay_outputs(std::string_view body);
/// What the messages of one pull say of this relay: the newest; nothing when they say nothing of it.
struct PulledRelay {
  std::optional<bool> is_active;
};
std::optional<PulledRelay> parse_relay_messages(std::string_view body, std::string_view relay);

/// A token that we may send back, and keep.
bool is_plain_token(std::string_view text);

}  // namespace lobby::cctv::onvif
