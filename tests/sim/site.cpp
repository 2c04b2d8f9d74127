#include "tests/sim/site.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace lobby::sim {
namespace {

std::string text(const toml::table& from, std::string_view key, std::string_view otherwise = {}) {
  return from[key].value_or(std::string(otherwise));
}

template <class F>
void each(const toml::table& site, std::string_view key, F&& use) {
  if (const toml::array* const list = site[key].as_array()) {
    for (const toml::node& node : *list) {
      if (const toml::table* const table = node.as_table()) {
        use(*table);
      }
    }
  }
}

TcpEnd parse_tcp(std::string_view where, const std::string& whose) {
  const std::size_t colon = where.rfind(':');
  TcpEnd end;
  if (colon != std::string_view::npos) {
    end.host = std::string(where.substr(0, colon));
    if (end.host.size() > 2 && end.host.front() == '[' && end.host.back() == ']') {
      end.host = end.host.substr(1, end.host.size() - 2);
    }
    const std::string_view port = where.substr(colon + 1);
    std::from_chars(port.data(), port.data() + port.size(), end.port);
  }
  if (end.port == 0) {
    throw SiteError(whose + ": \"" + std::string(where) + "\" is no HOST:PORT.");
  }
  if (!is_loopback(end.host)) {
    throw SiteError(whose + ": " + end.host +
                    " is not this machine; the simulator stands only at loopback addresses, use 127.0.0.1.");
  }
  return end;
}

PrinterEnd read_printer(const toml::table& from) {
  PrinterEnd printer;
  printer.id = text(from, "id");
  printer.profile = text(from, "profile");
  printer.baud = from["baud"].value_or(std::uint32_t{115200});
  printer.flow_bytes = text(from, "flow") == "xon_xoff";
  const std::string link = text(from, "link");
  if (link.starts_with("serial:")) {
    printer.path = link.substr(7);
  } else if (link.starts_with("usb:")) {
    printer.path = link.substr(4);
    printer.usb = true;
  } else if (link.starts_with("tcp:")) {
    std::string_view where = std::string_view(link).substr(4);
    while (where.starts_with('/')) {
      where.remove_prefix(1);
    }
    printer.tcp = parse_tcp(where, "printer " + printer.id);
  } else {
    throw SiteError("printer " + printer.id + ": link \"" + link + "\" is neither tcp:, serial: nor usb:.");
  }
  return printer;
}

/// By the words of the site: onbon-6e is onbon_6e, and the graphic cards are of the sixth generation unless
/// they say otherwise.
std::string board_protocol(const toml::table& from) {
  std::string word = text(from, "protocol", text(from, "kind"));
  std::replace(word.begin(), word.end(), '-', '_');
  return word == "onbon_graphic" || word == "onbon" ? "onbon_6e" : word;
}

bool carries(BoardEnd::Link link, std::string_view protocol) {
  using Link = BoardEnd::Link;
  if (protocol == "ddp" || protocol == "e131") {
    return link == Link::udp;
  }
  if (protocol == "colorlight") {
    return link == Link::ether;
  }
  return link == Link::tcp || (link == Link::serial && protocol != "huidu");
}

void read_board_link(std::string_view link, BoardEnd& board) {
  using Link = BoardEnd::Link;
  const auto behind = [&](std::string_view scheme) {
    std::string_view rest = link.substr(scheme.size());
    while (scheme != "serial:" && rest.starts_with('/')) {
      rest.remove_prefix(1);
    }
    return rest;
  };
  if (link.starts_with("tcp:") || link.starts_with("udp:")) {
    board.link = link.starts_with("tcp:") ? Link::tcp : Link::udp;
    board.at = parse_tcp(behind("tcp:"), "board " + board.id);
  } else if (link.starts_with("serial:")) {
    board.link = Link::serial;
    board.path = behind("serial:");
  } else if (link.starts_with("ether:")) {
    board.link = Link::ether;
    board.path = behind("ether:");
  }
}

/// One on a line of a dialect that is simulated, or a display of text on a Modbus line.
void read_sign_board(const toml::table& from, Site& site) {
  constexpr int last_address = 247;
  TalkerEnd end{text(from, "id"),
                "board",
                text(from, "profile"),
                text(from, "bus"),
                static_cast<std::uint8_t>(std::clamp(from["address"].value_or(0), 0, last_address)),
                text(from, "window"),
                std::clamp(from["rows"].value_or(1), 1, 16)};
  const auto is_on = [&](const std::vector<BusEnd>& lines, std::string_view dialect) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const BusEnd& line) { return line.id == end.bus && line.dialect == dialect; });
  };
  if (is_on(site.dialect_lines, "strip69")) {
    site.talkers.push_back(std::move(end));
  } else if (end.profile == "embedded-art" && is_on(site.buses, "")) {
    site.texts.push_back(std::move(end));
  } else {
    site.others.push_back({end.id, end.kind});
  }
}

