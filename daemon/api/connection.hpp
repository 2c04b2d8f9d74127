#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/call.hpp"

namespace lobby::api {

class Connection;

/// What the connections of a server share. Outlives their use of it: once closed, a connection touches
/// nothing of it any more.
struct Connections {
  Desk& desk;
  std::list<std::shared_ptr<Connection>> open;
  EventPiece scratch;  ///< one stream at a time is read into it
};

/// One client: reads a request, has it served, writes the answer, and so on; or becomes an event stream.
/// While it waits it holds no buffer, so a thousand idle ones or streams are cheap.
class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Connections& all, boost::asio::ip::tcp::socket socket);

  void start(std::list<std::shared_ptr<Connection>>::iterator place);
  /// Forgets the client at once.
  void close();

  // --- Exchange ---
  void respond(Response response) override;
  void stream(EventCursor cursor) override;

  bool is_streaming() const { return state_ == State::streaming; }
  /// Of one that streams: whose it is.
  const std::string& stream_of() const { return cursor_->account->name; }
  const boost::asio::ip::address& address() const { return address_; }
  /// In the order in which they make room for others. Who waits for an answer never does.
  enum class Standing : std::uint8_t { idle, lingers, sends_head, sends_body, reads_slowly, streams, waits };
  Standing standing() const;
  /// When it came to stand so, or last took a byte of its answer.
  Options::MonoTime since() const { return since_; }
  /// Cuts it off when it took too long.
  void check_deadline(Options::MonoTime now);
  /// New events may be there.
  void pump();
  /// A comment, so that both ends know the other is there; ends the stream of an account that changed, and of
  /// a login that has ended.
  void beat();

 private:
  enum class State : std::uint8_t { idle, reading, handling, writing, streaming, lingering, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  const Options& options() const { return all_.desk.options; }
  void set_deadline(std::chrono::milliseconds span) { deadline_ = options().now() + span; }
  void enter(State state) {
    state_ = state;
    since_ = options().now();
  }
  void await_request();
  void wait_readable();
  void on_readable();
  bool fill_buffer();
  void parse();
  void continue_if_expected();
  void refuse(const boost::system::error_code& error);
  bool admit_head();
  void turn_away(const Problem& problem);
  void hand_over();
  Request head_of_request() const;
  void flush();
  void written();
  void linger();
  void discard();
  void write_some_events();
  void send_events();
  void wait_writable();
  void end_of_lines();
  void begin_snapshot();

  Connections& all_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::ip::address address_;  ///< an IPv4 one also when it came by IPv6
  std::list<std::shared_ptr<Connection>>::iterator place_;
  State state_ = State::idle;
  Options::MonoTime deadline_ = Options::MonoTime::max();
  Options::MonoTime since_;
  boost::beast::flat_buffer buffer_;
  std::unique_ptr<Parser> parser_;
  std::unique_ptr<Call> call_;  ///< whose body is being read
  std::string out_;             ///< what is being written
  std::size_t out_done_ = 0;    ///< how much of it
  std::size_t discarded_ = 0;   ///< while lingering
  std::unique_ptr<EventCursor> cursor_;
  bool keeps_alive_ = true;
  bool head_only_ = false;  ///< HEAD: the answer's head as for GET, and not a byte more
  bool told_to_continue_ = false;
  bool waits_writable_ = false;
  bool snapshot_under_way_ = false;
};

}  // namespace lobby::api
