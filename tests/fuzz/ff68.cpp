// Whatever comes in on the line of FF 68 devices: only whole frames are taken, and encoding them again gives
// the bytes that came.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "drivers/window/ff68.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby;
  window::Ff68Decoder decoder;
  std::vector<std::uint8_t> came;
  for (std::size_t i = 0; i < size; ++i) {
    came.push_back(data[i]);
    const auto frame = decoder.take(data[i]);
    if (!frame) {
      continue;
    }
    const auto bytes = window::encode_ff68(*frame);
    if (bytes.size() > came.size() || !std::equal(bytes.rbegin(), bytes.rend(), came.rbegin())) {
      std::abort();
    }
  }
  return 0;
}
