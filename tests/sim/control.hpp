#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/device.hpp"
#include "tests/sim/site.hpp"

namespace lobby::sim {

/// The control API (loopback only): lists the devices, shows what they received, makes them fail.
class Control {
 public:
  struct Answer {
    int status = 200;
    boost::json::value body;
  };
  /// Further resources beside /sim/{id}: people, and the first approval system by a name of its own.
  struct Extra {
    std::function<Answer()> get_people;
    std::function<Answer(const boost::json::object&)> post_people;
    std::shared_ptr<Device> approvals;  ///< answers as /sim/approvals also when it has another id
  };

  Control(std::vector<std::shared_ptr<Device>> devices, std::vector<OtherEnd> others, Extra extra);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// Serves until destroyed. Port 0 picks one. A sentence when it cannot.
  std::string start(const std::string& host, int port);
  std::string url() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace lobby::sim
