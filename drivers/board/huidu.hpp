#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/board/bytes.hpp"
#include "drivers/board/content.hpp"
#include "drivers/board/local_time.hpp"

/// Huidu cards: packets over TCP, and in them XML. All numbers low byte first: `length(2, of the whole
/// packet) command(2) …`. Pure. Source: public code. Not verified: the direction of the two heartbeat codes,
/// what the index of a part counts, and the words of the XML beyond GetIFVersion.
namespace lobby::board::huidu {

inline constexpr std::uint16_t tcp_port = 10001;

enum class Command : std::uint16_t {
  heartbeat = 0x005F,
  heartbeat_answer = 0x0060,
  error = 0x2000,
  version_ask = 0x2001,
  version_answer = 0x2002,
  xml_ask = 0x2003,
  xml_answer = 0x2004
};

struct Settings {
  std::uint32_t version = 0x01000007;  ///< of the transport, negotiated first
  std::string interface_version = "1000000";
  bool index_counts_bytes = true;  ///< else the parts
  /// What every heartbeat of the card is answered with.
  std::uint16_t heartbeat_reply = static_cast<std::uint16_t>(Command::heartbeat);
};

Bytes version_ask(const Settings& settings);
Bytes heartbeat_reply(const Settings& settings);
/// One message, in parts of at most 9200 bytes of XML, one behind the other.
Bytes xml_ask(const Settings& settings, std::string_view xml);

// --- the XML of the orders; `guid` is what the first answer gave ---
std::string xml_interface_version(const Settings& settings);
std::string xml_device_info(std::string_view guid);
std::string xml_power(std::string_view guid, bool on);
/// Percent.
std::string xml_brightness(std::string_view guid, int percent);
std::string xml_clock(std::string_view guid, const LocalTime& time);

/// A programme of one area a line, one below the other, which replaces what the card shows.
struct TextScreen {
  int width = 0, height = 0;  ///< pixels
  std::string font = "SimSun";
  int font_height = 16;
  int effect = 0;     ///< how a line comes and goes; 0 at once
  int stay_ds = 100;  ///< tenths of a second
};
std::string xml_text(std::string_view guid, const TextScreen& screen, const std::vector<TextLine>& lines);

struct Packet {
  std::uint16_t command = 0;
  Bytes data;  ///< behind the command
};

/// Packets out of a stream of bytes. Bounded by the longest part of an XML message; a length that cannot be
/// one makes the rest of the stream worthless, until reset().
class PacketSplitter {
 public:
  static constexpr std::size_t longest = 9200 + 12;
  std::optional<Packet> take(std::uint8_t byte);
  void reset() {
    bytes_.clear();
    is_lost_ = false;
  }
  bool is_lost() const { return is_lost_; }

 private:
  Bytes bytes_;
  bool is_lost_ = false;
};

/// Puts the parts of an answer's XML together. Bounded.
class XmlParts {
 public:
  static constexpr std::size_t longest = std::size_t{64} * 1024;
  /// The whole text, when this part ends it.
  std::optional<std::string> take(const Settings& settings, const Packet& packet);
  void reset() { text_.clear(); }

 private:
  std::string text_;
};

/// What an answer's XML says, as far as anybody asks.
struct XmlAnswer {
  std::string guid, method, result;
  std::optional<int> width, height;  ///< of the screen
  bool is_success() const { return result == "kSuccess"; }
};
/// nullopt: there is no answer in it.
std::optional<XmlAnswer> parse_xml_answer(std::string_view xml);

/// What an error packet says, for people.
std::string error_text(const Packet& packet);

}  // namespace lobby::board::huidu
