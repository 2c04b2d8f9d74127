// A ticket is printed once, and what became of it is known or said to be unknown, whatever happens to the
// daemon, the wire, the answers, the paper and the power. Every case is a whole story in virtual time: the
// hall, the journal and the printer's driver are the real ones. LOBBY_CASE=name tells one story in full.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>
#include <string>

#include "tests/printing_proof/proving.hpp"

namespace {

using namespace lobby::proof;
using std::chrono::milliseconds;
using std::chrono::seconds;
using What = Act::What;

Act press(Duration at = seconds(1), std::int64_t kiosk = 1) {
  return {What::press, at, 0, {}, kiosk};
}

/// Cases of one kind, counted.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)), began_(std::chrono::steady_clock::now()) {}
  ~Tally() {
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    MESSAGE(what_, ": ", cases_, " cases, ", broken_, " broken, in ", took, " s: ", all_.issued, " numbers, ",
            all_.printed, " printed, ", all_.sent, " sent, ", all_.failed, " failed, ", all_.unknown,
            " unknown (", all_.proven_late, " of them proven later), ", all_.copies, " copies, ", all_.lives,
            " lives, ", all_.pieces, " pieces of paper, ", all_.weak.size(),
            " times deceived by answers that prove nothing");
    for (const auto& [sentence, seen] : kinds_) {
      MESSAGE(seen.first, " times: ", sentence, ", first in ", seen.second);
    }
    for (const auto& [sentence, seen] : weak_) {
      MESSAGE(seen.first, " times deceived: ", sentence, ", first in ", seen.second);
    }
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  Verdict run(const Case& one) {
    auto verdict = lobby::proof::run(one);
    ++cases_;
    all_.issued += verdict.issued;
    all_.printed += verdict.printed;
    all_.sent += verdict.sent;
    all_.failed += verdict.failed;
    all_.unknown += verdict.unknown;
    all_.proven_late += verdict.proven_late;
    all_.copies += verdict.copies;
    all_.lives += verdict.lives;
    all_.pieces += verdict.pieces;
    all_.weak.insert(all_.weak.end(), verdict.weak.begin(), verdict.weak.end());
    count(weak_, verdict.weak, one);
    if (!verdict.broken.empty()) {
      ++broken_;
      report(one, verdict);
    }
    return verdict;
  }
  unsigned cases() const { return cases_; }

 private:
  /// How often, and in which case first.
  using Kinds = std::map<std::string, std::pair<unsigned, std::string>>;
  static void count(Kinds& kinds, const std::vector<std::string>& sentences, const Case& one) {
    for (const auto& sentence : sentences) {
      const auto at = sentence[0] == 'A' ? sentence.find(' ') + 1 : 0;
      auto& seen = kinds[sentence.substr(at) + " [" + variants()[one.variant].name + "]"];
      seen.second = seen.first++ == 0 ? one.name : seen.second;
    }
  }

  void report(const Case& one, const Verdict& verdict) {
    count(kinds_, verdict.broken, one);
    constexpr unsigned told = 1;
    if (broken_ <= told) {
      FAIL_CHECK("LOBBY_CASE=", one.name, " (", variants()[one.variant].name, "): ", verdict.broken.front(),
                 "\n", lobby::proof::run(one, true).trace);
    } else {
      FAIL_CHECK("LOBBY_CASE=", one.name);
    }
  }

  std::string what_;
  std::chrono::steady_clock::time_point began_;
  unsigned cases_ = 0, broken_ = 0;
  Verdict all_;
  Kinds kinds_, weak_;
};

Case plain(std::size_t variant) {
  Case one;
  one.name = "plain:" + std::to_string(variant);
  one.variant = variant;
  one.acts = {press()};
  return one;
}

constexpr std::uint64_t harms = 7;

/// The how-manieth answer, and what happens to it.
Mangling of_one_answer(std::uint64_t where) {
  constexpr unsigned surely = 1000;
  Mangling::Odds odds;
  unsigned* const each[] = {&odds.drop,    &odds.delay,   &odds.duplicate,
                            &odds.reorder, &odds.falsify, &odds.invent};
  *each[std::min<std::size_t>(where % harms, 5)] = surely;
  Mangling made;
  made.only = where / harms + 1;
  made.status = made.in_order = made.id = made.other = odds;
  made.split = where % harms == 6 ? surely : 0;
  return made;
}

/// `kind`, where in the job, and how the kernel and the roll are: all that makes a systematic case.
Case systematic(const std::string& kind, std::size_t variant, std::uint64_t where, bool other_way) {
  Case one = plain(variant);
  one.name = kind + ":" + std::to_string(variant) + ":" + std::to_string(where) + ":" +
             std::to_string(other_way ? 1 : 0);
  one.outlives = one.begins_line_again = other_way;
  one.seed = where;
  if (kind == "kill") {
    one.acts.push_back({What::kill, {}, where, milliseconds(300), 0});
  } else if (kind == "power") {
    one.acts.push_back({What::power, {}, where, {}, 0});
  } else if (kind == "lose") {
    one.acts.push_back({What::lose, {}, where, seconds(1), 0});
  } else if (kind == "paper") {
    one.acts.push_back({What::paper, milliseconds(1), 0, seconds(6), static_cast<std::int64_t>(where)});
  } else if (kind == "answer") {
    one.mangling = of_one_answer(where);
  } else if (kind == "cover") {
    one.acts.push_back({What::cover, {}, where, seconds(4), 0});
  }
  one.acts.push_back(press(milliseconds(1400), 2));
  return one;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Case named(const std::string& name) {
  const auto parts = split(name);
  if (parts.at(0) == "random") {
    return random_case(std::stoull(parts.at(1)));
  }
  if (parts.at(0) == "plain") {
    return plain(std::stoul(parts.at(1)));
  }
  return systematic(parts.at(0), std::stoul(parts.at(1)), std::stoull(parts.at(2)), parts.at(3) == "1");
}

bool is_long() {
  return std::getenv("LOBBY_LONG") != nullptr;
}

/// At every byte of a job, or every dot of the paper; every twenty-fifth in a sanitizer's build, which
/// takes ten times as long.
std::uint64_t stride() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 25;
#else
  return 1;
#endif
}

/// A long job has its bytes looked at in steps, from another one on in each variant.
void at_every(const std::string& kind, const std::function<std::uint64_t(const Verdict&)>& places) {
  Tally tally(kind);
  for (std::size_t variant = 0; variant < variants().size(); ++variant) {
    const auto end = places(run(plain(variant)));
    const auto step = stride() * (is_long() ? 1 : std::max<std::uint64_t>(1, end / 1000));
    for (std::uint64_t where = 1 + variant % step; where <= end; where += step) {
      tally.run(systematic(kind, variant, where, where % 2 == 1));
    }
  }
}

std::uint64_t by_bytes(const Verdict& clean) {
  return clean.job_bytes;
}
std::uint64_t by_dots(const Verdict& clean) {
  return static_cast<std::uint64_t>(clean.dots);
}

}  // namespace

