#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lobby::sim {

/// One printer command, or one character. Built from bytes only: nothing here knows paper.
struct EscposToken {
  enum class Kind : std::uint8_t {
    character,  ///< `character` is set; `wide` = two columns
    command,    ///< `bytes` is the whole command, payload included
    real_time,  ///< DLE …: takes effect at once, also in front of everything waiting; `size` 0: inside data
  };
  Kind kind = Kind::command;
  char32_t character = 0;
  bool wide = false;
  std::vector<std::uint8_t> bytes;
  std::size_t size = 0;  ///< bytes on the wire

  /// First two bytes as one number, 0x1B40 for ESC @; a single byte stands alone.
  unsigned code() const;
  std::uint8_t byte(std::size_t i) const { return i < bytes.size() ? bytes[i] : std::uint8_t{0}; }
};

/// Cuts a byte stream into tokens as the firmware of a Chinese ticket printer does: parameters swallow
/// whatever they meet, DLE sequences are real-time between commands and inside image data, multi-byte text
/// exists in Chinese mode only.
class EscposTokens {
 public:
  /// Without `decode` every character is U+FFFD: for who wants to know only where commands begin and end.
  explicit EscposTokens(bool decode = true) : decode_(decode) {}

  void feed(std::uint8_t byte, std::vector<EscposToken>& out);
  void reset();
  /// Forgets the command that has begun; the mode stays.
  void drop_begun();
  bool is_chinese_mode() const { return chinese_mode_; }
  /// A DLE sequence has begun between commands and is not whole.
  bool is_in_real_time() const { return !pending_.empty() && pending_[0] == 0x10; }
  /// A command or a character has begun and is not whole.
  bool is_within() const { return seen_ != 0; }

  /// Longest command kept; the rest of a longer one is skipped.
  static constexpr std::size_t max_command = 256 * 1024;

 private:
  void finish(std::vector<EscposToken>& out);
  void text(std::vector<EscposToken>& out);
  void watch_data(std::uint8_t byte, std::vector<EscposToken>& out);

  char32_t decoded() const;

  bool decode_;
  bool chinese_mode_ = false;
  std::vector<std::uint8_t> pending_;
  std::size_t need_ = 0;                 ///< 0 = not known yet
  std::size_t seen_ = 0;                 ///< bytes of this command, kept or skipped
  std::array<std::uint8_t, 10> last_{};  ///< of image data: as long as the longest real-time command
};

}  // namespace lobby::sim
