#include "daemon/ctl/event_stream.hpp"

namespace lobby::ctl {
namespace {
constexpr std::size_t longest_line = 1 << 20;
}

bool EventStream::feed(std::string_view bytes, const std::function<void(const ServerEvent&)>& on_event) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (line_.size() > longest_line || event_.data.size() > longest_line) {
      return false;
    }
    if (end == std::string_view::npos) {
      return true;
    }
    bytes.remove_prefix(end + 1);
    if (line_.ends_with('\r')) {
      line_.pop_back();
    }
    take_line(line_, on_event);
    line_.clear();
  }
  return true;
}

void EventStream::take_line(std::string_view line, const std::function<void(const ServerEvent&)>& on_event) {
  if (line.empty()) {
    if (has_data_) {
      if (!event_.id.empty()) {
        last_id_ = event_.id;
      }
      on_event(event_);
    }
    event_ = {};
    has_data_ = false;
    return;
  }
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  if (field == "id") {
    event_.id = value;
  } else if (field == "event") {
    event_.type = value;
  } else if (field == "data") {
    event_.data += (has_data_ ? "\n" : "") + std::string(value);
    has_data_ = true;
  }
}

void EventStream::restart() {
  line_.clear();
  event_ = {};
  has_data_ = false;
}

}  // namespace lobby::ctl
