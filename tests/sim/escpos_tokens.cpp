#include "tests/sim/escpos_tokens.hpp"

#include <algorithm>
#include <string_view>

#include "tests/sim/gb_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::uint8_t dle = 0x10;
constexpr std::uint8_t esc = 0x1B;
constexpr std::uint8_t fs = 0x1C;
constexpr std::uint8_t gs = 0x1D;

using Bytes = std::vector<std::uint8_t>;

bool contains(std::string_view set, std::uint8_t byte) {
  return set.find(static_cast<char>(byte)) != std::string_view::npos;
}

std::size_t little_endian(const Bytes& p, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = count; i-- > 0;) {
    value = value << 8 | p[at + i];
  }
  return value;
}

/// Whole length of a command from its first bytes; 0 = more of them are needed.
std::size_t dle_length(const Bytes& p) {
  switch (p[1]) {
    case 0x04:
      return p.size() < 3 ? 0 : (p[2] == 7 || p[2] == 8 || p[2] == 0x12) ? 4 : 3;
    case 0x05:
      return 3;
    case 0x14:
      return p.size() < 3 ? 0 : p[2] == 8 ? 10 : (p[2] == 1 || p[2] == 2) ? 5 : 3;
    default:
      return 2;
  }
}

std::size_t esc_length(const Bytes& p) {
  if (contains("@2imvuzLS", p[1])) {
    return 2;
  }
  if (contains("$\\c", p[1])) {
    return 4;
  }
  if (p[1] == 'p') {
    return 5;
  }
  if (p[1] == '*') {
    return p.size() < 5 ? 0 : 5 + little_endian(p, 3, 2) * (p[2] >= 32 ? 3 : 1);
  }
  return 3;
}

std::size_t fs_length(const Bytes& p) {
  if (contains("&.", p[1])) {
    return 2;
  }
  if (p[1] == '2') {
    return 4 + 72;  // a character of the host's own: 24 × 24 dots
  }
  return contains("Sp?", p[1]) ? 4 : 3;
}

std::size_t barcode_length(const Bytes& p) {
  if (p.size() < 3) {
    return 0;
  }
  if (p[2] >= 65) {
    return p.size() < 4 ? 0 : 4 + std::size_t{p[3]};
  }
  return p.size() > 3 && p.back() == 0 ? p.size() : 0;
}

/// GS e 3 m, GS e 20h m t; Citizen's GS R 1 n.
std::size_t presenter_length(const Bytes& p) {
  if (p.size() < 3) {
    return 0;
  }
  if (p[1] == 'e' && p[2] == 0x20) {
    return 5;
  }
  return p[2] == (p[1] == 'e' ? 3 : '1') ? 4 : 3;
}

std::size_t gs_length(const Bytes& p) {
  switch (p[1]) {
    case 'V':
      return p.size() < 3 ? 0 : contains("ABabgh", p[2]) ? 4 : 3;
    case '(':
      return p.size() < 5 ? 0 : 5 + little_endian(p, 3, 2);
    case '8':
      return p.size() < 7 ? 0 : 7 + little_endian(p, 3, 4);
    case 'v':
      return p.size() < 8 ? 0 : 8 + little_endian(p, 4, 2) * little_endian(p, 6, 2);
    case 'k':
      return barcode_length(p);
    case ':':
    case 0x0C:
    case 0xE1:
      return 2;
    case 'e':
    case 'R':
      return presenter_length(p);
    case '*':
      return p.size() < 4 ? 0 : 4 + std::size_t{p[2]} * p[3] * 8;
    default:
      return contains("LWP$\\", p[1]) ? 4 : 3;
  }
}

std::size_t command_length(const Bytes& p) {
  if (p.size() < 2) {
    return 0;
  }
  switch (p[0]) {
    case dle:
      return dle_length(p);
    case esc:
      return esc_length(p);
    case fs:
      return fs_length(p);
    default:
      return gs_length(p);
  }
}

bool starts_command(std::uint8_t byte) {
  return byte == dle || byte == esc || byte == fs || byte == gs;
}

/// A command with data: there the printer hears real-time commands. In plain parameters it does not.
bool has_data(const Bytes& p) {
  return p.size() >= 2 && ((p[0] == gs && contains("v8(*", p[1])) || (p[0] == esc && p[1] == '*') ||
                           (p[0] == fs && p[1] == '2'));
}

enum class GbForm : std::uint8_t { begun, whole, broken };

