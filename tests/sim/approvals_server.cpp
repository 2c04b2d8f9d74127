#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <cctype>
#include <thread>
#include <utility>

#include "tests/sim/approval_raw.hpp"
#include "tests/sim/approvals.hpp"

namespace lobby::sim {
namespace {

constexpr milliseconds longest_silence{120'000};
constexpr milliseconds drip_pause{50};

ApprovalRequest request_of(const httplib::Request& in) {
  ApprovalRequest out;
  out.method = in.method;
  const std::size_t mark = std::min(in.target.find('?'), in.target.size());
  out.path = in.target.substr(0, mark);
  out.raw_query = in.target.substr(std::min(in.target.size(), mark + 1));
  out.body = in.body;
  for (const auto& [name, value] : in.params) {
    out.query[name] = value;
  }
  for (const auto& [name, value] : in.headers) {
    std::string lowered = name;
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out.headers[lowered] = value;
  }
  return out;
}

}  // namespace

struct Approvals::Server {
  explicit Server(const FeedEnd& end) {
    if (end.tls) {
      http = std::make_unique<httplib::SSLServer>(
          end.cert_file.c_str(), end.key_file.c_str(),
          end.client_ca_file.empty() ? nullptr : end.client_ca_file.c_str());
    } else {
      http = std::make_unique<httplib::Server>();
    }
  }
  std::unique_ptr<httplib::Server> http;
  std::thread thread;

  ~Server() {
    http->stop();
    if (thread.joinable()) {
      thread.join();
    }
  }
};

Approvals::Approvals(FeedEnd end, const WallClock& clock, std::uint64_t seed)
    : end_(std::move(end)),
      shape_(shape_of(end_.mapping)),
      clock_(clock),
      started_(clock.now()),
      book_(started_, end_.area_code, seed, end_.series),
      records_(started_, seed),
      native_(book_, records_) {}

Approvals::~Approvals() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  const std::lock_guard lock(server_mutex_);
  raw_.reset();
  server_.reset();
}

std::string Approvals::start() {
  fit_server();
  const std::lock_guard lock(server_mutex_);
  if (server_ != nullptr) {
    return {};
  }
  return fmt::format("{}:{} is taken{}.", end_.listen.host, end_.listen.port,
                     end_.tls ? ", or its certificate " + end_.cert_file + " cannot be used" : "");
}

bool Approvals::wait_for(milliseconds time) {
  std::unique_lock lock(mutex_);
  const auto is_silent = [&] { return faults_.set.has(Fault::silent); };
  const bool silent = is_silent();
  changed_.wait_for(lock, silent ? longest_silence : time,
                    [&] { return ending_ || faults_.set.has(Fault::gone) || (silent && !is_silent()); });
  return !ending_ && !faults_.set.has(Fault::gone);
}

void Approvals::wait_until_thawed() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest_silence, [this] {
    return ending_ || faults_.set.has(Fault::gone) || !faults_.set.has(Fault::freeze);
  });
}

void Approvals::open_raw(Fault fault) {
  const std::int64_t mb = [&] {
    const std::lock_guard lock(mutex_);
    return faults_.of(fault).mb;
  }();
  RawAnswer answer;
  answer.none = fault == Fault::freeze;
  if (!answer.none) {
    answer = fault == Fault::endless ? endless_answer(mb) : header_bomb_answer(mb);
  }
  raw_ = RawListener::open(
      end_.listen.host, end_.listen.port, std::move(answer), [this](const std::string& path) { count(path); },
      raw_bytes_);
}

void Approvals::fit_server() {
  bool wanted = false;
  std::optional<Fault> raw;
  {
    const std::lock_guard lock(mutex_);
    wanted = !faults_.set.has(Fault::gone) && !ending_;
    for (const Fault fault : {Fault::endless, Fault::header_bomb}) {
      raw = faults_.set.has(fault) ? std::optional(fault) : raw;
    }
    if (faults_.set.has(Fault::freeze) && !faults_.of(Fault::freeze).inside) {
      raw = Fault::freeze;
    }
  }
  const std::lock_guard lock(server_mutex_);
  raw_.reset();
  if (!wanted || raw) {
    server_.reset();
  }
  if (wanted && raw) {
    open_raw(*raw);
  } else if (wanted && server_ == nullptr) {
    open_server();
  }
}

void Approvals::open_server() {
  auto server = std::make_unique<Server>(end_);
  httplib::Server& http = *server->http;
  if (!http.is_valid()) {
    return;
  }
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(100);
  http.set_keep_alive_timeout(2);
  http.set_payload_max_length(1024 * 1024);
  http.new_task_queue = [] { return new httplib::ThreadPool(8); };
  const auto serve = [this](const httplib::Request& in, httplib::Response& out) {
    ApprovalFaults faults;
    {
      const std::lock_guard state(mutex_);
      faults = faults_;
    }
    if (!wait_for(faults.set.slow_by())) {
      out.status = 503;
      return;
    }
    ApprovalReply reply = answer(request_of(in));
    out.status = reply.status;
    bool is_encoded = false;
    for (const auto& [name, value] : reply.headers) {
      out.set_header(name.c_str(), value);
      is_encoded = is_encoded || name == "Content-Encoding";
    }
    const bool stops = faults.set.has(Fault::freeze) && !reply.body.empty();
    const bool drips = faults.set.has(Fault::drip) && !reply.body.empty();
    if (!drips && !stops && !is_encoded) {
      out.set_content(reply.body, reply.content_type.c_str());
      return;
    }
    // By a provider nothing is compressed (again), and the pace is ours.
    const std::size_t steps = static_cast<std::size_t>(
        std::max<std::int64_t>(1, drips ? faults.of(Fault::drip).ms / drip_pause.count() : 1));
    const std::size_t size = reply.body.size();
    const std::size_t piece = std::max<std::size_t>(1, stops ? size / 2 : size / steps);
    out.set_content_provider(size, reply.content_type.c_str(),
                             [this, body = std::move(reply.body), piece, drips, stops](
                                 std::size_t at, std::size_t left, httplib::DataSink& sink) {
                               if (stops && at != 0) {
                                 wait_until_thawed();
                                 return false;
                               }
                               return (!drips || wait_for(drip_pause)) &&
                                      sink.write(body.data() + at, std::min(left, piece));
                             });
  };
  http.Get(".*", serve);
  http.Post(".*", serve);
  if (!http.bind_to_port(end_.listen.host, end_.listen.port)) {
    return;
  }
  server->thread = std::thread([&http] { http.listen_after_bind(); });
  while (!http.is_running()) {
    std::this_thread::yield();
  }
  server_ = std::move(server);
}

bool Approvals::can_have(Fault fault) const {
  // What no HTTP server would say is said without TLS.
  const bool raw = fault == Fault::endless || fault == Fault::header_bomb;
  return ApprovalFaults::can_have(fault) && !(raw && end_.tls);
}

std::string Approvals::set_details(Fault fault, const boost::json::object& body) {
  const std::lock_guard lock(mutex_);
  return faults_.tell(fault, body);
}

void Approvals::inject(Fault fault, milliseconds slow_by) {
  {
    const std::lock_guard lock(mutex_);
    faults_.set.add(fault, slow_by);
  }
  changed_.notify_all();
  fit_server();
}

void Approvals::clear(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    if (fault) {
      faults_.set.remove(*fault);
    } else {
      faults_.set.clear();
    }
  }
  changed_.notify_all();
  fit_server();
}

}  // namespace lobby::sim
