#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/outbox_site.hpp"
#include "daemon/app/papers.hpp"
#include "daemon/devices/board_config.hpp"
#include "daemon/devices/config.hpp"
#include "daemon/devices/recorders.hpp"
#include "daemon/flows/camera_watch.hpp"
#include "daemon/flows/keypad.hpp"
#include "daemon/flows/panel.hpp"
#include "daemon/hall/site.hpp"

namespace lobby::app {

/// A `[[board]]`.
struct BoardSite {
  devices::BoardConfig wire;
  std::string room;  ///< at whose door it hangs; empty: none
};

/// `[witness]`: how recordings are proved.
struct WitnessSite {
  flows::WitnessTimes times;
  devices::RecorderTimes recorder_times;
  bool sm3 = false;  ///< the digest of the evidence; else SHA-256
};

/// A site file, read wholly, with every file that it names (profiles, mappings).
struct SiteFile {
  hall::Site hall;
  devices::Config devices;
  Papers papers;
  std::vector<BoardSite> boards;
  std::vector<devices::RecorderConfig> recorders;
  WitnessSite witness;
  std::map<flows::Key, flows::Key> keys;  ///< what a key does that does not do what is printed on it
  std::vector<flows::Panel> panels;       ///< what the buttons of devices.panels give tickets for
  std::vector<OutboxSite> outboxes;
  std::optional<ExportSite> exported;
  std::string timezone = "Asia/Shanghai";
  std::string listen = "127.0.0.1:8080";
  std::uint32_t stop_grace_s = 5;
  std::uint32_t print_within_s = 20;  ///< a ticket not begun to print by then is not printed any more
  std::uint32_t publish_days = 10;    ///< working days to look at what boards say, when the catalogue moved
};

/// The first thing wrong: one sentence with a position, `FILE:LINE:COLUMN: what, and what to do`.
struct SiteError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A numeric address and a port, `127.0.0.1:8080` or `[::1]:0`.
bool is_listen_address(const std::string& text);

SiteFile read_site(const std::string& path);
/// The same for a text that is not on disk (yet). `name` stands in the sentences, and files that the text
/// names are looked for as if it lay there.
SiteFile read_site_text(std::string_view text, const std::string& name);

}  // namespace lobby::app
