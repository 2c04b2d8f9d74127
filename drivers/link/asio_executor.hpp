#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "drivers/link/executor.hpp"

namespace lobby::link {

/// The real loop: an Executor on an io_context that somebody else runs, on one thread. The io_context
/// outlives it; timers that are still waiting when it ends never run.
class AsioExecutor final : public Executor {
 public:
  explicit AsioExecutor(boost::asio::io_context& io);
  ~AsioExecutor() override;
  MonoTime now() const override;
  void post(std::function<void()> work) override;
  TimerId after(Duration delay, std::function<void()> work) override;
  void cancel(TimerId timer) override;

 private:
  struct Timers;
  boost::asio::io_context& io_;
  std::shared_ptr<Timers> timers_;
};

}  // namespace lobby::link
