#include "tests/api/house.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "daemon/api/secrets.hpp"

namespace lobby::fakes {
namespace {

using std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(8);

std::string lower(std::string text) {
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return text;
}

/// Takes one whole answer from the front; status 0 when there is none yet.
Reply take_reply(std::string& got) {
  const auto head_end = got.find("\r\n\r\n");
  if (head_end == std::string::npos) {
    return {};
  }
  Reply reply;
  auto line = got.find("\r\n");
  while (line < head_end) {
    const auto next = got.find("\r\n", line + 2);
    const auto field = got.substr(line + 2, next - line - 2);
    const auto colon = field.find(':');
    reply.headers[lower(field.substr(0, colon))] = field.substr(colon + 2);
    line = next;
  }
  const auto length = reply.headers.find("content-length");
  const std::size_t size = length == reply.headers.end() ? 0 : std::stoul(length->second);
  if (got.size() < head_end + 4 + size) {
    return {};
  }
  reply.status = std::stoi(got.substr(9, 3));
  reply.body = got.substr(head_end + 4, size);
  got.erase(0, head_end + 4 + size);
  return reply;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "lobby-api-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

boost::json::value Reply::json() const {
  boost::json::error_code error;
  auto value = boost::json::parse(body, error);
  if (error) {
    throw std::runtime_error("not JSON: " + body);
  }
  return value;
}

std::string Reply::code() const {
  const auto type = headers.find("content-type");
  if (type == headers.end() || type->second != "application/problem+json") {
    return {};
  }
  return std::string(json().at("code").as_string());
}

House::House(api::Options options) : options_(std::move(options)) {
  options_.now = [this] { return now_; };
  options_.sweep = std::chrono::milliseconds(1);
  accounts = std::make_unique<api::Accounts>(folder.path(), options_.now);
  add_account("kiosk", api::Role::kiosk);
  add_account("clerk", api::Role::clerk);
  add_account("clerk-1", api::Role::clerk, {"w1"});
  add_account("supervisor", api::Role::supervisor);
  add_account("evaluator", api::Role::evaluator);
  add_account("screen", api::Role::screen);
  add_account("admin", api::Role::admin);
  serve();
}

void House::restart() {
  server->stop();
  settle();
  server.reset();
  accounts = std::make_unique<api::Accounts>(folder.path(), options_.now);
  serve();
}

void House::serve() {
  accounts->on_change([this](const std::string& account, const std::string& change) {
    account_changes.emplace_back(account, change);
  });
  server = std::make_unique<api::Server>(io, backend, *accounts, options_);
  backend.publish = [this](const api::EventLine& line) { server->publish(line); };
  const std::string address = server->listen("127.0.0.1:0");
  port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

House::~House() {
  server->stop();
  settle();
}

std::string House::add_account(const std::string& name, api::Role role, std::vector<std::string> windows,
                               const std::string& password, const std::string& pin) {
  const auto kept = [](const std::string& secret) { return secret.empty() ? "" : api::stretch(secret); };
  auto added = accounts->add({name, role, std::move(windows), kept(password), kept(pin)});
  tokens_[name] = std::get<std::string>(added);
  return tokens_[name];
}

bool House::turn_until(const std::function<bool()>& done) {
  const auto end = steady_clock::now() + patience;
  while (!done()) {
    if (steady_clock::now() > end) {
      return false;
    }
    io.restart();
    io.run_one_for(std::chrono::milliseconds(2));
  }
  return true;
}

void House::settle() {
  io.restart();
  while (io.poll_one() != 0) {
  }
}

std::string House::request(const std::string& method, const std::string& target, const std::string& who,
                           const std::string& body, const std::string& headers) const {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: lobby\r\n" + headers;
  if (!who.empty()) {
    text += "Authorization: Bearer " + token(who) + "\r\n";
  }
  if (!body.empty()) {
    text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return text + "\r\n" + body;
}

Reply House::call(const std::string& method, const std::string& target, const std::string& who,
                  const std::string& body, const std::string& headers) {
  Client client(*this);
  client.send(request(method, target, who, body, headers));
  return client.read();
}

Client::Client(House& house, const char* from)
    : house_(house), descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (from != nullptr) {
    ::inet_pton(AF_INET, from, &address.sin_addr);
    ::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  address.sin_port = htons(house.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Client::~Client() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

bool Client::send(std::string_view bytes) {
  const bool taken = house_.turn_until([&] {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    closed_ = closed_ || (sent < 0 && errno != EAGAIN);
    return bytes.empty() || closed_;
  });
  return taken && bytes.empty();
}

void Client::pull() {
  std::array<char, 65536> part;
  while (!closed_) {
    const auto size = ::recv(descriptor_, part.data(), part.size(), 0);
    if (size < 0 && errno == EAGAIN) {
      return;
    }
    closed_ = size <= 0;
    got_.append(part.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
}

Reply Client::read() {
  Reply reply;
  house_.turn_until([&] {
    pull();
    reply = take_reply(got_);
    return reply.status != 0 || closed_;
  });
  return reply;
}

const std::string& Client::read_until(std::string_view text) {
  house_.turn_until([&] {
    pull();
    return got_.find(text) != std::string::npos || closed_;
  });
  return got_;
}

bool Client::is_closed() {
  return house_.turn_until([&] {
    pull();
    return closed_;
  });
}

void Client::end_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

void Client::shrink_buffers() {
  const int small = 128 * 1024;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
}

}  // namespace lobby::fakes
