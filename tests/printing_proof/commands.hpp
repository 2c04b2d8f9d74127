#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

/// Where one ESC/POS command ends and the next begins, for the printer of this proof. Written from the
/// makers' command tables, apart from the encoder that it judges.
namespace lobby::proof {

using Buffer = std::deque<std::uint8_t>;

/// Bytes of the command, or of the character, that the buffer begins with; 0: the rest of it has not come.
std::size_t command_length(const Buffer& buffer);

/// What a printer acts on at once, wherever it stands: told apart byte by byte, as the bytes come in.
class RealTimeEar {
 public:
  enum class Heard : std::uint8_t { nothing, ask, recover_printing, recover_clearing, clear };
  struct Command {
    Heard what = Heard::nothing;
    std::uint8_t n = 0;  ///< of `ask`: which status
  };
  Command hear(std::uint8_t byte);

 private:
  std::uint8_t held_[10] = {};
  std::size_t size_ = 0;
};

}  // namespace lobby::proof
