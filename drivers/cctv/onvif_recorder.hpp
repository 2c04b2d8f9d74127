#pragma once

#include <memory>
#include <string>

#include "drivers/cctv/recorder.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

struct OnvifSettings {
  std::string recording{};  ///< its token at the recorder
  std::string profile{};    ///< of the camera: the source of a job that is made
  /// A job that stands ready: it is made active, and put back afterwards. Empty: one is made, and removed.
  std::string job{};
  int priority = 10;  ///< of a job that is made: only the highest active one of a recording records
  std::string device_path = "/onvif/device_service";
  /// What is written lies so far behind at most, by the search service; beyond that nothing is written any
  /// more. 0: it is not asked, as one that tells how far a recording goes only at its end.
  std::chrono::seconds written_within{60};
};

/// A recorder of ONVIF Profile G: a recording job, proved by the state that it tells when asked and by the
/// events that it sends by itself; and by how far what is written goes, where it has a search service. Both
/// of the former speak of the job: a recorder without that service, whose job is active while nothing is
/// written, is not found out. `events`: a second client to the same device, since pulling waits there;
/// without one it cannot be verified. Both clients have this `login`.
std::unique_ptr<Recorder> make_onvif(link::Executor& executor, std::unique_ptr<http::Client> client,
                                     std::unique_ptr<http::Client> events, std::shared_ptr<http::Login> login,
                                     OnvifSettings settings, RecorderOptions options);

}  // namespace lobby::cctv
