#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "tests/sim/lobby.hpp"
#include "tests/sim/log.hpp"

namespace {

using namespace lobby::sim;

struct Options {
  std::string site;
  std::string control = "127.0.0.1:0";
  std::string clock;
  double people = 0;
  std::string server;
  std::string token_dir;
  SimulatedLobby::Options lobby;
};

constexpr int exit_usage = 2;

/// Everything after the command line: until a signal asks for the end.
int serve(const Options& options, const Site& site, const WallClock& clock, const sigset_t& ends) {
  const std::size_t colon = options.control.rfind(':');
  const std::string host = colon == std::string::npos ? options.control : options.control.substr(0, colon);
  const int port = colon == std::string::npos ? 0 : std::atoi(options.control.c_str() + colon + 1);
  SimulatedLobby lobby(site, clock, options.lobby);
  std::string why = lobby.start(host, port);
  if (why.empty()) {
    People::Settings settings = lobby.people().settings();
    settings.speed = options.people;
    settings.server = options.server.empty() ? settings.server : options.server;
    settings.token_dir = options.token_dir.empty() ? settings.token_dir : options.token_dir;
    why = lobby.people().change(settings);
  }
  if (!why.empty()) {
    log(why);
    return 1;
  }
  std::printf("ready %s\n", lobby.control_url().c_str());
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&ends, &signal);
  return 0;
}

void offer(CLI::App& app, Options& options) {
  app.add_option("--site", options.site, "site file (TOML)")->required();
  app.add_option("--control", options.control, "loopback address of the control API; port 0 picks one");
  app.add_option("--clock", options.clock, "wall time to start at, RFC 3339");
  app.add_option("--people", options.people, "speed of the people; 0: nobody is there");
  app.add_option("--server", options.server,
                 "the daemon's URL, for the people; default: where the site listens");
  app.add_option("--token-dir", options.token_dir,
                 "folder with the files kiosk and clerk, a token each; default: the folder tokens beside the "
                 "site file. Without tokens the people stay at home")
      ->envname("LOBBY_TOKEN_DIR");
  app.add_option("--seed", options.lobby.seed, "of everything that is left to chance");
  CLI::Option* const firmware = app.add_option("--firmware", options.lobby.firmware,
                                               "folder with the images window-unit.elf and button-panel.elf");
  app.add_option("--emulate", options.lobby.emulate,
                 "units and panels (ids, comma separated) that are the real firmware in qemu-system-arm; the "
                 "clerks at such windows work by the API")
      ->delimiter(',')
      ->needs(firmware);
  app.add_option("--first-of-map", options.lobby.first_of_map,
                 "window units (ids, comma separated) that are the first of the register map: no features")
      ->delimiter(',');
  app.add_option("--certificates", options.lobby.certificates,
                 "folder with ID.pem and ID.key of each feed whose url is https, and ID.ca where it wants a "
                 "certificate of its clients");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The far end of every wire of a site: printers, RS-485 units, the approval system, people."};
  Options options;
  offer(app, options);
  int board_ms = static_cast<int>(options.lobby.board_time.count());
  app.add_option("--board-ms", board_ms, "what a board's card takes for an order, in milliseconds")
      ->check(CLI::Range(0, 60'000));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  options.lobby.board_time = milliseconds(board_ms);
  // Before any thread: all of them leave these signals to sigwait.
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGTERM);
  ::sigaddset(&ends, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const Site site = read_site(options.site);
    ::setenv("TZ", site.timezone.c_str(), 1);
    ::tzset();
    const auto start =
        options.clock.empty() ? std::chrono::system_clock::now() : parse_rfc3339(options.clock);
    if (!start) {
      log("--clock: \"" + options.clock + "\" is no RFC 3339 time, such as 2026-03-16T08:55:00+08:00.");
      return exit_usage;
    }
    return serve(options, site, WallClock(*start), ends);
  } catch (const SiteError& error) {
    log(error.what());
    return exit_usage;
  } catch (const std::exception& error) {
    log(error.what());
    return 1;
  }
}
