#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lobby::tests {

/// Somebody with a laptop on the line while the daemon is away. Asks again when no whole answer comes.
class ModbusMaster {
 public:
  explicit ModbusMaster(const std::string& port);
  ~ModbusMaster();
  ModbusMaster(const ModbusMaster&) = delete;
  ModbusMaster& operator=(const ModbusMaster&) = delete;

  /// FC 03; empty after ten questions without an answer.
  std::vector<std::uint16_t> read(std::uint8_t address, std::uint16_t start, std::uint16_t count);
  /// Registers 0x0020 and 0x0021; -1 without an answer.
  std::int64_t uptime_ms(std::uint8_t address);

 private:
  int fd_ = -1;
};

}  // namespace lobby::tests
