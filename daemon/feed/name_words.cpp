#include "daemon/feed/name_words.hpp"

#include <algorithm>
#include <iterator>

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr View surnames[] = {U"欧阳", U"上官", U"司马", U"诸葛", U"夏侯", U"皇甫", U"尉迟", U"公孙", U"慕容",
                             U"令狐", U"宇文", U"长孙", U"司徒", U"司空", U"端木", U"南宫", U"东方", U"独孤",
                             U"拓跋", U"轩辕", U"呼延", U"百里", U"东郭", U"西门", U"澹台", U"赫连", U"申屠",
                             U"濮阳", U"淳于", U"单于", U"太史", U"公羊", U"公冶", U"宗政", U"钟离", U"闻人",
                             U"鲜于", U"闾丘", U"亓官", U"万俟", U"仲孙", U"太叔", U"歐陽", U"司馬", U"諸葛",
                             U"尉遲", U"東方", U"鍾離", U"聞人", U"鮮于", U"長孫", U"公孫", U"獨孤", U"軒轅",
                             U"東郭", U"西門", U"澹臺", U"赫連", U"濮陽"};

/// Frequent ones, simplified and traditional.
constexpr View single_surnames =
    U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    U"姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    U"向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴"
    U"霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑"
    U"景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
    U"張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣葉蘇呂盧鍾鐘譚陸範賈韋鄒龍賀顧龔萬錢嚴湯齊喬龐顏聶魯關蘭紀單駱藍"
    U"華饒陽時繆簡車項連蘆麥婁竇黨宮費衛應閔鄔邊師榮叢鞏遲鄺";

constexpr View organisation_words[] = {
    U"公司",     U"有限合伙", U"普通合伙", U"集团",   U"企业",   U"合作社", U"联合社", U"委员会", U"事务所",
    U"管理局",   U"中心",     U"大学",     U"学院",   U"学校",   U"中学",   U"小学",   U"幼儿园", U"医院",
    U"卫生院",   U"卫生室",   U"诊所",     U"门诊部", U"药房",   U"银行",   U"信用社", U"协会",   U"学会",
    U"商会",     U"基金会",   U"工会",     U"政府",   U"办事处", U"派出所", U"法院",   U"检察院", U"商行",
    U"商场",     U"超市",     U"工作室",   U"经营部", U"门市部", U"分公司", U"支行",   U"农场",   U"养殖场",
    U"家庭农场", U"厂",       U"店",       U"局",     U"部",     U"院",     U"所",     U"站",     U"馆",
    U"会",       U"社",       U"行",       U"场",     U"队",     U"Ltd",    U"Ltd.",   U"LLC",    U"Inc",
    U"Inc.",     U"GmbH"};

/// What one person's business is called, with his name before it as often as not.
constexpr View trader_words[] = {U"商行",   U"超市", U"工作室",   U"经营部", U"门市部", U"药房", U"诊所",
                                 U"养殖场", U"农场", U"家庭农场", U"商场",   U"餐厅",   U"歌厅", U"舞厅"};

/// Its shorter endings.
constexpr View trader_ends = U"店馆行部铺坊摊户屋吧档";

/// What is done there: it follows the name of whose business it is.
constexpr View trades[] = {U"副食", U"餐",   U"饭",   U"面",   U"小吃", U"火锅", U"串串", U"烧烤", U"早点",
                           U"快餐", U"酒",   U"茶",   U"烟",   U"食品", U"水果", U"蔬菜", U"粮油", U"肉",
                           U"鲜",   U"卤",   U"豆",   U"百货", U"日杂", U"日用", U"便利", U"零售", U"五金",
                           U"建材", U"电器", U"家电", U"家具", U"装饰", U"服装", U"鞋",   U"布",   U"理发",
                           U"美发", U"美容", U"洗",   U"按摩", U"足",   U"修",   U"汽车", U"汽修", U"摩托",
                           U"打印", U"图文", U"广告", U"照相", U"摄影", U"文具", U"书",   U"药",   U"诊",
                           U"农资", U"种",   U"饲料", U"养",   U"农机", U"手机", U"通讯", U"网",   U"花",
                           U"眼镜", U"钟表", U"裁缝", U"祖传", U"正宗", U"特色", U"土特", U"废品", U"运输"};

