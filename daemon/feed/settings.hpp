#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/feed/mapping.hpp"

namespace lobby::feed {

/// What the one line on standard input says: a JSON object with these keys, texts unless said otherwise.
/// Paths are whole. Nothing of it is ever written to a log.
struct Settings {
  enum class Mode : std::uint8_t {
    pull,  ///< asks one system and tells what it says (default)
    push,  ///< brings events to one system; a mapping is needed only for its login
    test   ///< asks once, tells what the mapping makes of the answers, and ends
  } mode = Mode::pull;
  std::string feed;
  std::string url;          ///< of the upstream; or
  std::string drop_dir;     ///< a folder into which something else puts whole files
  std::string answer_file;  ///< of mode test: an answer that was saved; or
  std::string mapping;      ///< path
  std::string area_code;    ///< empty: every area

  std::string token_file;         ///< empty: the upstream wants none
  std::string app_id;             ///< who we are, for signed requests and logins
  std::string auth, auth_header;  ///< of push: how a request proves who sends it (push_wire.hpp)
  std::string ca_file;            ///< empty: the system's certificates
  std::string client_cert_file, client_key_file;  ///< both or none; the key for nobody else to read
  bool allow_insecure = false;                    ///< a secret may go over http:// to another machine

  std::string bind;        ///< interface or address that requests go out from; empty: the system's choice
  std::string proxy;       ///< host:port; empty: none
  std::string proxy_file;  ///< holds user:password for the proxy; empty: it asks for none

  std::vector<What> resources;          ///< "resources":["cases",…]; empty: all that the mapping has
  std::map<What, std::string> cursors;  ///< "cursors":{"cases":"…"}: where the last kept answer ended
  std::string applicant_key;            ///< a secret, see Scope::applicant_key; empty: none
  std::string spool_dir = "/tmp";       ///< for answers too large for memory; they are masked

  /// Of a trial: its wall time, less what the machine's steady clock showed then. Everything that is compared
  /// with the upstream or asked by the date goes by it, but for certificates, which TLS checks by the
  /// machine's clock. Without it the machine's clock is the hall's.
  std::optional<std::int64_t> trial_clock_ms;

  std::uint32_t interval_s = 30;  ///< from one question to the next, where a resource says nothing else
  std::uint32_t total_s = 60;     ///< one whole pull may take this long
  std::uint32_t max_age_s =
      86'400;  ///< data older than this is stale: whatever is waited for, the next pull ends before
  std::uint32_t days = 7;  ///< {days} of the templates: how far ahead a list of days reaches
};

/// The settings, or one sentence about what is wrong with them (it repeats no value).
std::variant<Settings, std::string> read_settings(std::string_view line);

}  // namespace lobby::feed
