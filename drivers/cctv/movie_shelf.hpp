#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drivers/link/executor.hpp"

namespace lobby::cctv {

/// Where a recorder puts its movies, on a disk that we can see: an independent look at what is written. On
/// the loop; a mount that hangs delays nobody.
class MovieShelf {
 public:
  struct Look {
    std::string fault;  ///< it could not be looked at; empty: it was
    std::string name;   ///< the movie that was written last, below the folder; empty: there is none
    std::uint64_t size = 0;
    std::uint64_t free = 0;  ///< bytes that the recorder may still write
  };
  virtual ~MovieShelf() = default;
  /// `done` runs once, in a later turn, within this time; not once the shelf is destroyed. While a look hangs
  /// no other one is taken.
  virtual void look(link::Duration within, std::function<void(Look)> done) = 0;
};

/// The files below `folder`, four levels deep, whose names begin with `prefix`: cameras that share a folder
/// need one each. The newest is the one that was changed last.
std::unique_ptr<MovieShelf> make_movie_shelf(link::Executor& executor, std::string folder,
                                             std::string prefix);

}  // namespace lobby::cctv
