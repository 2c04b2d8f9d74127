#include "daemon/evidence/verify.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <set>

#include "daemon/evidence/scan.hpp"
#include "tests/evidence/bundle.hpp"

using namespace lobby;
using namespace lobby::tests;
using evidence::Finding;

namespace {

using Lines = std::vector<std::string>;
using Findings = std::set<Finding>;

bool is_checkpoint(const std::string& line) {
  return line.starts_with("{\"log_id\"");
}
bool is_record(const std::string& line) {
  return line.starts_with("{\"seq\"");
}

Lines whole_bundle(const Vault& vault, int probes) {
  auto chain = vault.open("whole");
  fill(chain, probes);
  return lines_of(text_of(vault.path("whole")));
}

Finding found(const Vault& vault, const Lines& lines) {
  return verdict_of(joined(lines), {vault.key().public_key(), {}}).finding;
}

/// Whoever has no key can still make every record follow the one before.
Lines chained_anew(Lines lines) {
  evidence::Hasher hasher(evidence::Algorithm::sha256);
  auto prev = hasher.leaf(lines[0]);
  for (auto& line : lines) {
    if (!is_record(line)) {
      continue;
    }
    const auto at = line.find("\"prev\":\"") + 8;
    line.replace(at, 64, evidence::to_hex(prev));
    const std::string hashed = line.substr(0, line.rfind(",\"hash\":")) + "}";
    prev = hasher.link(prev, hashed);
    line = evidence::record_line(hashed, prev);
  }
  return lines;
}

/// The lines that are records and have a record before and after them.
std::size_t inner_record(const Lines& lines, std::mt19937& random) {
  for (;;) {
    const std::size_t i = 2 + random() % (lines.size() - 4);
    if (is_record(lines[i]) && is_record(lines[i + 1]) && is_record(lines[i - 1])) {
      return i;
    }
  }
}

/// What a changed byte of a line may be called: by the field that it lies in.
Findings of_flip(const std::string& line, std::size_t at) {
  const auto inside = [&](std::string_view from, std::string_view to) {
    const auto begin = line.find(from) + from.size();
    return at >= begin && at < line.find(to, begin);
  };
  if (is_checkpoint(line)) {
    return {Finding::bad_signature, Finding::bad_hash};
  }
  if (inside("\"seq\":", ",")) {
    return {Finding::gap, Finding::repeated, Finding::bad_hash};
  }
  if (inside("\"prev\":\"", "\"")) {
    return {Finding::bad_link, Finding::bad_hash};
  }
  if (inside("\"evaluation\":\"", "\"")) {
    return {Finding::bad_link, Finding::bad_hash};
  }
  return {Finding::bad_hash};
}

}  // namespace

TEST_CASE("a bundle is whole, with the right key and with its own") {
  const Vault vault;
  const auto lines = whole_bundle(vault, 95);
  CHECK(found(vault, lines) == Finding::whole);
  evidence::Verifier verifier({});
  for (const auto& line : lines) {
    CHECK(verifier.add(line));
  }
  CHECK(verifier.finish("").reason.empty());
  CHECK(verifier.records() == 96);
  CHECK(verifier.checkpoints() == 10);
  CHECK(verifier.is_closed());
  CHECK(found(Vault(), lines) == Finding::bad_signature);
}

