// Whatever a printer sends, in whatever form: the decoder stays within its bounds, what it gives has a
// meaning, and an id stands in the input as it is given.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <variant>

#include "drivers/printer/answers.hpp"

namespace {

using namespace lobby::printer;
using namespace lobby::printer::escpos;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

struct Seen {
  std::deque<std::uint8_t> last;  ///< without XON and XOFF
  bool flow_bytes = false;
  void take(std::uint8_t byte) {
    if (flow_bytes && (byte == 0x11 || byte == 0x13)) {
      return;
    }
    last.push_back(byte);
    if (last.size() > 7) {
      last.pop_front();
    }
  }
};

void check(const Answer& answer, const Seen& seen, Condition& condition) {
  if (const auto* bits = std::get_if<RealTime>(&answer)) {
    add_real_time(bits->bits % 5, bits->bits, condition);
  } else if (const auto* automatic = std::get_if<Automatic>(&answer)) {
    condition = automatic->condition;
  } else if (const auto* id = std::get_if<ProcessId>(&answer)) {
    require(seen.last.size() == 7 && seen.last[0] == 0x37 && seen.last[1] == 0x22 && seen.last[6] == 0);
    require(std::equal(id->id.begin(), id->id.end(), seen.last.begin() + 2));
  } else if (std::holds_alternative<Cleared>(answer)) {
    const auto size = seen.last.size();
    require(size >= 3 && seen.last[size - 3] == 0x37 && seen.last[size - 2] == 0x25 &&
            seen.last[size - 1] == 0);
  } else if (const auto* identity = std::get_if<Identity>(&answer)) {
    require(identity->text.size() < 96);
  }
  require(condition.can_print() || !condition.reason().empty());
}

}  // namespace

/// The first byte says the form, whether flow bytes are read over, and how often the decoder is reset.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  Seen seen;
  seen.flow_bytes = (data[0] & 0x08) != 0;
  const auto every = static_cast<std::size_t>(data[0] >> 4);
  Decoder decoder(static_cast<Profile::Status>(data[0] % 7), seen.flow_bytes);
  Condition condition;
  for (std::size_t i = 1; i < size; ++i) {
    if (every != 0 && i % (every * 7) == 0) {
      decoder.reset();
      seen.last.clear();
    }
    seen.take(data[i]);
    if (const auto answer = decoder.take(data[i])) {
      check(*answer, seen, condition);
    }
  }
  return 0;
}
