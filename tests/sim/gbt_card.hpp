#pragma once

#include <map>
#include <memory>

#include "tests/sim/gbt_list.hpp"

namespace lobby::sim {

/// A sign (情报板) of GB/T 23828. Assumed: an answer goes back to where the request came from, with the
/// type one higher, and says '1' for done and '0' for not; a damaged frame is not answered. Its lists are in
/// its flash; what it shows last stays for ever.
class GbtCard final : public BoardCard {
 public:
  struct Settings {
    std::string address = "00";
    bool has_source = true;  ///< older signs: one address only
  };
  GbtCard(BoardShape shape, Settings settings, std::shared_ptr<const display::DotFont> font);
  void hang_up() override;
  void describe(boost::json::object& into, TimePoint now) const override;

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes& frame, TimePoint now) override;
  void forget() override;
  display::Picture draw(TimePoint now) const override;

 private:
  struct Order {
    int type = 0;
    std::span<const std::uint8_t> data;
  };
  void end_frame(TimePoint now);
  /// What is answered; empty: it cannot be done.
  std::string obey(const Order& order, TimePoint now);
  std::string switch_lamp(std::span<const std::uint8_t> data);
  std::string set_brightness(std::span<const std::uint8_t> data);
  std::string store(std::span<const std::uint8_t> data);
  std::string show(std::span<const std::uint8_t> data, TimePoint now);
  const GbtItem* showing(TimePoint now) const;

  const Settings settings_;
  const std::shared_ptr<const display::DotFont> font_;
  Bytes frame_;
  bool inside_ = false, escaped_ = false, is_bad_ = false;
  std::map<std::string, std::vector<GbtItem>> lists_;  ///< by their numbers
  std::string last_stored_;
  std::vector<GbtItem> shown_;
  TimePoint shown_since_{};
  bool is_untouched_ = true;
  bool is_on_ = true;
  std::array<int, 3> brightness_{31, 31, 31};
};

}  // namespace lobby::sim
