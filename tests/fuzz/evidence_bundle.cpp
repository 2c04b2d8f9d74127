#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/evidence/scan.hpp"
#include "daemon/evidence/verify.hpp"

// A bundle that somebody hands to the verifier: it never crashes, and what it takes for a checkpoint is the
// one text of what it read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby::evidence;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Verifier verifier({});
  std::size_t used = 0;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', used)) {
    const auto line = text.substr(used, end - used);
    if (const auto checkpoint = scan_checkpoint(line)) {
      const auto body = checkpoint_body(checkpoint->checkpoint);
      if (checkpoint->checkpoint.log_id.find('\\') == std::string::npos &&
          checkpoint_line(body, checkpoint->signature) != line) {
        std::abort();
      }
    }
    if (const auto record = scan_record(line); record && record->body.size() >= line.size()) {
      std::abort();
    }
    static_cast<void>(verifier.add(line));
    used = end + 1;
  }
  const auto verdict = verifier.finish(text.substr(used));
  if (verdict.finding == Finding::whole && verifier.checkpoints() == 0) {
    std::abort();
  }
  return 0;
}