void read_board(const toml::table& from, Site& site) {
  if (text(from, "protocol") == "sign") {
    return read_sign_board(from, site);
  }
  constexpr std::array<std::string_view, 8> known{"onbon_k", "onbon_5e", "onbon_6e",   "ddp",
                                                  "e131",    "huidu",    "colorlight", "gbt23828"};
  constexpr int most_side = 4096;
  BoardEnd board;
  board.id = text(from, "id");
  board.protocol = board_protocol(from);
  board.zone = text(from, "zone");
  const bool is_known = std::find(known.begin(), known.end(), board.protocol) != known.end();
  const std::string link = text(from, "link");
  if (!is_known || link.empty()) {
    site.others.push_back({board.id, "board"});
    return;
  }
  read_board_link(link, board);
  if (!carries(board.link, board.protocol)) {
    throw SiteError("board " + board.id + ": link \"" + link + "\" carries no " + board.protocol + ".");
  }
  board.width = from["width"].value_or(board.width);
  board.height = from["height"].value_or(board.height);
  if (board.width < 1 || board.height < 1 || board.width > most_side || board.height > most_side) {
    throw SiteError("board " + board.id + ": width and height must be 1 to 4096 pixels.");
  }
  const bool is_onbon = board.protocol.starts_with("onbon");
  board.colour = text(from, "colour", is_onbon ? "dual" : "full");
  board.address = from["address"].value_or(0);
  board.universe = std::clamp(from["universe"].value_or(1), 1, 63'999);
  board.is_bgr = text(from, "order") == "bgr";
  site.boards.push_back(std::move(board));
}

FeedEnd read_feed(const toml::table& from) {
  FeedEnd feed;
  feed.id = text(from, "id");
  feed.token_file = text(from, "token_file");
  feed.area_code = text(from, "area_code");
  feed.mapping = std::filesystem::path(text(from, "mapping")).stem().string();
  std::string_view url;
  const std::string whole = text(from, "url");
  url = whole;
  feed.tls = url.starts_with("https://");
  if (!feed.tls && !url.starts_with("http://")) {
    throw SiteError("feed " + feed.id + ": the simulator serves only http:// and https:// addresses.");
  }
  url.remove_prefix(url.find("//") + 2);
  const std::size_t slash = std::min(url.find('/'), url.size());
  // Whether the site writes a slash or a query behind it makes no difference here.
  feed.path = std::string(url.substr(slash, std::min(url.find('?'), url.size()) - slash));
  while (feed.path.ends_with('/')) {
    feed.path.pop_back();
  }
  feed.listen = parse_tcp(url.substr(0, slash), "feed " + feed.id);
  return feed;
}

/// The second feed's case numbers begin with B, and so on; each has an address of its own.
void add_feed(FeedEnd feed, std::vector<FeedEnd>& feeds) {
  for (const FeedEnd& other : feeds) {
    if (other.listen.host == feed.listen.host && other.listen.port == feed.listen.port) {
      throw SiteError("feed " + feed.id + ": the simulator needs an address of its own for it, " +
                      feed.listen.host + ":" + std::to_string(feed.listen.port) + " is that of feed " +
                      other.id + ".");
    }
  }
  feed.series = feeds.empty() ? std::string() : std::string(1, static_cast<char>('A' + feeds.size() % 26));
  feeds.push_back(std::move(feed));
}

std::vector<std::string> texts(const toml::table& from, std::string_view key) {
  std::vector<std::string> out;
  if (const toml::array* const all = from[key].as_array()) {
    for (const toml::node& one : *all) {
      out.push_back(one.value_or(std::string()));
    }
  }
  return out;
}

Counter read_counter(const toml::table& from) {
  Counter counter;
  counter.id = text(from, "id");
  counter.zone = text(from, "zone");
  counter.printer = text(from, "printer");
  counter.services = texts(from, "services");
  counter.backups = texts(from, "backups");
  counter.package = from.contains("steps");
  counter.one_per_person = from["one_per_person"].value_or(false);
  return counter;
}

UnitEnd read_unit(const toml::table& from) {
  return {text(from, "id"), text(from, "bus"),
          static_cast<std::uint8_t>(std::clamp(from["address"].value_or(0), 0, 255)), text(from, "window"),
          text(from, "kiosk")};
}

/// One on a line of a dialect that is simulated, or a display of digits; others are not, nor any on a link.
void read_talker(const toml::table& from, const char* kind, Site& site) {
  const TalkerEnd end{text(from, "id"),
                      kind,
                      text(from, "profile"),
                      text(from, "bus"),
                      static_cast<std::uint8_t>(std::clamp(from["address"].value_or(0), 0, 255)),
                      text(from, "window")};
  const bool is_simulated =
      std::any_of(site.dialect_lines.begin(), site.dialect_lines.end(), [&](const BusEnd& line) {
        return line.id == end.bus && line.dialect == (end.kind == "sign" ? "strip69" : "ff68");
      });
  if (is_simulated) {
    site.talkers.push_back(end);
  } else if (end.profile == "dm36" && !end.bus.empty()) {
    site.displays.push_back(end);
  } else {
    site.others.push_back({end.id, end.kind});
  }
}

HouseRules read_rules(const toml::table& site) {
  const auto rules = site["rules"];
  HouseRules out;
  out.recall_least_s = rules["recall_least_s"].value_or(out.recall_least_s);
  out.reinstate_within_s = rules["reinstate_within_s"].value_or(out.reinstate_within_s);
  out.agent_limit = rules["agent_limit"].value_or(out.agent_limit);
  return out;
}

/// HOST:PORT of an http URL on this machine; a URL without a port has 80.
TcpEnd http_end(std::string_view url, const std::string& whose) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) {
    throw SiteError(whose + ": the simulator serves only http:// addresses.");
  }
  url.remove_prefix(scheme.size());
  const std::string_view place = url.substr(0, url.find('/'));
  return parse_tcp(
      place.find(':') == std::string_view::npos ? std::string(place) + ":80" : std::string(place), whose);
}

