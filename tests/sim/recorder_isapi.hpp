#pragma once

#include "tests/sim/recorder_model.hpp"

namespace lobby::sim {

/// A Hikvision recorder, channel 1, over ISAPI. Refusals come with status 200; the times of segments bear a
/// Z whatever their zone.
class IsapiRecorder final : public RecorderModel {
 public:
  struct Habits {
    bool wants_put = false;     ///< for orders, where the guide says POST
    bool lists_local = false;   ///< times of segments are local
    bool clips = false;         ///< a segment that is being written is listed up to the end of the search
    bool is_scheduled = false;  ///< records whatever is ordered
  };

  explicit IsapiRecorder(Now now) : RecorderModel(std::move(now)) {}

  bool can_have(Fault fault) const override;
  void describe(boost::json::object& out) const override;
  bool is_manual() const { return is_manual_; }

  Habits habits;

 private:
  HttpReply reply_to(const HttpAsk& ask) override;
  bool is_ordered() const override { return is_manual_ || habits.is_scheduled; }
  void restart() override { is_manual_ = false; }
  HttpReply order(const HttpAsk& ask, bool is_start);
  HttpReply working() const;
  HttpReply search(const HttpAsk& ask) const;
  RecorderTime listed(RecorderTime at) const;

  bool is_manual_ = false;
};

}  // namespace lobby::sim