/// Who has such a word after the first letters of the name is no single person.
constexpr View bodies[] = {U"公司",   U"集团",   U"合作社", U"联合社", U"委员会", U"协会",   U"银行",
                           U"农商",   U"信用社", U"政府",   U"学校",   U"中学",   U"学院",   U"医院",
                           U"卫生院", U"幼儿园", U"办事处", U"事务所", U"管理局", U"派出所", U"法院",
                           U"检察院", U"商会",   U"工会",   U"基金会", U"博物馆", U"图书馆", U"文化馆",
                           U"档案馆", U"体育馆", U"纪念馆", U"展览馆", U"美术馆", U"科技馆", U"俱乐部",
                           U"武装部", U"指挥部", U"项目部", U"事业部", U"支行",   U"分行"};
/// These also stand in given names, but hardly behind two letters of one.
constexpr View bodies_behind[] = {U"中心", U"大学", U"小学", U"学会", U"局", U"院"};

/// Longer words before those that begin like them.
constexpr View roles[] = {
    U"法定代表人", U"法定代理人", U"委托代理人", U"法人代表", U"代理人", U"负责人", U"经营者", U"经营人",
    U"投资人",     U"联系人",     U"经办人",     U"申请人",   U"申请者", U"委托人", U"监护人", U"产权人",
    U"所有人",     U"权利人",     U"共有人",     U"使用人",   U"承租人", U"出租人", U"继承人", U"户主",
    U"业主",       U"房主",       U"店主",       U"车主",     U"股东",   U"老板",   U"姓名",   U"法人"};

constexpr View titles[] = {U"个体工商户", U"个体户", U"先生", U"女士", U"小姐", U"同志", U"老师", U"夫妇",
                           U"夫妻",       U"父子",   U"母子", U"父女", U"母女", U"兄弟", U"姐妹", U"一家",
                           U"全家",       U"家属",   U"委托", U"代理", U"代办", U"等"};

constexpr View nobody_words[] = {U"本人", U"个人", U"自然人", U"匿名", U"未知", U"没有", U"其他", U"暂无",
                                 U"中国", U"四川", U"成都",   U"德阳", U"什邡", U"绵阳", U"北京", U"上海",
                                 U"重庆", U"广州", U"深圳",   U"香港", U"澳门", U"台湾", U"广汉", U"绵竹"};

template <class Words>
bool holds(const Words& words, View text) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

template <class Words>
WordAt find_first(const Words& words, View text) {
  WordAt found{text.size(), 0};
  for (const View word : words) {
    const std::size_t at = text.find(word);
    if (at != View::npos && (at < found.at || (at == found.at && word.size() > found.length))) {
      found = {at, word.size()};
    }
  }
  return found;
}

/// Could the part before an organisation word be a person's name that merely ends like one (`王小店`)?
bool is_long_enough(View before, View word, const MaskRules& rules) {
  if (word == U"公司" || word == U"分公司") {
    return !before.empty();
  }
  const std::size_t least = word.size() == 1 ? 3 : 2;
  return before.size() >= least + (has_compound_surname(before, rules) ? 1 : 0);
}

/// The ending by which it is one person's business; empty: none.
View trader_end(View plain) {
  View last;
  for (const View word : trader_words) {
    last = plain.ends_with(word) && word.size() > last.size() ? word : last;
  }
  const bool shorter = last.empty() && !plain.empty() && trader_ends.find(plain.back()) != View::npos;
  return shorter ? plain.substr(plain.size() - 1) : last;
}

bool names_a_body(View plain, std::size_t surname) {
  const auto holds_behind = [plain](const auto& words, std::size_t from) {
    return std::any_of(std::begin(words), std::end(words), [&](View word) {
      return plain.size() > from && plain.find(word, from) != View::npos;
    });
  };
  return holds_behind(bodies, 0) || holds_behind(bodies_behind, surname + 2);
}

bool bears_owner(View plain, const MaskRules& rules) {
  const std::size_t surname = surname_length(plain, rules);
  const View end = trader_end(plain);
  return surname != 0 && !end.empty() && plain.size() - end.size() > surname && !names_a_body(plain, surname);
}

/// The same when nothing but a trade stands between the name and the ending.
bool bears_owner_closely(View plain, const MaskRules& rules) {
  if (!bears_owner(plain, rules)) {
    return false;
  }
  const std::size_t surname = surname_length(plain, rules);
  const View end = trader_end(plain);
  const View before = plain.substr(0, plain.size() - end.size());
  const auto trade_at = [before](std::size_t at) {
    return before.size() > at && std::any_of(std::begin(trades), std::end(trades), [&](View trade) {
             return before.substr(at).starts_with(trade);
           });
  };
  // A given name of two, and after it what is sold in one: 面馆, 书店.
  return before.size() <= surname + 2 + (end.size() == 1 ? 1 : 0) || trade_at(surname + 1) ||
         trade_at(surname + 2);
}

