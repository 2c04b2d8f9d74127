#include "daemon/devices/readers.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/devices/dialect_lines.hpp"
#include "drivers/kiosk/id_number.hpp"
#include "drivers/kiosk/reader.hpp"

namespace lobby::devices {
namespace {

bool is_code(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

struct Readers::Reader final : link::ByteLink::Listener {
  Reader(Readers& all, link::Executor& executor, const ReaderConfig& given, const MakeLink& make_link,
         Roster& list)
      : owner(all), config(given), roster(list) {
    const auto take = [this](std::string_view line) { taken(line); };
    if (std::holds_alternative<InputDevice>(config.link)) {
      lines = std::make_unique<kiosk::WedgeKeys>(executor, take);
    } else {
      lines = std::make_unique<kiosk::SerialLines>(executor, take);
    }
    hall::DeviceView view;
    view.id = config.id;
    view.kind = hall::DeviceKind::reader;
    view.driver = config.driver;
    view.kiosk = config.kiosk;
    roster.add(std::move(view));
    link = make_link(config);
    tell_detail();
    link->start(*this);
  }

  void taken(std::string_view line) {
    if (config.reads == ReaderConfig::Reads::id_card && kiosk::is_id_number(line)) {
      ++read;
      owner.reports_.id_number(config, line);
    } else if (config.reads == ReaderConfig::Reads::qr_code && is_code(line)) {
      ++read;
      owner.reports_.code(config, line);
    } else {
      ++ignored;
    }
    tell_detail();
  }

  void link_up() override {
    was_up = true;
    roster.tell(config.id, hall::DeviceState::ok, "");
  }
  void link_bytes(std::span<const std::uint8_t> bytes) override { lines->received(bytes); }
  void link_down(std::string_view reason) override {
    lines->forget();
    roster.tell(config.id, state_without_line(was_up), reason);
  }

  void tell_detail() {
    roster.detail(config.id, link->describe() + ", read " + std::to_string(read) + ", of no use " +
                                 std::to_string(ignored));
  }

  Readers& owner;
  ReaderConfig config;
  Roster& roster;
  bool was_up = false;
  std::uint64_t read = 0;
  std::uint64_t ignored = 0;
  std::unique_ptr<kiosk::LineReader> lines;
  std::unique_ptr<link::ByteLink> link;  ///< the last: calls back until it is gone
};

Readers::Readers(link::Executor& executor, const std::vector<ReaderConfig>& configs,
                 const MakeLink& make_link, Roster& roster, Reports reports)
    : reports_(std::move(reports)) {
  for (const auto& config : configs) {
    readers_.push_back(std::make_unique<Reader>(*this, executor, config, make_link, roster));
  }
}

Readers::~Readers() = default;

}  // namespace lobby::devices
