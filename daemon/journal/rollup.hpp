#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/hall/event.hpp"
#include "daemon/hall/statistics.hpp"
#include "daemon/journal/histogram.hpp"

/// The fold of events into the figures of days. Pure.
namespace lobby::journal {

/// What is counted of one window, service, hour or clerk in some days.
struct Cell {
  std::uint64_t served = 0;
  std::int64_t no_show = 0;  ///< below 0 in what is to be added: more were brought back than missed
  Histogram wait, service;
  hall::Ratings ratings{};

  void add(const Cell& other);
  bool empty() const;
  hall::VisitFigures figures(std::string key) const;
  std::string bytes() const;
  /// Adds what bytes() wrote; false for anything else.
  [[nodiscard]] bool add_bytes(std::string_view bytes);
};

struct CellKey {
  hall::StatisticsBy by{};
  std::string key;
  hall::Date date;
  friend auto operator<=>(const CellKey&, const CellKey&) = default;
  friend bool operator==(const CellKey&, const CellKey&) = default;
};

class Rollup {
 public:
  /// ServiceFinished, TicketNoShow and ServiceRated count; nothing else does.
  void add(const hall::Event& event);
  void add(const Rollup& other);
  /// This no-show was brought back: it is taken off where it was counted.
  void take_back(const hall::Event& missed);
  const std::map<CellKey, Cell>& cells() const { return cells_; }
  bool empty() const { return cells_.empty(); }
  void clear() { cells_.clear(); }

 private:
  template <class Body, class Count>
  void at_each(const hall::Event& event, const Body& body, Count count);

  std::map<CellKey, Cell> cells_;
};

}  // namespace lobby::journal