/// `stream_url`: of motion, its second port; left out, the one behind the first, as motion has it. Without a
/// user it asks for no password; `auth = "token"`: one that knows WS-UsernameToken alone.
void read_recorder(const toml::table& from, Site& site) {
  constexpr std::array<std::string_view, 5> known{"onvif", "isapi", "hikvision", "dahua", "motion"};
  RecorderEnd end;
  end.id = text(from, "id");
  end.protocol = text(from, "protocol");
  if (std::find(known.begin(), known.end(), end.protocol) == known.end()) {
    site.others.push_back({end.id, "recorder"});
    return;
  }
  const std::string whose = "recorder " + end.id;
  end.doors.push_back(http_end(text(from, "url"), whose));
  if (end.protocol == "motion") {
    const std::string stream = text(from, "stream_url");
    TcpEnd second = end.doors.front();
    ++second.port;
    end.doors.push_back(stream.empty() ? second : http_end(stream, whose));
    end.attempts = 4;
  }
  end.user = text(from, "user");
  end.password = text(from, "password");
  end.password_file = text(from, "password_file");
  end.wants_token = text(from, "auth") == "token";
  site.recorders.push_back(std::move(end));
}

void read_relay(const toml::table& from, Site& site) {
  RelayEnd end{text(from, "id"),
               text(from, "bus"),
               {},
               static_cast<std::uint8_t>(std::clamp(from["address"].value_or(1), 1, 247))};
  const std::string link = text(from, "link");
  if (link.starts_with("tcp:")) {
    const auto where = link.find_first_not_of('/', 4);
    end.tcp = parse_tcp(link.substr(std::min(where, link.size())), "relay " + end.id);
  }
  const bool is_on_line = std::any_of(site.buses.begin(), site.buses.end(),
                                      [&](const BusEnd& line) { return line.id == end.bus; });
  if (end.tcp || is_on_line) {
    site.relays.push_back(std::move(end));
  } else {
    site.others.push_back({end.id, "relay"});
  }
}

