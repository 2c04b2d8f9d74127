#include <malloc.h>
#include <openssl/crypto.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>

#include "daemon/api/accounts.hpp"
#include "daemon/api/server.hpp"
#include "daemon/app/bounds.hpp"
#include "daemon/app/lobby.hpp"
#include "daemon/app/log.hpp"
#include "daemon/app/site_file.hpp"
#include "daemon/app/state_dir.hpp"
#include "daemon/app/wall_clock.hpp"
#include "daemon/app/warnings.hpp"
#include "daemon/journal/journal.hpp"
#include "drivers/link/urgency.hpp"

namespace {

using namespace lobby;

enum ExitCode { done = 0, failed = 1, misused = 2, held = 3 };

struct Arguments {
  std::string site;
  std::string state;
  std::string listen;
  std::string clock;
  bool check = false;
  bool bounds = false;
};

/// More connections than the usual 1,024 descriptors, no core files: a core would hold what must not be kept.
void set_limits() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 4096) {
    files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

/// Programs of one build stand side by side.
std::string sibling(const char* name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string(name) : (self.parent_path() / name).string();
}

/// From the first instruction until somebody listens to them, signals that ask for the end are held back.
void hold_signals(int how) {
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::pthread_sigmask(how, &ends, nullptr);
}

int serve(const Arguments& arguments, const app::SiteFile& site, const app::WallClock& clock) {
  // First of all: a signal that comes while we start waits here until the loop runs.
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  hold_signals(SIG_UNBLOCK);
  const auto listen = arguments.listen.empty() ? site.listen : arguments.listen;
  app::log(app::Priority::notice, fmt::format("lobbyd {} starts: site {}, state {}, listen {}", LOBBY_VERSION,
                                              arguments.site, arguments.state, listen));
  const app::StateDirLock lock(arguments.state);
  app::LobbyOptions options;
  options.state_directory = arguments.state;
  options.feed_program = sibling("lobby-feed");
  options.now = [&clock] { return clock.now(); };
  options.trial_clock_ms = clock.trial_clock_ms();
  app::Lobby lobby(io, site, std::move(options));
  api::Accounts accounts(arguments.state);
  api::Server server(io, lobby, accounts, api::Options{});
  accounts.on_change([&lobby](const std::string& account, const std::string& change) {
    lobby.account_changed(account, change);
  });
  lobby.start([&server](const api::EventLine& line) { server.publish(line); });
  const auto address = server.listen(listen);
  // What reading the snapshot needed for a moment goes back to the system: the board has 256 MB for
  // everybody.
  ::malloc_trim(0);
  app::log(app::Priority::notice, fmt::format("serves http://{}", address));
  std::printf("ready http://%s\n", address.c_str());
  std::fflush(stdout);

  signals.async_wait([&](const boost::system::error_code& error, int number) {
    if (!error) {
      app::log(app::Priority::notice, fmt::format("stops: SIG{}", ::sigabbrev_np(number)));
      server.refuse_commands();
      lobby.stop([&] {
        server.stop();
        io.stop();
      });
    }
  });
  io.run();
  app::log(app::Priority::notice, "stopped");
  return done;
}

int run(const Arguments& arguments) {
  if (!arguments.listen.empty() && !app::is_listen_address(arguments.listen)) {
    app::log(app::Priority::error,
             "--listen: \"" + arguments.listen + "\" is not a numeric address and port like 127.0.0.1:8080");
    return misused;
  }
  std::optional<hall::Instant> starts_at;
  if (!arguments.clock.empty()) {
    starts_at = hall::parse_instant(arguments.clock);
    if (!starts_at) {
      app::log(app::Priority::error,
               "--clock: \"" + arguments.clock + "\" is not a time like 2026-03-16T08:55:00+08:00");
      return misused;
    }
  }
  const app::SiteFile site = app::read_site(arguments.site);
  const app::WallClock clock(site.timezone, starts_at);
  if (arguments.check || arguments.bounds) {
    for (const auto& warning : app::warnings_of(site, hall::local_date(clock.now()))) {
      std::fprintf(stderr, "%s: %s\n", arguments.site.c_str(), warning.c_str());
    }
    if (arguments.bounds) {
      for (const auto& bound : app::bounds_of(site)) {
        std::printf("%s\n", bound.c_str());
      }
    }
    return done;
  }
  if (arguments.state.empty()) {
    app::log(app::Priority::error, "--state is missing: name the directory that keeps the journal");
    return misused;
  }
  return serve(arguments, site, clock);
}

}  // namespace

int main(int argc, char** argv) {
  hold_signals(SIG_BLOCK);
  Arguments arguments;
  CLI::App cli("The controller of a government service hall.");
  cli.set_version_flag("--version", LOBBY_VERSION);
  cli.add_option("--site", arguments.site, "site file (TOML)")->required();
  cli.add_option("--state", arguments.state, "directory of journal, accounts and key");
  cli.add_option("--listen", arguments.listen, "ADDR:PORT; port 0 picks a free one");
  cli.add_option("--clock", arguments.clock, "RFC 3339: wall time starts there (for trials)");
  cli.add_flag("--check", arguments.check, "read the site and every file it names, then end");
  cli.add_flag("--bounds", arguments.bounds, "as --check, and say how long anyone can be passed over");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? done : misused;
  }
  set_limits();
  link::ask_for_short_turns();
  std::signal(SIGPIPE, SIG_IGN);  // nobody who stops reading what we print ends the hall
  // No settings of the machine change what OpenSSL does here, and its error texts, which nobody reads, stay
  // on the disk: more than half a megabyte.
  ::OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, nullptr);
  try {
    return run(arguments);
  } catch (const app::SiteError& error) {
    // The sentence alone, as people and scripts expect it; then, for the log, what came of it.
    std::fprintf(stderr, "%s\n", error.what());
    if (!arguments.check && !arguments.bounds) {
      app::log(app::Priority::error, "not started: the site is refused");
    }
    return misused;
  } catch (const app::StateDirLock::Held& error) {
    app::log(app::Priority::error, error.what());
    return held;
  } catch (const std::exception& error) {
    app::log(app::Priority::error, error.what());
    return failed;
  }
}
