#pragma once

#include "tests/sim/recorder_model.hpp"

namespace lobby::sim {

/// The program motion 4.5.1 with one camera: web control in plain text at door 0, status at door 1. It says
/// what motion was seen to say in each state: yes to everything.
class MotionRecorder final : public RecorderModel {
 public:
  /// Of the camera, as motion sees it.
  enum class Source : std::uint8_t { good, never_connected, refused };

  explicit MotionRecorder(Now now) : RecorderModel(std::move(now)) {}

  bool can_have(Fault fault) const override;
  void describe(boost::json::object& out) const override;
  bool is_open_to_all(const HttpAsk& ask) const override { return ask.door == 1; }
  /// Status 200 with the words for an unknown camera, and no challenge.
  HttpReply locked(const DigestGate& gate) const override;

  void set_source(Source source);
  bool is_in_event() const { return is_in_event_; }
  /// The event ends by itself, and its time stays as it was.
  void end_event();
  /// When its last event began, in seconds of its clock.
  void set_event_time(std::int64_t seconds) { event_time_ = seconds; }

  /// What a look at its folder shows.
  struct Movie {
    std::string name;
    std::uint64_t size = 0;
    std::uint64_t free = 0;
  };
  Movie movie();

 private:
  HttpReply reply_to(const HttpAsk& ask) override;
  bool is_ordered() const override { return is_in_event_ && source_ == Source::good; }
  void restart() override {
    end_event();
    event_time_ = 0;
  }
  HttpReply order(const std::string& target);
  HttpReply status() const;
  std::int64_t seconds(RecorderTime at) const;

  Source source_ = Source::good;
  bool is_in_event_ = false;
  std::int64_t event_time_ = 0;
  RecorderTime began_{}, written_{};
  RecorderTime last_frame_{};  ///< before the picture stood still
  Movie movie_;
};

}  // namespace lobby::sim
