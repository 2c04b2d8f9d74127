#include "drivers/printer/job_time.hpp"

#include <algorithm>
#include <chrono>
#include <variant>

namespace lobby::printer {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t dots_per_mm = 8;
constexpr std::int64_t line_dots = 34;  ///< a sixth of an inch at 203 dpi
constexpr std::int64_t to_knife_mm = 25;
constexpr std::int64_t largest_symbol = 177;  ///< modules of a QR code
constexpr int slow_mm_per_s = 50;
constexpr int slow_cut_ms = 1000;

struct Dots {
  const Profile& profile;
  std::int64_t operator()(const TextLine& line) const {
    // No character takes more columns than it has bytes.
    const auto columns = static_cast<std::int64_t>(line.text.size()) * line.scale;
    return (columns / profile.columns + 1) * line.scale * line_dots;
  }
  std::int64_t operator()(const Qr& code) const {
    const auto module = code.module > 0 ? code.module : profile.qr_module;
    return std::min<std::int64_t>(largest_symbol * module, profile.dots);
  }
  std::int64_t operator()(const Picture& picture) const { return picture.height; }
};

}  // namespace

link::Duration line_time(std::size_t bytes, std::uint32_t bytes_per_s) {
  return bytes_per_s == 0 ? milliseconds(0)
                          : milliseconds(static_cast<std::int64_t>(bytes) * 1000 / bytes_per_s + 1);
}

link::Duration job_time(const Job& job, std::size_t bytes, const Profile& profile,
                        std::uint32_t bytes_per_s) {
  std::int64_t dots = 0;
  for (const auto& item : job.items) {
    dots += std::visit(Dots{profile}, item);
  }
  const auto mm = dots / dots_per_mm + to_knife_mm;
  const auto speed = profile.mm_per_s > 0 ? profile.mm_per_s : slow_mm_per_s;
  const auto cut = milliseconds(profile.cut_ms > 0 ? profile.cut_ms : slow_cut_ms);
  return line_time(bytes, bytes_per_s) + milliseconds(mm * 1000 / speed) + cut;
}

}  // namespace lobby::printer
