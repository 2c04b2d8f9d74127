#include "daemon/feed/collected.hpp"

#include <utility>

#include "daemon/feed/lines.hpp"

namespace lobby::feed {

/// FNV-1a, whose sums of texts that differ in their last byte differ in a few bits, mixed so that sums of
/// sums tell sets apart (the finaliser of MurmurHash3).
std::uint64_t sum_of(std::string_view text) {
  constexpr std::uint64_t basis = 0xcbf29ce484222325;
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t sum = basis;
  for (const char c : text) {
    sum = (sum ^ static_cast<unsigned char>(c)) * prime;
  }
  constexpr unsigned half = 33;
  sum = (sum ^ (sum >> half)) * 0xff51afd7ed558ccd;
  sum = (sum ^ (sum >> half)) * 0xc4ceb9fe1a85ec53;
  sum ^= sum >> half;
  return sum == 0 ? 1 : sum;
}

void Collected::give_up(std::uint32_t index) {
  if (index == nowhere) {
    return;
  }
  Line& line = lines_[index];
  --(line.removal ? removals_ : rows_);
  sum_ -= line.sum;
  line.sum = 0;
}

Collected::Told Collected::keep(std::string_view id, std::string line, bool removal, bool newest) {
  const std::uint64_t key = sum_of(id);
  const auto known = index_.find(key);
  const bool is_new = known == index_.end();
  if (!is_new && !newest) {
    return Told::again;
  }
  if (lines_.size() >= most) {
    return Told::no_room;
  }
  if (!is_new) {
    give_up(known->second);
  }
  index_[key] = static_cast<std::uint32_t>(lines_.size());
  lines_.push_back({sum_of(line), removal});
  sum_ += lines_.back().sum;
  ++(removal ? removals_ : rows_);
  spool_.add(std::move(line));
  return is_new ? Told::first : Told::again;
}

Collected::Told Collected::row(Row row, bool newest) {
  return keep(row.id, std::move(row.line), false, newest);
}

Collected::Told Collected::removed(std::string_view id, bool newest) {
  return keep(id, removed_line(id), true, newest);
}

Collected::Told Collected::outside(std::string_view id, bool newest) {
  const std::uint64_t key = sum_of(id);
  const auto known = index_.find(key);
  if (known == index_.end()) {
    if (index_.size() < 2 * most) {
      index_.emplace(key, nowhere);
    }
    return Told::first;
  }
  if (newest) {
    give_up(std::exchange(known->second, nowhere));
  }
  return Told::again;
}

bool Collected::each(const std::function<bool(std::string_view)>& see) {
  return spool_.each(
      [&](std::size_t index, std::string_view line) { return lines_[index].sum == 0 || see(line); });
}

}  // namespace lobby::feed
