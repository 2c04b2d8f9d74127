#pragma once

#include <deque>
#include <string>
#include <vector>

#include "daemon/feed/lines.hpp"

namespace lobby::feed {

/// lobbyd, as far as a pull sees it.
struct Lobbyd {
  std::deque<bool> answers;  ///< then: true
  std::vector<std::string> lines;
  std::vector<std::size_t> waits;  ///< how many lines had come at each of them

  Desk desk() {
    return {[this](std::string line) { lines.push_back(std::move(line)); },
            [this] {
              waits.push_back(lines.size());
              const bool answer = answers.empty() || answers.front();
              if (!answers.empty()) {
                answers.pop_front();
              }
              return answer;
            }};
  }
};

}  // namespace lobby::feed
