#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/feed/collected.hpp"
#include "daemon/feed/rows.hpp"

/// What lobby-feed writes: one JSON object a line, without the line feed. The protocol stands in
/// daemon/devices/feed_lines.hpp.
namespace lobby::feed {

/// What is told at the end of a pull beside its rows.
struct Proof {
  std::size_t rows = 0;
  Counts counts;
  std::int64_t clock_off_s = 0;  ///< the upstream's clock less ours, when that is more than a minute
};

std::string begin_line(What what, bool full, std::size_t rows, std::size_t removals);
std::string removed_line(std::string_view id);
std::string more_line();
/// `age`: since the first request of the pull was sent. `whole`: false when the upstream has more.
std::string end_line(What what, std::string_view cursor, std::chrono::milliseconds age, const Proof& proof,
                     bool whole = true);
std::string fresh_line(What what, std::chrono::milliseconds age, const Proof& proof);
/// `retry`: how long this program will be silent now. `what`: nullopt when all of the source is meant.
std::string fault_line(std::optional<What> what, std::string_view reason, std::chrono::milliseconds retry);

/// How lines leave, and how their answers come.
struct Desk {
  std::function<void(std::string line)> write;
  std::function<bool()> taken;  ///< waits for the answer to what was written last
};

enum class Delivered : std::uint8_t {
  kept,       ///< lobbyd has all of it, for good
  held_back,  ///< it wants nothing of it now, and has what it had before
  broken      ///< nobody knows what it has: it is to get everything with the next pull
};
/// begin, rows and removals in slices of 250, end; each but the last slice is answered before the next one.
/// `age`: until now. A spool that cannot be read back makes the delivery end without an end: the process must
/// not live on, for lobbyd still waits for it.
struct Delivery {
  What what = What::cases;
  bool full = true;
  std::string cursor;
  Proof proof;
  bool whole = true;  ///< false: there is more that was not read, nothing is proved to be fresh
};
std::optional<Delivered> deliver(const Delivery& delivery, Collected& collected, const Desk& desk,
                                 const std::function<std::chrono::milliseconds()>& age);

}  // namespace lobby::feed
