#include "drivers/bus/mbap.hpp"

namespace lobby::bus {
namespace {

constexpr std::size_t before_unit = mbap_header - 1;
constexpr std::size_t shortest = 3;  ///< bytes that follow: unit, function, exception

std::uint16_t header_word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

}  // namespace

std::vector<std::uint8_t> mbap_frame(std::uint16_t transaction, std::uint8_t unit,
                                     std::span<const std::uint8_t> pdu) {
  std::vector<std::uint8_t> frame;
  for (const std::size_t value : {std::size_t{transaction}, std::size_t{0}, pdu.size() + 1}) {
    frame.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
    frame.push_back(static_cast<std::uint8_t>(value & 0xFF));
  }
  frame.push_back(unit);
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  return frame;
}

std::span<std::uint8_t> MbapReader::room() {
  return is_broken_ ? std::span<std::uint8_t>() : std::span(bytes_).subspan(size_, needed_ - size_);
}

void MbapReader::filled(std::size_t count) {
  size_ += count;
  if (size_ != mbap_header || needed_ != mbap_header) {
    return;
  }
  const std::size_t following = header_word(bytes_, 4);
  is_broken_ = header_word(bytes_, 2) != 0 || following < shortest || before_unit + following > mbap_longest;
  needed_ = is_broken_ ? needed_ : before_unit + following;
}

std::optional<MbapFrame> MbapReader::take() {
  if (is_broken_ || size_ < needed_) {
    return std::nullopt;
  }
  const auto pdu = std::span(bytes_).first(size_).subspan(mbap_header);
  MbapFrame frame{header_word(bytes_, 0), bytes_[before_unit], {pdu.begin(), pdu.end()}};
  size_ = 0;
  needed_ = mbap_header;
  return frame;
}

}  // namespace lobby::bus
