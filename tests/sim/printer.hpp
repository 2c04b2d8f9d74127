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
#include "tests/sim/site.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// A printer model at its plug, on a thread of its own.
class Printer final : public Device {
 public:
  /// What the site's printer is: of the profile's file, in the folder profiles/printers of `config_dir`; of
  /// its name when there is no such file. A ticket in an outlet is taken after a moment.
  static PrinterModel::Shape shape_of(const PrinterEnd& end, const std::string& config_dir);

  Printer(std::string id, PrinterModel::Shape shape, std::unique_ptr<Plug> plug);
  ~Printer() override;

  /// A sentence when the plug does not go in; then the thread does not run.
  std::string start();

  const std::string& id() const override { return id_; }
  std::string_view kind() const override { return "printer"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  bool can_have(Fault fault) const override {
    return fault != Fault::corrupt && fault != Fault::noise && fault < Fault::empty;
  }
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// `rows` of paper_out: the roll ends so many dot rows further on. `how` of lie: done, later, earlier,
  /// status.
  std::string set_details(Fault fault, const boost::json::object& body) override;
  /// What people do at it: `reload` puts a roll in, `take` takes the ticket from the outlet.
  std::string press(std::string_view key) override;

 private:
  void run();
  void fit_plug();
  void serve();
  void read_host(std::size_t most);
  /// Bytes that the line has had the time for; without a line, any number.
  std::size_t carried(TimePoint now);

  const std::string id_;
  std::mutex mutex_;  ///< model_, raw_, power_cycled_, rows_left_
  PrinterModel model_;
  std::deque<std::uint8_t> raw_;  ///< the last bytes received
  bool power_cycled_ = false;
  std::optional<int> rows_left_;  ///< of the next paper_out
  std::mutex font_mutex_;
  std::unique_ptr<display::OutlineFont> font_;
  std::unique_ptr<Plug> plug_;
  std::string last_fault_;  ///< told once
  double credit_ = 0;       ///< bytes that the line has carried and that were not read yet
  TimePoint credited_{};
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
