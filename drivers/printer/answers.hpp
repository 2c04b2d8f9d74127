#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "drivers/printer/condition.hpp"
#include "drivers/printer/profile.hpp"
#include "drivers/printer/requests.hpp"

/// What a printer says, without a wire. Pure.
namespace lobby::printer::escpos {

struct RealTime {
  std::uint8_t bits = 0;  ///< answer to DLE EOT, of which n is not said
};
/// Adds what the answer to DLE EOT n says.
void add_real_time(int n, std::uint8_t bits, Condition& condition);

/// A whole frame of the profile's form, asked for or not.
struct Automatic {
  Condition condition;
};
/// Answer to GS r 1 or ESC v: 03 near the end, 0C at the end of the paper.
struct InOrder {
  std::uint8_t bits = 0;
};
/// 37 22 d1 d2 d3 d4 00.
struct ProcessId {
  FenceId id{};
};
/// 37 23 … 00, by GS ( H fn 49: it went off line.
struct Offline {
  Condition condition;
};
/// 37 25 00: everything that was sent is forgotten.
struct Cleared {};
/// 5F … 00 or 3D … 00, by GS I.
struct Identity {
  std::uint8_t kind = 0;
  std::string text;  ///< printable ASCII; other bytes are left out
};
/// Another block, 35 …, 3B …: read over. `whole` is false when it did not end within the bound.
struct Block {
  std::uint8_t kind = 0;
  bool whole = false;
};
using Answer = std::variant<RealTime, Automatic, InOrder, ProcessId, Offline, Cleared, Identity, Block>;

/// Takes a printer's bytes one at a time. Bounded; a byte that fits nowhere is dropped.
///
/// The frames of `snbc_bk_c310` and `snbc_byte` have no mark of their own: they begin behind a reset(), which
/// their user does before each question, and nothing else is read in these forms. In all others every answer
/// is known by its first byte (Epson's rule).
class Decoder {
 public:
  /// `flow_bytes`: XON and XOFF may stand anywhere, also amid an answer, and are read over.
  explicit Decoder(Profile::Status form = Profile::Status::dle_eot, bool flow_bytes = true);
  std::optional<Answer> take(std::uint8_t byte);
  /// Forgets a half-read answer.
  void reset();

 private:
  static constexpr std::size_t longest_block = 96;
  std::optional<Answer> begin(std::uint8_t byte);
  std::optional<Answer> in_block(std::uint8_t byte);
  std::optional<Answer> end_block();
  std::optional<Answer> in_frame(std::uint8_t byte);
  std::optional<Answer> unmarked(std::uint8_t byte);
  bool breaks_frame(std::uint8_t byte) const;

  Profile::Status form_;
  bool flow_bytes_;
  enum class Place : std::uint8_t { outside, block, frame } place_ = Place::outside;
  std::array<std::uint8_t, longest_block> held_{};
  std::size_t size_ = 0;
};

}  // namespace lobby::printer::escpos
