#pragma once

#include <map>
#include <set>

#include "tests/sim/recorder_model.hpp"

namespace lobby::sim {

/// An ONVIF device of Profile G with one recording (`R1`) of one profile (`P1`), two relay outputs and pull
/// points. A job is configuration: it outlives a restart, subscriptions do not.
class OnvifRecorder final : public RecorderModel {
 public:
  struct Settings {
    /// Legacy: WS-UsernameToken instead of Digest; the gate then stands open, and tokens are judged here.
    bool wants_token = false;
    std::string user = "admin", password = "secret";
    int attempts = 5;  ///< wrong tokens in a row until it locks
  };
  struct Relay {
    bool is_active = false;  ///< as ordered
    bool is_moved = false;   ///< where the contact is
    bool is_bistable = true;
  };

  explicit OnvifRecorder(Now now) : RecorderModel(std::move(now)) {}
  OnvifRecorder(Now now, Settings its) : RecorderModel(std::move(now)), settings(std::move(its)) {}

  bool can_have(Fault fault) const override;
  void describe(boost::json::object& out) const override;
  bool is_open_to_all(const HttpAsk& ask) const override;

  Settings settings;
  bool has_search = true;                  ///< its search service is one in name only, else
  std::optional<std::string> event_state;  ///< of the job in events, where that is not what it says else

  struct Job {
    std::string token, mode = "Idle";
    int priority = 5;
  };
  const std::optional<Job>& job() const { return job_; }
  /// One that stands ready; nullopt: somebody removes it.
  void set_job(std::optional<Job> job);
  int jobs_made() const { return jobs_made_; }
  int subscribed() const { return subscribed_; }
  int renewals() const { return renewals_; }
  std::size_t subscriptions() const { return subscriptions_.size(); }
  void drop_subscriptions() { subscriptions_.clear(); }
  std::uint64_t wrong_tokens() const { return wrong_tokens_; }
  const std::map<std::string, Relay>& relays() const { return relays_; }
  /// The device's own hand at it, as a person at its panel.
  void set_relay(const std::string& token, bool is_active);

 private:
  struct Subscription {
    RecorderTime until;
    std::string job_state;                    ///< as told; empty: nothing yet
    std::map<std::string, std::string> told;  ///< of relays
  };
  HttpReply reply_to(const HttpAsk& ask) override;
  bool is_ordered() const override;
  void restart() override;
  HttpReply device(const std::string& name, const HttpAsk& ask);
  HttpReply set_mode(const std::string& mode);
  HttpReply recording(const std::string& name, const HttpAsk& ask);
  HttpReply events(const std::string& name, const HttpAsk& ask);
  HttpReply pull(const HttpAsk& ask, Subscription& from) const;
  HttpReply search(const std::string& name, const HttpAsk& ask) const;
  HttpReply relay(const std::string& name, const HttpAsk& ask);
  bool is_token_right(const HttpAsk& ask);
  std::string job_state() const;
  HttpReply job_state_answer() const;

  std::optional<Job> job_;
  int jobs_made_ = 0, subscribed_ = 0, renewals_ = 0;
  std::map<std::string, Subscription> subscriptions_;  ///< by path
  std::set<std::string> used_nonces_;
  std::uint64_t wrong_tokens_ = 0;
  int wrong_in_row_ = 0;
  RecorderTime locked_until_{};
  std::map<std::string, Relay> relays_{{"RelayOutputToken_0", {}}, {"RelayOutputToken_1", {}}};
};

}  // namespace lobby::sim
