#include "tests/sim/faults.hpp"

#include <array>

namespace lobby::sim {
namespace {

constexpr std::array<std::string_view, fault_count> names{
    "gone",       "silent",       "slow",        "garbage",     "corrupt",  "paper_out",   "paper_low",
    "cover_open", "cutter",       "power_cycle", "freeze",      "lie",      "refuse",      "noise",
    "jam",        "hot",          "broken",      "untaken",     "empty",    "login_page",  "error_inside",
    "shifting",   "nan",          "deep",        "drip",        "endless",  "header_bomb", "gzip_bomb",
    "clock",      "unauthorised", "too_many",    "cursor_gone", "redirect", "half_names",  "wrong_charset",
    "nack",       "cut",          "unwritten",   "no_picture",  "no_disk",  "still",       "partial",
    "no_state",   "no_events",    "busy",        "mode_names",  "stale",    "nonce_once",  "lock_out",
    "contact"};
static_assert(static_cast<std::size_t>(Fault::contact) + 1 == fault_count);

}  // namespace

std::string_view to_text(Fault fault) {
  return names[static_cast<std::size_t>(fault)];
}

std::optional<Fault> parse_fault(std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == word) {
      return static_cast<Fault>(i);
    }
  }
  return std::nullopt;
}

void FaultSet::add(Fault fault, milliseconds slow_by) {
  bits_ |= bit(fault);
  if (fault == Fault::slow) {
    slow_by_ = slow_by;
  }
}

boost::json::array FaultSet::words() const {
  boost::json::array out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (has(static_cast<Fault>(i))) {
      out.emplace_back(names[i]);
    }
  }
  return out;
}

}  // namespace lobby::sim
