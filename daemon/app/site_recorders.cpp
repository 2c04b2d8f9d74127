// Recorders, the rooms that they watch, and how their recordings are proved.
#include <fmt/format.h>

#include <filesystem>
#include <initializer_list>
#include <set>
#include <tuple>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using Speaks = devices::RecorderConfig::Speaks;

constexpr std::pair<std::string_view, Speaks> protocols[] = {
    {"motion", Speaks::motion}, {"onvif", Speaks::onvif}, {"isapi", Speaks::isapi}, {"dahua", Speaks::dahua}};

/// Keys that only one protocol knows what to do with.
constexpr std::pair<std::string_view, std::string_view> keys_of_protocols[] = {
    {"stream_url", "motion"}, {"movie_dir", "motion"},  {"movie_prefix", "motion"},
    {"recording", "onvif"},   {"profile", "onvif"},     {"job", "onvif"},
    {"method", "isapi"},      {"local_times", "isapi"}, {"zone_min", "dahua"}};

/// `http://HOST[:PORT]`; what stands behind it is the driver's.
devices::TcpAddress http_address(const SiteReader& reader, const toml::table& row, std::string_view key) {
  const auto& file = reader.file;
  check_url(file, at(row, key), "write the user as \"user\" and the password into \"password_file\"");
  const std::string url = get_text(row, key);
  constexpr std::string_view plain = "http://";
  if (!url.starts_with(plain)) {
    file.fail(at(row, key),
              "recorders are asked over plain http, on a line of their own: write http:// here");
  }
  std::string authority = url.substr(plain.size());
  const auto slash = authority.find('/');
  if (slash != std::string::npos && slash + 1 != authority.size()) {
    file.fail(at(row, key), fmt::format("{} names a path, which the protocol knows by itself: take it out",
                                        in_quotes(url)));
  }
  authority.resize(std::min(slash, authority.size()));
  const bool has_port =
      authority.find(':', authority.starts_with('[') ? authority.find(']') : 0) != std::string::npos;
  auto address = split_address(has_port ? authority : authority + ":80");
  if (address.host.empty() || address.port == 0) {
    file.fail(at(row, key),
              fmt::format("{} names no host and port: write \"http://192.168.1.80:80/\"", in_quotes(url)));
  }
  return address;
}

void refuse_foreign_keys(const SiteReader& reader, const toml::table& row, std::string_view protocol) {
  for (const auto& [key, owner] : keys_of_protocols) {
    if (has(row, key) && owner != protocol) {
      reader.file.fail(at(row, key), fmt::format("{} is for protocol {}: take it out here", in_quotes(key),
                                                 in_quotes(owner)));
    }
  }
}

void read_login(const SiteReader& reader, const toml::table& row, devices::RecorderConfig& config) {
  if (has(row, "user") != has(row, "password_file")) {
    reader.file.fail(at(row, has(row, "user") ? "user" : "password_file"),
                     "\"user\" and \"password_file\" need each other: write both, or none");
  }
  config.user = get_text(row, "user");
  if (has(row, "password_file")) {
    config.password_file = resolve(reader, get_text(row, "password_file")).string();
    require_secret(reader.file, at(row, "password_file"), config.password_file);
  }
}

void read_movies(const SiteReader& reader, const toml::table& row, devices::RecorderConfig& config) {
  if (has(row, "movie_prefix") && !has(row, "movie_dir")) {
    reader.file.fail(at(row, "movie_prefix"), "\"movie_prefix\" needs \"movie_dir\": name the folder too");
  }
  config.movie_prefix = get_text(row, "movie_prefix");
  if (!has(row, "movie_dir")) {
    return;
  }
  config.movie_dir = resolve(reader, get_text(row, "movie_dir")).string();
  std::error_code ec;
  if (!std::filesystem::is_directory(config.movie_dir, ec)) {
    reader.file.fail(
        at(row, "movie_dir"),
        fmt::format("there is no folder {}: mount or make it, so that what is written can be seen",
                    in_quotes(config.movie_dir)));
  }
}

/// A block that was copied and not edited would prove one camera's recording by another's.
void refuse_same_camera(const SiteReader& reader, const toml::table& row,
                        const devices::RecorderConfig& config) {
  const auto camera_of = [](const devices::RecorderConfig& one) {
    return std::tuple(one.address.host, one.address.port, one.channel, one.recording, one.job);
  };
  const auto begins = [](const std::string& a, const std::string& b) {
    return a.starts_with(b) || b.starts_with(a);
  };
  for (const auto& other : reader.site.recorders) {
    if (camera_of(other) == camera_of(config)) {
      reader.file.fail(
          at(row, "url"),
          fmt::format("this is the same camera of the same recorder as {}: correct the url or the "
                      "channel, or the recording",
                      in_quotes(other.id.value)));
    }
    if (!config.movie_dir.empty() && other.movie_dir == config.movie_dir &&
        begins(other.movie_prefix, config.movie_prefix)) {
      reader.file.fail(
          at(row, has(row, "movie_prefix") ? "movie_prefix" : "movie_dir"),
          fmt::format("its movies cannot be told from those of {}: give each camera a folder or a "
                      "\"movie_prefix\" with which no other one begins",
                      in_quotes(other.id.value)));
    }
  }
}

