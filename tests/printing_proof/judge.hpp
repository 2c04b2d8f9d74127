#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/hall/event.hpp"
#include "tests/printing_proof/house.hpp"
#include "tests/printing_proof/proving.hpp"

namespace lobby::proof {

/// What one piece of paper says of one ticket.
struct Reading {
  std::string number;
  unsigned copy = 0;   ///< 0: it bears no mark
  bool whole = false;  ///< from the number to the last line, none spoiled, and cut
};
std::vector<Reading> read(const Piece& piece);

/// Holds the journal against the paper.
class Judge {
 public:
  /// `deaf`: what the printer said of itself was falsified or held back, so a fault may have gone unseen.
  /// `forged`: answers that bear no id were falsified or repeated, so they prove nothing.
  Judge(const PaperPrinter& printer, bool deaf, bool forged, Verdict& verdict)
      : printer_(printer), deaf_(deaf), forged_(forged), verdict_(verdict) {}

  /// From here on something may have gone wrong that nobody could have seen.
  void blind() { deaf_ = true; }
  /// An event has become durable.
  void take(const hall::Event& event);
  /// All is over.
  void close();

 private:
  /// An original (copy 0) or a copy, from its begin to what became of it.
  struct Attempt {
    unsigned begun = 0, unknown = 0, ends = 0;
    bool printed = false, unprinted = false, sent = false;
  };
  using Key = std::pair<std::string, unsigned>;
  Attempt& attempt_of(const std::string& number) { return attempts_[{number, copies_[number]}]; }
  void printed(const hall::TicketPrinted& event);
  void ends(const std::string& number, Attempt& attempt);
  void broken(const std::string& number, const std::string& what);
  void judge_paper();
  void judge_attempt(const Key& key, const Attempt& attempt);

  const PaperPrinter& printer_;
  bool deaf_;
  const bool forged_;
  Verdict& verdict_;
  std::map<std::string, unsigned> copies_;  ///< by number: asked for
  std::map<Key, Attempt> attempts_;
};

}  // namespace lobby::proof
