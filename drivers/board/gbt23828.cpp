#include "drivers/board/gbt23828.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <utility>

#include "drivers/board/checksums.hpp"

namespace lobby::board::gbt23828 {
namespace {

constexpr std::uint8_t head = 0x02, tail = 0x03, escape = 0x1B;
constexpr std::uint8_t escaped_head = 0xE7, escaped_tail = 0xE8, escaped_escape = 0x00;
constexpr std::size_t crc_bytes = 2, type_bytes = 2;

void put_escaped(Bytes& out, ByteView bytes) {
  for (const auto byte : bytes) {
    if (byte != head && byte != tail && byte != escape) {
      out.push_back(byte);
      continue;
    }
    out.push_back(escape);
    out.push_back(byte == head ? escaped_head : byte == tail ? escaped_tail : escaped_escape);
  }
}

Bytes frame_of(const Settings& settings, std::string_view type, ByteView data = {}) {
  Bytes body;
  put_text(body, settings.destination);
  put_text(body, settings.source);
  put_text(body, type);
  put(body, data);
  put_be(body, crc16_xmodem(body), 2);
  Bytes out{head};
  out.reserve(body.size() + 8);
  put_escaped(out, body);
  out.push_back(tail);
  return out;
}

/// `digits` decimal digits.
std::string decimal(std::size_t value, std::size_t digits) {
  auto text = std::to_string(value);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

struct Filling {
  std::size_t count = 0, index = 0;
  const TextLine* line = nullptr;
  std::span<const TextLine> lines{};  ///< of the item
};

void fill(Bytes& out, std::string_view pattern, const Filling& filling, const PlayList& form,
          TextLosses& losses);

void put_token(Bytes& out, std::string_view token, const Filling& filling, const PlayList& form,
               TextLosses& losses) {
  if (token == "count") {
    put_text(out, decimal(filling.count, 3));
  } else if (token == "index") {
    put_text(out, decimal(filling.index, 3));
  } else if (token == "y") {
    put_text(out, decimal(filling.index * static_cast<std::size_t>(form.pitch), 3));
  } else if (token == "lines") {
    for (std::size_t i = 0; i < filling.lines.size(); ++i) {
      fill(out, form.line, {filling.count, i, &filling.lines[i]}, form, losses);
    }
  } else if (token == "rgb" && filling.line != nullptr) {
    for (const auto part :
         {filling.line->colour.red, filling.line->colour.green, filling.line->colour.blue}) {
      put_text(out, decimal(part, 3));
    }
  } else if (token == "text" && filling.line != nullptr) {
    put_gbk(out, filling.line->text, form.longest_line, losses);
  }
}

void fill(Bytes& out, std::string_view pattern, const Filling& filling, const PlayList& form,
          TextLosses& losses) {
  while (!pattern.empty()) {
    const auto open = std::min(pattern.find('{'), pattern.size());
    put_text(out, pattern.substr(0, open));
    pattern.remove_prefix(open);
    const auto close = pattern.find('}');
    if (close == std::string_view::npos) {
      put_text(out, pattern);
      return;
    }
    put_token(out, pattern.substr(1, close - 1), filling, form, losses);
    pattern.remove_prefix(close + 1);
  }
}

}  // namespace

Bytes poll(const Settings& settings) {
  return frame_of(settings, "01");
}

Bytes power(const Settings& settings, bool on) {
  const std::uint8_t data = on ? '1' : '0';
  return frame_of(settings, "11", {&data, 1});
}

Bytes brightness(const Settings& settings, std::uint8_t level) {
  Bytes data;
  for (int colour = 0; colour < 3; ++colour) {
    put_text(data, decimal(std::min<std::size_t>(level, 31), 2));
  }
  return frame_of(settings, "23", data);
}

Bytes upload(const Settings& settings, ByteView list) {
  Bytes data;
  put_text(data, settings.upload_head);
  put(data, list);
  return frame_of(settings, "39", data);
}

Bytes show_list(const Settings& settings) {
  return frame_of(settings, "47", Bytes(settings.list_number.begin(), settings.list_number.end()));
}

Bytes read_current(const Settings& settings) {
  return frame_of(settings, "57");
}

Bytes play_list(const PlayList& form, const std::vector<TextLine>& lines, TextLosses& losses) {
  Bytes out;
  if (!form.line.empty()) {
    const Filling filling{lines.empty() ? std::size_t{0} : 1, 0, nullptr, lines};
    fill(out, form.head, filling, form, losses);
    if (!lines.empty()) {
      fill(out, form.item, filling, form, losses);
    }
    return out;
  }
  Filling filling{lines.size(), 0, nullptr};
  fill(out, form.head, filling, form, losses);
  for (const auto& line : lines) {
    filling.line = &line;
    fill(out, form.item, filling, form, losses);
    ++filling.index;
  }
  return out;
}

void FrameSplitter::reset() {
  is_inside_ = false;
  is_escaped_ = false;
  body_.clear();
}

std::optional<Bytes> FrameSplitter::take(std::uint8_t byte) {
  if (byte == head) {
    damaged_ += is_inside_ ? 1 : 0;
    reset();
    is_inside_ = true;
    return std::nullopt;
  }
  if (!is_inside_) {
    return std::nullopt;
  }
  if (byte == tail) {
    auto body = std::exchange(body_, {});
    const bool is_whole = !is_escaped_ && body.size() > crc_bytes && crc16_xmodem(body) == 0;
    reset();
    if (!is_whole) {
      ++damaged_;
      return std::nullopt;
    }
    body.resize(body.size() - crc_bytes);
    return body;
  }
  const bool is_pair = std::exchange(is_escaped_, !is_escaped_ && byte == escape);
  const bool is_none = is_pair && byte != escaped_head && byte != escaped_tail && byte != escaped_escape;
  if (is_none || body_.size() == longest) {
    ++damaged_;
    reset();
  } else if (is_pair) {
    body_.push_back(byte == escaped_head ? head : byte == escaped_tail ? tail : escape);
  } else if (byte != escape) {
    body_.push_back(byte);
  }
  return std::nullopt;
}

std::optional<Answer> parse_answer(const Settings& settings, ByteView body) {
  const auto addresses = settings.destination.size() + settings.source.size();
  if (body.size() <= addresses) {
    return std::nullopt;
  }
  const auto rest = body.subspan(addresses);
  Answer answer{{rest.begin(), rest.end()}, false};
  const bool has_type = rest.size() > type_bytes && std::isdigit(rest[0]) != 0 && std::isdigit(rest[1]) != 0;
  answer.is_success = rest[has_type ? type_bytes : 0] == static_cast<std::uint8_t>(settings.success);
  return answer;
}

}  // namespace lobby::board::gbt23828
