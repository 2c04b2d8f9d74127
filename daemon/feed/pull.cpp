#include "daemon/feed/pull.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>

#include "daemon/feed/secrets.hpp"
#include "daemon/feed/strict_json.hpp"
#include "daemon/feed/url.hpp"

namespace lobby::feed {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds connect_within{5};
constexpr seconds read_within{20};  // between two bytes; the deadline bounds the sum
constexpr std::size_t largest_body = JsonBounds{}.body;
constexpr int bad_content = 422;
constexpr std::size_t longest_complaint = 16 * 1024;  // of a 422

Failure trouble(std::string reason) {
  return {Failure::Kind::trouble, std::move(reason), std::nullopt};
}

/// What the peer has sent in one exchange, and how much of it is borne. The library keeps a line of any
/// length, and matches the first one by a regular expression that takes stack for each of its bytes.
struct Inflow {
  static constexpr std::size_t longest_line = 1024;
  static constexpr std::size_t longest_head = 64 * 1024;
  static constexpr std::size_t most = 2 * largest_body;  // as it comes, with what chunks add

  Deadline until;
  bool in_body = false;
  bool too_much = false;
  bool hung_up = false;  ///< the peer ended the connection, or said by TLS why it does
  std::size_t line = 0;  ///< of the first line; SIZE_MAX: it is over
  std::size_t bytes = 0;

  bool bear(std::string_view piece) {
    bytes += piece.size();
    if (!in_body && line != SIZE_MAX) {
      line = piece.find('\n') == std::string_view::npos ? line + piece.size() : SIZE_MAX;
    }
    const bool long_line = !in_body && line != SIZE_MAX && line > longest_line;
    too_much = too_much || long_line || bytes > (in_body ? most : longest_head);
    return !too_much;
  }
};

/// The library's own streams, with a deadline and a bound.
class BoundedStream final : public httplib::Stream {
 public:
  BoundedStream(int socket, SSL* tls, Inflow& inflow) : socket_(socket), tls_(tls), inflow_(inflow) {}

  bool is_readable() const override { return ready(POLLIN); }
  bool is_writable() const override { return ready(POLLOUT); }
  ssize_t read(char* to, std::size_t size) override {
    if (begin_ == end_) {
      const ssize_t got = receive();
      if (got <= 0) {
        return got;
      }
      begin_ = 0;
      end_ = static_cast<std::size_t>(got);
    }
    const std::size_t taken = std::min(size, end_ - begin_);
    std::copy_n(buffer_.data() + begin_, taken, to);
    begin_ += taken;
    return inflow_.bear({to, taken}) ? static_cast<ssize_t>(taken) : -1;
  }
  ssize_t write(const char* from, std::size_t size) override {
    if (!ready(POLLOUT)) {
      return -1;
    }
    if (tls_ != nullptr) {
      const int part = static_cast<int>(std::min(size, std::size_t{INT_MAX}));
      const int done = SSL_write(tls_, from, part);
      inflow_.hung_up = inflow_.hung_up || done <= 0;
      return done > 0 ? done : -1;
    }
    return ::send(socket_, from, size, MSG_NOSIGNAL);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }

 private:
  bool ready(short what) const {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(inflow_.until - std::chrono::steady_clock::now());
      const auto wait = std::min<milliseconds>(left, read_within);
      pollfd one{socket_, what, 0};
      const int n = wait.count() > 0 ? ::poll(&one, 1, static_cast<int>(wait.count())) : 0;
      if (n >= 0 || errno != EINTR) {
        return n > 0;
      }
    }
  }
  ssize_t receive() {
    for (;;) {
      const bool waiting = tls_ != nullptr && SSL_pending(tls_) > 0;
      if (!waiting && !ready(POLLIN)) {
        return -1;
      }
      if (tls_ == nullptr) {
        const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (got >= 0 || errno != EINTR) {
          return got;
        }
        continue;
      }
      const int got = SSL_read(tls_, buffer_.data(), static_cast<int>(buffer_.size()));
      if (got > 0 || SSL_get_error(tls_, got) != SSL_ERROR_WANT_READ) {
        inflow_.hung_up = inflow_.hung_up || got <= 0;
        return got;
      }
    }
  }

  int socket_;
  SSL* tls_;
  Inflow& inflow_;
  std::array<char, 16 * 1024> buffer_{};
  std::size_t begin_ = 0, end_ = 0;
};

/// The library's client, on our stream.
template <class Base>
class Bounded final : public Base {
 public:
  Bounded(const Settings& settings, const Url& url, Inflow& inflow)
      : Base(url.host, url.port, settings.client_cert_file, settings.client_key_file), inflow_(inflow) {}

 private:
  bool process_socket(const typename Base::Socket& socket,
                      std::function<bool(httplib::Stream&)> callback) override {
    BoundedStream stream(socket.sock, socket.ssl, inflow_);
    return callback(stream);
  }
  Inflow& inflow_;
};

