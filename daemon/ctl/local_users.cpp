#include "daemon/ctl/local_users.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <system_error>

#include "daemon/api/accounts.hpp"
#include "daemon/api/secrets.hpp"
#include "daemon/ctl/show.hpp"
#include "daemon/ctl/table.hpp"

namespace lobby::ctl {
namespace {

/// nullptr after a sentence on standard error.
std::unique_ptr<api::Accounts> open_accounts(const Settings& settings, Console& console) {
  if (::access(settings.state.c_str(), F_OK) != 0) {
    console.err << printable(settings.state) << ": there is no such state directory; correct --state\n";
    return nullptr;
  }
  try {
    return std::make_unique<api::Accounts>(settings.state);
  } catch (const std::runtime_error& error) {
    console.err << printable(error.what()) << "\n";
    return nullptr;
  }
}

/// The first account may come before the daemon's first start, so a directory that is not there is made. A
/// slip in the path would make one too: that it is new is said, and more than one step is not made.
bool make_directory(const std::string& path, Console& console) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    console.err << "made a new state directory " << printable(path) << "\n";
    return true;
  }
  if (errno == EEXIST) {
    return true;
  }
  console.err << printable(path)
              << (errno == ENOENT ? ": the directory above it is not there; correct --state"
                                  : ": " + std::generic_category().message(errno))
              << "\n";
  return false;
}

/// As an account keeps it; none stays none.
std::string kept(const std::string& secret) {
  return secret.empty() ? secret : api::stretch(secret);
}

Exit refused(const api::AccountFault& fault, Console& console) {
  console.err << printable(fault.sentence) << "\n";
  return Exit::refused;
}

boost::json::array as_json(const api::AccountTable& accounts) {
  boost::json::array all;
  for (const auto& [name, account] : accounts) {
    boost::json::array windows(account.windows.begin(), account.windows.end());
    all.push_back({{"name", name}, {"role", hall::to_text(account.role)}, {"windows", std::move(windows)}});
  }
  return all;
}

}  // namespace

Exit add_local_user(const NewUser& user, const Settings& settings, Console& console) {
  const auto role = hall::parse_word<api::Role>(user.role);
  if (!role) {
    console.err << "--role is kiosk, clerk, supervisor, evaluator, screen or admin, not "
                << printable(user.role) << "\n";
    return Exit::usage;
  }
  if (!make_directory(settings.state, console)) {
    return Exit::refused;
  }
  const auto accounts = open_accounts(settings, console);
  if (!accounts) {
    return Exit::refused;
  }
  const auto added = accounts->add({user.name, *role, user.windows, kept(user.password), kept(user.pin)});
  if (const auto* fault = std::get_if<api::AccountFault>(&added)) {
    return refused(*fault, console);
  }
  const std::string& token = std::get<std::string>(added);
  if (settings.json) {
    console.out << boost::json::serialize(boost::json::object{{"name", user.name}, {"token", token}})
                << std::endl;
  } else {
    console.out << token << std::endl;
  }
  return Exit::done;
}

Exit list_local_users(const Settings& settings, Console& console) {
  const auto accounts = open_accounts(settings, console);
  if (!accounts) {
    return Exit::refused;
  }
  const std::string body = boost::json::serialize(as_json(accounts->all()));
  console.out << show(settings.json ? Shape::text : Shape::users, body) << std::flush;
  return Exit::done;
}

Exit remove_local_user(const std::string& name, const Settings& settings, Console& console) {
  const auto accounts = open_accounts(settings, console);
  if (!accounts) {
    return Exit::refused;
  }
  const auto fault = accounts->remove(name);
  return fault ? refused(*fault, console) : Exit::done;
}

}  // namespace lobby::ctl
