#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "display/canvas/dot_font.hpp"
#include "tests/sim/board_card.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/later.hpp"
#include "tests/sim/plug.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/wakeup.hpp"

namespace lobby::sim {

/// The card that a board of the site has, and where it is plugged in.
std::unique_ptr<BoardCard> card_of(const BoardEnd& end, milliseconds processing,
                                   std::shared_ptr<const display::DotFont> font);
std::unique_ptr<Plug> plug_of(const BoardEnd& end);

/// An LED board: a card at its plug, on a thread of its own.
class LedBoard final : public Device {
 public:
  LedBoard(BoardEnd end, std::unique_ptr<BoardCard> card, std::unique_ptr<Plug> plug);
  ~LedBoard() override;

  /// A sentence when the plug does not go in; then the thread does not run. One of raw Ethernet runs on, and
  /// tries again: it needs a capability that not everybody has.
  std::string start();

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return "board"; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t sheet) override;
  std::optional<File> screen(int pitch) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  /// `code` of nack (3 when there is none), `bytes` of cut (0: at once).
  std::string set_details(Fault fault, const boost::json::object& body) override;
  std::string press(std::string_view) override { return "A board has no keys."; }

 private:
  void run();
  void fit_plug();
  void serve();
  void read_host();
  void send(std::vector<Bytes> answers, TimePoint now);
  void apply_to_card();
  void hang_up();

  const BoardEnd end_;
  std::mutex mutex_;  ///< all but the plug, which is the thread's
  const std::unique_ptr<BoardCard> card_;
  FaultSet faults_;
  int nack_code_ = 3;
  std::size_t cut_after_ = 0;
  std::optional<std::size_t> cut_in_;  ///< bytes until the connection breaks
  std::uint64_t power_cycles_ = 0, connections_ = 0;
  bool hang_up_ = false;
  bool loses_content_ = false;  ///< it was unplugged
  Later<Bytes> on_wire_;
  Bytes raw_;  ///< the last bytes received
  std::string plug_fault_;
  const std::unique_ptr<Plug> plug_;
  Wakeup wakeup_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace lobby::sim