/// Ends what the client is doing when the time is over: connecting and shaking hands are not on our stream.
class Watch {
 public:
  Watch(httplib::ClientImpl& client, Deadline until) : client_(client) {
    client_.set_socket_options([this](int socket) { socket_ = socket; });
    watcher_ = std::thread([this, until] { watch(until); });
  }
  ~Watch() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    watcher_.join();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  void watch(Deadline until) {
    std::unique_lock lock(mutex_);
    if (wake_.wait_until(lock, until, [this] { return done_; })) {
      return;
    }
    // Again and again: stop() only ends a request that has begun, and a socket may just be made. What else
    // may have got its number by now is no socket, or one that is too late as well.
    do {
      ::shutdown(socket_, SHUT_RDWR);
      lock.unlock();
      client_.stop();
      lock.lock();
    } while (!wake_.wait_for(lock, milliseconds(100), [this] { return done_; }));
  }

  httplib::ClientImpl& client_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::atomic<int> socket_ = -1;
  std::thread watcher_;
};

bool is_larger(const std::string& content_length) {
  std::uint64_t length = 0;
  const auto [end, error] =
      std::from_chars(content_length.data(), content_length.data() + content_length.size(), length);
  return error == std::errc::result_out_of_range || (error == std::errc() && length > largest_body);
}

/// Shorter than anybody's header should be; what it is compared with is short too.
std::string header(const httplib::Response& response, const char* name) {
  constexpr std::size_t longest = 512;
  std::string value = response.get_header_value(name);
  const bool visible = std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return visible && value.size() <= longest ? value : std::string();
}

struct Received {
  Reply reply;
  bool too_large = false;
};

httplib::Request to_request(const FilledRequest& filled, Inflow& inflow, Received& received) {
  httplib::Request request;
  request.method = filled.post ? "POST" : "GET";
  request.path = filled.target;
  request.body = filled.post ? filled.body : std::string();
  request.set_header("Accept", "application/json, application/xml, text/xml, */*;q=0.1");
  request.set_header("Accept-Encoding", "gzip");
  for (const auto& [name, value] : filled.headers) {
    request.headers.erase(name);
    request.set_header(name, value);
  }
  request.response_handler = [&inflow, &received](const httplib::Response& response) {
    Reply& reply = received.reply;
    reply.status = response.status;
    reply.retry_after = header(response, "Retry-After");
    reply.date = header(response, "Date");
    reply.etag = header(response, "ETag");
    reply.cache_control = header(response, "Cache-Control");
    reply.content_type = header(response, "Content-Type");
    received.too_large = is_larger(response.get_header_value("Content-Length"));
    inflow.in_body = true;
    return ((reply.status >= 200 && reply.status < 300) || reply.status == bad_content) &&
           !received.too_large;
  };
  request.content_receiver = [&received](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    std::string& body = received.reply.body;
    const bool complains = received.reply.status == bad_content;
    received.too_large = body.size() + size > (complains ? longest_complaint : largest_body);
    if (!received.too_large) {
      body.append(data, size);
    }
    return !received.too_large;
  };
  return request;
}

/// Of a certificate that OpenSSL has looked at; what it finds nothing wrong with is for another name.
std::string_view reason_of_distrust(long result) {
  switch (result) {
    case X509_V_OK:
      return "it is for another name than the url's";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "it has expired, or this machine's clock is wrong";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "it is not valid yet, or this machine's clock is wrong";
    default:
      return "nobody who is known has signed it, set ca_file";
  }
}

class HttpWire final : public Wire {
 public:
  /// `tls`: the client, where it is one for TLS.
  HttpWire(std::unique_ptr<httplib::ClientImpl> client, const httplib::SSLClient* tls,
           std::unique_ptr<Inflow> inflow, const Settings& settings)
      : settings_(settings),
        inflow_(std::move(inflow)),
        tls_(tls),
        client_(std::move(client)),
        watch_(*client_, inflow_->until) {}

  std::variant<Reply, Failure> exchange(const FilledRequest& filled) override {
    try {
      return send(filled);
    } catch (const std::bad_alloc&) {
      // The process lives under a memory limit; what the answer took is free again here.
      return trouble("the answer needs more memory than this feed may use");
    }
  }

 private:
  std::variant<Reply, Failure> send(const FilledRequest& filled) {
    *inflow_ = Inflow{inflow_->until};
    Received received;
    auto request = to_request(filled, *inflow_, received);
    httplib::Response response;
    auto error = httplib::Error::Success;
    const bool whole = !passed() && client_->send(request, response, error);
    const int status = received.reply.status;
    // Of what is no success the head is all that counts.
    const bool told = status != 0 && (status < 200 || status >= 300);
    if (passed() && !(told || whole)) {
      return trouble(fmt::format("no whole answer within {} s", settings_.total_s));
    }
    if (whole || told) {
      return std::move(received.reply);
    }
    return failure_of(error, received);
  }

