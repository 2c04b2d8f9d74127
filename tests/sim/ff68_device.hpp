#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "tests/sim/device.hpp"
#include "tests/sim/dialect_line.hpp"

namespace lobby::sim {

/// A caller keypad or an evaluator pad of the FF 68 frame without its line, written apart from the driver: it
/// says a press three times, 100 ms apart, until the host echoes it.
class Ff68Model {
 public:
  explicit Ff68Model(std::uint8_t address) : address_(address) {}
  void hear(std::span<const std::uint8_t> bytes);
  Bytes speak(TimePoint now);
  std::optional<TimePoint> next() const;
  void press(std::uint8_t function, const Bytes& data);
  void reset();

  struct Counts {
    std::uint64_t presses = 0, acknowledged = 0, given_up = 0, damaged = 0, beeps = 0, asked = 0;
  };
  const Counts& counts() const { return counts_; }
  /// The six digits; a space where there is none.
  std::string display() const { return display_; }
  bool is_asking() const { return is_asking_; }

 private:
  void take(std::span<const std::uint8_t> frame);

  std::uint8_t address_;
  Bytes heard_;
  std::deque<Bytes> waiting_;  ///< the first is being said
  int tries_ = 0;
  TimePoint again_at_{};
  std::string display_ = "      ";
  bool is_asking_ = false;
  Counts counts_;
};

class Ff68Device final : public Device, public Talker {
 public:
  Ff68Device(std::string id, std::string kind, std::string window, std::uint8_t address);

  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  Bytes speak(TimePoint now) override;
  std::optional<TimePoint> next() override;

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return kind_; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// A keypad's: call recall evaluate no_show hold call_back pause transfer cancel and digits; a pad's: the
  /// scores.
  std::string press(std::string_view key) override;

 private:
  bool is_deaf() const { return faults_.has(Fault::gone) || faults_.has(Fault::freeze); }

  const std::string id_, kind_, window_;
  std::mutex mutex_;  ///< all below
  Ff68Model model_;
  FaultSet faults_;
};

}  // namespace lobby::sim
