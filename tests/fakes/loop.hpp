#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>

namespace lobby::fakes {

/// The real loop, run by a test until something has happened; never a sleep.
struct Loop {
  boost::asio::io_context io;

  /// False when it did not happen within `limit`.
  template <class Happened>
  bool until(Happened happened, std::chrono::milliseconds limit = std::chrono::seconds(8)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!happened()) {
      if (std::chrono::steady_clock::now() >= end) {
        return false;
      }
      if (io.stopped()) {
        io.restart();
      }
      io.run_one_for(std::chrono::milliseconds(2));
    }
    return true;
  }
};

}  // namespace lobby::fakes
