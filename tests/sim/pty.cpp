#include "tests/sim/pty.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace lobby::sim {
namespace {

std::string link_at(const std::string& path, const std::string& target) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) {
    return std::filesystem::path(path).parent_path().string() + " cannot be created: " + error.message();
  }
  const std::filesystem::file_status there = std::filesystem::symlink_status(path, error);
  if (std::filesystem::exists(there) && !std::filesystem::is_symlink(there)) {
    return path + " exists and is no symbolic link; it is not replaced.";
  }
  std::filesystem::remove(path, error);
  std::filesystem::create_symlink(target, path, error);
  return error ? path + " cannot be linked: " + error.message() : std::string();
}

}  // namespace

std::unique_ptr<Pty> Pty::make(std::string& why) {
  std::unique_ptr<Pty> pty(new Pty);
  pty->master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 128> name{};
  if (pty->master_ < 0 || ::grantpt(pty->master_) != 0 || ::unlockpt(pty->master_) != 0 ||
      ::ptsname_r(pty->master_, name.data(), name.size()) != 0) {
    why = std::string("no pseudo terminal: ") + std::strerror(errno);
    return nullptr;
  }
  pty->slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (pty->slave_ < 0 || ::tcgetattr(pty->slave_, &settings) != 0) {
    why = std::string(name.data()) + ": " + std::strerror(errno);
    return nullptr;
  }
  ::cfmakeraw(&settings);
  ::tcsetattr(pty->slave_, TCSANOW, &settings);
  pty->target_ = name.data();
  return pty;
}

std::unique_ptr<Pty> Pty::open(const std::string& path, std::string& why, std::string_view not_this) {
  std::unique_ptr<Pty> pty = make(why);
  if (pty != nullptr && pty->target_ == not_this) {
    // The kernel gives the lowest name that is free: as long as this one is held, another.
    const std::unique_ptr<Pty> held = std::move(pty);
    pty = make(why);
  }
  if (pty == nullptr) {
    return nullptr;
  }
  why = link_at(path, pty->target_);
  if (!why.empty()) {
    return nullptr;
  }
  pty->path_ = path;
  return pty;
}

Pty::~Pty() {
  if (!path_.empty()) {
    std::error_code error;
    if (std::filesystem::read_symlink(path_, error) == target_ && !error) {
      std::filesystem::remove(path_, error);
    }
  }
  if (slave_ >= 0) {
    ::close(slave_);
  }
  if (master_ >= 0) {
    ::close(master_);
  }
}

bool Pty::host_obeys_flow() const {
  termios settings{};
  return ::tcgetattr(slave_, &settings) == 0 && (settings.c_iflag & IXON) != 0;
}

unsigned Pty::host_baud() const {
  termios settings{};
  if (::tcgetattr(slave_, &settings) != 0) {
    return 0;
  }
  constexpr std::array<std::pair<speed_t, unsigned>, 9> rates{{{B1200, 1200},
                                                               {B2400, 2400},
                                                               {B4800, 4800},
                                                               {B9600, 9600},
                                                               {B19200, 19200},
                                                               {B38400, 38400},
                                                               {B57600, 57600},
                                                               {B115200, 115200},
                                                               {B230400, 230400}}};
  for (const auto& [code, rate] : rates) {
    if (code == ::cfgetospeed(&settings)) {
      return rate;
    }
  }
  return 0;
}

}  // namespace lobby::sim
