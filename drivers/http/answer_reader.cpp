#include "drivers/http/answer_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace lobby::http {
namespace {

constexpr int most_interim = 8;

AnswerReader::State state_of(boost::system::error_code ec) {
  using boost::beast::http::error;
  return ec == error::header_limit || ec == error::body_limit || ec == error::buffer_overflow
             ? AnswerReader::State::too_long
         : ec == error::partial_message || ec == error::end_of_stream ? AnswerReader::State::cut_off
                                                                      : AnswerReader::State::not_http;
}

}  // namespace

AnswerReader::AnswerReader(std::size_t head_limit, std::size_t body_limit)
    : head_limit_(head_limit), body_limit_(body_limit) {
  restart();
}

void AnswerReader::restart() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(head_limit_));
  parser_->body_limit(body_limit_);
}

AnswerReader::State AnswerReader::take(std::string_view bytes) {
  waiting_ += bytes;
  return read();
}

AnswerReader::State AnswerReader::read() {
  while (!waiting_.empty() && !parser_->is_done()) {
    boost::system::error_code ec;
    const auto size = parser_->put(boost::asio::buffer(std::as_const(waiting_)), ec);
    waiting_.erase(0, size);
    if (ec == boost::beast::http::error::need_more) {
      // The parser takes a head, or a line of a chunk, whole: what it leaves is the start of one.
      return waiting_.size() > head_limit_ ? State::too_long : State::incomplete;
    }
    if (ec) {
      return state_of(ec);
    }
    const auto status = parser_->get().result_int();
    if (parser_->is_header_done() && status < 100) {  // three digits are enough for the parser
      return State::not_http;
    }
    if (parser_->is_done() && status >= 100 && status < 200) {
      if (status == 101 || ++interim_ > most_interim) {
        return State::not_http;
      }
      restart();
    }
  }
  return parser_->is_done() ? State::whole : State::incomplete;
}

AnswerReader::State AnswerReader::take_end() {
  if (parser_->is_done()) {
    return State::whole;
  }
  boost::system::error_code ec;
  if (!parser_->got_some()) {
    return State::cut_off;
  }
  parser_->put_eof(ec);
  return ec ? state_of(ec) : parser_->is_done() ? State::whole : State::cut_off;
}

Answer AnswerReader::answer() const {
  const auto& message = parser_->get();
  Answer out;
  out.status = message.result_int();
  for (const auto& field : message) {
    out.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  out.body = message.body();
  return out;
}

bool AnswerReader::may_go_on() const {
  return parser_->is_done() && parser_->keep_alive() && waiting_.empty();
}

}  // namespace lobby::http
