#include "daemon/feed/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

namespace lobby::feed {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// What follows `key` and an equals sign, with or without quotes.
std::string value_after(std::string_view text, std::string_view key) {
  const std::string all = lower(text);
  std::size_t at = all.find(key);
  if (at == std::string::npos) {
    return {};
  }
  at = all.find_first_not_of(" \t", at + key.size());
  if (at == std::string::npos || all[at] != '=') {
    return {};
  }
  at = all.find_first_not_of(" \t\"'", at + 1);
  return at == std::string::npos ? std::string() : all.substr(at, all.find_first_of(" \t\"';?>,", at) - at);
}

/// `<?xml … ?>`, empty when there is none.
std::string_view xml_line(std::string_view body) {
  constexpr std::size_t longest = 256;
  const std::size_t close =
      body.starts_with("<?xml") ? body.substr(0, longest).find("?>") : std::string_view::npos;
  return close == std::string_view::npos ? std::string_view() : body.substr(0, close + 2);
}

bool is_gb(std::string_view charset) {
  constexpr std::string_view names[] = {"gb18030", "gbk",   "gb2312", "gb_2312-80", "cp936",
                                        "ms936",   "x-gbk", "euc-cn", "windows-936"};
  return std::find(std::begin(names), std::end(names), charset) != std::end(names);
}

/// Every lead byte has its trail; overlong forms and surrogates are the parser's to refuse.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t size = byte < 0x80          ? 1
                             : byte >> 5U == 0x6  ? 2
                             : byte >> 4U == 0xE  ? 3
                             : byte >> 3U == 0x1E ? 4
                                                  : 0;
    if (size == 0 || i + size > text.size()) {
      return false;
    }
    for (std::size_t k = 1; k < size; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80) {
        return false;
      }
    }
    i += size;
  }
  return true;
}

class GbReader {
 public:
  GbReader() : handle_(::iconv_open("UTF-8", "GB18030")) {}
  ~GbReader() {
    if (good()) {
      ::iconv_close(handle_);
    }
  }
  GbReader(const GbReader&) = delete;
  GbReader& operator=(const GbReader&) = delete;
  bool good() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  std::string convert(std::string body) const {
    std::string out;
    out.reserve(body.size() + body.size() / 2);
    std::array<char, 16 * 1024> piece{};
    char* in = body.data();
    std::size_t left = body.size();
    while (left > 0) {
      char* to = piece.data();
      std::size_t room = piece.size();
      const bool stopped = ::iconv(handle_, &in, &left, &to, &room) == static_cast<std::size_t>(-1);
      out.append(piece.data(), piece.size() - room);
      if (stopped && errno != E2BIG) {
        out += "\xEF\xBF\xBD";
        ++in;
        --left;
      }
    }
    return out;
  }

 private:
  iconv_t handle_;
};

}  // namespace

std::variant<std::string, Failure> to_utf8(std::string body, std::string_view content_type) {
  if (body.starts_with(utf8_mark)) {
    body.erase(0, utf8_mark.size());
  } else {
    std::string charset = value_after(content_type, "charset");
    if (charset.empty()) {
      charset = value_after(xml_line(body), "encoding");
    }
    if (is_gb(charset)) {
      const GbReader reader;
      if (!reader.good()) {
        return Failure{Failure::Kind::trouble,
                       "this machine cannot convert GB 18030: its gconv modules are missing",
                       {}};
      }
      body = reader.convert(std::move(body));
    }
  }
  body.erase(0, xml_line(body).size());
  return body;
}

std::variant<std::string, Failure> file_to_utf8(std::string body) {
  const bool declared = !value_after(xml_line(body), "encoding").empty();
  const std::string_view type = declared || is_utf8(body) ? "" : "charset=gb18030";
  return to_utf8(std::move(body), type);
}

}  // namespace lobby::feed
