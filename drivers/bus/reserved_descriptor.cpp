#include "drivers/bus/reserved_descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace lobby::bus {
namespace {

link::Descriptor open_nothing() {
  return link::Descriptor(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

}  // namespace

ReservedDescriptor::ReservedDescriptor() {
  auto lowest = open_nothing();
  if (lowest && lowest.get() < limit) {
    number_ = std::move(lowest);
  }
}

int ReservedDescriptor::hold(link::Descriptor opened) {
  if (!is_valid()) {
    errno = EMFILE;
    return -1;
  }
  int result = -1;
  do {
    result = ::dup3(opened.get(), number_.get(), O_CLOEXEC);
  } while (result < 0 && (errno == EINTR || errno == EBUSY));
  return result;
}

void ReservedDescriptor::let_go() {
  if (is_valid()) {
    static_cast<void>(hold(open_nothing()));
  }
}

}  // namespace lobby::bus
