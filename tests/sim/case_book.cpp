#include "tests/sim/case_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sim/json_text.hpp"
#include "tests/sim/wall_clock.hpp"

namespace lobby::sim {
namespace {

struct Matter {
  std::string_view name, dept;
  bool for_organisations;
};

constexpr std::array<Matter, 14> matters{{{"食品经营许可证核发", "市场监督管理局", true},
                                          {"企业设立登记", "市场监督管理局", true},
                                          {"个体工商户开业登记", "市场监督管理局", false},
                                          {"建设工程规划许可证核发", "自然资源和规划局", true},
                                          {"不动产登记（首次登记）", "自然资源和规划局", false},
                                          {"道路运输经营许可", "交通运输局", true},
                                          {"城镇职工基本养老保险参保登记", "人力资源和社会保障局", false},
                                          {"工伤认定申请", "人力资源和社会保障局", false},
                                          {"城乡居民医疗保险参保登记", "医疗保障局", false},
                                          {"医师执业注册", "卫生健康局", false},
                                          {"公共场所卫生许可", "卫生健康局", true},
                                          {"林木采伐许可证核发", "农业农村局", false},
                                          {"排水许可证核发", "住房和城乡建设局", true},
                                          {"户外广告设置审批", "综合行政执法局", true}}};

constexpr std::array<std::string_view, 16> people{
    "张三",   "李四",   "王五",   "赵六",      "欧阳三", "司马四", "诸葛五",    "上官小六",
    "张三丰", "王小二", "夏侯七", "阿依·古丽", "张张",   "李",     "Zhang San", "赵小明明"};

constexpr std::array<std::string_view, 10> organisations{
    "什邡示例食品有限公司",     "红白镇某某茶叶专业合作社", "什邡某某建筑工程有限公司",
    "德阳示例物流有限责任公司", "什邡市某某中学",           "某某诊所（普通合伙）",
    "什邡示例纺织厂",           "马祖镇某某便利店",         "四川示例机械股份有限公司什邡分公司",
    "什邡市某某村民委员会"};

/// The usual way of a case, and how often each word stays for a step.
constexpr std::array<std::string_view, 6> way{"外网申报已提交", "待接件",   "已接件",
                                              "已受理",         "审批通过", "正常办结"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> words{
    {{"submitted", "外网申报已提交"},
     {"pre_rejected", "预审退回"},
     {"received", "已接件"},
     {"correcting", "待补办"},
     {"accepted", "已受理"},
     {"rejected", "审批不通过"},
     {"approved", "审批通过"},
     {"finished", "正常办结"},
     {"not_accepted", "不予受理"},
     {"withdrawn", "撤销申请"},
     {"void", "异常终止"}}};

/// Date part of whatever form a time has.
std::string date_of(const std::string& given) {
  return given.size() >= 10 ? given.substr(0, 10) : given;
}

}  // namespace

std::string epoint_status(std::string_view word) {
  for (const auto& [canonical, own] : words) {
    if (canonical == word) {
      return std::string(own);
    }
  }
  return std::string(word);
}

CaseBook::CaseBook(std::chrono::system_clock::time_point today, std::string area, std::uint64_t seed)
    : today_(today), area_(std::move(area)), random_(seed) {
  constexpr int first_cases = 48;
  for (int i = first_cases; i-- > 0;) {
    add_one(i / 2);
    const std::size_t steps = std::min<std::size_t>(way.size() - 1, static_cast<std::size_t>(i / 5));
    cases_.back().status = way[steps];
  }
  // What else such a list holds: a refusal, a correction, a case without a date.
  cases_[9].status = "待补办";
  cases_[17].status = "不予受理";
  cases_[23].status = "审批不通过";
  cases_[31].received = "--";
}

std::string CaseBook::received_date(int days_ago) const {
  return local_date(today_ - std::chrono::hours(24 * days_ago));
}

void CaseBook::add_one(int days_ago) {
  const Matter& matter = matters[random_() % matters.size()];
  ApprovalCase one;
  one.order = next_++;
  one.received = received_date(days_ago);
  std::string day = one.received;
  std::erase(day, '-');
  one.case_no = fmt::format("{}{}{:04}", area_.empty() ? "510682" : area_, day, 1000 + one.order);
  one.guid = fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", random_() & 0xFFFFFFFF, random_() & 0xFFFF,
                         random_() & 0xFFF, random_() & 0xFFF, random_() & 0xFFFFFFFFFFFF);
  one.query_code = fmt::format("{:06}", random_() % 1'000'000);
  one.matter = matter.name;
  one.dept = matter.dept;
  one.organisation = matter.for_organisations;
  one.applicant = matter.for_organisations ? organisations[random_() % organisations.size()]
                                           : people[random_() % people.size()];
  one.status = way[0];
  one.area = area_;
  cases_.push_back(std::move(one));
}

void CaseBook::step_one() {
  const std::size_t start = random_() % cases_.size();
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    ApprovalCase& one = cases_[(start + i) % cases_.size()];
    const auto at = std::find(way.begin(), way.end(), one.status);
    if (at != way.end() && at + 1 != way.end()) {
      one.status = *(at + 1);
      return;
    }
  }
}

void CaseBook::advance(Seconds elapsed) {
  while (stepped_ + step <= elapsed) {
    stepped_ += step;
    step_one();
  }
  while (arrived_ + arrival <= elapsed) {
    arrived_ += arrival;
    if (cases_.size() < most) {
      add_one(0);
    }
  }
}

std::string CaseBook::upsert(const boost::json::object& body) {
  const std::string case_no = text(body, "case_no");
  if (case_no.empty() || case_no.size() > 64) {
    return "case_no must be a text of 1 to 64 bytes.";
  }
  auto one = std::find_if(cases_.begin(), cases_.end(),
                          [&](const ApprovalCase& each) { return each.case_no == case_no; });
  if (one == cases_.end()) {
    if (cases_.size() >= most) {
      return "The book is full.";
    }
    add_one(0);
    one = cases_.end() - 1;
    one->case_no = case_no;
    one->applicant.clear();
    one->organisation = false;
  }
  const auto take = [&](std::string_view key, std::string& into) {
    if (const std::string given = text(body, key); !given.empty()) {
      into = given;
    }
  };
  take("id", one->guid);
  take("query_code", one->query_code);
  take("matter_name", one->matter);
  take("dept_name", one->dept);
  take("applicant_name", one->applicant);
  take("region_code", one->area);
  take("accepted_at", one->received);
  one->received = date_of(one->received);
  if (const std::string status = text(body, "status"); !status.empty()) {
    one->status = epoint_status(status);
  }
  if (const std::string type = text(body, "applicant_type"); !type.empty()) {
    one->organisation = type == "org";
  }
  return {};
}

std::vector<const ApprovalCase*> CaseBook::select(std::string_view keyword, std::string_view area,
                                                  std::string_view since) const {
  std::vector<const ApprovalCase*> found;
  for (const ApprovalCase& one : cases_) {
    const bool word = keyword.empty() || one.case_no.find(keyword) != std::string::npos ||
                      one.matter.find(keyword) != std::string::npos;
    const bool place = area.empty() || one.area.empty() || one.area.starts_with(area);
    const bool time = one.received == "--" || one.received >= since;
    if (word && place && time) {
      found.push_back(&one);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const ApprovalCase* left, const ApprovalCase* right) { return left->order > right->order; });
  return found;
}

}  // namespace lobby::sim
