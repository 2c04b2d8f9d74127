#include "tests/printing_proof/commands.hpp"

#include <algorithm>
#include <string_view>

namespace lobby::proof {
namespace {

bool is_one_of(std::string_view set, std::uint8_t byte) {
  return set.find(static_cast<char>(byte)) != std::string_view::npos;
}

std::uint32_t number(const Buffer& buffer, std::size_t at, std::size_t bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) {
    value = value << 8 | buffer[at + i];
  }
  return value;
}

std::size_t length_of_esc(std::uint8_t b1) {
  if (is_one_of("$\\", b1)) {
    return 4;
  }
  if (b1 == 'c') {
    return 4;
  }
  return b1 == 'p' ? 5 : is_one_of("@imv2u", b1) ? 2 : 3;
}

std::size_t length_of_gs(const Buffer& buffer) {
  const auto b1 = buffer[1];
  const auto have = buffer.size();
  if (is_one_of("LWP", b1)) {
    return 4;
  }
  switch (b1) {
    case 'V':
      return have < 3 ? 0
             : is_one_of(std::string_view("\0\1"
                                          "01",
                                          4),
                         buffer[2])
                 ? 3
                 : 4;
    case '(':
      return have < 5 ? 0 : 5 + number(buffer, 3, 2);
    case '8':
      return have < 7 ? 0 : 7 + number(buffer, 3, 4);
    case 'v':
      return have < 8 ? 0 : 8 + std::size_t{number(buffer, 4, 2)} * number(buffer, 6, 2);
    case 'e':
      return have < 3 ? 0 : buffer[2] == 3 ? 4 : buffer[2] == 0x20 ? 5 : 3;
    default:
      return 3;
  }
}

std::size_t length_of_dle(const Buffer& buffer) {
  switch (buffer[1]) {
    case 0x04:
    case 0x05:
      return 3;
    case 0x14:
      return buffer.size() < 3 ? 0 : buffer[2] == 8 ? 10 : 5;
    default:
      return 1;
  }
}

std::size_t length_of_character(const Buffer& buffer) {
  return buffer[1] >= 0x30 && buffer[1] <= 0x39 ? 4 : 2;
}

std::size_t whole_length(const Buffer& buffer) {
  const auto b0 = buffer[0];
  if (b0 != 0x10 && b0 != 0x1B && b0 != 0x1C && b0 != 0x1D && b0 < 0x81) {
    return 1;
  }
  if (buffer.size() < 2) {
    return 0;
  }
  switch (b0) {
    case 0x10:
      return length_of_dle(buffer);
    case 0x1B:
      return length_of_esc(buffer[1]);
    case 0x1C:
      return is_one_of("&.", buffer[1]) ? 2 : buffer[1] == 'S' ? 4 : 3;
    case 0x1D:
      return length_of_gs(buffer);
    default:
      return length_of_character(buffer);
  }
}

constexpr std::uint8_t clear_command[] = {0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08};

}  // namespace

std::size_t command_length(const Buffer& buffer) {
  if (buffer.empty()) {
    return 0;
  }
  const auto length = whole_length(buffer);
  return length <= buffer.size() ? length : 0;
}

RealTimeEar::Command RealTimeEar::hear(std::uint8_t byte) {
  if (size_ == 0 || (size_ == 1 && byte == 0x10)) {
    held_[0] = byte;
    size_ = byte == 0x10 ? 1 : 0;
    return {};
  }
  held_[size_++] = byte;
  if (size_ == 2 && (byte == 0x04 || byte == 0x05 || byte == 0x14)) {
    return {};
  }
  if (size_ == 3 && held_[1] != 0x14) {
    size_ = 0;
    if (held_[1] == 0x04) {
      return {Heard::ask, byte};
    }
    return {byte == 1 ? Heard::recover_printing : byte == 2 ? Heard::recover_clearing : Heard::nothing, byte};
  }
  if (size_ > 2 && std::equal(held_, held_ + size_, clear_command)) {
    if (size_ < sizeof(clear_command)) {
      return {};
    }
    size_ = 0;
    return {Heard::clear, 0};
  }
  size_ = byte == 0x10 ? 1 : 0;
  held_[0] = byte;
  return {};
}

}  // namespace lobby::proof
