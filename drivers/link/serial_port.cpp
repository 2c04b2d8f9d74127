#include "drivers/link/serial_port.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace lobby::link {
namespace {

struct Rate {
  std::uint32_t baud;
  speed_t code;
};
constexpr Rate rates[] = {{1200, B1200},       {1800, B1800},       {2400, B2400},       {4800, B4800},
                          {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
                          {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
                          {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
                          {1500000, B1500000}, {2000000, B2000000}, {3000000, B3000000}, {4000000, B4000000}};

std::optional<speed_t> speed_of(std::uint32_t baud) {
  for (const Rate& rate : rates) {
    if (rate.baud == baud) {
      return rate.code;
    }
  }
  return std::nullopt;
}

OpenedSerial failed(std::string_view what) {
  return {Descriptor{}, fmt::format("{}: {}", what, std::generic_category().message(errno))};
}

/// Major numbers of the slave sides of ptys.
bool is_pty(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 && major(about.st_rdev) >= 136 && major(about.st_rdev) <= 143;
}

bool make_raw(int fd, speed_t speed, Parity parity) {
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) {
    return false;
  }
  ::cfmakeraw(&settings);
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | PARENB | PARODD | HUPCL);
  settings.c_cflag |= CLOCAL | CREAD;
  if (parity != Parity::none) {
    settings.c_cflag |= PARENB;
    settings.c_iflag |= INPCK;
  }
  if (parity == Parity::odd) {
    settings.c_cflag |= PARODD;
  }
  settings.c_cc[VMIN] = 1;  // 0 would make "nothing there" look like the end of the line
  settings.c_cc[VTIME] = 0;
  return ::cfsetispeed(&settings, speed) == 0 && ::cfsetospeed(&settings, speed) == 0 &&
         ::tcsetattr(fd, TCSANOW, &settings) == 0;
}

/// FTDI adapters hold received bytes back for 16 ms otherwise: at 115200 baud more than a printer's reserve.
void ask_for_low_latency(int fd) {
  serial_struct about{};
  if (::ioctl(fd, TIOCGSERIAL, &about) == 0) {
    about.flags |= ASYNC_LOW_LATENCY;
    static_cast<void>(::ioctl(fd, TIOCSSERIAL, &about));
  }
}

}  // namespace

std::string to_text(const SerialSettings& settings) {
  constexpr std::string_view letters = "NEO";
  return fmt::format("{} {} 8{}1", settings.path, settings.baud,
                     letters[static_cast<std::size_t>(settings.parity)]);
}

std::uint32_t bytes_per_s(const SerialSettings& settings) {
  return settings.baud / (settings.parity == Parity::none ? 10 : 11);
}

bool is_standard_baud(std::uint32_t baud) {
  return speed_of(baud).has_value();
}

OpenedSerial open_serial(const SerialSettings& settings) {
  const auto speed = speed_of(settings.baud);
  if (!speed) {
    return {Descriptor{}, fmt::format("{} is not a standard baud rate", settings.baud)};
  }
  Descriptor port{::open(settings.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  if (!port) {
    return failed("cannot open");
  }
  if (::isatty(port.get()) != 1) {
    return {Descriptor{}, "not a serial port"};
  }
  if (::flock(port.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? OpenedSerial{Descriptor{}, "in use by another program"}
                                : failed("cannot lock");
  }
  // On a pty the mark would outlive a killed owner for as long as its far end lives.
  if (!is_pty(port.get())) {
    static_cast<void>(::ioctl(port.get(), TIOCEXCL));
  }
  if (!make_raw(port.get(), *speed, settings.parity)) {
    return failed("cannot set up");
  }
  ask_for_low_latency(port.get());
  static_cast<void>(::tcflush(port.get(), TCIOFLUSH));
  return {std::move(port), {}};
}

}  // namespace lobby::link
