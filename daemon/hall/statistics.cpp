#include "daemon/hall/statistics.hpp"

#include <algorithm>
#include <numeric>

namespace lobby::hall {
namespace {

/// Marks what is too small, then the next smallest, until nobody can tell by subtraction what is behind it.
void hide_small(const std::vector<std::uint64_t>& counts, std::vector<bool>& hidden) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
  std::uint64_t together = 0;
  std::size_t rows = 0;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    together += hidden[i] ? counts[i] : 0;
    rows += hidden[i] ? 1 : 0;
  }
  for (const auto i : order) {
    const bool too_small = counts[i] < fewest_to_show;
    const bool covers = rows > 0 && (rows < 2 || together < fewest_to_show);
    if (!hidden[i] && (too_small || covers)) {
      hidden[i] = true;
      together += counts[i];
      ++rows;
    }
  }
}

}  // namespace

std::uint64_t count_of(const Ratings& ratings) {
  return std::accumulate(ratings.begin(), ratings.end(), std::uint64_t{0});
}

std::uint32_t satisfied_share(const Ratings& ratings) {
  const auto count = count_of(ratings);
  const auto content = ratings[0] + ratings[1] + ratings[2];
  return count == 0 ? 0 : static_cast<std::uint32_t>((content * 20'000 + count) / (count * 2));
}

std::vector<Withheld> withheld(const Statistics& statistics, bool published) {
  const auto& rows = statistics.rows;
  std::vector<std::uint64_t> visits, ratings;
  for (const auto& row : rows) {
    visits.push_back(row.served);
    ratings.push_back(count_of(row.ratings));
  }
  std::vector<bool> no_row(rows.size()), no_ratings(rows.size());
  if (published) {
    hide_small(visits, no_row);
    no_ratings = no_row;
    hide_small(ratings, no_ratings);
  }
  std::vector<Withheld> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.push_back({no_row[i], no_ratings[i] || ratings[i] < fewest_to_show});
  }
  const bool no_total = published && statistics.total.served < fewest_to_show;
  result.push_back({no_total, no_total || count_of(statistics.total.ratings) < fewest_to_show});
  return result;
}

}  // namespace lobby::hall
