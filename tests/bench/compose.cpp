#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <ctime>
#include <functional>
#include <stdexcept>

#include "drivers/printer/escpos.hpp"
#include "drivers/printer/requests.hpp"
#include "tests/bench/benches.hpp"

namespace lobby::bench {
namespace {

using printer::Align;
using printer::Job;
using printer::Profile;
using printer::Qr;
using printer::TextLine;
using printer::escpos::Bytes;
using printer::escpos::encode;

Profile wide_paper() {
  Profile profile;
  profile.cut = {0x1D, 0x56, 0x42, 0x00};
  profile.confirm = Profile::Confirm::process_id;
  return profile;
}

/// All that a ticket of the county hall can say.
Job full_face(unsigned n) {
  const std::string rule(48, '-');
  Job job;
  job.items.reserve(16);
  const auto add = [&job](std::string text, Align align = Align::left, int scale = 1, bool bold = false) {
    job.items.emplace_back(TextLine{std::move(text), align, scale, bold});
  };
  add("什邡市人民政府政务服务中心", Align::centre, 1, true);
  add("行政审批服务区 · 一楼A区", Align::centre);
  add(rule);
  add(fmt::format("A{:03}", n % 1000), Align::centre, 4, true);
  add("不动产登记（首次登记）", Align::centre, 1, true);
  add("绿色通道 / 预约 09:30-10:00", Align::centre);
  add(fmt::format("前面等候：{} 人  预计等候：约 25 分钟", n % 100));
  add("受理窗口：1、2、3 号");
  add("取号时间：2026-03-16 09:05:31");
  add(rule);
  job.items.emplace_back(Qr{fmt::format("http://10.1.1.2/t/{:016}", n)});
  add("请在等候区留意叫号和屏幕提示");
  add("过号后请在服务台重新激活，重新排队");
  add("当日有效  投诉电话 0838-8200000  热线 12345");
  add(fmt::format("No.{:06}-K2", n));
  return job;
}

/// What other programs were measured with: seven Chinese lines, a QR code, the cut.
Job seven_lines(unsigned n) {
  Job job;
  job.items.reserve(8);
  job.items.emplace_back(TextLine{"什邡市人民政府政务服务中心", Align::centre, 1, true});
  job.items.emplace_back(TextLine{fmt::format("A{:03}", n % 1000), Align::centre, 4, true});
  job.items.emplace_back(TextLine{"不动产登记（首次登记）", Align::centre});
  job.items.emplace_back(TextLine{fmt::format("前面等候：{} 人", n % 100)});
  job.items.emplace_back(TextLine{"受理窗口：1、2、3 号"});
  job.items.emplace_back(TextLine{"取号时间：2026-03-16 09:05:31"});
  job.items.emplace_back(Qr{fmt::format("http://10.1.1.2/t/{:09}", n)});
  job.items.emplace_back(TextLine{"请在等候区留意叫号和屏幕提示"});
  return job;
}

class Library {
 public:
  Library() : handle_(::iconv_open("GB18030", "UTF-8")) {}
  ~Library() { ::iconv_close(handle_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void append(std::string& text, Bytes& out) {
    std::array<char, 512> buffer;
    char* from = text.data();
    char* to = buffer.data();
    std::size_t in_left = text.size(), out_left = buffer.size();
    if (::iconv(handle_, &from, &in_left, &to, &out_left) != 0) {
      throw std::runtime_error("iconv refuses a ticket's line");
    }
    out.insert(out.end(), buffer.data(), to);
    out.push_back('\n');
  }

 private:
  iconv_t handle_;
};

/// The floor: the library's conversion of each line, and the bytes of it appended, without any style.
std::size_t floor_of(Library& library, std::vector<std::string>& texts) {
  Bytes out;
  out.reserve(1024);
  for (auto& text : texts) {
    library.append(text, out);
  }
  return out.size();
}

std::vector<std::string> texts_of(const Job& job) {
  std::vector<std::string> texts;
  for (const auto& item : job.items) {
    if (const auto* line = std::get_if<TextLine>(&item)) {
      texts.push_back(line->text);
    } else {
      texts.push_back(std::get<Qr>(item).data);
    }
  }
  return texts;
}

/// Of the core itself: whoever else runs on this machine takes no part in the figure.
double core_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double per_second(unsigned count, const std::function<std::size_t(unsigned)>& compose) {
  std::size_t bytes = 0;
  const auto begin = core_seconds();
  for (unsigned n = 0; n < count; ++n) {
    bytes += compose(n);
  }
  const auto taken = core_seconds() - begin;
  if (bytes == 0) {
    throw std::runtime_error("nothing was composed");
  }
  return count / taken;
}

void compare(const char* name, const std::function<Job(unsigned)>& job_of, unsigned count) {
  const auto profile = wide_paper();
  const auto job = job_of(17);
  auto texts = texts_of(job);
  Library library;
  const auto text_bytes = floor_of(library, texts) - texts.size();
  const auto bytes = encode(job, profile).bytes.size() + printer::escpos::fence(profile.confirm, {}).size();
  const auto floor = per_second(count, [&](unsigned) { return floor_of(library, texts); });
  const auto whole = per_second(count, [&](unsigned n) { return encode(job_of(n), profile).bytes.size(); });
  const auto ready = per_second(count, [&](unsigned) { return encode(job, profile).bytes.size(); });
  fmt::print(
      "compose {:<15}{} bytes with fence, {} beyond the text (aim <= 130): {:.0f} tickets/s and core, {:.0f} "
      "from a ready job (aim >= 300000) = {:.2f} and {:.2f} x the iconv floor of {:.0f}\n",
      name, bytes, bytes - text_bytes, whole, ready, whole / floor, ready / floor, floor);
}

}  // namespace

void compose(unsigned tickets) {
  compare("full face", full_face, tickets);
  compare("seven lines", seven_lines, tickets);
}

}  // namespace lobby::bench
