#include "daemon/evidence/scan.hpp"

#include <charconv>

#include "daemon/evidence/key.hpp"

namespace lobby::evidence {
namespace {

/// Goes over a line from the left. After the first thing that is not there nothing more is found.
class Cursor {
 public:
  explicit Cursor(std::string_view line) : rest_(line) {}

  bool take(std::string_view literal) {
    works_ = works_ && rest_.starts_with(literal);
    rest_.remove_prefix(works_ ? literal.size() : 0);
    return works_;
  }
  bool is_at(std::string_view literal) const { return works_ && rest_.starts_with(literal); }

  /// As std::to_string() writes it.
  template <class Integer>
  Integer number() {
    Integer value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto size = static_cast<std::size_t>(end - rest_.data());
    const std::string_view text = rest_.substr(0, size);
    const auto figures = text.starts_with('-') ? text.substr(1) : text;
    const bool is_canonical = !figures.starts_with('0') || text == "0";
    works_ = works_ && error == std::errc() && is_canonical;
    rest_.remove_prefix(works_ ? size : 0);
    return works_ ? value : 0;
  }
  /// What stands between the quotes.
  std::string_view text() {
    take("\"");
    std::size_t size = 0;
    while (works_ && size < rest_.size() && rest_[size] != '"') {
      const auto c = static_cast<unsigned char>(rest_[size]);
      works_ = c >= 0x20;
      size += c == '\\' ? escape_at(size) : 1;
    }
    works_ = works_ && size < rest_.size();
    const auto out = works_ ? rest_.substr(0, size) : std::string_view();
    rest_.remove_prefix(works_ ? size + 1 : 0);
    return out;
  }
  Hash hash() {
    const auto hash = hash_of_hex(text());
    works_ = works_ && hash.has_value();
    return works_ ? *hash : Hash{};
  }
  void value(int depth) {
    if (is_at("{")) {
      object(depth);
    } else if (is_at("\"")) {
      text();
    } else if (is_at("true") || is_at("false")) {
      take(is_at("true") ? "true" : "false");
    } else {
      number<std::int64_t>();
    }
  }
  /// Keys sorted, none twice.
  void object(int depth) {
    works_ = works_ && depth > 0;
    take("{");
    std::string_view before;
    for (bool is_first = true; works_ && !is_at("}"); is_first = false) {
      if (!is_first) {
        take(",");
      }
      const auto name = text();
      works_ = works_ && (is_first || before < name);
      before = name;
      take(":");
      value(depth - 1);
    }
    take("}");
  }

  void refuse() { works_ = false; }
  bool works() const { return works_; }
  bool is_done() const { return works_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  /// `\"`, `\\`, `\n` and its like, or the `\u00xx` of a control character that has no letter.
  std::size_t escape_at(std::size_t at) {
    const auto next = rest_.substr(at + 1);
    constexpr std::string_view letters = "btnfr\"\\";
    if (!next.empty() && letters.find(next.front()) != letters.npos) {
      return 2;
    }
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    works_ = next.size() >= 5 && next.starts_with("u00") && (next[3] == '0' || next[3] == '1') &&
             is_digit(next[4]) &&
             !(next[3] == '0' && std::string_view("89acd").find(next[4]) != letters.npos);
    return 6;
  }

  std::string_view rest_;
  bool works_ = true;
};

/// What stands before `,"name":"…"}` at the end.
std::string_view body_before(std::string_view line, std::size_t left) {
  return line.substr(0, line.size() - left);
}

}  // namespace

std::optional<Header> scan_header(std::string_view line) {
  Cursor at(line);
  Header header;
  at.take("{\"lobby_evidence\":1,\"log_id\":");
  header.log_id = at.text();
  at.take(",\"evaluation\":");
  header.evaluation = at.text();
  at.take(",\"utc\":");
  header.utc_ms = at.number<std::int64_t>();
  at.take(",\"tolerance_ms\":");
  header.tolerance_ms = at.number<std::int64_t>();
  at.take(",\"digest\":");
  const auto digest = algorithm_of(at.text());
  at.take(",\"key\":");
  auto key = from_base64(at.text());
  at.take("}");
  const bool is_plain = (header.log_id + header.evaluation).find('\\') == std::string::npos;
  if (!at.is_done() || !digest || !key || key->size() != key_size || header.tolerance_ms < 0 || !is_plain) {
    return std::nullopt;
  }
  header.digest = *digest;
  header.key = *std::move(key);
  return header;
}

std::optional<ScannedRecord> scan_record(std::string_view line) {
  Cursor at(line);
  ScannedRecord record;
  at.take("{\"seq\":");
  record.seq = at.number<std::uint64_t>();
  at.take(",\"prev\":");
  record.prev = at.hash();
  at.take(",\"utc\":");
  record.utc_ms = at.number<std::int64_t>();
  at.take(",\"mono_ns\":");
  at.number<std::int64_t>();
  at.take(",\"boot_id\":");
  at.text();
  at.take(",\"ntp\":{\"sync\":");
  const auto sync = at.number<int>();
  at.take(",\"offset_ms\":");
  at.number<std::int64_t>();
  at.take("},\"evaluation\":");
  record.evaluation = at.text();
  if (at.is_at(",\"camera\":")) {
    at.take(",\"camera\":");
    at.text();
  }
  at.take(",\"kind\":");
  record.kind = at.text();
  if (at.is_at(",\"request_id\":")) {
    at.take(",\"request_id\":");
    at.text();
  }
  at.take(",\"detail\":");
  at.object(deepest_detail);
  if (at.is_at(",\"raw_sha256\":")) {
    at.take(",\"raw_sha256\":");
    at.hash();
  }
  record.body = body_before(line, at.left());
  at.take(",\"hash\":");
  record.hash = at.hash();
  at.take("}");
  const bool is_whole = at.is_done() && sync >= 0 && sync <= 1 && !record.kind.empty();
  return is_whole ? std::optional(record) : std::nullopt;
}

std::optional<ScannedCheckpoint> scan_checkpoint(std::string_view line) {
  Cursor at(line);
  ScannedCheckpoint out;
  at.take("{\"log_id\":");
  out.checkpoint.log_id = at.text();
  at.take(",\"seq\":");
  out.checkpoint.seq = at.number<std::uint64_t>();
  at.take(",\"head\":");
  out.checkpoint.head = at.hash();
  at.take(",\"utc\":");
  out.checkpoint.utc_ms = at.number<std::int64_t>();
  at.take(",\"prev_checkpoint\":");
  out.checkpoint.prev_checkpoint = at.hash();
  out.body = body_before(line, at.left());
  at.take(",\"signature\":");
  auto signature = from_base64(at.text());
  at.take("}");
  if (!at.is_done() || !signature || signature->size() != signature_size) {
    return std::nullopt;
  }
  out.signature = *std::move(signature);
  return out;
}

}  // namespace lobby::evidence
