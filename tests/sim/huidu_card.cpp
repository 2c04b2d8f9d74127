#include "tests/sim/huidu_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <pugixml.hpp>

#include "tests/sim/board_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::uint16_t heartbeat = 0x005F, heartbeat_answer = 0x0060;
constexpr std::uint16_t error_command = 0x2000, ask_version = 0x2001, tell_version = 0x2002;
constexpr std::uint16_t ask_xml = 0x2003, answer_xml = 0x2004;
constexpr std::uint32_t own_version = 0x01000007;
constexpr std::size_t packet_head = 4;
constexpr std::size_t most_piece = 9200;
constexpr std::size_t most_xml = 512 * 1024;
constexpr std::size_t most_programs = 64;
constexpr std::string_view no_guid = "##GUID";
constexpr const char* success = "kSuccess";
constexpr const char* bad_parameter = "kInvalidParam";

}  // namespace

HuiduCard::HuiduCard(BoardShape shape, std::shared_ptr<const display::DotFont> font)
    : BoardCard(std::move(shape)), font_(std::move(font)) {}

void HuiduCard::hang_up() {
  stream_.clear();
  xml_.clear();
  xml_total_ = 0;
  has_version_ = false;
  guid_.clear();
}

void HuiduCard::hear(std::span<const std::uint8_t> bytes, TimePoint now) {
  stream_.insert(stream_.end(), bytes.begin(), bytes.end());
  std::size_t done = 0;
  while (stream_.size() - done >= packet_head) {
    const std::size_t size = stream_[done] | stream_[done + 1] << 8;
    if (size < packet_head) {
      // Nothing says where the next packet begins.
      stream_.clear();
      fail(Error::length, "length");
      return;
    }
    if (stream_.size() - done < size) {
      break;
    }
    const auto packet = stream_.begin() + static_cast<std::ptrdiff_t>(done);
    enqueue(Bytes(packet, packet + static_cast<std::ptrdiff_t>(size)), now);
    done += size;
  }
  stream_.erase(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(done));
}

void HuiduCard::fail(Error error, std::string_view reason) {
  refuse(reason);
  Bytes code;
  put_le(code, static_cast<std::uint32_t>(error), 2);
  send(error_command, code);
}

void HuiduCard::send(std::uint16_t command, const Bytes& payload) {
  Bytes out;
  put_le(out, static_cast<std::uint32_t>(packet_head + payload.size()), 2);
  put_le(out, command, 2);
  out.insert(out.end(), payload.begin(), payload.end());
  answer(std::move(out));
}

void HuiduCard::carry_out(const Bytes& packet, TimePoint now) {
  ByteReader reader(packet);
  reader.skip(2);
  const std::uint16_t command = reader.le16();
  if (nack() && command != heartbeat) {
    fail(static_cast<Error>(*nack()), "told_to");
    return;
  }
  switch (command) {
    case heartbeat:
      beat(now);
      break;
    case ask_version:
      agree_on_version(reader, now);
      break;
    case ask_xml:
      take_piece(reader, now);
      break;
    default:
      fail(Error::process, "command");
  }
}

void HuiduCard::beat(TimePoint now) {
  take(now);
  if (!last_beat_ || now - *last_beat_ >= std::chrono::seconds(1)) {
    last_beat_ = now;
    send(heartbeat_answer, {});
  }
}

void HuiduCard::agree_on_version(ByteReader payload, TimePoint now) {
  const std::uint32_t version = payload.le32();
  if (!payload.is_spent()) {
    fail(Error::length, "length");
  } else if (version >> 24 != own_version >> 24) {
    fail(Error::version, "version");
  } else {
    take(now);
    has_version_ = true;
    Bytes out;
    put_le(out, own_version, 4);
    send(tell_version, out);
  }
}

void HuiduCard::take_piece(ByteReader payload, TimePoint now) {
  const std::size_t total = payload.le32();
  const std::size_t index = payload.le32();
  const auto piece = payload.rest();
  if (!payload.is_ok() || piece.empty() || piece.size() > most_piece || total > most_xml) {
    fail(Error::length, "length");
    return;
  }
  if (!has_version_) {
    fail(Error::process, "no_version");
    return;
  }
  if (index == 0) {
    xml_.clear();
    xml_total_ = total;
  }
  if (index != xml_.size() || total != xml_total_ || index + piece.size() > total) {
    xml_.clear();
    fail(Error::length, "piece");
    return;
  }
  xml_.append(piece.begin(), piece.end());
  if (xml_.size() == total) {
    obey(std::exchange(xml_, {}), now);
  } else {
    take(now);
  }
}

