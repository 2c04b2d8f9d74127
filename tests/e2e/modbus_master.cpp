#include "tests/e2e/modbus_master.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <span>
#include <stdexcept>

namespace lobby::tests {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint16_t crc(std::span<const std::uint8_t> bytes) {
  unsigned out = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    out ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      out = (out & 1U) != 0 ? out >> 1 ^ 0xA001U : out >> 1;
    }
  }
  return static_cast<std::uint16_t>(out);
}

Bytes take(int fd, std::size_t size) {
  constexpr int longest_wait_ms = 1000;
  Bytes out;
  std::array<std::uint8_t, 256> some{};
  pollfd waiting{fd, POLLIN, 0};
  while (out.size() < size && ::poll(&waiting, 1, longest_wait_ms) > 0) {
    const ssize_t got = ::read(fd, some.data(), some.size());
    if (got <= 0) {
      break;
    }
    out.insert(out.end(), some.begin(), some.begin() + got);
  }
  return out;
}

}  // namespace

ModbusMaster::ModbusMaster(const std::string& port)
    : fd_(::open(port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ < 0) {
    throw std::runtime_error("cannot open " + port);
  }
}

ModbusMaster::~ModbusMaster() {
  ::close(fd_);
}

std::vector<std::uint16_t> ModbusMaster::read(std::uint8_t address, std::uint16_t start,
                                              std::uint16_t count) {
  Bytes request{address,
                3,
                static_cast<std::uint8_t>(start >> 8),
                static_cast<std::uint8_t>(start & 0xFF),
                static_cast<std::uint8_t>(count >> 8),
                static_cast<std::uint8_t>(count & 0xFF)};
  const std::uint16_t check = crc(request);
  request.push_back(static_cast<std::uint8_t>(check & 0xFF));
  request.push_back(static_cast<std::uint8_t>(check >> 8));
  const std::size_t size = 5U + 2U * count;
  for (int attempt = 0; attempt < 10; ++attempt) {
    ::tcflush(fd_, TCIFLUSH);
    if (::write(fd_, request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
      continue;
    }
    const Bytes answer = take(fd_, size);
    if (answer.size() != size || answer[0] != address || answer[1] != 3 || crc(answer) != 0) {
      continue;
    }
    std::vector<std::uint16_t> values;
    for (std::size_t i = 3; i + 2 < size; i += 2) {
      values.push_back(static_cast<std::uint16_t>(answer[i] << 8 | answer[i + 1]));
    }
    return values;
  }
  return {};
}

std::int64_t ModbusMaster::uptime_ms(std::uint8_t address) {
  const auto words = read(address, 0x0020, 2);
  return words.size() == 2 ? std::int64_t{words[0]} << 16 | words[1] : -1;
}

}  // namespace lobby::tests
