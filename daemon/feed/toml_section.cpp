#include "daemon/feed/toml_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace lobby::feed {

void fail_at(const std::string& file, toml::source_position at, const std::string& sentence) {
  throw std::runtime_error(fmt::format("{}:{}:{}: {}", file, std::max(1U, static_cast<unsigned>(at.line)),
                                       std::max(1U, static_cast<unsigned>(at.column)), sentence));
}

std::string Section::path_of(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

void Section::fail(const toml::node* at, const std::string& sentence) const {
  fail_at(*file_, at != nullptr ? at->source().begin : table_->source().begin, sentence);
}

void Section::fail_key(std::string_view key, const std::string& sentence) const {
  fail(table_->get(key), sentence);
}

const toml::node* Section::node(std::string_view key) {
  known_.emplace(key);
  return table_->get(key);
}

std::string Section::text(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    fail(nullptr, fmt::format("`{}` is missing: add it as a text", path_of(key)));
  }
  const auto* text = found->as_string();
  if (text == nullptr) {
    fail(found, fmt::format("`{}` must be a text in quotes", path_of(key)));
  }
  return text->get();
}

std::string Section::text(std::string_view key, std::string otherwise) {
  return node(key) == nullptr ? std::move(otherwise) : text(key);
}

std::vector<std::string> Section::texts(std::string_view key) {
  const toml::array* list = array(key);
  std::vector<std::string> out;
  if (list == nullptr) {
    return out;
  }
  for (const toml::node& item : *list) {
    const auto* text = item.as_string();
    if (text == nullptr) {
      fail(&item, fmt::format("`{}` must hold only texts in quotes", path_of(key)));
    }
    out.push_back(text->get());
  }
  return out;
}

std::uint32_t Section::number(std::string_view key, std::uint32_t least, std::uint32_t most,
                              std::uint32_t otherwise) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return otherwise;
  }
  const auto* number = found->as_integer();
  if (number == nullptr || number->get() < least || number->get() > most) {
    fail(found, fmt::format("`{}` must be a whole number from {} to {}", path_of(key), least, most));
  }
  return static_cast<std::uint32_t>(number->get());
}

bool Section::flag(std::string_view key, bool otherwise) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return otherwise;
  }
  const auto* flag = found->as_boolean();
  if (flag == nullptr) {
    fail(found, fmt::format("`{}` must be true or false", path_of(key)));
  }
  return flag->get();
}

std::string Section::one_of(std::string_view key, const std::vector<std::string>& words,
                            std::string otherwise) {
  std::string word = text(key, std::move(otherwise));
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    fail_key(key, fmt::format("`{}` must be one of: {}", path_of(key), fmt::join(words, ", ")));
  }
  return word;
}

std::map<std::string, std::string> Section::words() {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : *table_) {
    out.emplace(std::string(key.str()), text(key.str()));
  }
  return out;
}

std::optional<Section> Section::section(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto* table = found->as_table();
  if (table == nullptr) {
    fail(found, fmt::format("`{}` must be a table", path_of(key)));
  }
  return Section(*file_, *table, path_of(key));
}

Section Section::required_section(std::string_view key) {
  auto found = section(key);
  if (!found) {
    fail(nullptr, fmt::format("the table [{}] is missing: add it", path_of(key)));
  }
  return *found;
}

const toml::array* Section::array(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) {
    return nullptr;
  }
  const auto* array = found->as_array();
  if (array == nullptr) {
    fail(found, fmt::format("`{}` must be a list in square brackets", path_of(key)));
  }
  return array;
}

void Section::finish() const {
  for (const auto& [key, value] : *table_) {
    if (!known_.contains(key.str())) {
      fail_at(*file_, key.source().begin,
              fmt::format("unknown key `{}`: remove it, or use one of: {}", path_of(key.str()),
                          fmt::join(known_, ", ")));
    }
  }
}

}  // namespace lobby::feed
