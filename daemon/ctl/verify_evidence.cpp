#include "daemon/ctl/verify_evidence.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>
#include <stdexcept>

#include "daemon/evidence/read_lines.hpp"
#include "daemon/evidence/verify.hpp"

namespace lobby::ctl {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_key_file = 4096;
constexpr std::size_t shortest_head = 16, whole_head = 64;

evidence::PublicKey key_of(const std::string& file) {
  std::string pem;
  const auto rest = evidence::read_lines(file, longest_key_file, [&pem](std::string_view line) {
    pem.append(line).push_back('\n');
    return pem.size() <= longest_key_file;
  });
  auto key = evidence::PublicKey::of_pem(pem + rest);
  if (!key) {
    throw std::runtime_error(file + ": this is no public Ed25519 key in PEM");
  }
  return *std::move(key);
}

/// As it is printed on a slip: in groups, in capitals too.
std::string head_of(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '-'; });
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hex || text.size() < shortest_head || text.size() > whole_head) {
    throw std::runtime_error("--checkpoint: a head has 16 to 64 hexadecimal digits");
  }
  return text;
}

void tell(const evidence::Verifier& verifier, const evidence::Verdict& verdict, bool is_authentic,
          Console& console) {
  if (verdict.finding != evidence::Finding::whole) {
    console.out << (verdict.line != 0 ? "line " + std::to_string(verdict.line) + ": " : "") << verdict.reason
                << "\n";
    return;
  }
  console.out << "whole: " << verifier.records() << " records and " << verifier.checkpoints()
              << " checkpoints of " << verifier.header()->evaluation << ", which is "
              << (verifier.is_closed() ? "closed" : "still open") << "; head "
              << evidence::to_hex(verifier.head()).substr(0, shortest_head) << "\n";
  if (!is_authentic) {
    console.out << "key not authenticated: give the site's with --key\n";
  }
}

json::object as_json(const evidence::Verifier& verifier, const evidence::Verdict& verdict,
                     bool is_authentic) {
  json::object out{{"whole", verdict.finding == evidence::Finding::whole},
                   {"code", static_cast<int>(verdict.finding)},
                   {"line", verdict.line},
                   {"reason", verdict.reason},
                   {"records", verifier.records()},
                   {"checkpoints", verifier.checkpoints()},
                   {"closed", verifier.is_closed()},
                   {"head", evidence::to_hex(verifier.head())},
                   {"key_authenticated", is_authentic}};
  if (verifier.header()) {
    out["evaluation"] = verifier.header()->evaluation;
    out["digest"] = evidence::word_of(verifier.header()->digest);
  }
  return out;
}

}  // namespace

Exit verify_evidence(const Arguments& given, const Settings& settings, Console& console) {
  try {
    evidence::VerifyOptions options;
    if (given.has("key")) {
      options.key = key_of(given.one("key"));
    }
    if (given.has("checkpoint")) {
      options.checkpoint = head_of(given.one("checkpoint"));
    }
    const bool is_authentic = options.key.has_value();
    evidence::Verifier verifier(std::move(options));
    const auto rest = evidence::read_lines(given.one("FILE"), evidence::Verifier::longest_line,
                                           [&](std::string_view line) { return verifier.add(line); });
    if (rest.size() > evidence::Verifier::longest_line) {
      verifier.add(rest);  // says what is wrong with it
    }
    const auto verdict = verifier.finish(rest);
    if (settings.json) {
      console.out << json::serialize(as_json(verifier, verdict, is_authentic)) << "\n";
    } else {
      tell(verifier, verdict, is_authentic, console);
    }
    return static_cast<Exit>(verdict.finding);
  } catch (const std::runtime_error& error) {
    console.err << error.what() << "\n";
    return Exit::usage;
  }
}

}  // namespace lobby::ctl
