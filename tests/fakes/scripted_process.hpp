#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/devices/feeds.hpp"

namespace lobby::fakes {

/// lobby-feed as a script: what was written to it, and a way to speak as it.
struct Script {
  devices::FeedConfig config;
  devices::Feeds::ProcessEvents events;
  std::vector<std::string> written;
  bool killed = false;
};

class ScriptedProcess final : public devices::Feeds::Process {
 public:
  explicit ScriptedProcess(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ~ScriptedProcess() override { script_->killed = true; }
  ScriptedProcess(const ScriptedProcess&) = delete;
  ScriptedProcess& operator=(const ScriptedProcess&) = delete;
  void write_line(std::string line) override { script_->written.push_back(std::move(line)); }

 private:
  std::shared_ptr<Script> script_;
};

}  // namespace lobby::fakes
