#include "daemon/feed/fold.hpp"

#include <algorithm>

#include "daemon/feed/text.hpp"

namespace lobby::feed {
namespace {

using View = std::u32string_view;

constexpr char32_t full_width_first = 0xFF01;
constexpr char32_t full_width_last = 0xFF5E;
constexpr char32_t full_width_shift = 0xFEE0;

/// U+00C0 to U+017F, then U+01CD to U+01DC (the tones of pinyin); `.`: no letter.
constexpr std::string_view latin_1 = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
constexpr std::string_view latin_extended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssss"
    "ttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view latin_tones = "aaiioouuuuuuuuuu";
/// U+01DD to U+024F, and U+1E00 to U+1EFF (also those of Vietnamese).
constexpr std::string_view latin_more =
    ".aaaa....ggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy..........."
    ".................";
constexpr std::string_view latin_additional =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopp"
    "pprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyassssdaaaaaaaaaaaa"
    "aaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyllvvyy";
static_assert(latin_more.size() == 0x73 && latin_additional.size() == 0x100);
static_assert(latin_1.size() == 0x40 && latin_extended.size() == 0x80 && latin_tones.size() == 16);

/// Pairs, traditional then simplified, in the order of the first: characters that names are made of.
constexpr View simplified =
    U"並并佈布來来倉仓個个倫伦偉伟側侧偵侦傑杰備备傳传傾倾僑侨僕仆儀仪億亿儉俭優优儲储冊册凱凯別别剛刚"
    U"創创劉刘劍剑動动務务勛勋勝胜勵励吳吴呂吕員员啓启啟启喬乔單单嘯啸嚴严國国園园圓圆堅坚堯尧報报場场"
    U"塵尘墾垦壘垒壯壮壽寿夢梦夾夹奧奥奪夺奮奋娛娱婁娄婦妇媽妈嫻娴嬋婵嬌娇孫孙學学寢寝實实寧宁審审寬宽"
    U"寶宝將将專专尋寻對对導导層层屬属岡冈島岛嶺岭巖岩帥帅師师帶带幣币張张強强愛爱慶庆應应昇升時时晝昼"
    U"暉晖曄晔曇昙曉晓書书會会東东棟栋楊杨楓枫業业榮荣樂乐樓楼樹树樺桦橋桥機机檢检檸柠權权歐欧歡欢歷历"
    U"歸归淨净淵渊渾浑湧涌湯汤溫温滄沧滬沪滿满漢汉潔洁澤泽濤涛濱滨瀾澜煒炜煥焕熾炽燁烨爍烁獨独珮佩琺珐"
    U"瑤瑶瑩莹瑪玛璣玑環环瓊琼畢毕畫画發发盧卢禮礼穎颖竇窦範范紀纪紅红純纯紹绍終终絲丝綠绿維维綱纲網网"
    U"綺绮緒绪緯纬練练縣县織织繼继續续纓缨羅罗羨羡義义習习聖圣聞闻聰聪聶聂職职肅肃腦脑臘腊臨临臺台興兴"
    U"艦舰艷艳華华萬万葉叶蓀荪蓋盖蓮莲蔣蒋蕭萧薔蔷薩萨藍蓝藝艺蘇苏蘊蕴蘭兰虛虚號号蟬蝉蠟蜡術术衛卫衝冲"
    U"補补製制親亲覺觉覽览觀观訊讯訓训記记許许詞词詠咏詩诗詳详語语誠诚談谈論论諶谌諸诸諾诺謙谦謝谢謹谨"
    U"證证識识譚谭譯译護护譽誉讓让豐丰貝贝財财貢贡貨货貴贵費费賀贺賈贾賢贤質质賴赖購购賽赛贊赞趕赶趙赵"
    U"躍跃車车軍军軒轩軟软輕轻輝辉輪轮轅辕轉转辦办農农連连進进遊游運运過过達达遙遥遜逊遠远適适遲迟選选"
    U"邁迈還还邊边鄉乡鄒邹鄔邬鄧邓鄭郑鄺邝醫医釋释鈞钧鈴铃銀银銘铭銳锐鋒锋鋼钢錢钱錦锦鍵键鍾钟鎮镇鐘钟"
    U"鐵铁長长閃闪開开閔闵閣阁閻阎闊阔關关陳陈陸陆陽阳際际隨随險险雙双雞鸡離离難难雲云電电霧雾靈灵靜静"
    U"韋韦韓韩韻韵項项順顺須须預预領领頻频題题顏颜願愿類类顧顾顯显風风飄飘飛飞養养餘余馬马馮冯駱骆駿骏"
    U"騰腾驕骄驥骥驪骊髮发魯鲁鮮鲜鳳凤鴻鸿鵑鹃鵬鹏鶴鹤鷹鹰鸞鸾麗丽麥麦麼么黃黄點点齊齐齡龄龍龙龐庞龔龚"
    U"龜龟";
static_assert(simplified.size() % 2 == 0);

char32_t fold_latin(char32_t c) {
  const auto from = [c](std::string_view table, char32_t first) {
    const char letter = table[c - first];
    return letter == '.' ? c : static_cast<char32_t>(letter);
  };
  if (c >= 0xC0 && c < 0x100) {
    return from(latin_1, 0xC0);
  }
  if (c >= 0x100 && c < 0x180) {
    return from(latin_extended, 0x100);
  }
  if (c >= 0x1CD && c < 0x1DD) {
    return from(latin_tones, 0x1CD);
  }
  if (c >= 0x1DD && c < 0x250) {
    return from(latin_more, 0x1DD);
  }
  return c >= 0x1E00 && c < 0x1F00 ? from(latin_additional, 0x1E00) : c;
}

/// Cyrillic: small letters, without the marks that may also be written apart.
char32_t fold_cyrillic(char32_t c) {
  constexpr View marked = U"йиёеѐеѓгїіќкѝиўу";
  if (c >= 0x400 && c < 0x410) {
    c += 0x50;
  } else if (c >= 0x410 && c < 0x430) {
    c += 0x20;
  } else if ((c >= 0x460 && c < 0x482) || (c >= 0x48A && c < 0x4C0) || (c >= 0x4D0 && c < 0x530)) {
    c |= 1U;
  }
  for (std::size_t i = 0; i < marked.size(); i += 2) {
    if (marked[i] == c) {
      return marked[i + 1];
    }
  }
  return c;
}

/// Punctuation and symbols above ASCII.
bool is_symbol(char32_t c) {
  return c < 0xC0 || c == 0xD7 || c == 0xF7 || is_mark(c) || (c >= 0x2000 && c <= 0x2BFF) ||
         (c >= 0x3000 && c <= 0x303F && c != 0x3005 && c != 0x3006 && c != 0x3007) || c == 0x30FB ||
         (c >= 0xFE10 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF65) || (c >= 0xFFE0 && c <= 0xFFFF);
}

}  // namespace

char32_t fold(char32_t c) {
  if (c >= full_width_first && c <= full_width_last) {
    c -= full_width_shift;
  }
  if (c >= U'A' && c <= U'Z') {
    return c - U'A' + U'a';
  }
  if (c < 0x250 || (c >= 0x1E00 && c < 0x1F00)) {
    return fold_latin(c);
  }
  if (c >= 0x400 && c < 0x530) {
    return fold_cyrillic(c);
  }
  std::size_t low = 0;
  std::size_t high = simplified.size() / 2;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    (simplified[2 * middle] < c ? low : high) = simplified[2 * middle] < c ? middle + 1 : middle;
  }
  return low < simplified.size() / 2 && simplified[2 * low] == c ? simplified[2 * low + 1] : c;
}

bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x483 && c <= 0x489) || c == 0x640 ||
         (c >= 0x64B && c <= 0x65F) || c == 0x670 || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

bool is_name_dot(char32_t c) {
  constexpr View dots = U"·•‧∙⋅・･․●.．";
  return dots.find(c) != View::npos;
}

bool is_gap(char32_t c) {
  constexpr View marks = U"-'_’‘`´＇－‐‑‒–—";
  return is_space(c) || is_name_dot(c) || marks.find(c) != View::npos;
}

bool is_between_letters(char32_t c) {
  return is_gap(c) || is_invisible(c) || is_mark(c);
}

bool is_latin(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0xFF41 && c <= 0xFF5A) || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
         (c >= 0x1E00 && c <= 0x1EFF);
}

bool is_letter(char32_t c) {
  if (is_latin(c)) {
    return true;
  }
  return c >= 0x80 && !is_symbol(c) && !is_space(c) && !is_invisible(c);
}

std::u32string fold_letters(View text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (is_letter(c)) {
      out.push_back(fold(c));
    }
  }
  return out;
}

}  // namespace lobby::feed