void HuiduCard::obey(const std::string& xml, TimePoint now) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) {
    fail(Error::parameter, "xml");
    return;
  }
  const pugi::xml_node sdk = document.child("sdk");
  const pugi::xml_node in = sdk.child("in");
  const std::string_view guid = sdk.attribute("guid").as_string();
  const std::string method = in.attribute("method").as_string();
  if (!sdk || !in || method.empty()) {
    fail(Error::parameter, "xml");
    return;
  }
  const bool begins = method == "GetIFVersion";
  const bool is_known = !guid_.empty() && guid == guid_;
  if (!is_known && !(begins && guid == no_guid)) {
    fail(Error::parameter, "guid");
    return;
  }
  if (begins && guid_.empty()) {
    guid_ = fmt::format("5b0a7d1e-0000-4000-8000-{:012x}", ++sessions_);
  }
  std::string inside;
  const std::string result = lies() && !begins ? success : run(method, in, inside, now);
  if (result == success) {
    take(now);
  } else {
    refuse(result);
  }
  send_xml(
      fmt::format("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sdk guid=\"{}\">\n  <out method=\"{}\" "
                  "result=\"{}\">{}</out>\n</sdk>\n",
                  guid_, method, result, inside));
}

std::string HuiduCard::run(std::string_view method, const pugi::xml_node& in, std::string& inside,
                           TimePoint now) {
  const pugi::xml_node screen = in.child("screen");
  if (method == "GetIFVersion") {
    inside = fmt::format("<version value=\"{:x}\"/>", own_version);
    return success;
  }
  if (method == "GetDeviceInfo") {
    inside =
        fmt::format("<device cpu=\"\" model=\"\" id=\"\" name=\"\"/><screen width=\"{}\" height=\"{}\"/>",
                    shape().width, shape().height);
    return success;
  }
  if (method == "AddProgram" || method == "UpdateProgram") {
    return add_programs(screen, method == "AddProgram", now);
  }
  if (method == "DeleteProgram") {
    return delete_programs(screen);
  }
  if (method == "OpenScreen" || method == "CloseScreen") {
    is_open_ = method == "OpenScreen";
    return success;
  }
  if (method == "SetLuminancePloy") {
    const int level = in.child("default").attribute("value").as_int(-1);
    if (level < 1 || level > 100) {
      return bad_parameter;
    }
    brightness_ = level;
    return success;
  }
  return "kUnsupportMethod";
}

/// All of a screen's programmes are taken, or none.
std::string HuiduCard::add_programs(const pugi::xml_node& screen, bool replaces, TimePoint now) {
  std::vector<HuiduProgram> programs = replaces ? std::vector<HuiduProgram>() : programs_;
  std::size_t read = 0;
  for (const pugi::xml_node& node : screen.children("program")) {
    auto program = read_huidu_program(node, shape(), *font_);
    if (!program || programs.size() == most_programs) {
      return bad_parameter;
    }
    ++read;
    const auto same = std::find_if(programs.begin(), programs.end(), [&](const HuiduProgram& one) {
      return !one.guid.empty() && one.guid == program->guid;
    });
    if (same != programs.end()) {
      *same = std::move(*program);
    } else {
      programs.push_back(std::move(*program));
    }
  }
  if (read == 0) {
    return bad_parameter;
  }
  programs_ = std::move(programs);
  shown_since_ = now;
  is_untouched_ = false;
  flip();
  return success;
}

std::string HuiduCard::delete_programs(const pugi::xml_node& screen) {
  const auto named = screen.children("program");
  if (named.begin() == named.end()) {
    programs_.clear();
  }
  for (const pugi::xml_node& node : named) {
    const std::string_view guid = node.attribute("guid").as_string();
    std::erase_if(programs_, [&](const HuiduProgram& one) { return one.guid == guid; });
  }
  is_untouched_ = false;
  flip();
  return success;
}

void HuiduCard::send_xml(const std::string& xml) {
  for (std::size_t index = 0; index < xml.size(); index += most_piece) {
    const std::string_view piece = std::string_view(xml).substr(index, most_piece);
    Bytes payload;
    put_le(payload, static_cast<std::uint32_t>(xml.size()), 4);
    put_le(payload, static_cast<std::uint32_t>(index), 4);
    payload.insert(payload.end(), piece.begin(), piece.end());
    send(answer_xml, payload);
  }
}

void HuiduCard::forget() {
  programs_.clear();
  is_untouched_ = true;
}

display::Picture HuiduCard::draw(TimePoint now) const {
  display::Picture glass(shape().width, shape().height);
  if (!is_open_) {
    return glass;
  }
  if (is_untouched_) {
    return logo_page(shape(), shape().width, shape().height, *font_);
  }
  milliseconds whole{0};
  for (const HuiduProgram& program : programs_) {
    whole += program.length();
  }
  milliseconds left = std::chrono::floor<milliseconds>(now - shown_since_) % std::max(whole, milliseconds(1));
  for (const HuiduProgram& program : programs_) {
    if (left < program.length()) {
      program.draw(glass, left);
      break;
    }
    left -= program.length();
  }
  return glass;
}

void HuiduCard::describe(boost::json::object& into, TimePoint) const {
  into["programs"] = programs_.size();
  into["open"] = is_open_;
  into["brightness"] = brightness_;
  into["session"] = !guid_.empty();
}

}  // namespace lobby::sim
