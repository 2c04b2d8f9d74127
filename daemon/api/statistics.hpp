#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/hall/statistics.hpp"

namespace lobby::api {

/// How a report is shown. Holds nothing of the loop's: the text is made on another thread.
struct StatisticsForm {
  bool published = false;
  /// Ids and names in the site's order, which is that of the rows; ids that are not here come last.
  std::vector<std::pair<std::string, std::string>> names;
};

std::string statistics_json(hall::Statistics statistics, const StatisticsForm& form);
std::string statistics_csv(hall::Statistics statistics, const StatisticsForm& form);

}  // namespace lobby::api
