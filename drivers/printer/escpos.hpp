#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/printer/encoded.hpp"
#include "drivers/printer/glyphs.hpp"
#include "drivers/printer/job.hpp"
#include "drivers/printer/profile.hpp"

/// ESC/POS without a wire: jobs to bytes, bytes to answers. Pure.
namespace lobby::printer::escpos {

/// The whole job from ESC @ to the profile's feed-and-cut and present, without a fence. Lines wider than the
/// paper are wrapped between characters. A line with characters that the printer's font lacks is drawn by
/// `glyphs`; where that cannot, they become 〓. At most 64 KiB come out, the rest of an endless job is left
/// away. Nothing between the items' first and last byte can be read as a real-time command.
Encoded encode(const Job& job, const Profile& profile, const Glyphs& glyphs = {});

/// Four printable characters that rise with `n`, for n below fence_ids.
using FenceId = std::array<std::uint8_t, 4>;
inline constexpr std::uint32_t fence_ids = 94U * 94U * 94U * 94U;
FenceId fence_id(std::uint32_t n);

/// What stands behind the cut and is answered when everything before it was processed: GS ( H fn 48 with the
/// id, GS r 1 or ESC v. Empty when the profile cannot confirm.
Bytes fence(Profile::Confirm confirm, const FenceId& id);

/// DLE EOT n, n = 1…4. Only between commands.
Bytes ask_status(int n);

/// What a printer said of itself. Low paper is no fault: it prints.
struct Condition {
  bool offline = false, cover_open = false, paper_out = false, paper_low = false, cutter = false,
       broken = false, overheated = false;
  bool can_print() const;
  /// The first of what is wrong, in the words of people; `paper low` when nothing else is; empty when all is
  /// well.
  std::string_view reason() const;
  friend bool operator==(const Condition&, const Condition&) = default;
};
/// Adds what the answer to DLE EOT n says.
void add_real_time(int n, std::uint8_t bits, Condition& condition);

// --- what comes from the printer ---
struct RealTime {
  std::uint8_t bits = 0;  ///< answer to DLE EOT, of which n is not said
};
struct Automatic {
  Condition condition;  ///< an ASB frame
};
struct InOrder {
  std::uint8_t bits = 0;  ///< answer to GS r
};
struct ProcessId {
  FenceId id{};
};
/// Another block, 5F …, 3D …: read over. `whole` is false when it did not end within the bound.
struct Block {
  std::uint8_t kind = 0;
  bool whole = false;
};
using Answer = std::variant<RealTime, Automatic, InOrder, ProcessId, Block>;

/// Takes a printer's bytes one at a time. Bounded; XON and XOFF are read over wherever they stand; a byte
/// that fits nowhere is dropped.
class Decoder {
 public:
  std::optional<Answer> take(std::uint8_t byte);
  /// Forgets a half-read answer.
  void reset();

 private:
  static constexpr std::size_t longest_block = 96;
  std::optional<Answer> begin(std::uint8_t byte);
  std::optional<Answer> in_block(std::uint8_t byte);
  std::optional<Answer> in_frame(std::uint8_t byte);

  enum class Place : std::uint8_t { outside, block, frame } place_ = Place::outside;
  std::array<std::uint8_t, longest_block> held_{};
  std::size_t size_ = 0;
};

}  // namespace lobby::printer::escpos
