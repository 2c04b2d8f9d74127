#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace lobby::sim {

/// What became of the people, counted by whoever sees it. Every arrived citizen ends as issued, refused,
/// left or is in line.
class CrowdCounts {
 public:
  enum class What {
    arrived,
    issued,
    retried,
    left,
    called,
    recalled,
    started,
    finished,
    no_show,
    opened,
    keys
  };

  void add(What what);
  void refuse(const std::string& code);
  /// A clerk's request over the API that was turned down: no citizen's outcome.
  void refuse_clerk(const std::string& code);
  boost::json::object describe() const;

 private:
  mutable std::mutex mutex_;
  std::map<What, std::uint64_t> counts_;
  std::map<std::string, std::uint64_t> refused_;
  std::map<std::string, std::uint64_t> clerk_refused_;
};

}  // namespace lobby::sim