TEST_CASE("500 edits of a bundle, each is found and called what it is") {
  const Vault vault;
  const auto whole = whole_bundle(vault, 95);
  std::mt19937 random(20261127);
  const auto any = [&random](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  int edits = 0;
  const auto expect = [&](const Lines& lines, const Findings& allowed, const char* what) {
    const auto verdict = verdict_of(joined(lines), {vault.key().public_key(), {}});
    INFO(what << ": " << static_cast<int>(verdict.finding) << " at " << verdict.line << ": "
              << verdict.reason);
    CHECK(allowed.contains(verdict.finding));
    ++edits;
  };
  for (int round = 0; round < 84; ++round) {
    Lines flipped = whole;
    auto& line = flipped[1 + any(whole.size() - 1)];
    const auto at = any(line.size());
    const auto allowed = of_flip(line, at);
    line[at] = static_cast<char>(line[at] ^ (1 << any(7)));
    if (line[at] != '\n') {
      expect(flipped, allowed, "a bit");
    }
    Lines dropped = whole;
    const auto gone = 1 + any(whole.size() - 3);
    const bool was_checkpoint = is_checkpoint(dropped[gone]);
    dropped.erase(dropped.begin() + static_cast<long>(gone));
    expect(dropped, {was_checkpoint ? Finding::bad_link : Finding::gap}, "dropped");
    Lines swapped = whole;
    const auto one = inner_record(whole, random);
    std::swap(swapped[one], swapped[one + 1]);
    expect(swapped, {Finding::gap}, "swapped");
    Lines twice = whole;
    const auto again = inner_record(whole, random);
    twice.insert(twice.begin() + static_cast<long>(again), twice[again]);
    expect(twice, {Finding::repeated}, "twice");
    Lines cut(whole.begin(), whole.begin() + 1 + static_cast<long>(any(whole.size() - 1)));
    expect(cut, {Finding::cut_off}, "cut");
    Lines edited = whole;
    auto& record = edited[inner_record(whole, random)];
    record.replace(record.find("\"fps\":10"), 8, "\"fps\":25");
    expect(chained_anew(edited), {Finding::bad_link}, "chained anew");
  }
  CHECK(edits >= 500);
  MESSAGE(edits << " edits");
}

TEST_CASE("whoever also signs with another key, or renames the head, is found") {
  const Vault vault;
  auto lines = whole_bundle(vault, 25);
  lines[3].replace(lines[3].find("\"fps\":10"), 8, "\"fps\":25");
  lines = chained_anew(lines);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (is_checkpoint(lines[i])) {
      lines[i].replace(lines[i].find("\"head\":\"") + 8, 64,
                       evidence::to_hex(evidence::scan_record(lines[i - 1])->hash));
    }
  }
  CHECK(found(vault, lines) == Finding::bad_signature);
}

TEST_CASE("a torn last line, and an end without `closed`, are cut off; `open` is an end") {
  const Vault vault;
  const auto text = joined(whole_bundle(vault, 5));
  CHECK(verdict_of(text.substr(0, text.size() - 1)).finding == Finding::cut_off);
  CHECK(verdict_of(text.substr(0, text.size() - 40)).finding == Finding::cut_off);
  CHECK(verdict_of("").finding == Finding::cut_off);
  {
    auto chain = vault.open("open");
    chain.append({record("probe", opening_ms + 1)});
    chain.seal(opening_ms + 2);
    CHECK(verdict_of(text_of(vault.path("open"))).finding == Finding::cut_off);
    chain.append({record("open", opening_ms + 3)});
    CHECK(verdict_of(text_of(vault.path("open"))).finding == Finding::cut_off);
    chain.seal(opening_ms + 4);
    CHECK(verdict_of(text_of(vault.path("open"))).finding == Finding::whole);
  }
}