/// Two bytes, or four of which the second and the fourth are digits. A byte that cannot stand there begins
/// something else: a torn character swallows no command.
GbForm gb_form(const Bytes& p) {
  const auto is_digit = [](std::uint8_t byte) { return byte >= 0x30 && byte <= 0x39; };
  if (p.size() < 2) {
    return GbForm::begun;
  }
  if (!is_digit(p[1])) {
    return p[1] >= 0x40 && p[1] != 0x7F && p[1] != 0xFF ? GbForm::whole : GbForm::broken;
  }
  if (p.size() >= 3 && (p[2] < 0x81 || p[2] == 0xFF)) {
    return GbForm::broken;
  }
  if (p.size() < 4) {
    return GbForm::begun;
  }
  return is_digit(p[3]) ? GbForm::whole : GbForm::broken;
}

constexpr std::array<std::uint8_t, 10> clear_all{dle, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08};

}  // namespace

unsigned EscposToken::code() const {
  return bytes.size() >= 2 ? static_cast<unsigned>(bytes[0] << 8 | bytes[1]) : byte(0);
}

void EscposTokens::reset() {
  *this = EscposTokens(decode_);
}

void EscposTokens::drop_begun() {
  pending_.clear();
  need_ = 0;
  seen_ = 0;
  last_ = {};
}

void EscposTokens::feed(std::uint8_t byte, std::vector<EscposToken>& out) {
  ++seen_;
  if (pending_.size() < max_command) {
    pending_.push_back(byte);
  }
  if (!starts_command(pending_[0])) {
    text(out);
    return;
  }
  if (need_ == 0) {
    need_ = command_length(pending_);
    // A null-terminated command that never ends: let go of it.
    need_ = need_ == 0 && pending_.size() >= 512 ? seen_ : need_;
  } else if (has_data(pending_)) {
    watch_data(byte, out);
  }
  if (need_ != 0 && seen_ >= need_) {
    finish(out);
  }
}

void EscposTokens::watch_data(std::uint8_t byte, std::vector<EscposToken>& out) {
  std::rotate(last_.begin(), last_.begin() + 1, last_.end());
  last_.back() = byte;
  const std::uint8_t first = last_[last_.size() - 3];
  const std::uint8_t second = last_[last_.size() - 2];
  const bool status = first == dle && second == 0x04 && byte >= 1 && byte <= 4;
  const bool recover = first == dle && second == 0x05 && byte >= 1 && byte <= 2;
  if (status || recover) {
    out.push_back({EscposToken::Kind::real_time, 0, false, {dle, second, byte}, 0});
  } else if (last_ == clear_all) {
    out.push_back({EscposToken::Kind::real_time, 0, false, {last_.begin(), last_.end()}, 0});
  }
}

void EscposTokens::finish(std::vector<EscposToken>& out) {
  EscposToken token;
  token.kind = pending_[0] == dle ? EscposToken::Kind::real_time : EscposToken::Kind::command;
  token.size = seen_;
  token.bytes = std::move(pending_);
  const bool initialise = token.code() == 0x1B40;
  chinese_mode_ = token.code() == 0x1C26 || (chinese_mode_ && token.code() != 0x1C2E && !initialise);
  out.push_back(std::move(token));
  drop_begun();
}

char32_t EscposTokens::decoded() const {
  return decode_ ? from_gb18030(pending_) : char32_t{0xFFFD};
}

void EscposTokens::text(std::vector<EscposToken>& out) {
  const std::uint8_t lead = pending_[0];
  EscposToken token;
  token.kind = EscposToken::Kind::character;
  if (lead < 0x20 || lead == 0x7F) {
    token.kind = EscposToken::Kind::command;
    token.bytes = pending_;
  } else if (lead < 0x80 || !chinese_mode_ || lead == 0x80 || lead == 0xFF) {
    // Outside Chinese mode the upper half is a code page that this printer does not have.
    token.character = lead < 0x80 ? lead : 0xFFFD;
  } else {
    const GbForm form = gb_form(pending_);
    if (form == GbForm::begun) {
      return;
    }
    if (form == GbForm::broken) {
      const Bytes rest(pending_.begin() + 1, pending_.end());
      out.push_back({EscposToken::Kind::character, 0xFFFD, true, {}, 1});
      drop_begun();
      for (const std::uint8_t next : rest) {
        feed(next, out);
      }
      return;
    }
    token.character = decoded();
    token.bytes = pending_;
    token.wide = true;
  }
  token.size = pending_.size();
  out.push_back(std::move(token));
  drop_begun();
}

}  // namespace lobby::sim