/// What a file says in its first line; empty when there is none.
std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Where somebody on this machine reaches what listens there.
std::string server_of(std::string listen) {
  for (const std::string_view everywhere : {"0.0.0.0:", "[::]:"}) {
    if (listen.starts_with(everywhere)) {
      listen.replace(0, everywhere.size() - 1, "127.0.0.1");
    }
  }
  return "http://" + listen;
}

void read_others(const toml::table& site, std::vector<OtherEnd>& others) {
  constexpr std::array<std::string_view, 18> known{
      "zone", "service", "window",   "kiosk", "printer", "bus", "unit",   "panel",    "feed",
      "room", "sign",    "profiles", "board", "keypad",  "pad", "outbox", "recorder", "relay"};
  for (const auto& [key, node] : site) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      each(site, key.str(), [&](const toml::table& device) {
        if (device.contains("id")) {
          others.push_back({text(device, "id"), std::string(key.str())});
        }
      });
    }
  }
}

}  // namespace

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Site parse_site(std::string_view toml_text, const std::string& source) {
  toml::table file;
  try {
    file = toml::parse(toml_text, std::string_view(source));
  } catch (const toml::parse_error& error) {
    std::ostringstream sentence;
    sentence << source << ":" << error.source().begin.line << ":" << error.source().begin.column << ": "
             << error.description();
    throw SiteError(sentence.str());
  }
  Site site;
  site.name = text(file, "name");
  site.timezone = text(file, "timezone", "Asia/Shanghai");
  site.server = server_of(text(file, "listen", "127.0.0.1:8080"));
  site.config_dir = text(file, "config_dir", site.config_dir);
  each(file, "printer", [&](const toml::table& t) { site.printers.push_back(read_printer(t)); });
  each(file, "bus", [&](const toml::table& t) {
    if (text(t, "port").starts_with("tcp:")) {
      return;  // a real gateway: only serial lines are simulated
    }
    const std::string parity = text(t, "parity", "none");
    const std::string dialect = text(t, "dialect", "modbus");
    (dialect == "modbus" ? site.buses : site.dialect_lines)
        .push_back({text(t, "id"), text(t, "port"), t["baud"].value_or(std::uint32_t{19200}),
                    static_cast<std::uint16_t>(parity == "even"  ? 1
                                               : parity == "odd" ? 2
                                                                 : 0),
                    dialect == "modbus" ? "" : dialect});
  });
  each(file, "unit", [&](const toml::table& t) { site.units.push_back(read_unit(t)); });
  each(file, "panel", [&](const toml::table& t) { site.panels.push_back(read_unit(t)); });
  for (const char* const kind : {"sign", "keypad", "pad"}) {
    each(file, kind, [&](const toml::table& t) { read_talker(t, kind, site); });
  }
  each(file, "board", [&](const toml::table& t) { read_board(t, site); });
  each(file, "relay", [&](const toml::table& t) { read_relay(t, site); });
  each(file, "recorder", [&](const toml::table& t) { read_recorder(t, site); });
  each(file, "feed", [&](const toml::table& t) { add_feed(read_feed(t), site.feeds); });
  each(file, "window", [&](const toml::table& t) { site.windows.push_back(read_counter(t)); });
  each(file, "kiosk", [&](const toml::table& t) { site.kiosks.push_back(read_counter(t)); });
  each(file, "service", [&](const toml::table& t) { site.services.push_back(read_counter(t)); });
  site.rules = read_rules(file);
  read_others(file, site.others);
  return site;
}

Site read_site(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw SiteError(path + ": cannot be read.");
  }
  std::ostringstream content;
  content << file.rdbuf();
  Site site = parse_site(content.str(), path);
  const auto folder = std::filesystem::absolute(path).parent_path();
  site.token_dir = (folder / "tokens").lexically_normal().string();
  site.config_dir = (folder / site.config_dir).lexically_normal().string();
  // As the daemon reads it: relative names stand beside the site file.
  for (FeedEnd& feed : site.feeds) {
    if (!feed.token_file.empty() && feed.token_file.front() != '/') {
      feed.token_file = (std::filesystem::path(path).parent_path() / feed.token_file).string();
    }
  }
  for (RecorderEnd& recorder : site.recorders) {
    if (!recorder.password_file.empty()) {
      recorder.password = first_line(folder / recorder.password_file);
    }
  }
  return site;
}

}  // namespace lobby::sim
