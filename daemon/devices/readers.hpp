#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/devices/config.hpp"
#include "daemon/devices/roster.hpp"
#include "drivers/link/byte_link.hpp"

namespace lobby::devices {

/// Card readers and QR scanners at the kiosks. What they read is given on at once and wiped; nothing of it is
/// in a log, a detail or a state.
class Readers {
 public:
  using MakeLink = std::function<std::unique_ptr<link::ByteLink>(const ReaderConfig&)>;
  struct Reports {
    /// The number of a card, its check character verified. Valid within the call only.
    std::function<void(const ReaderConfig&, std::string_view number)> id_number;
    /// What a code says, digits and letters. Valid within the call only.
    std::function<void(const ReaderConfig&, std::string_view code)> code;
  };

  Readers(link::Executor& executor, const std::vector<ReaderConfig>& configs, const MakeLink& make_link,
          Roster& roster, Reports reports);
  ~Readers();

 private:
  struct Reader;
  Reports reports_;
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace lobby::devices
