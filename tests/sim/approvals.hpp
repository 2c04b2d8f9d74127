#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "tests/sim/case_book.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {

/// The provincial approval system at the feed's address, speaking the Epoint shape with its bad habits.
class Approvals final : public Device {
 public:
  Approvals(FeedEnd end, const WallClock& clock, std::uint64_t seed);
  ~Approvals() override;

  std::string start();
  /// A sentence when refused, empty when the case is in the book.
  std::string put_case(const boost::json::object& body);

  /// The answer to one request body, without HTTP: status 200 always, business errors inside.
  std::string answer(const std::string& body);

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return "feed"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view, std::size_t) override { return std::nullopt; }
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "The approval system has no keys."; }

 private:
  struct Server;
  boost::json::object page(const boost::json::object& params);
  std::string first_day(std::string_view type) const;
  std::string token() const;
  void fit_server();
  bool wait_for(milliseconds time);

  const FeedEnd end_;
  const WallClock& clock_;
  const WallClock::Wall started_;
  std::mutex server_mutex_;  ///< server_; never taken while mutex_ is held
  std::unique_ptr<Server> server_;
  std::mutex mutex_;  ///< all below
  std::condition_variable changed_;
  bool ending_ = false;
  CaseBook book_;
  FaultSet faults_;
  std::uint64_t requests_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t answers_ = 0;
  std::string last_params_;
};

}  // namespace lobby::sim
