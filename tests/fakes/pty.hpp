#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "drivers/link/descriptor.hpp"

namespace lobby::fakes {

/// An empty folder of one test's own.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lobby-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no temporary folder");
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The far end of a serial port: plugged in at `link`, a symbolic link like those of /dev/serial/by-id.
class Pty {
 public:
  explicit Pty(std::filesystem::path link) : link_(std::move(link)) {
    int master = -1;
    int slave = -1;
    if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) {
      throw std::runtime_error("no pty");
    }
    master_ = link::Descriptor(master);
    slave_ = link::Descriptor(slave);  // while nobody has it open, reading the master is an error
    termios raw{};
    ::tcgetattr(slave, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(slave, TCSANOW, &raw);
    std::array<char, 128> name{};
    ::ttyname_r(slave, name.data(), name.size());
    std::filesystem::remove(link_);
    std::filesystem::create_symlink(name.data(), link_);
  }
  ~Pty() { unplug(); }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  int master() const { return master_.get(); }
  void unplug() {
    std::error_code ignored;
    std::filesystem::remove(link_, ignored);
    slave_.reset();
    master_.reset();
  }
  void write(const std::vector<std::uint8_t>& bytes) const {
    if (::write(master(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("pty: short write");
    }
  }
  /// At least `count` bytes, unless `limit` passes first.
  std::vector<std::uint8_t> read(std::size_t count,
                                 std::chrono::milliseconds limit = std::chrono::seconds(5)) const {
    std::vector<std::uint8_t> all;
    const auto end = std::chrono::steady_clock::now() + limit;
    while (all.size() < count) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd port{master(), POLLIN, 0};
      if (left.count() <= 0 || ::poll(&port, 1, static_cast<int>(left.count())) <= 0) {
        break;
      }
      std::array<std::uint8_t, 512> some{};
      const auto size = ::read(master(), some.data(), some.size());
      if (size <= 0) {
        break;
      }
      all.insert(all.end(), some.begin(), some.begin() + size);
    }
    return all;
  }

 private:
  std::filesystem::path link_;
  link::Descriptor master_;
  link::Descriptor slave_;
};

}  // namespace lobby::fakes