void read_recorder(SiteReader& reader, const toml::table& row) {
  devices::RecorderConfig config;
  config.id.value = reader.devices.take(reader.file, row);
  config.driver = get_text(row, "protocol");
  for (const auto& [word, speaks] : protocols) {
    if (word == config.driver) {
      config.speaks = speaks;
    }
  }
  refuse_foreign_keys(reader, row, config.driver);
  config.address = http_address(reader, row, "url");
  if (has(row, "stream_url")) {
    config.stream = http_address(reader, row, "stream_url");
  }
  read_login(reader, row, config);
  read_movies(reader, row, config);
  config.channel = static_cast<int>(get_integer(row, "channel", config.channel));
  config.recording = get_text(row, "recording");
  config.profile = get_text(row, "profile");
  config.job = get_text(row, "job");
  config.method = get_text(row, "method");
  config.local_times = get_boolean(row, "local_times", config.local_times);
  config.zone_min = static_cast<int>(get_integer(row, "zone_min", config.zone_min));
  refuse_same_camera(reader, row, config);
  reader.recorders.insert(config.id.value);
  reader.site.recorders.push_back(std::move(config));
}

void read_room(SiteReader& reader, const toml::table& row, Names& rooms,
               std::map<std::string, std::string>& watched) {
  hall::WatchedRoom room;
  room.id.value = rooms.take(reader.file, row);
  room.name = get_text(row, "name");
  room.kind = hall::parse_word<hall::RoomUse>(get_text(row, "kind")).value_or(room.kind);
  room.policy = hall::parse_word<hall::StartPolicy>(get_text(row, "policy", "block")).value_or(room.policy);
  for (const auto* node : get_elements(row, "cameras")) {
    const auto camera = text_of(*node);
    if (!reader.recorders.contains(camera)) {
      reader.file.fail(*node,
                       fmt::format("there is no recorder {}: add a [[recorder]] with this id or correct the "
                                   "name",
                                   in_quotes(camera)));
    }
    const auto [taken, is_new] = watched.emplace(camera, room.id.value);
    if (!is_new) {
      reader.file.fail(*node, fmt::format("recorder {} watches room {} already: name it in one room, once",
                                          in_quotes(camera), in_quotes(taken->second)));
    }
    room.cameras.push_back({camera});
  }
  reader.site.hall.rooms.push_back(std::move(room));
}

void read_witness(SiteReader& reader, const toml::table& table) {
  auto& witness = reader.site.witness;
  const auto read = [&](std::string_view key, std::int64_t& value) {
    value = get_integer(table, key, value / 1000) * 1000;
  };
  read("probe_s", witness.times.probe_every);
  read("lost_after_s", witness.times.lost_after);
  read("arm_within_s", witness.times.arm_within);
  read("verify_within_s", witness.times.verify_within);
  read("stop_within_s", witness.times.stop_within);
  read("clock_tolerance_s", witness.times.clock_tolerance);
  witness.times.preflight_before = get_integer(table, "preflight_min", 10) * 60'000;
  std::int64_t probe_within = 2'000;
  read("probe_within_s", probe_within);
  witness.recorder_times.probe_within = std::chrono::milliseconds(probe_within);
  witness.recorder_times.order_within = std::chrono::milliseconds(witness.times.arm_within);
  witness.recorder_times.clock_tolerance = std::chrono::milliseconds(witness.times.clock_tolerance);
  witness.sm3 = get_text(table, "digest") == "sm3";
  if (witness.times.lost_after <= witness.times.probe_every + probe_within) {
    const char* const key = has(table, "lost_after_s") ? "lost_after_s" : "probe_s";
    reader.file.fail(at(table, key),
                     "\"lost_after_s\" is not more than \"probe_s\" and \"probe_within_s\" "
                     "together, so that every slow answer would be an alarm: make it longer");
  }
}

}  // namespace

void read_recorders(SiteReader& reader) {
  const auto& root = reader.file.root();
  for (const auto* row : get_rows(root, "recorder")) {
    read_recorder(reader, *row);
  }
  Names rooms("room");
  std::map<std::string, std::string> watched;
  for (const auto* row : get_rows(root, "room")) {
    read_room(reader, *row, rooms, watched);
  }
  if (const auto* table = root["witness"].as_table()) {
    read_witness(reader, *table);
  }
}

}  // namespace lobby::app
