#include "daemon/app/log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace lobby::app {

namespace {

/// Less than a pipe takes at once (PIPE_BUF), so that a pipe that takes anything takes the whole line.
constexpr std::size_t longest_line = 1024;

Priority priority_of(hall::DeviceState state) {
  const bool is_trouble = state == hall::DeviceState::gone || state == hall::DeviceState::degraded;
  return is_trouble ? Priority::warning : Priority::info;
}

std::optional<LogLine> line_of(const hall::DeviceChanged& body) {
  if (body.kind == hall::DeviceKind::storage) {
    return std::nullopt;  // log_storage() said so when it was new
  }
  return LogLine{priority_of(body.state),
                 fmt::format("{} {} is {}{}{}", hall::to_text(body.kind), body.device.value,
                             hall::to_text(body.state), body.reason.empty() ? "" : ": ", body.reason)};
}

}  // namespace

void log(Priority priority, std::string_view sentence) {
  std::string line = fmt::format("<{}>{}", static_cast<int>(priority), sentence.substr(0, longest_line - 8));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      ' ');
  line += '\n';
  pollfd reader{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&reader, 1, 0) == 1 && (reader.revents & POLLOUT) != 0) {
    // One call, so that lines of lobby-feed, which shares the descriptor, do not come in between.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  }
}

std::optional<LogLine> log_line(const hall::Event& event) {
  if (const auto* device = std::get_if<hall::DeviceChanged>(&event.body)) {
    return line_of(*device);
  }
  if (const auto* opened = std::get_if<hall::DayOpened>(&event.body)) {
    return LogLine{Priority::notice, fmt::format("business day {} is opened", hall::to_text(opened->date))};
  }
  if (const auto* closed = std::get_if<hall::DayClosed>(&event.body)) {
    return LogLine{Priority::notice,
                   fmt::format("business day {} is closed: {} issued, {} finished, {} no-show, {} expired",
                               hall::to_text(closed->date), closed->issued, closed->finished, closed->no_show,
                               closed->expired)};
  }
  if (const auto* account = std::get_if<hall::AccountChanged>(&event.body)) {
    return LogLine{Priority::notice, fmt::format("an account was {}: event {}", account->change, event.seq)};
  }
  return std::nullopt;
}

void log_event(const hall::Event& event) {
  if (const auto line = log_line(event)) {
    log(line->priority, line->sentence);
  }
}

void log_storage(bool writable, std::string_view reason) {
  if (writable) {
    log(Priority::notice, "storage can be written again");
  } else {
    log(Priority::error, fmt::format("storage is lost, every act is refused until it is back: {}", reason));
  }
}

devices::Feeds::Spawn logged(devices::Feeds::Spawn spawn) {
  auto starts = std::make_shared<std::map<std::string, std::uint64_t>>();
  return [spawn = std::move(spawn), starts](const devices::FeedConfig& config,
                                            devices::Feeds::ProcessEvents events) {
    const auto before = (*starts)[config.id.value]++;
    if (before == 0) {
      log(Priority::info, fmt::format("feed {}: lobby-feed is started", config.id.value));
    } else {
      log(Priority::notice,
          fmt::format("feed {}: lobby-feed is restarted, {} times since the start", config.id.value, before));
    }
    return spawn(config, std::move(events));
  };
}

}  // namespace lobby::app
