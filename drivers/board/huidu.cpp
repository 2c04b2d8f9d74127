#include "drivers/board/huidu.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace lobby::board::huidu {
namespace {

constexpr std::size_t head_bytes = 4, part_head = 12, most_xml = 9200;

Bytes packet_of(std::uint16_t command, ByteView data = {}) {
  Bytes out;
  put_le(out, head_bytes + data.size(), 2);
  put_le(out, command, 2);
  put(out, data);
  return out;
}

std::uint16_t number_of(Command command) {
  return static_cast<std::uint16_t>(command);
}

/// The value of `name="…"` in this element; empty when it has none.
std::string_view attribute(std::string_view element, std::string_view name) {
  for (std::size_t at = element.find(name); at != std::string_view::npos; at = element.find(name, at + 1)) {
    const auto before = at == 0 ? ' ' : element[at - 1];
    auto rest = element.substr(at + name.size());
    if ((before == ' ' || before == '\n' || before == '\t' || before == '\r') && rest.starts_with("=\"")) {
      rest.remove_prefix(2);
      return rest.substr(0, std::min(rest.find('"'), rest.size()));
    }
  }
  return {};
}

/// From the name of the first such element to the end of its tag; empty when there is none.
std::string_view element(std::string_view xml, std::string_view name) {
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const auto rest = xml.substr(at + 1);
    if (!rest.starts_with(name) || rest.size() == name.size()) {
      continue;
    }
    const char behind = rest[name.size()];
    if (behind == ' ' || behind == '>' || behind == '/' || behind == '\n' || behind == '\r' ||
        behind == '\t') {
      return rest.substr(0, std::min(rest.find('>'), rest.size()));
    }
  }
  return {};
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_one = error == std::errc() && end == text.data() + text.size() && value > 0;
  return is_one ? std::optional(value) : std::nullopt;
}

}  // namespace

Bytes version_ask(const Settings& settings) {
  Bytes data;
  put_le(data, settings.version, 4);
  return packet_of(number_of(Command::version_ask), data);
}

Bytes heartbeat_reply(const Settings& settings) {
  return packet_of(settings.heartbeat_reply);
}

Bytes xml_ask(const Settings& settings, std::string_view xml) {
  Bytes out;
  std::size_t parts = 0;
  for (std::size_t from = 0; from < xml.size(); from += most_xml, ++parts) {
    Bytes data;
    put_le(data, xml.size(), 4);
    put_le(data, settings.index_counts_bytes ? from : parts, 4);
    put_text(data, xml.substr(from, most_xml));
    put(out, packet_of(number_of(Command::xml_ask), data));
  }
  return out;
}

std::optional<Packet> PacketSplitter::take(std::uint8_t byte) {
  if (is_lost_) {
    return std::nullopt;
  }
  bytes_.push_back(byte);
  if (bytes_.size() < 2) {
    return std::nullopt;
  }
  const auto length = static_cast<std::size_t>(bytes_[0] | bytes_[1] << 8);
  if (length < head_bytes || length > longest) {
    is_lost_ = true;
    bytes_.clear();
    return std::nullopt;
  }
  if (bytes_.size() < length) {
    return std::nullopt;
  }
  Packet packet{static_cast<std::uint16_t>(bytes_[2] | bytes_[3] << 8),
                {bytes_.begin() + head_bytes, bytes_.end()}};
  bytes_.clear();
  return packet;
}

std::optional<std::string> XmlParts::take(const Settings& settings, const Packet& packet) {
  Reader reader(packet.data);
  const auto total = reader.le(4);
  const auto index = reader.le(4);
  const bool is_first = index == 0;
  const bool fits = !settings.index_counts_bytes || index == text_.size();
  if (is_first) {
    text_.clear();
  }
  if (!reader.whole() || total > longest || (!is_first && (!fits || text_.empty())) ||
      text_.size() + reader.rest().size() > total) {
    text_.clear();
    return std::nullopt;
  }
  text_.append(reader.rest().begin(), reader.rest().end());
  return text_.size() == total && total > 0 ? std::optional(std::exchange(text_, {})) : std::nullopt;
}

std::optional<XmlAnswer> parse_xml_answer(std::string_view xml) {
  const auto out = element(xml, "out");
  if (out.empty()) {
    return std::nullopt;
  }
  XmlAnswer answer;
  answer.guid = attribute(element(xml, "sdk"), "guid");
  answer.method = attribute(out, "method");
  answer.result = attribute(out, "result");
  const auto screen = element(xml, "screen");
  answer.width = number(attribute(screen, "width"));
  answer.height = number(attribute(screen, "height"));
  return answer;
}

std::string error_text(const Packet& packet) {
  return "error " + std::to_string(Reader(packet.data).le16());
}

}  // namespace lobby::board::huidu
