#pragma once

#include <string>

namespace lobby::sim {

/// What a citizen comes to a kiosk or the desk for: one ticket. Numbers of persons are made up and look it.
struct Visit {
  std::string service;
  std::string lane = "ordinary";
  std::string applicant_id;    ///< empty: nobody asks who it is
  std::string appointment;     ///< the code given on the telephone
  std::string notice_slip_no;  ///< comes back with what was missing
  int green_type = 0;          ///< with lane green
  std::string granted_by;      ///< with lane green
  bool at_desk = false;        ///< a clerk issues it
  bool package = false;
  bool twice = false;          ///< asks for a second one when the first is there
  double patience_min = 1440;  ///< waits so long, then goes home
};

}  // namespace lobby::sim
