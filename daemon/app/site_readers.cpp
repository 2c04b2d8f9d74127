#include <fmt/format.h>

#include <filesystem>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using Reads = devices::ReaderConfig::Reads;

void read_reader(SiteReader& reader, const toml::table& row) {
  devices::ReaderConfig config;
  config.id.value = reader.devices.take(reader.file, row);
  config.driver = get_text(row, "protocol");
  config.reads = config.driver == "qr_code" ? Reads::qr_code : Reads::id_card;
  config.kiosk.value = get_text(row, "kiosk");
  reader.kiosks.require(reader.file, at(row, "kiosk"), config.kiosk.value);
  constexpr std::string_view input = "input:";
  const auto link = get_text(row, "link");
  if (link.starts_with(input)) {
    const auto path = link.substr(input.size());
    if (path.size() < 2 || path.front() != '/') {
      reader.file.fail(at(row, "link"),
                       fmt::format("{} is no input device: write its whole path, best one of "
                                   "/dev/input/by-id/ that ends in -event-kbd",
                                   in_quotes(path)));
    }
    refuse_serial_keys(reader, row, {"baud", "parity"});
    config.link = devices::InputDevice{std::filesystem::path(path).lexically_normal().string()};
    take_wire(reader, at(row, "link"), std::get<devices::InputDevice>(config.link).path, config.id.value);
  } else {
    std::visit([&](auto&& where) { config.link = std::forward<decltype(where)>(where); },
               read_link(reader, row, config.id.value));
  }
  if (has(row, "elderly_at")) {
    if (config.reads == Reads::qr_code) {
      reader.file.fail(at(row, "elderly_at"), "a code says nothing of an age: take \"elderly_at\" out");
    }
    config.elderly_at = static_cast<int>(get_integer(row, "elderly_at", 0));
  }
  reader.site.devices.readers.push_back(std::move(config));
}

}  // namespace

void read_readers(SiteReader& reader) {
  for (const auto* row : get_rows(reader.file.root(), "reader")) {
    read_reader(reader, *row);
  }
}

}  // namespace lobby::app
