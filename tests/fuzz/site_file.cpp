// Any text as a site file: read, or refused by one sentence with a position. Nothing else.
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/app/site_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    static_cast<void>(
        lobby::app::read_site_text(std::string_view(reinterpret_cast<const char*>(data), size), "f"));
  } catch (const lobby::app::SiteError& error) {
    const std::string_view sentence = error.what();
    const bool has_place = sentence.find(".toml:") != std::string_view::npos ||
                           sentence.find(".json:") != std::string_view::npos ||
                           (sentence.starts_with("f:") && std::isdigit(sentence[2]) != 0);
    if (!has_place || sentence.find('\n') != std::string_view::npos) {
      std::abort();
    }
  }
  return 0;
}
