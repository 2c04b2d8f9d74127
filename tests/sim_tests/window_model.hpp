#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/sim/hall_sight.hpp"

namespace lobby::sim {

/// One window of the daemon by the contract's table, and a colleague's beside it; every call that is not the
/// state's is refused. Also what is asked is kept.
class WindowModel {
 public:
  WindowModel();

  /// A code to refuse with although the state would allow it; "" to let it be.
  std::function<std::string(const std::string& verb)> grudge = [](const std::string&) { return ""; };

  std::string ask(const std::string& verb, const boost::json::object& body);
  /// By the key of the unit.
  std::string press(const std::string& key);
  const WindowSight& window() const { return hall.windows.front(); }
  const std::string& state() const { return window().state; }

  HallSight hall;
  std::map<std::string, int> asked;  ///< how often each verb was asked, also in vain
  std::map<std::string, int> done;
  std::map<std::string, std::set<std::string>>
      words;  ///< what stood in the bodies of what was done, by field
  std::set<std::uint64_t> held;
  boost::json::object last_body;

 private:
  std::string refusal(const std::string& verb, const boost::json::object& body) const;
  void apply(const std::string& verb, const boost::json::object& body);
  void come(std::uint64_t ticket);

  std::uint64_t tickets_ = 0;
  std::string before_pause_;
  bool rateable_ = false;
};

}  // namespace lobby::sim
