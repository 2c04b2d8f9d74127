#include "tests/e2e/unifont.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace lobby::tests {
namespace {

/// The hex digits of one character: 32 of a half-width one, 64 of a full-width one.
std::string glyph(unsigned code_point) {
  std::ifstream font("/usr/share/unifont/unifont.hex");
  const std::string key = fmt::format("{:04X}:", code_point);
  for (std::string line; std::getline(font, line);) {
    if (line.starts_with(key)) {
      return line.substr(key.size());
    }
  }
  throw std::runtime_error("unifont has no " + key);
}

}  // namespace

Dots unifont(const std::string& utf8) {
  Dots dots{};
  int x = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8.at(at + i)); };
    const bool ascii = byte(0) < 0x80;
    const unsigned code =
        ascii ? byte(0) : (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    at += ascii ? 1 : 3;
    const std::string hex = glyph(code);
    const std::size_t digits = hex.size() / 16;
    const int width = static_cast<int>(digits) * 4;
    for (std::size_t row = 0; row < 16; ++row) {
      const std::uint64_t bits = std::stoull(hex.substr(row * digits, digits), nullptr, 16);
      dots[row] |= bits << (64 - x - width);
    }
    x += width;
  }
  return dots;
}

Dots dots_of(const boost::json::array& rows) {
  Dots dots{};
  for (std::size_t row = 0; row < dots.size(); ++row) {
    dots[row] = std::stoull(std::string(rows.at(row).as_string()), nullptr, 16);
  }
  return dots;
}

Dots cropped(Dots dots) {
  const std::uint64_t any =
      std::accumulate(dots.begin(), dots.end(), std::uint64_t{0}, [](auto a, auto b) { return a | b; });
  if (any != 0) {
    for (std::uint64_t& row : dots) {
      row <<= static_cast<unsigned>(__builtin_clzll(any));
    }
  }
  return dots;
}

std::string picture_of(const Dots& dots) {
  std::string out = "\n";
  for (const std::uint64_t row : dots) {
    for (int x = 63; x >= 0; --x) {
      out += (row >> x & 1U) != 0 ? '#' : '.';
    }
    out += '\n';
  }
  return out;
}

}  // namespace lobby::tests
