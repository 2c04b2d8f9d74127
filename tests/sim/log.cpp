#include "tests/sim/log.hpp"

#include <cstdio>
#include <string>

namespace lobby::sim {

void log(std::string_view sentence) {
  const std::string line = "lobby-sim: " + std::string(sentence) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace lobby::sim
