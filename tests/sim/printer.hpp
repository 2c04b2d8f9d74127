#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "tests/sim/device.hpp"
#include "tests/sim/plug.hpp"
#include "tests/sim/printer_model.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// A printer model at its plug, on a thread of its own.
class Printer final : public Device {
 public:
  /// The shape of a profile by its name: generic-58 prints 384 dots, others 576.
  static PrinterModel::Shape shape_of(const std::string& profile);

  Printer(std::string id, PrinterModel::Shape shape, std::unique_ptr<Plug> plug);
  ~Printer() override;

  /// A sentence when the plug does not go in; then the thread does not run.
  std::string start();

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "printer"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override { return fault != Fault::corrupt && fault != Fault::noise; }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A printer has no keys."; }

 private:
  void run();
  void fit_plug();
  void serve();
  void read_host();

  const std::string id_;
  std::mutex mutex_;  ///< model_, raw_, power_cycled_
  PrinterModel model_;
  std::deque<std::uint8_t> raw_;  ///< the last bytes received
  bool power_cycled_ = false;
  std::mutex font_mutex_;
  std::unique_ptr<display::OutlineFont> font_;
  std::unique_ptr<Plug> plug_;
  std::string last_fault_;  ///< told once
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
