#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/cctv/device_time.hpp"
#include "drivers/cctv/recorder.hpp"
#include "drivers/http/client.hpp"

/// Dahua recorders, and those sold as Intelbras and Amcrest, over their CGI. Source: public code; no document
/// of the maker was seen.
namespace lobby::cctv {

struct DahuaSettings {
  int channel = 1;  ///< from 1; the configuration counts from 0
  /// Of the recorder's clock, which tells local time and no zone.
  std::chrono::minutes zone{480};
};

/// Record mode 1 (manual) while it is started, the mode from before afterwards, but never 2 (off): a camera
/// that was off is left to its schedule. Proved by what the recorder says that it does and by what is found
/// on its disk; some recorders do not say, and are amber then.
std::unique_ptr<Recorder> make_dahua(link::Executor& executor, std::unique_ptr<http::Client> client,
                                     DahuaSettings settings, RecorderOptions options);

/// What it says, without any wire. Pure.
namespace dahua {

/// The value behind `key=` in a list of lines; nullopt: there is no such line.
std::optional<std::string_view> value_of(std::string_view body, std::string_view key);
bool is_ok(std::string_view body);

enum class Mode : std::uint8_t { automatic = 0, manual = 1, off = 2 };
std::optional<Mode> parse_mode(std::string_view body, int index);

/// `getStateAll`: does this channel, counted from 0, write its main stream? nullopt: not understood.
struct State {
  std::optional<bool> records;  ///< empty: no such channel
};
std::optional<State> parse_state(std::string_view body, int index);

/// `getCurrentTime`, in the recorder's local time.
std::optional<UtcTime> parse_time(std::string_view body);

struct File {
  UtcTime begin, end;  ///< in the recorder's local time, read as UTC
};
inline constexpr int most_files = 100;
/// `findNextFile`. nullopt: not understood.
std::optional<std::vector<File>> parse_files(std::string_view body);
/// The number of a finder; digits alone.
std::optional<std::string> parse_finder(std::string_view body);

/// `getEventIndexes`: does the event hold for this channel, counted from 0? nullopt: not understood.
std::optional<bool> parse_event(std::string_view body, int index);

/// `2026-11-23%2013:00:00`
std::string query_time(UtcTime time);

}  // namespace dahua
}  // namespace lobby::cctv
