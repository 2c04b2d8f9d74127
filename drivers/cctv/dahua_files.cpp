#include "drivers/cctv/dahua_files.hpp"

#include <algorithm>
#include <utility>

namespace lobby::cctv {
namespace {

constexpr link::Duration put_away_within = std::chrono::seconds(2);

bool is_success(const http::Answer& answer) {
  return answer.fault == http::Fault::none && answer.status >= 200 && answer.status < 300;
}

}  // namespace

void DahuaFiles::ask(const std::string& what, link::MonoTime end, http::Client::Done done) {
  http::Request request;
  request.target = "/cgi-bin/mediaFileFind.cgi?action=" + what;
  request.within = std::max(end - executor_.now(), link::Duration::zero());
  client_.ask(std::move(request), std::move(done));
}

void DahuaFiles::find(int channel, dahua::File window, link::MonoTime end, std::function<void(Found)> done) {
  ask("factory.create", end, [this, channel, window, end, done = std::move(done)](const http::Answer& made) {
    const auto finder = is_success(made) ? dahua::parse_finder(made.body) : std::nullopt;
    if (!finder) {
      done({made});
      return;
    }
    const auto condition = "findFile&object=" + *finder + "&condition.Channel=" + std::to_string(channel) +
                           "&condition.StartTime=" + dahua::query_time(window.begin) +
                           "&condition.EndTime=" + dahua::query_time(window.end);
    ask(condition, end, [this, finder = *finder, end, done](const http::Answer& told) {
      if (is_success(told) && dahua::is_ok(told.body)) {
        look(finder, end, done);
        return;
      }
      put_away(finder);
      done({told});
    });
  });
}

void DahuaFiles::look(const std::string& finder, link::MonoTime end, const std::function<void(Found)>& done) {
  ask("findNextFile&object=" + finder + "&count=" + std::to_string(dahua::most_files), end,
      [this, finder, done](const http::Answer& answer) {
        put_away(finder);
        done({answer, is_success(answer) ? dahua::parse_files(answer.body) : std::nullopt});
      });
}

void DahuaFiles::put_away(const std::string& finder) {
  const auto end = executor_.now() + put_away_within;
  ask("close&object=" + finder, end, [](const http::Answer&) {});
  ask("destroy&object=" + finder, end, [](const http::Answer&) {});
}

}  // namespace lobby::cctv
