#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/hall/event.hpp"
#include "daemon/journal/db.hpp"

/// Reads of journal.db what is counted, on a connection of its own, beside the loop's and the writer's: one
/// thread's. No read is longer than its caller makes it, so that the log can always be moved into the file.
/// A call that gives false has failed: fault() is the sentence.
namespace lobby::journal {

class EventScan {
 public:
  /// The file exists.
  [[nodiscard]] bool open(const std::string& file, const char* vfs);
  bool is_open() const { return open_; }
  [[nodiscard]] bool last_seq(std::uint64_t& seq);
  /// What tells this event from any other; nullopt: there is none of this number.
  [[nodiscard]] bool fingerprint(std::uint64_t seq, std::optional<std::uint64_t>& print);
  /// Visits, no-shows, reinstatements and ratings in (`after`, `last`], in order.
  [[nodiscard]] bool each(std::uint64_t after, std::uint64_t last,
                          const std::function<bool(const hall::Event&)>& use);
  /// How the ticket had ended before event `seq`: a ServiceFinished or a TicketNoShow; nullopt: it had not.
  [[nodiscard]] bool ending_before(std::uint64_t seq, hall::TicketId ticket,
                                   std::optional<hall::Event>& ending);
  const std::string& fault() const { return fault_; }

 private:
  bool fail(std::string sentence);
  bool parse(const Query& row, std::optional<hall::Event>& event);

  Database db_;
  Statement last_, line_, range_, ending_;
  bool open_ = false;
  std::string fault_;
};

}  // namespace lobby::journal
