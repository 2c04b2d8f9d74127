#include "tests/printing_proof/judge.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <variant>

namespace lobby::proof {
namespace {

/// A capital letter and at least three digits, alone on its line and large.
bool is_number(const PrintedLine& line) {
  return line.scale > 1 && line.text.size() >= 4 && line.text[0] >= 'A' && line.text[0] <= 'Z' &&
         std::all_of(line.text.begin() + 1, line.text.end(),
                     [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

constexpr std::string_view mark = "\xD6\xD8\xB4\xF2 \xB5\xDA";  // 重打 第, in GB18030

unsigned copy_in(const std::string& text) {
  const auto at = text.find(mark);
  return at == std::string::npos
             ? 0
             : static_cast<unsigned>(std::strtoul(text.c_str() + at + mark.size(), nullptr, 10));
}

/// The serial number stands in a ticket's last line, and counts as its number does.
bool is_last_line_of(const std::string& number, const std::string& text) {
  const auto at = text.find("No.");
  return at != std::string::npos &&
         std::strtoul(text.c_str() + at + 3, nullptr, 10) == std::strtoul(number.c_str() + 1, nullptr, 10);
}

}  // namespace

std::vector<Reading> read(const Piece& piece) {
  std::vector<Reading> readings;
  bool spoiled = false;
  bool within = false;  // between a number and the last line of its ticket
  unsigned mark_above = 0;
  for (const auto& line : piece.lines) {
    if (line.spoiled) {
      spoiled = true;
    } else if (is_number(line)) {
      readings.push_back({line.text, std::exchange(mark_above, 0), false});
      spoiled = false;
      within = true;
    } else if (!within) {
      mark_above = std::max(mark_above, copy_in(line.text));
    } else {
      auto& last = readings.back();
      last.copy = std::max(last.copy, copy_in(line.text));
      within = !is_last_line_of(last.number, line.text);
      last.whole = !within && piece.cut && !spoiled;
    }
  }
  return readings;
}

void Judge::broken(const std::string& number, const std::string& what) {
  verdict_.broken.push_back(number + " " + what);
}

void Judge::take(const hall::Event& event) {
  const auto& body = event.body;
  if (const auto* issued = std::get_if<hall::TicketIssued>(&body)) {
    ++verdict_.issued;
    if (!copies_.emplace(issued->number, 0).second) {
      broken(issued->number, "was issued twice");
    }
    attempts_[{issued->number, 0}];
  } else if (const auto* copy = std::get_if<hall::TicketReprinted>(&body)) {
    ++verdict_.copies;
    copies_[copy->number] = copy->copy;
    if (!attempts_.emplace(Key{copy->number, copy->copy}, Attempt{}).second) {
      broken(copy->number, "has two copies of one count");
    }
  } else if (const auto* begun = std::get_if<hall::TicketPrintStarted>(&body)) {
    if (++attempt_of(begun->number).begun > 1) {
      broken(begun->number, "was begun twice");
    }
  } else if (const auto* proven = std::get_if<hall::TicketPrinted>(&body)) {
    printed(*proven);
  } else if (const auto* sent = std::get_if<hall::TicketSent>(&body)) {
    ends(sent->number, attempt_of(sent->number));
    attempt_of(sent->number).sent = true;
  } else if (const auto* failed = std::get_if<hall::TicketUnprinted>(&body)) {
    ends(failed->number, attempt_of(failed->number));
    attempt_of(failed->number).unprinted = !failed->reason.starts_with("settled");
  } else if (const auto* unknown = std::get_if<hall::TicketPrintUnknown>(&body)) {
    ends(unknown->number, attempt_of(unknown->number));
    if (++attempt_of(unknown->number).unknown > 1) {
      broken(unknown->number, "was reported unknown twice");
    }
  }
}

/// Unknown may become known, once.
void Judge::ends(const std::string& number, Attempt& attempt) {
  const unsigned most = attempt.unknown > 0 ? 2 : 1;
  if (++attempt.ends > most) {
    broken(number, "ended more than once");
  }
}

void Judge::printed(const hall::TicketPrinted& event) {
  auto& attempt = attempt_of(event.number);
  ends(event.number, attempt);
  if (event.reason.starts_with("settled")) {
    return;  // that is what a person saw
  }
  attempt.printed = true;
  verdict_.proven_late += attempt.unknown;
  bool whole = false;
  bool there = false;
  for (const auto& piece : printer_.pieces()) {
    for (const auto& reading : read(piece)) {
      const bool is_it = reading.number == event.number && reading.copy == copies_[event.number];
      there = there || (is_it && piece.cut);
      whole = whole || (is_it && reading.whole);
    }
  }
  if (whole) {
    return;
  }
  const bool excused = forged_ || deaf_;
  const std::string what = there ? "is called printed, and its paper is not whole"
                                 : "is called printed, and no sheet with it was cut";
  if (excused) {
    verdict_.weak.push_back(event.number + " " + what);
  } else {
    broken(event.number, what);
  }
}

void Judge::judge_paper() {
  struct Seen {
    unsigned all = 0, whole = 0;
  };
  std::map<Key, Seen> seen;
  for (const auto& piece : printer_.pieces()) {
    for (const auto& reading : read(piece)) {
      auto& here = seen[{reading.number, reading.copy}];
      ++here.all;
      here.whole += reading.whole ? 1 : 0;
      const auto asked = copies_.find(reading.number);
      if (asked == copies_.end()) {
        broken(reading.number, "is on paper and was never issued");
      } else if (reading.copy > asked->second) {
        broken(reading.number, "is on a copy that nobody asked for");
      }
    }
  }
  for (const auto& [key, count] : seen) {
    const std::string what = key.second == 0 ? "is unmarked on two " : "has one copy on two ";
    if (count.whole > 1) {
      broken(key.first, what + "whole sheets");
    } else if (count.all > 1) {
      broken(key.first, what + "pieces of paper, one of them torn");
    }
  }
}

void Judge::judge_attempt(const Key& key, const Attempt& attempt) {
  const auto& [number, copy] = key;
  if (attempt.ends == 0) {
    broken(number, "is lost: nobody knows what became of its paper");
  }
  if (attempt.unprinted) {
    const auto& pieces = printer_.pieces();
    const bool out = std::any_of(pieces.begin(), pieces.end(), [&, n = copy](const Piece& piece) {
      const auto all = read(piece);
      return std::any_of(all.begin(), all.end(), [&](const Reading& reading) {
        return reading.number == number && reading.copy == n && reading.whole;
      });
    });
    const bool has_copy = attempts_.contains({number, copy + 1});
    if (out && has_copy) {
      ++verdict_.doubled;  // thrown away behind its last line: the copy says that it is one
    } else if (out && !forged_) {
      broken(number, "is called unprinted, and a whole sheet with it came out");
    } else if (out) {
      verdict_.weak.push_back(number + " is called unprinted, and came out");
    }
  }
}

void Judge::close() {
  judge_paper();
  for (const auto& [key, attempt] : attempts_) {
    judge_attempt(key, attempt);
    verdict_.printed += attempt.printed ? 1 : 0;
    verdict_.sent += attempt.sent ? 1 : 0;
    verdict_.failed += attempt.unprinted ? 1 : 0;
    verdict_.unknown += attempt.unknown;
  }
  if (printer_.eaten() > 0) {
    verdict_.broken.push_back("a status question stood inside a command");
  }
  verdict_.pieces = static_cast<unsigned>(printer_.pieces().size());
}

}  // namespace lobby::proof
