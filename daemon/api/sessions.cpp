#include "daemon/api/sessions.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/api/secrets.hpp"

namespace lobby::api {

void Sessions::log_in(const Attempt& attempt, Done done) {
  const std::string who = attempt.name + '\n' + attempt.address;
  accounts_.refresh();
  if (const int wait = tries_.count(who, options_.now()); wait > 0) {
    done(rate_limited("too many wrong logins as this name from here; try again later", wait));
    return;
  }
  const Account* account = accounts_.find(attempt.name);
  const std::string line = account == nullptr ? "" : attempt.by == By::pin ? account->pin : account->password;
  auto told = std::make_shared<Done>(std::move(done));
  const bool taken = stretcher_.run(
      // Unknown names take as long as known ones.
      [secret = attempt.secret, line] { return std::string(is_behind(secret, line) ? "right" : ""); },
      [this, name = attempt.name, by = attempt.by, who, line, told](const std::string& right) {
        const Account* now = accounts_.find(name);
        if (right.empty() || now == nullptr || (by == By::pin ? now->pin : now->password) != line) {
          (*told)(unauthorized("name or secret is wrong"));
          return;
        }
        tries_.forgive(who);
        (*told)(open(*now, by));
      });
  if (!taken) {
    tries_.forgive(who);
    (*told)(rate_limited("too many logins at once; try again", 1));
  }
}

std::shared_ptr<Session> Sessions::find(std::string_view cookie) {
  const auto it = sessions_.find(sha256(cookie));
  if (it == sessions_.end()) {
    return nullptr;
  }
  accounts_.refresh();
  if (!is_alive(*it->second)) {
    sessions_.erase(it);
    return nullptr;
  }
  return it->second;
}

bool Sessions::is_alive(const Session& session) const {
  const Account* account = accounts_.find(session.account);
  return !session.ended && account != nullptr && account->revision == session.revision &&
         options_.now() < session.ends;
}

Sessions::Opened Sessions::open(const Account& account, By by) {
  if (sessions_.size() >= most_sessions) {
    const auto first = std::min_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
      return a.second->ends < b.second->ends;
    });
    first->second->ended = true;
    sessions_.erase(first);
  }
  const auto life = by == By::pin ? one_act_life : long_life;
  Opened opened;
  opened.cookie = random_secret();
  opened.csrf = random_secret();
  opened.lives_s = static_cast<int>(life.count());
  opened.account = account;
  auto session = std::make_shared<Session>();
  session->account = account.name;
  session->csrf = opened.csrf;
  session->revision = account.revision;
  session->ends = options_.now() + life;
  session->one_act = by == By::pin;
  sessions_[sha256(opened.cookie)] = std::move(session);
  return opened;
}

}  // namespace lobby::api
