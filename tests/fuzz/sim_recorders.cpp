// Whatever is sent to a simulated recorder or relay board: it answers within bounds, or not at all, and what
// it answers is a whole answer. The first byte says which device.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "tests/sim/recorder_dahua.hpp"
#include "tests/sim/recorder_front.hpp"
#include "tests/sim/recorder_isapi.hpp"
#include "tests/sim/recorder_motion.hpp"
#include "tests/sim/recorder_onvif.hpp"
#include "tests/sim/relay_model.hpp"

namespace {

using namespace lobby::sim;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void ask_board(const std::uint8_t* data, std::size_t size) {
  RelayModel board(1);
  Bytes frame(data, data + size);
  append_crc(frame);
  if (const auto request = parse_request(frame)) {
    if (const auto answer = board.answer(*request, TimePoint{})) {
      require(is_whole(*answer));
    }
  }
}

void ask_recorder(unsigned which, std::string bytes) {
  const RecorderModel::Now now = [] { return RecorderTime(std::chrono::seconds(1'795'438'800)); };
  std::unique_ptr<RecorderModel> model;
  switch (which % 5) {
    case 0:
      model = std::make_unique<IsapiRecorder>(now);
      break;
    case 1:
      model = std::make_unique<DahuaRecorder>(now);
      break;
    case 2:
      model = std::make_unique<MotionRecorder>(now);
      break;
    default: {
      OnvifRecorder::Settings settings;
      settings.wants_token = which % 5 == 4;
      model = std::make_unique<OnvifRecorder>(now, settings);
      break;
    }
  }
  DigestGate::Settings gate;
  gate.user = which >= 128 ? "ctl" : "";
  RecorderFront front(std::move(model), gate, now);
  for (int i = 0; i < 8; ++i) {
    const auto before = bytes.size();
    const auto ask = take_request(bytes);
    if (!ask) {
      break;
    }
    require(bytes.size() < before && ask->body.size() <= longest_request);
    const auto reply = front.answer(*ask);
    require(reply.has_value() && reply->body.size() < longest_request);
    require(http_bytes(*reply).find("\r\n\r\n") != std::string::npos);
    require(reply->after <= std::chrono::minutes(1));
  }
  boost::json::object seen;
  front.describe(seen);
  require(seen.contains("recording"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  if (data[0] == 255) {
    ask_board(data + 1, size - 1);
  } else {
    ask_recorder(data[0], std::string(reinterpret_cast<const char*>(data + 1), size - 1));
  }
  return 0;
}