/// 成都市, 江油市, 温江区: their first letters are surnames too.
bool begins_with_big_place(View plain) {
  constexpr std::size_t shortest = 2, longest = 3;
  const std::size_t end = plain.substr(0, longest + 1).find_first_of(U"市县区", shortest);
  return end != View::npos && plain.substr(end, 2) != U"市场";
}

template <class Fits>
bool any_behind_place(View plain, Fits fits) {
  constexpr View ends = U"省州市县区镇乡村社组街道路巷号";
  for (std::size_t at = plain.find_first_of(ends); at != View::npos; at = plain.find_first_of(ends, at + 1)) {
    if (fits(plain.substr(at + 1))) {
      return true;
    }
  }
  return false;
}

/// `三人`, `人`, `几户`.
bool is_head_count(View text) {
  constexpr View counts = U"一二三四五六七八九十百两几数多余";
  constexpr View units = U"人户名位个";
  return !text.empty() && units.find(text.back()) != View::npos &&
         text.substr(0, text.size() - 1).find_first_not_of(counts) == View::npos;
}

}  // namespace

bool has_compound_surname(View plain, const MaskRules& rules) {
  const auto starts = [plain](View surname) { return plain.starts_with(surname); };
  return std::any_of(std::begin(surnames), std::end(surnames), starts) ||
         std::any_of(rules.compound_surnames.begin(), rules.compound_surnames.end(), starts);
}

std::size_t surname_length(View plain, const MaskRules& rules) {
  if (has_compound_surname(plain, rules)) {
    return 2;
  }
  return !plain.empty() && single_surnames.find(plain.front()) != View::npos ? 1 : 0;
}

bool is_compound_surname(View plain, const MaskRules& rules) {
  return holds(surnames, plain) || holds(rules.compound_surnames, plain);
}

bool ends_like_organisation(View plain, const MaskRules& rules) {
  const auto fits = [&](View word) {
    return plain.ends_with(word) && is_long_enough(plain.substr(0, plain.size() - word.size()), word, rules);
  };
  return std::any_of(std::begin(organisation_words), std::end(organisation_words), fits) ||
         std::any_of(rules.organisation_words.begin(), rules.organisation_words.end(), fits);
}

bool may_bear_an_owner(View plain, const MaskRules& rules) {
  if (begins_with_big_place(plain)) {
    return any_behind_place(plain, [&](View rest) { return bears_owner_closely(rest, rules); });
  }
  return bears_owner(plain, rules) ||
         any_behind_place(plain, [&](View rest) { return bears_owner_closely(rest, rules); });
}

bool is_short_business(View plain, const MaskRules& rules) {
  const std::size_t surname = surname_length(plain, rules);
  View last;
  for (const View word : organisation_words) {
    if (plain.ends_with(word) && word.size() > last.size()) {
      last = word;
    }
  }
  // A given name of two, and after it what is done there in one: 砖厂.
  return surname != 0 && last.size() == 1 && plain.size() - 1 <= surname + 3;
}

bool is_person_of_place(View plain, const MaskRules& rules) {
  return any_behind_place(plain,
                          [&](View rest) { return looks_like_person(rest, rules) && !is_place(rest); });
}

bool is_organisation_word(View text) {
  return holds(organisation_words, text);
}

bool looks_like_person(View plain, const MaskRules& rules) {
  if (plain.size() < 2 || is_nobody(plain) || ends_like_organisation(plain, rules)) {
    return false;
  }
  const std::size_t surname = surname_length(plain, rules);
  return surname != 0 && plain.size() > surname && plain.size() <= surname + 2;
}

WordAt find_side_word(View text) {
  const WordAt role = find_first(roles, text);
  const WordAt title = find_first(titles, text);
  return role.length != 0 && role.at <= title.at ? role : title;
}

WordAt find_role(View text) {
  return find_first(roles, text);
}

bool is_weak_joint(char32_t c) {
  return View(U"和与及暨同代转的之").find(c) != View::npos;
}

bool is_nobody(View text) {
  return holds(roles, text) || holds(titles, text) || holds(nobody_words, text) ||
         is_organisation_word(text) || is_head_count(text);
}

bool is_place(View text) {
  constexpr View ends = U"市县区镇乡村省州组路号";
  constexpr std::size_t shortest = 3;
  return text.size() >= shortest && ends.find(text.back()) != View::npos;
}

}  // namespace lobby::feed
