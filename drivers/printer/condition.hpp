#pragma once

#include <optional>
#include <string_view>

namespace lobby::printer::escpos {

/// What a printer said of itself. Low paper is no fault: it prints.
struct Condition {
  bool offline = false;
  bool cover_open = false;  ///< or the head is lifted
  bool paper_out = false;
  bool paper_low = false;
  bool cutter = false;            ///< the knife is not where it belongs
  bool jammed = false;            ///< paper, at the head or in the presenter
  bool broken = false;            ///< an error of which it says no more
  bool overheated = false;        ///< or its supply's voltage is wrong; it goes on by itself
  std::optional<bool> printing;   ///< nullopt: this status does not say
  std::optional<bool> in_outlet;  ///< a ticket waits to be taken; nullopt: this status does not say

  bool can_print() const;
  /// The first of what is wrong, in the words of people; `paper low` when nothing else is; empty when all is
  /// well.
  std::string_view reason() const;
  friend bool operator==(const Condition&, const Condition&) = default;
};

}  // namespace lobby::printer::escpos
