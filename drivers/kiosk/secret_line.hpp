#pragma once

#include <string.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace lobby::kiosk {

/// A line as it is read, perhaps the number of a person: bounded, never on the heap, and wiped as soon as it
/// is let go.
class SecretLine {
 public:
  static constexpr std::size_t most = 64;

  SecretLine() = default;
  ~SecretLine() { wipe(); }
  SecretLine(const SecretLine&) = delete;
  SecretLine& operator=(const SecretLine&) = delete;

  void add(char c) {
    if (size_ < most) {
      text_[size_] = c;
    }
    ++size_;  // one that is too long is known, though not kept
  }
  bool is_empty() const { return size_ == 0; }
  bool is_too_long() const { return size_ > most; }
  /// Valid until the next call of anything else; nothing of one that is too long.
  std::string_view text() const { return {text_.data(), is_too_long() ? 0 : size_}; }
  void wipe() {
    ::explicit_bzero(text_.data(), text_.size());
    size_ = 0;
  }

 private:
  std::array<char, most> text_{};
  std::size_t size_ = 0;
};

}  // namespace lobby::kiosk
