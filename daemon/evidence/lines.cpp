#include "daemon/evidence/lines.hpp"

#include "daemon/evidence/key.hpp"

namespace lobby::evidence {
namespace {

constexpr unsigned char first_printable = 0x20;

/// Bytes of the UTF-8 character that this one begins; 0: none does.
std::size_t size_by_lead(unsigned lead) {
  if (lead < 0x80) {
    return 1;
  }
  return lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

/// Nothing that has a shorter form, no surrogate, nothing behind the last character.
bool may_follow(unsigned lead, unsigned second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

/// Bytes of the UTF-8 character at the front; 0: there is none.
std::size_t character_size(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = size_by_lead(at(0));
  if (size > text.size()) {
    return 0;
  }
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  return size < 2 || may_follow(at(0), at(1)) ? size : 0;
}

void append_escaped(std::string& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  constexpr std::string_view with_a_letter = "\b\t\n\f\r\"\\";
  constexpr std::string_view letters = "btnfr\"\\";
  if (const auto at = with_a_letter.find(static_cast<char>(c)); at != std::string_view::npos) {
    out.push_back('\\');
    out.push_back(letters[at]);
  } else if (c < first_printable) {
    out.append("\\u00").push_back(hex[c >> 4U]);
    out.push_back(hex[c & 0xfU]);
  } else {
    out.push_back(static_cast<char>(c));
  }
}

/// A JSON string. Bytes that are no UTF-8 become U+FFFD: whatever a device says, the line can be read.
void append_text(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0) {
      out.append("\uFFFD");
    } else if (size == 1) {
      append_escaped(out, static_cast<unsigned char>(text.front()));
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out.push_back('"');
}

class Line {
 public:
  Line() { out_.reserve(512); }
  Line& text(std::string_view name, std::string_view value) {
    key(name);
    append_text(out_, value);
    return *this;
  }
  Line& text_unless_empty(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  template <class Integer>
  Line& number(std::string_view name, Integer value) {
    key(name);
    out_.append(std::to_string(value));
    return *this;
  }
  Line& raw(std::string_view name, std::string_view json) {
    key(name);
    out_.append(json);
    return *this;
  }
  std::string done() {
    out_.push_back('}');
    return std::move(out_);
  }

 private:
  void key(std::string_view name) {
    out_.push_back(out_.empty() ? '{' : ',');
    out_.push_back('"');
    out_.append(name).append("\":");
  }
  std::string out_;
};

std::string detail_json(const Detail& detail) {
  std::string out = "{";
  for (const auto& [name, value] : detail) {
    out.append(out.size() > 1 ? "," : "");
    append_text(out, name);
    out.push_back(':');
    if (const auto* text = std::get_if<std::string>(&value)) {
      append_text(out, *text);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      out.append(*flag ? "true" : "false");
    } else {
      out.append(std::to_string(std::get<std::int64_t>(value)));
    }
  }
  out.push_back('}');
  return out;
}

std::string with_last(std::string_view body, std::string_view name, std::string_view value) {
  std::string out(body.substr(0, body.size() - 1));
  out.append(",\"").append(name).append("\":\"").append(value).append("\"}");
  return out;
}

}  // namespace

std::string header_line(const Header& header) {
  Line line;
  line.number("lobby_evidence", 1).text("log_id", header.log_id).text("evaluation", header.evaluation);
  line.number("utc", header.utc_ms).number("tolerance_ms", header.tolerance_ms);
  return line.text("digest", word_of(header.digest)).text("key", to_base64(header.key)).done();
}

std::string record_body(const Record& record, std::uint64_t seq, const Hash& prev,
                        std::string_view evaluation) {
  Line line;
  line.number("seq", seq).text("prev", to_hex(prev)).number("utc", record.utc_ms);
  line.number("mono_ns", record.mono_ns).text("boot_id", record.boot_id);
  Line ntp;
  ntp.number("sync", record.ntp.synchronised ? 1 : 0).number("offset_ms", record.ntp.offset_ms);
  line.raw("ntp", ntp.done()).text("evaluation", evaluation).text_unless_empty("camera", record.camera);
  line.text("kind", record.kind).text_unless_empty("request_id", record.request_id);
  line.raw("detail", detail_json(record.detail));
  return line.text_unless_empty("raw_sha256", record.raw_sha256).done();
}

std::string record_line(std::string_view body, const Hash& hash) {
  return with_last(body, "hash", to_hex(hash));
}

std::string checkpoint_body(const Checkpoint& checkpoint) {
  Line line;
  line.text("log_id", checkpoint.log_id).number("seq", checkpoint.seq).text("head", to_hex(checkpoint.head));
  return line.number("utc", checkpoint.utc_ms)
      .text("prev_checkpoint", to_hex(checkpoint.prev_checkpoint))
      .done();
}

std::string checkpoint_line(std::string_view body, std::string_view signature) {
  return with_last(body, "signature", to_base64(signature));
}

}  // namespace lobby::evidence
