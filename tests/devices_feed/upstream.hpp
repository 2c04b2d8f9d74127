#pragma once

#include <atomic>
#include <memory>
#include <string>

namespace lobby::devices {

/// An approval system on a loopback port, kind or broken as the test wishes.
class Upstream {
 public:
  enum class Mood {
    kind,      ///< 60 rows on two pages
    drip,      ///< a byte now and then, for ever
    flood,     ///< 200 MB in chunks, or until the other side has had enough
    web_page,  ///< HTML
    refuses    ///< 身份验证失败
  };
  Upstream();
  ~Upstream();
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  std::string url() const;
  void be(Mood mood);
  void change_rows();  ///< one row gets another status
  int pulls() const;   ///< requests for the first page
  std::size_t sent() const;
  std::string last_body() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace lobby::devices
