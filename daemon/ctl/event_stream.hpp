#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace lobby::ctl {

/// One server-sent event.
struct ServerEvent {
  std::string id, type, data;
};

/// Makes events of a text/event-stream as its bytes arrive, however they are cut.
class EventStream {
 public:
  /// False: a line longer than 1 MiB; the stream is not worth reading on.
  [[nodiscard]] bool feed(std::string_view bytes, const std::function<void(const ServerEvent&)>& on_event);
  /// Id of the last whole event, to resume after.
  const std::string& last_id() const { return last_id_; }
  void resume_after(std::string id) { last_id_ = std::move(id); }
  /// A new connection: half an event of the old one counts for nothing.
  void restart();

 private:
  void take_line(std::string_view line, const std::function<void(const ServerEvent&)>& on_event);

  std::string line_;
  ServerEvent event_;
  bool has_data_ = false;
  std::string last_id_;
};

}  // namespace lobby::ctl
