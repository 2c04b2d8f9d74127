#include "tests/evidence/bundle.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace lobby::tests {

Vault::Vault() {
  std::string name = (std::filesystem::temp_directory_path() / "lobby-evidence-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no folder");
  }
  folder_ = name;
  key_ = std::make_unique<evidence::SigningKey>(evidence::SigningKey::of_file(path("site.key")));
}

Vault::~Vault() {
  std::filesystem::remove_all(folder_);
}

evidence::Chain Vault::open(const std::string& name, std::int64_t tolerance_ms) const {
  evidence::Header header;
  header.log_id = "log-" + name;
  header.evaluation = "EV-2026-001";
  header.utc_ms = opening_ms;
  header.tolerance_ms = tolerance_ms;
  return evidence::Chain({path(name), header}, key());
}

evidence::Record record(std::string kind, std::int64_t utc_ms, evidence::Detail detail) {
  evidence::Record out;
  out.utc_ms = utc_ms;
  out.mono_ns = (utc_ms - opening_ms) * 1'000'000 + 5;
  out.boot_id = "2f1c7a52-9b1d-4c66-8a51-4d3c0f9e1a77";
  out.ntp = {true, -3};
  out.kind = std::move(kind);
  out.detail = std::move(detail);
  return out;
}

void fill(evidence::Chain& chain, int probes) {
  constexpr int between_checkpoints = 10;
  std::int64_t now = opening_ms;
  for (int i = 0; i < probes; ++i) {
    now += 2'000;
    auto probe =
        record("probe", now, {{"fps", std::int64_t{10}}, {"good", true}, {"says", "录像中 \"REC\"\n"}});
    probe.camera = "room2-cam1";
    probe.request_id = "r" + std::to_string(i);
    chain.append({probe});
    if (i % between_checkpoints == between_checkpoints - 1) {
      chain.seal(now);
    }
  }
  chain.append({record("closed", now + 1, {{"by", "liu"}})});
  chain.seal(now + 2);
}

std::string text_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void put_text(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    text += line + "\n";
  }
  return text;
}

evidence::Verdict verdict_of(const std::string& text, evidence::VerifyOptions options) {
  evidence::Verifier verifier(std::move(options));
  std::size_t used = 0;
  for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', used)) {
    const bool goes_on = verifier.add(std::string_view(text).substr(used, end - used));
    used = end + 1;
    if (!goes_on) {
      break;
    }
  }
  return verifier.finish(std::string_view(text).substr(used));
}

}  // namespace lobby::tests
