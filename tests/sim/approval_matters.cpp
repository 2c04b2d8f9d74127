#include "tests/sim/approval_matters.hpp"

namespace lobby::sim {
namespace {

constexpr std::string_view market = "市场监督管理局", land = "自然资源和规划局",
                           people = "人力资源和社会保障局", health = "卫生健康局";

constexpr ApprovalMatter matters[] = {
    {"SIM-0101", "食品经营许可证核发", "食品经营", "5106820101", market, "promised", "5 workday",
     "20 workday", true},
    {"SIM-0102", "企业设立登记", "企业设立", "5106820101", market, "promised", "1 workday", "15 day", true},
    {"SIM-0103", "个体工商户开业登记", "个体开业", "5106820101", market, "instant", "immediate", "15 workday",
     false},
    {"SIM-0201", "建设工程规划许可证核发", "工程规划", "5106820102", land, "joint", "10 workday",
     "45 workday", true},
    {"SIM-0202", "不动产登记（首次登记）", "不动产", "5106820102", land, "promised", "4 hour", "30 workday",
     false},
    {"SIM-0301", "道路运输经营许可", "道路运输", "5106820103", "交通运输局", "forward", "12 workday",
     "20 workday", true},
    {"SIM-0401", "城镇职工基本养老保险参保登记", "养老参保", "5106820104", people, "instant", "immediate",
     "10 workday", false},
    {"SIM-0402", "工伤认定申请", "工伤认定", "5106820104", people, "promised", "15 workday", "60 day", false},
    {"SIM-0501", "城乡居民医疗保险参保登记", "居民医保", "5106820105", "医疗保障局", "instant", "immediate",
     "10 workday", false},
    {"SIM-0601", "医师执业注册", "医师注册", "5106820106", health, "promised", "7 workday", "20 workday",
     false},
    {"SIM-0602", "公共场所卫生许可", "卫生许可", "5106820106", health, "promised", "3 workday", "20 workday",
     true},
    {"SIM-0701", "林木采伐许可证核发", "林木采伐", "5106820107", "农业农村局", "other", "8 workday",
     "20 workday", false},
    {"SIM-0801", "排水许可证核发", "排水许可", "5106820108", "住房和城乡建设局", "promised", "6 workday",
     "20 workday", true},
    {"SIM-0901", "户外广告设置审批", "户外广告", "5106820109", "综合行政执法局", "promised", "2 workday",
     "20 workday", true}};

}  // namespace

std::span<const ApprovalMatter> approval_matters() {
  return matters;
}

}  // namespace lobby::sim
