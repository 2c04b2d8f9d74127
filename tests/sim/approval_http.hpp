#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lobby::sim {

/// A request to the approval system, without the server's own types.
struct ApprovalRequest {
  std::string method;
  std::string path;       ///< as sent, without the query
  std::string resource;   ///< the path behind the feed's own: "" or "/cases"
  std::string raw_query;  ///< as sent, without `?`
  std::string body;
  std::map<std::string, std::string> query;    ///< decoded; of a name that comes twice, the last
  std::map<std::string, std::string> headers;  ///< names in lower case

  std::string param(const std::string& name, const std::string& otherwise = {}) const {
    const auto found = query.find(name);
    return found == query.end() ? otherwise : found->second;
  }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

struct ApprovalReply {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace lobby::sim
