#pragma once

#include <map>

#include "tests/sim/recorder_model.hpp"

namespace lobby::sim {

/// A Dahua recorder, channel 1, over its CGI. Its clock tells local time. A record mode is configuration: it
/// outlives a restart.
class DahuaRecorder final : public RecorderModel {
 public:
  struct Habits {
    bool tells_mode = true;   ///< the configuration can be read
    bool keeps_mode = false;  ///< OK, and the mode stays
  };

  explicit DahuaRecorder(Now now) : RecorderModel(std::move(now)) {}

  bool can_have(Fault fault) const override;
  void describe(boost::json::object& out) const override;

  const std::string& mode() const { return mode_; }
  /// As somebody else, or the maker, sets it: 0 automatic, 1 manual, 2 off.
  void set_mode(std::string mode);
  std::size_t finders() const { return finders_.size(); }
  std::size_t most_finders() const { return most_finders_; }

  Habits habits;

 private:
  struct Window {
    RecorderTime from, until;
    bool is_told = false;
  };
  HttpReply reply_to(const HttpAsk& ask) override;
  bool is_ordered() const override { return mode_ == "1"; }
  void restart() override { finders_.clear(); }
  HttpReply configuration(const std::string& target);
  HttpReply files(const std::string& target);
  HttpReply find(const std::string& target, Window& window) const;
  HttpReply next(Window& window) const;
  HttpReply event(const std::string& target) const;
  RecorderTime local(RecorderTime at) const;

  std::string mode_ = "0";
  std::map<std::string, Window> finders_;  ///< by their number
  std::size_t most_finders_ = 0;
  int made_ = 8136;
};

}  // namespace lobby::sim
