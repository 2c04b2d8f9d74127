#include "drivers/bus/rs485_direction.hpp"

#include <linux/serial.h>
#include <sys/ioctl.h>

namespace lobby::bus {

std::string_view set_direction(int descriptor, Direction wanted) {
  constexpr std::string_view by_adapter = "direction by the adapter";
  constexpr std::string_view by_kernel = "direction by the kernel";
  serial_rs485 settings{};
  // A plain UART knows the request and refuses it, a USB adapter or a pty does not know it.
  if (wanted == Direction::adapter || ::ioctl(descriptor, TIOCGRS485, &settings) != 0) {
    return by_adapter;
  }
  if ((settings.flags & SER_RS485_ENABLED) != 0) {
    return by_kernel;
  }
  settings = {};
  settings.flags = SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND;
  return ::ioctl(descriptor, TIOCSRS485, &settings) == 0 ? by_kernel : by_adapter;
}

}  // namespace lobby::bus