  bool passed() const { return std::chrono::steady_clock::now() >= inflow_->until; }

  Failure failure_of(httplib::Error error, const Received& received) const {
    if (received.too_large || (inflow_->too_much && inflow_->in_body)) {
      return trouble(fmt::format("the answer is longer than {} MiB", largest_body / 1024 / 1024));
    }
    if (inflow_->too_much) {
      return trouble("the head of the answer is longer than any is");
    }
    if (received.reply.status != 0) {
      return trouble("the upstream broke off its answer");
    }
    switch (error) {
      case httplib::Error::BindIPAddress:
        return trouble("the interface or address that the feed is bound to is not there");
      case httplib::Error::SSLLoadingCerts:
        return trouble("the CA file cannot be used");
      case httplib::Error::SSLServerVerification:
        return trouble(fmt::format("the upstream's certificate is not to be trusted: {}",
                                   reason_of_distrust(tls_->get_openssl_verify_result())));
      case httplib::Error::SSLConnection:
        return trouble("the upstream cannot be reached: no TLS connection, or it refuses our certificate");
      default:
        break;
    }
    // By TLS 1.3 the handshake is over for us before the upstream has seen our certificate.
    if (tls_ != nullptr && inflow_->hung_up && inflow_->bytes == 0) {
      return trouble(
          "the upstream ends the TLS connection without an answer: it may want a certificate of ours, or "
          "not know the one in client_cert_file");
    }
    return trouble(fmt::format("the upstream cannot be reached: {}", httplib::to_string(error)));
  }

  const Settings& settings_;
  std::unique_ptr<Inflow> inflow_;
  const httplib::SSLClient* tls_;  ///< client_, or nullptr
  std::unique_ptr<httplib::ClientImpl> client_;
  Watch watch_;
};

std::optional<Failure> set_proxy(httplib::ClientImpl& client, const Settings& settings) {
  const auto proxy = settings.proxy.empty() ? std::nullopt : parse_host_port(settings.proxy);
  if (!proxy) {
    return std::nullopt;
  }
  client.set_proxy(proxy->host, proxy->port);
  if (!settings.proxy_file.empty()) {
    const Token secret = read_token(settings.proxy_file);
    if (!secret.fault.empty()) {
      return Failure{Failure::Kind::unauthorised, secret.fault, {}, false, true};
    }
    const std::size_t colon = std::min(secret.text.find(':'), secret.text.size());
    client.set_proxy_basic_auth(secret.text.substr(0, colon),
                                secret.text.substr(std::min(colon + 1, secret.text.size())));
  }
  return std::nullopt;
}

void set_up(httplib::ClientImpl& client, const Settings& settings) {
  client.set_connection_timeout(connect_within);
  client.set_read_timeout(std::min(read_within, seconds(settings.total_s)));
  client.set_write_timeout(connect_within);
  client.set_tcp_nodelay(true);
  client.set_keep_alive(true);
  client.set_follow_location(false);
  client.set_url_encode(false);
  if (!settings.bind.empty()) {
    client.set_interface(settings.bind);
  }
  if (!settings.ca_file.empty()) {
    client.set_ca_cert_path(settings.ca_file);
  }
}

}  // namespace

std::variant<std::unique_ptr<Wire>, Failure> http_wire(const Settings& settings, Deadline until) {
  const auto url = parse_url(settings.url);
  if (!url) {
    return trouble("the url cannot be used");
  }
  if (!settings.client_key_file.empty()) {
    if (std::string fault = fault_of_key_file(settings.client_key_file); !fault.empty()) {
      return Failure{Failure::Kind::unauthorised, std::move(fault), {}, false, true};
    }
  }
  auto inflow = std::make_unique<Inflow>(Inflow{until});
  std::unique_ptr<httplib::ClientImpl> client;
  const httplib::SSLClient* as_tls = nullptr;
  if (url->tls) {
    auto tls = std::make_unique<Bounded<httplib::SSLClient>>(settings, *url, *inflow);
    if (!tls->is_valid()) {
      return trouble("the client's certificate or key cannot be used");
    }
    SSL_CTX_set_min_proto_version(tls->ssl_context(), TLS1_2_VERSION);
    as_tls = tls.get();
    client = std::move(tls);
  } else {
    client = std::make_unique<Bounded<httplib::ClientImpl>>(settings, *url, *inflow);
  }
  set_up(*client, settings);
  if (auto failure = set_proxy(*client, settings)) {
    return *std::move(failure);
  }
  return std::make_unique<HttpWire>(std::move(client), as_tls, std::move(inflow), settings);
}

}  // namespace lobby::feed
