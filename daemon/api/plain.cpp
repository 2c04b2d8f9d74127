// What is served without an account: health, metrics, the description of the API, the console page.
#include <fmt/format.h>

#include "daemon/api/call.hpp"
#include "daemon/api/embedded.hpp"
#include "daemon/api/router.hpp"

namespace lobby::api {
namespace {

void respond_text(const Call& call, std::string body, std::string_view type = "text/plain; charset=utf-8",
                  std::string_view headers = "") {
  Response response;
  response.content_type = type;
  response.body = std::move(body);
  response.headers = headers;
  call.exchange->respond(std::move(response));
}

void add_metric(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
                std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", name, kind, help,
                 value);
}

/// A label's value: backslash, quote and line end escaped.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      out += '\\';
    }
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

void add_devices(std::string& out, const std::vector<hall::DeviceView>& devices) {
  out +=
      "# HELP lobby_device_state 1 for the state that the device is in.\n# TYPE lobby_device_state gauge\n";
  for (const auto& device : devices) {
    fmt::format_to(std::back_inserter(out), "lobby_device_state{{id=\"{}\",kind=\"{}\",state=\"{}\"}} 1\n",
                   label(device.id.value), hall::to_text(device.kind), hall::to_text(device.state));
  }
}

void add_queues(std::string& out, const hall::State& state) {
  out += "# HELP lobby_tickets_waiting People who wait, by service.\n# TYPE lobby_tickets_waiting gauge\n";
  for (const auto& service : state.services) {
    fmt::format_to(std::back_inserter(out), "lobby_tickets_waiting{{service=\"{}\"}} {}\n",
                   label(service.id.value), service.waiting());
  }
}

}  // namespace

void get_openapi(Desk&, Call call) {
  respond_text(call, std::string(openapi_yaml()), "application/yaml");
}

void get_console(Desk&, Call call) {
  respond_text(call, std::string(console_html()), "text/html; charset=utf-8",
               "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
               "script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'\r\n");
}

void get_metrics(Desk& desk, Call call) {
  const Counters& counters = desk.counters;
  std::string out =
      "# HELP lobby_http_answers_total Answers, by status.\n# TYPE lobby_http_answers_total counter\n";
  for (const auto& [status, count] : counters.answers) {
    fmt::format_to(std::back_inserter(out), "lobby_http_answers_total{{status=\"{}\"}} {}\n", status, count);
  }
  add_metric(out, "lobby_http_connections", "gauge", "Connections open now.", counters.connections);
  add_metric(out, "lobby_http_streams", "gauge", "Event streams open now.", counters.streams);
  add_metric(out, "lobby_http_connections_total", "counter", "Connections accepted.", counters.accepted);
  add_metric(out, "lobby_http_refused_total", "counter", "Connections refused at the limit.",
             counters.refused);
  add_metric(out, "lobby_http_evicted_total", "counter", "Connections closed to make room for others.",
             counters.evicted);
  add_metric(out, "lobby_http_late_total", "counter", "Connections cut off for being too slow.",
             counters.late);
  add_metric(out, "lobby_http_snapshots_total", "counter", "Event streams that were too far behind.",
             counters.snapshots);
  add_metric(out, "lobby_journal_writable", "gauge", "1 when the journal takes events.",
             desk.backend.journal_writable() ? 1 : 0);
  add_devices(out, desk.backend.devices());
  add_queues(out, desk.backend.state());
  out += desk.backend.more_metrics();
  respond_text(call, std::move(out), "text/plain; version=0.0.4; charset=utf-8");
}

void get_healthz(Desk&, Call call) {
  respond_text(call, "ok\n");
}

void get_readyz(Desk& desk, Call call) {
  if (desk.closing) {
    return call.respond(stopping());
  }
  if (!desk.backend.journal_writable()) {
    return call.respond(Problem{503, "storage_failed", "the journal cannot be written"});
  }
  respond_text(call, "ok\n");
}

}  // namespace lobby::api