TEST_CASE("time may go back by the tolerance, not by more") {
  const Vault vault;
  for (const auto& [back, finding] :
       {std::pair{2'000, Finding::whole}, std::pair{2'001, Finding::time_back}}) {
    const std::string name = "back" + std::to_string(back);
    {
      auto chain = vault.open(name, 2'000);
      chain.append({record("probe", opening_ms + 10'000)});
      // In steps that are each too small to be seen.
      chain.append({record("probe", opening_ms + 10'000 - back / 2)});
      chain.append({record("closed", opening_ms + 10'000 - back)});
      chain.seal(opening_ms + 10'000);
    }
    CHECK(verdict_of(text_of(vault.path(name))).finding == finding);
  }
}

TEST_CASE("a head that was kept elsewhere tells a bundle that was written anew with the key") {
  const Vault vault;
  const auto lines = whole_bundle(vault, 25);
  const auto kept = evidence::scan_checkpoint(lines[11])->checkpoint.head;
  const auto check = [&](const std::string& text, const std::string& head) {
    return verdict_of(text, {vault.key().public_key(), head}).finding;
  };
  CHECK(check(joined(lines), evidence::to_hex(kept)) == Finding::whole);
  CHECK(check(joined(lines), evidence::to_hex(kept).substr(0, 16)) == Finding::whole);
  CHECK(check(joined(lines), evidence::to_hex(kept).substr(0, 4)) == Finding::rewritten);  // proves nothing
  {
    auto chain = vault.open("anew");
    fill(chain, 24);
  }
  CHECK(found(vault, lines_of(text_of(vault.path("anew")))) == Finding::whole);
  auto other = kept;
  other[0] ^= 1;
  CHECK(check(text_of(vault.path("anew")), evidence::to_hex(other)) == Finding::rewritten);
}

TEST_CASE("within a line the order is 14, 13, 12, 11, 10, 16") {
  const Vault vault;
  const auto whole = whole_bundle(vault, 25);
  Lines lines = whole;
  // Too high a number, another prev, another hash, an older time: the number counts.
  auto& line = lines[5];
  line.replace(line.find("\"seq\":5"), 7, "\"seq\":9");
  line.replace(line.find("\"prev\":\"") + 8, 4, "0000");
  CHECK(found(vault, lines) == Finding::gap);
  line.replace(line.find("\"seq\":9"), 7, "\"seq\":2");
  CHECK(found(vault, lines) == Finding::repeated);
  line.replace(line.find("\"seq\":2"), 7, "\"seq\":5");
  line.replace(line.find("\"utc\":17"), 8, "\"utc\":16");
  CHECK(found(vault, lines) == Finding::bad_link);
  line = whole[5];
  line.replace(line.find("\"utc\":17"), 8, "\"utc\":16");
  CHECK(found(vault, lines) == Finding::bad_hash);
}

TEST_CASE("what is not the canonical text is no line") {
  const Vault vault;
  const auto whole = whole_bundle(vault, 3);
  REQUIRE(evidence::scan_record(whole[1]));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string line = whole[1];
    const auto at = line.find(from);
    REQUIRE(at != std::string::npos);
    return line.replace(at, from.size(), to);
  };
  for (const auto& line :
       {with("\"seq\":1", "\"seq\": 1"), with("\"seq\":1", "\"seq\":01"), with("\"seq\":1", "\"seq\":-1"),
        with("\"seq\":1", "\"seq\":1.0"), with("\"sync\":1", "\"sync\":2"), with("\"fps\":10", "\"fps\":1e1"),
        with("\"fps\":10,\"good\":true", "\"good\":true,\"fps\":10"), with("\"good\":true", "\"fps\":true"),
        with("\\n", "\n"), with("\\n", "\\u002f"), with("\\n", "\\u000a"),
        with("\"detail\":{", "\"detail\":{,"), with("}", "}}"),
        with("\"fps\":10", "\"fps\":99999999999999999999"), with("{\"seq\"", " {\"seq\"")}) {
    CHECK_FALSE(evidence::scan_record(line));
  }
  std::string deep = "1";
  for (int i = 0; i < evidence::deepest_detail; ++i) {
    deep.insert(0, "{\"a\":").push_back('}');
  }
  CHECK(evidence::scan_record(with("\"fps\":10", "\"fps\":" + deep.substr(5, deep.size() - 6))));
  CHECK_FALSE(evidence::scan_record(with("\"fps\":10", "\"fps\":" + deep)));
  std::string endless;
  for (int i = 0; i < 100'000; ++i) {
    endless += "{\"a\":";
  }
  CHECK_FALSE(evidence::scan_record(with("\"fps\":10", "\"fps\":" + endless)));
}
