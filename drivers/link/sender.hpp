#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "drivers/link/executor.hpp"
#include "drivers/link/modem_lines.hpp"
#include "drivers/link/paced_writer.hpp"
#include "drivers/link/serial_port.hpp"

namespace lobby::link {

/// The sending half of a link: gives a PacedWriter's bytes to the kernel as time passes, and obeys the far
/// end's flow control itself, so that real-time bytes still pass (the kernel's own would stop them too). The
/// flow bytes stay in the stream: who decodes it reads over them. On the loop.
class Sender {
 public:
  using Bytes = PacedWriter::Bytes;
  using Done = PacedWriter::Done;

  /// The kernel's end of an open wire.
  class Kernel {
   public:
    struct Taken {
      std::size_t count = 0;
      std::string fault;  ///< the wire is lost; empty: it is not, also when nothing was taken
    };
    virtual ~Kernel() = default;
    /// What it takes at once. Never blocks.
    virtual Taken write(std::span<const std::uint8_t> bytes) = 0;
    /// Once, later, when it takes more; not after a loss.
    virtual void when_writable(std::function<void()> then) = 0;
    /// Bytes that it holds and has not put on the wire, as far as it knows.
    virtual std::size_t holds() = 0;
    /// Bytes arrived that nobody has read yet.
    virtual bool has_input() = 0;
    /// The wire is lost. Called from a function of its own on the loop; answers by Sender::drop().
    virtual void lost(std::string fault) = 0;
    /// Calls `done` later on the loop.
    virtual void answer(Done done, Status status) = 0;
  };

  struct Manner {
    Pace pace;
    Flow flow = Flow::none;
    std::size_t chunk = SIZE_MAX;         ///< most bytes of one write
    bool is_taken_when_writable = false;  ///< a chunk counts only when the kernel would take the next one
  };

  /// The executor and the kernel outlive it.
  Sender(Executor& executor, Kernel& kernel, Manner manner);

  /// A new wire. `lines`: needed where the flow is told by lines.
  void opened(std::unique_ptr<ModemLines> lines);
  /// As ByteLink::send and send_now, on an open wire.
  void send(Bytes bytes, Done done, bool is_urgent);
  /// What was read, before anybody else sees it.
  void heard(std::span<const std::uint8_t> bytes);
  /// The wire is closed: the `done`s of what waits, in order.
  std::vector<Done> drop();
  bool is_held() const { return is_open_ && writer_.is_held(); }

 private:
  void pump();
  bool hand_over(std::span<const std::uint8_t> bytes);
  void took(std::size_t count);
  void watch_lines();
  void lose(std::string fault);

  Executor& executor_;
  Kernel& kernel_;
  Manner manner_;
  PacedWriter writer_;
  std::unique_ptr<ModemLines> lines_;
  bool is_open_ = false;
  bool is_waiting_ = false;  ///< for the kernel to take more
  bool is_watching_ = false;
  std::shared_ptr<int> life_;  ///< of the wire, for what comes back later
  Timer again_;
  Timer rest_;  ///< the lines are read a little longer than there is something to send
};

}  // namespace lobby::link
