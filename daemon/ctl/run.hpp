#pragma once

#include <iosfwd>
#include <string>

#include "daemon/ctl/verbs.hpp"

namespace lobby::ctl {

/// Exit statuses of lobbyctl; `evidence verify` has those of evidence::Finding besides.
enum class Exit : int { done = 0, refused = 1, usage = 2, no_connection = 4 };

struct Settings {
  std::string server = "http://127.0.0.1:8080";
  std::string token;
  std::string state;  ///< the state directory; empty: everything goes through the server
  bool json = false;
  std::string key;  ///< Idempotency-Key of a POST
};

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Carries out one verb.
Exit run(const Verb& verb, Arguments given, const Settings& settings, Console& console);

}  // namespace lobby::ctl
