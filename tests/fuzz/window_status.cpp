// Whatever a unit answers: each press is given at most once per life, in order, and what is neither given nor
// waiting is counted as lost.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "drivers/window/key_ledger.hpp"
#include "drivers/window/sign.hpp"

namespace {

using namespace lobby;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

/// Takes 16-bit words from the input; 0 when it is used up.
struct Words {
  std::span<const std::uint8_t> bytes;
  std::uint16_t next() {
    if (bytes.size() < 2) {
      bytes = {};
      return 0;
    }
    const auto word = static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
    bytes = bytes.subspan(2);
    return word;
  }
  std::vector<std::uint16_t> some(std::size_t count) {
    std::vector<std::uint16_t> words(count);
    for (auto& word : words) {
      word = next();
    }
    return words;
  }
};

struct Reader {
  void status(Words& words) {
    const auto status = window::parse_status(words.some(words.next() % 8 == 0 ? 2 : 3));
    if (!status) {
      return;
    }
    give();  // so that no press of an earlier life with the same id is left
    if (!ledger.has_begun()) {
      acknowledged = words.next();
      const window::PressId recorded{words.next(), words.next()};
      if (ledger.begin(*status, acknowledged, recorded)) {
        last = recorded.number;
      }
      return;
    }
    now += std::chrono::milliseconds(words.next() % 4 == 0 ? 3000 : 100);
    if (ledger.see(*status, now) == window::KeyLedger::Seen::reset) {
      last.reset();
    }
    sign.see(status->shown, now);
    missed += ledger.take_lost() + ledger.take_dropped();
    if (missed >= 0x4000) {
      last.reset();  // so far around the circle, later looks like earlier
    }
  }
  void give() {
    while (const auto press = ledger.next()) {
      if (press->id.boot_id == ledger.boot_id()) {
        const auto step = static_cast<std::uint16_t>(press->id.number - last.value_or(press->id.number - 1));
        require(step != 0 && step < 0x8000);
        last = press->id.number;
        missed = 0;
      }
    }
  }

  window::KeyLedger ledger{std::chrono::seconds(2)};
  window::Sign sign;
  std::optional<std::uint16_t> last;
  std::uint16_t acknowledged = 0;
  unsigned missed = 0;  ///< since the last press that was given
  link::MonoTime now;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Words words{{data, size}};
  Reader reader;
  while (!words.bytes.empty()) {
    switch (words.next() % 6) {
      case 0:
      case 1:
        reader.status(words);
        break;
      case 2:
        static_cast<void>(reader.ledger.read_ring(words.some(words.next() % 8 == 0 ? 7 : 8)));
        break;
      case 3:
        reader.give();
        break;
      case 4:
        reader.sign.want({words.some(words.next() % 12), true, false, words.some(words.next() % 70)},
                         words.next());
        break;
      default:
        require(!reader.sign.is_write_due() ||
                reader.sign.begin_write(words.next() % 2 == 0).values.front() != 0);
        reader.sign.written(reader.now);
        break;
    }
  }
  reader.give();
  return 0;
}
