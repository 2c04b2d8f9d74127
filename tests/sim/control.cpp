#include "tests/sim/control.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <thread>

namespace lobby::sim {
namespace {

constexpr std::int64_t longest_delay_ms = 600'000;
constexpr int most_scale = 16;

void reply(httplib::Response& response, const Control::Answer& answer) {
  response.status = answer.status;
  response.set_content(boost::json::serialize(answer.body) + "\n", "application/json");
}

Control::Answer problem(int status, std::string_view sentence) {
  return {status, boost::json::object{{"status", status}, {"detail", sentence}}};
}

/// The body as an object; an empty body is an empty one. nullopt when it is none.
std::optional<boost::json::object> body_of(const httplib::Request& request) {
  if (request.body.empty()) {
    return boost::json::object();
  }
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 8;
  boost::json::value value = boost::json::parse(request.body, error, {}, options);
  if (error || !value.is_object()) {
    return std::nullopt;
  }
  return std::move(value.get_object());
}

std::string text_of(const boost::json::object& body, std::string_view key) {
  const boost::json::value* const value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// nullopt: it is there, but no whole number from 0 to `most`.
std::optional<std::int64_t> number_of(const boost::json::object& body, std::string_view key,
                                      std::int64_t otherwise, std::int64_t most) {
  const boost::json::value* const value = body.if_contains(key);
  if (value == nullptr) {
    return otherwise;
  }
  const bool fits = value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= most;
  return fits ? std::optional(value->get_int64()) : std::nullopt;
}

}  // namespace

struct Control::Server {
  std::vector<std::shared_ptr<Device>> devices;
  std::vector<OtherEnd> others;
  Extra extra;
  httplib::Server http;
  std::string host;
  int port = 0;
  std::thread thread;

