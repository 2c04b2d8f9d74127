#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>

namespace lobby::sim {

/// A person's way to the daemon: its HTTP API, one request at a time. Belongs to one thread.
class HallClient {
 public:
  struct Answer {
    int status = 0;  ///< 0: no connection, or it broke before the answer: what happened is not known
    boost::json::value body;

    bool ok() const { return status >= 200 && status < 300; }
    /// `code` of a problem document, else the status as text, "unreachable" without one.
    std::string code() const;
  };

  HallClient(const std::string& server, std::string token);
  ~HallClient();
  HallClient(const HallClient&) = delete;
  HallClient& operator=(const HallClient&) = delete;

  /// `path` below /api/v1.
  Answer get(const std::string& path);
  Answer post(const std::string& path, const boost::json::object& body,
              const std::string& idempotency_key = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace lobby::sim
