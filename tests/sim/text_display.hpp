#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "display/canvas/bitmap.hpp"
#include "display/canvas/dot_font.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/site.hpp"
#include "tests/sim/station.hpp"

namespace lobby::sim {

/// A display of text on a Modbus line, as EmbeddedArt controllers are: sixteen narrow characters of GBK from
/// register 1000 on, two bytes to each, brightness in 36; FC 06 and 16. Or several one below the other, whose
/// addresses count up.
class TextDisplay final : public Device, public Station {
 public:
  TextDisplay(TalkerEnd end, std::shared_ptr<const display::DotFont> font);

  std::optional<Spoken> hear(const HeardFrame& frame, TimePoint now) override;
  void overhear(std::span<const std::uint8_t>, bool) override {}

  const std::string& id() const override { return end_.id; }
  std::string_view kind() const override { return end_.kind; }
  boost::json::object describe() override;
  std::optional<File> file(std::string_view name, std::size_t) override;
  std::optional<File> screen(int pitch) override;
  bool can_have(Fault fault) const override;
  void inject(Fault fault, milliseconds slow_by) override;
  void clear(std::optional<Fault> fault) override;
  std::string press(std::string_view) override { return "A display has no keys."; }

 private:
  Bytes answer(const RtuRequest& request, Bytes& row);
  display::Bitmap dots();

  const TalkerEnd end_;
  const std::shared_ptr<const display::DotFont> font_;
  std::mutex mutex_;  ///< all below
  std::vector<Bytes> rows_;
  std::uint16_t brightness_ = 0;
  std::uint64_t writes_ = 0;
  FaultSet faults_;
};

}  // namespace lobby::sim
