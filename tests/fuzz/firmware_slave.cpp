#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/firmware_core/bench.hpp"

/// Any bytes at any time on the bus of a unit: it answers with whole frames of its own or not at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby::firmware;
  Bench bench;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0xF5) {  // silence
      bench.pass(3);
      continue;
    }
    bench.hear({data[i]});
    if (i % 7 == 0) {
      // As the master would, with a checksum that is right.
      Bytes frame(data, data + i);
      if (frame.size() > 2 && frame.size() < 250) {
        frame[0] = 17;
        const auto reply = bench.ask(with_crc(frame));
        if (!reply.empty() && (reply[0] != 17 || with_crc({reply.begin(), reply.end() - 2}) != reply)) {
          std::abort();
        }
      }
    }
  }
  return 0;
}
