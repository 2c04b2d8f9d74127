// Whatever a printer sends: the decoder stays within its bounds, and what it gives has a meaning.
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "drivers/printer/escpos.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobby::printer::escpos;
  Decoder decoder;
  Condition condition;
  for (std::size_t i = 0; i < size; ++i) {
    const auto answer = decoder.take(data[i]);
    if (!answer) {
      continue;
    }
    if (const auto* bits = std::get_if<RealTime>(&*answer)) {
      add_real_time(static_cast<int>(i % 5), bits->bits, condition);
    } else if (const auto* automatic = std::get_if<Automatic>(&*answer)) {
      condition = automatic->condition;
    } else if (const auto* id = std::get_if<ProcessId>(&*answer)) {
      for (const auto byte : id->id) {
        if (byte == 0) {
          std::abort();
        }
      }
    }
    if (!condition.can_print() && condition.reason().empty()) {
      std::abort();
    }
  }
  return 0;
}
