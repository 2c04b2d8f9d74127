#include "daemon/api/crowd.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace lobby::api {
namespace {

/// The one of these that goes first; nullptr when there is none that may go.
template <class Fits>
Connection* first_to_go(const Connections& all, Fits fits) {
  Connection* first = nullptr;
  for (const auto& connection : all.open) {
    if (connection->standing() == Connection::Standing::waits || !fits(*connection)) {
      continue;
    }
    if (first == nullptr || std::tuple(connection->standing(), connection->since()) <
                                std::tuple(first->standing(), first->since())) {
      first = connection.get();
    }
  }
  return first;
}

bool evict(Connections& all, Connection* connection) {
  if (connection == nullptr) {
    return false;
  }
  ++all.desk.counters.evicted;
  connection->close();
  return true;
}

std::map<std::string, std::size_t> count_streams(const Connections& all) {
  std::map<std::string, std::size_t> counts;
  for (const auto& connection : all.open) {
    if (connection->is_streaming()) {
      ++counts[connection->stream_of()];
    }
  }
  return counts;
}

bool end_oldest_stream(Connections& all, const std::string& account) {
  return evict(all, first_to_go(all, [&account](const Connection& connection) {
                 return connection.is_streaming() && connection.stream_of() == account;
               }));
}

}  // namespace

bool make_room(Connections& all, const boost::asio::ip::address& from) {
  const auto& options = all.desk.options;
  const auto is_from_there = [&from](const Connection& connection) { return connection.address() == from; };
  const auto count =
      std::count_if(all.open.begin(), all.open.end(), [&](const auto& one) { return is_from_there(*one); });
  if (static_cast<std::size_t>(count) >=
      (from.is_loopback() ? options.most_of_this_machine : options.most_of_address)) {
    return evict(all, first_to_go(all, is_from_there));
  }
  return all.open.size() < options.most_connections ||
         evict(all, first_to_go(all, [](const Connection&) { return true; }));
}

void make_room_for_stream(Connections& all, const std::string& account) {
  const auto& options = all.desk.options;
  const auto counts = count_streams(all);
  const auto own = counts.find(account);
  if (own != counts.end() && own->second >= options.most_streams_of_account) {
    end_oldest_stream(all, account);
    return;
  }
  const auto most = options.most_connections - std::min(options.reserve, options.most_connections - 1);
  if (all.desk.counters.streams < most || counts.empty()) {
    return;
  }
  const auto largest = std::max_element(counts.begin(), counts.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  end_oldest_stream(all, largest->first);
}

}  // namespace lobby::api
