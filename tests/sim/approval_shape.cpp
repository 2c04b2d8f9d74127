#include "tests/sim/approval_shape.hpp"

#include <iconv.h>

#include <array>
#include <charconv>
#include <chrono>

#include "tests/sim/approval_calendar.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {
namespace {

struct StatusWord {
  std::string_view word, own;
};

/// Epoint has no words for what happens between acceptance and decision.
constexpr std::array<StatusWord, 18> epoint_words{{{"submitted", "外网申报已提交"},
                                                   {"pre_rejected", "预审退回"},
                                                   {"received", "已接件"},
                                                   {"correcting", "待补办"},
                                                   {"accepted", "已受理"},
                                                   {"reviewing", "已受理"},
                                                   {"approving", "已受理"},
                                                   {"suspended", "已受理"},
                                                   {"forwarded", "已受理"},
                                                   {"extended", "已受理"},
                                                   {"rejected", "审批不通过"},
                                                   {"approved", "审批通过"},
                                                   {"deemed", "审批通过"},
                                                   {"finished", "正常办结"},
                                                   {"returned", "预审退回"},
                                                   {"not_accepted", "不予受理"},
                                                   {"withdrawn", "撤销申请"},
                                                   {"void", "异常终止"}}};

struct PortalWord {
  std::string_view word, number, own;
};

constexpr std::array<PortalWord, 18> portal_words{{{"submitted", "1", "待预审"},
                                                   {"received", "1", "待预审"},
                                                   {"pre_rejected", "9", "预审不通过"},
                                                   {"correcting", "2", "补正"},
                                                   {"accepted", "2", "办理中"},
                                                   {"reviewing", "2", "办理中"},
                                                   {"approving", "2", "办理中"},
                                                   {"suspended", "2", "特别程序"},
                                                   {"forwarded", "2", "转报"},
                                                   {"extended", "2", "延期"},
                                                   {"approved", "3", "已办结"},
                                                   {"finished", "3", "已办结"},
                                                   {"deemed", "3", "已办结"},
                                                   {"withdrawn", "5", "异常办结"},
                                                   {"returned", "2", "退件"},
                                                   {"rejected", "44", "不予批准"},
                                                   {"not_accepted", "47", "不予受理"},
                                                   {"void", "-1", "作废"}}};

}  // namespace

std::string epoint_status(std::string_view word) {
  for (const StatusWord& one : epoint_words) {
    if (one.word == word) {
      return std::string(one.own);
    }
  }
  return std::string(word);
}

PortalStatus portal_status(std::string_view word) {
  for (const PortalWord& one : portal_words) {
    if (one.word == word) {
      return {std::string(one.number), std::string(one.own)};
    }
  }
  return {"", std::string(word)};
}

const ApprovalShape& shape_of(std::string_view mapping) {
  for (const ApprovalShape* const shape : {&native_shape(), &kechuang_shape(), &jeecg_shape(), &trs_shape(),
                                           &ruoyi_shape(), &asmx_shape(), &xml_shape()}) {
    if (mapping.starts_with(shape->name)) {
      return *shape;
    }
  }
  return epoint_shape();
}

std::string to_gb18030(const std::string& utf8) {
  const iconv_t converter = ::iconv_open("GB18030", "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return utf8;
  }
  std::string in = utf8;
  std::string out(utf8.size() * 2 + 4, '\0');
  char* from = in.data();
  char* to = out.data();
  std::size_t from_left = in.size();
  std::size_t to_left = out.size();
  ::iconv(converter, &from, &from_left, &to, &to_left);
  ::iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

std::size_t parse_count(const std::string& text, std::size_t otherwise) {
  std::size_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string spaced(const std::string& time, const std::string& otherwise) {
  if (time.empty()) {
    return otherwise;
  }
  std::string out = time.substr(0, 19);
  if (out.size() > 10) {
    out[10] = ' ';
  }
  return out;
}

std::string day_part(const std::string& time, const std::string& otherwise) {
  return time.empty() ? otherwise : time.substr(0, 10);
}

std::int64_t epoch_ms(const std::string& time) {
  const auto at = parse_rfc3339(time);
  const auto day = parse_day(time);
  if (!at && !day) {
    return 0;
  }
  return std::chrono::floor<std::chrono::milliseconds>((at ? *at : midnight(*day)).time_since_epoch())
      .count();
}

ListAsk ask_by_query(const ApprovalRequest& request, const std::string& page, const std::string& size,
                     std::size_t base) {
  ListAsk ask;
  const std::size_t number = parse_count(request.param(page), base);
  ask.page = number < base ? 0 : number - base;
  ask.size = parse_count(request.param(size), ask.size);
  ask.area = request.param("areaCode", request.param("area"));
  ask.params_shown = page + "=" + request.param(page) + " " + size + "=" + request.param(size);
  return ask;
}

bool has_bearer(const ApprovalRequest& request, const std::string& secret) {
  return secret.empty() || request.header("authorization") == "Bearer " + secret;
}

}  // namespace lobby::sim
