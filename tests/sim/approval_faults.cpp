#include "tests/sim/approval_faults.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <utility>

#include "tests/sim/json_text.hpp"

namespace lobby::sim {
namespace {

constexpr std::size_t megabyte = 1U << 20;

struct NumberOf {
  std::string_view key;
  std::int64_t ApprovalFault::*field;
  std::int64_t least, most;
};

constexpr std::array<NumberOf, 6> numbers{{{"ms", &ApprovalFault::ms, 0, 600'000},
                                           {"offset_s", &ApprovalFault::offset_s, -400'000'000, 400'000'000},
                                           {"retry_after_s", &ApprovalFault::retry_after_s, 0, 1'000'000},
                                           {"mb", &ApprovalFault::mb, 0, 4'096},
                                           {"depth", &ApprovalFault::depth, 1, 1'000'000},
                                           {"rows", &ApprovalFault::rows, 0, 10'000}}};

bool is_xml(const ApprovalShape& shape) {
  return shape.content_type.starts_with("text/xml");
}

/// At the beginning of the text of the first such element, where the document lies escaped in another.
void insert_into_element(std::string& body, const std::string& name, const std::string& addition) {
  const std::size_t open = body.find("&lt;" + name);
  const std::size_t end = open == std::string::npos ? open : body.find("&gt;", open);
  if (end != std::string::npos) {
    body.insert(end + 4, addition);
  }
}

/// Before the applicant's name in the first row. In `pattern` {0} is a quote, {1} the name's key and {2} a
/// backslash: a row may lie within a text, where they are escaped.
void insert_before_name(std::string& body, const ApprovalShape& shape, const std::string& pattern) {
  for (const auto& [quote, backslash] : {std::pair("\"", "\\"), std::pair("\\\"", "\\\\")}) {
    const std::size_t at = body.find(fmt::format("{0}{1}{0}", quote, shape.name_key));
    if (at != std::string::npos) {
      body.insert(at, fmt::format(fmt::runtime(pattern), quote, shape.name_key, backslash));
      return;
    }
  }
}

/// One deflate block of a megabyte of spaces that stands alone: it may be repeated as it is.
std::string spaces_block(z_stream& stream) {
  const std::string spaces(megabyte, ' ');
  std::string out(64 * 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(spaces.data()));
  stream.avail_in = static_cast<uInt>(spaces.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FULL_FLUSH);
  out.resize(out.size() - stream.avail_out);
  return out;
}

void append_number(std::string& out, std::uint32_t number) {
  for (int i = 0; i < 4; ++i) {
    out += static_cast<char>(number >> (8 * i));
  }
}

}  // namespace

std::string ApprovalFaults::tell(Fault fault, const boost::json::object& body) {
  ApprovalFault one;
  one.only = text(body, "only");
  one.to = text(body, "to");
  one.as_date = is_true(body, "as_date");
  one.entities = is_true(body, "entities");
  one.inside = is_true(body, "inside");
  for (const NumberOf& number : numbers) {
    const boost::json::value* const given = body.if_contains(number.key);
    if (given == nullptr) {
      continue;
    }
    if (!given->is_int64() || given->get_int64() < number.least || given->get_int64() > number.most) {
      return fmt::format("{} must be a number from {} to {}.", number.key, number.least, number.most);
    }
    one.*number.field = given->get_int64();
  }
  told_[fault] = std::move(one);
  return {};
}

const ApprovalFault& ApprovalFaults::of(Fault fault) const {
  static const ApprovalFault usual;
  const auto found = told_.find(fault);
  return found == told_.end() ? usual : found->second;
}

bool ApprovalFaults::hits(Fault fault, const std::string& resource) const {
  const std::string& only = of(fault).only;
  return set.has(fault) && (only.empty() || only == (resource.empty() ? "/" : resource));
}

bool ApprovalFaults::can_have(Fault fault) {
  switch (fault) {
    case Fault::gone:
    case Fault::silent:
    case Fault::freeze:
    case Fault::slow:
    case Fault::garbage:
    case Fault::corrupt:
    case Fault::refuse:
      return true;
    default:
      return fault >= Fault::empty && fault <= Fault::wrong_charset;
  }
}

std::string login_page() {
  return "<!DOCTYPE html><html><head><title>统一身份认证平台</title></head><body><form action=\"/sso/login\" "
         "method=\"post\"><input name=\"username\"/><input name=\"password\" "
         "type=\"password\"/></form></body></html>\n";
}

std::string deep_body(const ApprovalShape& shape, std::int64_t depth, bool entities) {
  std::string out;
  if (!is_xml(shape)) {
    const auto count = static_cast<std::size_t>(depth);
    return "{\"code\":0,\"data\":" + std::string(count, '[') + std::string(count, ']') + "}";
  }
  if (entities) {
    out = "<?xml version=\"1.0\"?>\n<!DOCTYPE response [\n<!ENTITY e0 \"aaaaaaaaaa\">\n";
    for (int level = 1; level < 10; ++level) {
      out += fmt::format("<!ENTITY e{} \"", level);
      for (int i = 0; i < 10; ++i) {
        out += fmt::format("&e{};", level - 1);
      }
      out += "\">\n";
    }
    return out + "]>\n<response><head><code>&e9;</code></head></response>\n";
  }
  out = "<?xml version=\"1.0\"?>\n";
  for (std::int64_t i = 0; i < depth; ++i) {
    out += "<a>";
  }
  for (std::int64_t i = 0; i < depth; ++i) {
    out += "</a>";
  }
  return out;
}

std::string with_nan(std::string body, const ApprovalShape& shape) {
  if (is_xml(shape)) {
    insert_into_element(body, std::string(shape.name_key), "&amp;fee;");
  } else {
    insert_before_name(body, shape, "{0}fee{0}:NaN,");
  }
  return body;
}

std::string half_name() {
  return "半某名";
}

std::string with_half_names(std::string body, const ApprovalShape& shape) {
  if (is_xml(shape)) {
    insert_into_element(body, std::string(shape.name_key), fmt::format("&amp;#xD842;{}", half_name()));
  } else {
    insert_before_name(body, shape, "{0}{1}{0}:{0}{2}ud842" + half_name() + "{0},");
  }
  return body;
}

std::string gzip_bomb(std::int64_t mb) {
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  const std::string block = spaces_block(stream);
  std::string out("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10);
  const std::string spaces(megabyte, ' ');
  const uLong one = ::crc32(0, reinterpret_cast<const Bytef*>(spaces.data()), static_cast<uInt>(megabyte));
  uLong sum = ::crc32(0, nullptr, 0);
  for (std::int64_t i = 0; i < mb; ++i) {
    out += block;
    sum = ::crc32_combine(sum, one, static_cast<z_off_t>(megabyte));
  }
  ::deflateEnd(&stream);
  // An empty last block of fixed codes.
  out += std::string("\x03\x00", 2);
  append_number(out, static_cast<std::uint32_t>(sum));
  append_number(out, static_cast<std::uint32_t>(static_cast<std::uint64_t>(mb) * megabyte));
  return out;
}

}  // namespace lobby::sim