  Device* find(const std::string& id) const;
  bool is_other(const std::string& id) const;
  Answer missing(const std::string& id) const;
  Answer list() const;
  Answer inject(const httplib::Request& request) const;
  Answer clear(const httplib::Request& request) const;
  Answer press(const httplib::Request& request) const;
  Answer put(const httplib::Request& request) const;
  void file(const httplib::Request& request, httplib::Response& response) const;
  void routes();
};

Device* Control::Server::find(const std::string& id) const {
  for (const std::shared_ptr<Device>& device : devices) {
    if (device->id() == id) {
      return device.get();
    }
  }
  return id == "approvals" ? extra.approvals.get() : nullptr;
}

bool Control::Server::is_other(const std::string& id) const {
  return std::any_of(others.begin(), others.end(), [&](const OtherEnd& other) { return other.id == id; });
}

Control::Answer Control::Server::missing(const std::string& id) const {
  return problem(404, is_other(id) ? "The site names " + id + ", but its kind is not simulated."
                                   : "The site has no device " + id + ".");
}

Control::Answer Control::Server::list() const {
  boost::json::array all;
  for (const std::shared_ptr<Device>& device : devices) {
    boost::json::object about = device->describe();
    about.erase("sheets");
    about["simulated"] = true;
    all.push_back(std::move(about));
  }
  for (const OtherEnd& other : others) {
    all.push_back({{"id", other.id}, {"kind", other.kind}, {"simulated", false}});
  }
  return {200, std::move(all)};
}

Control::Answer Control::Server::inject(const httplib::Request& request) const {
  Device* const device = find(request.matches[1]);
  if (device == nullptr) {
    return missing(request.matches[1]);
  }
  const std::optional<boost::json::object> body = body_of(request);
  const std::optional<Fault> fault = body ? parse_fault(text_of(*body, "kind")) : std::nullopt;
  if (!fault) {
    return problem(400, "The body must be {\"kind\": …} with a known fault.");
  }
  if (!device->can_have(*fault)) {
    return problem(400, fmt::format("A {} cannot have the fault {}.", device->kind(), to_text(*fault)));
  }
  const auto ms = number_of(*body, "ms", 500, longest_delay_ms);
  const auto per_mille = number_of(*body, "per_mille", 50, 1000);
  if (!ms || !per_mille) {
    return problem(
        400, !ms ? "ms must be a number from 0 to 600000." : "per_mille must be a number from 0 to 1000.");
  }
  if (const std::string why = device->set_details(*fault, *body); !why.empty()) {
    return problem(400, why);
  }
  if (*fault == Fault::noise) {
    device->set_noise(static_cast<unsigned>(*per_mille));
  }
  device->inject(*fault, milliseconds(*ms));
  return {200, device->describe()};
}

Control::Answer Control::Server::clear(const httplib::Request& request) const {
  Device* const device = find(request.matches[1]);
  if (device == nullptr) {
    return missing(request.matches[1]);
  }
  std::optional<Fault> fault;
  if (request.has_param("kind")) {
    fault = parse_fault(request.get_param_value("kind"));
    if (!fault) {
      return problem(400, "There is no such fault.");
    }
  }
  device->clear(fault);
  return {200, device->describe()};
}

Control::Answer Control::Server::press(const httplib::Request& request) const {
  Device* const device = find(request.matches[1]);
  if (device == nullptr) {
    return missing(request.matches[1]);
  }
  const std::optional<boost::json::object> body = body_of(request);
  const std::string sentence = body ? device->press(text_of(*body, "key")) : "The body must be {\"key\": …}.";
  return sentence.empty() ? Answer{200, device->describe()} : problem(400, sentence);
}

Control::Answer Control::Server::put(const httplib::Request& request) const {
  Device* const device = find(request.matches[1]);
  if (device == nullptr) {
    return missing(request.matches[1]);
  }
  const std::optional<boost::json::object> body = body_of(request);
  const std::string sentence =
      body ? device->put(request.matches[2].str(), *body) : "The body must be a JSON object.";
  return sentence.empty() ? Answer{200, device->describe()} : problem(400, sentence);
}

void Control::Server::file(const httplib::Request& request, httplib::Response& response) const {
  Device* const device = find(request.matches[1]);
  if (device == nullptr) {
    reply(response, missing(request.matches[1]));
    return;
  }
  std::size_t sheet = 0;
  if (request.has_param("sheet")) {
    const std::string given = request.get_param_value("sheet");
    std::from_chars(given.data(), given.data() + given.size(), sheet);
  }
  int scale = 0;
  if (request.has_param("scale")) {
    const std::string given = request.get_param_value("scale");
    std::from_chars(given.data(), given.data() + given.size(), scale);
    if (scale < 1 || scale > most_scale) {
      reply(response, problem(400, "scale must be a number from 1 to 16."));
      return;
    }
  }
  const bool is_scaled = scale != 0 && request.matches[2] == "screen.png";
  std::optional<Device::File> file =
      is_scaled ? device->screen(scale) : device->file(request.matches[2].str(), sheet);
  if (!file) {
    reply(response, problem(404, "This device has no such thing, or not any more."));
    return;
  }
  response.set_content(file->body, file->content_type.c_str());
}

void Control::Server::routes() {
  using Request = httplib::Request;
  using Response = httplib::Response;
  http.Get("/sim", [this](const Request&, Response& out) { reply(out, list()); });
  http.Get("/sim/people", [this](const Request&, Response& out) { reply(out, extra.get_people()); });
  const auto with_body = [](const auto& use) {
    return [&use](const Request& in, Response& out) {
      const std::optional<boost::json::object> body = body_of(in);
      reply(out, body ? use(*body) : problem(400, "The body must be a JSON object."));
    };
  };
  http.Post("/sim/people", with_body(extra.post_people));
  http.Get(R"(/sim/([^/]+))", [this](const Request& in, Response& out) {
    Device* const device = find(in.matches[1]);
    reply(out, device == nullptr ? missing(in.matches[1]) : Answer{200, device->describe()});
  });
  http.Get(R"(/sim/([^/]+)/(paper\.png|screen\.png|bytes|names|inbox))",
           [this](const Request& in, Response& out) { file(in, out); });
  http.Post(R"(/sim/([^/]+)/fault)", [this](const Request& in, Response& out) { reply(out, inject(in)); });
  http.Delete(R"(/sim/([^/]+)/fault)", [this](const Request& in, Response& out) { reply(out, clear(in)); });
  http.Post(R"(/sim/([^/]+)/key)", [this](const Request& in, Response& out) { reply(out, press(in)); });
  http.Post(R"(/sim/([^/]+)/(case|scale|matter|staff|alert|bid|notice|day|appointment|inbox))",
            [this](const Request& in, Response& out) { reply(out, put(in)); });
  http.set_error_handler([](const Request& in, Response& out) {
    if (out.body.empty()) {
      reply(out, problem(out.status, "There is nothing at " + in.path + "."));
    }
  });
  http.set_exception_handler([](const Request&, Response& out, std::exception_ptr) {
    reply(out, problem(500, "The simulator failed."));
  });
}

Control::Control(std::vector<std::shared_ptr<Device>> devices, std::vector<OtherEnd> others, Extra extra)
    : server_(std::make_unique<Server>()) {
  server_->devices = std::move(devices);
  server_->others = std::move(others);
  server_->extra = std::move(extra);
  server_->routes();
}

Control::~Control() {
  server_->http.stop();
  if (server_->thread.joinable()) {
    server_->thread.join();
  }
}

std::string Control::start(const std::string& host, int port) {
  if (!is_loopback(host)) {
    return "The control address must be a loopback one, " + host + " is not.";
  }
  httplib::Server& http = server_->http;
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(1'000'000);
  http.set_keep_alive_timeout(2);
  http.set_payload_max_length(64 * 1024);
  http.new_task_queue = [] { return new httplib::ThreadPool(16); };
  server_->host = host;
  server_->port = port == 0 ? http.bind_to_any_port(host) : (http.bind_to_port(host, port) ? port : -1);
  if (server_->port < 0) {
    return fmt::format("The control address {}:{} is taken or not this machine's.", host, port);
  }
  server_->thread = std::thread([this] { server_->http.listen_after_bind(); });
  while (!http.is_running()) {
    std::this_thread::yield();  // stop() would be lost on a server that does not run yet
  }
  return {};
}

std::string Control::url() const {
  const bool six = server_->host.find(':') != std::string::npos;
  const std::string host = six ? "[" + server_->host + "]" : server_->host;
  return fmt::format("http://{}:{}", host, server_->port);
}

}  // namespace lobby::sim
