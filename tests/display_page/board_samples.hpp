#pragma once

#include "display/page/board_views.hpp"

/// A morning in the hall, as boards tell of it.
namespace lobby::display::samples {

inline CasesView cases(std::size_t rows = 7, bool stale = false) {
  const CasesView::Row all[] = {
      {"510682-2026-000123", "食品经营许可", "张**", "3号", "11-20", "承诺5工作日", "审核中", Light::green},
      {"510682-2026-000124", "不动产登记（首次登记）", "王**", "12号", "11-20", "承诺3工作日", "已受理",
       Light::yellow},
      {"510682-2026-000087", "建设工程规划许可证核发", "四川蓥华建设有限公司", "5号", "11-02", "承诺10工作日",
       "审批中", Light::red},
      {"510682-2026-000099", "药品经营许可", "欧阳**", "3号", "11-12", "承诺8工作日", "特别程序中",
       Light::grey},
      {"510682-2026-000130", "个体工商户设立", "李**", "1号", "11-23", "即办", "已办结", Light::none},
      {"510682-2026-000131", "道路运输经营许可", "什邡通达运输公司", "7号", "11-23", "承诺7工作日", "已受理",
       Light::green},
      {"510682-2026-000132", "取水许可", "赵**", "8号", "11-23", "承诺15工作日", "已转报上级", Light::green},
  };
  CasesView view;
  for (std::size_t i = 0; i < rows; ++i) {
    view.rows.push_back(all[i % 7]);
  }
  view.age = {"09:30", stale};
  return view;
}

inline TotalsView totals(bool stale = false) {
  return {{{"今日受理", "86", "件"}, {"办结", "79", "件"}, {"等候", "23", "人"}}, {"09:30", stale}};
}

inline WindowsView windows() {
  WindowsView view;
  view.rows = {{"1号窗口", "市场监管局", {"个体工商户设立", "公司设立登记", "食品经营许可"}},
               {"2号窗口", "自然资源局", {"不动产登记", "建设用地规划许可"}},
               {"3号窗口", "交通运输局", {"道路运输经营许可"}}};
  return view;
}

inline NoticeView notice() {
  NoticeView view;
  view.entries = {{"事项", "食品经营许可"},
                  {"承诺时限", "自受理之日起5个工作日内办结，法定时限20个工作日"},
                  {"收费标准", "不收费"},
                  {"监督电话", "0838-8200000"}};
  return view;
}

inline OpeningsView openings(bool stale = false) {
  OpeningsView view;
  view.rows = {
      {"09:30", "开标一室", "SFJY-2026-031", "蓥华镇中心小学教学楼维修", "一标段", "开标中", true},
      {"10:30", "开标二室", "SFJY-2026-032", "市政道路照明改造", "", "等待开标", false},
      {"14:00", "开标一室", "SFJY-2026-033", "政务服务大厅办公设备采购", "二标段", "等待开标", false}};
  view.age = {"09:30", stale};
  return view;
}

inline RoomView room() {
  return {"评标一室", "蓥华镇中心小学教学楼维修",       "09:30-11:30", "评标中",
          "请勿打扰", "14:00 政务服务大厅办公设备采购", true};
}

inline ResultsView results() {
  ResultsView view;
  view.rows = {{"中标候选人", "市政道路照明改造", "", "四川蓥华建设有限公司", "86.5万元", "11-20至11-23",
                "0838-8200001"},
               {"流标", "政务服务大厅办公设备采购", "二标段", "", "", "11-21至11-24", "0838-8200001"}};
  return view;
}

inline CollectView collect() {
  CollectView view;
  view.rows = {{"000087", "建设工程规划许可证", "5号窗口"}, {"000101", "食品经营许可证", "5号窗口"}};
  return view;
}

inline HotlinesView hotlines() {
  HotlinesView view;
  view.rows = {{"12345", "政务服务热线", "Government hotline"}, {"0838-8200000", "投诉电话", "Complaints"}};
  return view;
}

inline DoorView door() {
  return {"什邡市人民政府政务服务中心", "09:00-17:00", true, "23", "1号、2号窗口延时至18:00"};
}

inline CallsView calls(Instant first = {}) {
  CallsView view;
  view.calls = {{"A023", "3号窗口", "", first},
                {"B105", "12号窗口", "", first + std::chrono::seconds(1)},
                {"", "5号窗口", "0087", first + std::chrono::seconds(2)}};
  return view;
}

}  // namespace lobby::display::samples
