#pragma once

#include <memory>

#include "tests/sim/huidu_program.hpp"

namespace lobby::sim {

/// A Huidu card: XML over TCP. The numbers of its errors and what its XML answers look like are assumed; so
/// is that it answers a heartbeat (005F) with 0060, once a second at most. What it got last stays for ever.
class HuiduCard final : public BoardCard {
 public:
  HuiduCard(BoardShape shape, std::shared_ptr<const display::DotFont> font);
  /// A session ends with its connection: version and guid are to be asked for anew.
  void hang_up() override;
  void describe(boost::json::object& into, TimePoint now) const override;

 protected:
  void hear(std::span<const std::uint8_t> bytes, TimePoint now) override;
  void carry_out(const Bytes& packet, TimePoint now) override;
  void forget() override;
  display::Picture draw(TimePoint now) const override;

 private:
  enum class Error : std::uint8_t { process = 2, version = 3, length = 7, parameter = 8 };
  void fail(Error error, std::string_view reason);
  void send(std::uint16_t command, const Bytes& payload);
  void agree_on_version(ByteReader payload, TimePoint now);
  void take_piece(ByteReader payload, TimePoint now);
  void beat(TimePoint now);
  void obey(const std::string& xml, TimePoint now);
  /// The word of the result; `inside` gets what else the answer has.
  std::string run(std::string_view method, const pugi::xml_node& in, std::string& inside, TimePoint now);
  std::string add_programs(const pugi::xml_node& screen, bool replaces, TimePoint now);
  std::string delete_programs(const pugi::xml_node& screen);
  void send_xml(const std::string& xml);

  const std::shared_ptr<const display::DotFont> font_;
  Bytes stream_;
  bool has_version_ = false;
  std::string guid_;  ///< of the session; empty: not asked for yet
  std::uint32_t sessions_ = 0;
  std::string xml_;  ///< pieces so far
  std::size_t xml_total_ = 0;
  std::optional<TimePoint> last_beat_;
  std::vector<HuiduProgram> programs_;
  TimePoint shown_since_{};
  bool is_untouched_ = true, is_open_ = true;
  int brightness_ = 100;
};

}  // namespace lobby::sim
