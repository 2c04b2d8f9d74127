#include "tests/sim/emulator.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace lobby::sim {
namespace {

constexpr const char* program = "qemu-system-arm";
constexpr int no_such_program = 127;

/// Both ends of a wire: ours, and the child's.
struct Wire {
  int ours = -1;
  int childs = -1;

  bool make() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      return false;
    }
    ours = ends[0];
    childs = ends[1];
    // Every byte that the MCU sends costs the emulator a message: with the usual buffer 278 of them fit.
    const int bytes = 4 << 20;
    ::setsockopt(childs, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return ::fcntl(ours, F_SETFL, O_NONBLOCK) == 0;
  }
};

int memory_file(const Bytes& bytes) {
  const int fd = ::memfd_create("settings", MFD_CLOEXEC);
  if (fd >= 0 && ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    ::close(fd);
    return -1;
  }
  return fd;
}

std::vector<std::string> arguments(const Emulator::Make& make, std::span<const Wire> wires, int settings) {
  const auto wire = [&](const char* name, std::size_t at) {
    return fmt::format("socket,id={},fd={}", name, wires[at].childs);
  };
  std::vector<std::string> all{program,
                               "-M",
                               "stm32vldiscovery",
                               "-kernel",
                               make.image,
                               "-display",
                               "none",
                               "-monitor",
                               "none",
                               "-nodefaults",
                               "-chardev",
                               wire("bus", 0),
                               "-serial",
                               "chardev:bus",
                               "-chardev",
                               wire("sign", 1),
                               "-serial",
                               "chardev:sign",
                               "-chardev",
                               wire("keys", 2),
                               "-serial",
                               "chardev:keys",
                               "-chardev",
                               wire("qmp", 3),
                               "-mon",
                               "chardev=qmp,mode=control"};
  if (settings >= 0) {
    all.emplace_back("-device");
    all.push_back(
        fmt::format("loader,addr={:#x},file=/proc/self/fd/{},force-raw=on", make.settings_at, settings));
  }
  return all;
}

/// In the child: nothing but calls that a signal handler may make.
[[noreturn]] void become(char* const* argv, std::span<const int> kept, pid_t parent) {
  for (const int fd : kept) {
    ::fcntl(fd, F_SETFD, 0);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  // A simulator that is killed takes its emulators with it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == parent) {
    ::execvp(program, argv);
  }
  ::_exit(no_such_program);
}

}  // namespace

std::unique_ptr<Emulator> Emulator::start(const Make& make, std::string& why) {
  std::array<Wire, 4> wires;
  std::vector<int> kept;
  bool made = ::access(make.image.c_str(), R_OK) == 0;
  why = made ? "" : make.image + ": " + std::strerror(errno);
  for (Wire& wire : wires) {
    made = made && wire.make();
    kept.push_back(wire.childs);
  }
  const int settings = make.settings.empty() ? -1 : memory_file(make.settings);
  if (settings >= 0) {
    kept.push_back(settings);
  }
  std::vector<std::string> words = arguments(make, wires, settings);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const pid_t self = ::getpid();
  std::unique_ptr<Emulator> emulator(new Emulator);
  emulator->pid_ = made ? ::fork() : -1;
  if (emulator->pid_ == 0) {
    become(argv.data(), kept, self);
  }
  for (const int fd : kept) {
    ::close(fd);
  }
  emulator->bus_ = wires[0].ours;
  emulator->sign_ = wires[1].ours;
  emulator->keys_ = wires[2].ours;
  emulator->monitor_ = wires[3].ours;
  if (emulator->pid_ < 0) {
    why = why.empty() ? std::string("no emulator: ") + std::strerror(errno) : why;
    return nullptr;
  }
  emulator->command("qmp_capabilities");
  emulator->thread_ = std::thread([raw = emulator.get()] { raw->run(); });
  return emulator;
}

Emulator::~Emulator() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wakeup_.signal();
  if (thread_.joinable()) {
    thread_.join();
  }
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (const int fd : {bus_, sign_, keys_, monitor_}) {
    if (fd >= 0) {
      ::close(fd);
    }
  }
}

void Emulator::command(const char* word) {
  const std::string line = fmt::format("{{\"execute\":\"{}\"}}\n", word);
  [[maybe_unused]] const ssize_t sent = ::send(monitor_, line.data(), line.size(), MSG_NOSIGNAL);
}

void Emulator::to_bus(std::span<const std::uint8_t> bytes) const {
  [[maybe_unused]] const ssize_t sent = ::send(bus_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

Bytes Emulator::from_bus() {
  std::array<std::uint8_t, 512> buffer{};
  const ssize_t got = ::recv(bus_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  return got > 0 ? Bytes(buffer.begin(), buffer.begin() + got) : Bytes();
}

void Emulator::press(std::uint16_t keys, KeyBoard::How how) {
  const std::lock_guard lock(mutex_);
  board_.press(keys, how);
}

Emulator::Sight Emulator::look() {
  const std::lock_guard lock(mutex_);
  return {decoder_.picture(), decoder_.counts(), board_.scans(), board_.is_idle(), resets_, runs_};
}

/// The keys are answered at once. The sign's bytes wait for each other a little: one by one they would cost
/// more than the emulator itself.
void Emulator::run() {
  constexpr int pause_ms = 4;
  for (;;) {
    std::array<pollfd, 3> waits{{{wakeup_.fd(), POLLIN, 0}, {keys_, POLLIN, 0}, {monitor_, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), pause_ms);
    const std::lock_guard lock(mutex_);
    if (stop_ || ((waits[2].revents & (POLLIN | POLLHUP)) != 0 && !hear_monitor())) {
      runs_ = false;
      return;
    }
    serve_keys();
    drain_sign();
  }
}

/// False: the emulator has ended. Of what it tells only resets matter.
bool Emulator::hear_monitor() {
  std::array<char, 1024> told{};
  const ssize_t got = ::recv(monitor_, told.data(), told.size(), MSG_DONTWAIT);
  if (got <= 0) {
    return got < 0;
  }
  told_.append(told.data(), static_cast<std::size_t>(got));
  for (std::size_t end = 0; (end = told_.find('\n')) != std::string::npos; told_.erase(0, end + 1)) {
    resets_ += std::string_view(told_).substr(0, end).find("\"event\": \"RESET\"") != std::string_view::npos;
  }
  return true;
}

void Emulator::serve_keys() {
  std::array<std::uint8_t, 256> polls{};
  const ssize_t got = ::recv(keys_, polls.data(), polls.size(), MSG_DONTWAIT);
  for (ssize_t i = 0; i < got; ++i) {
    const KeyBoard::Answer answer = board_.poll(polls[static_cast<std::size_t>(i)]);
    if (answer.any) {
      [[maybe_unused]] const ssize_t sent = ::send(keys_, &answer.byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }
}

void Emulator::drain_sign() {
  std::array<std::uint8_t, 4096> bytes{};
  for (ssize_t got = 1; got > 0;) {
    got = ::recv(sign_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) {
      decoder_.take({bytes.data(), static_cast<std::size_t>(got)});
    }
  }
}

}  // namespace lobby::sim
