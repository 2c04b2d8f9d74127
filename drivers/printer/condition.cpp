#include "drivers/printer/condition.hpp"

namespace lobby::printer::escpos {

bool Condition::can_print() const {
  return !(offline || cover_open || paper_out || cutter || jammed || broken || overheated);
}

std::string_view Condition::reason() const {
  if (cover_open) {
    return "cover open";  // the paper sensors mean nothing then
  }
  if (paper_out) {
    return "paper out";
  }
  if (cutter) {
    return "cutter jammed";
  }
  if (jammed) {
    return "paper jammed";
  }
  if (broken) {
    return "printer error";
  }
  if (overheated) {
    return "too hot";
  }
  if (offline) {
    return "off line";
  }
  return paper_low ? "paper low" : "";
}

}  // namespace lobby::printer::escpos
