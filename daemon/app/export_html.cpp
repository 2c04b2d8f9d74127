#include "daemon/app/export_html.hpp"

#include <array>
#include <boost/json/array.hpp>

#include "daemon/app/toml_reader.hpp"
#include "daemon/hall/time.hpp"

namespace lobby::app::html {
namespace {

namespace json = boost::json;

constexpr std::string_view style = R"(:root{color-scheme:light dark}
body{margin:0 auto;max-width:72rem;padding:1rem;line-height:1.6;font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;list-style:none;margin:0;padding:0}
a{display:inline-block;padding:.25rem 0}
a:focus-visible{outline:3px solid}
[aria-current]{font-weight:bold;text-decoration:none}
.skip:not(:focus){position:absolute;left:-99rem}
.hall{font-size:1.25rem;font-weight:bold;margin:0}
.stale{border:2px solid;padding:.5rem 1rem;font-weight:bold}
table{border-collapse:collapse;width:100%;margin:1rem 0}
caption{position:absolute;left:-99rem}
time{white-space:nowrap}
th,td{border:1px solid;padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
@media (max-width:45rem){thead{position:absolute;left:-99rem}table,tbody,tr,td{display:block}
tr{border:1px solid;margin:0 0 1rem}td{border:0;padding:.2rem .6rem}td::before{content:attr(data-label) "：";font-weight:bold}
td:empty{display:none}}
)";

struct Page {
  std::string_view file, title;
};
constexpr std::array<Page, 4> pages{{{"index.html", "首页"},
                                     {"approvals.html", "办件公示"},
                                     {"bids.html", "公共资源交易"},
                                     {"catalogue.html", "办事指南"}}};

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  std::string out = "<";
  out += tag;
  out += attributes.empty() ? "" : " ";
  out += attributes;
  out += '>';
  out += content;
  out += "</";
  out += tag;
  return out + ">";
}

std::string links_of(std::string_view here) {
  std::string items;
  for (const auto& one : pages) {
    const std::string current = one.file == here ? R"( aria-current="page")" : "";
    items += "<li>" + element("a", "href=\"" + std::string(one.file) + "\"" + current, one.title) + "</li>";
  }
  return R"(<nav aria-label="公示内容"><ul>)" + items + "</ul></nav>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto first = first_of(text);
    switch (first.value) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out += is_unseen(first.value) ? std::string_view() : text.substr(0, first.size);
    }
    text.remove_prefix(first.size);
  }
  return out;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) {
    return {};
  }
  if (value->is_string()) {
    return {value->get_string().data(), value->get_string().size()};
  }
  return value->is_int64() ? std::to_string(value->get_int64()) : std::string();
}

std::string when_at(const json::object& object, std::string_view key) {
  auto text = text_at(object, key);
  const auto at = hall::parse_instant(text);
  if (!at) {
    return text;
  }
  constexpr std::size_t date = 10;
  constexpr std::size_t time = 5;
  const auto full = hall::to_text(*at);
  return full.substr(0, date) + " " + full.substr(date + 1, time);
}

std::string plain(const json::object& row, std::string_view key) {
  return escaped(text_at(row, key));
}
std::string when(const json::object& row, std::string_view key) {
  const auto raw = text_at(row, key);
  const auto text = escaped(when_at(row, key));
  return hall::parse_instant(raw) || hall::parse_date(raw) ? element("time", "", text) : text;
}

std::string link(std::string_view address, std::string_view text) {
  const bool web = address.starts_with("https://") || address.starts_with("http://");
  return web ? element("a", "href=\"" + escaped(address) + "\" rel=\"noopener noreferrer\"", escaped(text))
             : escaped(text);
}

const json::array& list_at(const json::object& object, std::string_view key) {
  static const json::array none;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::string table(std::string_view caption, std::span<const Column> columns, const json::array& rows,
                  std::string_view none) {
  if (rows.empty()) {
    return element("p", "", escaped(none)) + "\n";
  }
  // A table that is laid out as blocks is one only by its roles.
  std::string out = R"(<table role="table">)" + element("caption", "", escaped(caption));
  out += "\n<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const auto& column : columns) {
    out += element("th", R"(role="columnheader" scope="col")", column.label);
  }
  out += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const auto& row : rows) {
    if (!row.is_object()) {
      continue;
    }
    out += "<tr role=\"row\">";
    for (const auto& column : columns) {
      out += element("td", "role=\"cell\" data-label=\"" + std::string(column.label) + "\"",
                     column.cell(row.get_object(), column.key));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string page(const Frame& frame, std::string_view body) {
  const auto hall = escaped(frame.hall);
  const auto title = escaped(frame.title);
  std::string out = "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n";
  out += element("title", "", title + " - " + hall) + "\n<style>\n";
  out += style;
  out += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">跳到正文</a>\n<header>\n";
  out += element("p", "class=\"hall\"", hall) + "\n" + links_of(frame.file);
  out += "</header>\n<main id=\"main\">\n" + element("h1", "", title) + "\n";
  if (frame.stale) {
    const auto since = frame.as_of.empty() ? std::string("时间不详") : "截至 " + escaped(frame.as_of);
    out += element("p", R"(class="stale" role="status")", "数据未能及时更新，以下内容" + since + "。") + "\n";
  }
  out += body;
  out += "</main>\n";
  if (!frame.version.empty()) {
    const auto as_of = frame.as_of.empty() ? std::string() : "数据时间：" + escaped(frame.as_of) + "　";
    out += element("footer", "",
                   element("p", "",
                           as_of + "发布时间：" + escaped(frame.published_at) + "　数据版本：" +
                               escaped(frame.version))) +
           "\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace lobby::app::html
