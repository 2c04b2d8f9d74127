#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/hall/ids.hpp"

namespace lobby::hall {

/// Who waits in one line, ordered by place and then by id. Joining at the end, leaving at the head and
/// finding one are cheap however long the line is; an empty line takes no memory of its own.
class Line {
 public:
  struct Entry {
    std::int64_t place_ms = 0;  ///< since when the ticket counts as waiting here, UTC
    TicketId ticket;
    friend auto operator<=>(const Entry&, const Entry&) = default;
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  void insert(Entry entry);
  /// False when it is not in the line.
  bool erase(Entry entry);
  bool empty() const { return size() == 0; }
  std::size_t size() const { return entries_.size() - head_; }
  /// How many stand before it.
  std::size_t before(Entry entry) const;
  std::span<const Entry> entries() const { return std::span(entries_).subspan(head_); }
  friend bool operator==(const Line& a, const Line& b);

 private:
  std::vector<Entry> entries_;  ///< those before `head_` have left
  std::size_t head_ = 0;
};

}  // namespace lobby::hall
