#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "daemon/feed/auth_sign.hpp"
#include "daemon/feed/push.hpp"
#include "daemon/feed/settings.hpp"
#include "daemon/feed/source.hpp"
#include "daemon/feed/url.hpp"
#include "daemon/feed/wire.hpp"

namespace lobby::feed {

/// How pushed requests prove who sends them, by the settings: `auth` is a kind of a mapping's [auth] that
/// needs no template; with `header`, Authorization carries `Bearer SECRET`, any other header the secret.
/// `bearer` is the same in Authorization; with the [auth] of a mapping, which must log in, the token comes
/// from there. nullopt: no such kind.
std::optional<Auth> push_auth(const Settings& settings, const Auth* of_mapping = nullptr);

/// Posts over the network, each body on a connection of its own and within total_s, whatever has to be asked
/// for it. The secret is read anew each time; a refused clock and an access token that has ended are mended
/// once.
class WirePoster final : public Poster {
 public:
  /// `settings` outlives it.
  WirePoster(const Settings& settings, Auth auth, Connect connect, Surroundings around);
  std::variant<PostAnswer, Failure> post(const std::string& body) override;

 private:
  std::variant<Reply, Failure> exchange(const Credentials& credentials, const std::string& body);
  std::variant<Reply, Failure> send(const FilledRequest& request);
  std::optional<Failure> log_in(const Credentials& credentials);
  bool mends(const Reply& reply);

  const Settings& settings_;
  Auth auth_;
  Connect connect_;
  Surroundings around_;
  Url url_;
  Session session_;
  Deadline until_;                    ///< of the post that is on its way
  std::int64_t clock_offset_ms_ = 0;  ///< the target's clock less ours, as far as signatures need it
  std::int64_t sent_ms_ = 0, received_ms_ = 0;  ///< of the last exchange
};

}  // namespace lobby::feed
