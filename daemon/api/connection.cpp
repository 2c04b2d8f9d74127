#include "daemon/api/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <utility>

#include "daemon/api/crowd.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/views.hpp"

namespace lobby::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t read_size = 4096;
constexpr std::size_t most_discarded = 1024 * 1024;

bool must_wait(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again;
}

std::string head_of(const Response& response, bool keeps_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  head.append(reason.data(), reason.size());
  if (response.status != 204 && response.status != 304) {
    head += "\r\nContent-Type: " + response.content_type +
            "\r\nContent-Length: " + std::to_string(response.body.size());
  }
  head += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n" + response.headers;
  head += keeps_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return head;
}

std::string stream_head(const EventCursor& cursor, bool head_only) {
  const bool events = cursor.form == EventCursor::Form::event_stream;
  const bool chunked = cursor.form == EventCursor::Form::chunked_lines;
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: ";
  head += events ? "text/event-stream" : "application/x-ndjson";
  head += chunked ? "\r\nTransfer-Encoding: chunked" : "\r\nConnection: close";
  head += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Accel-Buffering: no\r\n\r\n";
  return events && !head_only ? head + ": connected\n\n" : head;
}

asio::ip::address address_of(const asio::ip::tcp::socket& socket) {
  error_code error;
  auto address = socket.remote_endpoint(error).address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  }
  return address;
}

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
    case http::verb::head:
      return Method::get;
    case http::verb::post:
      return Method::post;
    case http::verb::delete_:
      return Method::del;
    default:
      return Method::other;
  }
}

}  // namespace

Connection::Connection(Connections& all, asio::ip::tcp::socket socket)
    : all_(all), socket_(std::move(socket)), address_(address_of(socket_)) {}

void Connection::start(std::list<std::shared_ptr<Connection>>::iterator place) {
  place_ = place;
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  // A client whose machine went silently: its unread heartbeats end it within this time.
  const unsigned silence_ms = 60'000;
  ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof silence_ms);
  await_request();
}

void Connection::close() {
  if (state_ == State::closed) {
    return;
  }
  auto& counters = all_.desk.counters;
  counters.streams -= state_ == State::streaming ? 1 : 0;
  --counters.connections;
  state_ = State::closed;
  error_code ignored;
  socket_.close(ignored);
  const auto self = std::move(*place_);
  all_.open.erase(place_);
}

void Connection::check_deadline(Options::MonoTime now) {
  if (now < deadline_ || state_ == State::closed) {
    return;
  }
  if (state_ == State::reading || state_ == State::writing || state_ == State::streaming) {
    ++all_.desk.counters.late;
  }
  close();
}

Connection::Standing Connection::standing() const {
  switch (state_) {
    case State::idle:
      return Standing::idle;
    case State::lingering:
      return Standing::lingers;
    case State::reading:
      return call_ ? Standing::sends_body : Standing::sends_head;
    case State::writing:
      return Standing::reads_slowly;
    case State::streaming:
      return Standing::streams;
    default:
      return Standing::waits;
  }
}

// --- reading ---

void Connection::await_request() {
  enter(State::idle);
  set_deadline(options().idle_time);
  if (buffer_.size() == 0) {
    buffer_.shrink_to_fit();
    return wait_readable();
  }
  // Pipelined requests take turns with everybody else's.
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->state_ == State::idle) {
      self->parse();
    }
  });
}

void Connection::wait_readable() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    if (self->state_ == State::closed) {
      return;
    }
    if (error) {
      return self->close();
    }
    self->on_readable();
  });
}

void Connection::on_readable() {
  if (state_ == State::streaming || state_ == State::lingering) {
    return discard();
  }
  if (fill_buffer()) {
    parse();
  }
}

/// false: nothing to parse now; it waits for more, or is closed.
bool Connection::fill_buffer() {
  error_code error;
  const std::size_t room = std::min(read_size, buffer_.max_size() - buffer_.size());
  const std::size_t size = socket_.read_some(buffer_.prepare(room), error);
  buffer_.commit(size);
  if (must_wait(error)) {
    wait_readable();
    return false;
  }
  if (error) {
    close();
    return false;
  }
  return true;
}

void Connection::parse() {
  if (state_ == State::idle) {
    enter(State::reading);
    set_deadline(options().request_time);
    told_to_continue_ = false;
    head_only_ = false;
    parser_ = std::make_unique<Parser>();
    parser_->header_limit(static_cast<std::uint32_t>(options().head_limit));
    parser_->body_limit(options().body_limit);
  }
  error_code error;
  while (!error && !parser_->is_done()) {
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (!error && parser_->is_header_done() && !call_ && !admit_head()) {
      return;
    }
    if (!error && buffer_.size() == 0) {
      break;
    }
  }
  if (error && error != http::error::need_more) {
    return refuse(error);
  }
  if (parser_->is_done()) {
    return hand_over();
  }
  // What the parser cannot use yet is a line of the head, or of a chunk's: neither may be longer than a head.
  if (buffer_.size() >= options().head_limit) {
    return refuse(http::error::header_limit);
  }
  continue_if_expected();
  wait_readable();
}

