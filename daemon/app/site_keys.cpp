#include <array>
#include <utility>

#include "daemon/app/site_reader.hpp"

namespace lobby::app {
namespace {

using flows::Key;

constexpr std::array<std::pair<std::string_view, Key>, 11> names{{{"call", Key::call},
                                                                  {"recall", Key::recall},
                                                                  {"start", Key::start},
                                                                  {"finish", Key::finish},
                                                                  {"no_show", Key::no_show},
                                                                  {"hold", Key::hold},
                                                                  {"transfer", Key::transfer},
                                                                  {"pause", Key::pause},
                                                                  {"evaluate", Key::evaluate},
                                                                  {"help", Key::help},
                                                                  {"nothing", Key::other}}};

}  // namespace

void read_keys(SiteReader& reader) {
  const auto* node = reader.file.root().get("keys");
  if (node == nullptr) {
    return;
  }
  const auto& row = *node->as_table();
  for (const auto& [key, printed] : names) {
    for (const auto& [act, meant] : names) {
      if (has(row, key) && get_text(row, key) == act) {
        reader.site.keys[printed] = meant;
      }
    }
  }
}

}  // namespace lobby::app