TEST_CASE("one story in full" * doctest::skip(std::getenv("LOBBY_CASE") == nullptr)) {
  const auto one = named(std::getenv("LOBBY_CASE"));
  const auto verdict = run(one, true);
  MESSAGE(variants()[one.variant].name, "\n", verdict.trace);
  for (const auto& sentence : verdict.broken) {
    FAIL_CHECK(sentence);
  }
}

TEST_CASE("nothing happens: every number is on one whole sheet, and called what can be known" *
          doctest::may_fail()) {
  for (std::size_t variant = 0; variant < variants().size(); ++variant) {
    CAPTURE(variants()[variant].name);
    const auto verdict = run(plain(variant));
    CHECK_MESSAGE(verdict.broken.empty(), verdict.broken.front(), run(plain(variant), true).trace);
    CHECK(verdict.pieces == 2);
    const bool proves = variants()[variant].profile.confirm != lobby::printer::Profile::Confirm::none;
    CHECK(verdict.printed == (proves ? 2 : 0));
    CHECK(verdict.sent == (proves ? 0 : 2));
  }
}

TEST_CASE("kill -9 at every byte of a job") {
  at_every("kill", by_bytes);
}
TEST_CASE("the power goes at every byte of a job") {
  at_every("power", by_bytes);
}
TEST_CASE("the wire is lost at every byte of a job") {
  at_every("lose", by_bytes);
}
TEST_CASE("the cover is opened at every byte of a job") {
  at_every("cover", by_bytes);
}
TEST_CASE("the paper ends at every row of dots") {
  at_every("paper", by_dots);
}

TEST_CASE("one answer is lost, late, twice there, out of turn, wrong or in pieces") {
  at_every("answer", [](const Verdict& clean) { return (clean.answers + 8) * harms; });
}

TEST_CASE("whatever happens: random stories") {
  const auto* given = std::getenv("LOBBY_SEED");
  // Every day the same stories, so that a failure is the change's; new ones where there is time to look into
  // them.
  const std::uint64_t seed = given != nullptr ? std::stoull(given)
                             : is_long()      ? std::random_device{}()
                                              : 20'261'126;
  const std::uint64_t count = (is_long() ? 1'000'000 : 20'000) / stride();
  MESSAGE("LOBBY_SEED=", seed);
  Tally tally("random");
  for (std::uint64_t i = 0; i < count; ++i) {
    tally.run(random_case(seed * 1'000'000 + i));
  }
  CHECK(tally.cases() == count);
}