void Connection::continue_if_expected() {
  if (!told_to_continue_ && parser_->is_header_done() &&
      boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    told_to_continue_ = true;
    error_code ignored;  // a client that cannot take these few bytes will not send its body either
    socket_.write_some(asio::buffer("HTTP/1.1 100 Continue\r\n\r\n", 25), ignored);
  }
}

void Connection::refuse(const error_code& error) {
  const bool head = error == http::error::header_limit || error == http::error::buffer_overflow;
  const bool body = error == http::error::body_limit;
  const auto limit = call_ ? body_limit_of(all_.desk, *call_) : options().body_limit;
  keeps_alive_ = false;
  enter(State::handling);
  respond(to_response(
      head   ? too_large("the head of the request is larger than " + std::to_string(options().head_limit) +
                         " bytes")
      : body ? too_large("the body of the request is larger than " + std::to_string(limit) + " bytes")
             : bad_request("this is not an HTTP request: " + error.message())));
}

/// The head says who asks for what: of those who are not let in no body is read, however many they are.
bool Connection::admit_head() {
  head_only_ = parser_->get().method() == http::verb::head;
  call_ = std::make_unique<Call>();
  call_->request = head_of_request();
  if (const auto problem = admit(all_.desk, *call_)) {
    turn_away(*problem);
    return false;
  }
  const auto limit = body_limit_of(all_.desk, *call_);
  if (parser_->content_length().value_or(0) > limit) {
    refuse(http::error::body_limit);
    return false;
  }
  parser_->body_limit(limit);
  parser_->eager(true);
  return true;
}

void Connection::turn_away(const Problem& problem) {
  keeps_alive_ = parser_->is_done() && parser_->get().keep_alive();
  enter(State::handling);
  parser_.reset();
  call_.reset();
  respond(to_response(problem));
}

void Connection::hand_over() {
  enter(State::handling);
  deadline_ = Options::MonoTime::max();
  keeps_alive_ = parser_->get().keep_alive();
  auto call = std::move(*call_);
  call.request.body = std::move(parser_->get().body());
  call.exchange = shared_from_this();
  parser_.reset();
  call_.reset();
  serve(all_.desk, std::move(call));
}

Request Connection::head_of_request() const {
  const auto& message = parser_->get();
  const auto text = [&](auto name) {
    const auto value = message[name];
    return std::string(value.data(), value.size());
  };
  const auto optional = [&](auto name) {
    return message.find(name) == message.end() ? std::nullopt : std::optional(text(name));
  };
  Request request;
  request.method = method_of(message.method());
  request.target.assign(message.target().data(), message.target().size());
  request.authorization = text(http::field::authorization);
  request.cookie = text(http::field::cookie);
  request.content_type = text(http::field::content_type);
  request.csrf = text("X-Lobby-CSRF");
  request.idempotency_key = optional("Idempotency-Key");
  request.if_none_match = optional("If-None-Match");
  request.last_event_id = optional("Last-Event-ID");
  request.address = address_.to_string();
  request.from_loopback = address_.is_loopback();
  request.http_1_0 = message.version() < 11;
  return request;
}

// --- writing ---

void Connection::respond(Response response) {
  if (state_ != State::handling) {
    return;
  }
  ++all_.desk.counters.answers[response.status];
  enter(State::writing);
  set_deadline(options().write_time);
  out_ = head_of(response, keeps_alive_);
  out_ += head_only_ ? std::string() : response.body;
  out_done_ = 0;
  flush();
}

void Connection::flush() {
  error_code error;
  while (out_done_ < out_.size()) {
    const std::size_t size =
        socket_.write_some(asio::buffer(out_.data() + out_done_, out_.size() - out_done_), error);
    out_done_ += size;
    if (must_wait(error)) {
      return wait_writable();
    }
    if (error) {
      return close();
    }
    set_deadline(options().write_time);
    since_ = options().now();
  }
  written();
}

void Connection::wait_writable() {
  if (waits_writable_) {
    return;
  }
  waits_writable_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](error_code error) {
    self->waits_writable_ = false;
    if (self->state_ == State::closed) {
      return;
    }
    if (error) {
      return self->close();
    }
    if (self->state_ == State::streaming) {
      self->send_events();
    } else {
      self->flush();
    }
  });
}

void Connection::written() {
  out_ = std::string();
  out_done_ = 0;
  if (keeps_alive_) {
    await_request();
  } else {
    linger();
  }
}

