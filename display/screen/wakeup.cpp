#include "display/screen/wakeup.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>

#include "display/screen/program_poller.hpp"

namespace lobby::display {

Wakeup::Wakeup() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  signals_ = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  words_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

Wakeup::~Wakeup() {
  ::close(signals_);
  ::close(words_);
}

void Wakeup::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(::write(words_, &one, sizeof one));
}

bool Wakeup::wait(Instant until) const {
  const auto left = std::max(Instant{}, until - steady_now()).count();
  const timespec limit{left / 1'000'000, left % 1'000'000 * 1'000};
  std::array<pollfd, 2> files{pollfd{signals_, POLLIN, 0}, pollfd{words_, POLLIN, 0}};
  if (::ppoll(files.data(), files.size(), &limit, nullptr) <= 0) {
    return true;
  }
  std::uint64_t words = 0;
  static_cast<void>(::read(words_, &words, sizeof words));
  return (files[0].revents & POLLIN) == 0;
}

}  // namespace lobby::display
