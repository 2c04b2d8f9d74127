// lobbyctl: the command line for staff and scripts.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "daemon/ctl/address.hpp"
#include "daemon/ctl/run.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/verbs.hpp"

namespace {

namespace ctl = lobby::ctl;

/// Where CLI11 puts what it reads for one verb.
struct Slots {
  const ctl::Verb* verb = nullptr;
  CLI::App* command = nullptr;
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, bool> flags;
};

void add_argument(Slots& slots, const ctl::Argument& argument) {
  using Kind = ctl::Argument::Kind;
  if (argument.kind == Kind::flag) {
    slots.command->add_flag("--" + argument.name, slots.flags[argument.name], argument.help)
        ->required(argument.required);
    return;
  }
  if (argument.kind == Kind::list) {
    slots.command->add_option("--" + argument.name, slots.lists[argument.name], argument.help)
        ->allow_extra_args(false);
    return;
  }
  const std::string name = (argument.kind == Kind::positional ? "" : "--") + argument.name;
  slots.command->add_option(name, slots.values[argument.name], argument.help)->required(argument.required);
}

std::vector<std::unique_ptr<Slots>> add_verbs(CLI::App& app) {
  std::map<std::string, CLI::App*> nouns;
  std::vector<std::unique_ptr<Slots>> all;
  for (const ctl::Verb& verb : ctl::verbs()) {
    CLI::App*& noun = nouns[verb.noun];
    if (noun == nullptr) {
      noun = app.add_subcommand(verb.noun, std::string(ctl::help_of_noun(verb.noun)));
      noun->require_subcommand(1);
    }
    auto slots = std::make_unique<Slots>();
    slots->verb = &verb;
    slots->command = noun->add_subcommand(verb.verb, verb.help);
    for (const ctl::Argument& argument : verb.arguments) {
      add_argument(*slots, argument);
    }
    all.push_back(std::move(slots));
  }
  return all;
}

ctl::Arguments given_to(const Slots& slots) {
  ctl::Arguments given;
  for (const auto& [name, value] : slots.values) {
    const bool positional = name.front() >= 'A' && name.front() <= 'Z';
    if (positional || slots.command->count("--" + name) > 0) {
      given.set(name, {value});
    }
  }
  for (const auto& [name, values] : slots.lists) {
    if (!values.empty()) {
      given.set(name, values);
    }
  }
  for (const auto& [name, set] : slots.flags) {
    if (set) {
      given.set(name, {});
    }
  }
  return given;
}

std::string random_key() {
  constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string key;
  for (int i = 0; i < 32; ++i) {
    key += digits[random() % 16];
  }
  return key;
}

/// The names of the commands below this one, for a sentence.
std::string listed(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  return names;
}

/// CLI11 says only that a word is missing, also when one is there that nobody knows.
int misused(const CLI::App& app, const CLI::ParseError& error) {
  const auto nouns = app.get_subcommands();
  const CLI::App& last = nouns.empty() ? app : *nouns.front();
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError) ||
      !last.get_subcommands().empty()) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ctl::Exit::usage);
  }
  const auto left = app.remaining(true);
  const std::string what = nouns.empty() ? "noun" : "verb of \"" + last.get_name() + "\"";
  std::cerr << (left.empty() ? "a " + what + " is missing"
                             : "\"" + ctl::printable(left.front()) + "\" is no " + what)
            << ": use one of " << listed(last) << "\n";
  return static_cast<int>(ctl::Exit::usage);
}

/// The first line of the file; nullopt when it cannot be read.
std::optional<std::string> read_token(const std::string& path) {
  std::ifstream in(path);
  std::string token;
  if (!in || !std::getline(in, token)) {
    return std::nullopt;
  }
  token.erase(token.find_last_not_of(" \t\r") + 1);
  return token;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("lobbyctl: what the lobby's API can do, from the command line", "lobbyctl");
  ctl::Settings settings;
  std::string token_file;
  if (const char* from_environment = std::getenv("LOBBY_TOKEN_FILE")) {
    token_file = from_environment;
  }
  app.add_option("--server", settings.server, "URL of the daemon")->capture_default_str();
  app.add_option("--token-file", token_file, "file with the account's token (default: $LOBBY_TOKEN_FILE)");
  app.add_option("--state", settings.state, "state directory of the daemon, for accounts without a server");
  app.add_flag("--json", settings.json, "the server's JSON, untouched");
  app.add_option("--idempotency-key", settings.key, "repeat an act whose outcome is not known");
  app.set_version_flag("--version", "lobbyctl " LOBBY_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  const auto slots = add_verbs(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return misused(app, error);
  }
  const auto server = ctl::server_address(settings.server);
  if (!server) {
    std::cerr << "--server takes an address like http://127.0.0.1:8080 (https is not served), not "
              << ctl::printable(settings.server) << "\n";
    return static_cast<int>(ctl::Exit::usage);
  }
  settings.server = *server;
  if (!token_file.empty()) {
    const auto token = read_token(token_file);
    if (!token) {
      std::cerr << "cannot read a token from " << token_file << "\n";
      return static_cast<int>(ctl::Exit::usage);
    }
    settings.token = *token;
  }
  if (settings.key.empty()) {
    settings.key = random_key();
  }
  ctl::Console console{std::cin, std::cout, std::cerr};
  for (const auto& one : slots) {
    if (one->command->parsed()) {
      return static_cast<int>(ctl::run(*one->verb, given_to(*one), settings, console));
    }
  }
  return static_cast<int>(ctl::Exit::usage);
}
