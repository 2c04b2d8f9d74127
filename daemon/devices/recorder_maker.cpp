#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/devices/recorders.hpp"
#include "drivers/cctv/dahua.hpp"
#include "drivers/cctv/hikvision.hpp"
#include "drivers/cctv/motion.hpp"
#include "drivers/cctv/onvif_recorder.hpp"

namespace lobby::devices {
namespace {

std::string password_of(const RecorderConfig& config) {
  if (config.password_file.empty()) {
    return {};
  }
  std::ifstream in(config.password_file);
  std::string password;
  if (!std::getline(in, password) || password.empty()) {
    throw std::runtime_error("the password cannot be read from its file");
  }
  return password;
}

/// Clients of one device, which share its login.
struct Clients {
  boost::asio::io_context& io;
  link::Executor& executor;
  std::shared_ptr<http::Login> login;

  std::unique_ptr<http::Client> operator()(const TcpAddress& where) const {
    http::ClientOptions options;
    const bool is_v6 = where.host.find(':') != std::string::npos;
    options.host = (is_v6 ? "[" + where.host + "]" : where.host) +
                   (where.port == 80 ? "" : ":" + std::to_string(where.port));
    return std::make_unique<http::Client>(executor, http::make_tcp_connection(io, where.host, where.port),
                                          login, std::move(options));
  }
};

std::unique_ptr<cctv::Recorder> make_motion_of(const Clients& clients, const RecorderConfig& config,
                                               cctv::RecorderOptions options) {
  cctv::MotionSettings settings;
  settings.camera = config.channel;
  auto shelf = config.movie_dir.empty()
                   ? nullptr
                   : cctv::make_movie_shelf(clients.executor, config.movie_dir, config.movie_prefix);
  return cctv::make_motion(clients.executor, clients(config.address),
                           clients(config.stream.value_or(config.address)), std::move(shelf), settings,
                           std::move(options));
}

std::unique_ptr<cctv::Recorder> make_onvif_of(const Clients& clients, const RecorderConfig& config,
                                              cctv::RecorderOptions options) {
  cctv::OnvifSettings settings;
  settings.recording = config.recording;
  settings.profile = config.profile;
  settings.job = config.job;
  return cctv::make_onvif(clients.executor, clients(config.address), clients(config.address), clients.login,
                          std::move(settings), std::move(options));
}

std::unique_ptr<cctv::Recorder> make_isapi_of(const Clients& clients, const RecorderConfig& config,
                                              cctv::RecorderOptions options) {
  using Method = cctv::HikvisionSettings::Method;
  cctv::HikvisionSettings settings;
  settings.channel = config.channel;
  settings.method = config.method == "post"  ? Method::post
                    : config.method == "put" ? Method::put
                                             : Method::find_out;
  settings.segments_are_local = config.local_times;
  return cctv::make_hikvision(clients.executor, clients(config.address), settings, std::move(options));
}

}  // namespace

std::unique_ptr<cctv::Recorder> make_recorder(boost::asio::io_context& io, link::Executor& executor,
                                              const RecorderConfig& config, const RecorderTimes& times,
                                              std::function<hall::Instant()> now) {
  Clients clients{io, executor, nullptr};
  if (!config.user.empty()) {
    clients.login = std::make_shared<http::Login>(http::Credentials{config.user, password_of(config)});
  }
  cctv::RecorderOptions options;
  options.utc = [now = std::move(now)] { return cctv::UtcTime(std::chrono::milliseconds(now().utc_ms)); };
  options.order_within = times.order_within;
  options.probe_within = times.probe_within;
  options.clock_tolerance = times.clock_tolerance;
  switch (config.speaks) {
    case RecorderConfig::Speaks::motion:
      return make_motion_of(clients, config, std::move(options));
    case RecorderConfig::Speaks::onvif:
      if (!clients.login) {
        clients.login = std::make_shared<http::Login>(http::Credentials{});
      }
      return make_onvif_of(clients, config, std::move(options));
    case RecorderConfig::Speaks::isapi:
      return make_isapi_of(clients, config, std::move(options));
    case RecorderConfig::Speaks::dahua:
      return cctv::make_dahua(executor, clients(config.address),
                              {config.channel, std::chrono::minutes(config.zone_min)}, std::move(options));
  }
  return nullptr;
}

}  // namespace lobby::devices
