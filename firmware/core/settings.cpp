#include "firmware/core/settings.hpp"

#include "firmware/wire/modbus.hpp"

namespace lobby::firmware {
namespace {

namespace map = wire::window_unit;
using Page = std::array<std::uint16_t, SettingsStore::words>;

constexpr std::uint16_t magic = 0x4C53;  // "LS"
constexpr std::uint16_t layout = 1;
constexpr std::size_t at_crc = SettingsStore::words - 1;

std::uint16_t crc_of(const Page& page) {
  std::array<std::uint8_t, 2 * at_crc> bytes{};
  for (std::size_t i = 0; i < at_crc; ++i) {
    bytes[2 * i] = static_cast<std::uint8_t>(page[i] & 0xFF);
    bytes[2 * i + 1] = static_cast<std::uint8_t>(page[i] >> 8);
  }
  return wire::modbus::crc16(bytes);
}

Page page_of(const Settings& settings, std::uint16_t sequence) {
  Page page{magic,
            layout,
            sequence,
            settings.address,
            settings.baud,
            settings.parity,
            settings.rest_after,
            static_cast<std::uint16_t>(settings.rest_mode)};
  for (std::size_t i = 0; i < settings.rest_text.size(); ++i) {
    page[8 + i] = settings.rest_text[i];
  }
  page[16] = settings.brightness;
  page[at_crc] = crc_of(page);
  return page;
}

/// False: no copy, or one of another layout.
bool parse(const Page& page, Settings& settings) {
  if (page[0] != magic || page[1] != layout || page[at_crc] != crc_of(page) || page[3] > 0xFF ||
      page[5] > 0xFF || page[16] > 0xFF) {
    return false;
  }
  settings.address = static_cast<std::uint8_t>(page[3]);
  settings.baud = page[4];
  settings.parity = static_cast<std::uint8_t>(page[5]);
  settings.rest_after = page[6];
  settings.rest_mode = static_cast<map::RestMode>(page[7]);
  for (std::size_t i = 0; i < settings.rest_text.size(); ++i) {
    settings.rest_text[i] = page[8 + i];
  }
  settings.brightness = static_cast<std::uint8_t>(page[16]);
  return is_valid(settings);
}

bool is_baud(std::uint16_t baud) {
  constexpr std::array<std::uint16_t, 7> known{24, 48, 96, 192, 384, 576, 1152};
  for (const std::uint16_t one : known) {
    if (one == baud) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_valid(const Settings& settings) {
  return settings.address >= 1 && settings.address <= 247 && is_baud(settings.baud) && settings.parity <= 2 &&
         settings.rest_after >= 5 && settings.rest_after <= 600 &&
         settings.rest_mode <= map::RestMode::text && settings.brightness <= 100;
}

SettingsStore::Page SettingsStore::read(unsigned page) const {
  Page words_read{};
  for (unsigned i = 0; i < words; ++i) {
    words_read[i] = flash_.read(page, i);
  }
  return words_read;
}

Settings SettingsStore::load() {
  Settings best;
  source_ = 0;
  for (unsigned page = 0; page < pages; ++page) {
    const Page found = read(page);
    Settings settings;
    if (!parse(found, settings)) {
      continue;
    }
    const bool is_newer = static_cast<std::int16_t>(found[2] - sequence_) > 0;
    if (source_ == 0 || is_newer) {
      best = settings;
      sequence_ = found[2];
      source_ = static_cast<std::uint8_t>(page + 1);
    }
  }
  return best;
}

bool SettingsStore::save(const Settings& settings) {
  const unsigned page = source_ == 1 ? 1 : 0;
  const auto sequence = static_cast<std::uint16_t>(sequence_ + 1);
  const Page wanted = page_of(settings, sequence);
  flash_.erase(page);
  for (unsigned i = 0; i < words; ++i) {
    flash_.program(page, i, wanted[i]);
  }
  if (read(page) != wanted) {
    return false;
  }
  sequence_ = sequence;
  source_ = static_cast<std::uint8_t>(page + 1);
  return true;
}

}  // namespace lobby::firmware
