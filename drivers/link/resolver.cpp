#include "drivers/link/resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <system_error>
#include <thread>

#include "drivers/link/descriptor.hpp"

namespace lobby::link {
namespace {

/// All that thread and loop share. The thread closes its end of the pair when it has written its answer here.
struct Work {
  std::string host;
  std::string port;
  Resolver::Answer answer;
  std::atomic<bool> finished = false;
};

void look_up(Work& work) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(work.host.c_str(), work.port.c_str(), &hints, &found);
  if (code != 0) {
    work.answer.fault = "cannot resolve " + work.host + ": " + ::gai_strerror(code);
    return;
  }
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (one->ai_addrlen <= endpoint.capacity()) {
      std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
      endpoint.resize(one->ai_addrlen);
      work.answer.endpoints.push_back(endpoint);
    }
  }
  ::freeaddrinfo(found);
}

}  // namespace

struct Resolver::Question {
  explicit Question(boost::asio::io_context& io) : bell(io) {}
  boost::asio::posix::stream_descriptor bell;
  std::array<char, 1> byte{};
  std::shared_ptr<Work> work;
  std::function<void(Answer)> done;  ///< empty: nobody waits
};

Resolver::Resolver(boost::asio::io_context& io) : io_(io) {}

Resolver::~Resolver() {
  cancel();
}

void Resolver::cancel() {
  if (question_) {
    question_->done = nullptr;
  }
}

void Resolver::resolve(const std::string& host, std::uint16_t port, std::function<void(Answer)> done) {
  cancel();
  const bool still_asked = question_ && question_->work && !question_->work->finished;
  auto question = still_asked ? question_ : std::make_shared<Question>(io_);
  question_ = question;
  question->done = std::move(done);
  if (still_asked) {
    return;
  }
  const auto answer_later = [&](Answer answer) {
    boost::asio::post(io_, [question, answer = std::move(answer)] {
      if (auto then = std::exchange(question->done, nullptr)) {
        then(answer);
      }
    });
  };
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(host, ec);
  if (!ec) {
    answer_later({{{address, port}}, {}});
    return;
  }
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    answer_later({{}, "cannot resolve " + host + ": " + std::generic_category().message(errno)});
    return;
  }
  question->bell.assign(ends[0]);
  question->work = std::make_shared<Work>();
  question->work->host = host;
  question->work->port = std::to_string(port);
  question->bell.async_read_some(
      boost::asio::buffer(question->byte), [question](boost::system::error_code read_ec, std::size_t) {
        // Seeing `finished` is what makes the thread's answer whole on this one.
        if (read_ec == boost::asio::error::operation_aborted || !question->work->finished) {
          return;
        }
        if (auto then = std::exchange(question->done, nullptr)) {
          then(std::move(question->work->answer));
        }
      });
  std::thread([work = question->work, end = Descriptor(ends[1])]() mutable {
    look_up(*work);
    work->finished = true;
    end.reset();
  }).detach();
}

}  // namespace lobby::link
