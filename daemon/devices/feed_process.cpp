#include "daemon/devices/feed_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <utility>

#include "daemon/devices/feed_lines.hpp"
#include "daemon/devices/line_splitter.hpp"
#include "drivers/link/urgency.hpp"

namespace lobby::devices {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr int exec_failed = 127;

/// Everything the child needs, made ready before the fork: between fork and exec only calls that are safe in
/// a process with other threads.
struct Plan {
  const char* program;
  int socket;
  pid_t parent;
  rlim_t memory;
};

[[noreturn]] void become(const Plan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  link::be_patient();  // nothing of a source is worth a clerk's wait
  if (::getppid() != plan.parent) {
    ::_exit(exec_failed);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGCHLD}) {
    std::signal(number, SIG_DFL);
  }
  ::dup2(plan.socket, STDIN_FILENO);
  ::dup2(plan.socket, STDOUT_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // Sanitizers reserve terabytes of address space for their shadow.
  const rlimit memory{plan.memory, plan.memory};
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  char* const arguments[] = {const_cast<char*>(plan.program), nullptr};
  ::execv(plan.program, arguments);
  ::_exit(exec_failed);
}

std::string ending(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) {
    return info.si_status == exec_failed ? "lobby-feed could not be started"
                                         : "lobby-feed ended with status " + std::to_string(info.si_status);
  }
  const char* name = ::sigabbrev_np(info.si_status);
  return std::string("lobby-feed was ended by SIG") +
         (name != nullptr ? name : std::to_string(info.si_status));
}

/// A running child. Kept alive by its pending waits; after release() it only waits to be reaped.
class Child : public std::enable_shared_from_this<Child> {
 public:
  Child(asio::io_context& io, Feeds::ProcessEvents events)
      : socket_(io), watch_(io), lines_(feed_lines::max_line), events_(std::move(events)) {}
  ~Child() {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
      ::waitpid(pid_, nullptr, WNOHANG);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Empty, or why there is no child.
  std::string start(const std::string& program, std::uint32_t memory_mb) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
      return std::string("no socket for lobby-feed: ") + std::strerror(errno);
    }
    socket_.assign(asio::local::stream_protocol(), pair[0]);
    const Plan plan{program.c_str(), pair[1], ::getpid(), rlim_t{memory_mb} * 1024 * 1024};
    const pid_t pid = ::fork();
    if (pid == 0) {
      become(plan);
    }
    const int fork_error = errno;
    ::close(pair[1]);
    if (pid < 0) {
      return std::string("lobby-feed could not be started: ") + std::strerror(fork_error);
    }
    pid_ = pid;
    ::setpgid(pid_, pid_);  // whoever of the two comes first
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (descriptor < 0) {
      std::string reason = std::string("lobby-feed cannot be watched: ") + std::strerror(errno);
      ::kill(-pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      pid_ = -1;
      return reason;
    }
    watch_.assign(descriptor);
    read();
    wait_for_end();
    return {};
  }

  void write(std::string line) {
    line.push_back('\n');
    waiting_.push_back(std::move(line));
    if (waiting_.size() == 1) {
      write_next();
    }
  }

  void release() {
    events_ = {};
    released_ = true;
    kill_group();
    Error ignored;
    socket_.close(ignored);
  }

 private:
  void kill_group() const {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
    }
  }

  /// Nothing more is read; the end is told when it is reaped.
  void close_down() {
    closed_ = true;
    kill_group();
    tell_end();
  }

  void read() {
    socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](Error error, std::size_t size) {
      self->on_bytes(error, size);
    });
  }

  void on_bytes(Error error, std::size_t size) {
    if (released_) {
      return;
    }
    if (error) {
      // Without its output it is of no use, whether it lives or not.
      return close_down();
    }
    unread_ = {chunk_.data(), size};
    take_line();
  }

  /// One in a turn of the loop: a key waits for no more than that.
  void take_line() {
    const bool whole = lines_.feed(unread_, [this](std::string_view line) {
      events_.line(line);
      return false;
    });
    if (released_) {
      return;
    }
    if (!whole) {
      end_reason_ = "wrote a line that is too long";
      return close_down();
    }
    if (unread_.empty()) {
      return read();
    }
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      if (!self->released_) {
        self->take_line();
      }
    });
  }

  void write_next() {
    asio::async_write(socket_, asio::buffer(waiting_.front()),
                      [self = shared_from_this()](Error error, std::size_t) {
                        self->waiting_.pop_front();
                        if (!error && !self->released_ && !self->waiting_.empty()) {
                          self->write_next();
                        }
                      });
  }

  void wait_for_end() {
    watch_.async_wait(asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this()](Error error) { self->on_end(error); });
  }

  void on_end(Error error) {
    if (error) {
      return;
    }
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == 0) {
      return wait_for_end();
    }
    // What it may have started goes with it; the number of the group is still its own.
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, WNOHANG);
    pid_ = -1;
    Error ignored;
    watch_.close(ignored);
    if (end_reason_.empty()) {
      end_reason_ = ending(info);
    }
    tell_end();
  }

  /// Once, when it is reaped and everything that it wrote was read.
  void tell_end() {
    if (pid_ < 0 && closed_ && events_.ended) {
      const auto ended = std::exchange(events_, {}).ended;
      ended(end_reason_);
    }
  }

  asio::local::stream_protocol::socket socket_;
  asio::posix::stream_descriptor watch_;
  LineSplitter lines_;
  Feeds::ProcessEvents events_;
  std::array<char, 16 * 1024> chunk_{};
  std::string_view unread_;          ///< of the chunk
  std::deque<std::string> waiting_;  ///< to be written; the first is on its way
  pid_t pid_ = -1;
  bool closed_ = false;  ///< nothing more is read
  bool released_ = false;
  std::string end_reason_;
};

class FeedProcess final : public Feeds::Process {
 public:
  explicit FeedProcess(std::shared_ptr<Child> child) : child_(std::move(child)) {}
  ~FeedProcess() override { child_->release(); }
  FeedProcess(const FeedProcess&) = delete;
  FeedProcess& operator=(const FeedProcess&) = delete;
  void write_line(std::string line) override { child_->write(std::move(line)); }

 private:
  std::shared_ptr<Child> child_;
};

/// What could not be started; says so from the loop.
class NoProcess final : public Feeds::Process {
 public:
  NoProcess(asio::io_context& io, Feeds::ProcessEvents events, std::string reason)
      : events_(std::make_shared<Feeds::ProcessEvents>(std::move(events))) {
    asio::post(io, [weak = std::weak_ptr(events_), reason = std::move(reason)] {
      if (const auto alive = weak.lock()) {
        alive->ended(reason);
      }
    });
  }
  void write_line(std::string) override {}

 private:
  std::shared_ptr<Feeds::ProcessEvents> events_;
};

}  // namespace

Feeds::Spawn feed_spawner(asio::io_context& io, std::string program) {
  return [&io, program = std::move(program)](const FeedConfig& config,
                                             Feeds::ProcessEvents events) -> std::unique_ptr<Feeds::Process> {
    auto child = std::make_shared<Child>(io, events);
    if (std::string fault = child->start(program, config.memory_mb); !fault.empty()) {
      return std::make_unique<NoProcess>(io, std::move(events), std::move(fault));
    }
    return std::make_unique<FeedProcess>(std::move(child));
  };
}

}  // namespace lobby::devices
