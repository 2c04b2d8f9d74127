#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "daemon/app/lobby.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/loopback_printer.hpp"
#include "tests/support/daemon.hpp"

namespace lobby::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string site_text(int port) {
  auto text = tests::bare_site(1, 1);
  text.insert(text.find('\n') + 1, "config_dir = \"" LOBBY_SOURCE_DIR "/config\"\n");
  return text + fmt::format(
                    "[[printer]]\nid = \"p1\"\nprofile = \"generic-80\"\nlink = \"tcp:127.0.0.1:{}\"\n"
                    "[[kiosk]]\nid = \"kp\"\nname = \"取号机\"\nzone = \"A\"\nprinter = \"p1\"\n",
                    port);
}

hall::Instant wall() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<milliseconds>(since).count(), 480};
}

/// The whole lobby on a loop of its own, and when each kind of event became durable.
class House {
 public:
  explicit House(int port)
      : site_(app::read_site_text(site_text(port), LOBBY_SOURCE_DIR "/config/sites/bench.toml")), io_(1) {
    app::LobbyOptions options;
    options.state_directory = folder_.path();
    options.now = wall;
    lobby_ = std::make_unique<app::Lobby>(io_, site_, std::move(options));
    lobby_->start([this](const api::EventLine& line) { durable(line); });
    loop_ = std::thread([this] { io_.run(); });
  }
  ~House() {
    io_.stop();
    loop_.join();
    lobby_.reset();
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void press() {
    boost::asio::post(io_, [this] {
      api::Submission wish;
      wish.command = hall::IssueTicket{{"s1"}, hall::Lane::ordinary, hall::KioskId{"kp"}, ""};
      wish.render = [](const auto&, const auto&) { return api::Answer{}; };
      wish.done = [](const auto&) {};
      lobby_->submit(std::move(wish));
    });
  }
  /// When the oldest event of this type that was not asked for became durable.
  Clock::time_point next(const std::string& type) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, seconds(10), [&] { return !at_[type].empty(); })) {
      throw std::runtime_error("the lobby says no " + type);
    }
    const auto at = at_[type].front();
    at_[type].pop_front();
    return at;
  }

 private:
  void durable(const api::EventLine& line) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    const bool of_printer = line.json.find("\"p1\"") != std::string::npos;
    if (line.type != "DeviceChanged" || of_printer) {
      at_[line.type].push_back(now);
      changed_.notify_all();
    }
  }

  tests::TemporaryFolder folder_;
  app::SiteFile site_;
  boost::asio::io_context io_;
  std::unique_ptr<app::Lobby> lobby_;
  std::thread loop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::deque<Clock::time_point>> at_;
};

/// The floor under a first byte: from a thread over the loopback to another.
Figures bare_bytes(int count) {
  LoopbackPrinter printer;
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(printer.port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) != 0) {
    throw std::runtime_error("the floor cannot be measured");
  }
  Figures figures;
  for (int i = 0; i < count; ++i) {
    const auto before = printer.job_at();
    const auto begin = Clock::now();
    if (::write(fd, "\x1B\x40", 2) != 2) {
      throw std::runtime_error("the floor cannot be measured");
    }
    while (printer.job_at() == before) {
      std::this_thread::yield();
    }
    figures.add(printer.job_at() - begin);
  }
  ::close(fd);
  return figures;
}

Figures first_bytes(House& house, const LoopbackPrinter& printer, int tickets) {
  Figures figures;
  for (int i = 0; i < tickets; ++i) {
    house.press();
    const auto begun = house.next("TicketPrintStarted");
    house.next("TicketPrinted");
    figures.add(printer.job_at() - begun);
  }
  return figures;
}

Figures status_bytes(House& house, LoopbackPrinter& printer, int changes) {
  Figures figures;
  for (int i = 0; i < changes; ++i) {
    printer.paper(i % 2 == 0);
    const auto known = house.next("DeviceChanged");
    figures.add(known - printer.told_at());
  }
  return figures;
}

}  // namespace

void printing(int tickets, int changes) {
  ::setenv("TZ", "Asia/Shanghai", 1);
  ::tzset();
  LoopbackPrinter printer;
  House house(printer.port());
  house.next("DeviceChanged");  // not heard of yet
  house.next("DeviceChanged");

  auto floor = bare_bytes(tickets);
  first_bytes(house, printer, tickets / 10 + 1);
  const auto first = first_bytes(house, printer, tickets);
  floor.add(bare_bytes(tickets));
  fmt::print("a byte over the loopback     p50 {:.3f} ms  p99 {:.3f} ms\n", floor.percentile(50),
             floor.percentile(99));
  fmt::print(
      "durable begin to first byte  p50 {:.3f} ms  p99 {:.3f} ms = {:.1f} x the floor's p50 (aim p99 < 1 ms; "
      "{} tickets)\n",
      first.percentile(50), first.percentile(99), first.percentile(50) / floor.percentile(50), first.count());

  const tests::TemporaryFolder folder;
  const auto disk = bare_inserts(folder.path(), 200);
  const bool by_itself = printer.reports_by_itself();
  const auto status = status_bytes(house, printer, by_itself ? changes * 20 : changes);
  fmt::print(
      "status byte to DeviceChanged, durable  p50 {:.3f} ms  p99 {:.3f} ms = {:.1f} x a bare insert of p50 "
      "{:.3f} "
      "ms (aim < 5 ms; {} changes, {})\n",
      status.percentile(50), status.percentile(99), status.percentile(50) / disk.percentile(50),
      disk.percentile(50), status.count(), by_itself ? "told by the printer" : "asked for once a second");
}

}  // namespace lobby::bench
