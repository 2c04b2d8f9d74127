#include "drivers/printer/qr.hpp"

#include <qrencode.h>

#include <algorithm>
#include <array>
#include <memory>

namespace lobby::printer::escpos {
namespace {

/// Bytes that versions 1 to 40 hold at level M, ISO/IEC 18004.
constexpr std::array<std::uint16_t, 40> capacity{14,   26,   42,   62,   84,   106,  122,  152,  180,  213,
                                                 251,  287,  331,  362,  412,  450,  504,  560,  624,  666,
                                                 711,  779,  857,  911,  997,  1059, 1125, 1190, 1264, 1370,
                                                 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331};

}  // namespace

int qr_modules(std::size_t bytes) {
  const auto version = std::lower_bound(capacity.begin(), capacity.end(), bytes);
  return version == capacity.end() ? 0 : 21 + 4 * static_cast<int>(version - capacity.begin());
}

int qr_module_dots(const Qr& qr, const Profile& profile) {
  const int modules = qr_modules(qr.data.size());
  if (qr.data.empty() || modules == 0) {
    return 0;
  }
  const int wanted = std::clamp(qr.module > 0 ? qr.module : profile.qr_module, 1, 16);
  return std::min(wanted, profile.dots / (modules + 2 * quiet_modules));
}

bool add_native_qr(std::vector<std::uint8_t>& out, std::string_view data, int module_dots) {
  const auto size = data.size() + 3;
  const auto module = static_cast<std::uint8_t>(module_dots);
  const auto low = static_cast<std::uint8_t>(size & 0xFF), high = static_cast<std::uint8_t>(size >> 8);
  const std::uint8_t head[] = {0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32,   0x00,  // model 2
                               0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, module,        // dots
                               0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31,          // level M
                               0x1D, 0x28, 0x6B, low,  high, 0x31, 0x50, 0x30};         // store
  const std::uint8_t print[] = {0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30};
  const auto before = out.size();
  out.insert(out.end(), std::begin(head), std::end(head));
  out.insert(out.end(), data.begin(), data.end());
  out.insert(out.end(), std::begin(print), std::end(print));
  if (has_real_time(std::span(out).subspan(before))) {
    out.resize(before);
    return false;
  }
  return true;
}

Dots draw_qr(std::string_view data, int module_dots) {
  const std::vector<unsigned char> bytes(data.begin(), data.end());
  const std::unique_ptr<QRcode, decltype(&::QRcode_free)> code(
      ::QRcode_encodeData(static_cast<int>(bytes.size()), bytes.data(), 0, QR_ECLEVEL_M), &::QRcode_free);
  Dots dots;
  if (!code || module_dots <= 0) {
    return dots;
  }
  const int width = code->width * module_dots;
  dots.stride = (width + 7) / 8;
  dots.height = width;
  dots.rows.assign(static_cast<std::size_t>(dots.stride) * static_cast<std::size_t>(width), 0);
  for (int y = 0; y < width; ++y) {
    auto* row = dots.rows.data() + static_cast<std::ptrdiff_t>(y) * dots.stride;
    const auto* modules = code->data + static_cast<std::ptrdiff_t>(y / module_dots) * code->width;
    for (int x = 0; x < width; ++x) {
      const bool black = (modules[x / module_dots] & 1) != 0;
      row[x / 8] = static_cast<std::uint8_t>(row[x / 8] | (black ? 0x80 >> x % 8 : 0));
    }
  }
  return dots;
}

}  // namespace lobby::printer::escpos