/// A client that still sends would lose our answer if we just closed: the kernel would reset the connection.
void Connection::linger() {
  enter(State::lingering);
  set_deadline(options().linger_time);
  buffer_ = {};
  parser_.reset();
  call_.reset();
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) {
    return close();
  }
  discard();
}

void Connection::discard() {
  std::array<char, read_size> nothing;
  error_code error;
  const std::size_t size = socket_.read_some(asio::buffer(nothing), error);
  discarded_ += state_ == State::lingering ? size : 0;
  if ((error && !must_wait(error)) || discarded_ > most_discarded) {
    return close();
  }
  wait_readable();
}

// --- streams ---

void Connection::stream(EventCursor cursor) {
  if (state_ != State::handling) {
    return;
  }
  auto& counters = all_.desk.counters;
  ++counters.answers[200];
  keeps_alive_ = keeps_alive_ && cursor.form == EventCursor::Form::chunked_lines;
  out_ = stream_head(cursor, head_only_);
  out_done_ = 0;
  if (head_only_) {
    enter(State::writing);
    set_deadline(options().write_time);
    return flush();
  }
  make_room_for_stream(all_, cursor.account->name);
  ++counters.streams;
  enter(State::streaming);
  deadline_ = Options::MonoTime::max();
  cursor_ = std::make_unique<EventCursor>(std::move(cursor));
  if (cursor_->form == EventCursor::Form::event_stream) {
    buffer_ = {};
    wait_readable();  // to notice that the client has gone
  }
  send_events();
}

void Connection::pump() {
  if (!waits_writable_ && !snapshot_under_way_) {
    send_events();
  }
}

void Connection::beat() {
  if (cursor_->form != EventCursor::Form::event_stream) {
    return;
  }
  const auto& account = *cursor_->account;
  const auto* now = all_.desk.accounts.find(account.name);
  const auto& session = cursor_->session;
  if (now == nullptr || now->revision != account.revision ||
      (session && !all_.desk.sessions.is_alive(*session))) {
    return close();
  }
  if (!waits_writable_ && !snapshot_under_way_ && out_.empty()) {
    out_ = ": alive\n\n";
    send_events();
  }
}

/// Sends what is there; comes back when more can be sent.
void Connection::send_events() {
  if (out_.empty() && !snapshot_under_way_) {
    if (all_.desk.streams.wants_snapshot(*cursor_)) {
      return begin_snapshot();
    }
    if (!all_.desk.streams.has_more(*cursor_)) {
      return end_of_lines();
    }
    all_.desk.streams.read(*cursor_, all_.scratch);
  }
  write_some_events();
}

void Connection::write_some_events() {
  error_code error;
  auto& piece = all_.scratch;
  const bool has_rest = !out_.empty();
  const std::string_view bytes = has_rest ? std::string_view(out_).substr(out_done_) : piece.bytes;
  const std::size_t size = bytes.empty() ? 0 : socket_.write_some(asio::buffer(bytes), error);
  if (error && !must_wait(error)) {
    return close();
  }
  if (has_rest) {
    out_done_ += size;
    if (out_done_ == out_.size()) {
      out_ = std::string();
      out_done_ = 0;
    }
  } else {
    out_ = Streams::take(*cursor_, piece, size);
  }
  if (size < bytes.size()) {
    // Only a client that takes nothing at all for a while is given up.
    if (size > 0 || deadline_ == Options::MonoTime::max()) {
      set_deadline(options().write_time);
    }
    return wait_writable();
  }
  deadline_ = Options::MonoTime::max();
  const auto& streams = all_.desk.streams;
  if (cursor_->form == EventCursor::Form::event_stream && !streams.has_more(*cursor_) &&
      !streams.wants_snapshot(*cursor_)) {
    return;
  }
  // Others have their turn before the next piece.
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->state_ == State::streaming) {
      self->pump();
    }
  });
}

void Connection::end_of_lines() {
  if (cursor_->form == EventCursor::Form::event_stream) {
    return;
  }
  const bool chunked = cursor_->form == EventCursor::Form::chunked_lines;
  --all_.desk.counters.streams;
  cursor_.reset();
  enter(State::writing);
  set_deadline(options().write_time);
  out_ = chunked ? "0\r\n\r\n" : "";
  flush();
}

void Connection::begin_snapshot() {
  snapshot_under_way_ = true;
  ++all_.desk.counters.snapshots;
  auto& backend = all_.desk.backend;
  backend.when_durable([self = shared_from_this(), &backend] {
    if (self->state_ != State::streaming) {
      return;
    }
    const auto now = backend.now();
    self->snapshot_under_way_ = false;
    self->cursor_->seq = backend.state().seq;
    self->out_ = snapshot_frame(
        self->cursor_->seq,
        hall_json(hall::hall_view(backend.site(), backend.state(), now, backend.estimates()), now));
    self->out_done_ = 0;
    self->send_events();
  });
}

}  // namespace lobby::api
