#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/http/message.hpp"

namespace lobby::http {

/// Reads one answer from bytes as they come, within its bounds. Interim answers (1xx) are passed over. Pure.
class AnswerReader {
 public:
  enum class State : std::uint8_t { incomplete, whole, not_http, too_long, cut_off };

  AnswerReader(std::size_t head_limit, std::size_t body_limit);
  State take(std::string_view bytes);
  /// The far end has hung up: an answer without a length is whole then.
  State take_end();
  /// Once it is whole.
  Answer answer() const;
  /// The connection serves for another request: the answer says so, and nothing came behind it.
  bool may_go_on() const;

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
  void restart();
  State read();

  std::size_t head_limit_, body_limit_;
  std::optional<Parser> parser_;
  std::string waiting_;  ///< what the parser has not taken yet
  int interim_ = 0;
};

}  // namespace lobby::http
