#include "drivers/cctv/recorder.hpp"

namespace lobby::cctv {

std::string_view to_text(Word word) {
  constexpr std::string_view words[] = {"done", "failed", "unknown"};
  return words[static_cast<std::size_t>(word)];
}

std::string_view to_text(Fault fault) {
  constexpr std::string_view words[] = {
      "none",        "unreachable", "timeout",   "garbled",     "credential",  "locked_out",    "refused",
      "busy",        "unsupported", "no_camera", "camera_lost", "frozen",      "not_recording", "partial",
      "not_written", "storage",     "clock",     "capacity",    "mode_unknown"};
  return words[static_cast<std::size_t>(fault)];
}

std::string_view to_text(Verdict verdict) {
  constexpr std::string_view words[] = {"recording", "triggered", "not_recording", "unknown"};
  return words[static_cast<std::size_t>(verdict)];
}

Verdict judge(const Reading& reading, link::MonoTime now, link::Duration limit) {
  std::size_t yes = 0;
  for (const Proof& proof : reading.proofs) {
    if (now - proof.at > limit) {
      continue;
    }
    if (proof.seen == Proof::Seen::no) {
      return Verdict::not_recording;
    }
    yes += proof.seen == Proof::Seen::yes ? 1U : 0U;
  }
  if (reading.can_verify) {
    return yes >= 2 ? Verdict::recording : Verdict::unknown;
  }
  return yes >= 1 && yes == reading.proofs.size() ? Verdict::triggered : Verdict::unknown;
}

}  // namespace lobby::cctv
