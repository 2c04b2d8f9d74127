#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace lobby::api {

/// The API's bounds. The defaults are the contract's; tests use smaller ones.
struct Options {
  using MonoTime = std::chrono::steady_clock::time_point;
  std::size_t head_limit = 16 * 1024;
  std::size_t body_limit = 64 * 1024;
  std::size_t most_connections = 1024;
  std::size_t most_of_address = 256;              ///< connections from one other machine
  std::size_t most_of_this_machine = 1024;        ///< a proxy here speaks for everybody
  std::size_t most_streams_of_account = 256;      ///< one more ends the account's oldest
  std::size_t reserve = 16;                       ///< connections that are never streams
  std::chrono::milliseconds request_time{5'000};  ///< from a request's first byte to its last
  std::chrono::milliseconds idle_time{60'000};    ///< without a request
  std::chrono::milliseconds write_time{30'000};   ///< without a byte taken by the client
  std::chrono::milliseconds linger_time{2'000};   ///< for a client to read why it is cut off
  std::chrono::milliseconds heartbeat{15'000};    ///< comments on event streams
  std::chrono::milliseconds sweep{250};           ///< how exactly the above are kept
  std::uint64_t far_behind = 10'000;              ///< events; beyond, a stream gets a snapshot instead
  std::size_t ring = 1024;                        ///< events kept in memory for the streams
  bool plain_to_all = false;                      ///< /metrics, /healthz, /readyz also for other machines
  std::function<MonoTime()> now = [] { return std::chrono::steady_clock::now(); };
};

}  // namespace lobby::api
