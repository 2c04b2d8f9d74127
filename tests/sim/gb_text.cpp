#include "tests/sim/gb_text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>

namespace lobby::sim {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// Opened once by each thread: opening is most of the work.
struct Converter {
  explicit Converter(const char* encoding) : handle(::iconv_open("UTF-32LE", encoding)) {}
  ~Converter() {
    if (is_open()) {
      ::iconv_close(handle);
    }
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool is_open() const { return handle != reinterpret_cast<iconv_t>(-1); }

  iconv_t handle;
};

char32_t convert(const Converter& converter, std::span<const std::uint8_t> bytes) {
  if (!converter.is_open()) {
    return replacement;
  }
  std::array<char, 8> in{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), in.size()), in.begin());
  std::array<unsigned char, 8> out{};
  char* from = in.data();
  char* to = reinterpret_cast<char*>(out.data());
  std::size_t from_left = std::min(bytes.size(), in.size());
  std::size_t to_left = out.size();
  const std::size_t rc = ::iconv(converter.handle, &from, &from_left, &to, &to_left);
  ::iconv(converter.handle, nullptr, nullptr, nullptr, nullptr);
  if (rc == static_cast<std::size_t>(-1) || from_left != 0 || to_left != 4) {
    return replacement;
  }
  return static_cast<char32_t>(out[0]) | static_cast<char32_t>(out[1]) << 8 |
         static_cast<char32_t>(out[2]) << 16 | static_cast<char32_t>(out[3]) << 24;
}

}  // namespace

char32_t from_gb18030(std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) {
    return replacement;
  }
  thread_local const Converter gb18030("GB18030");
  return bytes.size() == 1 && bytes[0] < 0x80 ? bytes[0] : convert(gb18030, bytes);
}

std::u32string from_cells(std::span<const std::uint16_t> cells) {
  thread_local const Converter gb2312("GB2312");
  std::u32string text;
  for (const std::uint16_t cell : cells) {
    if (cell == 0) {
      continue;
    }
    if (cell < 0x100) {
      text.push_back(cell >= 0x20 && cell < 0x7F ? cell : replacement);
      continue;
    }
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(cell >> 8),
                                            static_cast<std::uint8_t>(cell & 0xFF)};
    const bool in_plane = bytes[0] >= 0xA1 && bytes[1] >= 0xA1;
    text.push_back(in_plane ? convert(gb2312, bytes) : replacement);
  }
  return text;
}

}  // namespace lobby::sim
