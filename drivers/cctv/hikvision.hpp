#pragma once

#include <memory>

#include "drivers/cctv/recorder.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

struct HikvisionSettings {
  int channel = 1;  ///< as `workingstatus` numbers it
  int stream = 1;   ///< the track is channel * 100 + stream
  /// The guide says POST, most firmware wants PUT; `find_out` tries POST first and remembers.
  enum class Method : std::uint8_t { find_out, post, put };
  Method method = Method::find_out;
  /// Times of segments carry a Z; on many recorders they are local all the same. Wrongly set, what is written
  /// counts as unknown.
  bool segments_are_local = false;
};

/// A Hikvision recorder over ISAPI: manual recording of one channel, proved by the channel's live state and
/// by what is found on the disk. Stopping ends the manual recording alone; the schedule goes on.
std::unique_ptr<Recorder> make_hikvision(link::Executor& executor, std::unique_ptr<http::Client> client,
                                         HikvisionSettings settings, RecorderOptions options);

}  // namespace lobby::cctv
