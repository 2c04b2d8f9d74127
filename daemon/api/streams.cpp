#include "daemon/api/streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/api/discretion.hpp"

namespace lobby::api {
namespace {

bool is_for(const EventCursor& cursor, const EventLine& line) {
  if (!cursor.types.empty() && !cursor.types.contains(line.type)) {
    return false;
  }
  return line.window.empty() || !cursor.account || may_use_window(*cursor.account, line.window);
}

void append_frame(std::string& out, const EventCursor& cursor, const EventLine& line) {
  auto to = std::back_inserter(out);
  switch (cursor.form) {
    case EventCursor::Form::event_stream:
      if (cursor.account && hides(cursor.account->role, line.json)) {
        std::string shown = line.json;
        hide_for(cursor.account->role, shown);
        fmt::format_to(to, "id: {}\nevent: {}\ndata: {}\n\n", line.seq, line.type, shown);
        break;
      }
      fmt::format_to(to, "id: {}\nevent: {}\ndata: {}\n\n", line.seq, line.type, line.json);
      break;
    case EventCursor::Form::lines:
      fmt::format_to(to, "{}\n", line.json);
      break;
    case EventCursor::Form::chunked_lines:
      fmt::format_to(to, "{:x}\r\n{}\n\r\n", line.json.size() + 1, line.json);
      break;
  }
}

}  // namespace

void EventPiece::clear() {
  bytes.clear();
  ends.clear();
  seq = 0;
}

Streams::Streams(Backend& backend, const Options& options)
    : backend_(backend), options_(options), last_(backend.state().seq) {}

void Streams::add(EventLine line) {
  last_ = line.seq;
  if (!ring_.empty() && ring_.back().seq + 1 != line.seq) {
    ring_.clear();
  }
  ring_.push_back(std::move(line));
  if (ring_.size() > options_.ring) {
    ring_.pop_front();
  }
}

bool Streams::wants_snapshot(const EventCursor& cursor) const {
  return cursor.form == EventCursor::Form::event_stream &&
         (cursor.seq > last_ || last_ - cursor.seq > options_.far_behind);
}

bool Streams::has_more(const EventCursor& cursor) const {
  return cursor.form == EventCursor::Form::event_stream ? cursor.seq < last_
                                                        : cursor.seq < cursor.until && cursor.lines_left > 0;
}

template <class Place>
void Streams::read_some(const EventCursor& cursor, Place begin, Place end, EventPiece& piece) {
  const bool bounded = cursor.form != EventCursor::Form::event_stream;
  for (; begin != end && piece.bytes.size() < piece_size; ++begin) {
    const EventLine& line = *begin;
    if (bounded && (line.seq > cursor.until || piece.ends.size() >= cursor.lines_left)) {
      break;
    }
    piece.seq = line.seq;
    if (is_for(cursor, line)) {
      append_frame(piece.bytes, cursor, line);
      piece.ends.emplace_back(piece.bytes.size(), line.seq);
    }
  }
}

void Streams::read(const EventCursor& cursor, EventPiece& piece) {
  piece.clear();
  piece.seq = cursor.seq;
  if (!has_more(cursor)) {
    return;
  }
  const auto is_after = [](std::uint64_t seq, const EventLine& line) { return seq < line.seq; };
  if (!ring_.empty() && ring_.front().seq <= cursor.seq + 1) {
    const auto begin = std::upper_bound(ring_.begin(), ring_.end(), cursor.seq, is_after);
    read_some(cursor, begin, ring_.end(), piece);
    return;
  }
  const auto older = backend_.events_after(cursor.seq, page);
  if (older.empty()) {
    piece.seq = last_;  // the journal has lost them: go on rather than ask for ever
    return;
  }
  read_some(cursor, older.begin(), older.end(), piece);
}

std::string Streams::take(EventCursor& cursor, const EventPiece& piece, std::size_t size) {
  if (size >= piece.bytes.size()) {
    cursor.lines_left -= std::min<std::uint64_t>(cursor.lines_left, piece.ends.size());
    cursor.seq = piece.seq;
    return {};
  }
  std::size_t begin = 0;
  for (const auto& [end, seq] : piece.ends) {
    if (size <= begin) {
      break;
    }
    cursor.seq = seq;
    cursor.lines_left -= cursor.lines_left > 0 ? 1 : 0;
    if (size < end) {
      return piece.bytes.substr(size, end - size);
    }
    begin = end;
  }
  return {};
}

std::string snapshot_frame(std::uint64_t seq, const std::string& hall_json) {
  return fmt::format("id: {}\nevent: snapshot\ndata: {}\n\n", seq, hall_json);
}

}  // namespace lobby::api
