#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What the pages of an LED board say, in words. Whoever fills these knows nothing of dots: all text is
/// UTF-8, shown as it is given (names are masked before), what is empty is left out.
namespace lobby::display {

/// An instant of the clock by which boards move. It only has to be the same for all of them.
using Instant = std::chrono::microseconds;

/// How far a source can be trusted.
struct Age {
  std::string as_of;   ///< "09:30"
  bool stale = false;  ///< then the board says 截至 and as_of
  friend bool operator==(const Age&, const Age&) = default;
};

/// Of a case's time limit. Shown as a lamp and a word, never as colour alone.
enum class Light : std::uint8_t { none, green, yellow, red, grey };

/// 办件公示
struct CasesView {
  struct Row {
    std::string case_no;    ///< what does not fit is left out in front
    std::string matter;     ///< 事项, its short name
    std::string applicant;  ///< masked
    std::string window;     ///< "3号"
    std::string accepted;   ///< "11-20"
    std::string limit;      ///< "承诺5工作日"
    std::string state;      ///< in the public wording
    Light light = Light::none;
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "办件公示";
  std::vector<Row> rows;
  Age age = {};
  friend bool operator==(const CasesView&, const CasesView&) = default;
};

/// 今日受理86件 办结79件
struct TotalsView {
  struct Total {
    std::string label;  ///< "今日受理"
    std::string count;  ///< "86"
    std::string unit;   ///< "件"
    friend bool operator==(const Total&, const Total&) = default;
  };
  std::vector<Total> totals;
  Age age = {};
  friend bool operator==(const TotalsView&, const TotalsView&) = default;
};

/// Which window does what.
struct WindowsView {
  struct Row {
    std::string window;  ///< "3号窗口"
    std::string department;
    std::vector<std::string> matters;
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "窗口事项";
  std::vector<Row> rows;
  friend bool operator==(const WindowsView&, const WindowsView&) = default;
};

/// 政务公示牌. Stays as long as reading it takes.
struct NoticeView {
  struct Entry {
    std::string label;  ///< "承诺时限"; may be empty
    std::string text;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::string title = "政务公示";
  std::vector<Entry> entries;
  friend bool operator==(const NoticeView&, const NoticeView&) = default;
};

/// 今日开标
struct OpeningsView {
  struct Row {
    std::string time;  ///< "09:30"
    std::string room;
    std::string project_no;
    std::string project;
    std::string section;
    std::string state;
    bool now = false;  ///< going on
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "今日开标";
  std::vector<Row> rows;
  Age age = {};
  friend bool operator==(const OpeningsView&, const OpeningsView&) = default;
};

/// The sign at a room's door.
struct RoomView {
  std::string room;     ///< "开标一室"
  std::string project;  ///< of an evaluation the site may leave it out
  std::string time;     ///< "09:30-11:00"
  std::string state;    ///< "评标中"
  std::string request;  ///< "请勿打扰"
  std::string next;     ///< "14:00 学校维修"
  bool busy = false;
  Age age = {};
  friend bool operator==(const RoomView&, const RoomView&) = default;
};

/// 公示公告: candidates, results, 流标.
struct ResultsView {
  struct Row {
    std::string kind;  ///< "中标结果"
    std::string project;
    std::string section;
    std::string winner;
    std::string price;
    std::string period;  ///< "11-20至11-23"
    std::string phone;   ///< of objections
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "结果公示";
  std::vector<Row> rows;
  Age age = {};
  friend bool operator==(const ResultsView&, const ResultsView&) = default;
};

/// 领证: nobody is named, the end of the case number tells whose it is.
struct CollectView {
  struct Row {
    std::string case_tail;
    std::string matter;
    std::string window;
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "请领取证照";
  std::vector<Row> rows;
  Age age = {};
  friend bool operator==(const CollectView&, const CollectView&) = default;
};

struct HotlinesView {
  struct Row {
    std::string number;
    std::string label;     ///< "政务服务热线"
    std::string label_en;  ///< "Government hotline"
    friend bool operator==(const Row&, const Row&) = default;
  };
  std::string title = "服务热线";
  std::vector<Row> rows;
  friend bool operator==(const HotlinesView&, const HotlinesView&) = default;
};

/// The board at the door.
struct DoorView {
  std::string hall;
  std::string hours;  ///< "09:00-17:00"
  bool open = false;
  std::string waiting;  ///< "23", how many wait; empty: not said
  std::string note;     ///< windows with longer hours, for instance
  friend bool operator==(const DoorView&, const DoorView&) = default;
};

/// 叫号. Give the calls of the last minutes: what a board shows follows from when each was made, so that one
/// is never covered before it was seen.
struct CallsView {
  struct Call {
    std::string ticket;     ///< "A023"
    std::string window;     ///< "3号窗口"
    std::string case_tail;  ///< who is called collects a document; then no ticket is named
    Instant at = {};
    friend bool operator==(const Call&, const Call&) = default;
  };
  std::string title = "正在叫号";
  std::vector<Call> calls;
  friend bool operator==(const CallsView&, const CallsView&) = default;
};

/// Text that two people have approved.
struct TextView {
  std::string title;
  std::string text;
  friend bool operator==(const TextView&, const TextView&) = default;
};

/// Covers the whole board and everything on it.
struct EmergencyView {
  std::string text;
  friend bool operator==(const EmergencyView&, const EmergencyView&) = default;
};

/// What is shown when there is nothing else: 欢迎光临.
struct DefaultView {
  std::string text = "欢迎光临";
  friend bool operator==(const DefaultView&, const DefaultView&) = default;
};

struct BlankView {
  friend bool operator==(const BlankView&, const BlankView&) = default;
};

/// For somebody who stands before the board: wholly red, green, blue and lit, a row and a column that run
/// over it, and the board's own address.
struct SelfTestView {
  std::string address;
  friend bool operator==(const SelfTestView&, const SelfTestView&) = default;
};

using BoardView = std::variant<CasesView, TotalsView, WindowsView, NoticeView, OpeningsView, RoomView,
                               ResultsView, CollectView, HotlinesView, DoorView, CallsView, TextView,
                               EmergencyView, DefaultView, BlankView, SelfTestView>;

/// Nothing to say: a playlist goes past it. A blank, default, emergency or test page is never empty.
bool is_empty(const BoardView& view);

}  // namespace lobby::display
