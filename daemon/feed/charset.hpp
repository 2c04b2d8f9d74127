#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "daemon/feed/failure.hpp"

namespace lobby::feed {

/// A body in UTF-8. GB 18030 (and GBK, GB 2312, which are parts of it) is converted where a byte order mark,
/// the Content-Type, or the first line of XML says so, in this order; bytes that are no character of it
/// become U+FFFD. Anything else passes as it is. A byte order mark and XML's first line, which would name the
/// old encoding, are taken off.
std::variant<std::string, Failure> to_utf8(std::string body, std::string_view content_type);

/// The same for a file, which nobody declares: what is no UTF-8 is taken for GB 18030.
std::variant<std::string, Failure> file_to_utf8(std::string body);

}  // namespace lobby::feed
