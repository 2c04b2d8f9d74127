#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/cctv/dahua.hpp"
#include "drivers/http/client.hpp"

namespace lobby::cctv {

/// What is on a Dahua recorder's disk: a finder is made, told what to look for, asked once and put away
/// again, also when it fails; a recorder has few of them.
class DahuaFiles {
 public:
  struct Found {
    http::Answer answer;                              ///< of the question that decided
    std::optional<std::vector<dahua::File>> files{};  ///< empty: they are not known
  };
  /// The client outlives it.
  DahuaFiles(link::Executor& executor, http::Client& client) : executor_(executor), client_(client) {}

  /// Times as the recorder's clock shows them; `channel` from 1. `done` runs once, before `end` or soon
  /// after.
  void find(int channel, dahua::File window, link::MonoTime end, std::function<void(Found)> done);

 private:
  void ask(const std::string& what, link::MonoTime end, http::Client::Done done);
  void look(const std::string& finder, link::MonoTime end, const std::function<void(Found)>& done);
  void put_away(const std::string& finder);

  link::Executor& executor_;
  http::Client& client_;
};

}  // namespace lobby::cctv
