#pragma once

#include <string>

/// The benchmarks: each prints its figures and ratios, and throws only when something did not work.
namespace lobby::bench {

/// Tickets issued over HTTP, durable, by 1 and by 8 clients, against the bare disk.
void issue(int tickets);
/// Start to `ready`, and memory, with 20,000 tickets today and `older_events` before them, against an empty
/// hall.
void start(const std::string& site_file, long older_events);
/// `count` event streams: how long a call takes to reach all of them.
void streams(int count, int calls);

}  // namespace lobby::bench
