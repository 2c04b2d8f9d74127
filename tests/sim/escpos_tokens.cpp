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
  if (contains("@2imvuz", p[1])) {
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
  return contains("Sp", p[1]) ? 4 : 3;
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
      return 2;
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

bool is_image(const Bytes& p) {
  return p.size() >= 2 && p[0] == gs && (p[1] == 'v' || p[1] == '8' || p[1] == '(');
}

}  // namespace

unsigned EscposToken::code() const {
  return bytes.size() >= 2 ? static_cast<unsigned>(bytes[0] << 8 | bytes[1]) : byte(0);
}

void EscposTokens::reset() {
  *this = EscposTokens();
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
  } else if (is_image(pending_)) {
    watch_image(byte, out);
  }
  if (need_ != 0 && seen_ >= need_) {
    finish(out);
  }
}

void EscposTokens::watch_image(std::uint8_t byte, std::vector<EscposToken>& out) {
  const bool status = last_[0] == dle && last_[1] == 0x04 && byte >= 1 && byte <= 4;
  const bool recover = last_[0] == dle && last_[1] == 0x05 && byte >= 1 && byte <= 2;
  if (status || recover) {
    out.push_back({EscposToken::Kind::real_time, 0, false, {dle, last_[1], byte}, 0});
  }
  last_ = {last_[1], byte};
}

void EscposTokens::finish(std::vector<EscposToken>& out) {
  EscposToken token;
  token.kind = pending_[0] == dle ? EscposToken::Kind::real_time : EscposToken::Kind::command;
  token.size = seen_;
  token.bytes = std::move(pending_);
  const bool initialise = token.code() == 0x1B40;
  chinese_mode_ = token.code() == 0x1C26 || (chinese_mode_ && token.code() != 0x1C2E && !initialise);
  out.push_back(std::move(token));
  pending_.clear();
  need_ = 0;
  seen_ = 0;
  last_ = {};
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
    if (pending_.size() < 2) {
      return;
    }
    const bool four = pending_[1] >= 0x30 && pending_[1] <= 0x39;
    const bool two = pending_[1] >= 0x40 && pending_[1] != 0x7F && pending_[1] != 0xFF;
    if (!two && !four) {
      const std::uint8_t next = pending_[1];
      out.push_back({EscposToken::Kind::character, 0xFFFD, true, {}, 1});
      pending_.clear();
      seen_ = 0;
      feed(next, out);
      return;
    }
    if (four && pending_.size() < 4) {
      return;
    }
    token.character = from_gb18030(pending_);
    token.wide = true;
  }
  token.size = pending_.size();
  out.push_back(std::move(token));
  pending_.clear();
  seen_ = 0;
}

}  // namespace lobby::sim
