#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "drivers/link/byte_link.hpp"
#include "drivers/link/executor.hpp"
#include "drivers/printer/job.hpp"
#include "drivers/printer/profile.hpp"

namespace lobby::printer {

/// What became of a job. The words of PrintState, seen from the wire.
enum class PrintResult : std::uint8_t {
  printed,  ///< the printer itself said that the cut was processed, and reported no fault
  sent,     ///< every byte left, and this printer cannot confirm
  failed,   ///< not one byte left, or the printer said why it did not print: no paper came out
  unknown   ///< bytes left and no answer decides; a person must look
};

/// One ticket printer on a byte link: one job at a time. Knows no ticket.
class TicketPrinter {
 public:
  struct Listener {
    virtual ~Listener() = default;
    /// ok; `refused` = on line but cannot print (paper, cover, cutter, named in `reason`); `gone`, `timeout`
    /// …
    virtual void printer_changed(link::Status status, std::string_view reason) = 0;
  };
  TicketPrinter(link::Executor& executor, std::unique_ptr<link::ByteLink> link, Profile profile,
                Listener& listener);
  ~TicketPrinter();
  TicketPrinter(const TicketPrinter&) = delete;
  TicketPrinter& operator=(const TicketPrinter&) = delete;

  void start();
  /// Tells when what is known of the printer is at most `fresh_for` old. It is asked, when it is older; one
  /// that has not answered within `answer_within` counts as away from then on, until it answers. At once with
  /// a job in flight, and of a printer that cannot be asked.
  void refresh(std::function<void()> done);
  static constexpr link::Duration fresh_for = std::chrono::seconds(1);
  static constexpr link::Duration answer_within = std::chrono::milliseconds(300);
  bool is_ready() const;  ///< on line, no fault known, no job in flight
  /// `done` runs exactly once, within 15 s. With a job in flight: `failed`, "busy".
  void print(const Job& job, std::function<void(PrintResult, std::string reason)> done);
  std::string describe() const;

 private:
  class Machine;
  std::shared_ptr<Machine> machine_;
};

}  // namespace lobby::printer
